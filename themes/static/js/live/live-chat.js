/**
 * <live-chat>: a list of messages and the field under it, at the door and in the session. Parts: data-chat="list" and "form"; a message is
 * drawn by the template #live-bubble. In the session also "to", to whom one writes: everybody, or one person alone. What is begun to one
 * stays with them: it never turns into something that others read, whoever is chosen next or leaves.
 */
import { copyOf, find, findAll, required } from "../dom.js";
import { fill, text as textOf } from "../texts.js";
import { linked } from "./linked-text.js";
import { timeOfDay } from "./times.js";

const EVERYBODY = "";

export class LiveChat extends HTMLElement {
  /** @type {(text: string, to: string) => boolean} whether it went out; `to`: the peer who alone reads it, or '' */
  send = () => false;
  /** @type {Set<string>} ids of messages */
  #shown = new Set();
  /** @type {{text: string, to: string}[]} sent, and not seen in the list yet */
  #pending = [];
  #to = EVERYBODY;
  /** @type {Map<string, string>} what is begun, by peer */
  #drafts = new Map();
  /** @type {Map<string, string>} names of those to whom one can write alone, by peer */
  #recipients = new Map();

  connectedCallback() {
    required(this, '[data-chat="form"]', HTMLFormElement).addEventListener("submit", this.#submitted);
    this.#choice?.addEventListener("change", () => this.writeTo(this.#choice?.value ?? EVERYBODY));
  }

  /** @param {import('live-protocol').ChatMessage} message @returns {boolean} whether it is new */
  add({ id, name, text, at, mine, private_with: other }) {
    if (this.#shown.has(id)) return false;
    this.#shown.add(id);
    if (mine) this.#arrived(text, other?.peer ?? EVERYBODY);
    const bubble = copyOf("live-bubble");
    bubble.classList.toggle("bubble--mine", mine);
    bubble.classList.toggle("bubble--private", Boolean(other));
    required(bubble, ".bubble__author", HTMLElement).textContent = name;
    required(bubble, ".bubble__text", HTMLElement).append(...linked(text));
    if (other) this.#mark(bubble, mine ? fill(textOf("private-to"), { name: other.name }) : textOf("private-from"));
    const time = required(bubble, "time", HTMLTimeElement);
    time.dateTime = at;
    time.textContent = timeOfDay(at);
    const list = required(this, '[data-chat="list"]', HTMLElement);
    list.append(bubble);
    list.scrollTop = list.scrollHeight;
    return true;
  }

  /**
   * To whom one can write alone by now. Who is chosen, or was begun to, and has left stays in the list.
   * @param {Map<string, string>} names by peer
   */
  set recipients(names) {
    if (!this.#choice) return;
    const gone = [...this.#recipients].filter(
      ([peer]) => !names.has(peer) && (peer === this.#to || this.#drafts.get(peer)),
    );
    this.#recipients = new Map([...names, ...gone]);
    const options = [new Option(textOf("everybody"), EVERYBODY)];
    for (const [peer, name] of names) options.push(new Option(name, peer));
    for (const [peer, name] of gone) options.push(new Option(fill(textOf("not-here-any-more"), { name }), peer));
    if (options.map(({ label, value }) => label + value).join() !== this.#listed())
      this.#choice.replaceChildren(...options);
    this.#showChoice();
  }

  /** @param {string} peer whom alone one writes to, or '' */
  writeTo(peer) {
    if (peer !== this.#to) {
      this.#drafts.set(this.#to, this.#input.value);
      this.#to = peer;
      this.#input.value = this.#drafts.get(peer) ?? "";
    }
    this.#showChoice();
    this.#input.focus();
  }

  /** What was written and did not arrive stands in the field again, as it was meant. */
  takeBack() {
    for (const { text, to } of this.#pending.splice(0)) {
      const begun = to === this.#to ? this.#input.value : (this.#drafts.get(to) ?? "");
      const whole = [text, begun].filter(Boolean).join(" ");
      if (to === this.#to) this.#input.value = whole;
      else this.#drafts.set(to, whole);
    }
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
    const text = this.#input.value.trim();
    if (!text || !this.send(text, this.#to)) return;
    this.#pending.push({ text, to: this.#to });
    this.#input.value = "";
  };

  /** @param {string} text @param {string} to */
  #arrived(text, to) {
    const place = this.#pending.findIndex((one) => one.text === text && one.to === to);
    if (place >= 0) this.#pending.splice(place, 1);
  }

  /** @param {HTMLElement} bubble @param {string} words */
  #mark(bubble, words) {
    const mark = required(bubble, ".bubble__private", HTMLElement);
    mark.hidden = false;
    required(mark, "span", HTMLElement).textContent = words;
  }

  #showChoice() {
    if (!this.#choice) return;
    this.#choice.value = this.#to;
    const name = this.#recipients.get(this.#to);
    required(this, '[data-chat="recipients"]', HTMLElement).hidden = this.#recipients.size === 0;
    required(this, '[data-chat="note"]', HTMLElement).textContent = name ? fill(textOf("private-note"), { name }) : "";
    this.toggleAttribute("data-private", Boolean(this.#to));
  }

  /** What stands in the list, because a new one would close it under somebody's finger. */
  #listed() {
    return [...(this.#choice?.options ?? [])].map(({ label, value }) => label + value).join();
  }

  get #choice() {
    return find(this, '[data-chat="to"]', HTMLSelectElement);
  }

  get #input() {
    return required(this, "input", HTMLInputElement);
  }
}

customElements.define("live-chat", LiveChat);
