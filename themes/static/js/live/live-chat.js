/**
 * <live-chat>: a list of messages and the field under it, at the door and in the session. Parts: data-chat="list" and "form"; a message is
 * drawn by the template #live-bubble.
 */
import { copyOf, required } from "../dom.js";

export class LiveChat extends HTMLElement {
  /** @type {(text: string) => boolean} whether it went out */
  send = () => false;
  /** @type {Set<string>} ids of messages */
  #shown = new Set();

  connectedCallback() {
    required(this, '[data-chat="form"]', HTMLFormElement).addEventListener("submit", this.#submitted);
  }

  /** @param {import('live-protocol').ChatMessage} message @returns {boolean} whether it is new */
  add({ id, name, text, at, mine }) {
    if (this.#shown.has(id)) return false;
    this.#shown.add(id);
    const bubble = copyOf("live-bubble");
    bubble.classList.toggle("bubble--mine", mine);
    required(bubble, ".bubble__author", HTMLElement).textContent = name;
    required(bubble, ".bubble__text", HTMLElement).textContent = text;
    const time = required(bubble, "time", HTMLTimeElement);
    time.dateTime = at;
    time.textContent = clock(at);
    const list = required(this, '[data-chat="list"]', HTMLElement);
    list.append(bubble);
    list.scrollTop = list.scrollHeight;
    return true;
  }

  /** @param {Event} event */
  #submitted = (event) => {
    event.preventDefault();
    const input = required(this, "input", HTMLInputElement);
    const text = input.value.trim();
    if (text && this.send(text)) input.value = "";
  };
}

/** @param {string} instant */
function clock(instant) {
  const language = document.documentElement.lang || [];
  return new Date(instant).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
}

customElements.define("live-chat", LiveChat);
