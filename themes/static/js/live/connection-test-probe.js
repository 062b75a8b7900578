/**
 * One ICE transport to the media server, tried in a private room: one side sends a drawn picture, the other receives it. No camera, no permission.
 */
import { LiveCall } from "./protocol.js";

const SIZE = [480, 270];
const FPS = 15;
const STEP_MS = 250;

/** A picture that is never the same twice, so that it costs what a camera's costs. @returns {{track: MediaStreamTrack, stop: () => void}} */
export function drawnTrack() {
  const canvas = Object.assign(document.createElement("canvas"), { width: SIZE[0], height: SIZE[1] });
  const context = canvas.getContext("2d");
  const draw = () => {
    for (let count = 0; count < 300; count += 1) {
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

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export class Probe {
  /**
   * @param {string} transport @param {(message: object) => boolean|void} say into the test's socket
   * @param {{kbps?: number}} options
   */
  constructor(transport, say, { kbps = 1500 } = {}) {
    Object.assign(this, { transport, say, joined: false, away: false });
    /** @type {Set<string>} where the server says it is: `address port` */
    this.places = new Set();
    const side = (name) =>
      new LiveCall({
        send: (message) => say({ type: "media", transport, side: name, message }),
        simulcast: false,
        maxKbps: kbps,
      });
    this.sides = { one: side("one"), two: side("two") };
    this.sides.two.addEventListener("media", ({ detail }) => {
      if (detail.present) this.sides.two.show([{ peer: detail.peer, source: "camera", height: SIZE[1] }]);
    });
  }

  /** Take a frame of the socket that is about this transport. @param {any} frame */
  receive(frame) {
    if (frame.type === "away" || frame.type === "no_relay") {
      this.refused = frame.type === "away" ? "away" : "none";
      return;
    }
    const { side, message } = frame;
    if (message.type === "joined") this.joined = true;
    for (const [, address, port] of (message.sdp ?? "").matchAll(
      /^a=candidate:\S+ 1 udp \S+ (\S+) (\d+) typ host/gim,
    )) {
      this.places.add(`${address} ${port}`);
    }
    this.sides[side].receive(message);
  }

  get connected() {
    return Object.values(this.sides).every(({ state }) => state === "connected");
  }

  /**
   * Connect within `connectMs`, then measure for `measureMs` (0: only whether it connects).
   * @param {{connectMs: number, measureMs: number, stopped: () => boolean}} times @returns {Promise<import('./connection-test-verdict.js').Measured>}
   */
  async run({ connectMs, measureMs, stopped }) {
    const drawn = drawnTrack();
    this.say({ type: "try", transport: this.transport });
    try {
      this.sides.one.publish("camera", drawn.track);
      const end = performance.now() + connectMs;
      while (!this.connected && !this.refused && !stopped() && performance.now() < end) await pause(50);
      if (this.refused) return { state: this.refused };
      if (!this.connected) return { state: this.joined ? "blocked" : "away" };
      return { state: "works", ...(await this.measure(measureMs, stopped)) };
    } finally {
      drawn.stop();
      for (const call of Object.values(this.sides)) call.close();
      this.say({ type: "done", transport: this.transport });
    }
  }

  /** @param {number} ms @param {() => boolean} stopped */
  async measure(ms, stopped) {
    const begun = await this.numbers();
    const rates = [];
    let last = begun;
    for (let spent = 0; spent < ms && !stopped(); spent += STEP_MS) {
      await pause(STEP_MS);
      const now = await this.numbers();
      if (now.at > last.at) rates.push(((now.bytes - last.bytes) * 8) / (now.at - last.at));
      last = now;
    }
    if (ms === 0) return { rtt: last.rtt };
    const [lost, got] = [last.lost - begun.lost, last.got - begun.got];
    const down = lost + got > 0 ? Math.max(0, lost) / (lost + got) : 1;
    const best = Math.max(0, ...rates); // a picture comes unevenly; the best quarter of a second is what fits
    return {
      rtt: last.rtt,
      loss: Math.max(down, last.lostUp ?? 0),
      jitter: last.jitter,
      kbps: Math.round(
        last.room === undefined ? best : Math.max(Math.min(last.room, 2 * best), Math.min(best, last.room)),
      ),
    };
  }

  /** What both browsers' sides have counted so far. */
  async numbers() {
    const found = {
      at: performance.now(),
      bytes: 0,
      lost: 0,
      got: 0,
      jitter: undefined,
      rtt: undefined,
      lostUp: undefined,
      room: undefined,
    };
    for (const entry of await this.sides.one.stats()) {
      if (entry.type === "candidate-pair") {
        found.rtt =
          entry.currentRoundTripTime === undefined ? undefined : Math.round(entry.currentRoundTripTime * 1000);
        if (entry.availableOutgoingBitrate) found.room = entry.availableOutgoingBitrate / 1000;
      } else if (entry.type === "remote-inbound-rtp") found.lostUp = Math.max(0, entry.fractionLost ?? 0);
    }
    for (const entry of await this.sides.two.stats()) {
      if (entry.type !== "inbound-rtp") continue;
      found.bytes += entry.bytesReceived ?? 0;
      found.lost += entry.packetsLost ?? 0;
      found.got += entry.packetsReceived ?? 0;
      if (entry.jitter !== undefined) found.jitter = Math.round(entry.jitter * 1000);
    }
    return found;
  }
}
