/** Small things of which the columns of a day are made: elements, colours, and the clock on the wall. */
import { copyOf } from "../dom.js";

const DAY = 24 * 60;
const CLOCK = /** @type {const} */ ({
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
/** @type {Map<string, Intl.DateTimeFormat>} by zone */
const FORMATS = new Map();

/** @param {string} tag @param {string} name of its class @param {string} [text] */
export function element(tag, name, text = "") {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text) made.textContent = text;
  return made;
}

/** @param {string} id of the template that the page brings along */
export function copyOfPart(id) {
  return copyOf(id);
}

/** One's own colour, or one of the eight tones. @param {HTMLElement} one @param {{color: string, tone: number}} colors */
export function paint(one, { color, tone }) {
  one.classList.add(`tone-${tone}`);
  if (!color) return;
  one.style.setProperty("--tone-mark", color);
  one.style.setProperty("--tone-ground", `color-mix(in oklab, ${color} 16%, var(--color-surface))`);
  one.style.setProperty("--tone-text", "var(--color-text)");
}

/** The day, and the minute of it, on the clocks of a zone. @param {string} [zone] @param {Date | string} [at] an instant; now */
export function clock(zone = "UTC", at = new Date()) {
  const parts = formatOf(zone).formatToParts(new Date(at));
  const found = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  const minute = Number(found.hour) * 60 + Number(found.minute);
  return { date: `${found.year}-${found.month}-${found.day}`, minute };
}

/** One for all, because making it takes long. @param {string} zone */
function formatOf(zone) {
  const found = FORMATS.get(zone) ?? new Intl.DateTimeFormat("en", { ...CLOCK, timeZone: zone });
  FORMATS.set(zone, found);
  return found;
}

/** The day so many days later. @param {string} date @param {number} days */
export function daysAfter(date, days) {
  const found = new Date(`${date}T00:00Z`);
  found.setUTCDate(found.getUTCDate() + days);
  return found.toISOString().slice(0, 10);
}

/** @param {number} minute of the day @param {string} [language] */
export function timeOf(minute, language = "en") {
  const at = new Date(Date.UTC(2000, 0, 1, 0, minute % DAY));
  return new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit", timeZone: "UTC" }).format(at);
}

/** @param {string} date @param {number} from @param {number} until */
export function minutesOf(date, from, until) {
  const time = `${String(Math.floor(from / 60)).padStart(2, "0")}:${String(from % 60).padStart(2, "0")}`;
  return { date, time, minutes: until - from };
}

/** The hours beside the columns. @param {string} language */
export function hourLabels(language) {
  const list = element("div", "day-columns__hours");
  list.setAttribute("aria-hidden", "true"); // because each appointment says its time
  for (let hour = 1; hour < 24; hour += 1) {
    const label = element("span", "day-columns__hour", timeOf(hour * 60, language));
    label.style.setProperty("--from", String(hour * 60));
    list.append(label);
  }
  return list;
}
