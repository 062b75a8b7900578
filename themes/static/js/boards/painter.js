/**
 * Draws things, and knows how large they are. An item never changes, so its outline is made once.
 *
 * @typedef {import("./points.js").Point} Point
 * @typedef {import("./store.js").Item} Item
 * @typedef {import("./store.js").Thing} Thing
 * @typedef {{minX: number, minY: number, maxX: number, maxY: number}} Box  in board units
 */
import { decodePoints } from "./points.js";
import { getStroke } from "./vendor.js";

const EVEN = 0.5; // the pressure that devices without one report
const LINE_HEIGHT = 1.3;
const NOTE_PADDING = 12;
const MARKER_SEEN = 0.35;

export class Painter {
  /** @type {WeakMap<Item, Path2D>} */
  #outlines = new WeakMap();
  /** @type {WeakMap<Item, Point[]>} */
  #points = new WeakMap();
  /** @type {Map<string, HTMLImageElement>} */
  #pictures = new Map();

  /**
   * @param {{colours: string[], notes: string[], font: string, pictureUrl: (picture: string) => string, onPicture: (picture: string) => void}} look
   */
  constructor(look) {
    this.look = look;
  }

  /** @param {Item} item @returns {Point[]} */
  points(item) {
    let points = this.#points.get(item);
    if (!points) this.#points.set(item, (points = decodePoints(item.points ?? new Uint8Array())));
    return points;
  }

  /** Where an item lies before it is moved. @param {Item} item @returns {Box} */
  boxOf(item) {
    if (item.points) {
      const box = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity };
      for (const [x, y] of this.points(item)) {
        box.minX = Math.min(box.minX, x);
        box.minY = Math.min(box.minY, y);
        box.maxX = Math.max(box.maxX, x);
        box.maxY = Math.max(box.maxY, y);
      }
      return grown(box, item.width);
    }
    const { x = 0, y = 0, w = 0, h = 0 } = item;
    const box = {
      minX: Math.min(x, x + w),
      minY: Math.min(y, y + h),
      maxX: Math.max(x, x + w),
      maxY: Math.max(y, y + h),
    };
    return ["line", "arrow", "rectangle", "ellipse"].includes(item.kind) ? grown(box, item.width * 2) : box;
  }

  /** Where a thing lies. @param {Thing} thing @returns {Box} */
  box({ item, place, words }) {
    const box = this.boxOf(item);
    if (item.kind === "text" || item.kind === "note")
      box.maxY = Math.max(box.maxY, box.minY + this.#heightOf(item, words));
    const across = [box.minX * place.sx + place.x, box.maxX * place.sx + place.x];
    const down = [box.minY * place.sy + place.y, box.maxY * place.sy + place.y];
    return { minX: Math.min(...across), maxX: Math.max(...across), minY: Math.min(...down), maxY: Math.max(...down) };
  }

  /** @param {CanvasRenderingContext2D} context with board units @param {Thing} thing */
  draw(context, { item, place, words }) {
    context.save();
    context.translate(place.x, place.y);
    context.scale(place.sx, place.sy);
    this.drawItem(context, item, words);
    context.restore();
  }

  /** @param {CanvasRenderingContext2D} context @param {Item} item @param {string} [words] */
  drawItem(context, item, words = "") {
    const colour = this.look.colours[item.colour] ?? this.look.colours[0] ?? "";
    context.fillStyle = context.strokeStyle = colour;
    context.lineWidth = item.width;
    context.lineCap = context.lineJoin = "round";
    if (item.points) this.#stroke(context, item);
    else if (item.kind === "image") this.#picture(context, item);
    else if (item.kind === "text" || item.kind === "note") this.#words(context, item, words);
    else this.#shape(context, item);
  }

  /** Whether a pen at this point touches the thing. @param {Thing} thing @param {number} x @param {number} y @param {number} reach */
  touches(thing, x, y, reach) {
    const { item, place } = thing;
    const box = grown(this.box(thing), reach);
    if (x < box.minX || x > box.maxX || y < box.minY || y > box.maxY) return false;
    const atX = (x - place.x) / place.sx;
    const atY = (y - place.y) / place.sy;
    const near = reach / Math.min(Math.abs(place.sx), Math.abs(place.sy)) + item.width;
    if (item.points) return isNear(this.points(item), atX, atY, near);
    if (item.kind === "line" || item.kind === "arrow") {
      const { x: left = 0, y: top = 0, w = 0, h = 0 } = item;
      return isNear(
        [
          [left, top, 0],
          [left + w, top + h, 0],
        ],
        atX,
        atY,
        near,
      );
    }
    return true;
  }

  /** @param {CanvasRenderingContext2D} context @param {Item} item */
  #stroke(context, item) {
    let outline = this.#outlines.get(item);
    if (!outline) this.#outlines.set(item, (outline = outlineOf(this.points(item), item)));
    if (item.kind === "marker") context.globalAlpha = MARKER_SEEN;
    context.fill(outline);
  }

  /** @param {CanvasRenderingContext2D} context @param {Item} item */
  #shape(context, { kind, x = 0, y = 0, w = 0, h = 0, width }) {
    context.beginPath();
    if (kind === "rectangle") context.roundRect(x, y, w, h, Math.min(6, Math.abs(w) / 4, Math.abs(h) / 4));
    else if (kind === "ellipse")
      context.ellipse(x + w / 2, y + h / 2, Math.abs(w / 2), Math.abs(h / 2), 0, 0, Math.PI * 2);
    else {
      context.moveTo(x, y);
      context.lineTo(x + w, y + h);
      if (kind === "arrow") {
        const angle = Math.atan2(h, w);
        const side = Math.min(12 + width * 2, Math.hypot(w, h) / 2);
        for (const turn of [0.5, -0.5]) {
          context.moveTo(x + w, y + h);
          context.lineTo(x + w - Math.cos(angle + turn) * side, y + h - Math.sin(angle + turn) * side);
        }
      }
    }
    context.stroke();
  }

  /** @param {CanvasRenderingContext2D} context @param {Item} item */
  #picture(context, { picture = "", x = 0, y = 0, w = 0, h = 0 }) {
    let image = this.#pictures.get(picture);
    if (!image) {
      image = new Image();
      image.onload = () => this.look.onPicture(picture);
      image.src = this.look.pictureUrl(picture);
      this.#pictures.set(picture, image);
    }
    if (image.complete && image.naturalWidth) context.drawImage(image, x, y, w, h);
    else context.strokeRect(x, y, w, h);
  }

  /** @param {CanvasRenderingContext2D} context @param {Item} item @param {string} words */
  #words(context, item, words) {
    const { x = 0, y = 0, w = 0, h = 0 } = item;
    const padding = item.kind === "note" ? NOTE_PADDING : 0;
    if (item.kind === "note") {
      context.fillStyle = this.look.notes[item.colour] ?? this.look.notes[0] ?? "";
      context.fillRect(x, y, w, Math.max(h, this.#heightOf(item, words)));
      context.fillStyle = this.look.colours[0] ?? "";
    }
    context.font = this.fontOf(item);
    context.textBaseline = "top";
    context.direction = "inherit";
    let top = y + padding;
    for (const line of this.lines(item, words)) {
      context.fillText(line, x + padding, top);
      top += item.width * LINE_HEIGHT;
    }
  }

  /** @param {Item} item */
  fontOf(item) {
    return `${item.width}px ${this.look.font}`;
  }

  /** @param {Item} item @param {string} words */
  #heightOf(item, words) {
    const padding = item.kind === "note" ? NOTE_PADDING * 2 : 0;
    return this.lines(item, words).length * item.width * LINE_HEIGHT + padding;
  }

  /** The words in lines as wide as the item. @param {Item} item @param {string} words @returns {string[]} */
  lines(item, words) {
    measure.font = this.fontOf(item);
    const widest = Math.abs(item.w ?? 200) - (item.kind === "note" ? NOTE_PADDING * 2 : 0);
    return words.split("\n").flatMap((line) => wrapped(line, widest));
  }
}

const measure = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));

/** @param {string} line @param {number} widest @returns {string[]} */
function wrapped(line, widest) {
  const lines = [];
  let current = "";
  for (const word of line.split(/(?<=\s)/u)) {
    if (current && measure.measureText(current + word).width > widest) {
      lines.push(current);
      current = "";
    }
    for (const letter of word) {
      if (current && measure.measureText(current + letter).width > widest) {
        lines.push(current);
        current = "";
      }
      current += letter;
    }
  }
  return [...lines, current];
}

/** @param {Point[]} points @param {Item} item @returns {Path2D} */
export function outlineOf(points, { kind, width }) {
  const isEven = points.every(([, , pressure]) => Math.abs(pressure - EVEN) < 0.02);
  const outline = getStroke(points, {
    size: kind === "marker" ? width * 4 : width * 1.6,
    thinning: kind === "marker" ? 0 : 0.55,
    smoothing: 0.5,
    streamline: 0.35,
    simulatePressure: kind === "pen" && isEven,
    last: true,
  });
  const path = new Path2D();
  outline.forEach((/** @type {number[]} */ [x = 0, y = 0], /** @type {number} */ at) => {
    const [nextX, nextY] = outline[(at + 1) % outline.length];
    if (at === 0) path.moveTo((x + nextX) / 2, (y + nextY) / 2);
    else path.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  });
  path.closePath();
  return path;
}

/** @param {Box} box @param {number} by @returns {Box} */
export function grown(box, by) {
  return { minX: box.minX - by, minY: box.minY - by, maxX: box.maxX + by, maxY: box.maxY + by };
}

/** @param {Point[]} points @param {number} x @param {number} y @param {number} near */
function isNear(points, x, y, near) {
  return points.some(([fromX, fromY], at) => {
    const [toX, toY] = points[at + 1] ?? [fromX, fromY];
    const length = (toX - fromX) ** 2 + (toY - fromY) ** 2;
    const share = length
      ? Math.min(1, Math.max(0, ((x - fromX) * (toX - fromX) + (y - fromY) * (toY - fromY)) / length))
      : 0;
    return Math.hypot(x - fromX - share * (toX - fromX), y - fromY - share * (toY - fromY)) <= near;
  });
}
