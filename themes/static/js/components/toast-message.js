/** <toast-message>: a short message that leaves by itself, unless it is an error or a warning or somebody is reading it. */
const STAY_MS = 7000;
const STAYING = ["toast--danger", "toast--warning"]; // because somebody has to act on it

class ToastMessage extends HTMLElement {
  /** @type {number | undefined} */
  #timer;

  connectedCallback() {
    this.querySelector(".toast__close")?.addEventListener("click", () => this.remove());
    this.addEventListener("pointerenter", this.#hold);
    this.addEventListener("focusin", this.#hold);
    this.addEventListener("pointerleave", this.#release);
    this.addEventListener("focusout", this.#release);
    this.#release();
  }

  disconnectedCallback() {
    this.#hold();
  }

  #hold = () => window.clearTimeout(this.#timer);

  #release = () => {
    this.#hold();
    if (STAYING.some((tone) => this.classList.contains(tone))) return;
    this.#timer = window.setTimeout(() => this.remove(), STAY_MS);
  };
}

customElements.define("toast-message", ToastMessage);
