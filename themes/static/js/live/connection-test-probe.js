/**
 * One ICE transport to the media server, tried in a private room: one side sends a drawn picture, the other receives it. No camera, no permission.
 *
 * @typedef {import('./connection-test-verdict.js').Measured} Measured
 * @typedef {{at: number, bytes: number, lost: number, received: number, jitter?: number, rtt?: number, lostUp?: number, room?: number}} Counts
 *   so far: ms, bytes, packets, packets, ms, ms, a share of 1, kbit/s that the browser takes for possible
 */
import { LiveCall } from "./protocol.js";

const SIZE = [480, 270];
const FPS = 15;
const STEP_MS = 250;
const LOOK_MS = 50;

/** A picture that is never the same twice, so that it costs what a camera's costs. @returns {{track: MediaStreamTrack, stop: () => void}} */
function drawnTrack() {
  const canvas = Object.assign(document.createElement("canvas"), { width: SIZE[0], height: SIZE[1] });
  const context = canvas.getContext("2d");
  const draw = () => {
    for (let count = 0; context && count < 300; count += 1) {
      context.fillStyle = `hsl(${Math.random() * 360} 70% ${30 + Math.random() * 40}%)`;
      context.fillRect(Math.random() * SIZE[0], Math.random() * SIZE[1], 40, 24);
    }
  };
  draw();
  const timer = setInterval(draw, 1000 / FPS);
  const [track] = canvas.captureStream(FPS).getVideoTracks();
  return {
    track,
    stop() {
      clearInterval(timer);
      track.stop();
    },
  };
}

export class Probe {
  #transport;
  #send;
  #sides;
  #hasJoined = false;
  /** @type {Measured['state'] | null} the server said that it cannot be tried */
  #refused = null;

  /**
   * @param {string} transport @param {(message: object) => void} send into the test's socket
   * @param {{kbps?: number}} options
   */
  constructor(transport, send, { kbps = 1500 } = {}) {
    this.#transport = transport;
    this.#send = send;
    /** @type {Set<string>} where the server says it is: `address port` */
    this.places = new Set();
    const side = (/** @type {string} */ name) =>
      new LiveCall({
        send: (message) => send({ type: "media", transport, side: name, message }),
        simulcast: false,
        maxKbps: kbps,
      });
    this.#sides = { one: side("one"), two: side("two") };
    this.#sides.two.addEventListener("media", (event) => {
      const { peer, present } = /** @type {CustomEvent} */ (event).detail;
      if (present) this.#sides.two.show([{ peer, source: "camera", height: SIZE[1] }]);
    });
  }

  /** Take a frame of the socket that is about this transport. @param {any} frame */
  receive(frame) {
    if (frame.type === "away" || frame.type === "no_relay") {
      this.#refused = frame.type === "away" ? "away" : "none";
      return;
    }
    const { side, message } = /** @type {{side: 'one' | 'two', message: any}} */ (frame);
    if (message.type === "joined") this.#hasJoined = true;
    for (const [, address, port] of (message.sdp ?? "").matchAll(
      /^a=candidate:\S+ 1 udp \S+ (\S+) (\d+) typ host/gim,
    )) {
      this.places.add(`${address} ${port}`);
    }
    this.#sides[side].receive(message);
  }

  /**
   * Connect within `connectMs`, then measure for `measureMs` (0: only whether it connects).
   * @param {{connectMs: number, measureMs: number, stopped: () => boolean}} times @returns {Promise<Measured>}
   */
  async run({ connectMs, measureMs, stopped }) {
    const drawn = drawnTrack();
    this.#send({ type: "try", transport: this.#transport });
    try {
      this.#sides.one.publish("camera", drawn.track);
      const end = performance.now() + connectMs;
      while (!this.#isConnected && !this.#refused && !stopped() && performance.now() < end) await pause(LOOK_MS);
      if (this.#refused) return { state: this.#refused };
      if (!this.#isConnected) return { state: this.#hasJoined ? "blocked" : "away" };
      return { state: "works", ...(await this.#measure(measureMs, stopped)) };
    } finally {
      drawn.stop();
      for (const call of Object.values(this.#sides)) call.close();
      this.#send({ type: "done", transport: this.#transport });
    }
  }

  get #isConnected() {
    return Object.values(this.#sides).every(({ state }) => state === "connected");
  }

  /** @param {number} ms @param {() => boolean} stopped */
  async #measure(ms, stopped) {
    const begun = await this.#counts();
    const rates = [];
    let last = begun;
    for (let spent = 0; spent < ms && !stopped(); spent += STEP_MS) {
      await pause(STEP_MS);
      const now = await this.#counts();
      if (now.at > last.at) rates.push(((now.bytes - last.bytes) * 8) / (now.at - last.at));
      last = now;
    }
    return ms === 0 ? { rtt: last.rtt } : summary(begun, last, rates);
  }

  /** What both browsers' sides have counted so far. */
  async #counts() {
    /** @type {Counts} */
    const found = { at: performance.now(), bytes: 0, lost: 0, received: 0 };
    for (const entry of await this.#sides.one.stats()) {
      if (entry.type === "candidate-pair") {
        const { currentRoundTripTime: rtt, availableOutgoingBitrate: room } = entry;
        found.rtt = rtt === undefined ? undefined : Math.round(rtt * 1000);
        if (room) found.room = room / 1000;
      } else if (entry.type === "remote-inbound-rtp") found.lostUp = Math.max(0, entry.fractionLost ?? 0);
    }
    for (const entry of await this.#sides.two.stats()) {
      if (entry.type !== "inbound-rtp") continue;
      found.bytes += entry.bytesReceived ?? 0;
      found.lost += entry.packetsLost ?? 0;
      found.received += entry.packetsReceived ?? 0;
      if (entry.jitter !== undefined) found.jitter = Math.round(entry.jitter * 1000);
    }
    return found;
  }
}

/** @param {Counts} begun @param {Counts} last @param {number[]} rates in kbit/s */
function summary(begun, last, rates) {
  const [lost, received] = [last.lost - begun.lost, last.received - begun.received];
  const lostDown = lost + received > 0 ? Math.max(0, lost) / (lost + received) : 1;
  const best = Math.max(0, ...rates); // a picture comes unevenly; the best quarter of a second is what fits
  const { rtt, jitter, lostUp = 0, room } = last;
  const kbps = room === undefined ? best : Math.max(Math.min(room, 2 * best), Math.min(best, room));
  return { rtt, loss: Math.max(lostDown, lostUp), jitter, kbps: Math.round(kbps) };
}

/** @param {number} ms */
function pause(ms) {
  return new Promise((done) => {
    setTimeout(done, ms);
  });
}
