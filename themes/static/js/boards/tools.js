/**
 * What the pen, a finger, the mouse or the keyboard's cross does with each tool: every tool begins, goes on and ends at points of the board, and
 * can be given up half-way.
 *
 * @typedef {import("./points.js").Point} Point
 * @typedef {import("./store.js").Thing} Thing
 * @typedef {import("./store.js").Item} Item
 * @typedef {Omit<Item, "by" | "at">} Draft
 * @typedef {{x: number, y: number, pressure: number}} Spot
 */
import { MOST_POINTS, encodePoints } from "./points.js";
import { Selection } from "./selection.js";

const STROKES = ["pen", "marker"];
const SHAPES = ["line", "arrow", "rectangle", "ellipse"];
const LEAST = 3; // board units between two points of a stroke that tell anything, where nothing is zoomed
const SMALLEST_SHAPE = 4;
const NOTE = { w: 180, h: 120 };
const TEXT_WIDTH = 260;

export class Tools {
  name = "pen";
  colour = 0;
  width = 3;
  /** @type {Draft | null} what is being drawn */
  draft = null;
  /** @type {Point[]} */
  points = [];
  /** @type {{x: number, y: number} | null} */
  #from = null;
  #isErasing = false;

  /**
   * @param {{surface: import("./surface.js").Surface, painter: import("./painter.js").Painter, store: () => import("./store.js").BoardStore,
   *   moments: import("./moments.js").Moments, mayDraw: () => boolean, edit: (draft: Draft, key: string | null) => void,
   *   own: () => number}} board
   */
  constructor(board) {
    this.board = board;
    this.selection = new Selection(board);
  }

  /** @param {string} name */
  choose(name) {
    this.giveUp();
    this.name = name;
    if (name !== "select") this.selection.clear();
  }

  /** Whether the tool changes what is on the board. */
  get writes() {
    return !["hand", "laser", "select"].includes(this.name);
  }

  /** @param {Spot} spot @param {{extends?: boolean}} [how] @returns {boolean} whether something began */
  begin(spot, how = {}) {
    if (this.writes && !this.board.mayDraw()) return false;
    this.#from = { x: spot.x, y: spot.y };
    if (STROKES.includes(this.name)) {
      this.points = [[spot.x, spot.y, spot.pressure]];
      this.draft = this.#draftOf(this.name, {});
    } else if (SHAPES.includes(this.name)) this.draft = this.#draftOf(this.name, { x: spot.x, y: spot.y, w: 0, h: 0 });
    else if (this.name === "eraser") {
      this.board.store().step();
      this.#isErasing = true;
      this.#erase(spot);
    } else if (this.name === "select") this.selection.begin(spot, Boolean(how.extends), this.board.mayDraw());
    else if (this.name === "laser") this.#shine(spot);
    else if (this.name !== "text" && this.name !== "note") return false;
    return true;
  }

  /** @param {Spot[]} spots @param {{even?: boolean}} [how] `even`: as wide as high, or straight */
  go(spots, how = {}) {
    const last = spots.at(-1);
    if (!last || !this.#from) return;
    if (this.draft && STROKES.includes(this.draft.kind)) this.#growStroke(spots);
    else if (this.draft) this.#growShape(last, Boolean(how.even));
    else if (this.#isErasing) for (const spot of spots) this.#erase(spot);
    else if (this.name === "select") this.selection.go(last);
    else if (this.name === "laser") this.#shine(last);
    this.board.surface.draw();
  }

  /** @param {Spot} spot */
  end(spot) {
    const from = this.#from;
    this.#from = null;
    this.#isErasing = false;
    if (!from) return;
    if (this.draft) this.#finish();
    else if (this.name === "select") this.selection.end();
    else if (this.name === "text" || this.name === "note") this.#write(spot);
    this.board.surface.draw();
  }

  /** Nothing of it is kept. */
  giveUp() {
    if (this.draft) this.board.moments.draw(null);
    this.draft = null;
    this.points = [];
    this.#from = null;
    this.#isErasing = false;
    this.selection.giveUp();
    this.board.surface.draw();
  }

  /** @param {string} kind @param {Partial<Item>} more @returns {Draft} */
  #draftOf(kind, more) {
    return { kind, page: this.board.surface.page, colour: this.colour, width: this.width, ...more };
  }

  /** @param {Spot[]} spots */
  #growStroke(spots) {
    const least = LEAST / this.board.surface.view.zoom / 3;
    for (const { x, y, pressure } of spots) {
      const [lastX = x, lastY = y] = this.points.at(-1) ?? [];
      if (Math.hypot(x - lastX, y - lastY) >= least) this.points.push([x, y, pressure]);
    }
    if (this.draft) this.board.moments.draw(this.draft, this.points);
    if (this.points.length >= MOST_POINTS) this.#splitStroke();
  }

  /** A line without end becomes several. */
  #splitStroke() {
    const { draft, points } = this;
    const last = points.at(-1);
    this.#finish();
    this.draft = draft;
    this.points = last ? [last] : [];
  }

  /** @param {Spot} spot @param {boolean} isEven */
  #growShape(spot, isEven) {
    if (!this.draft || !this.#from) return;
    let w = spot.x - this.#from.x;
    let h = spot.y - this.#from.y;
    if (isEven && ["line", "arrow"].includes(this.draft.kind)) {
      const angle = (Math.round(Math.atan2(h, w) / (Math.PI / 12)) * Math.PI) / 12;
      const length = Math.hypot(w, h);
      [w, h] = [Math.cos(angle) * length, Math.sin(angle) * length];
    } else if (isEven) h = Math.abs(w) * (Math.sign(h) || 1);
    this.draft = { ...this.draft, w, h };
    this.board.moments.draw(this.draft);
  }

  #finish() {
    const { draft, points } = this;
    this.draft = null;
    this.points = [];
    this.board.moments.draw(null);
    if (!draft || !this.board.mayDraw()) return;
    if (STROKES.includes(draft.kind)) this.board.store().add({ ...draft, points: encoded(points) });
    else if (Math.hypot(draft.w ?? 0, draft.h ?? 0) >= SMALLEST_SHAPE) this.board.store().add(rounded(draft));
  }

  /** @param {Spot} spot */
  #erase(spot) {
    const reach = 8 / this.board.surface.view.zoom;
    const box = { minX: spot.x - reach, minY: spot.y - reach, maxX: spot.x + reach, maxY: spot.y + reach };
    const touched = this.board.surface
      .within(box)
      .filter((one) => this.board.painter.touches(one, spot.x, spot.y, reach));
    if (touched.length)
      this.board.store().remove(
        touched.map(({ key }) => key),
        { goesOn: true },
      );
  }

  /** @param {Spot} spot */
  #shine(spot) {
    this.board.moments.trail(this.board.own(), spot);
    this.board.moments.point(spot.x, spot.y, this.board.surface.page, true);
  }

  /** @param {Spot} spot */
  #write(spot) {
    const box = { minX: spot.x, minY: spot.y, maxX: spot.x, maxY: spot.y };
    const there = this.board.surface.within(box).find(({ item }) => item.kind === "text" || item.kind === "note");
    if (there) return this.board.edit(there.item, there.key);
    const size = this.name === "note" ? NOTE : { w: TEXT_WIDTH, h: 0 };
    const width = this.name === "note" ? 16 : Math.max(16, Math.min(64, this.width * 6));
    this.board.edit({ ...this.#draftOf(this.name, { x: spot.x, y: spot.y, ...size }), width }, null);
  }
}

/** @param {Point[]} points */
function encoded(points) {
  const most = points.length === 1 ? [...points, /** @type {Point} */ ([...(points[0] ?? [0, 0, 0.5])])] : points;
  return encodePoints(most);
}

/** @param {Draft} draft @returns {Draft} */
function rounded(draft) {
  const near = (/** @type {number | undefined} */ number) => Math.round((number ?? 0) * 4) / 4;
  return { ...draft, x: near(draft.x), y: near(draft.y), w: near(draft.w), h: near(draft.h) };
}
