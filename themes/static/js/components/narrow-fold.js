/** <narrow-fold>: around a <details> that stands open on a wide screen and is folded on a narrow one, unless it says `data-in-use`. */
import { required } from "../dom.js";

const WIDE = window.matchMedia("(min-width: 56.0625rem)");

class NarrowFold extends HTMLElement {
  connectedCallback() {
    WIDE.addEventListener("change", this.#fold);
    this.#fold();
  }

  disconnectedCallback() {
    WIDE.removeEventListener("change", this.#fold);
  }

  #fold = () => {
    required(this, "details", HTMLDetailsElement).open = WIDE.matches || this.dataset.inUse !== undefined;
    this.dataset.settled = "";
  };
}

customElements.define("narrow-fold", NarrowFold);
