/**
 * <toast-message>: a short message that leaves by itself, unless it is an error or somebody is reading it.
 * `showToast(text, tone)` adds one from a script; a response header `HX-Trigger: {"toast": {…}}` does too.
 */
const STAY_MS = 7000;

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
    // An error stays, because somebody has to act on it.
    if (!this.classList.contains("toast--danger")) this.#timer = window.setTimeout(() => this.remove(), STAY_MS);
  };
}

customElements.define("toast-message", ToastMessage);

/**
 * @param {string} text
 * @param {'neutral' | 'brand' | 'success' | 'warning' | 'danger' | 'info'} tone
 * @param {string} href where the words lead, if anywhere
 */
export function showToast(text, tone = "neutral", href = "") {
  const region = document.getElementById("toasts");
  if (!region) return;
  const toast = document.createElement("toast-message");
  toast.className = `toast toast--${tone}`;
  const words = document.createElement(href ? "a" : "p");
  if (words instanceof HTMLAnchorElement) words.href = href;
  words.className = "toast__text";
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "toast__close";
  close.setAttribute("aria-label", region.dataset.dismiss ?? "");
  close.textContent = "×";
  toast.append(words, close);
  region.append(toast);
}

document.addEventListener("toast", (event) => {
  const detail = /** @type {CustomEvent} */ (event).detail ?? {};
  if (detail.text) showToast(String(detail.text), detail.tone);
});
