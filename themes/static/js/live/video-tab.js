/**
 * The tab of a video that everybody watches in step (docs/live-rooms.md). The server's word is where it plays, against its clock; each page
 * brings its own player there and keeps it within a moment of it. Hosts open it, play, pause, seek and close it; the others watch.
 *
 * @typedef {import('live-protocol').SharedVideo} SharedVideo
 */
import { closest, required } from "../dom.js";
import { text } from "../texts.js";
import { clockOf, InStep } from "./in-step.js";
import { YouTubePlayer } from "./youtube-player.js";

const LOOK_MS = 500;

/** @type {WeakMap<HTMLElement, VideoTab>} */
const tabs = new WeakMap();

/** @param {HTMLElement} element @param {import('./tab-context.js').TabContext} context */
export function mount(element, context) {
  tabs.set(element, new VideoTab(element, context));
}

/** @param {HTMLElement} element */
export function unmount(element) {
  tabs.get(element)?.end();
}

class VideoTab {
  #element;
  #context;
  #player;
  /** @type {SharedVideo} */
  #shared = { type: "video", video: "" };
  #step;
  #agreed = false; // to what YouTube learns of me
  #isPulling = false;
  #timer = 0;

  /** @param {HTMLElement} element @param {import('./tab-context.js').TabContext} context */
  constructor(element, context) {
    this.#element = element;
    this.#context = context;
    this.#player = new YouTubePlayer(this.#part("frame"));
    this.#step = new InStep(this.#player);
    const { signal } = context;
    this.#player.addEventListener("changed", () => this.#keep(), { signal });
    element.addEventListener("click", (event) => this.#pressed(event), { signal });
    this.#form?.addEventListener("submit", (event) => this.#opened(event), { signal });
    const seek = this.#seek;
    seek?.addEventListener("input", () => (this.#isPulling = true), { signal });
    seek?.addEventListener("change", () => this.#pulled(), { signal });
    context.addEventListener("video", (event) => this.#told(/** @type {CustomEvent} */ (event).detail), { signal });
    this.#timer = window.setInterval(() => this.#keep(), LOOK_MS);
    this.#draw();
  }

  end() {
    window.clearInterval(this.#timer);
    this.#player.end();
  }

  /** @param {SharedVideo} shared */
  #told(shared) {
    const isOther = shared.video !== this.#shared.video;
    this.#shared = shared;
    this.#step.told(shared);
    if (isOther) {
      this.#player.unload();
      if (shared.video && this.#agreed) this.#player.load(shared.video, text("video-frame"));
    }
    this.#draw();
    this.#keep();
  }

  /** Bring the player to where everybody is. */
  #keep() {
    const { video } = this.#shared;
    this.#showTime();
    if (video && this.#player.video === video) this.#step.keep();
  }

  /** @param {Event} event */
  #pressed(event) {
    const act = closest(event, "[data-video]", HTMLButtonElement)?.dataset.video;
    if (act === "agree") this.#agree();
    else if (act === "play") this.#steer(!this.#shared.playing, this.#step.wanted);
    else if (act === "close") this.#context.send({ type: "video_close" });
  }

  #agree() {
    this.#agreed = true;
    if (this.#shared.video) this.#player.load(this.#shared.video, text("video-frame"));
    this.#draw();
  }

  /** @param {Event} event */
  #opened(event) {
    event.preventDefault();
    const field = required(this.#element, 'input[name="address"]', HTMLInputElement);
    if (field.value.trim()) this.#context.send({ type: "video_open", address: field.value.trim() });
  }

  #pulled() {
    this.#isPulling = false;
    const seek = this.#seek;
    if (seek) this.#steer(Boolean(this.#shared.playing), Number(seek.value));
  }

  /** @param {boolean} playing @param {number} position */
  #steer(playing, position) {
    this.#context.send({ type: "video_steer", playing, position });
  }

  #draw() {
    const { video, playing } = this.#shared;
    this.#part("empty").hidden = Boolean(video);
    this.#part("asks").hidden = !video || this.#agreed;
    this.#part("shown").hidden = !video || !this.#agreed;
    if (!this.#form) return;
    this.#part("steering").hidden = !video;
    const play = required(this.#element, '[data-video="play"]', HTMLButtonElement);
    play.toggleAttribute("data-off", Boolean(playing));
    required(play, "span", HTMLElement).textContent = text(playing ? "video-pause" : "video-play");
    if (video) required(this.#element, 'input[name="address"]', HTMLInputElement).value = "";
  }

  #showTime() {
    const seek = this.#seek;
    if (!seek || this.#isPulling) return;
    seek.max = String(Math.ceil(this.#player.duration || Math.max(this.#step.wanted, 1)));
    seek.value = String(this.#step.wanted);
    seek.setAttribute("aria-valuetext", clockOf(this.#step.wanted));
    this.#part("time").textContent = clockOf(this.#step.wanted);
  }

  /** For hosts. */
  get #form() {
    return this.#element.querySelector("form");
  }

  get #seek() {
    return /** @type {HTMLInputElement | null} */ (this.#element.querySelector('input[type="range"]'));
  }

  /** @param {string} name */
  #part(name) {
    return required(this.#element, `[data-part="${name}"]`, HTMLElement);
  }
}
