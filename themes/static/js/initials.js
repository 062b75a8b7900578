/** Initials: of the first and the last word that begin with a letter or a digit, by whole letters as readers see them. */

const letters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** @param {string} name @returns {string} one or two letters; the name's first sign where no word begins with a letter */
export function initials(name) {
  const words = name.trim().split(/\s+/);
  const spoken = words.filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const [first = words[0], last] = spoken.length > 1 ? [spoken[0], spoken[spoken.length - 1]] : spoken;
  return [first, last]
    .map((word = "") => [...letters.segment(word)][0]?.segment ?? "")
    .join("")
    .toUpperCase();
}
