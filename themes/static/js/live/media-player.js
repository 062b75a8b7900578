/** A sound or a video of the organization's own, as `InStep` steers it. Event `blocked`: the browser plays nothing before its person has pressed something. */
export class MediaPlayer extends EventTarget {
  #media;

  /** @param {HTMLMediaElement} media */
  constructor(media) {
    super();
    this.#media = media;
  }

  get isReady() {
    return this.#media.readyState >= HTMLMediaElement.HAVE_METADATA;
  }

  get isPlaying() {
    return !this.#media.paused && !this.#media.ended;
  }

  get position() {
    return this.#media.currentTime;
  }

  get duration() {
    return Number.isFinite(this.#media.duration) ? this.#media.duration : 0;
  }

  play() {
    this.#media.play().catch((error) => {
      if (error instanceof DOMException && error.name === "NotAllowedError") this.dispatchEvent(new Event("blocked"));
    });
  }

  pause() {
    this.#media.pause();
  }

  /** @param {number} seconds */
  seek(seconds) {
    this.#media.currentTime = seconds;
  }

  end() {
    this.#media.pause();
    this.#media.removeAttribute("src");
    this.#media.load(); // so that nothing more is fetched
  }
}
