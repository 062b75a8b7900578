/**
 * <booking-form>: a service brings its length along, and a place is asked for only where people meet in person.
 * <people-picker>: a long list of people gets a field to narrow it, and shows the chosen ones first; a large group is warned of at once. Both
 * forms work without.
 */
import "../components/time-zone-picker.js";

class BookingForm extends HTMLElement {
  /** A length that was typed, or dragged on the calendar, stands: no service changes it. */
  #isGiven = false;

  connectedCallback() {
    this.addEventListener("change", this.#follow);
    this.#place();
    const minutes = this.#field("minutes");
    this.#isGiven = Boolean(minutes?.value);
    if (!this.#isGiven) this.#length();
  }

  /** @param {string} name @returns {HTMLInputElement | null} */
  #field(name) {
    return this.querySelector(`[name="${name}"]`);
  }

  /** @param {Event} event */
  #follow = (event) => {
    const name = event.target instanceof HTMLElement ? event.target.getAttribute("name") : "";
    if (name === "minutes") this.#isGiven = true;
    if (name === "service" && !this.#isGiven) this.#length();
    if (name === "mode") this.#place();
  };

  #length() {
    const known = JSON.parse(this.querySelector("#lengths")?.textContent ?? "{}");
    const minutes = this.#field("minutes");
    const length = known[this.#field("service")?.value ?? ""];
    if (minutes && length) minutes.value = String(length);
  }

  #place() {
    const place = this.#field("location")?.closest(".field");
    if (place instanceof HTMLElement) place.hidden = this.#field("mode")?.value === "online";
  }
}

class PeoplePicker extends HTMLElement {
  connectedCallback() {
    const boxes = /** @type {HTMLInputElement[]} */ ([...this.querySelectorAll('input[type="checkbox"]')]);
    this.addEventListener("change", () => this.#weigh(boxes));
    this.#weigh(boxes);
    if (boxes.length < 8 || this.querySelector('input[type="search"]')) return;
    const search = document.createElement("input");
    search.type = "search";
    search.className = "input picker__search";
    search.placeholder = search.ariaLabel = this.querySelector("legend")?.firstChild?.textContent?.trim() ?? "";
    search.addEventListener("input", () => this.#narrow(search.value, boxes));
    search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
    this.querySelector('.group, [id^="id_clients"]')?.before(search);
  }

  /** @param {HTMLInputElement[]} boxes */
  #weigh(boxes) {
    const warning = /** @type {HTMLElement | null} */ (this.querySelector("[data-more-than]"));
    if (warning) warning.hidden = boxes.filter(({ checked }) => checked).length <= Number(warning.dataset.moreThan);
  }

  /** @param {string} text @param {HTMLInputElement[]} boxes */
  #narrow(text, boxes) {
    const words = text.toLocaleLowerCase().split(/\s+/);
    for (const box of boxes) {
      const line = /** @type {HTMLElement} */ (box.closest("label")?.parentElement ?? box.parentElement);
      const name = line.textContent?.toLocaleLowerCase() ?? "";
      line.hidden = !box.checked && !words.every((word) => name.includes(word));
    }
  }
}

customElements.define("booking-form", BookingForm);
customElements.define("people-picker", PeoplePicker);
