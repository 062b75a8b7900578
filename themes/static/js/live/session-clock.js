/**
 * <session-clock data-ends-at="…" data-zone="…" data-locale="…" data-lead="5">: until when the session is planned and how much of it is left. Says once that it
 * ends soon (event `soon`, with the minutes) and once that its time is over (event `over`); to hosts, from when nobody need be waited for (event `missed`, data-missed-from). The sentences come with the page.
 */
import { fill, text } from "../texts.js";
import { timeOfDay } from "./times.js";

const EVERY_MS = 1000;
const MINUTE_MS = 60000;

export class SessionClock extends HTMLElement {
  #timer = 0;
  #toldMissed = false;
  /** @type {"" | "soon" | "over"} */
  #said = "";

  connectedCallback() {
    this.#show();
    this.#timer = window.setInterval(() => this.#show(), EVERY_MS);
  }

  disconnectedCallback() {
    window.clearInterval(this.#timer);
  }

  /** @param {string} instant in ISO 8601 */
  set endsAt(instant) {
    if (!instant || Date.parse(instant) === this.#end) return;
    this.dataset.endsAt = instant;
    this.#said = "";
    this.#show();
  }

  /** The planned end, as this page writes a time. */
  get time() {
    return timeOfDay(this.#end);
  }

  get #end() {
    return Date.parse(this.dataset.endsAt ?? "");
  }

  /** For hosts: whether somebody who has not come by now counts as missed. */
  get isMissed() {
    return Date.now() >= Date.parse(this.dataset.missedFrom ?? "");
  }

  #show() {
    if (Number.isNaN(this.#end)) return;
    if (this.isMissed && !this.#toldMissed) {
      this.#toldMissed = true;
      this.dispatchEvent(new CustomEvent("missed"));
    }
    const left = Math.ceil((this.#end - Date.now()) / MINUTE_MS);
    const state = left <= 0 ? "over" : left <= Number(this.dataset.lead) ? "soon" : "";
    this.dataset.state = state;
    this.textContent = fill(text(state === "over" ? "time-over" : "time-left"), {
      time: this.time,
      minutes: Math.abs(left),
    });
    if (this.#said === state) return;
    this.#said = state;
    if (state) this.dispatchEvent(new CustomEvent(state, { detail: { minutes: left } }));
  }
}

customElements.define("session-clock", SessionClock);
