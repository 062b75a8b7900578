/**
 * <local-time datetime="…">: says how far away an instant is ("in 2 hours"), and keeps saying it. The written time
 * inside stays as the title, and is what people without scripts see.
 */
const UNITS = /** @type {const} */ ([
  ["year", 31536000],
  ["month", 2592000],
  ["week", 604800],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
]);
const EVERY_MS = 30000;

/** @type {Set<LocalTime>} */
const shown = new Set();
const words = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "auto" });

class LocalTime extends HTMLElement {
  connectedCallback() {
    this.title ||= this.textContent?.trim() ?? "";
    shown.add(this);
    this.refresh();
  }

  disconnectedCallback() {
    shown.delete(this);
  }

  refresh() {
    const at = Date.parse(this.getAttribute("datetime") ?? "");
    const place = this.querySelector("time") ?? this;
    if (Number.isNaN(at)) return;
    const seconds = Math.round((at - Date.now()) / 1000);
    const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
    place.textContent = unit === "second" ? words.format(0, "second") : words.format(Math.round(seconds / size), unit);
  }
}

customElements.define("local-time", LocalTime);
window.setInterval(() => shown.forEach((element) => element.refresh()), EVERY_MS);
