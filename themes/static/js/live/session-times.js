/**
 * What the page of a session says about time: until when it takes, that it ends soon, that what comes before takes longer, and to a host to whom
 * nobody has come the way to say so. The clock itself is <session-clock>.
 */
import { find, required } from "../dom.js";
import { fill, text } from "../texts.js";
import { SessionClock } from "./session-clock.js";
import { timeOfDay } from "./times.js";

export class SessionTimes {
  #page;
  #news;
  #hasGuests = false; // anybody has come since this page was opened

  /**
   * @param {HTMLElement} page <live-room>
   * @param {(sentence: string) => void} say until something else is said @param {(sentence: string) => void} news for a while
   */
  constructor(page, say, news) {
    this.#page = page;
    this.#news = news;
    this.delayed(this.#delay.dataset.until);
    this.clock.addEventListener("soon", (event) => {
      this.#whenIn(() => say(fill(text("ends-soon"), /** @type {CustomEvent} */ (event).detail)));
    });
    this.clock.addEventListener("missed", () => this.#offerMissed());
    this.clock.addEventListener("over", () => this.#whenIn(() => say(text("ends-now"))));
  }

  get clock() {
    return required(this.#page, "session-clock", SessionClock);
  }

  /** It ends at another time. @param {string} instant */
  changed(instant) {
    this.clock.endsAt = instant;
    this.#whenIn(() => this.#news(fill(text("ends-at"), { time: this.clock.time })));
  }

  /** What comes before takes until then; empty: it begins on time. @param {string} [until] */
  delayed(until) {
    this.#delay.hidden = !until;
    this.#delay.textContent = until ? fill(text("delayed"), { time: timeOfDay(until) }) : "";
  }

  /** Whether somebody has come, for hosts. @param {boolean} hasCome */
  guests(hasCome) {
    this.#hasGuests ||= hasCome;
    this.#offerMissed();
  }

  #offerMissed() {
    const way = find(this.#page, '[data-live="no-show"]', HTMLElement);
    if (way) way.hidden = this.#hasGuests || !this.clock.isMissed;
  }

  /** @param {() => void} act */
  #whenIn(act) {
    if (this.#page.dataset.phase === "room") act();
  }

  get #delay() {
    return required(this.#page, '[data-live="delay"]', HTMLElement);
  }
}
