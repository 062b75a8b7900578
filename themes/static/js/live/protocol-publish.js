/** The publishing connection to the media server: we offer. Used by protocol-sfu.js only. */
import { ice, setActive } from "./protocol-connection.js";

const RIDS = [
  { rid: "q", scaleResolutionDownBy: 4, share: 0.1 },
  { rid: "h", scaleResolutionDownBy: 2, share: 0.3 },
  { rid: "f", scaleResolutionDownBy: 1, share: 1 },
];
const SCREEN_KBPS = 1500;
const ANSWER_MS = 12000;
export const LOST = new Error("signalling lost"); // no problem of its own: what comes after `joined` repairs it

export class Publishing {
  /** @param {import('./protocol-sfu.js').ServerCall} server */
  constructor(server) {
    this.server = server;
    this.call = server.call;
    /** @type {RTCPeerConnection|null} */
    this.pc = null;
    /** @type {Map<string, RTCRtpTransceiver>} by source */
    this.senders = new Map();
    /** @type {Map<string, string>} ids of our producers by source */
    this.own = new Map();
    this.dirty = false;
    this.negotiating = false;
    this.answer = null;
    this.closed = false;
  }

  answered(message) {
    this.answer?.resolve(message);
  }

  /** The server refused the offer, or can no longer answer it. @param {any} error */
  refused(error) {
    this.answer?.reject(error);
  }

  /** Switch on what somebody watches, off what nobody does. */
  demand({ producer, rids }) {
    const source = [...this.own].find(([, id]) => id === producer)?.[0];
    const transceiver = source && this.senders.get(source);
    if (transceiver) setActive(transceiver.sender, rids);
  }

  /** New ICE credentials; DTLS and media go on. */
  restart() {
    this.pc?.restartIce();
    if (this.pc) this.negotiate();
  }

  publish(source) {
    const local = this.call.local.get(source);
    if (!local) return;
    this.open();
    const present = this.senders.get(source);
    if (present) {
      if (present.direction !== "sendonly") present.direction = "sendonly";
      present.sender.replaceTrack(local.track);
    } else {
      const init = { direction: "sendonly", sendEncodings: this.encodings(source) };
      const kind = source === "camera" || source === "screen" ? "video" : "audio";
      this.senders.set(source, this.pc.addTransceiver(local.track ?? kind, init));
    }
    this.negotiate();
  }

  encodings(source) {
    const { simulcast, maxKbps } = this.call.options;
    if (source === "screen") return [{ maxBitrate: SCREEN_KBPS * 1000, maxFramerate: 15 }];
    if (source !== "camera") return undefined;
    if (!simulcast) return [{ maxBitrate: maxKbps * 1000 }];
    return RIDS.map(({ share, ...rest }) => ({ ...rest, maxBitrate: Math.round(maxKbps * 1000 * share) }));
  }

  unpublish(source) {
    const transceiver = this.senders.get(source);
    if (!transceiver) return;
    transceiver.sender.replaceTrack(null);
    transceiver.direction = "inactive";
    this.own.delete(source);
    this.negotiate();
  }

  async replace(source) {
    await this.senders.get(source)?.sender.replaceTrack(this.call.local.get(source)?.track ?? null);
  }

  mute(source, muted) {
    const producer = this.own.get(source);
    if (producer) this.call.send({ type: "mute", producer, muted });
  }

  open() {
    if (this.pc) return;
    this.pc = new RTCPeerConnection(ice(this.server.config));
    this.pc.addEventListener("connectionstatechange", () => this.server.watch());
    this.pointer = this.pc.createDataChannel("pointer", { ordered: false, maxRetransmits: 0 });
    this.pointer.addEventListener("message", ({ data }) => this.call.emit("pointer", JSON.parse(data)));
  }

  point(text) {
    if (this.pointer?.readyState === "open") this.pointer.send(text);
  }

  /** Offer what is published now; one offer at a time, bursts of changes make one. */
  async negotiate() {
    this.dirty = true;
    if (this.negotiating) return;
    this.negotiating = true;
    try {
      while (this.dirty && this.pc && this.server.joined && !this.closed) {
        this.dirty = false;
        await this.offer(this.pc);
      }
    } catch (error) {
      const { code = "bad_sdp", message = String(error) } = error.type === "error" ? error : {};
      if (!this.closed && error !== LOST) this.call.emit("problem", { code, message });
    } finally {
      this.negotiating = false;
    }
  }

  async offer(pub) {
    await pub.setLocalDescription(await pub.createOffer());
    const answered = new Promise((resolve, reject) => {
      this.answer = { resolve, reject };
      setTimeout(() => reject(LOST), ANSWER_MS);
    });
    const tracks = [...this.senders]
      .filter(([, { direction, mid }]) => direction === "sendonly" && mid !== null) // others come with the next offer
      .map(([source, transceiver]) => ({ mid: transceiver.mid, source }));
    this.call.send({ type: "publish.offer", sdp: pub.localDescription.sdp, tracks, codec: this.call.options.codec });
    try {
      const { sdp, producers } = await answered;
      if (pub.signalingState !== "have-local-offer") return;
      await pub.setRemoteDescription({ type: "answer", sdp });
      const sources = new Map(tracks.map(({ mid, source }) => [mid, source]));
      this.own = new Map(producers.map(({ mid, id }) => [sources.get(mid), id]));
    } catch (error) {
      if (pub.signalingState === "have-local-offer") await pub.setLocalDescription({ type: "rollback" });
      throw error;
    } finally {
      this.answer = null;
    }
    for (const [source, { muted }] of this.call.local) if (muted) this.mute(source, true);
  }

  close() {
    this.closed = true;
    this.refused(LOST);
    this.pc?.close();
    this.pc = null;
  }
}
