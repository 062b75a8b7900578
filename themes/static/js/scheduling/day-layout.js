/**
 * What overlaps in one column stands side by side.
 *
 * @typedef {{from: number, until: number}} Span  minutes of the day
 * @typedef {{lane: number, lanes: number}} Seat
 */

/**
 * @template {Span} T
 * @param {T[]} events
 * @returns {{event: T, seat: Seat}[]} each with its lane, and how many lanes there are where it stands
 */
export function seated(events) {
  const ordered = [...events].sort((one, other) => one.from - other.from || other.until - one.until);
  const found = [];
  /** @type {{event: T, lane: number}[]} */
  let group = [];
  let ends = 0;
  for (const event of ordered) {
    if (group.length && event.from >= ends) {
      found.push(...settled(group));
      group = [];
    }
    group.push({ event, lane: firstFree(group, event) });
    ends = Math.max(group.length === 1 ? 0 : ends, event.until);
  }
  return [...found, ...settled(group)];
}

/** @template {Span} T @param {{event: T, lane: number}[]} group @param {T} event */
function firstFree(group, event) {
  const taken = new Set(group.filter((other) => other.event.until > event.from).map(({ lane }) => lane));
  let lane = 0;
  while (taken.has(lane)) lane += 1;
  return lane;
}

/** @template {Span} T @param {{event: T, lane: number}[]} group */
function settled(group) {
  const lanes = Math.max(0, ...group.map(({ lane }) => lane)) + 1;
  return group.map(({ event, lane }) => ({ event, seat: { lane, lanes } }));
}
