/** Sounds made in the browser, so that nothing is fetched: the doorbell, "you are in", and the speaker test. */

/** @typedef {[frequency: number, start: number][]} Notes  in Hz and seconds */

/** @type {Notes} */
const DOORBELL = [
  [659.3, 0],
  [523.3, 0.22],
];
/** @type {Notes} */
const WELCOME = [
  [523.3, 0],
  [659.3, 0.14],
  [784, 0.28],
];
const WAKING_MS = 150;

export class Chime {
  /** @type {AudioContext | null} one for the page */
  static #context = null;

  /** Browsers keep a page silent until somebody touches it; the first touch opens the ears. */
  constructor() {
    for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => this.#wake(), { once: true });
  }

  /** @returns {Promise<boolean>} whether it could be heard */
  ringDoorbell() {
    return this.#play(DOORBELL);
  }

  /** @returns {Promise<boolean>} whether it could be heard */
  welcome() {
    return this.#play(WELCOME);
  }

  /** @param {string} sink id of the speaker, where the browser lets one choose @returns {Promise<boolean>} whether it could be heard */
  test(sink) {
    return this.#play(WELCOME, sink);
  }

  #wake() {
    const context = (Chime.#context ??= new AudioContext());
    if (context.state === "suspended") context.resume().catch(() => {});
    return context;
  }

  /** @param {Notes} notes @param {string} sink */
  async #play(notes, sink = "") {
    const context = this.#wake();
    if (sink) await context.setSinkId?.(sink).catch(() => {});
    await Promise.race([context.resume(), new Promise((done) => setTimeout(done, WAKING_MS))]);
    if (context.state !== "running") return false;
    for (const [frequency, start] of notes) sound(context, frequency, context.currentTime + start);
    return true;
  }
}

/** One note that swells quickly and fades. @param {AudioContext} context @param {number} frequency @param {number} at */
function sound(context, frequency, at) {
  const [tone, volume] = [context.createOscillator(), context.createGain()];
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0.0001, at);
  volume.gain.exponentialRampToValueAtTime(0.22, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.9);
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + 1);
}
