/**
 * Mouse, pen, fingers and keys over a board. One finger draws until a pen has been seen; from then on fingers and palms only move the view. Two
 * fingers move and zoom it, the wheel scrolls, with Ctrl it zooms. Keys move a cross: Enter or the space bar puts the tool down and lifts it.
 *
 * @typedef {import("./tools.js").Spot} Spot
 */
const WHEEL = 0.0016;
const STEP = 12;
const FAR_STEP = 60;
const NEAR_EDGE = 24;
const EVEN = 0.5;

export class BoardInput {
  /** @type {{x: number, y: number} | null} the cross of the keyboard, in board units */
  cross = null;
  isDown = false;
  /** @type {Map<number, {x: number, y: number}>} fingers on the surface */
  #fingers = new Map();
  #pointer = -1;
  #hasPen = false;
  #isPanning = false;
  #isSpace = false;
  /** @type {{x: number, y: number}} */
  #last = { x: 0, y: 0 };

  /**
   * @param {HTMLElement} place @param {import("./surface.js").Surface} surface @param {import("./tools.js").Tools} tools
   * @param {{pointed: (x: number, y: number) => void, refused: () => void, key: (event: KeyboardEvent) => boolean}} board
   */
  constructor(place, surface, tools, board) {
    this.place = place;
    this.surface = surface;
    this.tools = tools;
    this.board = board;
    place.addEventListener("pointerdown", (event) => this.#down(event));
    place.addEventListener("pointermove", (event) => this.#move(event));
    for (const name of ["pointerup", "pointercancel"])
      place.addEventListener(name, (event) => this.#up(/** @type {PointerEvent} */ (event)));
    place.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    place.addEventListener("contextmenu", (event) => event.preventDefault());
    place.addEventListener("keydown", (event) => this.#keyDown(event));
    place.addEventListener("keyup", (event) => event.key === " " && (this.#isSpace = false));
    place.addEventListener("blur", () => this.#dropCross());
  }

  // -- pointers ------------------------------------------------------------------------------------------------------

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.target !== this.surface.above && event.target !== this.place) return;
    this.cross = null;
    this.place.focus({ preventScroll: true });
    this.place.setPointerCapture(event.pointerId);
    const at = this.#at(event);
    if (event.pointerType === "pen") this.#hasPen = true;
    if (event.pointerType === "touch") {
      this.#fingers.set(event.pointerId, at);
      if (this.#hasPen || this.#fingers.size > 1) {
        if (this.#pointer !== -1) this.#stop();
        return;
      }
    }
    if (this.#pointer !== -1) return;
    this.#pointer = event.pointerId;
    this.#last = at;
    const isMiddle = event.pointerType === "mouse" && event.button !== 0;
    this.#isPanning = isMiddle || this.#isSpace || this.tools.name === "hand";
    if (this.#isPanning) return;
    const begun = this.tools.begin(this.#spot(event), { extends: event.shiftKey });
    if (!begun) this.#stop(true);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const at = this.#at(event);
    const [x, y] = this.surface.toBoard(at.x, at.y);
    if (event.pointerType !== "touch") this.board.pointed(x, y);
    if (this.#fingers.has(event.pointerId) && (this.#hasPen || this.#fingers.size > 1)) return this.#pinch(event, at);
    if (event.pointerId !== this.#pointer) return;
    if (this.#isPanning) {
      this.surface.pan(at.x - this.#last.x, at.y - this.#last.y);
      this.#last = at;
      return;
    }
    const events = event.getCoalescedEvents?.() ?? [];
    this.tools.go(
      (events.length ? events : [event]).map((one) => this.#spot(one)),
      { even: event.shiftKey },
    );
  }

  /** @param {PointerEvent} event */
  #up(event) {
    this.#fingers.delete(event.pointerId);
    if (event.pointerId !== this.#pointer) return;
    this.#pointer = -1;
    if (this.#isPanning) this.#isPanning = false;
    else if (event.type === "pointercancel") this.tools.giveUp();
    else this.tools.end(this.#spot(event));
  }

  #stop(isRefused = false) {
    this.#pointer = -1;
    this.#isPanning = false;
    this.tools.giveUp();
    if (isRefused) this.board.refused();
  }

  /** @param {PointerEvent} event @param {{x: number, y: number}} at */
  #pinch(event, at) {
    const before = this.#fingers.get(event.pointerId);
    const other = [...this.#fingers].find(([id]) => id !== event.pointerId)?.[1];
    this.#fingers.set(event.pointerId, at);
    if (!before) return;
    if (!other) return this.surface.pan(at.x - before.x, at.y - before.y);
    const middle = { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 };
    const wide = Math.hypot(at.x - other.x, at.y - other.y);
    const wideBefore = Math.hypot(before.x - other.x, before.y - other.y) || 1;
    this.surface.pan((at.x - before.x) / 2, (at.y - before.y) / 2);
    this.surface.zoom(wide / wideBefore, middle.x, middle.y);
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    event.preventDefault();
    const unit = event.deltaMode === 1 ? 16 : 1;
    const at = this.#at(event);
    if (event.ctrlKey || event.metaKey) this.surface.zoom(Math.exp(-event.deltaY * unit * WHEEL * 3), at.x, at.y);
    else if (event.shiftKey && !event.deltaX) this.surface.pan(-event.deltaY * unit, 0);
    else this.surface.pan(-event.deltaX * unit, -event.deltaY * unit);
  }

  /** @param {MouseEvent} event */
  #at(event) {
    const corner = this.place.getBoundingClientRect();
    return { x: event.clientX - corner.left, y: event.clientY - corner.top };
  }

  /** @param {PointerEvent} event @returns {Spot} */
  #spot(event) {
    const at = this.#at(event);
    const [x, y] = this.surface.toBoard(at.x, at.y);
    return { x, y, pressure: event.pointerType === "pen" ? event.pressure || EVEN : EVEN };
  }

  // -- keys ----------------------------------------------------------------------------------------------------------

  /** @param {KeyboardEvent} event */
  #keyDown(event) {
    if (event.target !== this.place) return;
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const arrow = arrows[/** @type {keyof typeof arrows} */ (event.key)];
    if (arrow && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const step = (event.shiftKey ? FAR_STEP : STEP) / this.surface.view.zoom;
      this.#arrow((arrow[0] ?? 0) * step, (arrow[1] ?? 0) * step);
    } else if ((event.key === "Enter" || event.key === " ") && this.cross) this.#press();
    else if (event.key === " ") this.#isSpace = true;
    else if (event.key === "Escape") this.#dropCross();
    else if (!this.board.key(event)) return;
    event.preventDefault();
  }

  /** @param {number} x @param {number} y */
  #arrow(x, y) {
    if (this.tools.name === "select" && this.tools.selection.keys.size && !this.isDown) {
      this.tools.selection.shift(x, y);
      return;
    }
    const middle = this.surface.toBoard(this.surface.width / 2, this.surface.height / 2);
    const before = this.cross ?? { x: middle[0], y: middle[1] };
    this.cross = this.cross ? { x: before.x + x, y: before.y + y } : before;
    this.#keepSeen();
    this.board.pointed(this.cross.x, this.cross.y);
    if (this.isDown) this.tools.go([{ ...this.cross, pressure: EVEN }]);
    this.surface.draw();
  }

  #press() {
    const spot = { .../** @type {{x: number, y: number}} */ (this.cross), pressure: EVEN };
    if (this.isDown) {
      this.isDown = false;
      this.tools.end(spot);
    } else if (this.tools.name !== "hand") {
      this.isDown = this.tools.begin(spot);
      if (!this.isDown) this.board.refused();
      if (["text", "note", "select", "eraser"].includes(this.tools.name)) {
        this.isDown = false;
        this.tools.end(spot);
      }
    }
    this.surface.draw();
  }

  #dropCross() {
    if (this.isDown || this.tools.draft) this.tools.giveUp();
    this.isDown = false;
    this.cross = null;
    this.tools.selection.clear();
    this.surface.draw();
  }

  #keepSeen() {
    if (!this.cross) return;
    const [x, y] = this.surface.toScreen(this.cross.x, this.cross.y);
    const over = (/** @type {number} */ at, /** @type {number} */ size) =>
      at < NEAR_EDGE ? NEAR_EDGE - at : at > size - NEAR_EDGE ? size - NEAR_EDGE - at : 0;
    this.surface.pan(over(x, this.surface.width), over(y, this.surface.height));
  }
}
