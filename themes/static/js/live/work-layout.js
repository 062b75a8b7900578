/**
 * How the work area and the pictures share the stage: beside each other, or one above the other where it is narrow; the border between them
 * where the person has pulled it.
 */
import { required } from "../dom.js";
import { WorkBorder } from "./work-border.js";

/** @typedef {import('./tile-layout.js').Layout} Layout */

/** @type {Layout[]} */
const LAYOUTS = ["auto", "grid", "speaker", "strip"];
const NARROW = 640; // CSS pixels, below which both would be slivers beside each other

export class WorkLayout {
  #areas;
  #work;
  #controls;
  #tiles;
  #watch;

  /**
   * @param {HTMLElement} areas @param {import('./work-area.js').WorkArea} work @param {import('./controls.js').Controls} controls
   * @param {import('./video-tiles.js').VideoTiles} tiles
   */
  constructor(areas, work, controls, tiles) {
    this.#areas = areas;
    this.#work = work;
    this.#controls = controls;
    this.#tiles = tiles;
    this.#watch = new ResizeObserver(() => this.#turn());
    this.#watch.observe(areas);
    this.#border.addEventListener("share", (event) => this.#pulled(/** @type {CustomEvent} */ (event).detail.share));
    work.addEventListener("arranged", (event) => this.#arrange(/** @type {CustomEvent} */ (event).detail));
    document.addEventListener("fullscreenchange", this.#filled);
    this.#turn();
    this.choose(/** @type {Layout} */ (work.memory.now.layout));
  }

  end() {
    this.#watch.disconnect();
    document.removeEventListener("fullscreenchange", this.#filled);
  }

  /** By the name in data-action. @returns {Record<string, () => void>} */
  get actions() {
    const layouts = LAYOUTS.map((layout) => [`layout-${layout}`, () => this.choose(layout)]);
    return { ...Object.fromEntries(layouts), "whole-screen": () => void this.fillScreen() };
  }

  /** How the pictures stand from now on; remembered. @param {Layout} layout */
  choose(layout) {
    const chosen = LAYOUTS.includes(layout) ? layout : LAYOUTS[0];
    this.#work.memory.change({ layout: chosen });
    this.#tiles.layout = chosen;
    for (const one of LAYOUTS) this.#controls.press(`layout-${one}`, one === chosen);
  }

  /** The whole screen for the session, or not any more; nothing where the browser refuses. */
  async fillScreen() {
    try {
      if (document.fullscreenElement) await document.exitFullscreen();
      else await document.documentElement.requestFullscreen();
    } catch {
      this.#filled();
    }
  }

  #filled = () => this.#controls.press("whole-screen", Boolean(document.fullscreenElement));

  /** @param {{isOpen: boolean, isOffered: boolean}} how */
  #arrange({ isOpen, isOffered }) {
    this.#areas.toggleAttribute("data-work", isOpen);
    this.#controls.press("toggle-work", isOpen);
    const page = this.#areas.ownerDocument;
    required(page, '[data-live="work-button"]', HTMLButtonElement).hidden = !isOffered;
    this.#tiles.tell();
  }

  #turn() {
    const { clientWidth: width, clientHeight: height } = this.#areas;
    if (!width) return;
    const isStacked = width < NARROW || width < height;
    this.#areas.toggleAttribute("data-stacked", isStacked);
    this.#border.isLying = isStacked;
    this.#divide(this.#work.memory.now[isStacked ? "stacked" : "across"]);
  }

  /** @param {number} share of the work area, in percent */
  #divide(share) {
    this.#border.share = share;
    this.#border.usual = this.#border.isLying ? 62 : 68;
    this.#areas.style.setProperty("--work-part", `${this.#border.share}fr`);
    this.#areas.style.setProperty("--faces-part", `${100 - this.#border.share}fr`);
  }

  /** @param {number} share */
  #pulled(share) {
    this.#work.memory.change({ [this.#border.isLying ? "stacked" : "across"]: share });
    this.#divide(share);
    this.#tiles.tell();
  }

  get #border() {
    return required(this.#areas, "work-border", WorkBorder);
  }
}
