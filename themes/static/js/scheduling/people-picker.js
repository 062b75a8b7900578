/**
 * <people-picker>: a long list of people gets a field to narrow it, and shows the chosen ones all the same; a large group is warned of at
 * once (`data-more-than`). The list works without.
 */
import { find, findAll } from "../dom.js";

const LONG = 8;

class PeoplePicker extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", () => this.#warn());
    this.#warn();
    if (this.#boxes.length < LONG || this.querySelector('input[type="search"]')) return;
    this.querySelector('.group, [id^="id_clients"]')?.before(this.#search());
  }

  get #boxes() {
    return findAll(this, 'input[type="checkbox"]', HTMLInputElement);
  }

  #warn() {
    const warning = find(this, "[data-more-than]", HTMLElement);
    if (!warning) return;
    warning.hidden = this.#boxes.filter(({ checked }) => checked).length <= Number(warning.dataset.moreThan);
  }

  #search() {
    const search = document.createElement("input");
    search.type = "search";
    search.className = "input picker__search";
    search.placeholder = search.ariaLabel = this.querySelector("legend")?.firstChild?.textContent?.trim() ?? "";
    search.addEventListener("input", () => this.#narrow(search.value));
    search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
    return search;
  }

  /** @param {string} text */
  #narrow(text) {
    const words = text.toLocaleLowerCase().split(/\s+/);
    for (const box of this.#boxes) {
      const line = box.closest("label")?.parentElement ?? box.parentElement;
      const name = line?.textContent?.toLocaleLowerCase() ?? "";
      if (line) line.hidden = !box.checked && !words.every((word) => name.includes(word));
    }
  }
}

customElements.define("people-picker", PeoplePicker);
