/**
 * Sound or video that everybody hears at the same second: hosts play, pause and seek for all, and the others only listen and watch.
 *
 * @typedef {import('live-protocol').Showing} Showing
 */
import { closest, find, required } from "../dom.js";
import { text } from "../texts.js";
import { clockOf, InStep } from "./in-step.js";
import { MediaPlayer } from "./media-player.js";

const LOOK_MS = 250;

export class StepPlayer {
  #element;
  #texts;
  #steer;
  #player;
  #step;
  #isPlaying = false;
  #isPulling = false;
  #timer = 0;

  /**
   * @param {HTMLElement} element a copy of its template @param {HTMLMediaElement} media @param {ParentNode} texts where its sentences stand
   * @param {(playing: boolean, position: number) => void} steer
   */
  constructor(element, media, texts, steer) {
    this.#element = element;
    this.#texts = texts;
    this.#steer = steer;
    this.#part("stage").append(media);
    this.#player = new MediaPlayer(media);
    this.#step = new InStep(this.#player);
    this.#player.addEventListener("blocked", () => (this.#part("asks").hidden = false));
    media.addEventListener("loadedmetadata", () => this.#keep());
    element.addEventListener("click", (event) => this.#pressed(event));
    this.#seek.addEventListener("input", () => (this.#isPulling = true));
    this.#seek.addEventListener("change", () => this.#pulled());
    this.#timer = window.setInterval(() => this.#keep(), LOOK_MS);
  }

  /** @param {Showing} showing */
  told(showing) {
    this.#isPlaying = Boolean(showing.playing);
    this.#step.told(showing);
    const play = find(this.#element, '[data-act="play"]', HTMLButtonElement);
    if (play) {
      play.toggleAttribute("data-playing", this.#isPlaying);
      required(play, "span", HTMLElement).textContent = text(this.#isPlaying ? "pause" : "play", this.#texts);
    }
    this.#keep();
  }

  end() {
    window.clearInterval(this.#timer);
    this.#player.end();
  }

  #keep() {
    if (this.#part("asks").hidden) this.#step.keep();
    if (this.#isPulling) return;
    const { duration } = this.#player;
    const here = Math.min(this.#step.wanted, duration || this.#step.wanted);
    this.#seek.max = String(duration || Math.max(here, 1));
    this.#seek.value = String(here);
    this.#seek.setAttribute("aria-valuetext", clockOf(here));
    this.#part("time").textContent = duration ? `${clockOf(here)} / ${clockOf(duration)}` : clockOf(here);
  }

  /** @param {Event} event */
  #pressed(event) {
    const act = closest(event, "[data-act]", HTMLButtonElement)?.dataset.act;
    if (act === "join") {
      this.#part("asks").hidden = true;
      this.#keep();
    }
    if (act !== "play") return;
    const isOver = this.#player.duration > 0 && this.#step.wanted >= this.#player.duration;
    this.#steer(isOver || !this.#isPlaying, isOver ? 0 : this.#step.wanted);
  }

  #pulled() {
    this.#isPulling = false;
    this.#steer(this.#isPlaying, Number(this.#seek.value));
  }

  get #seek() {
    return required(this.#element, 'input[type="range"]', HTMLInputElement);
  }

  /** @param {string} name */
  #part(name) {
    return required(this.#element, `[data-part="${name}"]`, HTMLElement);
  }
}
