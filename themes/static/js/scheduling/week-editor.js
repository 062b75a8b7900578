/**
 * <week-editor>: days with rows of two times. With the script there is a row for each window and no more: rows are added, removed and copied to
 * other days. Without it each day has one empty row to be filled.
 */
import { closest, find, findAll, required } from "../dom.js";

class WeekEditor extends HTMLElement {
  connectedCallback() {
    for (const day of this.#days()) {
      required(day, "[data-acts]", HTMLElement).hidden = false;
      for (const row of findAll(day, "[data-row]", HTMLElement)) {
        if (isEmpty(row)) row.remove();
        else showRemoval(row);
      }
      this.#settle(day);
    }
    this.addEventListener("click", this.#pressed);
  }

  /** The empty row of each day, to make others of. @type {WeakMap<HTMLElement, HTMLElement>} */
  #blanks = new WeakMap();

  #days() {
    const days = findAll(this, "[data-day]", HTMLElement);
    for (const day of days) {
      const blank = find(day, "[data-blank]", HTMLElement);
      if (blank) this.#blanks.set(day, /** @type {HTMLElement} */ (blank.cloneNode(true)));
    }
    return days;
  }

  /** @param {Event} event */
  #pressed = (event) => {
    const button = closest(event, "button", HTMLButtonElement);
    const day = button?.closest("[data-day]");
    if (!button || !(day instanceof HTMLElement)) return;
    if ("add" in button.dataset) this.#focus(this.#add(day, nextOf(day)));
    if ("remove" in button.dataset) this.#remove(day, button);
    if ("copy" in button.dataset) this.#copy(day, button);
  };

  /** @param {HTMLElement} day @param {string[]} values in the order of the row's fields */
  #add(day, values) {
    const blank = this.#blanks.get(day);
    if (!blank) return null;
    const row = /** @type {HTMLElement} */ (blank.cloneNode(true));
    delete row.dataset.blank;
    fieldsOf(row).forEach((field, position) => fill(field, values[position] ?? "", this));
    showRemoval(row);
    required(day, "[data-windows]", HTMLElement).append(row);
    this.#settle(day);
    return row;
  }

  /** @param {HTMLElement} day @param {HTMLElement} button */
  #remove(day, button) {
    button.closest("[data-row]")?.remove();
    this.#settle(day);
    find(day, "[data-add]", HTMLElement)?.focus();
  }

  /** @param {HTMLElement} day @param {HTMLElement} button */
  #copy(day, button) {
    const rows = findAll(day, "[data-row]", HTMLElement).map((row) => fieldsOf(row).map((field) => field.value));
    const list = button.closest("details");
    for (const box of list ? findAll(list, "[data-to]", HTMLInputElement) : []) {
      const other = find(this, `[data-day="${box.dataset.to}"]`, HTMLElement);
      if (!box.checked || !other) continue;
      for (const row of findAll(other, "[data-row]", HTMLElement)) row.remove();
      for (const values of rows) this.#add(other, values);
      this.#settle(other);
      box.checked = false;
    }
    if (list) list.open = false;
    list?.querySelector("summary")?.focus();
  }

  /** @param {HTMLElement | null} row */
  #focus(row) {
    if (row) fieldsOf(row)[0]?.focus();
  }

  /** @param {HTMLElement} day */
  #settle(day) {
    const off = find(day, "[data-off]", HTMLElement);
    if (off) off.hidden = findAll(day, "[data-row]", HTMLElement).length > 0;
  }
}

/** @param {HTMLElement} row */
function fieldsOf(row) {
  return [...row.querySelectorAll("input, select")].map(
    (field) => /** @type {HTMLInputElement | HTMLSelectElement} */ (field),
  );
}

/**
 * Set a value; a choice that only the copied row still has comes along.
 * @param {HTMLInputElement | HTMLSelectElement} field @param {string} value @param {HTMLElement} editor
 */
function fill(field, value, editor) {
  field.value = value;
  if (field.value === value || !(field instanceof HTMLSelectElement)) return;
  const kept = findAll(editor, "option", HTMLOptionElement).find((option) => option.value === value);
  if (kept) field.add(new Option(kept.text, value, true, true));
}

/** @param {HTMLElement} row */
function isEmpty(row) {
  return findAll(row, 'input[type="time"]', HTMLInputElement).every(({ value }) => !value);
}

/** @param {HTMLElement} row */
function showRemoval(row) {
  required(row, "[data-remove]", HTMLElement).hidden = false;
}

/** Nine to five, or the hour after what is there. @param {HTMLElement} day @returns {string[]} */
function nextOf(day) {
  const times = findAll(day, 'input[type="time"]', HTMLInputElement).map(({ value }) => value);
  const last = times.filter(Boolean).at(-1);
  const hour = last ? Number(last.slice(0, 2)) + 1 : 9;
  if (!last || hour > 22) return last ? [] : ["09:00", "17:00"];
  return [`${String(hour).padStart(2, "0")}:00`, `${String(Math.min(hour + 4, 23)).padStart(2, "0")}:00`];
}

customElements.define("week-editor", WeekEditor);
