/**
 * The call through the media server: we offer on the publishing connection, the server offers on the subscribing one.
 * Used by protocol.js only.
 */
import { Restarts, ice } from "./protocol-connection.js";
import { LOST, Publishing } from "./protocol-publish.js";

const MAX_REBUILDS = 4;
const STEADY_MS = 60000; // after which an earlier failure no longer counts
const RIGHTS = { audio: "audio", camera: "video", screen: "screen", "screen-audio": "screen" };

export class ServerCall {
  /** @param {import('./protocol.js').LiveCall} call @param {any} config the `engine` message */
  constructor(call, config) {
    this.call = call;
    this.config = config;
    this.sub = null;
    this.joined = false;
    /** @type {string[]} */
    this.rights = [];
    this.publishing = new Publishing(this);
    /** @type {Map<string, any>} producers of others by id */
    this.producers = new Map();
    /** @type {{mid: string, producer: string|null}[]} */
    this.slots = [];
    /** @type {Map<string, string>} what each slot showed last: mid → producer */
    this.shown = new Map();
    this.offers = Promise.resolve();
    this.held = 0;
    this.restarts = new Restarts(() => this.restart("lost"));
    this.closed = false;
  }

  /** The socket came back with fresh credentials. */
  configure(config) {
    this.config = config;
  }

  get pub() {
    return this.publishing.pc;
  }

  signallingLost() {
    this.publishing.refused(LOST);
  }

  receive(message) {
    const handler = {
      joined: () => this.onJoined(message),
      rejoin: () => this.onRejoin(),
      "publish.answer": () => this.publishing.answered(message),
      "subscribe.offer": () => this.onOffer(message),
      "subscribe.slots": () => this.onSlots(message.slots),
      "peer.joined": () => this.call.emit("peer", { peer: message.peer, present: true, reason: "" }),
      "peer.left": () => this.onPeerLeft(message),
      "producer.added": () => this.onProducer(message.producer),
      "producer.changed": () => this.onProducer(message.producer),
      "producer.removed": () => this.onRemoved(message),
      demand: () => this.publishing.demand(message),
      layer: () => this.onLayer(message),
      speakers: () => this.call.emit("speakers", { peers: message.peers }),
      quality: () => this.onQuality(message),
      rights: () => this.onRights(message.rights),
      recording: () => this.call.emit("recording", { on: message.on }),
      drain: () => true,
      pong: () => true,
      error: () => this.onError(message),
    }[message.type];
    if (!handler) return false;
    return handler() !== false;
  }

  onJoined(message) {
    const resumed = message.resumed && this.joined;
    if (this.joined && !resumed) this.drop(); // the server began anew with us: so do we
    this.joined = true;
    this.rights = message.rights;
    this.call.emit("rights", { rights: message.rights });
    this.call.emit("recording", { on: Boolean(message.recording) });
    for (const peer of message.peers) this.call.emit("peer", { peer, present: true, reason: "" });
    const present = new Set(message.producers.map((producer) => producer.id));
    for (const [id, old] of this.producers) if (!present.has(id)) this.onRemoved({ producer: id, peer: old.peer });
    for (const producer of message.producers) this.onProducer(producer);
    if (message.rights.includes("subscribe") && !resumed) this.call.send({ type: "subscribe.start" });
    if (resumed) this.publishing.restart();
    for (const source of this.call.local.keys()) this.publish(source);
    this.show(this.call.tiles);
  }

  onRejoin() {
    this.call.become("reconnecting");
    this.drop(); // the relay looks for the new place by itself; `joined` follows
  }

  onPeerLeft({ peer, reason }) {
    for (const [id, producer] of this.producers) if (producer.peer === peer) this.producers.delete(id);
    this.call.gone(this, peer);
    this.call.emit("peer", { peer, present: false, reason });
  }

  onProducer(producer) {
    this.producers.set(producer.id, producer);
    this.applySlots(producer.id);
    this.show(this.call.tiles);
  }

  onRemoved({ producer, peer }) {
    const old = this.producers.get(producer);
    this.producers.delete(producer);
    if (old) this.call.gone(this, peer, old.source);
  }

  onLayer({ producer, rid, reason }) {
    const { peer, source } = this.producers.get(producer) ?? {};
    if (peer) this.call.emit("layer", { peer, source, rid, reason });
  }

  onQuality({ up, down }) {
    this.hold(down.hold_ms);
    this.call.emit("quality", { up, down });
  }

  /** Keep pictures waiting a little, so that what was lost and sent again is there when its turn comes. @param {number} ms */
  hold(ms = this.held) {
    this.held = ms ?? 0;
    for (const { receiver } of this.sub?.getTransceivers() ?? []) {
      if (receiver.track.kind === "video") receiver.jitterBufferTarget = this.held || null;
    }
  }

  onRights(rights) {
    const before = this.rights;
    this.rights = rights;
    this.call.emit("rights", { rights });
    for (const source of this.call.local.keys()) {
      const right = RIGHTS[source];
      if (before.includes(right) && !rights.includes(right)) this.publishing.unpublish(source);
      if (!before.includes(right) && rights.includes(right)) this.publishing.publish(source);
    }
    if (!rights.includes("subscribe")) this.closeSub();
    else if (!this.sub) this.call.send({ type: "subscribe.start" });
  }

  onError(message) {
    if (message.code === "transport_failed") return this.rebuild();
    if (message.for === "publish.offer") this.publishing.refused(message);
    return false; // the page hears of it too
  }

  /** The server gave up on a connection (silence, a failed handshake): make new ones, a few times, ever more slowly. */
  rebuild() {
    if (this.rebuilding) return true;
    this.rebuilds = performance.now() - (this.rebuiltAt ?? -Infinity) > STEADY_MS ? 1 : this.rebuilds + 1;
    if (this.rebuilds > MAX_REBUILDS) return false; // the page hears that the network blocks the call
    this.rebuiltAt = performance.now();
    this.rebuilding = true;
    this.call.become("reconnecting");
    setTimeout(
      () => {
        this.rebuilding = false;
        if (this.closed || !this.joined) return;
        this.publishing.close();
        this.publishing = new Publishing(this);
        this.closeSub();
        if (this.rights.includes("subscribe")) this.call.send({ type: "subscribe.start" });
        for (const source of this.call.local.keys()) this.publish(source);
      },
      (this.rebuilds - 1) * 2000,
    );
    return true;
  }

  // -- publishing: see protocol-publish.js ---------------------------------------------------------------------------

  publish(source) {
    if (!this.joined || this.closed) return;
    if (this.rights.includes(RIGHTS[source])) this.publishing.publish(source);
    else this.call.emit("problem", { code: "not_allowed", message: "", source });
  }

  unpublish(source) {
    this.publishing.unpublish(source);
  }

  replace(source) {
    return this.publishing.replace(source);
  }

  mute(source, muted) {
    this.publishing.mute(source, muted);
  }

  point(text) {
    this.publishing.point(text);
  }

  // -- subscribing -------------------------------------------------------------------------------------------------

  onOffer({ sdp, version }) {
    this.offers = this.offers
      .then(async () => {
        if (this.closed) return;
        if (!this.sub) {
          this.sub = new RTCPeerConnection(ice(this.config));
          this.sub.addEventListener("connectionstatechange", () => this.watch());
        }
        await this.sub.setRemoteDescription({ type: "offer", sdp });
        await this.sub.setLocalDescription();
        this.call.send({ type: "subscribe.answer", sdp: this.sub.localDescription.sdp, version });
        this.hold();
        this.applySlots();
      })
      .catch((error) => this.call.emit("problem", { code: "bad_sdp", message: String(error) }));
  }

  onSlots(slots) {
    this.slots = slots;
    this.applySlots();
  }

  /** Hand tracks to the call by what the server says they carry. */
  applySlots(changed) {
    const transceivers = new Map(this.sub?.getTransceivers().map((one) => [one.mid, one]) ?? []);
    for (const { mid, producer: id } of this.slots) {
      const producer = this.producers.get(id);
      const transceiver = transceivers.get(mid);
      if (!producer || !transceiver || (this.shown.get(mid) === id && changed !== id)) continue;
      this.shown.set(mid, id);
      const { peer, source, muted } = producer;
      this.call.incoming(this, peer, source, transceiver.receiver.track, { muted, id });
    }
    for (const { mid, producer } of this.slots) if (!producer) this.shown.delete(mid);
  }

  show(tiles) {
    const wanted = [];
    for (const { peer, source, height } of tiles) {
      for (const producer of this.producers.values()) {
        if (producer.peer === peer && producer.source === source) wanted.push({ producer: producer.id, height });
      }
    }
    const text = JSON.stringify(wanted);
    if (!this.joined || !wanted.length || text === this.told) return;
    this.told = text;
    this.call.send({ type: "subscribe.tiles", tiles: wanted });
  }

  // -- health ------------------------------------------------------------------------------------------------------

  watch() {
    if (this.closed) return;
    const states = [this.pub, this.sub].filter(Boolean).map((pc) => pc.connectionState);
    if (states.includes("disconnected") || states.includes("failed")) {
      this.call.become("reconnecting");
      this.restarts.begin();
    } else if (states.length && states.every((state) => state === "connected")) {
      this.restarts.end();
      this.call.become("connected");
    }
  }

  /** New ICE credentials on both connections; DTLS and media go on. @param {string} reason */
  restart(reason) {
    const bad = (pc) =>
      pc && pc.connectionState !== "closed" && (reason === "network" || pc.connectionState !== "connected");
    if (bad(this.pub)) this.publishing.restart();
    if (bad(this.sub)) this.call.send({ type: "subscribe.restart" });
  }

  connections() {
    return Object.fromEntries(Object.entries({ up: this.pub, down: this.sub }).filter(([, pc]) => pc));
  }

  leave() {
    if (this.joined) this.call.send({ type: "leave" });
  }

  closeSub() {
    this.sub?.close();
    this.sub = null;
    this.slots = [];
    this.shown.clear();
  }

  /** Forget both connections and everything that came through them. */
  drop() {
    this.joined = false;
    this.publishing.close();
    this.publishing = new Publishing(this);
    this.closeSub();
    this.told = "";
    for (const { peer } of this.producers.values()) this.call.gone(this, peer);
    this.producers.clear();
    this.restarts.end();
  }

  close() {
    this.closed = true;
    this.drop();
  }
}
