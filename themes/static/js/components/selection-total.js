/**
 * <selection-total>: what the chosen rows of a form come to, told at once; and one box for all of them.
 *
 * A row's box carries data-minor (the amount in the currency's smallest units) and data-currency, or data-row where it has no amount. Parts are marked by data-part:
 * all (the box for all, shown only by this script), count and sum. Without the script the page's own totals stand there.
 */
import { find, findAll } from "../dom.js";

class SelectionTotal extends HTMLElement {
  connectedCallback() {
    for (const part of findAll(this, "[data-scripted]", HTMLElement)) part.hidden = false;
    this.addEventListener("change", this.#changed);
    window.addEventListener("pageshow", this.#tell); // because a page from the browser's memory keeps its ticks
    this.#tell();
  }

  disconnectedCallback() {
    window.removeEventListener("pageshow", this.#tell);
  }

  get #all() {
    return find(this, '[data-part="all"]', HTMLInputElement);
  }

  get #boxes() {
    return findAll(this, "input[data-minor], input[data-row]", HTMLInputElement);
  }

  /** @param {Event} event */
  #changed = ({ target }) => {
    const all = this.#all;
    if (all && target === all) for (const box of this.#boxes) box.checked = all.checked;
    this.#tell();
  };

  #tell = () => {
    const [all, boxes] = [this.#all, this.#boxes];
    const chosen = boxes.filter((box) => box.checked);
    if (all) {
      all.checked = chosen.length > 0 && chosen.length === boxes.length;
      all.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
    }
    this.#write("count", String(chosen.length));
    const priced = boxes.filter(({ dataset }) => dataset.currency);
    const counted = priced.filter(({ checked }) => checked);
    this.#write("sum", sums(counted.length ? counted : priced.slice(0, 1), counted.length > 0).join(" + "));
  };

  /** @param {string} name @param {string} text */
  #write(name, text) {
    const part = this.querySelector(`[data-part="${name}"]`);
    if (part) part.textContent = text;
  }
}

/** One written amount for each currency. @param {HTMLInputElement[]} boxes @param {boolean} areChosen false: nothing is, so zero */
function sums(boxes, areChosen) {
  /** @type {Map<string, number>} */
  const minors = new Map();
  for (const { dataset } of boxes) {
    const currency = dataset.currency ?? "";
    minors.set(currency, (minors.get(currency) ?? 0) + (areChosen ? Number(dataset.minor) : 0));
  }
  return [...minors].map(([currency, minor]) => {
    const style = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency });
    return style.format(minor / 10 ** (style.resolvedOptions().maximumFractionDigits ?? 2));
  });
}

customElements.define("selection-total", SelectionTotal);
