/**
 * How people take it: a sign on the picture of whoever shows it, for some seconds, and in words for who reads by ear, several at once so that
 * nobody is talked over. The signs are those of the template #live-reactions.
 */
import { find, findAll, required } from "../dom.js";
import { fill, text } from "../texts.js";

const SHOWN_MS = 5000;
const SAID_EVERY_MS = 3000;
const PAUSE_MS = 2000; // between two of one's own, as the server takes them

export class Reactions {
  #page;
  #send;
  #last = 0;
  /** @type {Map<string, number>} timers by peer */
  #timers = new Map();
  /** @type {Map<string, string>} what is still to be said, by name */
  #unsaid = new Map();
  #saying = 0;

  /** @param {HTMLElement} page @param {(message: object) => boolean} send */
  constructor(page, send) {
    this.#page = page;
    this.#send = send;
  }

  /** By the name in data-action. @returns {Record<string, () => void>} */
  get actions() {
    const signs = findAll(this.#signs, "[data-reaction]", HTMLElement).map(({ dataset }) => dataset.reaction ?? "");
    return Object.fromEntries(signs.map((sign) => [`react-${sign}`, () => this.#react(sign)]));
  }

  /** @param {string} peer @param {string} name @param {string} reaction */
  show(peer, name, reaction) {
    const sign = find(this.#signs, `[data-reaction="${CSS.escape(reaction)}"]`, HTMLElement);
    if (!sign) return; // of a later release
    const place = this.#placeOf(peer);
    place?.replaceChildren(sign.cloneNode(true));
    if (place) place.hidden = false;
    window.clearTimeout(this.#timers.get(peer));
    this.#timers.set(
      peer,
      window.setTimeout(() => this.#clear(peer), SHOWN_MS),
    );
    this.#unsaid.set(name, sign.dataset.label ?? "");
    if (!this.#saying) this.#say();
  }

  end() {
    window.clearTimeout(this.#saying);
    for (const timer of this.#timers.values()) window.clearTimeout(timer);
  }

  /** @param {string} reaction */
  #react(reaction) {
    if (Date.now() - this.#last < PAUSE_MS) return;
    if (this.#send({ type: "reaction", reaction })) this.#last = Date.now();
  }

  /** @param {string} peer */
  #clear(peer) {
    this.#timers.delete(peer);
    const place = this.#placeOf(peer);
    if (!place) return;
    place.hidden = true;
    place.replaceChildren();
  }

  #say() {
    const said = [...this.#unsaid].map(([name, label]) => fill(text("reacts"), { name, label }));
    this.#unsaid.clear();
    required(this.#page, '[data-live="reactions"]', HTMLElement).textContent = said.join(" ");
    this.#saying = said.length ? window.setTimeout(() => this.#say(), SAID_EVERY_MS) : 0;
  }

  /** @param {string} peer */
  #placeOf(peer) {
    return find(
      this.#page,
      `.tile[data-peer="${CSS.escape(peer)}"][data-source="camera"] .tile__reaction`,
      HTMLElement,
    );
  }

  get #signs() {
    return required(document, "#live-reactions", HTMLTemplateElement).content;
  }
}
