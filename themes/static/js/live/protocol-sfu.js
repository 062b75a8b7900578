/**
 * The call through the media server: we offer on the publishing connection, the server offers on the subscribing one.
 * Used by protocol.js only.
 */
import { Restarts, ice, setActive } from './protocol-connection.js';

const RIDS = [
  { rid: 'q', scaleResolutionDownBy: 4, share: 0.1 },
  { rid: 'h', scaleResolutionDownBy: 2, share: 0.3 },
  { rid: 'f', scaleResolutionDownBy: 1, share: 1 },
];
const SCREEN_KBPS = 1500;
const ANSWER_MS = 12000;

export class ServerCall {
  /** @param {import('./protocol.js').LiveCall} call @param {any} config the `engine` message */
  constructor(call, config) {
    this.call = call;
    this.config = config;
    this.pub = null;
    this.sub = null;
    this.joined = false;
    /** @type {Map<string, RTCRtpTransceiver>} by source */
    this.senders = new Map();
    /** @type {Map<string, any>} producers of others by id */
    this.producers = new Map();
    /** @type {Map<string, string>} ids of our own producers by source */
    this.own = new Map();
    /** @type {{mid: string, producer: string|null}[]} */
    this.slots = [];
    /** @type {Map<string, string>} what each slot showed last: mid → producer */
    this.shown = new Map();
    this.offers = Promise.resolve();
    this.dirty = false;
    this.negotiating = false;
    this.answer = null;
    this.restarts = new Restarts(() => this.restart('lost'));
    this.closed = false;
  }

  /** The socket came back with fresh credentials. */
  configure(config) {
    this.config = config;
  }

  signallingLost() {
    this.answer?.reject(new Error('signalling lost'));
  }

  receive(message) {
    const handler = {
      joined: () => this.onJoined(message),
      rejoin: () => this.onRejoin(),
      'publish.answer': () => this.answer?.resolve(message),
      'subscribe.offer': () => this.onOffer(message),
      'subscribe.slots': () => this.onSlots(message.slots),
      'peer.joined': () => this.call.emit('peer', { peer: message.peer, present: true, reason: '' }),
      'peer.left': () => this.onPeerLeft(message),
      'producer.added': () => this.onProducer(message.producer),
      'producer.changed': () => this.onProducer(message.producer),
      'producer.removed': () => this.onRemoved(message),
      demand: () => this.onDemand(message),
      layer: () => this.onLayer(message),
      speakers: () => this.call.emit('speakers', { peers: message.peers }),
      quality: () => this.call.emit('quality', { up: message.up, down: message.down }),
      rights: () => this.onRights(message.rights),
      recording: () => this.call.emit('recording', { on: message.on }),
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
    this.call.emit('rights', { rights: message.rights });
    this.call.emit('recording', { on: Boolean(message.recording) });
    for (const peer of message.peers) this.call.emit('peer', { peer, present: true, reason: '' });
    const present = new Set(message.producers.map((producer) => producer.id));
    for (const [id, old] of this.producers) if (!present.has(id)) this.onRemoved({ producer: id, peer: old.peer });
    for (const producer of message.producers) this.onProducer(producer);
    if (message.rights.includes('subscribe') && !resumed) this.call.send({ type: 'subscribe.start' });
    if (resumed) this.pub?.restartIce();
    for (const source of this.call.local.keys()) this.publish(source);
    this.show(this.call.tiles);
    if (this.pub) this.negotiate();
  }

  onRejoin() {
    this.call.become('reconnecting');
    this.drop(); // the relay looks for the new place by itself; `joined` follows
  }

  onPeerLeft({ peer, reason }) {
    for (const [id, producer] of this.producers) if (producer.peer === peer) this.producers.delete(id);
    this.call.gone(this, peer);
    this.call.emit('peer', { peer, present: false, reason });
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
    if (peer) this.call.emit('layer', { peer, source, rid, reason });
  }

  onDemand({ producer, rids }) {
    const source = [...this.own].find(([, id]) => id === producer)?.[0];
    const transceiver = source && this.senders.get(source);
    if (transceiver) setActive(transceiver.sender, rids);
  }

  onRights(rights) {
    this.call.emit('rights', { rights });
    if (!rights.includes('subscribe')) this.closeSub();
    else if (!this.sub) this.call.send({ type: 'subscribe.start' });
  }

  onError(message) {
    if (message.for === 'publish.offer' && this.answer) this.answer.reject(message);
    return false; // the page hears of it too
  }

  // -- publishing --------------------------------------------------------------------------------------------------

  publish(source) {
    if (!this.joined) return;
    const local = this.call.local.get(source);
    if (!local || this.closed) return;
    this.openPub();
    const present = this.senders.get(source);
    if (present) {
      if (present.direction !== 'sendonly') present.direction = 'sendonly';
      present.sender.replaceTrack(local.track);
    } else {
      const init = { direction: 'sendonly', sendEncodings: this.encodings(source) };
      const kind = source === 'camera' || source === 'screen' ? 'video' : 'audio';
      this.senders.set(source, this.pub.addTransceiver(local.track ?? kind, init));
    }
    this.negotiate();
  }

  encodings(source) {
    const { simulcast, maxKbps } = this.call.options;
    if (source === 'screen') return [{ maxBitrate: SCREEN_KBPS * 1000, maxFramerate: 15 }];
    if (source !== 'camera') return undefined;
    if (!simulcast) return [{ maxBitrate: maxKbps * 1000 }];
    return RIDS.map(({ share, ...rest }) => ({ ...rest, maxBitrate: Math.round(maxKbps * 1000 * share) }));
  }

  unpublish(source) {
    const transceiver = this.senders.get(source);
    if (!transceiver) return;
    transceiver.sender.replaceTrack(null);
    transceiver.direction = 'inactive';
    this.own.delete(source);
    this.negotiate();
  }

  async replace(source) {
    await this.senders.get(source)?.sender.replaceTrack(this.call.local.get(source)?.track ?? null);
  }

  mute(source, muted) {
    const producer = this.own.get(source);
    if (producer) this.call.send({ type: 'mute', producer, muted });
  }

  openPub() {
    if (this.pub) return;
    this.pub = new RTCPeerConnection(ice(this.config));
    this.pub.addEventListener('connectionstatechange', () => this.watch());
    this.pointer = this.pub.createDataChannel('pointer', { ordered: false, maxRetransmits: 0 });
    this.pointer.addEventListener('message', ({ data }) => this.call.emit('pointer', JSON.parse(data)));
  }

  point(text) {
    if (this.pointer?.readyState === 'open') this.pointer.send(text);
  }

  /** Offer what is published now; one offer at a time, bursts of changes make one. */
  async negotiate() {
    this.dirty = true;
    if (this.negotiating) return;
    this.negotiating = true;
    try {
      while (this.dirty && this.pub && this.joined && !this.closed) {
        this.dirty = false;
        await this.offer(this.pub);
      }
    } catch (error) {
      if (error.code && !this.closed) this.call.emit('problem', { code: error.code, message: error.message });
    } finally {
      this.negotiating = false;
    }
  }

  async offer(pub) {
    await pub.setLocalDescription(await pub.createOffer());
    const answered = new Promise((resolve, reject) => {
      this.answer = { resolve, reject };
      setTimeout(() => reject(new Error('no answer')), ANSWER_MS);
    });
    const tracks = [...this.senders]
      .filter(([, { direction, mid }]) => direction === 'sendonly' && mid !== null) // others come with the next offer
      .map(([source, transceiver]) => ({ mid: transceiver.mid, source }));
    this.call.send({ type: 'publish.offer', sdp: pub.localDescription.sdp, tracks, codec: this.call.options.codec });
    try {
      const { sdp, producers } = await answered;
      if (pub.signalingState !== 'have-local-offer') return;
      await pub.setRemoteDescription({ type: 'answer', sdp });
      const sources = new Map(tracks.map(({ mid, source }) => [mid, source]));
      this.own = new Map(producers.map(({ mid, id }) => [sources.get(mid), id]));
    } catch (error) {
      if (pub.signalingState === 'have-local-offer') await pub.setLocalDescription({ type: 'rollback' });
      throw error;
    } finally {
      this.answer = null;
    }
    for (const [source, { muted }] of this.call.local) if (muted) this.mute(source, true);
  }

  // -- subscribing -------------------------------------------------------------------------------------------------

  onOffer({ sdp, version }) {
    this.offers = this.offers
      .then(async () => {
        if (this.closed) return;
        if (!this.sub) {
          this.sub = new RTCPeerConnection(ice(this.config));
          this.sub.addEventListener('connectionstatechange', () => this.watch());
        }
        await this.sub.setRemoteDescription({ type: 'offer', sdp });
        await this.sub.setLocalDescription();
        this.call.send({ type: 'subscribe.answer', sdp: this.sub.localDescription.sdp, version });
        this.applySlots();
      })
      .catch((error) => this.call.emit('problem', { code: 'bad_sdp', message: String(error) }));
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
    this.call.send({ type: 'subscribe.tiles', tiles: wanted });
  }

  // -- health ------------------------------------------------------------------------------------------------------

  watch() {
    if (this.closed) return;
    const states = [this.pub, this.sub].filter(Boolean).map((pc) => pc.connectionState);
    if (states.includes('disconnected') || states.includes('failed')) {
      this.call.become('reconnecting');
      this.restarts.begin();
    } else if (states.length && states.every((state) => state === 'connected')) {
      this.restarts.end();
      this.call.become('connected');
    }
  }

  /** New ICE credentials on both connections; DTLS and media go on. @param {string} reason */
  restart(reason) {
    const bad = (pc) => pc && pc.connectionState !== 'closed' && (reason === 'network' || pc.connectionState !== 'connected');
    if (bad(this.pub)) {
      this.pub.restartIce();
      this.negotiate();
    }
    if (bad(this.sub)) this.call.send({ type: 'subscribe.restart' });
  }

  connections() {
    return Object.fromEntries(Object.entries({ up: this.pub, down: this.sub }).filter(([, pc]) => pc));
  }

  leave() {
    if (this.joined) this.call.send({ type: 'leave' });
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
    this.answer?.reject(new Error('dropped'));
    this.pub?.close();
    this.pub = null;
    this.closeSub();
    this.senders.clear();
    this.own.clear();
    this.told = '';
    for (const { peer } of this.producers.values()) this.call.gone(this, peer);
    this.producers.clear();
    this.restarts.end();
  }

  close() {
    this.closed = true;
    this.drop();
  }
}
