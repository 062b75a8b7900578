/**
 * <practice-calendar>: on a wide screen, the week as a grid in which slots are clicked and appointments dragged. The agenda that the
 * server wrote inside stays for phones and for people without scripts. Every drag can also be done by "Move…" on the appointment.
 */
import { showToast } from "../components/toast-message.js";
import "./booking-form.js";

const WIDE = window.matchMedia("(min-width: 56.0625rem)");
const VIEWS = { day: "timeGridDay", week: "timeGridWeek", month: "dayGridMonth" };
const EARLIEST = 7;
const LATEST = 20;
const DEFAULT_COLOR = "#64748b";

class PracticeCalendar extends HTMLElement {
  /** @type {any} */
  #calendar = null;
  #starting = false;

  connectedCallback() {
    WIDE.addEventListener("change", this.#settle);
    document.addEventListener("news", this.#hear);
    this.addEventListener("click", this.#press);
    this.#settle();
  }

  disconnectedCallback() {
    WIDE.removeEventListener("change", this.#settle);
    document.removeEventListener("news", this.#hear);
    this.#calendar?.destroy();
  }

  /** @param {string} name @returns {HTMLElement} */
  #part(name) {
    return /** @type {HTMLElement} */ (this.querySelector(`[data-${name}]`));
  }

  #settle = async () => {
    const wide = WIDE.matches;
    if (wide && !this.#calendar && !this.#starting) await this.#start();
    const shown = wide && this.#calendar;
    this.#part("grid").hidden = this.#part("tools").hidden = !shown;
    this.#part("agenda").hidden = Boolean(shown);
    if (shown) this.#calendar.updateSize?.();
  };

  async #start() {
    this.#starting = true;
    try {
      const vendor = new URL("../../vendor/", import.meta.url);
      if (!("Temporal" in window)) await import(String(new URL("temporal.js", vendor)));
      const library = await import(String(new URL("calendar.js", vendor)));
      this.#part("grid").hidden = false;
      this.#calendar = new library.Calendar(this.#part("grid"), this.#options(library));
      this.#calendar.render();
    } catch (error) {
      // Because the agenda is there already: without the library nobody loses anything but the grid.
      console.warn("the grid could not be loaded", error);
    } finally {
      this.#starting = false;
    }
  }

  /** @param {any} library */
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
      nowIndicator: true,
      firstDay: 1,
      slotMinTime: `${EARLIEST}:00`,
      slotMaxTime: `${LATEST}:00`,
      slotDuration: "00:30",
      slotHeaderFormat: { hour: "numeric", minute: "2-digit", omitZeroMinute: hour12, meridiem: "short" }, // 3pm, 15:00
      snapDuration: "00:15",
      dayMaxEvents: 4,
      eventMinHeight: 22,
      navLinks: true,
      navLinkDayClick: (/** @type {Date} */ day) => this.#show("day", day),
      selectable: Boolean(this.dataset.new),
      selectMirror: true,
      select: this.#choose,
      events: this.#load,
      eventClick: this.#open,
      eventDrop: this.#move,
      eventResize: this.#move,
      eventDidMount: this.#dress,
      datesSet: this.#renew,
    };
  }

  /** @param {{start: Date, end: Date}} span */
  #load = async (span) => {
    const address = new URL(this.dataset.events ?? "", location.href);
    address.searchParams.set("start", span.start.toISOString());
    address.searchParams.set("end", span.end.toISOString());
    if (this.dataset.schedule) address.searchParams.set("schedule", this.dataset.schedule);
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(`answered ${answer.status}`);
      const found = await answer.json();
      this.#stretch(found);
      return found.map((/** @type {any} */ event) => ({
        ...event,
        className: `event tone-${event.tone} event--${event.status}`,
      }));
    } catch (error) {
      showToast(this.dataset.failed ?? "", "danger");
      throw error;
    }
  };

  /** The hours shown are those of a working day, and more when something lies outside. @param {{start: string, end: string}[]} found */
  #stretch(found) {
    let first = EARLIEST;
    let last = LATEST;
    for (const event of found) {
      const starts = clock(event.start, this.dataset.zone);
      const ends = clock(event.end, this.dataset.zone);
      first = Math.min(first, starts.hour);
      last = Math.max(last, ends.date === starts.date ? ends.hour + Number(ends.minute > 0) : 24);
    }
    this.#calendar?.setOption("slotMinTime", `${first}:00`);
    this.#calendar?.setOption("slotMaxTime", `${last}:00`);
  }

  /** @param {{el: HTMLElement, event: any}} info */
  #dress = ({ el, event }) => {
    const { detail, color } = event.extendedProps;
    el.title = [event.title, detail].filter(Boolean).join(" · ");
    const own = color || event.color;
    if (own && own !== DEFAULT_COLOR) {
      el.style.setProperty("--tone-mark", own);
      el.style.setProperty("--tone-ground", `color-mix(in oklab, ${own} 16%, var(--color-surface))`);
      el.style.setProperty("--tone-text", "var(--color-text)");
    }
  };

  /** @param {{event: any, jsEvent: Event}} info */
  #open = ({ event, jsEvent }) => {
    jsEvent.preventDefault();
    window.htmx.ajax("GET", event.extendedProps.summary, { target: "#sheet", swap: "innerHTML" });
  };

  /** @param {{startStr: string, start: Date, end: Date, allDay: boolean}} info */
  #choose = (info) => {
    if (info.allDay) return this.#show("day", info.startStr);
    const address = new URL(this.dataset.new ?? "", location.href);
    address.searchParams.set("date", info.startStr.slice(0, 10));
    address.searchParams.set("time", info.startStr.slice(11, 16));
    const minutes = minutesBetween(info);
    if (minutes > 30) address.searchParams.set("minutes", String(minutes));
    if (this.dataset.schedule) address.searchParams.set("schedule", this.dataset.schedule);
    window.htmx.ajax("GET", address.pathname + address.search, { target: "#sheet", swap: "innerHTML" });
    this.#calendar.unselect();
  };

  /** @param {{event: any, revert: () => void}} info */
  #move = async ({ event, revert }) => {
    const start = event.startStr;
    const when = new Intl.DateTimeFormat(this.dataset.language, {
      dateStyle: "full",
      timeStyle: "short",
      timeZone: this.dataset.zone,
    });
    if (!(await this.#ask(`${event.title}: ${when.format(event.start)}`))) return revert();
    const values = new FormData();
    values.set("date", start.slice(0, 10));
    values.set("time", start.slice(11, 16));
    values.set("minutes", String(minutesBetween(event)));
    values.set("time_zone", this.dataset.zone ?? "");
    try {
      const headers = { Accept: "application/json", "X-CSRFToken": token() };
      const answer = await fetch(event.extendedProps.move, { method: "POST", body: values, headers });
      const { message } = await answer.json();
      showToast(message, answer.ok ? "success" : "danger");
      if (!answer.ok) revert();
    } catch {
      showToast(this.dataset.failed ?? "", "danger");
      revert();
    }
  };

  /** A moved appointment is mailed to people: a slip of the hand must not do that. @param {string} sentence @returns {Promise<boolean>} */
  #ask(sentence) {
    const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("move-question"));
    const place = dialog.querySelector("[data-sentence]");
    if (place) place.textContent = sentence;
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((resolve) =>
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "move"), { once: true }),
    );
  }

  /** @param {Event} event */
  #hear = (event) => {
    if (/** @type {CustomEvent} */ (event).detail?.kind?.startsWith("appointment_")) this.#calendar?.refetchEvents();
  };

  /** @param {Event} event */
  #press = (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button || !this.#calendar) return;
    if (button.dataset.show) this.#show(/** @type {keyof typeof VIEWS} */ (button.dataset.show));
    if (button.dataset.step) this.#calendar[button.dataset.step]();
  };

  /** @param {keyof typeof VIEWS} view @param {Date | string} [day] */
  #show(view, day) {
    this.#calendar.changeView(VIEWS[view], day);
  }

  /** @param {{view: {type: string, title: string}}} info */
  #renew = ({ view }) => {
    this.#part("title").textContent = view.title;
    for (const button of this.querySelectorAll("[data-show]")) {
      const name = /** @type {keyof typeof VIEWS} */ (/** @type {HTMLElement} */ (button).dataset.show);
      button.setAttribute("aria-pressed", String(VIEWS[name] === view.type));
      if (VIEWS[name] === view.type) this.#remember(name);
    }
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

/** @param {string} instant @param {string} [zone] */
function clock(instant, zone = "UTC") {
  const local = window.Temporal.Instant.from(instant).toZonedDateTimeISO(zone);
  return { hour: local.hour, minute: local.minute, date: String(local.toPlainDate()) };
}

/** @param {{start: Date, end: Date | null}} span */
function minutesBetween({ start, end }) {
  return end ? Math.round((end.getTime() - start.getTime()) / 60000) : 60;
}

function token() {
  const kept = document.body.getAttribute("hx-headers:inherited") ?? "{}";
  return JSON.parse(kept)["X-CSRFToken"] ?? "";
}

customElements.define("practice-calendar", PracticeCalendar);
