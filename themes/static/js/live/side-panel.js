/** Chat and people at the side of the session: one of them is open, or none. Parts are those of <live-room>. */
import { findAll, required } from "../dom.js";

/** @typedef {'chat' | 'people'} Pane */

export class SidePanel {
  #page;
  #controls;

  /** @param {HTMLElement} page @param {import('./controls.js').Controls} controls */
  constructor(page, controls) {
    this.#page = page;
    this.#controls = controls;
  }

  /** By the name in data-action. @returns {Record<string, () => void>} */
  get actions() {
    return {
      chat: () => this.open("chat"),
      people: () => this.open("people"),
      "close-side": () => this.close(),
      "toggle-chat": () => this.toggle("chat"),
      "toggle-people": () => this.toggle("people"),
    };
  }

  /** @param {Pane} name */
  open(name) {
    this.#part("side").hidden = false;
    for (const pane of findAll(this.#page, "[data-pane]", HTMLElement)) pane.hidden = pane.dataset.pane !== name;
    for (const one of ["chat", "people"]) {
      this.#controls.press(one, one === name);
      this.#controls.press(`toggle-${one}`, one === name);
    }
    if (name === "chat") this.#part("unread").hidden = true;
  }

  close() {
    this.#part("side").hidden = true;
    this.#controls.press("toggle-chat", false);
    this.#controls.press("toggle-people", false);
  }

  /** @param {Pane} name */
  toggle(name) {
    const isOpen = !this.#part("side").hidden;
    if (isOpen && !required(this.#page, `[data-pane="${name}"]`, HTMLElement).hidden) this.close();
    else this.open(name);
  }

  /** A message has come: seen, or a dot at the button. @returns {boolean} whether it is in sight */
  arrived() {
    const isOpen = !this.#part("side").hidden;
    if (!isOpen) this.#part("unread").hidden = false;
    return isOpen && !required(this.#page, '[data-pane="chat"]', HTMLElement).hidden;
  }

  /** @param {string} name */
  #part(name) {
    return required(this.#page, `[data-live="${name}"]`, HTMLElement);
  }
}
