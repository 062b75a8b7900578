/**
 * The call through the media server: we offer on the publishing connection, the server offers on the subscribing one.
 * Used by protocol.js only.
 *
 * @typedef {import('live-protocol').Source} Source
 * @typedef {import('live-protocol').Right} Right
 * @typedef {import('live-protocol').Producer} Producer
 * @typedef {import('live-protocol').ServerMessage} ServerMessage
 */
import { Restarts, ice } from "./protocol-connection.js";
import { LOST, Publishing } from "./protocol-publish.js";

const MAX_REBUILDS = 4;
const REBUILD_LATER_MS = 2000; // with each one
const STEADY_MS = 60000; // after which an earlier failure no longer counts
/** @type {Record<Source, Right>} */
const RIGHTS = { audio: "audio", camera: "video", screen: "screen", "screen-audio": "screen" };

export class ServerCall {
  /** @type {Right[]} */
  #rights = [];
  /** @type {Map<string, Producer>} of others, by id */
  #producers = new Map();
  /** @type {import('live-protocol').Slot[]} */
  #slots = [];
  /** @type {Map<string, string>} what each slot showed last: mid → producer */
  #shown = new Map();
  #tilesSaid = "";
  /** @type {Promise<void>} */
  #offers = Promise.resolve();
  #holdMs = 0;
  #restarts = new Restarts(() => this.restart("lost"));
  #rebuilds = 0;
  #rebuiltAt = -Infinity;
  #isRebuilding = false;
  #isClosed = false;
  #publishing;

  /** @param {import('./protocol.js').LiveCall} call @param {import('live-protocol').Engine} config */
  constructor(call, config) {
    this.call = call;
    this.config = config;
    /** @type {RTCPeerConnection | null} */
    this.sub = null;
    this.joined = false;
    this.#publishing = new Publishing(this);
  }

  get pub() {
    return this.#publishing.pc;
  }

  // -- what the call asks of every engine --------------------------------------------------------------------------

  /** The socket came back with fresh credentials. @param {import('live-protocol').Engine} config */
  configure(config) {
    this.config = config;
  }

  /** @param {import('live-protocol').MediaMessage} message @returns {boolean} whether it was ours, and nobody else needs to hear of it */
  receive(message) {
    switch (message.type) {
      case "joined":
        this.#joined(message);
        break;
      case "rejoin":
        this.#rejoin();
        break;
      case "publish.answer":
        this.#publishing.answered(message);
        break;
      case "subscribe.offer":
        this.#offered(message);
        break;
      case "subscribe.slots":
        this.#slots = message.slots;
        this.#applySlots();
        break;
      case "peer.joined":
        this.call.emit("peer", { peer: message.peer, present: true, reason: "" });
        break;
      case "peer.left":
        this.#peerLeft(message);
        break;
      case "producer.added":
      case "producer.changed":
        this.#produced(message.producer);
        break;
      case "producer.removed":
        this.#removed(message);
        break;
      case "demand":
        this.#publishing.demand(message);
        break;
      case "layer":
        this.#layer(message);
        break;
      case "speakers":
        this.call.emit("speakers", { peers: message.peers });
        break;
      case "quality":
        this.#quality(message);
        break;
      case "rights":
        this.#changeRights(message.rights);
        break;
      case "recording":
        this.call.emit("recording", { on: message.on });
        break;
      case "drain":
      case "pong":
        break;
      case "error":
        return this.#error(message);
      default:
        return false;
    }
    return true;
  }

  /** @param {Source} source */
  publish(source) {
    if (!this.joined || this.#isClosed) return;
    if (this.#rights.includes(RIGHTS[source])) this.#publishing.publish(source);
    else this.call.emit("problem", { code: "not_allowed", message: "", source });
  }

  /** @param {Source} source */
  unpublish(source) {
    this.#publishing.unpublish(source);
  }

  /** @param {Source} source */
  replace(source) {
    return this.#publishing.replace(source);
  }

  /** @param {Source} source @param {boolean} muted */
  mute(source, muted) {
    this.#publishing.mute(source, muted);
  }

  /** @param {import('live-protocol').ShownTile[]} tiles */
  show(tiles) {
    const wanted = [];
    for (const { peer, source, height } of tiles) {
      for (const producer of this.#producers.values()) {
        if (producer.peer === peer && producer.source === source) wanted.push({ producer: producer.id, height });
      }
    }
    const said = JSON.stringify(wanted);
    if (!this.joined || !wanted.length || said === this.#tilesSaid) return;
    this.#tilesSaid = said;
    this.call.send({ type: "subscribe.tiles", tiles: wanted });
  }

  /** @param {string} text */
  point(text) {
    this.#publishing.point(text);
  }

  /** New ICE credentials on both connections; DTLS and media go on. @param {'lost' | 'network'} reason */
  restart(reason) {
    const isBad = (/** @type {RTCPeerConnection | null} */ pc) =>
      pc && pc.connectionState !== "closed" && (reason === "network" || pc.connectionState !== "connected");
    if (isBad(this.pub)) this.#publishing.restart();
    if (isBad(this.sub)) this.call.send({ type: "subscribe.restart" });
  }

  /** @returns {Record<string, RTCPeerConnection>} by a name for statistics */
  connections() {
    return { ...(this.pub ? { up: this.pub } : {}), ...(this.sub ? { down: this.sub } : {}) };
  }

  signallingLost() {
    this.#publishing.refused(LOST);
  }

  onlyThese() {
    // The media server knows who has gone, and says so when we are back.
  }

  leave() {
    if (this.joined) this.call.send({ type: "leave" });
  }

  close() {
    this.#isClosed = true;
    this.#drop();
  }

  // -- what the server says ----------------------------------------------------------------------------------------

  /** @param {import('live-protocol').Joined} message */
  #joined(message) {
    const isResumed = message.resumed && this.joined;
    if (this.joined && !isResumed) this.#drop(); // the server began anew with us: so do we
    this.joined = true;
    this.#rights = message.rights;
    this.call.emit("rights", { rights: message.rights });
    this.call.emit("recording", { on: Boolean(message.recording) });
    for (const peer of message.peers) this.call.emit("peer", { peer, present: true, reason: "" });
    const present = new Set(message.producers.map(({ id }) => id));
    for (const [id, { peer }] of this.#producers) if (!present.has(id)) this.#removed({ producer: id, peer });
    for (const producer of message.producers) this.#produced(producer);
    if (message.rights.includes("subscribe") && !isResumed) this.call.send({ type: "subscribe.start" });
    if (isResumed) this.#publishing.restart();
    for (const source of this.call.local.keys()) this.publish(source);
    this.show(this.call.tiles);
  }

  #rejoin() {
    this.call.become("reconnecting");
    this.#drop(); // the relay looks for the new place by itself; `joined` follows
  }

  /** @param {{peer: string, reason: string}} message */
  #peerLeft({ peer, reason }) {
    for (const [id, producer] of this.#producers) if (producer.peer === peer) this.#producers.delete(id);
    this.call.gone(this, peer);
    this.call.emit("peer", { peer, present: false, reason });
  }

  /** @param {Producer} producer */
  #produced(producer) {
    this.#producers.set(producer.id, producer);
    this.#applySlots(producer.id);
    this.show(this.call.tiles);
  }

  /** @param {{producer: string, peer: string}} message */
  #removed({ producer, peer }) {
    const old = this.#producers.get(producer);
    this.#producers.delete(producer);
    if (old) this.call.gone(this, peer, old.source);
  }

  /** @param {{producer: string, rid: string | null, reason: string}} message */
  #layer({ producer, rid, reason }) {
    const { peer, source } = this.#producers.get(producer) ?? {};
    if (peer) this.call.emit("layer", { peer, source, rid, reason });
  }

  /** @param {{up: import('live-protocol').Quality, down: import('live-protocol').Quality}} message */
  #quality({ up, down }) {
    this.#holdMs = down.hold_ms ?? 0;
    this.#hold();
    this.call.emit("quality", { up, down });
  }

  /** Keep pictures waiting a little, so that what was lost and sent again is there when its turn comes. */
  #hold() {
    for (const { receiver } of this.sub?.getTransceivers() ?? []) {
      if (receiver.track.kind === "video") receiver.jitterBufferTarget = this.#holdMs || null;
    }
  }

  /** @param {Right[]} rights */
  #changeRights(rights) {
    const before = this.#rights;
    this.#rights = rights;
    this.call.emit("rights", { rights });
    for (const source of this.call.local.keys()) {
      const right = RIGHTS[source];
      if (before.includes(right) && !rights.includes(right)) this.#publishing.unpublish(source);
      if (!before.includes(right) && rights.includes(right)) this.#publishing.publish(source);
    }
    if (!rights.includes("subscribe")) this.#closeSub();
    else if (!this.sub) this.call.send({ type: "subscribe.start" });
  }

  /** @param {import('live-protocol').Refusal} message @returns {boolean} false: the page hears of it, too */
  #error(message) {
    if (message.code === "transport_failed") return this.#rebuild();
    if (message.for === "publish.offer") this.#publishing.refused(message);
    return false;
  }

  /** The server gave up on a connection (silence, a failed handshake): make new ones, a few times, ever more slowly. */
  #rebuild() {
    if (this.#isRebuilding) return true;
    this.#rebuilds = performance.now() - this.#rebuiltAt > STEADY_MS ? 1 : this.#rebuilds + 1;
    if (this.#rebuilds > MAX_REBUILDS) return false; // the page hears that the network blocks the call
    this.#rebuiltAt = performance.now();
    this.#isRebuilding = true;
    this.call.become("reconnecting");
    setTimeout(() => this.#beginAnew(), (this.#rebuilds - 1) * REBUILD_LATER_MS);
    return true;
  }

  #beginAnew() {
    this.#isRebuilding = false;
    if (this.#isClosed || !this.joined) return;
    this.#publishing.close();
    this.#publishing = new Publishing(this);
    this.#closeSub();
    if (this.#rights.includes("subscribe")) this.call.send({ type: "subscribe.start" });
    for (const source of this.call.local.keys()) this.publish(source);
  }

  // -- subscribing -------------------------------------------------------------------------------------------------

  /** @param {{sdp: string, version: number}} message */
  #offered({ sdp, version }) {
    this.#offers = this.#offers
      .then(() => (this.#isClosed ? undefined : this.#answer(sdp, version)))
      .catch((error) => this.call.emit("problem", { code: "bad_sdp", message: "", cause: String(error) }));
  }

  /** @param {string} sdp @param {number} version */
  async #answer(sdp, version) {
    const sub = (this.sub ??= this.#subscribe());
    await sub.setRemoteDescription({ type: "offer", sdp });
    await sub.setLocalDescription();
    this.call.send({ type: "subscribe.answer", sdp: sub.localDescription?.sdp, version });
    this.#hold();
    this.#applySlots();
  }

  #subscribe() {
    const sub = new RTCPeerConnection(ice(this.config));
    sub.addEventListener("connectionstatechange", () => this.watch());
    return sub;
  }

  /** Hand tracks to the call by what the server says they carry. @param {string} [changed] a producer that is handed over again */
  #applySlots(changed) {
    const transceivers = new Map(this.sub?.getTransceivers().map((one) => [one.mid, one]) ?? []);
    for (const { mid, producer: id } of this.#slots) {
      if (!id) this.#shown.delete(mid);
      const producer = this.#producers.get(id ?? "");
      const transceiver = transceivers.get(mid);
      if (!id || !producer || !transceiver || (this.#shown.get(mid) === id && changed !== id)) continue;
      this.#shown.set(mid, id);
      const { peer, source, muted } = producer;
      this.call.incoming(this, peer, source, transceiver.receiver.track, { muted, id });
    }
  }

  // -- health ------------------------------------------------------------------------------------------------------

  /** A connection changed its state. */
  watch() {
    if (this.#isClosed) return;
    const states = Object.values(this.connections()).map(({ connectionState }) => connectionState);
    if (states.includes("disconnected") || states.includes("failed")) {
      this.call.become("reconnecting");
      this.#restarts.begin();
    } else if (states.length && states.every((state) => state === "connected")) {
      this.#restarts.end();
      this.call.become("connected");
    }
  }

  #closeSub() {
    this.sub?.close();
    this.sub = null;
    this.#slots = [];
    this.#shown.clear();
  }

  /** Forget both connections and everything that came through them. */
  #drop() {
    this.joined = false;
    this.#publishing.close();
    this.#publishing = new Publishing(this);
    this.#closeSub();
    this.#tilesSaid = "";
    for (const { peer } of this.#producers.values()) this.call.gone(this, peer);
    this.#producers.clear();
    this.#restarts.end();
  }
}
