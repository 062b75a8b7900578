/**
 * The room's WebSocket, which comes back by itself: after 0–1 s, then 3, 5, 7, 7 … s, and at once when the network returns.
 *
 * Events: 'open' {again}, 'message' (detail is the parsed object), 'down' {code, final}. The server ends it for good by
 * close codes 4400–4499 (signed out, removed, session over).
 */
const WAITS = [3000, 5000, 7000];
const QUIET_MS = 25000; // after which a ping is sent
const DEAD_MS = 12000; // after which an unanswered ping means that the line is dead

export class LiveSocket extends EventTarget {
  /** @param {string} url @param {{ping?: object}} options `ping` is the message that the server answers */
  constructor(url, { ping = { type: "ping" } } = {}) {
    super();
    this.url = url;
    this.ping = ping;
    this.tries = 0;
    this.opened = false;
    this.ended = false;
    this.back = () => this.now();
    globalThis.addEventListener?.("online", this.back);
    this.connect();
  }

  connect() {
    clearTimeout(this.waiting);
    const socket = (this.socket = new WebSocket(this.url));
    socket.onopen = () => {
      this.tries = 0;
      this.dispatchEvent(new CustomEvent("open", { detail: { again: this.opened } }));
      this.opened = true;
      this.listen();
    };
    socket.onmessage = ({ data }) => {
      this.listen();
      this.dispatchEvent(new CustomEvent("message", { detail: JSON.parse(data) }));
    };
    socket.onclose = ({ code }) => socket === this.socket && this.down(code);
  }

  /** Watch for silence: a line that is dead without saying so is replaced. */
  listen() {
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => {
      this.send(this.ping);
      this.quiet = setTimeout(() => this.now(), DEAD_MS);
    }, QUIET_MS);
  }

  down(code) {
    clearTimeout(this.quiet);
    const final = this.ended || (code >= 4400 && code < 4500);
    this.dispatchEvent(new CustomEvent("down", { detail: { code, final } }));
    if (final) return;
    const wait = this.tries === 0 ? Math.random() * 1000 : WAITS[Math.min(this.tries, WAITS.length) - 1];
    this.tries += 1;
    this.waiting = setTimeout(() => this.connect(), wait);
  }

  /** Do not wait: the network has returned, or the line is known to be dead. */
  now() {
    if (this.ended || this.socket.readyState === WebSocket.CONNECTING) return;
    const old = this.socket;
    this.socket = null;
    old.close();
    if (old.readyState !== WebSocket.CLOSED)
      this.dispatchEvent(new CustomEvent("down", { detail: { code: 0, final: false } }));
    this.connect();
  }

  /** @param {object} message @returns {boolean} whether it could be sent */
  send(message) {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  close() {
    this.ended = true;
    clearTimeout(this.waiting);
    clearTimeout(this.quiet);
    globalThis.removeEventListener?.("online", this.back);
    this.socket?.close();
  }
}
