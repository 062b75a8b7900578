/**
 * A board's document: what lies on it, and this person's way back. sessions_live/boards/format/items.py says what the maps hold.
 *
 * Events: 'change' {keys} of things, 'pages', 'update' {bytes} of what was done here, 'history'.
 *
 * @typedef {{kind: string, by: string, at: number, page: string, colour: number, width: number, points?: Uint8Array,
 *   x?: number, y?: number, w?: number, h?: number, picture?: string}} Item
 * @typedef {{x: number, y: number, sx: number, sy: number, z: number}} Place
 * @typedef {{key: string, item: Item, place: Place, words: string}} Thing
 * @typedef {{rank: number, paper: string}} Page
 */
import { Doc, UndoManager, applyUpdate } from "./vendor.js";

export const FIRST_PAGE = "1";
const AT_ONCE = 250; // things changed by one update, so that none is too long
const STEP = "step"; // what is taken back together
const REMOTE = Symbol("remote");
const LOCAL = Symbol("local");

export class BoardStore extends EventTarget {
  /** @param {{page: number, key: string, now: number}} me as the server's `welcome` says */
  constructor({ page, key, now }) {
    super();
    this.pageNumber = page;
    this.key = key;
    this.clockAhead = Date.now() - now;
    this.count = 0;
    this.doc = new Doc();
    this.doc.clientID = page;
    this.items = this.doc.getMap("items");
    this.places = this.doc.getMap("places");
    this.texts = this.doc.getMap("texts");
    this.pages = this.doc.getMap("pages");
    this.history = new UndoManager([this.places, this.texts, this.pages], {
      trackedOrigins: new Set([LOCAL]),
      captureTimeout: 1e9,
    });
    for (const map of [this.items, this.places, this.texts])
      map.observe((/** @type {any} */ event) => this.#emit("change", { keys: event.keysChanged }));
    this.pages.observe(() => this.#emit("pages", {}));
    this.doc.on("update", (/** @type {Uint8Array} */ bytes, /** @type {unknown} */ origin) => {
      if (origin !== REMOTE) this.#emit("update", { bytes });
    });
    for (const news of ["stack-item-added", "stack-item-updated"])
      this.history.on(news, (/** @type {any} */ { stackItem }) =>
        stackItem.meta.set(STEP, this.#replayed ?? this.#step),
      );
    for (const news of ["stack-item-added", "stack-item-popped", "stack-cleared"])
      this.history.on(news, () => this.#emit("history", {}));
  }

  /** @param {Uint8Array} bytes */
  receive(bytes) {
    applyUpdate(this.doc, bytes, REMOTE);
  }

  // -- reading -------------------------------------------------------------------------------------------------------

  /** @param {string} key @returns {Thing | null} what is shown under this key */
  thing(key) {
    const item = this.items.get(key);
    const place = this.places.get(key);
    return item && place ? { key, item, place, words: this.texts.get(key) ?? "" } : null;
  }

  /** @returns {IterableIterator<string>} */
  keys() {
    return this.places.keys();
  }

  /** @returns {[string, Page][]} in their order; there is always one */
  pageList() {
    /** @type {Map<string, Page>} */
    const pages = new Map([[FIRST_PAGE, { rank: 0, paper: "plain" }]]);
    for (const [key, page] of this.pages.entries()) pages.set(key, page);
    return [...pages].sort(([, one], [, other]) => one.rank - other.rank);
  }

  /** The rank above everything that is there. */
  top() {
    let top = 0;
    for (const place of this.places.values()) top = Math.max(top, place.z);
    return Math.min(top + 1, 3_900_000);
  }

  // -- writing -------------------------------------------------------------------------------------------------------

  #step = 0;
  #inStep = 0; // things changed since the history began a part of the step
  /** @type {number | null} the step that is being taken back or done again */
  #replayed = null;

  /** What follows can be taken back by itself. */
  step() {
    this.#step += 1;
    this.#inStep = 0;
    this.history.stopCapturing();
  }

  /** @param {Omit<Item, "by" | "at">} item @param {string} [words] @returns {string} its key */
  add(item, words = "") {
    this.step();
    this.count += 1;
    const key = `${this.pageNumber.toString(36)}-${this.count.toString(36)}`;
    this.#write(() => {
      this.items.set(key, { ...item, by: this.key, at: Math.round(Date.now() - this.clockAhead) });
      this.places.set(key, { x: 0, y: 0, sx: 1, sy: 1, z: this.nextTop() });
      if (words) this.texts.set(key, words);
    });
    return key;
  }

  #top = -1;

  /** @returns {number} */
  nextTop() {
    this.#top = this.#top < 0 ? this.top() : this.#top + 1;
    return this.#top;
  }

  /** @param {Iterable<[string, Place]>} places */
  put(places) {
    this.step();
    this.#inParts([...places], ([key, place]) => this.items.has(key) && this.places.set(key, place));
  }

  /** Take things away; their way back stays. @param {Iterable<string>} keys */
  remove(keys, { goesOn = false } = {}) {
    if (!goesOn) this.step();
    this.#inParts([...keys], (key) => this.places.delete(key));
  }

  /** @param {string} key @param {string} words */
  write(key, words) {
    this.step();
    this.#write(() => this.texts.set(key, [...words].slice(0, 2000).join("")));
  }

  /** @param {string} key @param {Page} page */
  setPage(key, page) {
    this.step();
    this.#write(() => this.pages.set(key, page));
  }

  /** @returns {string} the key of a new page at the end */
  addPage() {
    const last = this.pageList().at(-1)?.[1] ?? { rank: 0, paper: "plain" };
    this.count += 1;
    const key = `${this.pageNumber.toString(36)}-p${this.count.toString(36)}`.slice(0, 21);
    this.setPage(key, { rank: last.rank + 1, paper: last.paper });
    return key;
  }

  undo() {
    this.#replay(this.history.undoStack, () => this.history.undo());
  }

  redo() {
    this.#replay(this.history.redoStack, () => this.history.redo());
  }

  /**
   * The last step of a stack, part after part: each part is an update of its own, and none is too long. A step with which nothing changes any more
   * (others have changed it since) is passed over.
   *
   * @param {any[]} stack @param {() => object | null} act
   */
  #replay(stack, act) {
    for (let isDone = false; !isDone && stack.length;) {
      const step = (this.#replayed = stack.at(-1).meta.get(STEP));
      const earlier = stack.splice(
        0,
        stack.findIndex(({ meta }) => meta.get(STEP) === step),
      );
      while (stack.length) isDone = act() !== null || isDone;
      stack.unshift(...earlier);
    }
    this.#replayed = null;
    this.#emit("history", {});
  }

  get canUndo() {
    return this.history.undoStack.length > 0;
  }

  get canRedo() {
    return this.history.redoStack.length > 0;
  }

  /** @template T @param {T[]} many @param {(one: T) => unknown} act */
  #inParts(many, act) {
    for (let start = 0; start < many.length; start += AT_ONCE) {
      const part = many.slice(start, start + AT_ONCE);
      this.#write(() => part.forEach(act), part.length);
    }
  }

  /** @param {() => void} act @param {number} things that it changes */
  #write(act, things = 1) {
    this.#inStep += things;
    if (this.#inStep > AT_ONCE) {
      this.history.stopCapturing();
      this.#inStep = things;
    }
    this.doc.transact(act, LOCAL);
  }

  /** @param {string} name @param {object} detail */
  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
