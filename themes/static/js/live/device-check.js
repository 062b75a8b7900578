/**
 * <device-check>: camera, microphone and speaker before and during the session: preview, level, choice, test tone, and plain words for what
 * goes wrong. It holds the person's own tracks. Events: `device` {source} when one of them changed, `speaker` when another one was chosen.
 *
 * @typedef {'audio' | 'camera'} OwnSource
 */
import { Chime } from "./chime.js";
import { find, findAll, required } from "../dom.js";
import { text } from "../texts.js";
import { DeviceError, listDevices, openDevice, watchDevices, watchLevel } from "./protocol-devices.js";

const AUDIBLE = 0.02; // of 1

export class DeviceCheck extends HTMLElement {
  /** @type {Map<OwnSource, MediaStreamTrack>} */
  tracks = new Map();
  wanted = { audio: true, camera: true };
  #chime = new Chime();
  /** @type {(() => void) | undefined} */
  #unwatchDevices;
  /** @type {(() => void) | null} */
  #unwatchLevel = null;

  connectedCallback() {
    this.addEventListener("change", this.#chosen);
    this.#unwatchDevices = watchDevices(() => this.#list());
  }

  disconnectedCallback() {
    this.#unwatchDevices?.();
    this.rest();
  }

  /** Ask for both; one that is missing does not stop the other. */
  async start() {
    this.#complain("");
    await this.#open("audio");
    await this.#open("camera");
    await this.#list();
  }

  /**
   * Switch on or off before and during the session.
   * @param {OwnSource} source @param {boolean} isOn @returns {Promise<MediaStreamTrack | null>}
   */
  async turn(source, isOn) {
    const track = this.tracks.get(source);
    if (source === "camera" && !isOn) {
      track?.stop(); // so that its light goes out
      this.tracks.delete("camera");
    } else if (isOn && (!track || track.readyState === "ended")) {
      return this.#open(source);
    }
    this.wanted[source] = isOn;
    if (source === "audio" && track) track.enabled = isOn;
    this.#show(source);
    return this.tracks.get(source) ?? null;
  }

  /** Whether it is wanted and there. @param {OwnSource} source */
  isOn(source) {
    return this.wanted[source] && this.tracks.has(source);
  }

  /** Nobody looks at the meter any more. */
  rest() {
    this.#unwatchLevel?.();
    this.#unwatchLevel = null;
  }

  /** Give the devices back. */
  stop() {
    for (const track of this.tracks.values()) track.stop();
  }

  async testSpeaker() {
    this.#part("tone-note").hidden = !(await this.#chime.test(this.speaker));
  }

  /** Id of the chosen speaker; empty for the browser's own. */
  get speaker() {
    return this.#choice("audiooutput") ?? "";
  }

  /** @param {OwnSource} source */
  async #open(source) {
    this.tracks.get(source)?.stop();
    this.tracks.delete(source);
    const [kind, list] =
      source === "audio"
        ? /** @type {const} */ (["audio", "audioinput"])
        : /** @type {const} */ (["video", "videoinput"]);
    try {
      this.tracks.set(source, await openDevice(kind, this.#choice(list)));
      this.wanted[source] = true;
    } catch (error) {
      this.wanted[source] = false;
      this.#complain(error instanceof DeviceError ? error.trouble : "unknown");
    }
    this.#show(source);
    return this.tracks.get(source) ?? null;
  }

  /** @param {OwnSource} source */
  #show(source) {
    if (source === "audio") this.#measure();
    else this.#preview();
    this.dispatchEvent(new CustomEvent("device", { detail: { source } }));
  }

  #preview() {
    const track = this.tracks.get("camera");
    required(this, '[data-live="self"]', HTMLVideoElement).srcObject = track ? new MediaStream([track]) : null;
    this.#part("preview").dataset.state = track ? "on" : "off";
  }

  #measure() {
    this.rest();
    const track = this.tracks.get("audio");
    this.#draw(0);
    if (track) this.#unwatchLevel = watchLevel(track, (level) => this.#draw(track.enabled ? Math.sqrt(level) : 0));
  }

  /** @param {number} level 0 to 1 */
  #draw(level) {
    const meter = this.#part("meter");
    meter.style.setProperty("--level", level.toFixed(2));
    meter.setAttribute("aria-valuenow", String(Math.round(level * 100)));
    if (level > AUDIBLE) meter.dataset.moved = "";
  }

  /** @param {string} kind of device */
  #choice(kind) {
    return find(this, `[data-device="${kind}"]`, HTMLSelectElement)?.value || undefined;
  }

  /** @param {Event} event */
  #chosen = ({ target }) => {
    const kind = target instanceof HTMLSelectElement ? target.dataset.device : "";
    if (kind === "audioinput") this.#open("audio");
    else if (kind === "videoinput") this.#open("camera");
    else if (kind === "audiooutput") this.dispatchEvent(new CustomEvent("speaker"));
  };

  async #list() {
    const all = (await listDevices()).filter(({ label }) => label);
    this.#part("devices").hidden = all.length === 0;
    for (const select of findAll(this, "[data-device]", HTMLSelectElement)) {
      const some = all.filter(({ kind }) => kind === select.dataset.device);
      const current = select.value;
      select.replaceChildren(...some.map(({ id, label }) => new Option(label, id)));
      if (some.some(({ id }) => id === current)) select.value = current;
      const label = select.closest("label");
      if (label) label.hidden = some.length === 0;
    }
  }

  /** @param {string} trouble '' clears */
  #complain(trouble) {
    this.#part("trouble").hidden = !trouble;
    this.#part("trouble-text").textContent = trouble ? text(trouble) : "";
  }

  /** @param {string} name */
  #part(name) {
    return required(this, `[data-live="${name}"]`, HTMLElement);
  }
}

customElements.define("device-check", DeviceCheck);
