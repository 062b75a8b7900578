/** <earlier-notes>: the text of an earlier note comes when its line is opened, because opening it counts as reading it. */
import { fragmentOf, required } from "../dom.js";
import { getPart } from "../http.js";

class EarlierNotes extends HTMLElement {
  connectedCallback() {
    this.addEventListener("toggle", this.#opened, { capture: true }); // because it does not bubble
  }

  /** @param {Event} event */
  #opened = async ({ target }) => {
    if (!(target instanceof HTMLDetailsElement) || !target.open || !target.dataset.note || target.dataset.read) return;
    target.dataset.read = "1";
    const text = await getPart(target.dataset.note);
    if (text) required(target, ".earlier-note__text", HTMLElement).replaceChildren(fragmentOf(text));
    else delete target.dataset.read; // the way to its page stays, and the next opening tries again
  };
}

customElements.define("earlier-notes", EarlierNotes);
