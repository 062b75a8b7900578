/** The legend of a calendar: who is ticked, and whose colours there are, is kept for the person and shown at once. */
import { closest, find, findAll } from "../dom.js";
import { postForm } from "../http.js";
import { showError } from "../components/toast-region.js";
import { remember } from "./calendar-address.js";

const SETTLED_MS = 400;

export class CalendarLegend {
  #timer = 0;

  /** @param {HTMLElement} calendar around it @param {() => void} kept called once a choice is kept */
  constructor(calendar, kept) {
    this.calendar = calendar;
    this.kept = kept;
  }

  listen() {
    this.calendar.addEventListener("change", this.#changed);
    const form = find(this.calendar, "form[data-people]", HTMLFormElement);
    if (form && !this.#namesNobody) this.#remember(form, false);
  }

  ignore() {
    this.calendar.removeEventListener("change", this.#changed);
    clearTimeout(this.#timer);
  }

  /** @param {Event} event */
  #changed = (event) => {
    const form = closest(event, "form[data-people]", HTMLFormElement);
    if (!form) return;
    const isOfColors = event.target instanceof HTMLSelectElement;
    if (!isOfColors) {
      this.#sayEverybody(
        form,
        event.target instanceof HTMLInputElement && event.target.dataset.everybody !== undefined,
      );
      find(form, '[name="keeps_people"]', HTMLInputElement)?.remove();
    }
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#keep(form, isOfColors), SETTLED_MS);
  };

  /** @param {HTMLFormElement} form @param {boolean} isOfColors whether whom it shows stays as it is kept */
  async #keep(form, isOfColors) {
    const fields = new FormData(form);
    fields.delete("form_key"); // because the form stays, and each choice is one of its own
    if (isOfColors) {
      fields.delete("schedules");
      fields.set("keeps_people", "1");
    }
    try {
      await postForm(form.action, fields);
    } catch (error) {
      return showError(error); // which a page that comes anew would take away
    }
    if (!isOfColors) {
      this.#remember(form, true);
      this.#namesNobody?.remove();
    }
    this.kept();
  }

  /** Said where the address names nobody who may be seen; it stays as it is until somebody is ticked. */
  get #namesNobody() {
    return find(this.calendar, "[data-names-nobody]", HTMLElement);
  }

  /** Nobody means everybody, also where that is not what is kept. @param {HTMLFormElement} form @param {boolean} isStep */
  #remember(form, isStep) {
    remember({ people: new FormData(form).getAll("schedules").join(",") }, isStep);
  }

  /** Nobody ticked means everybody. @param {HTMLFormElement} form @param {boolean} isAsked */
  #sayEverybody(form, isAsked) {
    const people = findAll(form, '[name="schedules"]', HTMLInputElement);
    if (isAsked) for (const one of people) one.checked = false;
    const everybody = find(form, "[data-everybody]", HTMLInputElement);
    if (everybody) everybody.checked = !people.some(({ checked }) => checked);
  }
}
