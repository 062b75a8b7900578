/**
 * A live call, without a DOM. The wire is docs/live-protocol.md; the page owns the socket and the pictures.
 *
 *   const call = new LiveCall({ send: message => socket.send(message) });
 *   socket.addEventListener('message', event => call.receive(event.detail));   // ignores what is not about media
 *   socket.addEventListener('down', () => call.disconnected());
 *   call.addEventListener('media', ({ detail }) => show(detail.peer, detail.source, detail.stream));
 *   await call.publish('camera', track);
 *
 * The same calls and events hold for the media server and for peer to peer; a call may move from one to the other while
 * it runs: each `stream` object stays the same, only the track inside it is exchanged, at its first frame.
 *
 * Events (CustomEvent; `detail` in brackets):
 *   state     {state}                          'idle', 'connecting', 'connected', 'reconnecting', 'closed'
 *   peer      {peer, present, reason}
 *   media     {peer, source, stream, present, muted, id}   somebody's voice, camera or screen came, changed or went
 *   layer     {peer, source, rid, reason}      how much of a picture arrives; rid null: none, for `reason`
 *   speakers  {peers: [{peer, level}]}
 *   quality   {up, down}                       {loss, rtt_ms, jitter_ms, kbps, score 1..5}
 *   rights    {rights}
 *   recording {on}
 *   pointer   {peer, data}
 *   engine    {engine}                         where the call takes place now
 *   kicked    {reason}
 *   problem   {code, message, about, cause}    message: the server's sentence for the person, or empty; about: the message that it is an answer
 *                                              to; cause: what the browser threw
 *
 * @typedef {import('live-protocol').Source} Source
 * @typedef {ServerCall | PeerToPeer} Engine
 * @typedef {{track: MediaStreamTrack | null, muted: boolean}} Local
 * @typedef {{peer: string, source: Source, stream: MediaStream, track: MediaStreamTrack | null, engine: Engine, muted: boolean, id: string,
 *            pending: MediaStreamTrack | null}} Remote
 */
import { PeerToPeer } from "./p2p.js";
import { kindOf } from "./protocol-connection.js";
import { ServerCall } from "./protocol-sfu.js";

/** @type {Record<string, typeof ServerCall | typeof PeerToPeer>} */
const ENGINES = { builtin: ServerCall, janus: ServerCall, p2p: PeerToPeer }; // Janus is spoken to by our server
const HANDOVER_MS = 6000; // after which the old connections go, even if a new picture never came

export class LiveCall extends EventTarget {
  #generation = 0;
  #isClosed = false;
  #networkChanged = () => this.engine?.restart("network");

  /** @param {{send: (message: object) => void, simulcast?: boolean, codec?: string, maxKbps?: number}} options */
  constructor({ send, simulcast = true, codec = "VP8", maxKbps = 1200 }) {
    super();
    this.send = send;
    this.options = { simulcast, codec, maxKbps };
    /** @type {Map<Source, Local>} what we publish */
    this.local = new Map();
    /** @type {Map<string, Remote>} what we receive, by `peer source` */
    this.remote = new Map();
    /** @type {import('live-protocol').ShownTile[]} */
    this.tiles = [];
    /** @type {Engine | null} where the call takes place */
    this.engine = null;
    /** @type {Engine | null} where it took place until a hand-over that is not over yet */
    this.previous = null;
    this.state = "idle";
    globalThis.addEventListener("online", this.#networkChanged);
    navigator.connection?.addEventListener("change", this.#networkChanged);
  }

  /** Called by engines. @param {string} name @param {object} detail */
  emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** Called by engines. @param {string} state */
  become(state) {
    if (state === this.state || this.state === "closed") return;
    this.state = state;
    this.emit("state", { state });
  }

  /** Take one message of the room's socket; returns whether it was about media. @param {{type: string}} other */
  receive(other) {
    const message = /** @type {import('live-protocol').MediaMessage} */ (other);
    if (this.#isClosed || typeof message?.type !== "string") return false;
    if (message.type === "engine") {
      this.#change(message);
      return true;
    }
    if (message.type === "kicked") {
      this.emit("kicked", { reason: message.reason });
      this.close();
      return true;
    }
    // Because during a hand-over both are alive, and each knows its own messages.
    const taken = [this.engine, this.previous].filter((engine) => engine?.receive(message)).length > 0;
    if (!taken && message.type === "error") {
      this.emit("problem", { code: message.code, message: message.message, about: message.for ?? "" });
    }
    return taken || message.type === "error";
  }

  /** The call takes place somewhere (else): begin there beside what runs. @param {import('live-protocol').Engine} config */
  #change(config) {
    if (this.#isClosed) return;
    const Engine = ENGINES[config.engine];
    if (!Engine) {
      this.emit("problem", { code: "engine", message: "" });
      return;
    }
    if (this.engine && config.generation === this.#generation && this.engine instanceof Engine) {
      this.engine.configure(config); // the socket came back; the call goes on
      return;
    }
    this.#generation = config.generation;
    this.previous?.close();
    this.previous = this.engine;
    this.engine = new Engine(this, config);
    this.become(this.previous ? this.state : "connecting");
    this.emit("engine", { engine: config.engine });
    if (this.previous) {
      const old = this.previous;
      setTimeout(() => this.retire(old), HANDOVER_MS);
    }
    for (const source of this.local.keys()) this.engine.publish(source);
  }

  /** Close connections that a hand-over left behind, with what came only through them. @param {Engine} old */
  retire(old) {
    if (this.previous !== old) return;
    this.previous = null;
    old.close();
    for (const entry of [...this.remote.values()]) {
      if (entry.engine !== old) continue;
      if (entry.pending && this.engine)
        this.#swap(entry, this.engine, entry.pending); // its first frame is late, not lost
      else this.gone(old, entry.peer, entry.source);
    }
  }

  /** The room's socket broke: media may go on; what the server says next comes after a new `engine` message. */
  disconnected() {
    this.engine?.signallingLost();
  }

  /** The line is back: whoever is not among these has gone meanwhile, without a word that could reach us. @param {string[]} peers */
  onlyThese(peers) {
    this.engine?.onlyThese(peers);
  }

  // -- what we send ------------------------------------------------------------------------------------------------

  /** Publish a track, or exchange the one that is published. @param {Source} source @param {MediaStreamTrack} track */
  async publish(source, track) {
    if (this.#isClosed) return track.stop(); // because whoever is out captures nothing
    const present = this.local.get(source);
    if (source === "screen" && "contentHint" in track && !track.contentHint) track.contentHint = "detail";
    this.local.set(source, { track, muted: false });
    if (source.startsWith("screen")) {
      track.addEventListener("ended", () => this.local.get(source)?.track === track && this.unpublish(source));
    }
    if (present) {
      await this.engine?.replace(source);
      if (present.muted) this.engine?.mute(source, false);
    } else await this.engine?.publish(source);
  }

  /** @param {Source} source */
  async unpublish(source) {
    const present = this.local.get(source);
    if (!present) return;
    this.local.delete(source);
    present.track?.stop();
    await this.engine?.unpublish(source);
  }

  /**
   * Mute or un-mute without renegotiation. A muted camera is stopped, so that its light goes out: give a fresh track
   * to `publish` to show it again. @param {Source} source @param {boolean} muted
   */
  async mute(source, muted) {
    const present = this.local.get(source);
    if (!present || present.muted === muted) return;
    present.muted = muted;
    if (present.track && kindOf(source) === "audio") present.track.enabled = !muted;
    if (muted && source === "camera") {
      present.track?.stop();
      present.track = null;
      await this.engine?.replace(source);
    }
    this.engine?.mute(source, muted);
  }

  /** Say which pictures are on the screen and how high, in device pixels; 0 hides. @param {import('live-protocol').ShownTile[]} tiles */
  show(tiles) {
    this.tiles = tiles;
    this.engine?.show(tiles);
  }

  /** Send a pointer or another small lossy thing to all others. @param {string} text */
  point(text) {
    this.engine?.point(text);
  }

  // -- what we receive: called by engines --------------------------------------------------------------------------

  /**
   * Somebody's track came, or what is known of it changed.
   * @param {Engine} engine @param {string} peer @param {Source} source @param {MediaStreamTrack} track
   * @param {{muted?: boolean, id?: string}} facts
   */
  incoming(engine, peer, source, track, { muted = false, id = "" } = {}) {
    const key = `${peer} ${source}`;
    let entry = this.remote.get(key);
    if (!entry) {
      entry = { peer, source, stream: new MediaStream(), track: null, engine, muted, id, pending: null };
      this.remote.set(key, entry);
    }
    const same = entry.track === track && entry.engine === engine;
    const moving = entry.track && entry.engine !== engine && entry.track.readyState === "live";
    Object.assign(entry, { muted, id });
    if (moving && track.muted && !muted) {
      entry.pending = track;
      track.addEventListener("unmute", () => entry.pending === track && this.#swap(entry, engine, track), {
        once: true,
      });
    } else if (!same) this.#swap(entry, engine, track);
    this.emit("media", this.#described(entry, true));
  }

  /** @param {Remote} entry @param {Engine} engine @param {MediaStreamTrack} track */
  #swap(entry, engine, track) {
    const old = entry.track;
    Object.assign(entry, { track, engine, pending: null });
    if (old && old !== track) entry.stream.removeTrack(old);
    if (!entry.stream.getTracks().includes(track)) entry.stream.addTrack(track);
    if (this.previous && ![...this.remote.values()].some((one) => one.engine === this.previous)) {
      this.retire(this.previous);
    }
  }

  /** Somebody's track went. @param {Engine} engine @param {string} peer @param {Source} [source] all of the peer's if not given */
  gone(engine, peer, source) {
    for (const [key, entry] of [...this.remote]) {
      if (entry.peer !== peer || (source && entry.source !== source) || entry.engine !== engine) continue;
      this.remote.delete(key);
      if (entry.track) entry.stream.removeTrack(entry.track);
      this.emit("media", this.#described(entry, false));
    }
  }

  /** @param {Remote} entry @param {boolean} present */
  #described({ peer, source, stream, muted, id }, present) {
    return { peer, source, stream, muted, id, present };
  }

  // -- the rest ----------------------------------------------------------------------------------------------------

  /** Connection statistics as the browser counts them, flattened: one entry per RTP stream and chosen pair. */
  async stats() {
    const wanted = ["inbound-rtp", "outbound-rtp", "remote-inbound-rtp", "candidate-pair"];
    const out = [];
    for (const [name, pc] of Object.entries(this.engine?.connections() ?? {})) {
      for (const entry of (await pc.getStats()).values()) {
        if (wanted.includes(entry.type) && (entry.type !== "candidate-pair" || entry.nominated)) {
          out.push({ ...entry, connection: name });
        }
      }
    }
    return out;
  }

  /** Out, perhaps not for good: no connections, and screens are not captured any more. Camera and microphone are the caller's. */
  hangUp() {
    const engines = [this.previous, this.engine];
    this.previous = this.engine = null;
    this.#generation = 0;
    for (const engine of engines) engine?.close();
    for (const entry of [...this.remote.values()]) this.gone(entry.engine, entry.peer, entry.source);
    for (const [source, { track }] of this.local) if (source.startsWith("screen")) track?.stop();
    this.local.clear();
    this.become("idle");
  }

  /** Leave the call for good: nothing of what was published is captured any more. */
  close() {
    if (this.#isClosed) return;
    this.engine?.leave();
    this.#isClosed = true;
    for (const { track } of this.local.values()) track?.stop();
    this.local.clear();
    globalThis.removeEventListener("online", this.#networkChanged);
    navigator.connection?.removeEventListener("change", this.#networkChanged);
    this.previous?.close();
    this.engine?.close();
    this.become("closed");
  }
}
