/** The board in words, for who does not see it: one line for each thing, by which it can be chosen. Made when it is opened, and kept up to date. */
import { copyOf, required } from "../dom.js";
import { fill, text } from "../texts.js";

const MOST = 300;
const LATER_MS = 400;

export class Outline {
  #timer = 0;

  /** @param {import("./board.js").Board} board */
  constructor(board) {
    this.board = board;
    this.details = required(board.element, '[data-board="outline"]', HTMLDetailsElement);
    this.list = required(board.element, '[data-board="outline-list"]', HTMLElement);
    this.details.addEventListener("toggle", () => this.#show());
  }

  changed() {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#show(), LATER_MS);
  }

  #show() {
    if (!this.details.open) return;
    const { surface, store, element } = this.board;
    const keys = surface.keys();
    const lines = keys.slice(-MOST).map((key) => {
      const thing = store.thing(key);
      return thing ? this.#line(thing) : null;
    });
    const more = keys.length > MOST ? [words(fill(text("outline-more", element), { count: keys.length - MOST }))] : [];
    const none = keys.length ? [] : [words(text("outline-empty", element))];
    this.list.replaceChildren(...lines.filter((line) => line !== null), ...more, ...none);
  }

  /** @param {import("./store.js").Thing} thing */
  #line({ key, item, words: written }) {
    const { element, names, tools, controls } = this.board;
    const line = copyOf("board-outline-line");
    const button = required(line, "button", HTMLButtonElement);
    const values = { what: text(`kind-${item.kind}`, element), who: names.get(item.by) ?? text("somebody", element) };
    button.textContent = fill(text("outline-line", element), values) + (written ? `: ${written}` : "");
    button.addEventListener("click", () => {
      controls.choose("select");
      tools.selection.set([key]);
    });
    return line;
  }
}

/** @param {string} sentence */
function words(sentence) {
  const line = document.createElement("li");
  line.textContent = sentence;
  return line;
}
