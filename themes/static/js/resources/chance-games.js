/** What chance decides: the spinner and dice. The server has thrown before anything moves here. */
import { closest, required } from "../dom.js";
import { pictureOf, showFace, wordsOf } from "./card-face.js";

/** @typedef {import('./card-table.js').CardTable} CardTable @typedef {import('./card-face.js').Face} Face @typedef {Record<string, any>} Facts */

const SVG = "http://www.w3.org/2000/svg";
const TURNS = 4; // whole ones for each spin
const SPIN_MS = 2600;
const TONES = 8;
const PIPS = /** @type {Record<number, number[]>} */ ({
  1: [5],
  2: [1, 9],
  3: [1, 5, 9],
  4: [1, 3, 7, 9],
  5: [1, 3, 5, 7, 9],
  6: [1, 3, 4, 6, 7, 9],
});

/** @param {HTMLElement} place @param {string} name */
const part = (place, name) => required(place, `[data-part="${name}"]`, HTMLElement);

const isCalm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** A wheel with a card in each of its parts. */
export class SpinnerGame {
  #table;
  #place;
  #spins = -1;
  #angle = 0;
  #timer = 0;

  /** @param {CardTable} table @param {HTMLElement} place */
  constructor(table, place) {
    this.#table = table;
    this.#place = place;
    place.addEventListener("click", (event) => {
      const act = closest(event, "button", HTMLButtonElement)?.dataset.act;
      if (act === "spin" || act === "take_off" || act === "put_back") table.move(act);
    });
  }

  end() {
    window.clearTimeout(this.#timer);
  }

  /** @param {Facts} facts */
  update(facts) {
    const { mayPlay } = this.#table;
    this.#draw(facts.parts);
    const isNew = this.#spins >= 0 && facts.spins > this.#spins;
    this.#spins = facts.spins;
    required(this.#place, '[data-act="spin"]', HTMLButtonElement).disabled = !mayPlay;
    const off = required(this.#place, '[data-act="take_off"]', HTMLButtonElement);
    off.disabled = !mayPlay || !facts.result || facts.parts.length < 2;
    const back = required(this.#place, '[data-act="put_back"]', HTMLButtonElement);
    back.hidden = !facts.out;
    back.disabled = !mayPlay;
    window.clearTimeout(this.#timer);
    if (facts.result) this.#turnTo(facts, isNew);
    if (isNew && !isCalm()) {
      this.#show(null);
      this.#timer = window.setTimeout(() => this.#show(facts.result), SPIN_MS);
    } else this.#show(facts.result);
  }

  /** @param {Face | null} face */
  #show(face) {
    showFace(part(this.#place, "result"), face, this.#table.around);
    part(this.#place, "result").hidden = !face;
    this.#table.announce(face ? wordsOf(face, this.#table.around) : "");
  }

  /** @param {Facts} facts @param {boolean} isNew */
  #turnTo(facts, isNew) {
    const at = facts.parts.findIndex((/** @type {Face} */ face) => face.card === facts.result.card);
    if (at < 0) return;
    const size = 360 / facts.parts.length;
    const goal = -(at + 0.5) * size;
    const ahead = (((goal - this.#angle) % 360) + 360) % 360;
    this.#angle += isNew ? ahead + 360 * TURNS : ahead > 180 ? ahead - 360 : ahead;
    const wheel = required(this.#place, "svg g", SVGGElement);
    wheel.style.transitionDuration = isNew && !isCalm() ? `${SPIN_MS}ms` : "0ms";
    wheel.style.transform = `rotate(${this.#angle}deg)`;
  }

  /** @param {Face[]} parts */
  #draw(parts) {
    const wheel = required(this.#place, "svg g", SVGGElement);
    const key = parts.map((face) => JSON.stringify(face)).join();
    if (wheel.dataset.key === key) return;
    wheel.dataset.key = key;
    wheel.replaceChildren(...parts.flatMap((face, at) => this.#part(face, at, parts.length)));
  }

  /** @param {Face} face @param {number} at @param {number} of */
  #part(face, at, of) {
    const [from, to] = [(at * 2 * Math.PI) / of, ((at + 1) * 2 * Math.PI) / of];
    const sector = document.createElementNS(SVG, of === 1 ? "circle" : "path");
    if (of === 1) sector.setAttribute("r", "96");
    else sector.setAttribute("d", `M0 0 L${point(from)} A96 96 0 ${of === 2 ? 1 : 0} 1 ${point(to)} Z`);
    sector.setAttribute("class", `wheel__part wheel__part--${(at % (of % TONES === 1 ? TONES - 1 : TONES)) + 1}`);
    const middle = ((at + 0.5) * 360) / of;
    const picture = pictureOf(face, this.#table.around);
    return [sector, picture ? image(picture, middle, of) : words(wordsOf(face, this.#table.around), middle, of)];
  }
}

/** @param {number} angle from the top, clockwise */
function point(angle) {
  return `${(96 * Math.sin(angle)).toFixed(2)} ${(-96 * Math.cos(angle)).toFixed(2)}`;
}

/** @param {string} address @param {number} degrees @param {number} of */
function image(address, degrees, of) {
  const size = Math.min(46, 230 / of + 8);
  const element = document.createElementNS(SVG, "image");
  element.setAttribute("href", address);
  for (const [name, value] of Object.entries({ x: -size / 2, y: -66 - size / 2, width: size, height: size }))
    element.setAttribute(name, String(value));
  element.setAttribute("transform", `rotate(${degrees})`);
  return element;
}

/** @param {string} said @param {number} degrees @param {number} of */
function words(said, degrees, of) {
  const element = document.createElementNS(SVG, "text");
  element.setAttribute("class", "wheel__words");
  element.setAttribute("transform", `rotate(${degrees - 90}) translate(88 0)`);
  element.setAttribute("font-size", String(of > 14 ? 7 : of > 8 ? 9 : 11));
  element.textContent = said.length > 14 ? `${said.slice(0, 13)}…` : said;
  return element;
}

/** Some dice. */
export class DiceGame {
  #table;
  #place;
  #throws = -1;

  /** @param {CardTable} table @param {HTMLElement} place */
  constructor(table, place) {
    this.#table = table;
    this.#place = place;
    place.addEventListener("click", (event) => {
      if (closest(event, "button", HTMLButtonElement)?.dataset.act === "throw") table.move("throw");
    });
    place.addEventListener("change", (event) => {
      event.stopPropagation();
      table.move("dice", [Number(this.#field("number").value), Number(this.#field("sides").value)]);
    });
  }

  /** @param {string} name */
  #field(name) {
    return required(this.#place, `[name="${name}"]`, HTMLSelectElement);
  }

  /** @param {Facts} facts */
  update(facts) {
    const { mayPlay, surroundings } = this.#table;
    const isNew = this.#throws >= 0 && facts.throws > this.#throws;
    this.#throws = facts.throws;
    for (const name of ["number", "sides"]) {
      this.#field(name).value = String(facts[name]);
      this.#field(name).disabled = !surroundings.leads();
    }
    required(this.#place, '[data-act="throw"]', HTMLButtonElement).disabled = !mayPlay;
    const values = facts.thrown.length ? facts.thrown : Array.from({ length: facts.number }, () => 0);
    part(this.#place, "dice").replaceChildren(
      ...values.map((/** @type {number} */ value) => die(value, facts.sides, isNew)),
    );
    const sum = facts.thrown.reduce((/** @type {number} */ one, /** @type {number} */ other) => one + other, 0);
    const said = facts.thrown.length > 1 ? this.#table.say("sum", { number: sum }) : "";
    part(this.#place, "sum").textContent = said;
    this.#table.announce([facts.thrown.join(", "), said].filter(Boolean).join(". "));
  }
}

/** @param {number} value 0: not thrown yet @param {number} sides @param {boolean} isNew */
function die(value, sides, isNew) {
  const element = Object.assign(document.createElement("span"), { className: "die" });
  element.setAttribute("aria-hidden", "true"); // its number is read out
  element.toggleAttribute("data-thrown", isNew);
  if (sides === 6 && value) {
    element.classList.add("die--pips");
    for (let place = 1; place <= 9; place += 1) {
      const pip = document.createElement("i");
      pip.toggleAttribute("data-off", !PIPS[value].includes(place));
      element.append(pip);
    }
  } else element.textContent = value ? String(value) : "?";
  return element;
}
