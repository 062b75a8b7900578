/**
 * <asked-parts>: shows what depends on another answer as soon as that is given, and hides it again. What is hidden keeps what was typed; the
 * server decides by itself what counts. `data-prefix` stands before the names of the fields.
 */
import { findAll } from "../dom.js";

class AskedParts extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", this.#look);
    this.#look();
  }

  disconnectedCallback() {
    this.removeEventListener("input", this.#look);
  }

  #look = () => {
    for (const part of findAll(this, "[data-key]", HTMLElement)) {
      const fields = this.#fields(part.dataset.key ?? "");
      if (fields.length) part.hidden = !fields.some((field) => this.#meets(field, part)) || this.#isHidden(fields[0]);
    }
  };

  /** @param {string} key */
  #fields(key) {
    const name = `${this.dataset.prefix ?? ""}${key}`;
    return findAll(this, "input", HTMLInputElement).filter((field) => field.name === name);
  }

  /** @param {HTMLInputElement} field  @param {HTMLElement} part */
  #meets(field, part) {
    if (!field.checked) return false;
    const wanted = part.dataset.value ?? "";
    if (part.dataset.kind === "scale") return Number(field.value) >= Number(wanted);
    return part.dataset.kind === "statement" || field.value === wanted;
  }

  /** Of what is not asked itself, nothing counts. @param {HTMLInputElement} field */
  #isHidden(field) {
    const part = field.closest(".asked");
    return part instanceof HTMLElement && part.hidden;
  }
}

customElements.define("asked-parts", AskedParts);
