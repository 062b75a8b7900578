/**
 * <connection-test-line data-socket="…">: one line in the device check that says by itself whether the network carries a session, with a link to
 * the whole test. Gives way at once when the person joins. What would send somebody away is looked at twice, because a busy computer is late, too.
 */
import { ConnectionTest } from "./connection-test.js";

const PATIENCE_MS = 1500; // the camera comes first

class ConnectionTestLine extends HTMLElement {
  /** @type {ConnectionTest | null} */
  #test = null;
  #hasJoined = false;
  #waiting = 0;

  connectedCallback() {
    document.addEventListener("click", this.#clicked);
    if (location.hash !== "#now") this.#waiting = window.setTimeout(() => this.#run(), PATIENCE_MS);
  }

  disconnectedCallback() {
    document.removeEventListener("click", this.#clicked);
    this.#giveWay();
  }

  /** @param {Event} event */
  #clicked = (event) => {
    if (event.target instanceof Element && event.target.closest('[data-action="join"]')) this.#giveWay();
  };

  #giveWay() {
    window.clearTimeout(this.#waiting);
    this.#hasJoined = true;
    this.#test?.stop();
  }

  /** @returns {Promise<void>} */
  async #run(isSecond = false) {
    this.#show("running", "running");
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const options = { withDevices: false, isLight: true };
    this.#test = new ConnectionTest(`${scheme}://${location.host}${this.dataset.socket}`, options);
    const { verdict, tone } = await this.#test.run();
    if (tone === "bad" && !isSecond && !this.#hasJoined) return this.#run(true);
    this.dataset.verdict = verdict;
    this.#show(verdict, tone);
  }

  /** @param {string} verdict @param {string} tone for which there may be a sentence instead */
  #show(verdict, tone) {
    const sentence = this.querySelector(`[data-said~="${verdict}"]`) ?? this.querySelector(`[data-said~="${tone}"]`);
    for (const one of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("[data-said]"))) {
      one.hidden = one !== sentence;
    }
    this.dataset.tone = tone;
    this.hidden = !sentence;
  }
}

customElements.define("connection-test-line", ConnectionTestLine);
