/**
 * <practice-calendar>: on a wide screen, the week as a grid in which slots are clicked and appointments dragged. The agenda that the
 * server wrote inside stays for phones and for people without scripts. Every drag can also be done by "Move…" on the appointment. What the
 * grid shows is printed as an agenda, which is fetched beforehand, because a browser that prints does not wait.
 *
 * @typedef {typeof import('../../../bundles/calendar.js')} Library
 * @typedef {{start: string, end: string, tone: number}} Row  as /calendar/events/ answers it, with what the library reads
 */
import { closest, findAll, required } from "../dom.js";
import { getJson, getPart, postForm } from "../http.js";
import { showError, showToast } from "../components/toast-region.js";
import "./booking-form.js";

const WIDE = window.matchMedia("(min-width: 56.0625rem)");
const VIEWS = { day: "timeGridDay", week: "timeGridWeek", month: "dayGridMonth" };
const EARLIEST = 7;
const LATEST = 20;
const MINUTE_MS = 60000;
const SETTLED_MS = 400;

class PracticeCalendar extends HTMLElement {
  /** @type {InstanceType<Library['Calendar']> | null} */
  #calendar = null;
  #isStarting = false;
  #paperTimer = 0;
  #span = "";

  connectedCallback() {
    WIDE.addEventListener("change", this.#settle);
    window.addEventListener("beforeprint", this.#printed);
    window.addEventListener("afterprint", this.#settle);
    document.addEventListener("news", this.#told);
    this.addEventListener("click", this.#pressed);
    this.#settle();
  }

  disconnectedCallback() {
    WIDE.removeEventListener("change", this.#settle);
    window.removeEventListener("beforeprint", this.#printed);
    window.removeEventListener("afterprint", this.#settle);
    document.removeEventListener("news", this.#told);
    clearTimeout(this.#paperTimer);
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
    this.#part("grid").hidden = this.#part("tools").hidden = !isShown;
    this.#part("agenda").hidden = isShown;
    if (isShown) this.#writePaper();
    else this.#part("paper").replaceChildren();
  };

  /** Whoever prints before the agenda of what is shown has come gets the one that came with the page, and its days are written above. */
  #printed = () => {
    if (!this.#part("paper").childElementCount) this.#part("agenda").hidden = false;
  };

  async #start() {
    this.#isStarting = true;
    try {
      const vendor = new URL("../../vendor/", import.meta.url);
      if (!("Temporal" in window)) await import(String(new URL("temporal.js", vendor)));
      /** @type {Library} */
      const library = await import(String(new URL("calendar.js", vendor)));
      this.#part("grid").hidden = false;
      this.#calendar = new library.Calendar(this.#part("grid"), this.#options(library));
      this.#calendar.render();
    } catch (error) {
      // Because the agenda is there already: without the library nobody loses anything but the grid.
      console.warn("the grid could not be loaded", error);
    } finally {
      this.#isStarting = false;
    }
  }

  /** @param {Library} library @returns {ConstructorParameters<Library['Calendar']>[1]} */
  #options(library) {
    const view = /** @type {keyof typeof VIEWS} */ (this.dataset.view ?? "week");
    const { hour12 } = new Intl.DateTimeFormat(this.dataset.language, { hour: "numeric" }).resolvedOptions();
    return {
      plugins: [library.dayGrid, library.timeGrid, library.interaction, library.theme],
      locales: library.locales,
      locale: this.dataset.language,
      timeZone: this.dataset.zone,
      initialView: VIEWS[view] ?? VIEWS.week,
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
      eventMinHeight: 22,
      navLinks: true,
      navLinkDayClick: (day) => this.#show("day", day),
      selectable: Boolean(this.dataset.new),
      selectMirror: true,
      select: this.#selected,
      events: this.#load,
      eventClick: this.#opened,
      eventDrop: this.#moved,
      eventResize: this.#moved,
      eventDidMount: this.#color,
      datesSet: this.#turned,
    };
  }

  /** @param {{start: Date, end: Date}} span */
  #load = async (span) => {
    const address = this.#address(this.dataset.events, {
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
    }
  };

  /** The agenda of the day, week or month that is shown, for paper; once nobody turns the pages any more. */
  #writePaper() {
    clearTimeout(this.#paperTimer);
    this.#paperTimer = window.setTimeout(async () => {
      const view = this.#calendar?.view;
      if (!view || !WIDE.matches) return;
      const date = clock(view.currentStart.toISOString(), this.dataset.zone).date;
      const address = this.#address(this.dataset.forPaper, { view: nameOf(view.type), date });
      const agenda = await getPart(address);
      const { body } = new DOMParser().parseFromString(agenda, "text/html");
      if (this.#calendar?.view === view) this.#part("paper").replaceChildren(...body.childNodes);
    }, SETTLED_MS);
  }

  /** The hours shown are those of a working day, and more when something lies outside. @param {Row[]} rows */
  #stretch(rows) {
    let first = EARLIEST;
    let last = LATEST;
    for (const row of rows.filter(({ tone }) => tone)) {
      const starts = clock(row.start, this.dataset.zone);
      const ends = clock(row.end, this.dataset.zone);
      first = Math.min(first, starts.hour);
      last = Math.max(last, ends.date === starts.date ? ends.hour + Number(ends.minute > 0) : 24);
    }
    this.#calendar?.setOption("slotMinTime", `${first}:00`);
    this.#calendar?.setOption("slotMaxTime", `${last}:00`);
  }

  /** @param {{el: HTMLElement, event: any}} info */
  #color = ({ el, event }) => {
    if (event.display === "background") return;
    const { answer, answerTone, detail, elsewhere = [], color } = event.extendedProps; // what is being dragged open is nobody's yet
    el.title = [event.title, answer, detail, ...elsewhere].filter(Boolean).join(" · ");
    if (answer) el.append(lineOf(`event__answer event__answer--${answerTone}`, answer));
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
    openSheet(this.#address(this.dataset.new, { date, time, minutes: minutes > 30 ? String(minutes) : "" }));
    this.#calendar?.unselect();
  };

  /** An address with what is asked, and with the schedule and the room that are shown. @param {string | undefined} path @param {Record<string, string>} asked */
  #address(path, asked) {
    const address = new URL(path ?? "", location.href);
    const { schedule = "", resource = "" } = this.dataset;
    for (const [name, value] of Object.entries({ ...asked, schedule, resource })) {
      if (value) address.searchParams.set(name, value);
    }
    return address.pathname + address.search;
  }

  /** @param {{event: any, revert: () => void}} info */
  #moved = async ({ event, revert }) => {
    if (!(await this.#isMeant(event))) return revert();
    const minutes = String(minutesBetween(event));
    const { move, version } = event.extendedProps;
    const fields = { ...wallTime(event.startStr), minutes, time_zone: this.dataset.zone ?? "", form_version: version };
    try {
      const { message } = await postForm(move, fields);
      showToast(message, "success");
    } catch (error) {
      revert();
      if (isBesideHours(error)) openSheet(this.#address(move, wanted(event)));
      showError(error);
    }
    this.#calendar?.refetchEvents(); // because the next drag must know from what it is made
  };

  /** A moved appointment is mailed to people: a slip of the hand must not do that. @param {any} event @returns {Promise<boolean>} */
  #isMeant(event) {
    const dialog = required(document, "#move-question", HTMLDialogElement);
    const { language, zone } = this.dataset;
    const format = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short", timeZone: zone });
    required(dialog, "[data-sentence]", HTMLElement).textContent = `${event.title}: ${format.format(event.start)}`;
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "move"), { once: true });
    });
  }

  /** @param {Event} event */
  #told = (event) => {
    const { kind } = /** @type {CustomEvent} */ (event).detail;
    if (kind?.startsWith("appointment_")) this.#calendar?.refetchEvents();
  };

  /** @param {Event} event */
  #pressed = (event) => {
    const { show, step } = closest(event, "button", HTMLButtonElement)?.dataset ?? {};
    if (show) this.#show(/** @type {keyof typeof VIEWS} */ (show));
    if (step === "prev" || step === "next" || step === "today") this.#calendar?.[step]();
  };

  /** @param {keyof typeof VIEWS} view @param {Date | string} [day] */
  #show(view, day) {
    this.#calendar?.changeView(VIEWS[view], day);
  }

  /** @param {{view: {type: string, title: string, currentStart: Date}}} info */
  #turned = ({ view }) => {
    this.#part("title").textContent = view.title;
    const span = `${view.type} ${view.currentStart.toISOString()}`;
    if (span !== this.#span) {
      this.#part("paper").replaceChildren(); // of another time
      this.#writePaper(); // here, too, because a day of a week that is known is shown without asking for its events
    }
    this.#span = span;
    for (const button of findAll(this, "[data-show]", HTMLElement)) {
      const name = /** @type {keyof typeof VIEWS} */ (button.dataset.show);
      button.setAttribute("aria-pressed", String(VIEWS[name] === view.type));
    }
    this.#remember(nameOf(view.type));
  };

  /** The address says what is shown, so that a reload and a link show the same. @param {string} view */
  #remember(view) {
    if (!this.#calendar) return;
    const address = new URL(location.href);
    address.searchParams.set("view", view);
    address.searchParams.set("date", clock(this.#calendar.getDate().toISOString(), this.dataset.zone).date);
    history.replaceState(history.state, "", address);
  }
}

/** @param {string} type of a view of the library @returns {string} our name of it */
function nameOf(type) {
  return Object.entries(VIEWS).find(([, name]) => name === type)?.[0] ?? "week";
}

/** @param {string} name of its class @param {string} text */
function lineOf(name, text) {
  const line = document.createElement("div");
  line.className = name;
  line.textContent = text;
  return line;
}

/** Whether it was refused because somebody does not work then: that can be explained in the form. @param {any} error */
function isBesideHours(error) {
  return Boolean(error?.content?.errors?.override_reason);
}

/** Where it was dragged to, for the form. @param {any} event @returns {Record<string, string>} */
function wanted(event) {
  return { ...wallTime(event.startStr), minutes: String(minutesBetween(event)) };
}

/** @param {string} address of a dialog */
function openSheet(address) {
  window.htmx.ajax("GET", address, { target: "#sheet", swap: "innerHTML" });
}

/** @param {string} instant @param {string} [zone] */
function clock(instant, zone = "UTC") {
  const local = Temporal.Instant.from(instant).toZonedDateTimeISO(zone);
  return { hour: local.hour, minute: local.minute, date: String(local.toPlainDate()) };
}

/** Date and time as the grid shows them. @param {string} text in ISO 8601 */
function wallTime(text) {
  return { date: text.slice(0, 10), time: text.slice(11, 16) };
}

/** @param {{start: Date, end: Date | null}} span */
function minutesBetween({ start, end }) {
  return end ? Math.round((end.getTime() - start.getTime()) / MINUTE_MS) : 60;
}

customElements.define("practice-calendar", PracticeCalendar);
