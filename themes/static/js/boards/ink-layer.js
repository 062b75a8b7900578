/**
 * What is drawn over a shared screen, on a canvas above its picture. Points are ten-thousandths of the picture's width and height, so that everybody
 * sees them at the same place of it, however large it is there; widths are thousandths of its width.
 *
 * @typedef {{colour: number, width: number, points: number[]}} Stroke
 */
const WHOLE = 10_000;
const MOST_STROKES = 2000; // the oldest ones go
const HALO = 3; // pixels of white around a stroke, because nobody knows what lies below

export class InkLayer {
  /** @type {Map<string, Stroke>} */
  strokes = new Map();
  #drawing = 0;
  #watch = new ResizeObserver(() => this.draw());

  /** @param {HTMLCanvasElement} canvas @param {HTMLVideoElement} video @param {string[]} colours @param {AbortSignal} signal */
  constructor(canvas, video, colours, signal) {
    this.canvas = canvas;
    this.video = video;
    this.colours = colours;
    this.#watch.observe(canvas);
    for (const news of ["resize", "loadedmetadata"]) video.addEventListener(news, () => this.draw(), { signal });
    signal.addEventListener("abort", () => {
      this.#watch.disconnect();
      cancelAnimationFrame(this.#drawing);
    });
  }

  /** @param {string} name @param {Stroke} stroke as far as it is drawn */
  set(name, stroke) {
    this.strokes.set(name, stroke);
    const [oldest] = this.strokes.keys();
    if (this.strokes.size > MOST_STROKES && oldest !== undefined) this.strokes.delete(oldest);
    this.draw();
  }

  /** @param {Iterable<string>} names */
  remove(names) {
    for (const name of names) this.strokes.delete(name);
    this.draw();
  }

  clear() {
    this.strokes.clear();
    this.draw();
  }

  /** Where the picture lies on the canvas, without what is left of the tile beside it; null where there is none yet. */
  get picture() {
    const [canvas, video] = [this.canvas.getBoundingClientRect(), this.video.getBoundingClientRect()];
    const { videoWidth, videoHeight } = this.video;
    if (!videoWidth || !videoHeight || !video.width || !video.height) return null;
    const scale = Math.min(video.width / videoWidth, video.height / videoHeight);
    const [width, height] = [videoWidth * scale, videoHeight * scale];
    return {
      left: video.left - canvas.left + (video.width - width) / 2,
      top: video.top - canvas.top + (video.height - height) / 2,
      width,
      height,
    };
  }

  /** A place of the screen as one of the picture; null beside it. @param {{clientX: number, clientY: number}} spot @returns {[number, number] | null} */
  spot({ clientX, clientY }) {
    const { picture } = this;
    if (!picture) return null;
    const canvas = this.canvas.getBoundingClientRect();
    const x = Math.round(((clientX - canvas.left - picture.left) / picture.width) * WHOLE);
    const y = Math.round(((clientY - canvas.top - picture.top) / picture.height) * WHOLE);
    return x < 0 || y < 0 || x > WHOLE || y > WHOLE ? null : [x, y];
  }

  /** The strokes that a rubber touches. @param {[number, number]} spot @param {number} reach in pixels @returns {string[]} */
  touched([x, y], reach) {
    const { picture } = this;
    if (!picture) return [];
    const [acrossOne, downOne] = [picture.width / WHOLE, picture.height / WHOLE];
    const isNear = (/** @type {number[]} */ points) => {
      for (let at = 0; at < points.length; at += 2) {
        const last = Math.max(0, at - 2);
        const [fromX, fromY] = [(points[last] ?? 0) * acrossOne, (points[last + 1] ?? 0) * downOne];
        const [toX, toY] = [(points[at] ?? 0) * acrossOne, (points[at + 1] ?? 0) * downOne];
        if (distance(x * acrossOne, y * downOne, fromX, fromY, toX, toY) <= reach) return true;
      }
      return false;
    };
    return [...this.strokes].filter(([, { points }]) => isNear(points)).map(([name]) => name);
  }

  /** At the next frame. */
  draw() {
    this.#drawing ||= requestAnimationFrame(() => {
      this.#drawing = 0;
      this.#drawNow();
    });
  }

  #drawNow() {
    const { canvas, picture } = this;
    const sharp = devicePixelRatio || 1;
    canvas.width = Math.round(canvas.clientWidth * sharp);
    canvas.height = Math.round(canvas.clientHeight * sharp);
    const context = canvas.getContext("2d");
    if (!context || !picture) return;
    context.scale(sharp, sharp);
    context.translate(picture.left, picture.top);
    context.lineCap = context.lineJoin = "round";
    for (const { colour, width, points } of this.strokes.values()) {
      const path = new Path2D();
      const place = (/** @type {number} */ at) =>
        /** @type {[number, number]} */ ([
          ((points[at] ?? 0) / WHOLE) * picture.width,
          ((points[at + 1] ?? 0) / WHOLE) * picture.height,
        ]);
      path.moveTo(...place(0));
      for (let at = 0; at < points.length; at += 2) path.lineTo(...place(at));
      const thick = Math.max(3, (width / 1000) * picture.width);
      for (const [style, line] of /** @type {[string, number][]} */ ([
        ["white", thick + HALO],
        [this.colours[colour] ?? "black", thick],
      ])) {
        context.strokeStyle = style;
        context.lineWidth = line;
        context.stroke(path);
      }
    }
  }
}

/** Of a point from a line between two others. @param {number} x @param {number} y @param {number} fromX @param {number} fromY @param {number} toX @param {number} toY */
function distance(x, y, fromX, fromY, toX, toY) {
  const length = (toX - fromX) ** 2 + (toY - fromY) ** 2;
  const along = length
    ? Math.max(0, Math.min(1, ((x - fromX) * (toX - fromX) + (y - fromY) * (toY - fromY)) / length))
    : 0;
  return Math.hypot(x - fromX - along * (toX - fromX), y - fromY - along * (toY - fromY));
}
