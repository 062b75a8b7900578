/**
 * The publishing connection to the media server: we offer. Used by protocol-sfu.js only.
 *
 * @typedef {import('live-protocol').Source} Source
 */
import { ice, kindOf, setActive } from "./protocol-connection.js";

const RIDS = [
  { rid: "q", scaleResolutionDownBy: 4, share: 0.1 },
  { rid: "h", scaleResolutionDownBy: 2, share: 0.3 },
  { rid: "f", scaleResolutionDownBy: 1, share: 1 },
];
const SCREEN_KBPS = 1500;
const ANSWER_MS = 12000;
export const LOST = new Error("signalling lost"); // no problem of its own: what comes after `joined` repairs it

export class Publishing {
  #server;
  #call;
  /** @type {Map<Source, RTCRtpTransceiver>} */
  #senders = new Map();
  /** @type {Map<Source, string>} ids of our producers */
  #own = new Map();
  #isDirty = false;
  #isNegotiating = false;
  #isClosed = false;
  /** @type {{resolve: (message: import('live-protocol').PublishAnswer) => void, reject: (error: unknown) => void} | null} */
  #awaited = null;
  /** @type {RTCDataChannel | null} */
  #pointer = null;

  /** @param {import('./protocol-sfu.js').ServerCall} server */
  constructor(server) {
    this.#server = server;
    this.#call = server.call;
    /** @type {RTCPeerConnection | null} */
    this.pc = null;
  }

  /** @param {import('live-protocol').PublishAnswer} message */
  answered(message) {
    this.#awaited?.resolve(message);
  }

  /** The server refused the offer, or can no longer answer it. @param {unknown} error */
  refused(error) {
    this.#awaited?.reject(error);
  }

  /** Switch on what somebody watches, off what nobody does. @param {{producer: string, rids: string[]}} message */
  demand({ producer, rids }) {
    const source = [...this.#own].find(([, id]) => id === producer)?.[0];
    const transceiver = source && this.#senders.get(source);
    if (transceiver) setActive(transceiver.sender, rids);
  }

  /** New ICE credentials; DTLS and media go on. */
  restart() {
    this.pc?.restartIce();
    if (this.pc) this.#negotiate();
  }

  /** @param {Source} source */
  publish(source) {
    const local = this.#call.local.get(source);
    if (!local) return;
    const pc = this.#open();
    const present = this.#senders.get(source);
    if (present) {
      if (present.direction !== "sendonly") present.direction = "sendonly";
      present.sender.replaceTrack(local.track);
    } else {
      const encodings = this.#encodings(source);
      /** @type {RTCRtpTransceiverInit} */
      const init = { direction: "sendonly", ...(encodings ? { sendEncodings: encodings } : {}) };
      this.#senders.set(source, pc.addTransceiver(local.track ?? kindOf(source), init));
    }
    this.#negotiate();
  }

  /** @param {Source} source */
  unpublish(source) {
    const transceiver = this.#senders.get(source);
    if (!transceiver) return;
    transceiver.sender.replaceTrack(null);
    transceiver.direction = "inactive";
    this.#own.delete(source);
    this.#negotiate();
  }

  /** @param {Source} source */
  async replace(source) {
    await this.#senders.get(source)?.sender.replaceTrack(this.#call.local.get(source)?.track ?? null);
  }

  /** @param {Source} source @param {boolean} muted */
  mute(source, muted) {
    const producer = this.#own.get(source);
    if (producer) this.#call.send({ type: "mute", producer, muted });
  }

  /** @param {string} text */
  point(text) {
    if (this.#pointer?.readyState === "open") this.#pointer.send(text);
  }

  close() {
    this.#isClosed = true;
    this.refused(LOST);
    this.pc?.close();
    this.pc = null;
  }

  /** @param {Source} source @returns {RTCRtpEncodingParameters[] | undefined} */
  #encodings(source) {
    const { simulcast, maxKbps } = this.#call.options;
    if (source === "screen") return [{ maxBitrate: SCREEN_KBPS * 1000, maxFramerate: 15 }];
    if (source !== "camera") return undefined;
    if (!simulcast) return [{ maxBitrate: maxKbps * 1000 }];
    return RIDS.map(({ share, ...rest }) => ({ ...rest, maxBitrate: Math.round(maxKbps * 1000 * share) }));
  }

  #open() {
    if (this.pc) return this.pc;
    this.pc = new RTCPeerConnection(ice(this.#server.config));
    this.pc.addEventListener("connectionstatechange", () => this.#server.watch());
    this.#pointer = this.pc.createDataChannel("pointer", { ordered: false, maxRetransmits: 0 });
    this.#pointer.addEventListener("message", ({ data }) => this.#call.emit("pointer", JSON.parse(data)));
    return this.pc;
  }

  /** Offer what is published now; one offer at a time, bursts of changes make one. */
  async #negotiate() {
    this.#isDirty = true;
    if (this.#isNegotiating) return;
    this.#isNegotiating = true;
    try {
      while (this.#isDirty && this.pc && this.#server.joined && !this.#isClosed) {
        this.#isDirty = false;
        await this.#offer(this.pc);
      }
    } catch (error) {
      if (!this.#isClosed && error !== LOST) this.#call.emit("problem", problem(error));
    } finally {
      this.#isNegotiating = false;
    }
  }

  /** @param {RTCPeerConnection} pc */
  async #offer(pc) {
    await pc.setLocalDescription(await pc.createOffer());
    const answered = this.#answer();
    const tracks = [...this.#senders]
      .filter(([, { direction, mid }]) => direction === "sendonly" && mid !== null) // others come with the next offer
      .map(([source, { mid }]) => ({ mid, source }));
    const codec = this.#call.options.codec;
    this.#call.send({ type: "publish.offer", sdp: pc.localDescription?.sdp, tracks, codec });
    try {
      const { sdp, producers } = await answered;
      if (pc.signalingState !== "have-local-offer") return;
      await pc.setRemoteDescription({ type: "answer", sdp });
      this.#own = new Map(tracks.flatMap(({ mid, source }) => ids(producers, mid).map((id) => [source, id])));
    } catch (error) {
      if (pc.signalingState === "have-local-offer") await pc.setLocalDescription({ type: "rollback" });
      throw error;
    } finally {
      this.#awaited = null;
    }
    for (const [source, { muted }] of this.#call.local) if (muted) this.mute(source, true);
  }

  /** @returns {Promise<import('live-protocol').PublishAnswer>} */
  #answer() {
    return new Promise((resolve, reject) => {
      this.#awaited = { resolve, reject };
      setTimeout(() => reject(LOST), ANSWER_MS);
    });
  }
}

/** @param {import('live-protocol').PublishAnswer['producers']} producers @param {string | null} mid */
function ids(producers, mid) {
  return producers.filter((one) => one.mid === mid).map(({ id }) => id);
}

/** What the page hears of an offer that failed. @param {any} error the server's refusal, or what the browser threw */
function problem(error) {
  if (error.type === "error") return { code: error.code, message: error.message };
  return { code: "bad_sdp", message: "", cause: String(error) };
}
