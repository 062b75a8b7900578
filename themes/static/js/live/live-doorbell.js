/**
 * <live-doorbell data-waiting="…">: somebody waits at the door: a card and a sound on whatever page the host has open (LIV-02 … LIV-04). Rings
 * come as the `news` event of <notification-socket>; who waited before this page was opened is asked for once. Where several wait
 * at the same door, one bar lets them all in, and no more than three cards cover the page. A browser keeps a page silent until somebody
 * touches it: then a line says so, with the button that switches the sound on.
 *
 * @typedef {import('./doorbell-card.js').Ring} Ring
 */
import { copyOf, findAll, required } from "../dom.js";
import { sentenceOf } from "../error-sentences.js";
import { getJson, postForm } from "../http.js";
import { Chime } from "./chime.js";
import { DoorbellCard, roomOfThisPage } from "./doorbell-card.js";

const QUIET_MS = 8000; // between two sounds, so that a queue does not become a siren
const SHOWN = 3;

class LiveDoorbell extends HTMLElement {
  #chime = new Chime();
  #rangAt = -Infinity;

  connectedCallback() {
    document.addEventListener("news", this.#told);
    this.addEventListener("put-away", (event) => this.#forget(event.target));
    required(this.#bar, "button", HTMLButtonElement).addEventListener("click", () => this.#admitAll());
    required(this.#silence, "button", HTMLButtonElement).addEventListener("click", () => this.#ring());
    this.#ask();
  }

  disconnectedCallback() {
    document.removeEventListener("news", this.#told);
  }

  /** Who waited before this page was opened. */
  async #ask() {
    const { waiting } = await getJson(this.dataset.waiting ?? "").catch(() => ({ waiting: [] })); // because news still comes by the socket
    for (const ring of waiting) await this.#show(ring, true);
  }

  /** @param {Event} event */
  #told = (event) => {
    const news = /** @type {CustomEvent} */ (event).detail;
    if (!String(news.kind).startsWith("live.") || news.kind === "live.started") return;
    event.preventDefault(); // because the card says it already
    if (news.kind === "live.ring") this.#show(news, !news.quiet);
    else if (news.kind === "live.settled") this.#forget(this.#cardOf(news.admission));
    else if (news.kind === "live.words") this.#cardOf(news.admission)?.hear(news.text, !news.from_guest);
  };

  /** @param {Ring} ring @param {boolean} isLoud */
  async #show(ring, isLoud) {
    const card = this.#cardOf(ring.admission) ?? this.#add(ring);
    if (!isLoud) return;
    card.dataset.fresh = "";
    if (performance.now() - this.#rangAt < QUIET_MS) return;
    await this.#ring();
    this.dataset.rang = String(Number(this.dataset.rang ?? 0) + 1);
  }

  async #ring() {
    this.#rangAt = performance.now();
    const isHeard = await this.#chime.ringDoorbell();
    this.dataset.heard = String(isHeard);
    this.#silence.hidden = isHeard;
  }

  /** @param {Ring} ring */
  #add(ring) {
    const card = copyOf("doorbell-card");
    this.append(card);
    if (!(card instanceof DoorbellCard)) throw new Error("the template draws no <doorbell-card>");
    card.show(ring);
    this.#update();
    return card;
  }

  /** @param {EventTarget | null | undefined} card */
  #forget(card) {
    if (card instanceof DoorbellCard) card.remove();
    if (this.#cards.length === 0) this.#silence.hidden = true;
    this.#update();
  }

  /** The bar for all of the longest queue, and how many cards there are room for. */
  #update() {
    const { path, count } = this.#longest;
    const bar = this.#bar;
    bar.dataset.path = path;
    bar.hidden = count < 2;
    if (bar.hidden) this.#complain("");
    required(bar, ".doorbell__count", HTMLElement).textContent = String(count);
    this.#cards.forEach((card, place) => (card.hidden = place >= SHOWN));
  }

  get #longest() {
    const paths = this.#cards.map((card) => card.path);
    const counts = paths.map((path) => ({ path, count: paths.filter((other) => other === path).length }));
    return counts.sort((one, other) => other.count - one.count)[0] ?? { path: "", count: 0 };
  }

  async #admitAll() {
    const { path = "" } = this.#bar.dataset;
    try {
      const { message } = await postForm(`${path}admissions/`, { decision: "admit" });
      if (message) this.#complain(message);
      else if (!roomOfThisPage()) location.assign(`${path}#now`);
    } catch (error) {
      this.#complain(sentenceOf(error));
    }
  }

  /** @param {string} sentence '' clears */
  #complain(sentence) {
    const place = required(this.#bar, ".doorbell__trouble", HTMLElement);
    place.textContent = sentence;
    place.hidden = !sentence;
  }

  get #silence() {
    return required(this, ".doorbell__silence", HTMLElement);
  }

  get #bar() {
    return required(this, ".doorbell__many", HTMLElement);
  }

  get #cards() {
    return findAll(this, "doorbell-card", DoorbellCard);
  }

  /** @param {string} admission */
  #cardOf(admission) {
    return this.#cards.find(({ dataset }) => dataset.admission === admission);
  }
}

customElements.define("live-doorbell", LiveDoorbell);
