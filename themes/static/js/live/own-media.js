/**
 * The person's own camera, microphone and screen in the call: what the devices give is what the others get. And the one place where all of
 * it ends: whoever is out of the session holds no capture of any kind.
 *
 * Events: `screen` {track} when sharing began (or ended: null), `trouble` {code} when that did not go.
 *
 * @typedef {import('./device-check.js').OwnSource} OwnSource
 */
import { DeviceError, openScreen } from "./protocol-devices.js";

export class OwnMedia extends EventTarget {
  #call;
  #devices;
  #isIn = false;

  /** @param {import('./protocol.js').LiveCall} call @param {import('./device-check.js').DeviceCheck} devices */
  constructor(call, devices) {
    super();
    this.#call = call;
    this.#devices = devices;
    devices.addEventListener("device", (event) => this.#follow(/** @type {CustomEvent} */ (event).detail.source));
  }

  /** The person is in: the others get what is on. */
  enter() {
    this.#isIn = true;
    for (const source of this.#devices.tracks.keys()) this.#follow(source);
  }

  /** Out, perhaps not for good: no connection and no screen; camera and microphone show in the preview only. */
  pause() {
    this.#isIn = false;
    this.#call.hangUp();
    this.#emit("screen", { track: null });
  }

  /** Out for good, however that came about. */
  end() {
    this.#isIn = false;
    this.#call.close();
    this.#devices.stop();
  }

  /** @param {OwnSource} source */
  toggle(source) {
    return this.#devices.turn(source, !this.#devices.isOn(source));
  }

  /** Begin to share a screen, or end it. Nothing outside of a session. */
  async share() {
    if (!this.#isIn) return;
    if (this.#call.local.has("screen")) return this.#unshare();
    try {
      const { screen, audio } = await openScreen();
      if (!this.#isIn) {
        // Because the person was taken out while the browser asked which screen.
        screen.stop();
        audio?.stop();
        return;
      }
      screen.addEventListener("ended", () => this.#unshare());
      await this.#call.publish("screen", screen);
      if (audio) await this.#call.publish("screen-audio", audio);
      if (this.#call.local.get("screen")?.track === screen) this.#emit("screen", { track: screen });
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error;
      if (error.trouble !== "cancelled") this.#emit("trouble", { code: error.trouble });
    }
  }

  async #unshare() {
    this.#emit("screen", { track: null });
    await this.#call.unpublish("screen");
    await this.#call.unpublish("screen-audio");
  }

  /** Another device, switched on or off, or gone: so it is for the others. @param {OwnSource} source */
  async #follow(source) {
    if (!this.#isIn) return;
    const track = this.#devices.tracks.get(source);
    if (track && this.#call.local.get(source)?.track !== track) await this.#call.publish(source, track);
    await this.#call.mute(source, !this.#devices.isOn(source));
  }

  /** @param {string} name @param {object} detail */
  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
