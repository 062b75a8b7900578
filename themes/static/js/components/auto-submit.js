/** <auto-submit>: submits the form inside it when a choice changes, and a little after typing stops. */
const PAUSE_MS = 350;

class AutoSubmit extends HTMLElement {
  /** @type {number | undefined} */
  #timer;

  connectedCallback() {
    this.addEventListener("change", this.#changed);
    this.addEventListener("input", this.#typed);
  }

  disconnectedCallback() {
    window.clearTimeout(this.#timer);
  }

  /** @param {Event} event */
  #changed = (event) => {
    if (!this.#isText(event.target)) this.#submit();
  };

  /** @param {Event} event */
  #typed = (event) => {
    if (!this.#isText(event.target) || !this.querySelector("form[hx-get]")) return;
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#submit(), PAUSE_MS);
  };

  /** What is typed in pieces: a year passes through 0002 and 0020. @param {EventTarget | null} target */
  #isText(target) {
    return target instanceof HTMLInputElement && ["search", "text", "email", "tel", "date"].includes(target.type);
  }

  #submit() {
    this.querySelector("form")?.requestSubmit();
  }
}

customElements.define("auto-submit", AutoSubmit);
