/** Sentences come with the page, because scripts say nothing of their own: elements with `data-text="name"` in a hidden list. */

/**
 * The sentence of that name. @param {string} name @param {ParentNode} [root] @param {string} [instead] where the page has none
 * @returns {string}
 */
export function text(name, root = document, instead = name) {
  return root.querySelector(`[data-text="${name}"]`)?.textContent?.trim() ?? instead;
}

/**
 * A sentence with its `{names}` filled in. @param {string} pattern @param {Record<string, string | number>} values @returns {string}
 */
export function fill(pattern, values) {
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
