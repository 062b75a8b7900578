/**
 * <connection-line data-socket="…">: one line in the device check that says by itself whether the network carries a session, with a link to the
 * whole test. Gives way at once when the person joins. What would send somebody away is looked at twice, because a busy computer is late, too.
 */
import { ConnectionTest } from "./connection-test.js";

const PATIENCE_MS = 1500; // the camera comes first

class ConnectionLine extends HTMLElement {
  connectedCallback() {
    const waiting = setTimeout(() => this.#run(), PATIENCE_MS);
    document.addEventListener("click", (event) => {
      if (!(event.target instanceof Element) || !event.target.closest('[data-action="join"]')) return;
      clearTimeout(waiting);
      this.hasJoined = true;
      this.test?.stop();
    });
    if (location.hash === "#now") clearTimeout(waiting);
  }

  async #run(isSecond = false) {
    this.#show("running", "running");
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.test = new ConnectionTest(`${scheme}://${location.host}${this.dataset.socket}`, {
      withDevices: false,
      isLight: true,
    });
    const { verdict, tone } = await this.test.run();
    if (tone === "bad" && !isSecond && !this.hasJoined) return this.#run(true);
    this.dataset.verdict = verdict;
    this.#show(verdict, tone);
  }

  /** @param {string} word @param {string} tone */
  #show(word, tone) {
    const sentence = this.querySelector(`[data-said~="${word}"]`) ?? this.querySelector(`[data-said~="${tone}"]`);
    for (const one of this.querySelectorAll("[data-said]")) one.hidden = one !== sentence;
    this.dataset.tone = tone;
    this.hidden = !sentence;
  }
}

customElements.define("connection-line", ConnectionLine);
