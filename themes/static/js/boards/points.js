/**
 * The points of a stroke as a board's document keeps them: quarter units, each as the difference to the one before (zigzag, seven bits a byte),
 * then a byte of pressure. sessions_live/boards/format/items.py reads the same.
 *
 * @typedef {[x: number, y: number, pressure: number]} Point  in board units; pressure from 0 to 1
 */
export const MOST_POINTS = 4000;

/** @param {Point[]} points @returns {Uint8Array} */
export function encodePoints(points) {
  /** @type {number[]} */
  const bytes = [];
  let beforeX = 0;
  let beforeY = 0;
  for (const [x, y, pressure] of points) {
    const atX = Math.round(x * 4);
    const atY = Math.round(y * 4);
    pushNumber(bytes, atX - beforeX);
    pushNumber(bytes, atY - beforeY);
    bytes.push(Math.round(Math.min(1, Math.max(0, pressure)) * 255));
    beforeX = atX;
    beforeY = atY;
  }
  return Uint8Array.from(bytes);
}

/** @param {Uint8Array} bytes @returns {Point[]} those that can be read */
export function decodePoints(bytes) {
  /** @type {Point[]} */
  const points = [];
  let at = 0;
  let x = 0;
  let y = 0;
  const step = () => {
    let value = 0;
    for (let shift = 0; at < bytes.length && shift <= 28; shift += 7) {
      const byte = /** @type {number} */ (bytes[at]);
      at += 1;
      value |= (byte & 0x7f) << shift;
      if (!(byte & 0x80)) break;
    }
    return (value >>> 1) ^ -(value & 1);
  };
  while (at < bytes.length) {
    x += step();
    y += step();
    points.push([x / 4, y / 4, (bytes[at] ?? 128) / 255]);
    at += 1;
  }
  return points;
}

/** @param {number[]} bytes @param {number} number */
function pushNumber(bytes, number) {
  let zigzag = ((number << 1) ^ (number >> 31)) >>> 0;
  while (zigzag > 0x7f) {
    bytes.push((zigzag & 0x7f) | 0x80);
    zigzag >>>= 7;
  }
  bytes.push(zigzag);
}
