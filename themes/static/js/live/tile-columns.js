/** How many columns show a number of pictures largest. Pure but for `place`, which writes it down. */

const SHAPE = 1.35; // a little wider than high: pictures are cut to their place, and faces are in the middle

/** @param {number} count @param {number} width @param {number} height of the stage, in any unit @returns {number} */
export function columns(count, width, height) {
  let best = { columns: 1, size: 0 };
  for (let tried = 1; tried <= count; tried += 1) {
    const size = Math.min(width / tried, (height / Math.ceil(count / tried)) * SHAPE);
    if (size > best.size) best = { columns: tried, size };
  }
  return best.columns;
}

/** Tiles in that many columns, the last row in the middle: each takes two tracks.
 * @param {HTMLElement} stage @param {HTMLElement[]} tiles */
export function place(stage, tiles) {
  const across = columns(tiles.length, stage.clientWidth, stage.clientHeight);
  const last = tiles.length % across || across;
  stage.style.setProperty("--tracks", String(2 * across));
  for (const tile of tiles) tile.style.removeProperty("grid-column-start");
  if (last < across) tiles.at(-last)?.style.setProperty("grid-column-start", String(across - last + 1));
}
