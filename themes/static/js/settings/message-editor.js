/**
 * <message-editor>: puts variables where the caret is, and shows the message anew a little after the last change.
 *
 * Buttons with data-insert carry what they put in; the button with data-part="preview" sends the form to the preview's frame. Without the
 * script variables are typed, and the button is pressed by hand.
 */
import { find, findAll } from "../dom.js";

const PAUSE_MS = 500;

class MessageEditor extends HTMLElement {
  /** @type {number | undefined} */
  #timer;
  /** @type {HTMLInputElement | HTMLTextAreaElement | null} */
  #field = null;

  connectedCallback() {
    for (const button of findAll(this, "[data-insert]", HTMLElement)) button.hidden = false;
    this.addEventListener("focusin", this.#noteField);
    this.addEventListener("click", this.#insert);
    this.addEventListener("input", this.#later);
  }

  disconnectedCallback() {
    window.clearTimeout(this.#timer);
  }

  /** @param {FocusEvent} event */
  #noteField = ({ target }) => {
    if (isText(target)) this.#field = target;
  };

  /** @param {MouseEvent} event */
  #insert = ({ target }) => {
    const button = target instanceof Element ? target.closest("[data-insert]") : null;
    const field = this.#field ?? find(this, "textarea", HTMLTextAreaElement);
    if (!(button instanceof HTMLElement) || !field) return;
    const words = button.dataset.insert ?? "";
    field.focus();
    field.setRangeText(
      words,
      field.selectionStart ?? field.value.length,
      field.selectionEnd ?? field.value.length,
      "end",
    );
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  #later = () => {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(this.#show, PAUSE_MS);
  };

  #show = () => {
    const button = find(this, '[data-part="preview"]', HTMLButtonElement);
    button?.form?.requestSubmit(button);
  };
}

/**
 * @param {EventTarget | null} target
 * @returns {target is HTMLInputElement | HTMLTextAreaElement}
 */
function isText(target) {
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type === "text");
}

customElements.define("message-editor", MessageEditor);
