/** The bars at the top of a session: how good the connection is. */
import { text } from "../texts.js";

/** @param {HTMLElement} signal @param {{up: import('live-protocol').Quality, down: import('live-protocol').Quality}} quality of both ways */
export function showQuality(signal, { up, down }) {
  const scores = [up.score, down.score].filter((score) => score !== null);
  const bars = scores.length ? Math.max(1, Math.min(4, Math.round(Math.min(...scores)) - 1)) : 0;
  signal.hidden = false;
  signal.dataset.score = String(bars);
  signal.setAttribute("aria-label", text(`quality-${bars}`));
}
