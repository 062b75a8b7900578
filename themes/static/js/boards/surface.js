/**
 * What is seen of a board: one canvas of tiles that are drawn once and kept, and one above it for what changes with every frame. No element
 * stands for a thing; a spatial index finds what lies in a tile.
 *
 * @typedef {import("./painter.js").Box} Box
 * @typedef {import("./store.js").Thing} Thing
 * @typedef {Box & {key: string, z: number}} Entry
 * @typedef {{canvas: HTMLCanvasElement, context: CanvasRenderingContext2D, top: number, used: number}} Tile
 */
import { grown } from "./painter.js";
import { RBush } from "./vendor.js";

const TILE = 512; // device pixels
const MOST_TILES = 72;
const FRAME_MS = 8; // in which tiles are drawn, before the frame is shown with what there is
const LEAST_ZOOM = 0.1;
const MOST_ZOOM = 8;
const MOST_PIXEL_RATIO = 2;

export class Surface {
  view = { x: 0, y: 0, zoom: 1 };
  paper = "plain";
  page = "";
  /** @type {Map<string, Entry>} */
  #entries = new Map();
  #index = new RBush();
  /** @type {Map<string, Tile>} */
  #tiles = new Map();
  #frame = 0;
  #ratio = 1;
  /** @type {(context: CanvasRenderingContext2D) => void} */
  drawAbove = () => {};
  onView = () => {};

  /**
   * @param {HTMLElement} place @param {import("./painter.js").Painter} painter
   * @param {{paper: string, lines: string, thing: (key: string) => Thing | null}} options
   */
  constructor(place, painter, options) {
    this.painter = painter;
    this.options = options;
    this.canvas = document.createElement("canvas");
    this.above = document.createElement("canvas");
    this.canvas.className = "board__canvas";
    this.above.className = "board__canvas board__canvas--above";
    place.append(this.canvas, this.above);
    this.#sizes = new ResizeObserver(() => this.#resize(place));
    this.#sizes.observe(place);
    this.#resize(place);
  }

  #sizes;

  close() {
    this.#sizes.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#tiles.clear();
  }

  get width() {
    return this.canvas.width / this.#ratio;
  }

  get height() {
    return this.canvas.height / this.#ratio;
  }

  // -- things --------------------------------------------------------------------------------------------------------

  /** Show another page. @param {string} page @param {string} paper @param {Iterable<Thing>} things */
  show(page, paper, things) {
    this.page = page;
    this.paper = paper;
    this.#entries.clear();
    this.#index.clear();
    const entries = [...things].map((thing) => this.#entryOf(thing));
    for (const entry of entries) this.#entries.set(entry.key, entry);
    this.#index.load(entries);
    this.#tiles.clear();
    this.draw();
  }

  /** Something has come, gone or moved. @param {string} key */
  changed(key) {
    const before = this.#entries.get(key);
    const thing = this.options.thing(key);
    const isHere = thing?.item.page === this.page;
    if (before) {
      this.#index.remove(before);
      this.#entries.delete(key);
      this.#spoil(before);
    }
    if (thing && isHere) {
      const entry = this.#entryOf(thing);
      this.#index.insert(entry);
      this.#entries.set(key, entry);
      this.#drawOnTiles(entry, thing);
    }
    this.draw();
  }

  /** Not on the tiles until it is put down: it is drawn above them meanwhile. @param {string} key */
  lift(key) {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#index.remove(entry);
    this.#entries.delete(key);
    this.#spoil(entry);
    this.draw();
  }

  /** @param {string} picture that has been loaded */
  pictureCame(picture) {
    for (const entry of this.#entries.values())
      if (this.options.thing(entry.key)?.item.picture === picture) this.#spoil(entry);
    this.draw();
  }

  /** What lies there, the topmost first. @param {Box} box @returns {Thing[]} */
  within(box) {
    const found = /** @type {Entry[]} */ (this.#index.search(box)).sort((one, other) => other.z - one.z);
    return found.map(({ key }) => this.options.thing(key)).filter((thing) => thing !== null);
  }

  /** The keys of everything on the page, the lowest first. @returns {string[]} */
  keys() {
    return [...this.#entries.values()].sort((one, other) => one.z - other.z).map(({ key }) => key);
  }

  /** Where everything lies together. @returns {Box | null} */
  extent() {
    const all = [...this.#entries.values()];
    if (!all.length) return null;
    return all.reduce(
      (sum, one) => ({
        minX: Math.min(sum.minX, one.minX),
        minY: Math.min(sum.minY, one.minY),
        maxX: Math.max(sum.maxX, one.maxX),
        maxY: Math.max(sum.maxY, one.maxY),
      }),
      /** @type {Box} */ ({ ...all[0] }),
    );
  }

  /** @param {Thing} thing @returns {Entry} */
  #entryOf(thing) {
    return { ...this.painter.box(thing), key: thing.key, z: thing.place.z };
  }

  // -- the view ------------------------------------------------------------------------------------------------------

  /** @param {number} x in pixels of the page, from the corner of the board @param {number} y @returns {[number, number]} */
  toBoard(x, y) {
    return [x / this.view.zoom + this.view.x, y / this.view.zoom + this.view.y];
  }

  /** @param {number} x in board units @param {number} y @returns {[number, number]} */
  toScreen(x, y) {
    return [(x - this.view.x) * this.view.zoom, (y - this.view.y) * this.view.zoom];
  }

  /** @param {number} x in pixels @param {number} y */
  pan(x, y) {
    this.view.x -= x / this.view.zoom;
    this.view.y -= y / this.view.zoom;
    this.#viewChanged();
  }

  /** @param {number} factor @param {number} [x] what stays where it is, in pixels @param {number} [y] */
  zoom(factor, x = this.width / 2, y = this.height / 2) {
    const [atX, atY] = this.toBoard(x, y);
    this.view.zoom = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, this.view.zoom * factor));
    this.view.x = atX - x / this.view.zoom;
    this.view.y = atY - y / this.view.zoom;
    this.#viewChanged();
  }

  /** Without telling anybody. @param {number} x what is in the middle, in board units @param {number} y @param {number} zoom */
  lookAt(x, y, zoom) {
    this.view.zoom = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, zoom));
    this.view.x = x - this.width / 2 / this.view.zoom;
    this.view.y = y - this.height / 2 / this.view.zoom;
    this.draw();
  }

  /** See everything, or the beginning of an empty page. */
  fit() {
    const extent = this.extent();
    if (!extent) this.view = { x: -40, y: -40, zoom: 1 };
    else {
      const { minX, minY, maxX, maxY } = grown(extent, 40);
      const zoom = Math.min(1.5, this.width / (maxX - minX), this.height / (maxY - minY));
      this.view.zoom = Math.max(LEAST_ZOOM, zoom || 1);
      this.view.x = (minX + maxX) / 2 - this.width / 2 / this.view.zoom;
      this.view.y = (minY + maxY) / 2 - this.height / 2 / this.view.zoom;
    }
    this.#viewChanged();
  }

  #viewChanged() {
    this.draw();
    this.onView();
  }

  // -- drawing -------------------------------------------------------------------------------------------------------

  /** With the next frame. */
  draw() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#drawTiles();
      this.#drawAbove();
    });
  }

  /** @param {HTMLElement} place */
  #resize(place) {
    this.#ratio = Math.min(devicePixelRatio || 1, MOST_PIXEL_RATIO);
    for (const canvas of [this.canvas, this.above]) {
      canvas.width = Math.max(1, Math.round(place.clientWidth * this.#ratio));
      canvas.height = Math.max(1, Math.round(place.clientHeight * this.#ratio));
    }
    this.draw();
  }

  /** Tiles are as fine as the power of two above what is seen, so that zooming a little needs no new ones. */
  get #level() {
    return Math.ceil(Math.log2(this.view.zoom * this.#ratio) - 0.01);
  }

  #drawTiles() {
    const context = contextOf(this.canvas);
    const scale = this.view.zoom * this.#ratio;
    const side = TILE / 2 ** this.#level; // board units
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = this.options.paper;
    context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    this.#drawPaper(context, scale);
    const [left, top] = [Math.floor(this.view.x / side), Math.floor(this.view.y / side)];
    const right = Math.floor((this.view.x + this.canvas.width / scale) / side);
    const bottom = Math.floor((this.view.y + this.canvas.height / scale) / side);
    const until = performance.now() + FRAME_MS;
    let isWhole = true;
    for (let row = top; row <= bottom; row++)
      for (let column = left; column <= right; column++) {
        const tile = this.#tile(column, row, side, performance.now() < until);
        if (!tile) isWhole = false;
        else if (tile.top >= 0) {
          const size = Math.ceil(side * scale);
          const x = Math.round((column * side - this.view.x) * scale);
          const y = Math.round((row * side - this.view.y) * scale);
          context.drawImage(tile.canvas, x, y, size, size);
        }
      }
    if (!isWhole) this.draw();
    this.#forget();
  }

  /** @param {number} column @param {number} row @param {number} side @param {boolean} hasTime @returns {Tile | null} */
  #tile(column, row, side, hasTime) {
    const name = `${this.#level}:${column}:${row}`;
    let tile = this.#tiles.get(name);
    if (!tile && !hasTime) return null;
    if (!tile) {
      const box = { minX: column * side, minY: row * side, maxX: (column + 1) * side, maxY: (row + 1) * side };
      const entries = /** @type {Entry[]} */ (this.#index.search(box)).sort((one, other) => one.z - other.z);
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = entries.length ? TILE : 1;
      const context = contextOf(canvas);
      context.setTransform(TILE / side, 0, 0, TILE / side, -box.minX * (TILE / side), -box.minY * (TILE / side));
      for (const { key } of entries) {
        const thing = this.options.thing(key);
        if (thing) this.painter.draw(context, thing);
      }
      tile = { canvas, context, top: entries.at(-1)?.z ?? -1, used: 0 };
      this.#tiles.set(name, tile);
    }
    tile.used = performance.now();
    return tile;
  }

  /** What is new and lies above everything else is drawn on the tiles that there are; else they are drawn anew. @param {Entry} entry @param {Thing} thing */
  #drawOnTiles(entry, thing) {
    for (const [name, tile] of this.#tilesOf(entry)) {
      if (tile.top >= 0 && entry.z > tile.top) {
        this.painter.draw(tile.context, thing);
        tile.top = entry.z;
      } else this.#tiles.delete(name);
    }
  }

  /** @param {Entry} entry */
  #spoil(entry) {
    for (const [name] of this.#tilesOf(entry)) this.#tiles.delete(name);
  }

  /** @param {Box} box @returns {[string, Tile][]} */
  #tilesOf(box) {
    return [...this.#tiles].filter(([name]) => {
      const [level = 0, column = 0, row = 0] = name.split(":").map(Number);
      const side = TILE / 2 ** level;
      return (
        box.maxX >= column * side &&
        box.minX <= (column + 1) * side &&
        box.maxY >= row * side &&
        box.minY <= (row + 1) * side
      );
    });
  }

  #forget() {
    if (this.#tiles.size <= MOST_TILES) return;
    const oldest = [...this.#tiles].sort(([, one], [, other]) => one.used - other.used);
    for (const [name] of oldest.slice(0, this.#tiles.size - MOST_TILES)) this.#tiles.delete(name);
  }

  /** @param {CanvasRenderingContext2D} context @param {number} scale */
  #drawPaper(context, scale) {
    const gaps = {
      plain: [],
      ruled: [[0, 36]],
      squared: [[0, 24]],
      staff: [
        [0, 120],
        [10, 120],
        [20, 120],
        [30, 120],
        [40, 120],
      ],
    };
    context.strokeStyle = this.options.lines;
    context.lineWidth = Math.max(1, Math.min(2, scale));
    context.beginPath();
    for (const [offset = 0, gap = 0] of gaps[/** @type {keyof typeof gaps} */ (this.paper)] ?? []) {
      if (gap * scale < 5) continue;
      const first = Math.ceil((this.view.y - offset) / gap);
      for (let at = first; (at * gap + offset - this.view.y) * scale < this.canvas.height; at++) {
        const y = Math.round((at * gap + offset - this.view.y) * scale) + 0.5;
        context.moveTo(0, y);
        context.lineTo(this.canvas.width, y);
      }
      if (this.paper !== "squared") continue;
      for (let at = Math.ceil(this.view.x / gap); (at * gap - this.view.x) * scale < this.canvas.width; at++) {
        const x = Math.round((at * gap - this.view.x) * scale) + 0.5;
        context.moveTo(x, 0);
        context.lineTo(x, this.canvas.height);
      }
    }
    context.stroke();
  }

  #drawAbove() {
    const context = contextOf(this.above);
    const scale = this.view.zoom * this.#ratio;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.above.width, this.above.height);
    context.setTransform(scale, 0, 0, scale, -this.view.x * scale, -this.view.y * scale);
    this.drawAbove(context);
  }
}

/** @param {HTMLCanvasElement} canvas */
function contextOf(canvas) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
}
