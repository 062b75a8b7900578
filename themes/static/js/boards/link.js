/**
 * A board's line to the server (docs/boards.md): updates go out in order and stay here until they are stored, over lost lines, too.
 *
 * Events: 'welcome', 'ready', 'people', 'rights', 'fullness', 'refused', 'later', 'error' (their detail is the message), 'update' {bytes},
 * 'moments' {moments}, 'saving' {left, waits}, 'down' {code, final}.
 *
 * @typedef {{page: number, kind: number, content: Uint8Array}} Moment
 */
import { LiveSocket } from "../live/protocol-socket.js";

const UPDATE = 0x01;
export const DRAWING = 0x02;
export const POINTER = 0x03;
const UPDATES = 0x11;
const PART = 0x12;
const LAST_PART = 0x13;
const MOMENTS = 0x14;
const MOMENT_EVERY_MS = 33;
const MOST_WAITING = 64_000; // bytes on the line, above which what need not last is dropped
const MOST_SENT = 40; // updates on the way, of which we have not heard yet

export class BoardLink extends EventTarget {
  /** @type {Map<number, Uint8Array>} */
  #unsaved = new Map();
  #number = 0;
  #sent = 0; // the number of the last update that is on its way or there
  #pause = 0; // a timer, while what could not be stored waits to be sent again
  #seat = "";
  #after = 0;
  #isReady = false;
  /** @type {Uint8Array[]} */
  #parts = [];
  /** @type {Map<number, Uint8Array>} the last one of each kind */
  #moments = new Map();
  #ticking = 0;

  /** @param {string} address of the socket */
  constructor(address) {
    super();
    this.socket = new LiveSocket(address);
    this.socket.addEventListener("open", () => this.#hello());
    this.socket.addEventListener("message", (event) => this.#receive(detail(event)));
    this.socket.addEventListener("frame", (event) => this.#take(detail(event)));
    this.socket.addEventListener("down", (event) => {
      this.#isReady = false;
      this.#go();
      this.#emit("down", detail(event));
      this.#tellSaving();
    });
  }

  get left() {
    return this.#unsaved.size;
  }

  /** Have it stored. @param {Uint8Array} bytes */
  store(bytes) {
    this.#number += 1;
    this.#unsaved.set(this.#number, bytes);
    this.#sendSome();
    this.#tellSaving();
  }

  /** Show it to those who look at this moment. @param {number} kind @param {Uint8Array} content */
  say(kind, content) {
    this.#moments.set(kind, content);
    this.#ticking ||= window.setTimeout(() => this.#sayNow(), MOMENT_EVERY_MS);
  }

  /** Forget what was refused, and begin with an empty document under another number. */
  beginAnew() {
    this.#unsaved.clear();
    this.#seat = "";
    this.#after = 0;
    this.#isReady = false;
    this.#go();
    this.socket.renew();
  }

  close() {
    window.clearTimeout(this.#ticking);
    this.#go();
    this.socket.close();
  }

  #hello() {
    this.#parts = [];
    this.socket.send({ type: "hello", seat: this.#seat, after: this.#after });
  }

  #sayNow() {
    this.#ticking = 0;
    if (this.#isReady && this.socket.waiting < MOST_WAITING)
      for (const [kind, content] of this.#moments) this.socket.sendBytes(joined([Uint8Array.of(kind), content]));
    this.#moments.clear();
  }

  /** What is to be stored, in order, and never much at once: the server says when to go on. */
  #sendSome() {
    if (!this.#isReady || this.#pause) return;
    let onTheWay = 0;
    for (const [number, bytes] of this.#unsaved) {
      if (onTheWay === MOST_SENT) return;
      onTheWay += 1;
      if (number <= this.#sent) continue;
      this.#send(number, bytes);
      this.#sent = number;
    }
  }

  /** Nothing waits any more to be sent again. */
  #go() {
    window.clearTimeout(this.#pause);
    this.#pause = 0;
  }

  #tellSaving() {
    this.#emit("saving", { left: this.left, waits: !this.#isReady || this.#pause > 0 });
  }

  /** @param {number} number @param {Uint8Array} bytes */
  #send(number, bytes) {
    const head = new DataView(new ArrayBuffer(5));
    head.setUint8(0, UPDATE);
    head.setUint32(1, number);
    this.socket.sendBytes(joined([new Uint8Array(head.buffer), bytes]));
  }

  /** @param {any} message */
  #receive(message) {
    if (message.type === "welcome") this.#seat = message.seat;
    else if (message.type === "ready") this.#ready(message.through);
    else if (message.type === "saved") this.#saved(message);
    else if (message.type === "later") this.#later(message);
    this.#emit(message.type, message);
  }

  /** @param {number} through */
  #ready(through) {
    this.#after = Math.max(this.#after, through);
    this.#isReady = true;
    this.#sent = 0;
    this.#sendSome();
  }

  /** This one and those after it are sent again. @param {{number: number, after_ms: number}} message */
  #later({ number, after_ms: after }) {
    this.#sent = Math.min(this.#sent, number - 1);
    this.#go();
    this.#pause = window.setTimeout(() => {
      this.#pause = 0;
      this.#sendSome();
    }, after);
    this.#tellSaving();
  }

  /** @param {{number: number, sequence?: number}} message */
  #saved({ number, sequence }) {
    this.#unsaved.delete(number);
    if (sequence) this.#after = sequence;
    this.#sendSome();
    this.#tellSaving();
  }

  /** @param {Uint8Array} frame */
  #take(frame) {
    const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
    const kind = frame[0];
    if (kind === MOMENTS) return this.#emit("moments", { moments: readMoments(frame, view) });
    const sequence = Number(view.getBigUint64(1));
    const content = frame.subarray(9);
    if (kind === PART || kind === LAST_PART) this.#parts.push(content);
    if (kind === LAST_PART) {
      this.#emit("update", { bytes: joined(this.#parts) });
      this.#parts = [];
    } else if (kind === UPDATES) {
      this.#after = sequence;
      this.#emit("update", { bytes: content });
    }
  }

  /** @param {string} name @param {object} facts */
  #emit(name, facts) {
    this.dispatchEvent(new CustomEvent(name, { detail: facts }));
  }
}

/** @param {Uint8Array} frame @param {DataView} view @returns {Moment[]} */
function readMoments(frame, view) {
  const moments = [];
  for (let at = 1; at + 7 <= frame.length;) {
    const length = view.getUint16(at + 5);
    moments.push({
      page: view.getUint32(at),
      kind: view.getUint8(at + 4),
      content: frame.subarray(at + 7, at + 7 + length),
    });
    at += 7 + length;
  }
  return moments;
}

/** @param {Uint8Array[]} parts @returns {Uint8Array<ArrayBuffer>} */
function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** @param {Event} event @returns {any} */
function detail(event) {
  return /** @type {CustomEvent} */ (event).detail;
}
