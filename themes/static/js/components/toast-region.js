/**
 * <toast-region data-dismiss="…" data-offline="…" …>: where short messages appear. Scripts add one by `showToast` or `showError`, an answer
 * to htmx by the header `HX-Trigger: {"toast": {"text": "…", "tone": "success"}}`; what htmx asks for and does not get is said here, too.
 * The other `data-…` are the sentences for requests that fail (error-sentences.js).
 *
 * @typedef {{label: string, act: () => unknown}} Act  what can be done about it: "Undo"
 * @typedef {'neutral' | 'brand' | 'success' | 'warning' | 'danger' | 'info'} Tone
 */
import { sentenceOf } from "../error-sentences.js";
import { HtmxErrors } from "../htmx-errors.js";

class ToastRegion extends HTMLElement {
  #errors = new HtmxErrors((error) => showError(error));

  connectedCallback() {
    document.addEventListener("toast", this.#asked);
    this.#errors.listen();
  }

  disconnectedCallback() {
    document.removeEventListener("toast", this.#asked);
    this.#errors.ignore();
  }

  /** @param {string} text @param {Tone} tone @param {string} href where the words lead, if anywhere @param {Act} [act] */
  show(text, tone, href, act) {
    const toast = document.createElement("toast-message");
    toast.className = `toast toast--${tone}`;
    toast.append(this.#words(text, href));
    if (act) toast.append(this.#button(act, toast));
    toast.append(this.#close());
    this.append(toast);
  }

  /** Whether these words stand here already: what fails every second is said once. @param {string} text */
  says(text) {
    return [...this.querySelectorAll(".toast__text")].some(({ textContent }) => textContent?.trim() === text);
  }

  /** @param {Event} event */
  #asked = (event) => {
    const { text, tone } = /** @type {CustomEvent} */ (event).detail ?? {};
    if (text) showToast(String(text), tone);
  };

  /** @param {string} text @param {string} href */
  #words(text, href) {
    const words = document.createElement(href ? "a" : "p");
    if (words instanceof HTMLAnchorElement) words.href = href;
    words.className = "toast__text";
    words.textContent = text;
    return words;
  }

  /** @param {Act} act @param {HTMLElement} toast */
  #button({ label, act }, toast) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--secondary button--small";
    button.textContent = label;
    button.addEventListener("click", () => {
      toast.remove();
      act();
    });
    return button;
  }

  #close() {
    const close = document.createElement("button");
    close.type = "button";
    close.className = "toast__close";
    close.setAttribute("aria-label", this.dataset.dismiss ?? "");
    close.textContent = "×";
    return close;
  }
}

customElements.define("toast-region", ToastRegion);

/** @param {string} text @param {Tone} [tone] @param {string} [href] where the words lead, if anywhere @param {Act} [act] */
export function showToast(text, tone = "neutral", href = "", act = undefined) {
  region()?.show(text, tone, href, act);
}

/** A request failed: say why, once. @param {unknown} error */
export function showError(error) {
  const sentence = sentenceOf(error);
  if (sentence && !region()?.says(sentence)) showToast(sentence, "danger");
}

/** @returns {ToastRegion | null} */
function region() {
  return document.querySelector("toast-region");
}
