/** What is added to an event that the library has drawn. */

/** @param {string} name of its class @param {string} text */
export function lineOf(name, text) {
  const line = document.createElement("div");
  line.className = name;
  line.textContent = text;
  return line;
}

/** Initials and the beginning, for where there is no room; whoever hears the page hears the whole. @param {string} initials @param {string} begins */
export function shortOf(initials, begins) {
  const line = lineOf("event__short", begins);
  const name = document.createElement("strong");
  name.textContent = initials;
  line.prepend(name);
  line.setAttribute("aria-hidden", "true");
  return line;
}
