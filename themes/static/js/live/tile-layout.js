/**
 * How the pictures stand: `auto` (of two the other one fills the stage), `grid` (all alike), `speaker` (who speaks is large), `strip` (in one
 * line). Whoever is pinned is large in all of them; where nobody is, whoever a host has put in the spotlight, unless that is oneself.
 *
 * @typedef {'auto' | 'grid' | 'speaker' | 'strip'} Layout
 */
import { place } from "./tile-columns.js";

const HELD_MS = 1500; // so long somebody stays large, because a cough is no change of speaker

export class TileLayout {
  /** @type {Layout} */
  layout = "auto";
  pinned = ""; // peer
  spotlight = ""; // peer, by a host, for everybody
  #speaker = "";
  #since = 0;

  /** @param {string[]} loud peers @returns {boolean} whether the pictures have to be arranged anew */
  spoke(loud) {
    if (!loud.length || loud.includes(this.#speaker) || Date.now() - this.#since < HELD_MS) return false;
    [this.#speaker] = loud;
    this.#since = Date.now();
    return this.layout === "speaker" && !this.pinned && !this.spotlight;
  }

  /** @param {HTMLElement} stage @param {HTMLElement[]} tiles */
  arrange(stage, tiles) {
    const large = tiles.length > 1 ? this.#large(tiles) : undefined;
    const isTwo = tiles.length === 2 && this.layout === "auto" && !large;
    stage.dataset.count = isTwo ? "2" : tiles.length > 1 ? "many" : String(tiles.length);
    stage.dataset.layout = large ? "large" : this.layout === "strip" ? "strip" : "grid";
    stage.style.setProperty("--others", String(Math.max(1, tiles.length - 1)));
    for (const tile of tiles) tile.toggleAttribute("data-large", tile === large);
    place(stage, tiles);
  }

  /** @param {HTMLElement[]} tiles */
  #large(tiles) {
    const of = (/** @type {string} */ peer) => tiles.find(({ dataset }) => dataset.peer === peer);
    if (this.pinned && of(this.pinned)) return of(this.pinned);
    const lit = of(this.spotlight);
    if (lit && !("self" in lit.dataset)) return lit;
    if (this.layout !== "speaker") return undefined;
    return of(this.#speaker) ?? tiles.find(({ dataset }) => !("self" in dataset));
  }
}
