/**
 * Dragging in the columns of a day, with a mouse or a pen: an appointment to another time or column, its lower edge, or an empty place open.
 * A finger scrolls; it has the forms. Escape gives up.
 *
 * @typedef {import('./day-columns.js').DayEvent} DayEvent
 * @typedef {{from: number, until: number, column: string}} Target
 * @typedef {{step: number, pick: (id: string | null) => DayEvent | undefined, dropped: (event: DayEvent, target: Target) => void,
 *   selected: (column: string, from: number, until: number) => void}} Hooks
 * @typedef {{kind: 'move' | 'stretch' | 'open', event?: DayEvent, grabbed: number, column: string, x: number, y: number,
 *   shadow: HTMLElement | null, target: Target | null}} Held
 */
const DAY = 24 * 60;
const SLIP = 5; // px that are no drag yet
const EDGE = 40; // px from a border at which it scrolls

export class ColumnDrag {
  hasJustEnded = false;
  /** @type {Held | null} */
  #held = null;

  /** @param {HTMLElement} host @param {Hooks} hooks */
  constructor(host, hooks) {
    this.host = host;
    this.hooks = hooks;
  }

  listen() {
    this.host.addEventListener("pointerdown", this.#taken);
  }

  ignore() {
    this.host.removeEventListener("pointerdown", this.#taken);
    this.#end();
  }

  /** @param {PointerEvent} event */
  #taken = (event) => {
    if (event.button !== 0 || event.pointerType === "touch" || !(event.target instanceof Element)) return;
    const body = event.target.closest("[data-column]");
    if (!(body instanceof HTMLElement)) return;
    const dragged = this.hooks.pick(event.target.closest("[data-event]")?.getAttribute("data-event") ?? null);
    if (dragged ? !dragged.editable : body.dataset.books === undefined) return;
    const at = this.#minuteIn(body, event.clientY);
    const kind = !dragged ? "open" : event.target.closest("[data-edge]") ? "stretch" : "move";
    const grabbed = kind === "move" && dragged ? at - dragged.from : this.#snapped(at);
    const { clientX: x, clientY: y } = event;
    this.#held = { kind, event: dragged, grabbed, column: body.dataset.column ?? "", x, y, shadow: null, target: null };
    if (kind === "open") event.preventDefault(); // no text is to be marked
    document.addEventListener("pointermove", this.#dragged);
    document.addEventListener("pointerup", this.#let);
    document.addEventListener("pointercancel", this.#end);
    document.addEventListener("keydown", this.#typed, true);
  };

  /** @param {PointerEvent} event */
  #dragged = (event) => {
    const held = this.#held;
    if (!held || (!held.shadow && Math.hypot(event.clientX - held.x, event.clientY - held.y) < SLIP)) return;
    this.#scroll(event);
    const body =
      held.kind === "move" ? (this.#bodyAt(event.clientX) ?? this.#body(held.column)) : this.#body(held.column);
    if (!body) return;
    held.target = this.#target(held, body, this.#minuteIn(body, event.clientY));
    this.#show(body);
  };

  /** @param {Held} held @param {HTMLElement} body @param {number} at @returns {Target} */
  #target(held, body, at) {
    const { step } = this.hooks;
    const column = body.dataset.column ?? "";
    if (held.kind === "move" && held.event) {
      const length = held.event.until - held.event.from;
      const from = Math.min(Math.max(this.#snapped(at - held.grabbed), 0), DAY - step);
      return { from, until: from + length, column };
    }
    const anchor = held.event ? held.event.from : held.grabbed;
    const other = Math.min(this.#snapped(at + step / 2), DAY);
    if (held.kind === "stretch") return { from: anchor, until: Math.max(other, anchor + step), column };
    return { from: Math.min(anchor, other), until: Math.max(other, anchor + step), column };
  }

  /** @param {HTMLElement} body */
  #show(body) {
    const held = this.#held;
    if (!held?.target) return;
    held.shadow ??= document.createElement("li");
    held.shadow.className = "day-columns__shadow";
    held.shadow.setAttribute("aria-hidden", "true");
    held.shadow.textContent = held.event?.title ?? "";
    held.shadow.style.setProperty("--from", String(held.target.from));
    held.shadow.style.setProperty("--until", String(Math.min(held.target.until, DAY)));
    if (held.shadow.parentElement !== body) body.append(held.shadow);
    this.host.toggleAttribute("data-dragging", true);
  }

  #let = () => {
    const held = this.#held;
    this.#end();
    if (!held) return;
    if (held.kind === "open") {
      const target = held.target ?? { from: held.grabbed, until: held.grabbed + this.hooks.step, column: held.column };
      return this.hooks.selected(target.column, target.from, target.until);
    }
    if (!held.target || !held.event) return;
    this.hasJustEnded = true; // the click that follows opens nothing
    this.#forget();
    const { from, until, practitioner } = held.event;
    const { target } = held;
    if (target.from !== from || target.until !== until || target.column !== practitioner) {
      this.hooks.dropped(held.event, target);
    }
  };

  /** @param {KeyboardEvent} event */
  #typed = (event) => {
    if (event.key !== "Escape") return;
    this.#end();
    this.hasJustEnded = true; // until the button is let go: the click that follows opens nothing either
    document.addEventListener("pointerup", this.#forget, { once: true });
  };

  /** After the click. */
  #forget = () => {
    setTimeout(() => (this.hasJustEnded = false));
  };

  #end = () => {
    this.#held?.shadow?.remove();
    this.#held = null;
    this.host.removeAttribute("data-dragging");
    document.removeEventListener("pointermove", this.#dragged);
    document.removeEventListener("pointerup", this.#let);
    document.removeEventListener("pointercancel", this.#end);
    document.removeEventListener("keydown", this.#typed, true);
  };

  /** @param {PointerEvent} event */
  #scroll(event) {
    const box = this.host.getBoundingClientRect();
    const pull = (/** @type {number} */ at, /** @type {number} */ first, /** @type {number} */ last) =>
      at < first + EDGE ? -EDGE / 4 : at > last - EDGE ? EDGE / 4 : 0;
    this.host.scrollBy(pull(event.clientX, box.left, box.right), pull(event.clientY, box.top, box.bottom));
  }

  /** @param {number} minute */
  #snapped(minute) {
    return Math.floor(minute / this.hooks.step) * this.hooks.step;
  }

  /** @param {HTMLElement} body @param {number} y */
  #minuteIn(body, y) {
    const box = body.getBoundingClientRect();
    return Math.min(Math.max(((y - box.top) / box.height) * DAY, 0), DAY - 1);
  }

  /** @param {number} x */
  #bodyAt(x) {
    return this.#bodies().find((body) => {
      const box = body.getBoundingClientRect();
      return x >= box.left && x < box.right;
    });
  }

  /** @param {string} column */
  #body(column) {
    return this.#bodies().find((body) => body.dataset.column === column);
  }

  /** @returns {HTMLElement[]} */
  #bodies() {
    return /** @type {HTMLElement[]} */ ([...this.host.querySelectorAll("[data-column]")]);
  }
}
