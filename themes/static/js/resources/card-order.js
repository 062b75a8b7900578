import { findAll } from "../dom.js";
import { postForm } from "../http.js";
import { sentenceOf } from "../error-sentences.js";
import { showToast } from "../components/toast-region.js";

/** <card-order data-url>: the cards inside are pulled to where they should stand. By keyboard the arrows of each card do it. */
class CardOrder extends HTMLElement {
  /** @type {HTMLElement | null} */
  #pulled = null;

  connectedCallback() {
    this.toggleAttribute("data-movable", true);
    for (const card of this.#cards) card.draggable = true;
    this.addEventListener("dragstart", (event) => this.#begin(event));
    this.addEventListener("dragover", (event) => this.#over(event));
    this.addEventListener("drop", (event) => void this.#drop(event));
    this.addEventListener("dragend", () => this.#end());
  }

  get #cards() {
    return findAll(this, "[data-card]", HTMLElement);
  }

  /** @param {Event} event */
  #cardAt(event) {
    const found = event.target instanceof Element ? event.target.closest("[data-card]") : null;
    return found instanceof HTMLElement ? found : null;
  }

  /** @param {DragEvent} event */
  #begin(event) {
    this.#pulled = this.#cardAt(event);
    this.#pulled?.toggleAttribute("data-pulled", true);
    event.dataTransfer?.setData("text/plain", this.#pulled?.dataset.card ?? "");
    if (event.dataTransfer) event.dataTransfer.effectAllowed = "move";
  }

  /** @param {DragEvent} event */
  #over(event) {
    const card = this.#cardAt(event);
    if (!this.#pulled || !card) return;
    event.preventDefault();
    for (const each of this.#cards) each.toggleAttribute("data-target", each === card && each !== this.#pulled);
  }

  /** @param {DragEvent} event */
  async #drop(event) {
    const [card, pulled] = [this.#cardAt(event), this.#pulled];
    event.preventDefault();
    this.#end();
    if (!card || !pulled || card === pulled) return;
    const cards = this.#cards;
    if (cards.indexOf(pulled) < cards.indexOf(card)) card.after(pulled);
    else card.before(pulled);
    const order = this.#cards.map((each) => each.dataset.card).join();
    try {
      await postForm(this.dataset.url ?? "", { order });
      location.reload(); // its numbers and arrows are new
    } catch (error) {
      showToast(sentenceOf(error), "danger");
      window.setTimeout(() => location.reload(), 2500);
    }
  }

  #end() {
    for (const each of this.#cards) {
      each.removeAttribute("data-pulled");
      each.removeAttribute("data-target");
    }
    this.#pulled = null;
  }
}

customElements.define("card-order", CardOrder);
