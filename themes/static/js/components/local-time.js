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

class LocalTime extends HTMLElement {
  static #words = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "auto" });
  #timer = 0;

  connectedCallback() {
    this.title ||= this.textContent?.trim() ?? "";
    this.#show();
    this.#timer = window.setInterval(() => this.#show(), EVERY_MS);
  }

  disconnectedCallback() {
    window.clearInterval(this.#timer);
  }

  #show() {
    const at = Date.parse(this.getAttribute("datetime") ?? "");
    if (Number.isNaN(at)) return;
    const seconds = Math.round((at - Date.now()) / 1000);
    const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
    const count = unit === "second" ? 0 : Math.round(seconds / size);
    (this.querySelector("time") ?? this).textContent = LocalTime.#words.format(count, unit);
  }
}

customElements.define("local-time", LocalTime);
