/**
 * Watches over the handshake of two browsers. The room's socket passes messages on at most once, and browsers lose candidates
 * when an offer is taken back: so what stays unanswered is said again, and where media does not begin the way is searched anew.
 */
const LOOK_MS = 1000;
// In whole looks since the last time that all was well:
const SAY_AGAIN = 2;
const SEARCH_AGAIN = 4;
const BEGIN_AGAIN = 16;

export class HandshakeWatch {
  #side;
  #looks = 0;
  #wasConnected = false;
  #timer;

  /** @param {import('./p2p.js').PeerToPeer} side */
  constructor(side) {
    this.#side = side;
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  /** A connection has begun: it gets its time. */
  begin() {
    this.#looks = 0;
    this.#wasConnected = false;
  }

  end() {
    clearInterval(this.#timer);
  }

  #look() {
    const { pc, polite } = this.#side;
    const isConnected = pc?.connectionState === "connected";
    this.#wasConnected ||= isConnected;
    this.#looks = !pc || (isConnected && pc.signalingState === "stable") ? 0 : this.#looks + 1;
    if (!pc || this.#looks < SAY_AGAIN) return;
    // By one side only, because two that begin anew at once would take back each other's offers.
    if (!polite && this.#isTime(BEGIN_AGAIN) && !this.#wasConnected) this.#side.reopen();
    else if (!pc.remoteDescription && pc.signalingState === "stable") this.#side.offer(pc);
    else if (pc.signalingState === "have-local-offer" && this.#isTime(SAY_AGAIN)) this.#side.describe(pc);
    else if (!polite && this.#isTime(SEARCH_AGAIN) && ["new", "connecting"].includes(pc.connectionState))
      pc.restartIce();
  }

  /** @param {number} every so many looks */
  #isTime(every) {
    return this.#looks % every === 0;
  }
}
