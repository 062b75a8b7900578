/** What the address of a calendar says: which day and how, whose, and which filters. So a reload, a link and the browser's back show the same. */
import { findAll } from "../dom.js";

const KEPT = ["schedule", "resource", "people", "service", "status"];
let shown = keptOf(location.href);

/**
 * An address with what is asked, and with whose calendar and which filters the page has.
 * @param {string | undefined} path @param {Record<string, string>} asked
 */
export function addressOf(path, asked) {
  const address = new URL(path ?? "", location.href);
  for (const [name, value] of Object.entries(asked)) if (value) address.searchParams.set(name, value);
  for (const [name, value] of keptOf(location.href)) {
    if (!address.searchParams.has(name)) address.searchParams.set(name, value);
  }
  return address.pathname + address.search;
}

/**
 * Write what is shown now into the address, and into the forms and links beside it, which lead to another.
 * @param {Record<string, string>} facts @param {boolean} isStep whether the browser's back leads to what was shown before
 */
export function remember(facts, isStep) {
  const address = new URL(location.href);
  for (const [name, value] of Object.entries(facts)) address.searchParams.set(name, value);
  for (const form of findAll(document, ".calendar-tools form", HTMLFormElement)) {
    for (const [name, value] of Object.entries(facts)) keep(form, name, value);
  }
  for (const link of findAll(document, "a[data-without]", HTMLAnchorElement)) {
    link.href = without(address, link.dataset.without ?? "");
  }
  if (address.href === location.href) return;
  if (isStep) history.pushState(null, "", address);
  else history.replaceState(history.state, "", address);
  shown = keptOf(address);
}

/** Whether the browser went back to an address whose filters or people are not those of the page. */
export function isOfAnotherPage() {
  return String(keptOf(location.href)) !== String(shown);
}

/** @param {URL | string} address @returns {[string, string][]} */
function keptOf(address) {
  return [...new URL(address).searchParams].filter(([name]) => KEPT.includes(name));
}

/** @param {URL} address @param {string} names what it is not to say, with spaces between */
function without(address, names) {
  const other = new URL(address);
  for (const name of names.split(" ")) other.searchParams.delete(name);
  return other.pathname + other.search;
}

/** @param {HTMLFormElement} form @param {string} name @param {string} value */
function keep(form, name, value) {
  const known = form.elements.namedItem(name);
  const field = known instanceof HTMLInputElement ? known : document.createElement("input");
  field.type = "hidden";
  field.name = name;
  field.value = value;
  if (!known) form.append(field);
}
