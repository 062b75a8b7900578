/**
 * The room's WebSocket, which comes back by itself: after 0–1 s, then about 3, 5, 7, 7 … s (by up to half of it
 * sooner or later, so that those who lost it together do not all come at once), and at once when the network returns.
 *
 * Events: 'open' {again}, 'message' (detail is the parsed object), 'frame' (of bytes), 'down' {code, final}. The server ends it for good by
 * close codes 4400–4499 (signed out, removed, session over).
 */
const WAITS = [3000, 5000, 7000];
const QUIET_MS = 25000; // after which a ping is sent
const DEAD_MS = 12000; // after which an unanswered ping means that the line is dead
const LOOK_MS = 2000;
const SLEPT_MS = 20000; // a look that comes so late comes after a sleep, and then mostly the line is dead
const AWAKE_MS = 2000;

export class LiveSocket extends EventTarget {
  #ping;
  /** @type {WebSocket | null} */
  #socket = null;
  #tries = 0;
  #hasOpened = false;
  #hasEnded = false;
  #waiting = 0;
  #quiet = 0;
  #back = () => this.renew();
  #lookedAt = Date.now();
  #looking = 0;

  /** @param {string} url @param {{ping?: object}} options `ping` is the message that the server answers */
  constructor(url, { ping = { type: "ping" } } = {}) {
    super();
    this.url = url;
    this.#ping = ping;
    globalThis.addEventListener("online", this.#back);
    this.#looking = setInterval(() => this.#look(), LOOK_MS);
    this.#connect();
  }

  /** Whether the server hears us. */
  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** @param {object} message @returns {boolean} whether it could be sent */
  send(message) {
    if (!this.isOpen) return false;
    this.#socket?.send(JSON.stringify(message));
    return true;
  }

  /** @param {Uint8Array<ArrayBuffer>} bytes @returns {boolean} whether they could be sent */
  sendBytes(bytes) {
    if (!this.isOpen) return false;
    this.#socket?.send(bytes);
    return true;
  }

  /** How many bytes wait for the line. */
  get waiting() {
    return this.#socket?.bufferedAmount ?? 0;
  }

  close() {
    this.#hasEnded = true;
    clearTimeout(this.#waiting);
    clearTimeout(this.#quiet);
    clearInterval(this.#looking);
    globalThis.removeEventListener("online", this.#back);
    this.#socket?.close();
  }

  #connect() {
    clearTimeout(this.#waiting);
    const socket = (this.#socket = new WebSocket(this.url));
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.#tries = 0;
      this.#emit("open", { again: this.#hasOpened });
      this.#hasOpened = true;
      this.#watch();
    };
    socket.onmessage = ({ data }) => {
      this.#watch();
      if (data instanceof ArrayBuffer) this.#emit("frame", new Uint8Array(data));
      else this.#emit("message", JSON.parse(data));
    };
    socket.onclose = ({ code }) => socket === this.#socket && this.#down(code);
  }

  /** Watch for silence: a line that is dead without saying so is replaced. */
  #watch() {
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => this.#ask(DEAD_MS), QUIET_MS);
  }

  /** Whether the server still hears us. @param {number} patience in ms */
  #ask(patience) {
    clearTimeout(this.#quiet);
    if (!this.send(this.#ping)) return;
    this.#quiet = setTimeout(() => this.renew(), patience);
  }

  /** Whether the machine has slept meanwhile. */
  #look() {
    const late = Date.now() - this.#lookedAt;
    this.#lookedAt = Date.now();
    if (late > SLEPT_MS) this.#ask(AWAKE_MS);
  }

  /** @param {number} code */
  #down(code) {
    clearTimeout(this.#quiet);
    const final = this.#hasEnded || (code >= 4400 && code < 4500);
    if (final) clearInterval(this.#looking);
    this.#emit("down", { code, final });
    if (final) return;
    const wait =
      this.#tries === 0 ? Math.random() * 1000 : WAITS[Math.min(this.#tries, WAITS.length) - 1] * (0.5 + Math.random());
    this.#tries += 1;
    this.#waiting = setTimeout(() => this.#connect(), wait);
  }

  /** Replace the line at once: the network has returned, this line is dead, or the news that came by it have a gap. */
  renew() {
    const old = this.#socket;
    if (this.#hasEnded || !old || old.readyState === WebSocket.CONNECTING) return;
    this.#socket = null;
    old.close();
    if (old.readyState !== WebSocket.CLOSED) this.#emit("down", { code: 0, final: false });
    this.#connect();
  }

  /** @param {string} name @param {object} detail */
  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
