/**
 * The call between two browsers: perfect negotiation (W3C WebRTC, 10.7) over the room's socket. Used by protocol.js only.
 *
 * @typedef {import('live-protocol').Source} Source
 * @typedef {import('live-protocol').Description} Description
 * @typedef {import('live-protocol').PeerMessage} PeerMessage
 * @typedef {Extract<PeerMessage, {type: 'p2p.tracks'}>['tracks']} Tracks
 */
import { HandshakeWatch } from "./p2p-handshake-watch.js";
import { Restarts, ice, kindOf } from "./protocol-connection.js";

const QUALITY_MS = 3000;

export class PeerToPeer {
  #call;
  #config;
  #other = "";
  #isMakingOffer = false;
  #isIgnoring = false;
  #isClosed = false;
  /** @type {Map<Source, RTCRtpTransceiver>} */
  #senders = new Map();
  /** @type {Map<string, {source: Source, muted: boolean}>} what the other's m-lines carry, by mid */
  #tracks = new Map();
  /** @type {Promise<void>} */
  #queue = Promise.resolve();
  /** @type {Description | null} the last one that we gave, for an offer that comes again */
  #answer = null;
  /** @type {RTCDataChannel | null} */
  #pointer = null;
  /** @type {Map<string, {lost: number, received: number}>} packets by the id of a stream, at the last look */
  #counted = new Map();
  #restarts = new Restarts(() => this.restart("lost"));
  #watch = new HandshakeWatch(this);
  #timer;

  /** @param {import('./protocol.js').LiveCall} call @param {import('live-protocol').Engine} config */
  constructor(call, config) {
    this.#call = call;
    this.#config = config;
    /** @type {RTCPeerConnection | null} */
    this.pc = null;
    this.polite = false;
    this.#timer = setInterval(() => this.#measure(), QUALITY_MS);
  }

  // -- what the call asks of every engine --------------------------------------------------------------------------

  /** @param {import('live-protocol').Engine} config */
  configure(config) {
    this.#config = config;
    this.pc?.setConfiguration(ice(config));
  }

  /** @param {import('live-protocol').MediaMessage} message @returns {boolean} whether it is one of ours */
  receive(message) {
    if (!message.type.startsWith("p2p.")) return false;
    // Because descriptions and candidates must be applied in the order in which they came.
    this.#queue = this.#queue
      .then(() => (this.#isClosed ? undefined : this.#handle(/** @type {PeerMessage} */ (message))))
      .catch((error) => this.#call.emit("problem", { code: "bad_sdp", message: "", cause: String(error) }));
    return true;
  }

  /** @param {Source} source */
  publish(source) {
    const local = this.#call.local.get(source);
    if (!this.pc || !local) return;
    const present = this.#senders.get(source);
    if (present) {
      present.sender.replaceTrack(local.track);
      present.direction = "sendonly";
      return;
    }
    const kind = kindOf(source);
    const encodings = kind === "video" ? [{ maxBitrate: this.#call.options.maxKbps * 1000 }] : undefined;
    /** @type {RTCRtpTransceiverInit} */
    const init = { direction: "sendonly", ...(encodings ? { sendEncodings: encodings } : {}) };
    this.#senders.set(source, this.pc.addTransceiver(local.track ?? kind, init));
  }

  /** @param {Source} source */
  unpublish(source) {
    const transceiver = this.#senders.get(source);
    if (!transceiver) return;
    transceiver.sender.replaceTrack(null);
    transceiver.direction = "inactive";
    this.#tellTracks();
  }

  /** @param {Source} source */
  async replace(source) {
    await this.#senders.get(source)?.sender.replaceTrack(this.#call.local.get(source)?.track ?? null);
  }

  mute() {
    this.#tellTracks();
  }

  show() {
    // Two people see each other as large as the network allows; the browsers adapt by themselves.
  }

  /** @param {string} text */
  point(text) {
    if (this.#pointer?.readyState === "open") this.#pointer.send(text);
  }

  /** @param {'lost' | 'network'} reason */
  restart(reason) {
    if (this.pc && (reason === "network" || this.pc.connectionState !== "connected")) this.pc.restartIce();
  }

  /** @returns {Record<string, RTCPeerConnection>} by a name for statistics */
  connections() {
    return this.pc ? { both: this.pc } : {};
  }

  signallingLost() {
    // What was on its way is said again: HandshakeWatch.
  }

  /** @param {string[]} peers */
  onlyThese(peers) {
    if (this.#other && !peers.includes(this.#other)) this.#bye();
  }

  leave() {
    // The other one hears of it by the room's socket.
  }

  close() {
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#watch.end();
    this.#bye();
  }

  // -- the handshake; HandshakeWatch calls the first three ---------------------------------------------------------

  reopen() {
    this.pc?.close();
    this.#senders.clear();
    this.#open();
  }

  /** @param {RTCPeerConnection} pc */
  async offer(pc) {
    try {
      this.#isMakingOffer = true;
      await pc.setLocalDescription();
      this.describe(pc);
    } catch (error) {
      if (pc === this.pc) this.#call.emit("problem", { code: "bad_sdp", message: "", cause: String(error) });
    } finally {
      this.#isMakingOffer = false;
    }
  }

  /** Say how we describe ourselves, for the first time or again. @param {RTCPeerConnection} pc */
  describe(pc) {
    if (pc !== this.pc || !pc.localDescription) return;
    this.#tellTracks();
    const { type, sdp } = pc.localDescription;
    if (type === "answer") this.#answer = { type, sdp, of: origin(pc.remoteDescription) };
    this.#call.send({ type: "p2p.description", description: type === "answer" ? this.#answer : { type, sdp } });
  }

  /** @param {PeerMessage} message */
  async #handle(message) {
    if (message.type === "p2p.peer") this.#meet(message);
    else if (message.type === "p2p.description") await this.#described(message.description);
    else if (message.type === "p2p.candidate") await this.#candidate(message.candidate);
    else if (message.type === "p2p.tracks") this.#told(message.tracks);
    else if (message.type === "p2p.bye") this.#bye();
  }

  /** The other one is there, for the first time or again. @param {{peer: string, polite: boolean}} message */
  #meet({ peer, polite }) {
    const isAgain = this.pc && peer === this.#other;
    if (this.pc && !isAgain) this.#bye();
    this.#other = peer;
    this.polite = polite;
    if (!isAgain) this.#call.emit("peer", { peer, present: true, reason: "" });
    if (!this.pc) this.#open();
    else if (this.pc.signalingState === "have-local-offer")
      this.describe(this.pc); // it may never have arrived
    // Not while it begins: two hellos that cross tell both of this twice, and two restarts at once would take each other back.
    else if (["disconnected", "failed"].includes(this.pc.connectionState)) this.restart("lost");
    this.#tellTracks();
  }

  #open() {
    const pc = (this.pc = new RTCPeerConnection(ice(this.#config)));
    this.#answer = null;
    this.#watch.begin();
    // The first offer is the impolite one's, because browsers may lose candidates when they take an offer back. Who waits
    // in vain (the other one's connection lives on, ours began anew) offers all the same: HandshakeWatch.
    pc.addEventListener("negotiationneeded", () => (!this.polite || pc.remoteDescription) && this.offer(pc));
    pc.addEventListener("icecandidate", ({ candidate }) => {
      if (pc === this.pc && candidate) this.#call.send({ type: "p2p.candidate", candidate: candidate.toJSON() });
    });
    pc.addEventListener("connectionstatechange", () => this.#stateChanged(pc));
    pc.addEventListener("track", () => this.#applyTracks());
    // By one side only: Chromium cannot roll back an offer that began a data channel and take the other's.
    if (this.polite) pc.addEventListener("datachannel", ({ channel }) => this.#listen(channel));
    else this.#listen(pc.createDataChannel("pointer", { ordered: false, maxRetransmits: 0 }));
    for (const source of this.#call.local.keys()) this.publish(source);
  }

  /** @param {RTCDataChannel} channel */
  #listen(channel) {
    this.#pointer = channel;
    channel.addEventListener("message", ({ data }) => this.#call.emit("pointer", { peer: this.#other, data }));
  }

  /** @param {Description} description */
  async #described(description) {
    const known = fingerprint(this.pc?.remoteDescription);
    if (known && fingerprint(description) !== known) this.reopen(); // the other browser began anew
    if (!this.pc) return;
    const pc = this.pc;
    // What was said twice counts once: an offer is answered as before, an answer is taken by the offer that it is about.
    if (description.type === "offer" && this.#answer?.of === origin(description)) {
      this.#call.send({ type: "p2p.description", description: this.#answer });
      return;
    }
    const isAwaited = pc.signalingState === "have-local-offer" && description.of === origin(pc.localDescription);
    if (description.type === "answer" && !isAwaited) return;
    const isCollision = description.type === "offer" && (this.#isMakingOffer || pc.signalingState !== "stable");
    this.#isIgnoring = !this.polite && isCollision;
    if (this.#isIgnoring) return;
    await pc.setRemoteDescription(description);
    if (description.type === "offer") {
      await pc.setLocalDescription();
      this.describe(pc);
    }
    this.#applyTracks();
  }

  /** @param {RTCIceCandidateInit | null} candidate */
  async #candidate(candidate) {
    if (!this.pc?.remoteDescription) return; // its description was lost; when it is said again, it brings its candidates
    try {
      await this.pc.addIceCandidate(candidate ?? undefined);
    } catch (error) {
      if (!this.#isIgnoring) throw error;
    }
  }

  // -- tracks ------------------------------------------------------------------------------------------------------

  #tellTracks() {
    const tracks = [...this.#senders]
      .filter(([source, { mid }]) => mid && this.#call.local.has(source))
      .map(([source, { mid }]) => ({ mid, source, muted: this.#call.local.get(source)?.muted }));
    if (this.pc) this.#call.send({ type: "p2p.tracks", tracks });
  }

  /** @param {Tracks} tracks */
  #told(tracks) {
    this.#tracks = new Map(tracks.map(({ mid, source, muted }) => [mid, { source, muted: Boolean(muted) }]));
    this.#applyTracks();
  }

  #applyTracks() {
    const present = new Set();
    for (const { mid, receiver, currentDirection } of this.pc?.getTransceivers() ?? []) {
      const track = this.#tracks.get(mid ?? "");
      if (!track || !["recvonly", "sendrecv"].includes(currentDirection ?? "")) continue;
      present.add(track.source);
      this.#call.incoming(this, this.#other, track.source, receiver.track, { muted: track.muted });
    }
    for (const { source } of [...this.#call.remote.values()].filter(({ engine }) => engine === this)) {
      if (!present.has(source)) this.#call.gone(this, this.#other, source);
    }
  }

  // -- health ------------------------------------------------------------------------------------------------------

  /** @param {RTCPeerConnection} pc */
  #stateChanged(pc) {
    if (pc !== this.pc || this.#isClosed) return;
    if (pc.connectionState === "connected") {
      this.#restarts.end();
      this.#tellTracks();
      this.#call.become("connected");
    } else if (["disconnected", "failed"].includes(pc.connectionState)) {
      this.#call.become("reconnecting");
      this.#restarts.begin();
    }
  }

  /** Tell the quality of the call in the same words as the media server. */
  async #measure() {
    if (this.pc?.connectionState !== "connected") return;
    const [up, down] = [unknown(), unknown()];
    for (const entry of (await this.pc.getStats()).values()) {
      if (entry.type === "remote-inbound-rtp") {
        up.loss = Math.max(up.loss ?? 0, entry.fractionLost ?? 0);
        up.rtt_ms = down.rtt_ms = Math.round((entry.roundTripTime ?? 0) * 1000);
      } else if (entry.type === "inbound-rtp") {
        down.loss = Math.max(down.loss ?? 0, this.#lossSince(entry));
        down.jitter_ms = Math.max(down.jitter_ms ?? 0, Math.round((entry.jitter ?? 0) * 1000));
      }
    }
    for (const one of [up, down]) one.score = score(one);
    this.#call.emit("quality", { up, down });
  }

  /** The share of packets lost since the last look. @param {{id: string, packetsLost: number, packetsReceived: number}} entry */
  #lossSince({ id, packetsLost, packetsReceived }) {
    const before = this.#counted.get(id) ?? { lost: 0, received: 0 };
    const lost = Math.max(0, packetsLost - before.lost);
    const all = lost + packetsReceived - before.received;
    this.#counted.set(id, { lost: packetsLost, received: packetsReceived });
    return all > 0 ? lost / all : 0;
  }

  #bye() {
    const peer = this.#other;
    this.pc?.close();
    this.pc = null;
    this.#other = "";
    this.#senders.clear();
    this.#tracks.clear();
    this.#restarts.end();
    if (!peer) return;
    this.#call.gone(this, peer);
    if (this.#isClosed) return;
    this.#call.emit("peer", { peer, present: false, reason: "left" });
    if (this.#call.state === "reconnecting") this.#call.become("connecting"); // there is nobody to come back to
  }
}

/** @param {Description | RTCSessionDescription | null | undefined} description */
function fingerprint(description) {
  return description?.sdp.match(/^a=fingerprint:(.*)$/m)?.[1].trim();
}

/** Which description this is: browsers count them in the `o=` line. @param {Description | RTCSessionDescription | null} description */
function origin(description) {
  return description?.sdp.match(/^o=.*$/m)?.[0].trim();
}

/** @returns {import('live-protocol').Quality} */
function unknown() {
  return { loss: null, rtt_ms: null, jitter_ms: null, kbps: 0, score: null };
}

/** 5 (good) to 1 (bad); null where nothing is known. @param {import('live-protocol').Quality} quality */
function score({ loss, rtt_ms: rtt }) {
  if (loss === null) return null;
  return Math.max(1, 5 - (loss < 0.01 ? 0 : loss < 0.03 ? 1 : loss < 0.08 ? 2 : 3) - ((rtt ?? 0) > 200 ? 1 : 0));
}
