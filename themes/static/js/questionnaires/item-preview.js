/** <item-preview>: shows in the element `data-into` how what the form inside describes would look, a moment after something was typed. */
import { fragmentOf, required } from "../dom.js";

const PAUSE_MS = 400;

class ItemPreview extends HTMLElement {
  /** @type {number | undefined} */
  #timer;
  #asked = 0;

  connectedCallback() {
    this.addEventListener("input", this.#typed);
  }

  disconnectedCallback() {
    window.clearTimeout(this.#timer);
    this.removeEventListener("input", this.#typed);
  }

  #typed = () => {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#show(), PAUSE_MS);
  };

  async #show() {
    const into = document.getElementById(this.dataset.into ?? "");
    if (!into) return;
    const fields = new FormData(required(this, "form", HTMLFormElement));
    fields.set("preview", "1");
    const turn = (this.#asked += 1);
    try {
      const answer = await fetch(location.href, {
        method: "POST",
        body: new URLSearchParams(/** @type {any} */ (fields)),
        headers: { "X-Requested-With": "XMLHttpRequest" },
      });
      if (answer.ok && !answer.redirected && turn === this.#asked)
        into.replaceChildren(fragmentOf(await answer.text()));
    } catch {
      // Without a connection the preview stays as it was; the form itself says what is wrong when it is sent.
    }
  }
}

customElements.define("item-preview", ItemPreview);
