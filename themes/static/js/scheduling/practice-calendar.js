/**
 * <practice-calendar>: on a wide screen, the week as a grid in which slots are clicked and appointments dragged; the day, where somebody runs
 * several schedules, as <day-columns>. The agenda that the server wrote inside stays for phones and for people without scripts. Every drag can
 * also be done by "Move…" on the appointment. What is shown is printed as an agenda, which is fetched beforehand, because a browser that
 * prints does not wait.
 *
 * @typedef {typeof import('../../../bundles/calendar.js')} Library
 * @typedef {{start: string, end: string, tone: number}} Row  as /calendar/events/ answers it, with what the library reads
 */
import { closest, find, findAll, required } from "../dom.js";
import { getJson, getPart } from "../http.js";
import { showError } from "../components/toast-region.js";
import { addressOf, isOfAnotherPage, remember } from "./calendar-address.js";
import { CalendarLegend } from "./calendar-legend.js";
import { moveWithQuestion, openSheet, wallTime } from "./calendar-moves.js";
import { DayColumns } from "./day-columns.js";
import { clock } from "./day-parts.js";
import { lineOf, shortOf } from "./event-lines.js";
import "../components/narrow-fold.js";
import "./booking-form.js";

const WIDE = window.matchMedia("(min-width: 56.0625rem)");
const VIEWS = { day: "timeGridDay", week: "timeGridWeek", month: "dayGridMonth" };
const EARLIEST = 7;
const LATEST = 20;
const MOST_ABREAST = 3; // the others are behind "+2"
const MINUTE_MS = 60000;
const SETTLED_MS = 400;
const SPREAD_MS = 2000;
const SESSION_STATE = "session_state"; // somebody came into a room or left it
const LAST_VIEW = "calendar-view"; // for as long as the tab is open

class PracticeCalendar extends HTMLElement {
  /** @type {InstanceType<Library['Calendar']> | null} */
  #calendar = null;
  #isStarting = false;
  #paperTimer = 0;
  #newsTimer = 0;
  #legend = new CalendarLegend(this, () => this.#chosen());
  /** @type {keyof typeof VIEWS} */
  #view = "week";
  #span = "";
  #isRemembered = false; // whether the address says what is shown

  connectedCallback() {
    WIDE.addEventListener("change", this.#settle);
    window.addEventListener("beforeprint", this.#printed);
    window.addEventListener("afterprint", this.#settle);
    window.addEventListener("popstate", this.#wentBack);
    document.addEventListener("news", this.#told);
    this.addEventListener("click", this.#pressed);
    this.#legend.listen();
    this.#settle();
  }

  disconnectedCallback() {
    WIDE.removeEventListener("change", this.#settle);
    window.removeEventListener("beforeprint", this.#printed);
    window.removeEventListener("afterprint", this.#settle);
    window.removeEventListener("popstate", this.#wentBack);
    document.removeEventListener("news", this.#told);
    this.#legend.ignore();
    for (const timer of [this.#paperTimer, this.#newsTimer]) clearTimeout(timer);
    this.#calendar?.destroy();
  }

  /** @param {string} name */
  #part(name) {
    return required(this, `[data-${name}]`, HTMLElement);
  }

  #settle = async () => {
    if (window.matchMedia("print").matches) return; // a sheet is narrow, and takes what the screen has shown
    if (WIDE.matches && !this.#calendar && !this.#isStarting) await this.#start();
    const isShown = WIDE.matches && this.#calendar !== null;
    const isDay = isShown && this.#showsColumns;
    this.#part("grid").hidden = !isShown || isDay;
    this.#part("tools").hidden = !isShown;
    if (this.#columns) this.#columns.hidden = !isDay;
    this.#part("agenda").hidden = isShown;
    this.dataset.settled = ""; // the room that was kept for it is filled
    if (isShown) this.#writePaper();
    else this.#part("paper").replaceChildren();
  };

  /** Whoever prints before the agenda of what is shown has come gets the one that came with the page, and its days are written above. */
  #printed = () => {
    if (!this.#part("paper").childElementCount) this.#part("agenda").hidden = false;
  };

  /** The day with a column for each practitioner; none for whoever runs one schedule or none. */
  get #columns() {
    return find(this, "day-columns", DayColumns);
  }

  get #showsColumns() {
    return this.#view === "day" && this.#columns !== null;
  }

  async #start() {
    this.#isStarting = true;
    try {
      const vendor = new URL("../../vendor/", import.meta.url);
      if (!("Temporal" in window)) await import(String(new URL("temporal.js", vendor)));
      /** @type {Library} */
      const library = await import(String(new URL("calendar.js", vendor)));
      this.#view = this.#viewAtFirst();
      this.#part("grid").hidden = this.#showsColumns;
      this.#calendar = new library.Calendar(this.#part("grid"), this.#options(library));
      this.#calendar.render();
      if (this.#showsColumns) this.#show("day", this.dataset.date);
    } catch (error) {
      // Because the agenda is there already: without the library nobody loses anything but the grid.
      console.warn("the grid could not be loaded", error);
    } finally {
      this.#isStarting = false;
    }
  }

  /** What the address asks for, else what was looked at last. */
  #viewAtFirst() {
    const known = sessionStorage.getItem(LAST_VIEW) ?? "";
    const asked = this.dataset.viewAsked !== undefined || !(known in VIEWS) ? this.dataset.view : known;
    return /** @type {keyof typeof VIEWS} */ (asked && asked in VIEWS ? asked : "week");
  }

  /** @param {Library} library @returns {ConstructorParameters<Library['Calendar']>[1]} */
  #options(library) {
    const { hour12 } = new Intl.DateTimeFormat(this.dataset.language, { hour: "numeric" }).resolvedOptions();
    return {
      plugins: [library.dayGrid, library.timeGrid, library.interaction, library.theme],
      locales: library.locales,
      locale: this.dataset.language,
      timeZone: this.dataset.zone,
      initialView: this.#showsColumns ? VIEWS.week : VIEWS[this.#view],
      initialDate: this.dataset.date,
      headerToolbar: false,
      height: "auto",
      allDaySlot: false,
      timedText: this.dataset.timeLabel,
      nowIndicator: true,
      firstDay: Number(this.dataset.firstDay),
      slotMinTime: `${EARLIEST}:00`,
      slotMaxTime: `${LATEST}:00`,
      slotDuration: "00:30",
      slotHeaderFormat: { hour: "numeric", minute: "2-digit", omitZeroMinute: hour12, meridiem: "short" }, // 3pm, 15:00
      snapDuration: "00:15",
      dayMaxEvents: 4,
      eventMaxStack: MOST_ABREAST,
      slotEventOverlap: false,
      eventMinHeight: 22,
      navLinks: true,
      navLinkHint: (text, date) => `${this.#format({ weekday: "short", day: "numeric" }).format(date)}, ${text}`,
      navLinkDayClick: (day) => this.#show("day", day),
      selectable: Boolean(this.dataset.new),
      selectMirror: true,
      select: this.#selected,
      events: this.#load,
      eventClick: this.#opened,
      eventDrop: (info) => this.#moved(info, minutesBetween(info.oldEvent)),
      eventResize: (info) => this.#moved(info, minutesBetween(info.event)),
      eventDidMount: this.#color,
      datesSet: this.#turned,
    };
  }

  /** @param {{start: Date, end: Date}} span */
  #load = async (span) => {
    const address = addressOf(this.dataset.events, {
      start: span.start.toISOString(),
      end: span.end.toISOString(),
    });
    try {
      /** @type {Row[]} */
      const rows = await getJson(address);
      this.#stretch(rows);
      this.#writePaper();
      return rows.map((row) => ({ ...row, className: row.tone ? `event tone-${row.tone}` : "" }));
    } catch (error) {
      showError(error);
      throw error;
    } finally {
      requestAnimationFrame(() => requestAnimationFrame(() => this.#part("grid").toggleAttribute("data-drawn", true)));
    }
  };

  /** The agenda of the day, week or month that is shown, for paper; once nobody turns the pages any more. */
  #writePaper() {
    clearTimeout(this.#paperTimer);
    this.#paperTimer = window.setTimeout(async () => {
      const span = this.#span;
      if (!this.#calendar || !WIDE.matches) return;
      const address = addressOf(this.dataset.forPaper, { view: this.#view, date: this.#dateShown() });
      const agenda = await getPart(address);
      const { body } = new DOMParser().parseFromString(agenda, "text/html");
      if (this.#span === span) this.#part("paper").replaceChildren(...body.childNodes);
    }, SETTLED_MS);
  }

  /** The hours shown are those of a working day, and more when something lies outside. @param {Row[]} rows */
  #stretch(rows) {
    let first = EARLIEST;
    let last = LATEST;
    for (const row of rows.filter(({ tone }) => tone)) {
      const starts = clock(this.dataset.zone, row.start);
      const ends = clock(this.dataset.zone, row.end);
      first = Math.min(first, Math.floor(starts.minute / 60));
      last = Math.max(last, ends.date === starts.date ? Math.ceil(ends.minute / 60) : 24);
    }
    this.#calendar?.setOption("slotMinTime", `${first}:00`);
    this.#calendar?.setOption("slotMaxTime", `${last}:00`);
  }

  /** @param {{el: HTMLElement, event: any}} info */
  #color = ({ el, event }) => {
    if (event.display === "background") return;
    const { answer, answerTone, detail, initials, marks = [], elsewhere = [], color } = event.extendedProps; // what is being dragged open is nobody's yet
    const { flags = [], flagTone } = event.extendedProps;
    el.title = [event.title, ...marks, answer, detail, ...elsewhere].filter(Boolean).join(" · ");
    if (initials)
      el.append(shortOf(initials, this.#format({ hour: "numeric", minute: "2-digit" }).format(event.start)));
    const said = [answer, ...flags].filter(Boolean).join(" · ");
    if (said) el.append(lineOf(`event__answer event__answer--${answerTone || flagTone}`, said));
    if (elsewhere.length) el.append(lineOf("event__elsewhere", elsewhere.join(" · "))); // a mark where there is no room
    const own = color || event.color;
    if (!own) return;
    el.style.setProperty("--tone-mark", own);
    el.style.setProperty("--tone-ground", `color-mix(in oklab, ${own} 16%, var(--color-surface))`);
    el.style.setProperty("--tone-text", "var(--color-text)");
  };

  /** @param {{event: any, jsEvent: Event}} info */
  #opened = ({ event, jsEvent }) => {
    if (!event.extendedProps.summary) return; // a time of others in a room
    jsEvent.preventDefault();
    openSheet(event.extendedProps.summary);
  };

  /** @param {{startStr: string, start: Date, end: Date, allDay: boolean}} info */
  #selected = (info) => {
    if (info.allDay) return this.#show("day", info.startStr);
    const minutes = minutesBetween(info);
    const { date, time } = wallTime(info.startStr);
    openSheet(addressOf(this.dataset.new, { date, time, minutes: minutes > 30 ? String(minutes) : "" }));
    this.#calendar?.unselect();
  };

  /**
   * @param {{event: any, oldEvent: any, revert: () => void}} info
   * @param {number} minutes that it takes now: from the wall's times they cannot be told where the clocks change
   */
  #moved = async ({ event, oldEvent, revert }, minutes) => {
    const { move, version, practitioner } = event.extendedProps;
    const before = { ...placeOf(oldEvent), practitioner };
    const after = { ...placeOf(event), minutes, practitioner };
    const { zone = "", language = "", undo = "" } = this.dataset;
    const refetch = () => this.#calendar?.refetchEvents(); // because the next drag must know from what it is made
    const asked = { title: event.title, move, version, before, after };
    if (!(await moveWithQuestion(asked, { zone, language, undo, nameOf: () => "" }, refetch))) revert();
  };

  /** @param {Event} event */
  #told = (event) => {
    const { kind } = /** @type {CustomEvent} */ (event).detail;
    if (kind?.startsWith("appointment_")) this.#refetch();
    if (kind !== SESSION_STATE) return;
    clearTimeout(this.#newsTimer); // several come in at once, and not all pages shall ask in the same moment
    this.#newsTimer = window.setTimeout(() => this.#refetch(), SETTLED_MS + Math.random() * SPREAD_MS);
  };

  /** @param {Event} event */
  #pressed = (event) => {
    const { show, step } = closest(event, "button", HTMLButtonElement)?.dataset ?? {};
    if (show) this.#show(/** @type {keyof typeof VIEWS} */ (show));
    if (!step || !this.#calendar) return;
    if (!this.#showsColumns) return this.#calendar[/** @type {'prev' | 'next' | 'today'} */ (step)]();
    if (step === "today") this.#show("day", clock(this.dataset.zone).date);
    else this.#columns?.step(step === "next" ? 1 : -1).then(this.#turnedDay);
  };

  #refetch() {
    this.#calendar?.refetchEvents();
    if (this.#showsColumns) this.#columns?.reload();
  }

  /** Whom it shows, or by whose colours, is another now. */
  #chosen() {
    if (!WIDE.matches) return location.reload(); // because the agenda came with the page
    this.#refetch();
    this.#writePaper();
  }

  /** @param {keyof typeof VIEWS} view @param {Date | string} [day] */
  async #show(view, day) {
    const date = day instanceof Date ? clock(this.dataset.zone, day).date : day?.slice(0, 10);
    const wanted = date ?? this.#dateShown();
    this.#view = view;
    const columns = this.#columns;
    if (columns) columns.hidden = !this.#showsColumns;
    this.#part("grid").hidden = this.#showsColumns;
    if (columns && this.#showsColumns) {
      columns.show(wanted);
      return this.#turnedDay();
    }
    this.#span = "";
    this.#calendar?.changeView(VIEWS[view], wanted);
  }

  /** The day or the first day of what is shown. */
  #dateShown() {
    if (this.#showsColumns && this.#columns?.date) return this.#columns.date;
    const at = this.#view === "month" ? this.#calendar?.view.currentStart : this.#calendar?.getDate();
    return at ? clock(this.dataset.zone, at).date : (this.dataset.date ?? "");
  }

  #turnedDay = () => {
    const date = this.#dateShown();
    const format = new Intl.DateTimeFormat(this.dataset.language, { dateStyle: "full", timeZone: "UTC" });
    this.#settleOn(`columns ${date}`, format.format(new Date(`${date}T00:00Z`)));
  };

  /** @param {{view: {type: string, title: string, currentStart: Date, currentEnd: Date}}} info */
  #turned = ({ view }) => {
    if (this.#showsColumns) return;
    this.#view = nameOf(view.type);
    this.#settleOn(`${view.type} ${view.currentStart.toISOString()}`, this.#titleOf(view));
  };

  /** Of a week, its days. @param {{title: string, currentStart: Date, currentEnd: Date}} view */
  #titleOf({ title, currentStart, currentEnd }) {
    if (this.#view !== "week") return title;
    const format = this.#format({ day: "numeric", month: "short", year: "numeric" });
    return format.formatRange(currentStart, new Date(currentEnd.getTime() - MINUTE_MS));
  }

  /** @param {Intl.DateTimeFormatOptions} options */
  #format(options) {
    const { language, zone } = this.dataset;
    return new Intl.DateTimeFormat(language, { ...options, timeZone: zone });
  }

  /** @param {string} span a name for what is shown @param {string} title */
  #settleOn(span, title) {
    this.#part("title").textContent = title;
    if (span !== this.#span) {
      this.#span = span;
      this.#part("paper").replaceChildren(); // of another time
      this.#writePaper(); // here, too, because a day of a week that is known is shown without asking for its events
    }
    for (const button of findAll(this, "[data-show]", HTMLElement)) {
      button.setAttribute("aria-pressed", String(button.dataset.show === this.#view));
    }
    this.#remember();
  }

  #remember() {
    if (!this.#calendar) return;
    remember({ view: this.#view, date: this.#dateShown() }, this.#isRemembered);
    this.#isRemembered = true;
    sessionStorage.setItem(LAST_VIEW, this.#view);
  }

  /** The browser's back and forward: to another day at once; to other people, who are ticked on the page, by it anew. */
  #wentBack = () => {
    if (isOfAnotherPage()) return location.reload();
    if (!this.#calendar) return;
    const { view, date } = Object.fromEntries(new URL(location.href).searchParams);
    this.#show(view in VIEWS ? /** @type {keyof typeof VIEWS} */ (view) : this.#view, date);
  };
}

/** @param {string} type of a view of the library @returns {keyof typeof VIEWS} our name of it */
function nameOf(type) {
  const found = Object.entries(VIEWS).find(([, name]) => name === type)?.[0] ?? "week";
  return /** @type {keyof typeof VIEWS} */ (found);
}

/** Where it is, on the wall. @param {any} event */
function placeOf(event) {
  return { ...wallTime(event.startStr), minutes: minutesBetween(event) };
}

/** @param {{start: Date | null, end: Date | null}} span */
function minutesBetween({ start, end }) {
  return start && end ? Math.round((end.getTime() - start.getTime()) / MINUTE_MS) : 60;
}

customElements.define("practice-calendar", PracticeCalendar);
