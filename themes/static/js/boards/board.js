/**
 * A whiteboard in an element: `mount(element, options)` wires the markup of themes/templates/boards/_board.html to a board's document.
 *
 * @typedef {import("./tools.js").Draft} Draft
 * @typedef {import("./store.js").Thing} Thing
 * @typedef {{page: number, key: string, name: string, host: boolean, draws: boolean}} Person
 * @typedef {{socket: string, pictures: string, colours: string[], notes: string[], paper: string, lines: string, mark: string}} Options
 */
import { required, socketAddress } from "../dom.js";
import { fill, text } from "../texts.js";
import { BoardControls } from "./controls.js";
import { BoardInput } from "./input.js";
import { BoardLink } from "./link.js";
import { Moments } from "./moments.js";
import { Outline } from "./outline.js";
import { Painter } from "./painter.js";
import { Pictures } from "./pictures.js";
import { encodePoints } from "./points.js";
import { BoardStore, FIRST_PAGE } from "./store.js";
import { Surface } from "./surface.js";
import { TextEditor } from "./text-editor.js";
import { Tools } from "./tools.js";

const NEARLY_FULL = 80; // percent
/** @type {Record<number, string>} names of texts, by close code of the socket */
const CLOSED = {
  4401: "signed-out",
  4403: "cut-off",
  4404: "gone",
  4422: "broken",
  4428: "too-many",
  4429: "broken",
};

/** @param {HTMLElement} element @param {Options} options @returns {Board} */
export function mount(element, options) {
  return new Board(element, options);
}

export class Board {
  /** @type {Map<string, string>} by key */
  names = new Map();
  /** @type {Person[]} */
  people = [];
  mayDraw = false;
  /** Called when the board is looked at otherwise. */
  looked = () => {};
  page = FIRST_PAGE;
  #isFirst = true;
  #life = new AbortController();

  /** @param {HTMLElement} element @param {Options} options */
  constructor(element, options) {
    this.element = element;
    this.options = options;
    this.place = required(element, '[data-board="place"]', HTMLElement);
    this.status = required(element, '[data-board="status"]', HTMLElement);
    const font = getComputedStyle(element).fontFamily;
    this.painter = new Painter({
      ...options,
      font,
      pictureUrl: (picture) => `${options.pictures}${picture}/`,
      onPicture: (picture) => this.surface.pictureCame(picture),
    });
    this.surface = new Surface(this.place, this.painter, {
      paper: options.paper,
      lines: options.lines,
      thing: (key) => this.store.thing(key),
    });
    this.link = new BoardLink(socketAddress(options.socket));
    this.moments = new Moments(this.link);
    this.store = new BoardStore({ page: 1, key: "", now: Date.now() });
    this.tools = new Tools({
      surface: this.surface,
      painter: this.painter,
      moments: this.moments,
      store: () => this.store,
      mayDraw: () => this.mayDraw,
      edit: (draft, key) => this.editor.open(draft, key),
      own: () => this.store.pageNumber,
    });
    this.editor = new TextEditor(this.place, this);
    this.controls = new BoardControls(this, this.#life.signal);
    this.outline = new Outline(this);
    this.pictures = new Pictures(this, this.#life.signal);
    this.input = new BoardInput(this.place, this.surface, this.tools, {
      pointed: (x, y) => this.moments.point(x, y, this.page, false),
      refused: () => this.say(text("look-only", element)),
      key: (event) => this.controls.key(event),
    });
    this.surface.drawAbove = (context) => this.#drawAbove(context);
    this.surface.onView = () => {
      this.controls.showZoom();
      this.looked();
    };
    this.#followLink();
    addEventListener("beforeunload", (event) => this.link.left && event.preventDefault(), {
      signal: this.#life.signal,
    });
  }

  close() {
    this.#life.abort();
    this.link.close();
    this.surface.close();
  }

  /** @param {string} sentence in the board's foot; '' clears */
  say(sentence, tone = "") {
    this.status.textContent = sentence;
    this.status.dataset.tone = tone;
  }

  /** How it is looked at: the page, and the middle of what is seen. */
  get look() {
    const { surface, page } = this;
    const [x, y] = surface.toBoard(surface.width / 2, surface.height / 2);
    return { page, x, y, zoom: surface.view.zoom };
  }

  /** Look at it as somebody else does. @param {any} look */
  lookAt({ page, x, y, zoom }) {
    if (![x, y, zoom].every(Number.isFinite)) return;
    if (page !== this.page && this.store.pageList().some(([key]) => key === page)) this.turnTo(page);
    this.surface.lookAt(x, y, zoom);
    this.controls.showZoom();
  }

  /** @param {string} page */
  turnTo(page) {
    this.tools.giveUp();
    this.page = page;
    const paper = this.store.pageList().find(([key]) => key === page)?.[1].paper ?? "plain";
    this.surface.show(page, paper, this.#thingsOf(page));
    this.controls.showPages();
    this.outline.changed();
    this.looked();
  }

  /** @param {string} page @returns {Thing[]} */
  #thingsOf(page) {
    const things = [...this.store.keys()].map((key) => this.store.thing(key));
    return /** @type {Thing[]} */ (things.filter((thing) => thing?.item.page === page));
  }

  // -- the line ------------------------------------------------------------------------------------------------------

  #followLink() {
    const { link } = this;
    link.addEventListener("welcome", (event) => this.#welcomed(detail(event)));
    link.addEventListener("update", (event) => this.store.receive(detail(event).bytes));
    link.addEventListener("ready", () => this.#ready());
    link.addEventListener("moments", (event) => this.#hearMoments(detail(event).moments));
    link.addEventListener("people", (event) => this.#showPeople(detail(event).people));
    link.addEventListener("rights", (event) => this.#rightsChanged(detail(event)));
    link.addEventListener("saving", (event) => this.#showSaving(detail(event)));
    link.addEventListener("fullness", (event) => this.#showFullness(detail(event)));
    link.addEventListener("later", (event) => this.say(detail(event).message, "waiting"));
    link.addEventListener("refused", (event) => this.#refused(detail(event).message));
    link.addEventListener("error", (event) => this.say(detail(event).message, "warning"));
    link.addEventListener("down", (event) => this.#down(detail(event)));
  }

  /** @param {any} welcome */
  #welcomed(welcome) {
    this.names = new Map(Object.entries(welcome.names));
    this.mayDraw = welcome.draws;
    this.element.toggleAttribute("data-draws", welcome.draws);
    if (this.store.pageNumber !== welcome.page) this.#begin(welcome);
    this.controls.showRights();
    this.#showFullness(welcome);
  }

  /** An empty document, which is filled by what comes next. @param {any} welcome */
  #begin(welcome) {
    this.store = new BoardStore(welcome);
    this.store.addEventListener("update", (event) => this.link.store(detail(event).bytes));
    this.store.addEventListener("change", (event) => this.#changed(detail(event).keys));
    this.store.addEventListener("pages", () => this.#pagesChanged());
    this.store.addEventListener("history", () => this.controls.showHistory());
    this.tools.selection.clear();
    this.surface.show(this.page, "plain", []);
  }

  #ready() {
    this.say("");
    this.element.dataset.state = "ready";
    this.turnTo(this.page);
    if (this.#isFirst) this.surface.fit();
    this.#isFirst = false;
    this.#showSaving({ left: this.link.left, waits: false });
  }

  /** @param {{left: number, waits: boolean}} how many updates are not stored yet, and whether they wait to be sent again */
  #showSaving({ left, waits }) {
    this.controls.showSaving(left, waits);
    if (!left && this.status.dataset.tone === "waiting") this.say("");
  }

  /** @param {Set<string>} keys */
  #changed(keys) {
    if (keys.size > 500) this.turnTo(this.page);
    else for (const key of keys) this.surface.changed(key);
    this.outline.changed();
  }

  #pagesChanged() {
    const here = this.store.pageList().find(([key]) => key === this.page);
    if (!here) return this.turnTo(FIRST_PAGE);
    this.surface.paper = here[1].paper;
    this.surface.draw();
    this.controls.showPages();
  }

  /** What was refused is not on the board: the page takes it from the server anew. @param {string} sentence */
  #refused(sentence) {
    this.link.beginAnew();
    this.say(sentence, "warning");
    window.setTimeout(() => this.say(sentence, "warning"), 1500);
  }

  /** @param {{draws: boolean}} rights */
  #rightsChanged({ draws }) {
    this.mayDraw = draws;
    this.element.toggleAttribute("data-draws", draws);
    if (!draws) this.tools.giveUp();
    this.controls.showRights();
  }

  /** @param {{code: number, final: boolean}} how */
  #down({ code, final }) {
    this.element.dataset.state = final ? "over" : "away";
    if (!final) return this.say(text("away", this.element), "warning");
    this.mayDraw = false;
    this.controls.showRights();
    this.say(text(CLOSED[code] ?? "gone", this.element), "warning");
  }

  /** @param {{percent: number}} full */
  #showFullness({ percent }) {
    if (percent >= NEARLY_FULL) this.say(fill(text("nearly-full", this.element), { share: `${percent} %` }), "warning");
  }

  // -- the others ----------------------------------------------------------------------------------------------------

  /** @param {Person[]} people */
  #showPeople(people) {
    this.people = people;
    for (const { key, name } of people) this.names.set(key, name);
    this.moments.onlyThese(people.map(({ page }) => page));
    this.controls.showPeople();
    this.surface.draw();
  }

  /** @param {import("./link.js").Moment[]} moments */
  #hearMoments(moments) {
    this.moments.hear(moments);
    this.surface.draw();
  }

  /** @param {CanvasRenderingContext2D} context with board units */
  #drawAbove(context) {
    const now = performance.now();
    const { draft, points, selection } = this.tools;
    const growing = [...this.moments.drawings.values()]
      .map(({ item }) => item)
      .filter(({ page }) => page === this.page);
    for (const item of draft ? [...growing, this.#drawn(draft, points)] : growing) {
      context.save();
      this.painter.drawItem(context, item);
      context.restore();
    }
    selection.draw(context, this.options.mark);
    const isMoving = this.moments.forgetOld(now);
    this.controls.pointers.draw(context, this, now);
    if (isMoving) this.surface.draw();
  }

  /** @param {Draft} draft @param {import("./points.js").Point[]} points @returns {any} */
  #drawn(draft, points) {
    return draft.kind === "pen" || draft.kind === "marker" ? { ...draft, points: encodePoints(points) } : draft;
  }
}

/** @param {Event} event @returns {any} */
function detail(event) {
  return /** @type {CustomEvent} */ (event).detail;
}
