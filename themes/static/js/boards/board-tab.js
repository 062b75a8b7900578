/**
 * The board as a tab of a live room's work area (docs/live-rooms.md): the session's board, looked at as the leading host looks at it.
 *
 * @typedef {{page: string, x: number, y: number, zoom: number}} View  the middle of what is seen, in board units
 */
import { find, fragmentOf } from "../dom.js";
import { sentenceOf } from "../error-sentences.js";
import { loadPart } from "../http.js";
import { WhiteBoard } from "./white-board.js";

/** @param {HTMLElement} element @param {import('../live/tab-context.js').TabContext} context */
export async function mount(element, context) {
  const place = find(element, "[data-board-tab]", HTMLElement) ?? element;
  try {
    place.replaceChildren(fragmentOf(await loadPart(context.facts.part)));
  } catch (error) {
    context.say(sentenceOf(error), "warning");
    throw error;
  }
  const board = find(place, "white-board", WhiteBoard)?.board;
  if (!board) return;
  board.looked = () => context.lead({ ...board.look });
  const { signal } = context;
  context.addEventListener("follow", (event) => board.lookAt(/** @type {CustomEvent} */ (event).detail.view), {
    signal,
  });
  context.addEventListener("shown", () => board.surface.draw(), { signal });
}

/** @param {HTMLElement} element */
export function unmount(element) {
  find(element, "white-board", WhiteBoard)?.remove();
}
