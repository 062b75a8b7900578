/* <chosen-sum>: what the chosen rows of a form come to, told at once; and one box for all of them.
 *
 * A row's box carries data-minor (the amount in the currency's smallest units) and data-currency. Parts are marked by data-part:
 * all (the box for all, shown only by this script), count and sum. Without the script the page's own totals stand there.
 */
class ChosenSum extends HTMLElement {
  connectedCallback() {
    this.all = /** @type {HTMLInputElement | null} */ (this.querySelector('[data-part="all"]'));
    this.boxes = /** @type {HTMLInputElement[]} */ ([...this.querySelectorAll("input[data-minor]")]);
    for (const part of this.querySelectorAll("[data-scripted]")) part.removeAttribute("hidden");
    this.addEventListener("change", this.#changed);
    window.addEventListener("pageshow", this.#tell); // because a page from the browser's memory keeps its ticks
    this.#tell();
  }

  disconnectedCallback() {
    window.removeEventListener("pageshow", this.#tell);
  }

  /** @param {Event} event */
  #changed = (event) => {
    if (event.target === this.all) for (const box of this.boxes) box.checked = this.all.checked;
    this.#tell();
  };

  #tell = () => {
    const chosen = this.boxes.filter((box) => box.checked);
    if (this.all) {
      this.all.checked = chosen.length > 0 && chosen.length === this.boxes.length;
      this.all.indeterminate = chosen.length > 0 && chosen.length < this.boxes.length;
    }
    this.#write("count", String(chosen.length));
    this.#write("sum", this.#sums(chosen.length ? chosen : this.boxes.slice(0, 1), chosen.length > 0).join(" + "));
  };

  /** One written amount for each currency. @param {HTMLInputElement[]} boxes @param {boolean} counted false: nothing is chosen, so zero */
  #sums(boxes, counted) {
    /** @type {Map<string, number>} */
    const sums = new Map();
    for (const { dataset } of boxes) {
      sums.set(dataset.currency, (sums.get(dataset.currency) ?? 0) + (counted ? Number(dataset.minor) : 0));
    }
    return [...sums].map(([currency, minor]) => {
      const style = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency });
      return style.format(minor / 10 ** (style.resolvedOptions().maximumFractionDigits ?? 2));
    });
  }

  /** @param {string} name @param {string} text */
  #write(name, text) {
    const part = this.querySelector(`[data-part="${name}"]`);
    if (part) part.textContent = text;
  }
}

customElements.define("chosen-sum", ChosenSum);
