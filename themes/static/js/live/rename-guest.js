/** <rename-guest>: the dialog in which a host gives a guest by link another name. What the server says against it stands in it. */
import { required } from "../dom.js";

export class RenameGuest extends HTMLElement {
  /** @type {(message: object) => boolean} whether it went out */
  send = () => false;
  #peer = "";

  connectedCallback() {
    required(this, "form", HTMLFormElement).addEventListener("submit", this.#submitted);
  }

  /** @param {string} peer @param {string} name as they are called at present, without what is said beside it */
  open(peer, name) {
    this.#peer = peer;
    this.#input.value = name;
    this.complain("");
    this.#dialog.showModal();
    this.#input.select();
  }

  /** The guest has another name. */
  done() {
    this.#dialog.close();
  }

  /** Who is here by now: whoever has left needs no name. @param {Map<string, string>} names by peer */
  set people(names) {
    if (!names.has(this.#peer)) this.#dialog.close();
  }

  /** @param {string} sentence '' clears */
  complain(sentence) {
    const place = required(this, '[role="alert"]', HTMLElement);
    place.textContent = sentence;
    place.hidden = !sentence;
    this.#input.setAttribute("aria-invalid", String(Boolean(sentence)));
  }

  /** @param {Event} event */
  #submitted = (event) => {
    event.preventDefault();
    this.complain("");
    this.send({ type: "rename", admission: this.#peer, name: this.#input.value });
  };

  get #input() {
    return required(this, "input", HTMLInputElement);
  }

  get #dialog() {
    return required(this, "dialog", HTMLDialogElement);
  }
}

customElements.define("rename-guest", RenameGuest);
