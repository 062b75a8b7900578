/** What becomes of the page when the call stumbles: whose line it is, what is said, and when the room's line is made anew. */
import { text } from "../texts.js";

const NEWS_MS = 10000; // by then a call that only stumbled has come back

export class LineWatch {
  #page;
  #presence;
  #tiles;
  #state;
  #news = 0;

  /**
   * @param {HTMLElement} page <live-room> @param {import('./presence.js').Presence} presence
   * @param {import('./video-tiles.js').VideoTiles} tiles @param {(sentence: string, tone?: string) => void} state
   */
  constructor(page, presence, tiles, state) {
    this.#page = page;
    this.#presence = presence;
    this.#tiles = tiles;
    this.#state = state;
  }

  /** @param {string} state of the call @param {import('./protocol-socket.js').LiveSocket | null} socket of the room */
  changed(state, socket) {
    const { dataset } = this.#page;
    dataset.call = state;
    const isLost = state === "reconnecting";
    this.end();
    // The other one may have gone, and the word of it may be lost: a new line begins with who is here. A media server tells it by itself.
    if (isLost && dataset.engine === "p2p") {
      this.#news = window.setTimeout(() => socket?.isOpen && socket.renew(), NEWS_MS);
    }
    // While the server still hears us, it is the other side's line; then their last picture goes, because it is none of now.
    const other = isLost && navigator.onLine && socket?.isOpen ? this.#presence.other : null;
    this.#presence.watch(other, (peer) => this.#tiles.lost(peer));
    const words = other ? `${other.name}: ${text("line-lost")}` : isLost ? text("reconnecting") : "";
    this.#state(words, words ? "warning" : "");
  }

  end() {
    window.clearTimeout(this.#news);
  }
}
