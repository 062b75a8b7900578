/**
 * <device-check>: camera, microphone and speaker before and during the session: preview, level, choice, test tone, and plain words for what
 * goes wrong. It holds the person's own tracks. Where a device is unplugged, the browser's own choice takes over, as on or off as before.
 * Events: `device` {source} when one of them changed, `speaker` when another one was chosen, `trouble` {code} with the name of a sentence.
 *
 * @typedef {'audio' | 'camera'} OwnSource
 */
import { Chime } from "./chime.js";
import { find, findAll, required } from "../dom.js";
import { text } from "../texts.js";
import { DeviceError, listDevices, openDevice, watchDevices, watchLevel } from "./protocol-devices.js";

const AUDIBLE = 0.02; // of 1
const MISSING = ["gone", "no-camera", "no-microphone"];
const NAMES = { audio: "microphone", camera: "camera" };

export class DeviceCheck extends HTMLElement {
  /** @type {Map<OwnSource, MediaStreamTrack>} */
  tracks = new Map();
  wanted = { audio: true, camera: true };
  #chime = new Chime();
  /** @type {(() => void) | undefined} */
  #unwatchDevices;
  /** @type {(() => void) | null} */
  #unwatchLevel = null;
  #isOver = false;
  #isSeen = true;
  #trouble = "";
  #choices = /** @type {HTMLElement | null} */ (null);

  connectedCallback() {
    this.#choices = this.#part("devices");
    this.#choices.addEventListener("change", this.#chosen);
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

  /** Where the choice of devices stands: in the lobby, or in a dialog of the session. @param {HTMLElement} place */
  offerIn(place) {
    if (this.#choices) place.append(this.#choices);
  }

  /** Nobody looks at the meter any more. */
  rest() {
    this.#isSeen = false;
    this.#endMeter();
  }

  /** Somebody looks at it again. */
  wake() {
    this.#isSeen = true;
    this.#measure();
  }

  /** Give the devices back, those that are still being opened as well; for good. */
  stop() {
    this.#isOver = true;
    this.rest();
    for (const track of this.tracks.values()) track.stop();
    this.tracks.clear();
    required(this, '[data-live="self"]', HTMLVideoElement).srcObject = null;
  }

  async testSpeaker() {
    this.#part("tone-note").hidden = !(await this.#chime.test(this.speaker));
  }

  /** Id of the chosen speaker; empty for the browser's own. @returns {string} */
  get speaker() {
    return this.#choice("audiooutput") ?? "";
  }

  /**
   * Open the chosen device, or where it is gone the browser's own choice.
   * @param {OwnSource} source @param {boolean} isOn @returns {Promise<MediaStreamTrack | null>}
   */
  async #open(source, isOn = true) {
    const [kind, list] =
      source === "audio"
        ? /** @type {const} */ (["audio", "audioinput"])
        : /** @type {const} */ (["video", "videoinput"]);
    this.#close(source);
    try {
      const track = await this.#chosenOrOther(kind, this.#choice(list));
      if (this.#isOver) {
        track.stop(); // because the person was out before the browser had opened it
        return null;
      }
      this.#close(source); // because two clicks may have opened it twice
      if (source === "audio") track.enabled = isOn;
      track.addEventListener("ended", () => this.#lost(source, track));
      this.tracks.set(source, track);
      this.wanted[source] = isOn;
    } catch (error) {
      this.wanted[source] = false;
      this.#complain(error instanceof DeviceError ? error.trouble : "unknown");
    }
    this.#show(source);
    return this.tracks.get(source) ?? null;
  }

  /** @param {'audio' | 'video'} kind @param {string} [device] id */
  async #chosenOrOther(kind, device) {
    try {
      return await openDevice(kind, device);
    } catch (error) {
      if (!device || !(error instanceof DeviceError) || !MISSING.includes(error.trouble)) throw error;
      return openDevice(kind);
    }
  }

  /** @param {OwnSource} source */
  #close(source) {
    this.tracks.get(source)?.stop();
    this.tracks.delete(source);
  }

  /** Unplugged, or taken away by the person or the system. @param {OwnSource} source @param {MediaStreamTrack} track */
  async #lost(source, track) {
    if (this.tracks.get(source) !== track || this.#isOver) return;
    const found = await this.#open(source, this.wanted[source]);
    if (found) this.#complain(`${NAMES[source]}-changed`);
    else if (MISSING.includes(this.#trouble)) this.#complain(`${NAMES[source]}-gone`);
    await this.#list();
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

  #endMeter() {
    this.#unwatchLevel?.();
    this.#unwatchLevel = null;
  }

  #measure() {
    this.#endMeter();
    const track = this.tracks.get("audio");
    this.#draw(0);
    if (track && this.#isSeen)
      this.#unwatchLevel = watchLevel(track, (level) => this.#draw(track.enabled ? Math.sqrt(level) : 0));
  }

  /** @param {number} level 0 to 1 */
  #draw(level) {
    const meter = this.#part("meter");
    meter.style.setProperty("--level", level.toFixed(2));
    meter.setAttribute("aria-valuenow", String(Math.round(level * 100)));
    if (level > AUDIBLE) meter.dataset.moved = "";
  }

  /** @param {string} kind of device @returns {string | undefined} */
  #choice(kind) {
    return find(this.#choices ?? this, `[data-device="${kind}"]`, HTMLSelectElement)?.value || undefined;
  }

  /** @param {Event} event */
  #chosen = ({ target }) => {
    const kind = target instanceof HTMLSelectElement ? target.dataset.device : "";
    if (target instanceof HTMLSelectElement) target.dataset.chosen = target.value;
    // On or off as before: who is muted stays so, and a camera that is off stays dark.
    if (kind === "audioinput") this.#open("audio", this.wanted.audio);
    else if (kind === "videoinput" && this.wanted.camera) this.#open("camera");
    else if (kind === "audiooutput") this.dispatchEvent(new CustomEvent("speaker"));
  };

  async #list() {
    const all = (await listDevices()).filter(({ label }) => label);
    if (!this.#choices) return;
    this.#choices.hidden = all.length === 0;
    for (const select of findAll(this.#choices, "[data-device]", HTMLSelectElement)) {
      const some = all.filter(({ kind }) => kind === select.dataset.device);
      const used = this.#used(select.dataset.device);
      select.replaceChildren(...some.map(({ id, label }) => new Option(label, id)));
      const current = [used, select.dataset.chosen].find((id) => some.some((one) => one.id === id));
      if (current) select.value = current;
      const label = select.closest("label");
      if (label) label.hidden = some.length === 0;
    }
  }

  /** The device whose track is used now. @param {string} [kind] */
  #used(kind) {
    const source = /** @type {Record<string, OwnSource>} */ ({ audioinput: "audio", videoinput: "camera" })[kind ?? ""];
    return this.tracks.get(source)?.getSettings().deviceId;
  }

  /** @param {string} trouble '' clears */
  #complain(trouble) {
    this.#trouble = trouble;
    if (trouble) this.dispatchEvent(new CustomEvent("trouble", { detail: { code: trouble } }));
    this.#part("trouble").hidden = !trouble;
    this.#part("trouble-text").textContent = trouble ? text(trouble) : "";
  }

  /** @param {string} name */
  #part(name) {
    return required(this, `[data-live="${name}"]`, HTMLElement);
  }
}

customElements.define("device-check", DeviceCheck);
