/**
 * <time-zone-picker data-find="…" data-use="…">: a box above its select narrows the list while one types, and where nothing is chosen yet the
 * zone of this device is. Where another zone than the device's is chosen, one press takes the device's.
 */
import { find, findAll } from "../dom.js";

class TimeZonePicker extends HTMLElement {
  connectedCallback() {
    const select = find(this, "select", HTMLSelectElement);
    if (!select || this.querySelector(".time-zone-picker__search")) return;
    this.#offerDevice(select);
    select.before(this.#search(select));
  }

  /** @param {HTMLSelectElement} select */
  #offerDevice(select) {
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const option = [...select.options].find(({ value }) => value === here);
    if (!option) return;
    if (!select.value && select.required) select.value = here;
    if (!select.value || select.value === here) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--link button--small";
    button.textContent = `${this.dataset.use ?? ""}: ${option.text}`;
    button.addEventListener("click", () => {
      select.value = here;
      select.dispatchEvent(new Event("input", { bubbles: true }));
      button.remove();
    });
    select.after(button);
  }

  /** @param {HTMLSelectElement} select */
  #search(select) {
    const options = findAll(select, "option", HTMLOptionElement).map((option) => ({
      option,
      group: option.parentElement,
      words: folded(`${option.value} ${option.text}`),
    }));
    const box = document.createElement("input");
    box.type = "search";
    box.className = "input time-zone-picker__search";
    box.placeholder = this.dataset.find ?? "";
    box.setAttribute("aria-label", box.placeholder);
    box.setAttribute("aria-controls", select.id);
    box.addEventListener("input", (event) => {
      event.stopPropagation();
      const wanted = folded(box.value.trim());
      for (const { option, group } of options) group?.append(option);
      for (const { option, words } of options) if (wanted && !words.includes(wanted)) option.remove();
      for (const group of findAll(select, "optgroup", HTMLOptGroupElement)) group.hidden = !group.children.length;
      const first = wanted ? options.find(({ words }) => words.includes(wanted)) : undefined;
      if (first) select.value = first.option.value;
    });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
      if (event.key === "Enter" || event.key === "ArrowDown") select.focus();
    });
    return box;
  }
}

/** Small letters without accents. @param {string} text */
function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

customElements.define("time-zone-picker", TimeZonePicker);
