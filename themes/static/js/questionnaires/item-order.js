/**
 * <item-order>: the parts of a form are dragged by their handles into another order, by mouse, pen or finger; the form `data-form` then sends the
 * keys of all of them. By keyboard there are the buttons of each part.
 */
import { closest, findAll, required } from "../dom.js";

class ItemOrder extends HTMLElement {
  /** @type {HTMLElement | null} */
  #dragged = null;
  #before = "";

  connectedCallback() {
    this.addEventListener("pointerdown", this.#start);
  }

  disconnectedCallback() {
    this.removeEventListener("pointerdown", this.#start);
    this.#stop();
  }

  get #list() {
    return required(this, '[data-part="list"]', HTMLElement);
  }

  get #keys() {
    return findAll(this.#list, ":scope > [data-key]", HTMLElement)
      .map((part) => part.dataset.key)
      .join(" ");
  }

  /** @param {PointerEvent} event */
  #start = (event) => {
    const handle = closest(event, "[data-handle]", HTMLElement);
    const part = handle?.closest("[data-key]");
    if (!(part instanceof HTMLElement) || event.button !== 0) return;
    event.preventDefault();
    this.#dragged = part;
    this.#before = this.#keys;
    part.classList.add("form-part--dragged");
    document.addEventListener("pointermove", this.#move);
    document.addEventListener("pointerup", this.#end);
    document.addEventListener("pointercancel", this.#stop);
  };

  /** @param {PointerEvent} event */
  #move = (event) => {
    if (!this.#dragged) return;
    const parts = findAll(this.#list, ":scope > [data-key]", HTMLElement).filter((part) => part !== this.#dragged);
    const next = parts.find((part) => {
      const box = part.getBoundingClientRect();
      return event.clientY < box.top + box.height / 2;
    });
    if (next) next.before(this.#dragged);
    else this.#list.append(this.#dragged);
  };

  #end = () => {
    const hasMoved = this.#dragged !== null && this.#keys !== this.#before;
    this.#stop();
    if (!hasMoved) return;
    const form = document.getElementById(this.dataset.form ?? "");
    if (!(form instanceof HTMLFormElement)) return;
    required(form, '[name="keys"]', HTMLInputElement).value = this.#keys;
    form.requestSubmit();
  };

  #stop = () => {
    this.#dragged?.classList.remove("form-part--dragged");
    this.#dragged = null;
    document.removeEventListener("pointermove", this.#move);
    document.removeEventListener("pointerup", this.#end);
    document.removeEventListener("pointercancel", this.#stop);
  };
}

customElements.define("item-order", ItemOrder);
