/**
 * Things that are chosen: by a tap, by a frame around them or from the outline; moved, scaled by the handle, copied and taken away.
 *
 * @typedef {import("./painter.js").Box} Box
 * @typedef {import("./store.js").Place} Place
 * @typedef {import("./store.js").Thing} Thing
 */
const HANDLE = 10; // pixels
const COPY_OFFSET = 24;

export class Selection extends EventTarget {
  /** @type {Set<string>} */
  keys = new Set();
  /** @type {{x: number, y: number, kind: "move" | "scale" | "frame", things: Thing[], box: Box | null} | null} */
  #drag = null;
  #by = { x: 0, y: 0, scale: 1 };
  /** @type {Box | null} */
  frame = null;

  /** @param {any} board as Tools have it */
  constructor(board) {
    super();
    this.board = board;
  }

  /** @param {Iterable<string>} keys */
  set(keys) {
    this.keys = new Set(keys);
    this.board.surface.draw();
    this.dispatchEvent(new Event("change"));
  }

  clear() {
    if (this.keys.size) this.set([]);
  }

  /** Those that are still there. @returns {Thing[]} */
  get things() {
    const things = [...this.keys].map((key) => this.board.store().thing(key));
    return things.filter((thing) => thing && thing.item.page === this.board.surface.page);
  }

  /** @returns {Box | null} */
  get box() {
    const boxes = this.things.map((thing) => this.board.painter.box(thing));
    return boxes.reduce(union, null);
  }

  /** @param {{x: number, y: number}} spot @param {boolean} isMore @param {boolean} mayMove */
  begin(spot, isMore, mayMove) {
    this.#by = { x: 0, y: 0, scale: 1 };
    const reach = HANDLE / this.board.surface.view.zoom;
    const box = this.box;
    if (mayMove && box && Math.hypot(spot.x - box.maxX, spot.y - box.maxY) < reach * 1.6)
      return this.#take("scale", spot, box);
    const at = { minX: spot.x - reach, minY: spot.y - reach, maxX: spot.x + reach, maxY: spot.y + reach };
    const hit = this.board.surface
      .within(at)
      .find((/** @type {Thing} */ one) => this.board.painter.touches(one, spot.x, spot.y, reach / 2));
    if (!hit) {
      if (!isMore) this.clear();
      this.#drag = { ...spot, kind: "frame", things: [], box: null };
      return;
    }
    if (isMore)
      this.set(this.keys.has(hit.key) ? [...this.keys].filter((key) => key !== hit.key) : [...this.keys, hit.key]);
    else if (!this.keys.has(hit.key)) this.set([hit.key]);
    if (mayMove) this.#take("move", spot, this.box);
  }

  /** @param {{x: number, y: number}} spot */
  go(spot) {
    if (!this.#drag) return;
    const { x, y, kind, box } = this.#drag;
    if (kind === "frame")
      this.frame = {
        minX: Math.min(x, spot.x),
        minY: Math.min(y, spot.y),
        maxX: Math.max(x, spot.x),
        maxY: Math.max(y, spot.y),
      };
    else if (kind === "move") this.#by = { x: spot.x - x, y: spot.y - y, scale: 1 };
    else if (box) {
      const before = Math.hypot(box.maxX - box.minX, box.maxY - box.minY) || 1;
      const scale = Math.hypot(Math.max(1, spot.x - box.minX), Math.max(1, spot.y - box.minY)) / before;
      this.#by = { x: 0, y: 0, scale: Math.min(20, Math.max(0.05, scale)) };
    }
  }

  end() {
    const drag = this.#drag;
    this.#drag = null;
    if (drag?.kind === "frame" && this.frame) {
      const frame = this.frame;
      this.frame = null;
      const inside = this.board.surface.within(frame).filter((/** @type {Thing} */ thing) => {
        const box = this.board.painter.box(thing);
        return box.minX >= frame.minX && box.maxX <= frame.maxX && box.minY >= frame.minY && box.maxY <= frame.maxY;
      });
      this.set([...this.keys, ...inside.map((/** @type {Thing} */ { key }) => key)]);
    } else if (drag && drag.kind !== "frame") {
      const isMoved = this.#by.x || this.#by.y || this.#by.scale !== 1;
      if (isMoved) this.board.store().put(drag.things.map((thing) => [thing.key, this.#moved(thing.place, drag.box)]));
      for (const { key } of drag.things) this.board.surface.changed(key);
    }
  }

  giveUp() {
    const things = this.#drag?.things ?? [];
    this.#drag = null;
    this.frame = null;
    for (const { key } of things) this.board.surface.changed(key);
  }

  /** Move what is chosen. @param {number} x @param {number} y */
  shift(x, y) {
    this.board.store().put(this.things.map(({ key, place }) => [key, { ...place, x: place.x + x, y: place.y + y }]));
  }

  remove() {
    const keys = [...this.keys];
    this.clear();
    this.board.store().remove(keys);
  }

  /** The same things once more, a little below. */
  copy() {
    const store = this.board.store();
    const copies = this.things.map(({ item, place, words }) => {
      const { by, at, ...rest } = item;
      const key = store.add(rest, words);
      return /** @type {[string, Place]} */ ([
        key,
        { ...place, x: place.x + COPY_OFFSET, y: place.y + COPY_OFFSET, z: store.nextTop() },
      ]);
    });
    store.put(copies);
    this.set(copies.map(([key]) => key));
  }

  /** Above or below everything else. @param {boolean} isUp */
  order(isUp) {
    const store = this.board.store();
    const lowest = Math.min(
      0,
      ...this.board.surface.keys().map((/** @type {string} */ key) => store.thing(key)?.place.z ?? 0),
    );
    store.put(this.things.map(({ key, place }) => [key, { ...place, z: isUp ? store.nextTop() : lowest - 1 }]));
  }

  /** @param {CanvasRenderingContext2D} context @param {string} colour */
  draw(context, colour) {
    const zoom = this.board.surface.view.zoom;
    context.strokeStyle = context.fillStyle = colour;
    context.lineWidth = 1.5 / zoom;
    context.setLineDash([5 / zoom, 4 / zoom]);
    if (this.frame) outline(context, this.frame);
    if (this.#drag && this.#drag.kind !== "frame") this.#drawDragged(context);
    const box = this.#drag?.things.length ? null : this.box;
    if (box) {
      context.strokeStyle = context.fillStyle = colour;
      context.lineWidth = 1.5 / zoom;
      outline(context, box);
      context.fillRect(box.maxX - HANDLE / 2 / zoom, box.maxY - HANDLE / 2 / zoom, HANDLE / zoom, HANDLE / zoom);
    }
    context.setLineDash([]);
  }

  /** @param {CanvasRenderingContext2D} context */
  #drawDragged(context) {
    context.setLineDash([]);
    for (const thing of this.#drag?.things ?? [])
      this.board.painter.draw(context, { ...thing, place: this.#moved(thing.place, this.#drag?.box ?? null) });
  }

  /** @param {"move" | "scale"} kind @param {{x: number, y: number}} spot @param {Box | null} box */
  #take(kind, spot, box) {
    this.#drag = { x: spot.x, y: spot.y, kind, things: this.things, box };
    for (const { key } of this.#drag.things) this.board.surface.lift(key);
  }

  /** @param {Place} place @param {Box | null} box @returns {Place} */
  #moved(place, box) {
    const { x, y, scale } = this.#by;
    const [left, top] = box ? [box.minX, box.minY] : [0, 0];
    return {
      x: left + (place.x - left) * scale + x,
      y: top + (place.y - top) * scale + y,
      sx: place.sx * scale,
      sy: place.sy * scale,
      z: place.z,
    };
  }
}

/** @param {Box | null} one @param {Box} other @returns {Box} */
function union(one, other) {
  if (!one) return other;
  return {
    minX: Math.min(one.minX, other.minX),
    minY: Math.min(one.minY, other.minY),
    maxX: Math.max(one.maxX, other.maxX),
    maxY: Math.max(one.maxY, other.maxY),
  };
}

/** @param {CanvasRenderingContext2D} context @param {Box} box */
function outline(context, { minX, minY, maxX, maxY }) {
  context.strokeRect(minX, minY, maxX - minX, maxY - minY);
}
