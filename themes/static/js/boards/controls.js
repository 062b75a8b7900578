/**
 * The buttons around a board, and their keys. Buttons carry data-tool, data-colour, data-width or data-act; what they need says the template.
 *
 * @typedef {import("./board.js").Board} Board
 */
import { closest, findAll, required } from "../dom.js";
import { sentenceOf } from "../error-sentences.js";
import { postForm } from "../http.js";
import { fill, text } from "../texts.js";
import { Pointers } from "./pointers.js";
import { FIRST_PAGE } from "./store.js";

/** @type {Record<string, string>} tools by letter */
const LETTERS = {
  p: "pen",
  m: "marker",
  e: "eraser",
  v: "select",
  h: "hand",
  l: "line",
  a: "arrow",
  r: "rectangle",
  o: "ellipse",
  t: "text",
  n: "note",
  k: "laser",
};
const ZOOM = 1.25;

export class BoardControls {
  pointers = new Pointers();

  /** @param {Board} board @param {AbortSignal} signal */
  constructor(board, signal) {
    this.board = board;
    const { element } = board;
    element.addEventListener("click", (event) => this.#clicked(event), { signal });
    this.paper = required(element, '[data-board="paper"]', HTMLSelectElement);
    this.paper.addEventListener("change", () => this.#choosePaper(), { signal });
    board.tools.selection.addEventListener("change", () => this.showSelection());
    for (const button of findAll(element, "[data-colour]", HTMLElement))
      button.style.setProperty("--swatch", board.options.colours[Number(button.dataset.colour)] ?? "");
    this.#show();
    this.showRights();
    this.showZoom();
  }

  /** @param {string} tool */
  choose(tool) {
    this.board.tools.choose(tool);
    this.#show();
    this.showSelection();
  }

  /** A key over the board. @param {KeyboardEvent} event @returns {boolean} whether it meant something */
  key(event) {
    const isCommand = event.ctrlKey || event.metaKey;
    const letter = event.key.toLowerCase();
    const { tools } = this.board;
    if (isCommand && letter === "z") this.#act(event.shiftKey ? "redo" : "undo");
    else if (isCommand && letter === "y") this.#act("redo");
    else if (isCommand && letter === "d") this.#act("copy");
    else if (isCommand && letter === "a") {
      this.choose("select");
      tools.selection.set(this.board.surface.keys());
    } else if (isCommand || event.altKey) return false;
    else if (event.key === "Delete" || event.key === "Backspace") this.#act("remove");
    else if (event.key === "+" || event.key === "=") this.#act("zoom-in");
    else if (event.key === "-") this.#act("zoom-out");
    else if (event.key === "0") this.#act("fit");
    else if (event.key === "PageDown") this.#turn(1);
    else if (event.key === "PageUp") this.#turn(-1);
    else if (LETTERS[letter]) this.choose(LETTERS[letter]);
    else return false;
    return true;
  }

  // -- what is shown -------------------------------------------------------------------------------------------------

  #show() {
    const { tools, element } = this.board;
    for (const button of findAll(element, "[data-tool]", HTMLElement))
      press(button, button.dataset.tool === tools.name);
    for (const button of findAll(element, "[data-colour]", HTMLElement))
      press(button, Number(button.dataset.colour) === tools.colour);
    for (const button of findAll(element, "[data-width]", HTMLElement))
      press(button, Number(button.dataset.width) === tools.width);
    element.dataset.tool = tools.name;
  }

  showRights() {
    const { element, mayDraw } = this.board;
    for (const part of findAll(element, "[data-draws-only]", HTMLElement)) part.toggleAttribute("inert", !mayDraw);
    this.paper.disabled = !mayDraw;
    this.#part("look-only").hidden = mayDraw || element.dataset.state === undefined;
    this.showHistory();
    this.showSelection();
  }

  showHistory() {
    const { store, mayDraw } = this.board;
    this.#enable("undo", mayDraw && store.canUndo);
    this.#enable("redo", mayDraw && store.canRedo);
  }

  showSelection() {
    const { tools, mayDraw } = this.board;
    this.#part("selection").hidden = !tools.selection.keys.size || !mayDraw;
  }

  showZoom() {
    this.#part("zoom").textContent = `${Math.round(this.board.surface.view.zoom * 100)} %`;
  }

  /** @param {number} left updates that are not stored yet @param {boolean} waits and cannot be at the moment */
  showSaving(left, waits) {
    const { element } = this.board;
    const state = waits ? "not-saved" : "saving";
    this.#part("saving").textContent = text(left ? state : "saved", element);
  }

  showPages() {
    const { store, page, element } = this.board;
    const pages = store.pageList();
    const at = pages.findIndex(([key]) => key === page);
    this.#part("page").textContent = fill(text("page", element), { number: at + 1, count: pages.length });
    this.#enable("previous", at > 0);
    this.#enable("next", at < pages.length - 1);
    this.paper.value = pages[at]?.[1].paper ?? "plain";
  }

  showPeople() {
    const names = this.board.people.map(({ name }) => name);
    const place = this.#part("people");
    place.textContent = String(this.board.people.length);
    place.parentElement?.setAttribute("title", names.join(", "));
    this.#part("people-names").textContent = names.join(", ");
  }

  // -- what is done --------------------------------------------------------------------------------------------------

  /** @param {Event} event */
  #clicked(event) {
    const button = closest(event, "[data-tool], [data-colour], [data-width], [data-act]", HTMLElement);
    if (!button) return;
    const { tool, colour, width, act } = button.dataset;
    if (tool) this.choose(tool);
    else if (colour) this.board.tools.colour = Number(colour);
    else if (width) this.board.tools.width = Number(width);
    else if (act) this.#act(act);
    this.#show();
  }

  /** @param {string} act */
  #act(act) {
    const { board } = this;
    const { store, surface, tools, mayDraw } = board;
    const { selection } = tools;
    /** @type {Record<string, () => void>} */
    const always = {
      "zoom-in": () => surface.zoom(ZOOM),
      "zoom-out": () => surface.zoom(1 / ZOOM),
      fit: () => surface.fit(),
      previous: () => this.#turn(-1),
      next: () => this.#turn(1),
      save: () => void this.#save(),
    };
    /** @type {Record<string, () => void>} */
    const drawing = {
      undo: () => store.undo(),
      redo: () => store.redo(),
      picture: () => board.pictures.choose(),
      "add-page": () => board.turnTo(store.addPage()),
      clear: () => this.#clear(),
      remove: () => selection.remove(),
      copy: () => selection.copy(),
      up: () => selection.order(true),
      down: () => selection.order(false),
    };
    if (always[act]) always[act]();
    else if (mayDraw) drawing[act]?.();
  }

  /** Keep the board as it is now, with what is stored of it. */
  async #save() {
    const { board } = this;
    board.say(text("keeping", board.element));
    try {
      board.say((await postForm(board.element.dataset.saving ?? "", {}, { timeoutMs: 90_000 })).message);
    } catch (error) {
      board.say(sentenceOf(error), "warning");
    }
  }

  #clear() {
    const { store, surface, element } = this.board;
    store.remove(surface.keys());
    this.board.say(text("cleared", element));
  }

  /** @param {number} by */
  #turn(by) {
    const pages = this.board.store.pageList();
    const at = pages.findIndex(([key]) => key === this.board.page);
    const there = pages[at + by];
    if (there) this.board.turnTo(there[0]);
    if (there) this.board.surface.fit();
  }

  #choosePaper() {
    const { store, page } = this.board;
    const rank = store.pageList().find(([key]) => key === page)?.[1].rank ?? 0;
    if (this.board.mayDraw) store.setPage(page || FIRST_PAGE, { rank, paper: this.paper.value });
  }

  /** @param {string} name */
  #part(name) {
    return required(this.board.element, `[data-board="${name}"]`, HTMLElement);
  }

  /** @param {string} act @param {boolean} can */
  #enable(act, can) {
    for (const button of findAll(this.board.element, `[data-act="${act}"]`, HTMLButtonElement)) button.disabled = !can;
  }
}

/** @param {HTMLElement} button @param {boolean} isOn */
function press(button, isOn) {
  button.setAttribute("aria-pressed", String(isOn));
}
