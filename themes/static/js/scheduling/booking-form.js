/**
 * <booking-form>: a service brings its length along, a place is asked for only where people meet in person, and a large group is warned of at
 * once (`data-more-than`); a series is asked for the end that it has. The form works without. The lengths are the JSON in #lengths: minutes by service.
 */
import { find, findAll } from "../dom.js";
import "../components/time-zone-picker.js";
import "../components/person-picker.js";

class BookingForm extends HTMLElement {
  /** A length that was typed, or dragged on the calendar, stands: no service changes it. */
  #isGiven = false;

  connectedCallback() {
    this.addEventListener("change", this.#changed);
    this.#askForPlace();
    this.#askForEnd();
    this.#warn();
    this.#isGiven = Boolean(this.#value("minutes"));
    if (!this.#isGiven) this.#takeLength();
  }

  /** @param {Event} event */
  #changed = (event) => {
    const name = event.target instanceof HTMLElement ? event.target.getAttribute("name") : "";
    if (name === "minutes") this.#isGiven = true;
    if (name === "service" && !this.#isGiven) this.#takeLength();
    if (name === "mode") this.#askForPlace();
    if (name === "ends" || name === "frequency") this.#askForEnd();
    if (name === "clients") this.#warn();
  };

  #warn() {
    const warning = find(this, "[data-more-than]", HTMLElement);
    if (!warning) return;
    const chosen = findAll(this, '[name="clients"]', HTMLInputElement).filter(({ checked }) => checked);
    warning.hidden = chosen.length <= Number(warning.dataset.moreThan);
  }

  #takeLength() {
    const lengths = JSON.parse(this.querySelector("#lengths")?.textContent ?? "{}");
    const minutes = find(this, '[name="minutes"]', HTMLInputElement);
    const length = lengths[this.#value("service")];
    if (minutes && length) minutes.value = String(length);
  }

  #askForPlace() {
    const place = this.querySelector('[name="location"]')?.closest(".field");
    if (place instanceof HTMLElement) place.hidden = this.#value("mode") === "online";
  }

  /** Of a series: what its rule and its end need, and nothing else. */
  #askForEnd() {
    const wanted = { count: this.#value("ends") === "count", until: this.#value("ends") === "until" };
    for (const [name, isWanted] of Object.entries({ ...wanted, weekdays: this.#value("frequency") === "weeks" })) {
      const field = this.querySelector(`[name="${name}"]`)?.closest(".field");
      if (field instanceof HTMLElement) field.hidden = !isWanted;
    }
  }

  /** @param {string} name of a field @returns {string} */
  #value(name) {
    const field = this.querySelector(`[name="${name}"]`);
    return field instanceof HTMLInputElement || field instanceof HTMLSelectElement ? field.value : "";
  }
}

customElements.define("booking-form", BookingForm);
