/**
 * Leading and being led: a host leads, and the others' tab, page, zoom and scroll follow, until they look around by themselves.
 *
 * @typedef {import('live-protocol').View} View
 * @typedef {import('live-protocol').Person} Person
 * @typedef {{tab: string, view: View | null}} Place
 */
const EVERY_MS = 125; // at most eight words a second about how it is scrolled

export class WorkLead {
  #send;
  isLeading = false;
  isFollowing = false;
  /** @type {{peer: string, place: Place} | null} who leads, and where they are */
  leader = null;
  /** @type {Place} where I am, for those who come later */
  #here = { tab: "", view: null };
  #timer = 0;

  /** @param {(message: object) => boolean} send */
  constructor(send) {
    this.#send = send;
  }

  /** Begin to lead from here, or stop. @param {string} tab in front; empty: none */
  toggle(tab) {
    this.isLeading = !this.isLeading;
    if (!this.isLeading) return void this.#send({ type: "lead" });
    this.leader = null;
    this.isFollowing = false;
    this.#here = { tab, view: this.#here.tab === tab ? this.#here.view : null };
    this.#tell();
  }

  /** I am at this tab now. @param {string} tab empty: at none */
  at(tab) {
    if (tab === this.#here.tab) return;
    this.#here = { tab, view: null };
    if (this.isLeading) this.#tell();
  }

  /** I look at it so; kept for when I begin to lead. @param {string} tab @param {View} view */
  looks(tab, view) {
    if (tab !== this.#here.tab) return;
    this.#here = { tab, view };
    if (this.isLeading && !this.#timer) this.#timer = window.setTimeout(() => this.#tell(), EVERY_MS);
  }

  /** The line was away: the others hear again where we are. */
  again() {
    if (this.isLeading) this.#tell();
  }

  /** Whoever has just come hears where we are; who leads and has gone leads no more. @param {Person[]} people @param {boolean} isSomebodyNew */
  people(people, isSomebodyNew) {
    if (this.isLeading && isSomebodyNew) this.#tell();
    if (this.leader && !people.some(({ peer }) => peer === this.leader?.peer)) this.#release();
  }

  /** Somebody else leads, moves, or has stopped. @param {{peer: string, tab: string | null, view: View | null}} message */
  receive({ peer, tab, view }) {
    if (tab === null) {
      if (this.leader?.peer === peer) this.#release();
      return;
    }
    this.isLeading = false; // because one leads at a time: the last who began
    if (this.leader?.peer !== peer) this.isFollowing = true;
    this.leader = { peer, place: { tab, view } };
  }

  /** The session is over, or the person is out. */
  end() {
    window.clearTimeout(this.#timer);
    this.#timer = 0;
    this.isLeading = false;
    this.#release();
  }

  #release() {
    this.leader = null;
    this.isFollowing = false;
  }

  #tell() {
    window.clearTimeout(this.#timer);
    this.#timer = 0;
    if (this.isLeading) this.#send({ type: "lead", ...this.#here });
  }
}
