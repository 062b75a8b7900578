/** What is played with cards that lie on the table: looking through, memory, matching. Each draws what the server says. */
import { closest, find, findAll, required } from "../dom.js";
import { prepare, showFace, wordsOf } from "./card-face.js";

/** @typedef {import('./card-table.js').CardTable} CardTable @typedef {import('./card-face.js').Face} Face @typedef {Record<string, any>} Facts */

/** @param {HTMLElement} place @param {string} name */
const part = (place, name) => required(place, `[data-part="${name}"]`, HTMLElement);

/** Cards, one after the other. */
export class DeckGame {
  #table;
  #place;
  /** @type {Facts} */
  #facts = {};

  /** @param {CardTable} table @param {HTMLElement} place */
  constructor(table, place) {
    this.#table = table;
    this.#place = place;
    place.addEventListener("click", (event) => this.#pressed(event));
    place.addEventListener("keydown", (event) => this.#typed(event));
  }

  /** @param {Facts} facts */
  update(facts) {
    const was = this.#facts;
    this.#facts = facts;
    const { mayPlay, around } = this.#table;
    const card = required(this.#place, '[data-act="turn"]', HTMLButtonElement);
    part(this.#place, "card").hidden = !facts.count;
    part(this.#place, "none").hidden = Boolean(facts.count);
    part(this.#place, "where").textContent = facts.count ? `${facts.at + 1} / ${facts.count}` : "";
    this.#enable("previous", mayPlay && facts.at > 0);
    this.#enable("next", mayPlay && facts.at < facts.count - 1);
    card.disabled = !mayPlay || !facts.two_sided;
    part(this.#place, "card").classList.toggle("deck__stage--back", facts.top?.side === "back");
    if (facts.top) {
      const isOther = JSON.stringify(was.top) !== JSON.stringify(facts.top);
      showFace(part(this.#place, "face"), facts.top, around);
      if (isOther && was.top) animate(part(this.#place, "card"), was.at === facts.at ? "turns" : "comes");
      this.#table.announce(wordsOf(facts.top, around));
    }
    for (const face of facts.next ?? []) prepare(face, around);
    this.#drawMarks();
  }

  #drawMarks() {
    const { marks = {}, top, count } = this.#facts;
    const values = Object.values(marks);
    for (const button of findAll(this.#place, "[data-mark]", HTMLButtonElement)) {
      button.disabled = !count;
      button.setAttribute("aria-pressed", String(marks[top?.card] === (button.dataset.mark === "right")));
    }
    const right = values.filter(Boolean).length;
    const said = values.length ? this.#table.say("marked", { right, of: values.length }) : "";
    part(this.#place, "marks").textContent = said;
    const first = find(this.#place, '[name="backs_first"]', HTMLInputElement);
    if (first) first.checked = Boolean(this.#facts.backs_first);
  }

  /** @param {string} act @param {boolean} may */
  #enable(act, may) {
    required(this.#place, `[data-act="${act}"]`, HTMLButtonElement).disabled = !may;
  }

  /** @param {Event} event */
  #pressed(event) {
    const { act, mark } = closest(event, "button", HTMLButtonElement)?.dataset ?? {};
    const { at, turned, top, marks = {} } = this.#facts;
    if (act === "next") this.#table.move("go", at + 1);
    if (act === "previous") this.#table.move("go", at - 1);
    if (act === "turn") this.#table.move("turn", !turned);
    if (act === "shuffle" || act === "sort") this.#table.move(act);
    if (mark && top) {
      const isRight = mark === "right";
      this.#table.move("mark", [top.card, marks[top.card] === isRight ? null : isRight]);
    }
    const box = event.target;
    if (box instanceof HTMLInputElement && box.name === "backs_first") this.#table.move("backs_first", box.checked);
  }

  /** @param {KeyboardEvent} event */
  #typed(event) {
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement) return;
    const act = { ArrowRight: "next", ArrowLeft: "previous" }[event.key];
    if (!act) return;
    event.preventDefault();
    required(this.#place, `[data-act="${act}"]`, HTMLButtonElement).click();
  }
}

/** Find the two that belong together. */
export class MemoryGame {
  #table;
  #place;
  /** @type {HTMLButtonElement[]} */
  #tiles = [];

  /** @param {CardTable} table @param {HTMLElement} place */
  constructor(table, place) {
    this.#table = table;
    this.#place = place;
    place.addEventListener("click", (event) => {
      const { tile, act } = closest(event, "button", HTMLButtonElement)?.dataset ?? {};
      if (tile) table.move("take", Number(tile));
      if (act === "pass") table.move("pass");
    });
  }

  /** @param {Facts} facts */
  update(facts) {
    const { around, surroundings, mayPlay } = this.#table;
    const board = part(this.#place, "tiles");
    if (this.#tiles.length !== facts.tiles.length) this.#lay(board, facts.tiles.length);
    const turn = this.#turn(facts);
    const mine = mayPlay && turn === surroundings.me() && !facts.over;
    for (const [place, tile] of this.#tiles.entries()) {
      const face = /** @type {Face | null} */ (facts.tiles[place]);
      showFace(required(tile, ".memory__face", HTMLElement), face, around);
      const isOpen = facts.open.includes(place);
      tile.toggleAttribute("data-up", Boolean(face));
      tile.toggleAttribute("data-found", Boolean(face) && !isOpen);
      tile.toggleAttribute("data-missed", isOpen && facts.missed);
      tile.disabled = !mine || (Boolean(face) && !(facts.missed && isOpen));
      const words = face ? wordsOf(face, around) || this.#table.say("open") : this.#table.say("face-down");
      tile.setAttribute("aria-label", this.#table.say("tile", { number: place + 1, words }));
    }
    this.#drawPlayers(facts, turn);
    this.#table.announce(this.#said(facts, turn));
  }

  /** @param {HTMLElement} board @param {number} number */
  #lay(board, number) {
    this.#tiles = Array.from({ length: number }, (_, place) => {
      const tile = Object.assign(document.createElement("button"), { type: "button", className: "memory__tile" });
      tile.dataset.tile = String(place);
      tile.append(Object.assign(document.createElement("span"), { className: "memory__face face" }));
      return tile;
    });
    board.replaceChildren(...this.#tiles);
    board.dataset.columns = String(columnsFor(number));
  }

  /** Whose turn it is among those who are here; the server says the same as soon as somebody plays. @param {Facts} facts */
  #turn(facts) {
    const { people, alone, me } = this.#table.surroundings;
    if (alone) return me();
    const here = people().map((one) => one.peer);
    if (here.includes(facts.turn)) return facts.turn;
    return facts.turn || here[0] || "";
  }

  /** @param {Facts} facts @param {string} turn */
  #drawPlayers(facts, turn) {
    const { people, alone, me } = this.#table.surroundings;
    const list = part(this.#place, "players");
    list.hidden = alone;
    const names = new Map(people().map((one) => [one.peer, one.name]));
    const rows = facts.players
      .filter((/** @type {Facts} */ one) => one.points || names.has(one.peer))
      .map((/** @type {Facts} */ one) => {
        const row = document.createElement("li");
        const name =
          one.peer === me() ? this.#table.say("you") : (names.get(one.peer) ?? this.#table.say("gone-player"));
        row.className = "play__player";
        row.toggleAttribute("data-turn", one.peer === turn && !facts.over);
        const label = Object.assign(document.createElement("bdi"), { textContent: name });
        const points = Object.assign(document.createElement("b"), { textContent: String(one.points) });
        row.append(label, points);
        return row;
      });
    list.replaceChildren(...rows);
  }

  /** @param {Facts} facts @param {string} turn */
  #said(facts, turn) {
    const { people, me, alone } = this.#table.surroundings;
    const pairs = facts.tiles.length / 2;
    if (facts.over) return this.#table.say("all-found", { number: pairs });
    if (alone) return this.#table.say("found", { number: facts.found, of: pairs });
    if (turn === me()) return this.#table.say("your-turn");
    const name = people().find((one) => one.peer === turn)?.name;
    return name ? this.#table.say("turn-of", { name }) : "";
  }
}

/** Fronts on the left, backs on the right. */
export class MatchingGame {
  #table;
  #place;
  /** @type {Record<string, string>} by side, the card that is chosen */
  #chosen = {};

  /** @param {CardTable} table @param {HTMLElement} place */
  constructor(table, place) {
    this.#table = table;
    this.#place = place;
    place.addEventListener("click", (event) => {
      const { card, side } = closest(event, "button[data-card]", HTMLButtonElement)?.dataset ?? {};
      if (card && side) this.#choose(side, card);
    });
  }

  /** @param {string} side @param {string} card */
  #choose(side, card) {
    this.#chosen = { ...this.#chosen, [side]: this.#chosen[side] === card ? "" : card };
    const { fronts, backs } = this.#chosen;
    if (fronts && backs) {
      this.#table.move("join", [fronts, backs]);
      this.#chosen = {};
    }
    this.#mark();
  }

  /** @param {Facts} facts */
  update(facts) {
    for (const side of ["fronts", "backs"]) this.#fill(side, facts);
    for (const [side, card] of Object.entries(this.#chosen)) if (facts.found.includes(card)) this.#chosen[side] = "";
    this.#mark();
    const number = facts.fronts.length;
    const said = facts.over ? "all-matched" : "matched";
    this.#table.announce(this.#table.say(said, { number: facts.found.length, of: number, tries: facts.tries }));
    part(this.#place, "said").textContent = this.#table.say(said, {
      number: facts.found.length,
      of: number,
      tries: facts.tries,
    });
  }

  /** @param {string} side @param {Facts} facts */
  #fill(side, facts) {
    const column = part(this.#place, side);
    const order = facts[side].map((/** @type {Face} */ face) => face.card).join();
    if (column.dataset.order !== order) {
      column.dataset.order = order;
      column.replaceChildren(...facts[side].map((/** @type {Face} */ face) => buttonOf(side, face.card)));
    }
    const wrong = facts.wrong[side === "fronts" ? 0 : 1];
    for (const [place, button] of findAll(column, "button", HTMLButtonElement).entries()) {
      const face = facts[side][place];
      showFace(required(button, ".face", HTMLElement), face, this.#table.around);
      const isFound = facts.found.includes(face.card);
      button.disabled = isFound || !this.#table.mayPlay;
      button.toggleAttribute("data-found", isFound);
      button.toggleAttribute("data-wrong", face.card === wrong);
      const words = wordsOf(face, this.#table.around) || String(place + 1);
      button.setAttribute("aria-label", isFound ? this.#table.say("done-pair", { words }) : words);
    }
  }

  #mark() {
    for (const button of findAll(this.#place, "button[data-card]", HTMLButtonElement)) {
      const isChosen = this.#chosen[button.dataset.side ?? ""] === button.dataset.card;
      button.setAttribute("aria-pressed", String(isChosen));
    }
  }
}

/** @param {string} side @param {string} card */
function buttonOf(side, card) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "match" });
  Object.assign(button.dataset, { side, card });
  button.append(Object.assign(document.createElement("span"), { className: "face" }));
  return button;
}

/** How many stand side by side. @param {number} tiles */
function columnsFor(tiles) {
  if (tiles <= 6) return 3;
  return tiles <= 20 ? 4 : 6;
}

/** A movement that begins anew. @param {HTMLElement} element @param {string} name */
function animate(element, name) {
  element.classList.remove("deck__stage--turns", "deck__stage--comes");
  void element.offsetWidth; // or it would not begin again
  element.classList.add(`deck__stage--${name}`);
}
