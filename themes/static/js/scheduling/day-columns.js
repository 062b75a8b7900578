/**
 * <day-columns>: one day, a column for each practitioner. Whoever drags in an empty place makes an appointment there, whoever drags one moves it
 * in time or to a colleague, and its lower edge is its end; with Alt and the arrow keys the same goes without a pointer (Shift: its end).
 * The page asks for days by `show`, and hears of the day by the event "turned".
 *
 * @typedef {{id: string, title: string, detail: string, from: number, until: number, tone: number, color: string, editable: boolean, move: string,
 *   version: string, summary: string, answer: string, answerTone: string, elsewhere: string[], marks: string[],
 *   practitioner: string}} DayEvent
 * @typedef {{from: number, until: number, kind: string, name: string}} Shade
 * @typedef {{key: string, name: string, initials: string, color: string, tone: number, books: boolean, shade: Shade[], events: DayEvent[]}} Column
 */
import { find, required } from "../dom.js";
import { getJson } from "../http.js";
import { showError } from "../components/toast-region.js";
import { addressOf } from "./calendar-address.js";
import { moveWithQuestion, openSheet } from "./calendar-moves.js";
import { clock, copyOfPart, daysAfter, element, hourLabels, minutesOf, paint, timeOf } from "./day-parts.js";
import { ColumnDrag } from "./day-drag.js";
import { seated } from "./day-layout.js";

const STEP = 15; // minutes
const HOUR = 60;
const DAY = 24 * HOUR;
const OPENS_AT = 7 * HOUR; // the first hour that is in sight, unless something is earlier
const SHORTEST = 22; // minutes that a short appointment takes up, so that it can be read

class DayColumns extends HTMLElement {
  /** @type {Column[]} */
  #columns = [];
  #note = ""; // of those for whom there is no room
  #date = "";
  #asked = 0;
  #clock = 0;
  #drag = new ColumnDrag(this, {
    step: STEP,
    pick: (id) => this.#event(id),
    dropped: (event, place) => this.#move(event, place),
    selected: (key, from, until) => this.#book(key, from, until),
  });

  connectedCallback() {
    this.addEventListener("click", this.#pressed);
    this.addEventListener("keydown", this.#typed);
    this.#drag.listen();
    this.#clock = window.setInterval(() => this.#drawNow(), 30_000);
  }

  disconnectedCallback() {
    window.clearInterval(this.#clock);
    this.#drag.ignore();
  }

  get date() {
    return this.#date;
  }

  /** @param {string} date the day to show */
  async show(date) {
    const isOther = date !== this.#date;
    this.#date = date;
    await this.reload();
    if (isOther) this.#scrollToWork();
  }

  /** Days ahead of, or before, the one that is shown. @param {number} days */
  step(days) {
    return this.show(daysAfter(this.#date, days));
  }

  /** Ask again for what is shown; an answer that is overtaken is thrown away. */
  async reload() {
    const asked = ++this.#asked;
    const address = addressOf(this.dataset.columns, { date: this.#date });
    try {
      const { columns, note } = await getJson(address);
      if (asked !== this.#asked) return;
      this.#columns = columns;
      this.#note = note;
      this.#draw();
    } catch (error) {
      showError(error);
    }
  }

  #draw() {
    const focused = document.activeElement?.closest("[data-event]")?.getAttribute("data-event");
    const { scrollTop, scrollLeft } = this;
    const hours = hourLabels(this.dataset.language ?? "en");
    const track = element("div", "day-columns__track");
    track.style.setProperty("--columns", String(this.#columns.length));
    track.append(element("div", "day-columns__corner"), ...this.#columns.map((column) => this.#head(column)));
    track.append(hours, ...this.#columns.map((column) => this.#body(column)));
    this.replaceChildren(track);
    if (this.#note) this.append(element("p", "day-columns__note", this.#note));
    this.scrollTo(scrollLeft, scrollTop);
    this.#drawNow();
    if (focused) find(this, `[data-event="${focused}"]`, HTMLElement)?.focus({ preventScroll: true });
    this.toggleAttribute("data-drawn", true);
  }

  /** @param {Column} column */
  #head(column) {
    const head = copyOfPart("day-head");
    required(head, "[data-name]", HTMLElement).textContent = column.name;
    required(head, "[data-name]", HTMLElement).id = `column-${column.key}`;
    paint(head, column);
    const add = required(head, "[data-add]", HTMLButtonElement);
    add.hidden = !this.dataset.new || !column.books;
    add.setAttribute("aria-label", `${add.getAttribute("aria-label")}: ${column.name}`);
    add.dataset.add = column.key;
    return head;
  }

  /** @param {Column} column */
  #body(column) {
    const body = element("ol", "day-columns__body");
    body.dataset.column = column.key;
    body.setAttribute("aria-labelledby", `column-${column.key}`);
    body.toggleAttribute("data-books", Boolean(this.dataset.new) && column.books);
    body.append(...column.shade.map((shade) => this.#shade(shade)));
    const events = column.events.map((event) => ({
      event,
      from: event.from,
      until: Math.max(event.until, event.from + SHORTEST),
    }));
    body.append(...seated(events).map(({ event: { event }, seat }) => this.#entry(event, seat)));
    return body;
  }

  /** @param {Shade} shade */
  #shade(shade) {
    const block = element("li", `day-columns__shade day-columns__shade--${shade.kind}`);
    if (shade.name) block.append(element("span", "", shade.name));
    else block.setAttribute("aria-hidden", "true");
    place(block, shade.from, shade.until);
    return block;
  }

  /** @param {DayEvent} event @param {import('./day-layout.js').Seat} seat */
  #entry(event, { lane, lanes }) {
    const item = element("li", "day-columns__seat");
    place(item, event.from, event.until);
    item.style.setProperty("--lane", String(lane));
    item.style.setProperty("--lanes", String(lanes));
    const button = copyOfPart("day-event");
    button.dataset.event = event.id;
    button.toggleAttribute("data-movable", event.editable);
    paint(button, event);
    const until = timeOf(event.until, this.dataset.language);
    required(button, "[data-time]", HTMLElement).textContent =
      `${timeOf(event.from, this.dataset.language)} – ${until}`;
    required(button, "[data-what]", HTMLElement).textContent = event.title;
    required(button, "[data-marks]", HTMLElement).textContent = event.marks.join(" · ");
    const more = [event.detail, event.answer, ...event.elsewhere];
    required(button, "[data-detail]", HTMLElement).textContent = more.filter(Boolean).join(" · ");
    button.title = [event.title, ...event.marks, ...more].filter(Boolean).join(" · ");
    item.append(button);
    return item;
  }

  #drawNow() {
    if (!this.#columns.length) return;
    const now = clock(this.dataset.zone);
    find(this, ".day-columns__now", HTMLElement)?.remove();
    if (now.date !== this.#date) return;
    const line = element("div", "day-columns__now");
    line.style.setProperty("--from", String(now.minute));
    find(this, ".day-columns__track", HTMLElement)?.append(line);
  }

  /** The first that is booked, the hour before now, or the beginning of work: whichever is earliest in sight. */
  #scrollToWork() {
    const now = clock(this.dataset.zone);
    const first = Math.min(...this.#columns.flatMap(({ events }) => events.map(({ from }) => from)), DAY);
    const wanted = now.date === this.#date ? Math.min(Math.max(now.minute - HOUR, 0), OPENS_AT + HOUR * 4) : OPENS_AT;
    const body = find(this, ".day-columns__body", HTMLElement);
    if (body) this.scrollTop = (Math.min(first, wanted) / DAY) * body.offsetHeight;
  }

  /** @param {Event} event */
  #pressed = (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const add = target?.closest("[data-add]");
    if (add instanceof HTMLElement) return this.#book(add.dataset.add ?? "", null, null);
    const pressed = this.#event(target?.closest("[data-event]")?.getAttribute("data-event"));
    if (pressed && !this.#drag.hasJustEnded) openSheet(pressed.summary);
  };

  /** @param {KeyboardEvent} event */
  #typed = (event) => {
    const shown = this.#event(document.activeElement?.getAttribute("data-event"));
    if (!event.altKey || !shown?.editable) return;
    const by = { ArrowUp: -STEP, ArrowDown: STEP }[event.key];
    const aside = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const at = this.#columns.findIndex(({ key }) => key === shown.practitioner);
    const beside = this.#columns[at + (aside ?? 0) * (getComputedStyle(this).direction === "rtl" ? -1 : 1)];
    if (by === undefined && !aside) return;
    event.preventDefault(); // also beside the last column, because Alt and an arrow is the browser's way to another page
    if (by === undefined && !beside) return;
    const { from, until } = shown;
    if (by !== undefined && event.shiftKey)
      return this.#move(shown, { from, until: until + by, column: shown.practitioner });
    this.#move(shown, { from: from + (by ?? 0), until: until + (by ?? 0), column: beside?.key ?? shown.practitioner });
  };

  /** @param {DayEvent} event @param {{from: number, until: number, column: string}} to */
  async #move(event, to) {
    if (to.from < 0 || to.from >= DAY || to.until - to.from < STEP) return;
    const before = { ...minutesOf(this.#date, event.from, event.until), practitioner: event.practitioner };
    const after = { ...minutesOf(this.#date, to.from, to.until), practitioner: to.column };
    const around = {
      zone: this.dataset.zone ?? "",
      language: this.dataset.language ?? "",
      undo: this.dataset.undo ?? "",
      nameOf: (/** @type {string} */ key) => this.#columns.find((column) => column.key === key)?.name ?? "",
    };
    const { title, move, version } = event;
    const isSent = await moveWithQuestion({ title, move, version, before, after }, around, () => this.reload());
    if (!isSent) this.#draw();
  }

  /** @param {string} key of the column @param {number | null} from @param {number | null} until */
  #book(key, from, until) {
    const address = new URL(this.dataset.new ?? "", location.href);
    address.searchParams.set("schedule", key);
    const begins = from ?? Math.max(OPENS_AT + 2 * HOUR, this.#nextHour());
    const { date, time, minutes } = minutesOf(this.#date, Math.min(begins, DAY - STEP), until ?? begins + STEP);
    address.searchParams.set("date", date);
    address.searchParams.set("time", time);
    if (minutes > 2 * STEP) address.searchParams.set("minutes", String(minutes));
    openSheet(address.pathname + address.search);
  }

  #nextHour() {
    const now = clock(this.dataset.zone);
    return now.date === this.#date ? Math.ceil(now.minute / HOUR) * HOUR : 0;
  }

  /** @param {string | null | undefined} id */
  #event(id) {
    return this.#columns.flatMap(({ events }) => events).find((event) => event.id === id);
  }
}

/** @param {HTMLElement} one @param {number} from @param {number} until */
function place(one, from, until) {
  one.style.setProperty("--from", String(from));
  one.style.setProperty("--until", String(until));
}

customElements.define("day-columns", DayColumns);
export { DayColumns };
