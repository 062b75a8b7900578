// Camera, microphone and speaker of the device check: preview, level, choice, test tone, and plain words for what goes wrong.

import { DeviceError, listDevices, openDevice, watchDevices, watchLevel } from "./protocol-devices.js";
import { playTone } from "./chime.js";

const KIND = { audio: "audioinput", camera: "videoinput" };

/** Holds the person's own tracks; tells `change` {source} and `trouble` {trouble} ('' when it is over). */
export class Devices extends EventTarget {
  /** @param {HTMLElement} lobby @param {(trouble: string) => string} text */
  constructor(lobby, text) {
    super();
    this.lobby = lobby;
    this.text = text;
    /** @type {Map<'audio' | 'camera', MediaStreamTrack>} */
    this.tracks = new Map();
    this.wanted = { audio: true, camera: true };
    this.part = (name) => lobby.querySelector(`[data-live="${name}"]`);
    for (const select of lobby.querySelectorAll("[data-device]")) {
      select.addEventListener("change", () => this.choose(select.dataset.device));
    }
    watchDevices(() => this.list());
  }

  /** Ask for both; one that is missing does not stop the other. */
  async start() {
    this.complain("");
    await this.open("audio");
    await this.open("camera");
    await this.list();
  }

  /** @param {'audio' | 'camera'} source */
  async open(source) {
    this.tracks.get(source)?.stop();
    this.tracks.delete(source);
    try {
      const track = await openDevice(source === "audio" ? "audio" : "video", this.chosen(KIND[source]));
      this.tracks.set(source, track);
      this.wanted[source] = true;
    } catch (error) {
      this.wanted[source] = false;
      this.complain(error instanceof DeviceError ? error.trouble : "unknown");
    }
    this.show(source);
    return this.tracks.get(source) ?? null;
  }

  /** Switch on or off before and during the session. @param {'audio' | 'camera'} source @param {boolean} on */
  async turn(source, on) {
    const track = this.tracks.get(source);
    if (source === "camera" && !on) {
      track?.stop(); // so that its light goes out
      this.tracks.delete("camera");
    } else if (on && (!track || track.readyState === "ended")) {
      return this.open(source);
    }
    this.wanted[source] = on;
    if (source === "audio" && track) track.enabled = on;
    this.show(source);
    return this.tracks.get(source) ?? null;
  }

  show(source) {
    if (source === "audio") this.measure();
    else this.preview();
    this.dispatchEvent(new CustomEvent("change", { detail: { source } }));
  }

  preview() {
    const track = this.tracks.get("camera");
    this.part("self").srcObject = track ? new MediaStream([track]) : null;
    this.part("preview").dataset.state = track ? "on" : "off";
  }

  measure() {
    this.unwatch?.();
    const track = this.tracks.get("audio");
    const meter = this.part("meter");
    const draw = (level) => {
      meter.style.setProperty("--level", level.toFixed(2));
      meter.setAttribute("aria-valuenow", String(Math.round(level * 100)));
      if (level > 0.02) meter.dataset.moved = "";
    };
    draw(0);
    this.unwatch = track ? watchLevel(track, (level) => draw(track.enabled ? Math.sqrt(level) : 0)) : null;
  }

  /** Nobody looks at the meter any more. */
  rest() {
    this.unwatch?.();
    this.unwatch = null;
  }

  chosen(kind) {
    return this.lobby.querySelector(`[data-device="${kind}"]`)?.value || undefined;
  }

  get speaker() {
    return this.chosen("audiooutput") ?? "";
  }

  async choose(kind) {
    if (kind === "audioinput") await this.open("audio");
    else if (kind === "videoinput") await this.open("camera");
    else this.dispatchEvent(new CustomEvent("speaker"));
  }

  async list() {
    const all = (await listDevices()).filter(({ label }) => label);
    this.part("devices").hidden = all.length === 0;
    for (const select of this.lobby.querySelectorAll("[data-device]")) {
      const some = all.filter(({ kind }) => kind === select.dataset.device);
      const current = select.value;
      select.replaceChildren(...some.map(({ id, label }) => new Option(label, id)));
      if (some.some(({ id }) => id === current)) select.value = current;
      select.closest("label").hidden = some.length === 0;
    }
  }

  async tone() {
    const note = this.part("tone-note");
    note.hidden = !(await playTone(this.speaker));
  }

  /** @param {string} trouble '' clears */
  complain(trouble) {
    this.part("trouble").hidden = !trouble;
    this.part("trouble-text").textContent = trouble ? this.text(trouble) : "";
    this.dispatchEvent(new CustomEvent("trouble", { detail: { trouble } }));
  }
}
