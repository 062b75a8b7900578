/**
 * What others do at this moment and nobody keeps: the thing that they draw, where they point. Written as JSON in few bytes; a growing stroke sends
 * what was added, and all of it now and then, for those who have missed some.
 *
 * @typedef {import("./store.js").Item} Item
 * @typedef {import("./points.js").Point} Point
 * @typedef {{x: number, y: number, laser: boolean, at: number, page: string}} Pointer
 * @typedef {{item: Item, points: Point[], at: number}} Growing
 */
import { decodePoints, encodePoints } from "./points.js";
import { DRAWING, POINTER } from "./link.js";

const STAYS_MS = 4000;
const LASER_MS = 1200;
const MOST_BYTES = 5500;

export class Moments {
  /** @type {Map<number, Growing>} by page number */
  drawings = new Map();
  /** @type {Map<number, Pointer>} */
  pointers = new Map();
  /** @type {Map<number, {x: number, y: number, at: number}[]>} */
  lasers = new Map();

  /** @param {import("./link.js").BoardLink} link */
  constructor(link) {
    this.link = link;
  }

  /** @param {Omit<Item, "by" | "at"> | null} item as far as it is drawn; null: it is finished or given up @param {Point[]} [points] */
  draw(item, points = []) {
    if (!item) return this.link.say(DRAWING, new Uint8Array());
    const { points: none, ...rest } = item;
    const head = new TextEncoder().encode(JSON.stringify(rest));
    let body = encodePoints(points);
    if (body.length + head.length > MOST_BYTES)
      body = encodePoints(points.filter((each, at) => at % 4 === 0)).slice(0, MOST_BYTES - head.length);
    const content = new Uint8Array(1 + head.length + body.length);
    content[0] = Math.min(255, head.length);
    content.set(head, 1);
    content.set(body, 1 + head.length);
    if (head.length <= 255) this.link.say(DRAWING, content);
  }

  /** @param {number} x @param {number} y @param {string} page @param {boolean} isLaser */
  point(x, y, page, isLaser) {
    const said = JSON.stringify([Math.round(x), Math.round(y), page, isLaser ? 1 : 0]);
    this.link.say(POINTER, new TextEncoder().encode(said));
  }

  /** @param {import("./link.js").Moment[]} moments what came; what makes no sense is left out */
  hear(moments) {
    for (const { page, kind, content } of moments)
      try {
        if (kind === DRAWING) this.#hearDrawing(page, content);
        else if (kind === POINTER) this.#hearPointer(page, content);
      } catch {
        continue; // because whoever sends nonsense is heard by nobody
      }
  }

  /** Only those who are there. @param {number[]} pages */
  onlyThese(pages) {
    for (const known of [this.drawings, this.pointers, this.lasers])
      for (const page of known.keys()) if (!pages.includes(page)) known.delete(page);
  }

  /** Forget what is over; whether anything is left that moves. @param {number} now */
  forgetOld(now) {
    for (const [page, { at }] of this.drawings) if (now - at > STAYS_MS) this.drawings.delete(page);
    for (const [page, { at }] of this.pointers) if (now - at > STAYS_MS) this.pointers.delete(page);
    for (const [page, trail] of this.lasers) {
      const left = trail.filter(({ at }) => now - at < LASER_MS);
      if (left.length) this.lasers.set(page, left);
      else this.lasers.delete(page);
    }
    return this.lasers.size > 0;
  }

  /** @param {number} page @param {{x: number, y: number}} point */
  trail(page, point) {
    const trail = this.lasers.get(page) ?? [];
    this.lasers.set(page, [...trail.slice(-100), { x: point.x, y: point.y, at: performance.now() }]);
  }

  /** @param {number} page @param {Uint8Array} content */
  #hearDrawing(page, content) {
    if (!content.length) return void this.drawings.delete(page);
    const end = 1 + /** @type {number} */ (content[0]);
    const item = JSON.parse(new TextDecoder().decode(content.subarray(1, end)));
    if (typeof item !== "object" || item === null || !isFinite(item.width) || item.width > 64) return;
    if (["x", "y", "w", "h"].some((side) => side in item && !isFinite(item[side]))) return;
    const points = decodePoints(content.subarray(end));
    const isStroke = item.kind === "pen" || item.kind === "marker";
    this.drawings.set(page, {
      item: isStroke ? { ...item, points: content.subarray(end) } : { ...item, points: undefined },
      points,
      at: performance.now(),
    });
  }

  /** @param {number} page @param {Uint8Array} content */
  #hearPointer(page, content) {
    const [x, y, at, laser] = JSON.parse(new TextDecoder().decode(content));
    if (!isFinite(x) || !isFinite(y)) return;
    const pointer = { x, y, page: String(at), laser: laser === 1, at: performance.now() };
    this.pointers.set(page, pointer);
    if (pointer.laser) this.trail(page, pointer);
  }
}
