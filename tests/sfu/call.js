// The page of the browser tests: drives protocol.js and keeps what it says, for the tests to ask.
import { LiveCall } from "/protocol.js";
import { LiveSocket } from "/protocol-socket.js";
import { DeviceError, openDevice, openScreen } from "/protocol-devices.js";

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

class Person {
  constructor({ room, peer, engine = "builtin", rights = "", options = {} }) {
    this.events = [];
    this.videos = new Map();
    const query = new URLSearchParams({ room, peer, engine, ...(rights ? { rights } : {}) });
    const url = (resume) => `ws://${location.host}/socket?${query}${resume ? "&resume=1" : ""}`;
    this.socket = new LiveSocket(url(false));
    this.call = new LiveCall({ send: (message) => this.socket.send(message), ...options });
    this.socket.addEventListener("open", () => (this.socket.url = url(true)));
    this.socket.addEventListener("message", ({ detail }) => this.call.receive(detail));
    this.socket.addEventListener("down", () => this.call.disconnected());
    for (const name of [
      "state",
      "peer",
      "layer",
      "speakers",
      "quality",
      "rights",
      "recording",
      "pointer",
      "engine",
      "kicked",
      "problem",
    ]) {
      this.call.addEventListener(name, ({ detail }) => this.events.push({ at: performance.now(), name, ...detail }));
    }
    this.call.addEventListener("media", ({ detail }) => this.media(detail));
  }

  media({ peer, source, stream, present, muted }) {
    this.events.push({ at: performance.now(), name: "media", peer, source, present, muted });
    const key = `${peer} ${source}`;
    if (!present) {
      this.videos.get(key)?.remove();
      this.videos.delete(key);
    } else if (!this.videos.has(key)) {
      const element = document.createElement(source === "audio" || source === "screen-audio" ? "audio" : "video");
      Object.assign(element, { autoplay: true, muted: true, playsInline: true, srcObject: stream });
      element.began = performance.now();
      if (element.requestVideoFrameCallback) {
        element.frames = 0;
        element.times = [];
        const count = (now) => {
          element.frames += 1;
          element.times.push(now);
          element.first ??= now;
          element.requestVideoFrameCallback(count);
        };
        element.requestVideoFrameCallback(count);
      }
      document.body.append(element);
      this.videos.set(key, element);
    }
  }

  async camera(width = 1280, height = 720) {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { width, height, frameRate: 20 } });
    await this.call.publish("camera", stream.getTracks()[0]);
  }

  async microphone() {
    await this.call.publish("audio", await openDevice("audio"));
  }

  async screen() {
    const { screen } = await openScreen();
    await this.call.publish("screen", screen);
  }

  /** How often the received media decoded something, by peer and source. */
  async received() {
    const stats = await this.call.stats();
    const out = {};
    for (const [key, { track, muted }] of this.call.remote) {
      const entry = stats.find((one) => one.type === "inbound-rtp" && one.trackIdentifier === track?.id);
      out[key] = {
        muted,
        frames: entry?.framesDecoded ?? 0,
        packets: entry?.packetsReceived ?? 0,
        lost: entry?.packetsLost ?? 0,
        width: entry?.frameWidth ?? 0,
        freezes: entry?.freezeCount ?? 0,
        energy: entry?.totalAudioEnergy ?? 0,
        shown: this.videos.get(key)?.frames ?? 0,
      };
    }
    return out;
  }

  /** The longest pause between two shown frames of a picture since `since` (performance.now()), in ms; the wait for the first counts. */
  pause(key, since = 0) {
    const shown = this.videos.get(key).times.filter((at) => at >= since);
    const times = since ? [since, ...shown] : shown;
    return Math.max(0, ...times.slice(1).map((at, place) => at - times[place]));
  }

  /** Mean and maximum of green in the middle of a picture: a real one is neither black nor flat. */
  pixels(key) {
    const canvas = new OffscreenCanvas(64, 36).getContext("2d");
    canvas.drawImage(this.videos.get(key), 0, 0, 64, 36);
    const { data } = canvas.getImageData(0, 0, 64, 36);
    const greens = data.filter((_, at) => at % 4 === 1);
    return {
      mean: greens.reduce((sum, one) => sum + one, 0) / greens.length,
      max: Math.max(...greens),
      min: Math.min(...greens),
    };
  }

  named(name) {
    return this.events.filter((event) => event.name === name);
  }
}

Object.assign(window, {
  Person,
  LiveCall,
  LiveSocket,
  DeviceError,
  openDevice,
  openScreen,
  sleep,
  people: {},
  ready: true,
});
