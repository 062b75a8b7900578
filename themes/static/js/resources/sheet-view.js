import { closest, required } from "../dom.js";

/** @typedef {{page: number, zoom: number, top: number, left: number}} Look  scrolled to these parts of the whole, 0 to 1 */

const LEAST = 0.5;
const MOST = 4;

/**
 * A sheet in a frame that scrolls, with buttons that make it larger and smaller (data-act). Event `looked`: it is looked at in another way by
 * whoever is here (`look`). `lookAt` brings it there.
 */
export class SheetView extends HTMLElement {
  page = 1;
  zoom = 1;
  #width = 0;
  /** @type {{top: number, left: number} | null} where to scroll once it is drawn */
  #place = null;
  #observer = new ResizeObserver(() => this.#resized());
  #life = new AbortController();

  /** Once what is shown is there. */
  begin() {
    const { signal } = this.#life;
    this.addEventListener(
      "click",
      (event) => this.acted(closest(event, "[data-act]", HTMLElement)?.dataset.act ?? ""),
      {
        signal,
      },
    );
    this.sheet.addEventListener("scroll", () => this.tell(), { signal, passive: true });
    this.#observer.observe(this.sheet);
  }

  disconnectedCallback() {
    this.#life.abort();
    this.#observer.disconnect();
  }

  get sheet() {
    return required(this, "[data-sheet]", HTMLElement);
  }

  /** How wide it is to be drawn, in CSS pixels; 0 while it is not to be seen. */
  get width() {
    return Math.max(0, this.sheet.clientWidth - 2) * this.zoom;
  }

  /** @returns {Look} */
  get look() {
    const { scrollTop, scrollLeft, scrollHeight, scrollWidth } = this.sheet;
    return {
      page: this.page,
      zoom: this.zoom,
      top: scrollHeight ? scrollTop / scrollHeight : 0,
      left: scrollWidth ? scrollLeft / scrollWidth : 0,
    };
  }

  /** As somebody else looks at it; what is no number is left as it is. @param {Partial<Look>} look */
  async lookAt(look) {
    const zoom = numberOr(look.zoom, this.zoom);
    this.zoom = Math.min(MOST, Math.max(LEAST, zoom));
    this.page = Math.max(1, Math.round(numberOr(look.page, this.page)));
    this.#place = { top: numberOr(look.top, 0), left: numberOr(look.left, 0) };
    await this.draw();
  }

  /** It has been drawn. */
  drawn() {
    if (!this.#place) return;
    this.sheet.scrollTop = this.#place.top * this.sheet.scrollHeight;
    this.sheet.scrollLeft = this.#place.left * this.sheet.scrollWidth;
    this.#place = null;
  }

  /** @param {string} act */
  acted(act) {
    if (act !== "smaller" && act !== "larger") return;
    this.zoom = Math.min(MOST, Math.max(LEAST, this.zoom * (act === "larger" ? 1.25 : 0.8)));
    void this.draw().then(() => this.tell());
  }

  /** Draw it at its zoom, and say `drawn`. */
  async draw() {}

  tell() {
    this.dispatchEvent(new CustomEvent("looked"));
  }

  #resized() {
    const width = this.sheet.clientWidth;
    if (!width || Math.abs(width - this.#width) < 2) return;
    this.#width = width;
    void this.draw();
  }
}

/** @param {unknown} value @param {number} instead */
function numberOr(value, instead) {
  return typeof value === "number" && Number.isFinite(value) ? value : instead;
}
