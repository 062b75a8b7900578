/**
 * Keeps a player where everybody is: the server's word is where it plays, against its clock; each page brings its own player there, and jumps when
 * it is more than a moment away.
 *
 * @typedef {{isReady: boolean, isPlaying: boolean, position: number, duration: number, play: () => void, pause: () => void,
 *            seek: (seconds: number) => void}} Player
 * @typedef {{playing?: boolean, position?: number, at?: number, now?: number}} Place  `at` and `now` are seconds of the server's clock
 */
const DRIFT_S = 0.3;
const SETTLED_MS = 2000; // after a jump, while the player loads what it needs

export class InStep {
  #player;
  /** @type {Place} */
  #place = {};
  #ahead = 0; // how far the server's clock is ahead of ours, in seconds
  #jumpedAt = 0;

  /** @param {Player} player */
  constructor(player) {
    this.#player = player;
  }

  /** The server's word. @param {Place} place */
  told(place) {
    this.#place = place;
    if (place.now) this.#ahead = place.now - Date.now() / 1000;
    this.#jumpedAt = 0;
  }

  /** Where everybody is now, in seconds. */
  get wanted() {
    const { playing = false, position = 0, at = 0 } = this.#place;
    return position + (playing ? Math.max(0, Date.now() / 1000 + this.#ahead - at) : 0);
  }

  /** Bring the player there. */
  keep() {
    const player = this.#player;
    if (!player.isReady) return;
    const { playing } = this.#place;
    const isOver = player.duration > 0 && this.wanted >= player.duration;
    if (playing && !isOver && !player.isPlaying) player.play();
    if (!playing && player.isPlaying) player.pause();
    const isSettling = Date.now() - this.#jumpedAt < SETTLED_MS;
    if (isOver || isSettling || Math.abs(player.position - this.wanted) <= DRIFT_S) return;
    this.#jumpedAt = Date.now();
    player.seek(this.wanted);
  }
}

/** “1:05”. @param {number} seconds */
export function clockOf(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
