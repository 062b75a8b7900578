/**
 * The table on which cards and dice lie (core/resources/rules/games): it shows what the server says, and asks the server for every move. In a
 * session everybody has the same one; alone it is one's own.
 *
 * @typedef {import('./card-face.js').Around} Around
 * @typedef {{peer: string, name: string}} Player
 * @typedef {Record<string, any>} Facts  as core/resources/table_facts.py writes them
 * @typedef {{me: () => string, leads: () => boolean, people: () => Player[], move: (act: string, value: unknown, seen: number) => void,
 *            alone: boolean, files: string, signal: AbortSignal}} Surroundings
 * @typedef {{update: (facts: Facts) => void, end?: () => void}} Game
 */
import { closest, copyOf, find, findAll, required } from "../dom.js";
import { fill, text } from "../texts.js";
import { DiceGame, SpinnerGame } from "./chance-games.js";
import { DeckGame, MatchingGame, MemoryGame } from "./table-games.js";

const TICK_MS = 250;
/** @type {Record<string, new (table: CardTable, place: HTMLElement) => Game>} */
const GAMES = { deck: DeckGame, memory: MemoryGame, matching: MatchingGame, spinner: SpinnerGame, dice: DiceGame };

export class CardTable {
  #element;
  #surroundings;
  /** @type {Facts | null} */
  #facts = null;
  /** @type {Game | null} */
  #game = null;
  #name = "";
  #offset = 0; // milliseconds by which the server's clock is ahead
  #wasOver = true; // a timer that had run out before somebody came is not rung for

  /** @param {Surroundings} surroundings */
  constructor(surroundings) {
    this.#surroundings = surroundings;
    this.#element = copyOf("card-table");
    const { signal } = surroundings;
    this.#element.addEventListener("click", (event) => this.#pressed(event), { signal });
    this.#element.addEventListener("change", (event) => this.#chosen(event), { signal });
    const timer = window.setInterval(() => this.#tick(), TICK_MS);
    signal.addEventListener("abort", () => window.clearInterval(timer));
    this.#element.classList.toggle("play--alone", surroundings.alone);
  }

  get element() {
    return this.#element;
  }

  get surroundings() {
    return this.#surroundings;
  }

  /** @returns {Around} */
  get around() {
    return { files: this.#surroundings.files, gone: this.say("gone"), listen: this.say("listen") };
  }

  /** Whether this person's moves in the game count now, apart from whose turn it is. */
  get mayPlay() {
    return this.#surroundings.leads() || Boolean(this.#facts?.open);
  }

  /** @param {string} name @param {Record<string, string | number>} [values] */
  say(name, values = {}) {
    return fill(text(name, this.#element), values);
  }

  /** Read out, and nothing is said twice. @param {string} sentence */
  announce(sentence) {
    const place = required(this.#element, '[data-part="said"]', HTMLElement);
    if (place.textContent !== sentence) place.textContent = sentence;
  }

  /** @param {string} act @param {unknown} [value] */
  move(act, value = null) {
    if (this.#facts) this.#surroundings.move(act, value, this.#facts.moves);
  }

  /** What the server says. @param {Facts} facts */
  told(facts) {
    this.#facts = facts;
    this.#offset = facts.timer.now * 1000 - Date.now();
    if (facts.game !== this.#name) this.#begin(facts.game);
    this.#drawFrame(facts);
    this.#game?.update(facts[facts.game]);
    this.#tick();
  }

  /** Somebody has come or gone. */
  refresh() {
    if (this.#facts)
      this.told({ ...this.#facts, timer: { ...this.#facts.timer, now: (Date.now() + this.#offset) / 1000 } });
  }

  /** @param {string} name */
  #begin(name) {
    this.#game?.end?.();
    this.#name = name;
    this.announce("");
    const place = required(this.#element, '[data-part="game"]', HTMLElement);
    const made = copyOf(`table-${name}`);
    place.replaceChildren(made);
    this.#game = new GAMES[name](this, made);
  }

  /** @param {Facts} facts */
  #drawFrame(facts) {
    const leads = this.#surroundings.leads();
    const ofCards = facts.game !== "dice";
    for (const part of findAll(this.#element, "[data-leads]", HTMLElement)) part.hidden = !leads;
    for (const part of findAll(this.#element, "[data-of-cards]", HTMLElement)) part.hidden = !leads || !ofCards;
    for (const button of findAll(this.#element, "[data-game]", HTMLButtonElement))
      button.setAttribute("aria-pressed", String(button.dataset.game === facts.game));
    for (const part of findAll(this.#element, "[data-for]", HTMLElement))
      part.hidden = !leads || !part.dataset.for?.split(" ").includes(facts.game);
    const open = find(this.#element, '[name="open"]', HTMLInputElement);
    if (open) open.checked = facts.open;
    const seconds = find(this.#element, '[name="timer"]', HTMLSelectElement);
    if (seconds && document.activeElement !== seconds) seconds.value = String(facts.timer.seconds);
  }

  /** @param {Event} event */
  #pressed(event) {
    const button = closest(event, "button", HTMLButtonElement);
    if (!button) return;
    if (button.dataset.game) this.move("new", { game: button.dataset.game, ...this.#wanted });
    if (button.dataset.act === "again") this.move("new", { game: this.#name, ...this.#wanted });
    if (button.dataset.act === "timer-again") this.move("timer", Number(this.#facts?.timer.seconds ?? 0));
  }

  /** @param {Event} event */
  #chosen(event) {
    const field = event.target;
    if (field instanceof HTMLSelectElement && field.name === "timer") this.move("timer", Number(field.value));
    if (field instanceof HTMLInputElement && field.name === "open") this.move("open", field.checked);
    if (field instanceof HTMLSelectElement && field.name === "pairs")
      this.move("new", { game: this.#name, ...this.#wanted });
    if (field instanceof HTMLInputElement && field.name === "sides")
      this.move("new", { game: this.#name, ...this.#wanted });
  }

  get #wanted() {
    const pairs = Number(find(this.#element, '[name="pairs"]', HTMLSelectElement)?.value ?? 8);
    const sides = Boolean(find(this.#element, '[name="sides"]', HTMLInputElement)?.checked);
    return { pairs, sides };
  }

  #tick() {
    const { seconds = 0, since = 0 } = this.#facts?.timer ?? {};
    const place = required(this.#element, '[data-part="timer"]', HTMLElement);
    place.hidden = !seconds;
    if (!seconds) return;
    const left = Math.max(0, Math.ceil(seconds - ((Date.now() + this.#offset) / 1000 - since)));
    const shown = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    const words = required(place, '[data-part="left"]', HTMLElement);
    if (words.textContent !== shown) words.textContent = shown;
    place.toggleAttribute("data-over", left === 0);
    if (left === 0 && !this.#wasOver) this.announce(this.say("time-over"));
    this.#wasOver = left === 0;
  }
}
