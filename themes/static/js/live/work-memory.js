/** How a person has arranged the room, remembered in this browser: another device has another screen. */

/** @typedef {{across: number, stacked: number, isOpen: boolean, tab: string, layout: string}} Arrangement */

/** @type {Arrangement} */
const FIRST = { across: 68, stacked: 62, isOpen: false, tab: "", layout: "auto" };

export class WorkMemory {
  #key;
  /** @type {Arrangement} */
  #now;

  /** @param {string} person */
  constructor(person) {
    this.#key = `live-room ${person}`;
    this.#now = { ...FIRST, ...this.#stored() };
  }

  get now() {
    return this.#now;
  }

  /** @param {Partial<Arrangement>} changes */
  change(changes) {
    this.#now = { ...this.#now, ...changes };
    try {
      localStorage.setItem(this.#key, JSON.stringify(this.#now));
    } catch {
      return; // a browser that keeps nothing: it holds for this page
    }
  }

  /** @returns {Partial<Arrangement>} what fits; a browser that keeps nothing, or something else, has none */
  #stored() {
    try {
      const stored = JSON.parse(localStorage.getItem(this.#key) ?? "{}");
      const fitting = Object.entries(FIRST).filter(([name, value]) => typeof stored[name] === typeof value);
      return Object.fromEntries(fitting.map(([name]) => [name, stored[name]]));
    } catch {
      return {};
    }
  }
}
