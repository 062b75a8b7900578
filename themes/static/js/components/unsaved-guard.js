/** <unsaved-guard>: asks before a page with changed, unsaved fields is left; with `off` it does not. */
class UnsavedGuard extends HTMLElement {
  #changed = false;

  connectedCallback() {
    this.addEventListener("input", () => {
      this.#note(true);
    });
    this.addEventListener("submit", () => {
      this.#note(false);
    });
    this.addEventListener("reset", () => {
      this.#note(false);
    });
    window.addEventListener("beforeunload", this.#ask);
  }

  disconnectedCallback() {
    window.removeEventListener("beforeunload", this.#ask);
  }

  /** @param {boolean} changed */
  #note(changed) {
    this.#changed = changed;
    this.toggleAttribute("data-changed", changed);
  }

  /** @param {BeforeUnloadEvent} event */
  #ask = (event) => {
    if (this.#changed && !this.hasAttribute("off")) event.preventDefault();
  };
}

customElements.define("unsaved-guard", UnsavedGuard);
