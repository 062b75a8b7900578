/**
 * A video on YouTube's privacy host, steered by messages to its frame: no script of theirs is loaded, and nothing is asked of them before
 * `load`. Events: `changed` when it began, stood still, buffers or is over.
 */
const HOST = "https://www.youtube-nocookie.com";
const AGAIN_MS = 500; // between two calls to a frame that has not answered yet
const PLAYING = 1;

export class YouTubePlayer extends EventTarget {
  #place;
  /** @type {HTMLIFrameElement | null} */
  #frame = null;
  #calling = 0;
  #state = -1;
  #position = 0;
  #at = 0;
  duration = 0;
  video = "";

  /** @param {HTMLElement} place of the frame */
  constructor(place) {
    super();
    this.#place = place;
    window.addEventListener("message", this.#heard);
  }

  /** @param {string} video its id @param {string} title of the frame */
  load(video, title) {
    this.unload();
    this.video = video;
    const frame = document.createElement("iframe");
    const options = new URLSearchParams({ enablejsapi: "1", origin: location.origin, rel: "0", playsinline: "1" });
    frame.src = `${HOST}/embed/${encodeURIComponent(video)}?${options}`;
    frame.title = title;
    frame.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
    frame.referrerPolicy = "strict-origin-when-cross-origin"; // without it the player refuses
    this.#frame = frame;
    this.#place.replaceChildren(frame);
    this.#calling = window.setInterval(() => this.#say({ event: "listening", id: 1, channel: "widget" }), AGAIN_MS);
  }

  unload() {
    window.clearInterval(this.#calling);
    this.#frame = null;
    this.#place.replaceChildren();
    Object.assign(this, { video: "", duration: 0 });
    this.#state = -1;
    this.#position = 0;
  }

  end() {
    this.unload();
    window.removeEventListener("message", this.#heard);
  }

  /** Whether the frame has answered. */
  get isReady() {
    return this.#state !== -1 || this.duration > 0;
  }

  get isPlaying() {
    return this.#state === PLAYING;
  }

  /** Where it is now, in seconds. */
  get position() {
    return this.#position + (this.isPlaying ? (performance.now() - this.#at) / 1000 : 0);
  }

  play() {
    this.#command("playVideo");
  }

  pause() {
    this.#command("pauseVideo");
  }

  /** @param {number} seconds */
  seek(seconds) {
    this.#command("seekTo", seconds, true);
    this.#position = seconds;
    this.#at = performance.now();
  }

  /** @param {string} func @param {unknown[]} args */
  #command(func, ...args) {
    this.#say({ event: "command", func, args });
  }

  /** @param {object} message */
  #say(message) {
    this.#frame?.contentWindow?.postMessage(JSON.stringify(message), HOST);
  }

  /** @param {MessageEvent} event */
  #heard = ({ source, origin, data }) => {
    if (origin !== HOST || !this.#frame || source !== this.#frame.contentWindow || typeof data !== "string") return;
    const info = infoOf(data);
    if (!info) return;
    window.clearInterval(this.#calling);
    const { currentTime, playerState, duration } = info;
    if (typeof duration === "number") this.duration = duration;
    if (typeof currentTime === "number") {
      this.#position = currentTime;
      this.#at = performance.now();
    }
    const isNew = typeof playerState === "number" && playerState !== this.#state;
    if (isNew) this.#state = playerState;
    if (isNew || typeof duration === "number") this.dispatchEvent(new CustomEvent("changed"));
  };
}

/** What the frame tells of itself. @param {string} data @returns {Record<string, unknown> | null} */
function infoOf(data) {
  try {
    const message = JSON.parse(data);
    const tells = ["infoDelivery", "initialDelivery", "onReady"].includes(message?.event);
    return tells ? (message.info ?? {}) : null;
  } catch {
    return null;
  }
}
