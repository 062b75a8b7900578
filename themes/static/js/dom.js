/**
 * Typed look-ups in a page. What a template promises must be there: a part that is missing is a mistake of ours, and is said at once.
 */

/**
 * The first element that matches, if it is of that type.
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} type
 * @returns {T | null}
 */
export function find(root, selector, type) {
  const found = root.querySelector(selector);
  return found instanceof type ? found : null;
}

/**
 * The same, where the element must be there.
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} type
 * @returns {T}
 * @throws {Error} when it is not
 */
export function required(root, selector, type) {
  const found = find(root, selector, type);
  if (!found) throw new Error(`the page has no ${type.name} at ${selector}`);
  return found;
}

/**
 * All that match and are of that type.
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} type
 * @returns {T[]}
 */
export function findAll(root, selector, type) {
  return [...root.querySelectorAll(selector)].filter(/** @returns {one is T} */ (one) => one instanceof type);
}

/**
 * The element around an event's target that matches: for one listener over many buttons.
 * @template {Element} T
 * @param {Event} event
 * @param {string} selector
 * @param {new () => T} type
 * @returns {T | null}
 */
export function closest(event, selector, type) {
  const found = event.target instanceof Element ? event.target.closest(selector) : null;
  return found instanceof type ? found : null;
}

/**
 * A copy of the one element inside a <template>.
 * @param {string} id of the template
 * @returns {HTMLElement}
 */
export function copyOf(id) {
  const copy = required(document, `template#${id}`, HTMLTemplateElement).content.firstElementChild?.cloneNode(true);
  if (!(copy instanceof HTMLElement)) throw new Error(`the template ${id} is empty`);
  return copy;
}

/**
 * The address of a socket of this host. @param {string} path @returns {string}
 */
export function socketAddress(path) {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
}

/**
 * What a part of a page that the server has sent holds, ready to be put into this one. No script in it runs.
 * @param {string} part
 * @returns {DocumentFragment}
 */
export function fragmentOf(part) {
  const fragment = document.createDocumentFragment();
  fragment.append(...new DOMParser().parseFromString(part, "text/html").body.childNodes);
  return fragment;
}
