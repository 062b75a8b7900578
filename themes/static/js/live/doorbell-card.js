/**
 * <doorbell-card>: one waiting person: let them in, write to them, send them away, or put it off; a guest by link also into the session that
 * this page is in, or out for good. Event `put-away` when there is nothing left to decide here.
 *
 * @typedef {{kind: string, admission: string, room: string, path: string, title: string, body: string, since?: string, is_guest?: boolean,
 *   quiet?: boolean}} Ring
 */
import { closest, find, required } from "../dom.js";
import { sentenceOf } from "../error-sentences.js";
import { getJson, postForm } from "../http.js";
import { fill } from "../texts.js";

const MINUTE_MS = 60000;
const HOUR = 60; // minutes

export class DoorbellCard extends HTMLElement {
  /** @type {Ring | null} */
  #ring = null;
  #timer = 0;

  connectedCallback() {
    this.#timer = window.setInterval(() => this.#showAge(), MINUTE_MS / 2);
    this.addEventListener("click", this.#pressed);
    required(this, ".doorbell__form", HTMLFormElement).addEventListener("submit", this.#submitted);
  }

  disconnectedCallback() {
    window.clearInterval(this.#timer);
  }

  /** @param {Ring} ring */
  show(ring) {
    this.#ring = ring;
    this.dataset.admission = ring.admission;
    this.setAttribute("aria-label", ring.title);
    required(this, ".doorbell__title", HTMLElement).textContent = ring.title;
    required(this, ".doorbell__text", HTMLElement).textContent = ring.body;
    const link = required(this, ".doorbell__link", HTMLAnchorElement);
    link.href = `${ring.path}#now`;
    link.hidden = roomOfThisPage() === ring.room;
    const here = roomOfThisPage();
    this.toggleAttribute("data-guest", Boolean(ring.is_guest));
    required(this, '[data-ring="block"]', HTMLButtonElement).hidden = !ring.is_guest;
    required(this, '[data-ring="here"]', HTMLButtonElement).hidden = !ring.is_guest || !here || here === ring.room;
    this.#showAge();
  }

  /** How long they have been waiting; nothing within the first minute. */
  #showAge() {
    const place = required(this, ".doorbell__since", HTMLElement);
    const minutes = Math.floor((Date.now() - Date.parse(this.#ring?.since ?? "")) / MINUTE_MS);
    place.hidden = !(minutes >= 1);
    const { minute = "", minutes: several = "", hours = "" } = place.dataset;
    place.textContent = minutes === 1 ? minute : minutes > HOUR ? hours : fill(several, { minutes });
  }

  /** The path of the room at whose door it is. */
  get path() {
    return this.#ring?.path ?? "";
  }

  /** Somebody wrote; the host's own words come back the same way, to all of their pages. @param {string} text @param {boolean} isMine */
  hear(text, isMine) {
    if (this.#chat.hidden) this.#openChat();
    else this.#write(text, isMine);
  }

  /** @param {Event} event */
  #pressed = (event) => {
    const act = closest(event, "[data-ring]", HTMLElement)?.dataset.ring;
    if (act === "later") this.#putAway();
    else if (act === "chat") this.#openChat();
    else if (act === "here") this.#decide("admit", roomOfThisPage());
    else if (act === "admit" || act === "deny" || act === "block") this.#decide(act);
  };

  /** @param {'admit' | 'deny' | 'block'} decision @param {string} [into] the room that this page is in, for who is to come here */
  async #decide(decision, into) {
    try {
      const { path } = await postForm(this.#address, into ? { decision, into } : { decision });
      this.#putAway();
      if (decision === "admit" && !into && roomOfThisPage() !== this.#ring?.room) location.assign(`${path}#now`);
    } catch (error) {
      this.#complain(sentenceOf(error));
    }
  }

  #putAway() {
    this.dispatchEvent(new CustomEvent("put-away", { bubbles: true }));
  }

  async #openChat() {
    const isFresh = this.#chat.hidden;
    this.#chat.hidden = false;
    find(this, "input", HTMLInputElement)?.focus();
    if (!isFresh) return;
    try {
      const { messages } = await getJson(`${this.#address}messages/`);
      this.#log.replaceChildren();
      for (const { text, mine } of messages) this.#write(text, mine);
    } catch (error) {
      this.#complain(sentenceOf(error));
    }
  }

  /** @param {Event} event */
  #submitted = async (event) => {
    event.preventDefault();
    const input = required(this, "input", HTMLInputElement);
    const text = input.value.trim();
    if (!text) return;
    try {
      await postForm(`${this.#address}messages/`, { text });
      input.value = "";
      this.#complain("");
    } catch (error) {
      this.#complain(sentenceOf(error));
    }
  };

  /** @param {string} text @param {boolean} isMine */
  #write(text, isMine) {
    const line = document.createElement("p");
    line.className = "doorbell__line";
    line.textContent = text;
    if (isMine) line.dataset.mine = "";
    this.#log.append(line);
    this.#log.scrollTop = this.#log.scrollHeight;
  }

  /** @param {string} sentence '' clears */
  #complain(sentence) {
    const place = required(this, ".doorbell__trouble", HTMLElement);
    place.textContent = sentence;
    place.hidden = !sentence;
  }

  get #address() {
    return `${this.path}admissions/${this.dataset.admission}/`;
  }

  get #chat() {
    return required(this, ".doorbell__chat", HTMLElement);
  }

  get #log() {
    return required(this, ".doorbell__log", HTMLElement);
  }
}

/** The room that this page is in, if any. */
export function roomOfThisPage() {
  const { phase, room } = document.querySelector("live-room")?.dataset ?? {};
  return phase === "room" ? room : undefined;
}

customElements.define("doorbell-card", DoorbellCard);
