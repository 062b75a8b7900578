/** <unsaved-guard>: asks before a page with changed, unsaved fields is left; with `off` it does not. */
class UnsavedGuard extends HTMLElement {
  #changed = false;

  connectedCallback() {
    this.addEventListener("input", () => {
      this.#changed = true;
    });
    this.addEventListener("submit", () => {
      this.#changed = false;
    });
    this.addEventListener("reset", () => {
      this.#changed = false;
    });
    window.addEventListener("beforeunload", this.#ask);
  }

  disconnectedCallback() {
    window.removeEventListener("beforeunload", this.#ask);
  }

  /** @param {BeforeUnloadEvent} event */
  #ask = (event) => {
    if (this.#changed && !this.hasAttribute("off")) event.preventDefault();
  };
}

customElements.define("unsaved-guard", UnsavedGuard);
