/**
 * The call between two browsers: perfect negotiation (W3C WebRTC, 10.7) over the room's socket. Used by protocol.js only.
 */
import { Patience } from "./p2p-handshake-watch.js";
import { Restarts, ice } from "./protocol-connection.js";

const QUALITY_MS = 3000;

/** @param {RTCSessionDescription|null} description */
const fingerprint = (description) => description?.sdp.match(/^a=fingerprint:(.*)$/m)?.[1].trim();

/** Which description this is: browsers count them in the `o=` line. @param {RTCSessionDescription|null|undefined} description */
const origin = (description) => description?.sdp.match(/^o=.*$/m)?.[0].trim();

export class PeerToPeer {
  /** @param {import('./protocol.js').LiveCall} call @param {any} config the `engine` message */
  constructor(call, config) {
    this.call = call;
    this.config = config;
    this.pc = null;
    this.other = "";
    this.polite = false;
    this.makingOffer = false;
    this.ignoring = false;
    /** @type {Map<string, RTCRtpTransceiver>} by source */
    this.senders = new Map();
    /** @type {Map<string, {source: string, muted: boolean}>} what the other's m-lines carry */
    this.tracks = new Map();
    this.queue = Promise.resolve();
    this.restarts = new Restarts(() => this.restart("lost"));
    this.patience = new Patience(this);
    this.timer = setInterval(() => this.measure(), QUALITY_MS);
    this.closed = false;
  }

  configure(config) {
    this.config = config;
    this.pc?.setConfiguration(ice(config));
  }

  receive(message) {
    if (!message.type.startsWith("p2p.")) return false;
    // Because descriptions and candidates must be applied in the order in which they came.
    this.queue = this.queue
      .then(() => !this.closed && this.handle(message))
      .catch((error) => this.call.emit("problem", { code: "bad_sdp", message: String(error) }));
    return true;
  }

  async handle(message) {
    if (message.type === "p2p.peer") this.meet(message);
    else if (message.type === "p2p.description") await this.described(message.description);
    else if (message.type === "p2p.candidate") await this.candidate(message.candidate);
    else if (message.type === "p2p.tracks") this.onTracks(message.tracks);
    else if (message.type === "p2p.bye") this.bye();
  }

  /** The other one is there, for the first time or again. */
  meet({ peer, polite }) {
    const again = this.pc && peer === this.other;
    if (this.pc && !again) this.bye();
    this.other = peer;
    this.polite = polite;
    if (!again) this.call.emit("peer", { peer, present: true, reason: "" });
    if (!this.pc) this.open();
    else if (this.pc.signalingState === "have-local-offer")
      this.describe(this.pc); // it may never have arrived
    // Not while it begins: two hellos that cross tell both of this twice, and two restarts at once would take each other back.
    else if (["disconnected", "failed"].includes(this.pc.connectionState)) this.restart("lost");
    this.tellTracks();
  }

  open() {
    const pc = (this.pc = new RTCPeerConnection(ice(this.config)));
    this.answer = null; // the last one that we gave, for an offer that comes again
    this.patience.begin();
    // The first offer is the impolite one's, because browsers may lose candidates when they take an offer back. Who waits
    // in vain (the other one's connection lives on, ours began anew) offers all the same: Patience.
    pc.addEventListener("negotiationneeded", () => (!this.polite || pc.remoteDescription) && this.offer(pc));
    pc.addEventListener("icecandidate", ({ candidate }) => {
      if (pc === this.pc && candidate) this.call.send({ type: "p2p.candidate", candidate: candidate.toJSON() });
    });
    pc.addEventListener("connectionstatechange", () => this.watch(pc));
    pc.addEventListener("track", () => this.applyTracks());
    // By one side only: Chromium cannot roll back an offer that began a data channel and take the other's.
    if (this.polite) pc.addEventListener("datachannel", ({ channel }) => this.listen(channel));
    else this.listen(pc.createDataChannel("pointer", { ordered: false, maxRetransmits: 0 }));
    for (const source of this.call.local.keys()) this.publish(source);
  }

  listen(channel) {
    this.pointer = channel;
    channel.addEventListener("message", ({ data }) => this.call.emit("pointer", { peer: this.other, data }));
  }

  async offer(pc) {
    try {
      this.makingOffer = true;
      await pc.setLocalDescription();
      this.describe(pc);
    } catch (error) {
      if (pc === this.pc) this.call.emit("problem", { code: "bad_sdp", message: String(error) });
    } finally {
      this.makingOffer = false;
    }
  }

  describe(pc) {
    if (pc !== this.pc || !pc.localDescription) return;
    this.tellTracks();
    const { type, sdp } = pc.localDescription;
    if (type === "answer") this.answer = { type, sdp, of: origin(pc.remoteDescription) };
    this.call.send({ type: "p2p.description", description: type === "answer" ? this.answer : { type, sdp } });
  }

  async described(description) {
    const known = fingerprint(this.pc?.remoteDescription);
    if (known && fingerprint(description) !== known) this.reopen(); // the other browser began anew
    if (!this.pc) return;
    const pc = this.pc;
    // What was said twice counts once: an offer is answered as before, an answer is taken by the offer that it is about.
    if (description.type === "offer" && this.answer?.of === origin(description)) {
      this.call.send({ type: "p2p.description", description: this.answer });
      return;
    }
    const awaited = pc.signalingState === "have-local-offer" && description.of === origin(pc.localDescription);
    if (description.type === "answer" && !awaited) return;
    const collision = description.type === "offer" && (this.makingOffer || pc.signalingState !== "stable");
    this.ignoring = !this.polite && collision;
    if (this.ignoring) return;
    await pc.setRemoteDescription(description);
    if (description.type === "offer") {
      await pc.setLocalDescription();
      this.describe(pc);
    }
    this.applyTracks();
  }

  async candidate(candidate) {
    if (!this.pc?.remoteDescription) return; // its description was lost; when it is said again, it brings its candidates
    try {
      await this.pc.addIceCandidate(candidate ?? undefined);
    } catch (error) {
      if (!this.ignoring) throw error;
    }
  }

  reopen() {
    this.pc?.close();
    this.senders.clear();
    this.open();
  }

  // -- tracks ------------------------------------------------------------------------------------------------------

  publish(source) {
    const local = this.call.local.get(source);
    if (!this.pc || !local) return;
    const present = this.senders.get(source);
    if (present) {
      present.sender.replaceTrack(local.track);
      present.direction = "sendonly";
    } else {
      const kind = source === "camera" || source === "screen" ? "video" : "audio";
      const encodings = kind === "video" ? [{ maxBitrate: this.call.options.maxKbps * 1000 }] : undefined;
      const init = { direction: "sendonly", sendEncodings: encodings };
      this.senders.set(source, this.pc.addTransceiver(local.track ?? kind, init));
    }
  }

  unpublish(source) {
    const transceiver = this.senders.get(source);
    if (!transceiver) return;
    transceiver.sender.replaceTrack(null);
    transceiver.direction = "inactive";
    this.tellTracks();
  }

  async replace(source) {
    await this.senders.get(source)?.sender.replaceTrack(this.call.local.get(source)?.track ?? null);
  }

  mute() {
    this.tellTracks();
  }

  tellTracks() {
    const tracks = [...this.senders]
      .filter(([source, one]) => one.mid && this.call.local.has(source))
      .map(([source, one]) => ({ mid: one.mid, source, muted: this.call.local.get(source).muted }));
    if (this.pc) this.call.send({ type: "p2p.tracks", tracks });
  }

  onTracks(tracks) {
    this.tracks = new Map(tracks.map(({ mid, source, muted }) => [mid, { source, muted: Boolean(muted) }]));
    this.applyTracks();
  }

  applyTracks() {
    const present = new Set();
    for (const { mid, receiver, currentDirection } of this.pc?.getTransceivers() ?? []) {
      const track = this.tracks.get(mid);
      if (!track || !["recvonly", "sendrecv"].includes(currentDirection)) continue;
      present.add(track.source);
      this.call.incoming(this, this.other, track.source, receiver.track, { muted: track.muted });
    }
    for (const { source } of [...this.call.remote.values()].filter((one) => one.engine === this)) {
      if (!present.has(source)) this.call.gone(this, this.other, source);
    }
  }

  show() {
    // Two people see each other as large as the network allows; the browsers adapt by themselves.
  }

  point(text) {
    if (this.pointer?.readyState === "open") this.pointer.send(text);
  }

  // -- health ------------------------------------------------------------------------------------------------------

  watch(pc) {
    if (pc !== this.pc || this.closed) return;
    if (pc.connectionState === "connected") {
      this.restarts.end();
      this.tellTracks();
      this.call.become("connected");
    } else if (["disconnected", "failed"].includes(pc.connectionState)) {
      this.call.become("reconnecting");
      this.restarts.begin();
    }
  }

  /** @param {string} reason */
  restart(reason) {
    if (this.pc && (reason === "network" || this.pc.connectionState !== "connected")) this.pc.restartIce();
  }

  /** Tell the quality of the call in the same words as the media server. */
  async measure() {
    if (this.pc?.connectionState !== "connected") return;
    const part = () => ({ loss: null, rtt_ms: null, jitter_ms: null, kbps: 0, score: null });
    const [up, down] = [part(), part()];
    for (const entry of (await this.pc.getStats()).values()) {
      if (entry.type === "remote-inbound-rtp") {
        up.loss = Math.max(up.loss ?? 0, entry.fractionLost ?? 0);
        up.rtt_ms = down.rtt_ms = Math.round((entry.roundTripTime ?? 0) * 1000);
      } else if (entry.type === "inbound-rtp") {
        const before = this.counted?.get(entry.id) ?? { lost: 0, got: 0 };
        const lost = Math.max(0, entry.packetsLost - before.lost);
        const all = lost + entry.packetsReceived - before.got;
        (this.counted ??= new Map()).set(entry.id, { lost: entry.packetsLost, got: entry.packetsReceived });
        down.loss = Math.max(down.loss ?? 0, all > 0 ? lost / all : 0);
        down.jitter_ms = Math.max(down.jitter_ms ?? 0, Math.round((entry.jitter ?? 0) * 1000));
      }
    }
    for (const one of [up, down]) if (one.loss !== null) one.score = score(one);
    this.call.emit("quality", { up, down });
  }

  connections() {
    return this.pc ? { both: this.pc } : {};
  }

  bye() {
    const peer = this.other;
    this.pc?.close();
    this.pc = null;
    this.other = "";
    this.senders.clear();
    this.tracks.clear();
    this.restarts.end();
    if (!peer) return;
    this.call.gone(this, peer);
    if (!this.closed) this.call.emit("peer", { peer, present: false, reason: "left" });
  }

  close() {
    this.closed = true;
    clearInterval(this.timer);
    this.patience.end();
    this.bye();
  }
}

const score = ({ loss, rtt_ms: rtt }) =>
  Math.max(1, 5 - (loss < 0.01 ? 0 : loss < 0.03 ? 1 : loss < 0.08 ? 2 : 3) - (rtt > 200 ? 1 : 0));
