/**
 * <live-chat>: a list of messages and the field under it, at the door and in the session. Parts: data-chat="list" and "form"; a message is
 * drawn by the template #live-bubble.
 */
import { copyOf, findAll, required } from "../dom.js";
import { linked } from "./linked-text.js";
import { timeOfDay } from "./times.js";

export class LiveChat extends HTMLElement {
  /** @type {(text: string) => boolean} whether it went out */
  send = () => false;
  /** @type {Set<string>} ids of messages */
  #shown = new Set();
  /** @type {string[]} sent, and not seen in the list yet */
  #pending = [];

  connectedCallback() {
    required(this, '[data-chat="form"]', HTMLFormElement).addEventListener("submit", this.#submitted);
  }

  /** @param {import('live-protocol').ChatMessage} message @returns {boolean} whether it is new */
  add({ id, name, text, at, mine }) {
    if (this.#shown.has(id)) return false;
    this.#shown.add(id);
    if (mine && this.#pending.includes(text)) this.#pending.splice(this.#pending.indexOf(text), 1);
    const bubble = copyOf("live-bubble");
    bubble.classList.toggle("bubble--mine", mine);
    required(bubble, ".bubble__author", HTMLElement).textContent = name;
    required(bubble, ".bubble__text", HTMLElement).append(...linked(text));
    const time = required(bubble, "time", HTMLTimeElement);
    time.dateTime = at;
    time.textContent = timeOfDay(at);
    const list = required(this, '[data-chat="list"]', HTMLElement);
    list.append(bubble);
    list.scrollTop = list.scrollHeight;
    return true;
  }

  /** What was written and did not arrive stands in the field again. */
  takeBack() {
    const input = required(this, "input", HTMLInputElement);
    input.value = [...this.#pending.splice(0), input.value].filter(Boolean).join(" ");
  }

  /** What was said in a session that one is out of. */
  forget() {
    this.takeBack();
    for (const bubble of findAll(this, ".bubble", HTMLElement)) bubble.remove();
    this.#shown.clear();
  }

  /** @param {Event} event */
  #submitted = (event) => {
    event.preventDefault();
    const input = required(this, "input", HTMLInputElement);
    const text = input.value.trim();
    if (!text || !this.send(text)) return;
    this.#pending.push(text);
    input.value = "";
  };
}

customElements.define("live-chat", LiveChat);
