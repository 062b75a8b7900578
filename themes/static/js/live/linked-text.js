/** What people write, with its web addresses as links: only http and https, never with our address or page handed over. */

const ADDRESS = /\bhttps?:\/\/[^\s<>"'`]+/giu;
const AFTERWARDS = /[.,;:!?…'"”’»\])}]+$/u; // belongs to the sentence around it

/** @param {string} text @returns {(string | HTMLAnchorElement)[]} */
export function linked(text) {
  const parts = [];
  let end = 0;
  for (const { 0: found, index } of text.matchAll(ADDRESS)) {
    const address = balanced(found);
    if (!URL.canParse(address)) continue;
    parts.push(text.slice(end, index), link(address, new URL(address)));
    end = index + address.length;
  }
  return [...parts, text.slice(end)].filter(Boolean);
}

/** Without what ends the sentence; a bracket that was opened inside stays. @param {string} found */
function balanced(found) {
  const address = found.replace(AFTERWARDS, "");
  const rest = found.slice(address.length);
  return rest.startsWith(")") && address.includes("(") && !address.includes(")") ? `${address})` : address;
}

/** @param {string} address @param {URL} url */
function link(address, url) {
  const link = document.createElement("a");
  link.href = url.href;
  link.target = "_blank";
  link.rel = "noopener noreferrer nofollow";
  link.title = url.host; // as it is asked for: letters that only look like others show here
  link.textContent = address;
  return link;
}
