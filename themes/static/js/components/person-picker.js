/**
 * <person-picker data-address data-name [data-many]>: one finds people by typing; those who are chosen stand below as boxes, and can be taken
 * away there. A combobox with a list (WAI-ARIA): arrows move, Enter takes, Escape closes. Without scripts it is a search with a button.
 * Other fields of the form that the address asks for by `data-about` (their names, with spaces between) go along.
 */
import { find, findAll } from "../dom.js";
import { getJson } from "../http.js";

const PAUSE_MS = 200;
let numbered = 0;

/** @typedef {{key: string, name: string, detail: string}} Person */

class PersonPicker extends HTMLElement {
  /** @type {HTMLInputElement | null} */
  #input = null;
  #list = document.createElement("ul");
  #status = document.createElement("p");
  /** @type {Person[]} */
  #people = [];
  #active = -1;
  /** @type {AbortController | null} */
  #asking = null;
  /** @type {number | undefined} */
  #timer;

  connectedCallback() {
    const input = find(this, "[data-find] input", HTMLInputElement);
    if (!input || this.#input) return;
    this.#input = input;
    this.querySelector("[data-search]")?.remove(); // else Enter in any field would search
    this.querySelector("[data-hint]")?.remove();
    input.removeAttribute("name");
    this.#makeCombobox(input);
    for (const box of this.#boxes) if (!box.checked) this.#line(box)?.remove();
    this.addEventListener("change", this.#changed);
    input.addEventListener("input", () => this.#later());
    input.addEventListener("focus", () => this.#ask());
    input.addEventListener("keydown", this.#keyed);
    input.addEventListener("blur", () => this.#close());
  }

  disconnectedCallback() {
    this.#asking?.abort();
    clearTimeout(this.#timer);
  }

  get #boxes() {
    return findAll(this, `input[name="${this.dataset.name}"]`, HTMLInputElement);
  }

  /** @param {HTMLInputElement} input */
  #makeCombobox(input) {
    this.#list.id = `people-${++numbered}`;
    this.#list.className = "person-picker__list";
    this.#list.setAttribute("role", "listbox");
    this.#list.setAttribute("aria-label", this.dataset.label ?? "");
    this.#list.hidden = true;
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault()); // so that the field keeps the focus
    this.#list.addEventListener("click", (event) => {
      const option = event.target instanceof Element ? event.target.closest("[role=option]") : null;
      if (option) this.#take(Number(option.getAttribute("data-at")));
    });
    this.#status.className = "visually-hidden";
    this.#status.setAttribute("role", "status");
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", this.#list.id);
    input.after(this.#list, this.#status);
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#ask(), PAUSE_MS);
  }

  async #ask() {
    const address = new URL(this.dataset.address ?? "", location.href);
    address.searchParams.set("q", this.#input?.value.trim() ?? "");
    for (const name of (this.dataset.about ?? "").split(" ").filter(Boolean)) {
      const field = this.closest("form")?.elements.namedItem(name);
      if (field && "value" in field && field.value) address.searchParams.set(name, String(field.value));
    }
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    try {
      const answer = await getJson(address, { signal: asking.signal });
      if (this.#asking === asking && document.activeElement === this.#input) this.#show(answer.people, answer.more);
    } catch {
      if (!asking.signal.aborted) this.#say(this.dataset.failed ?? "", true);
    }
  }

  /** @param {Person[]} people @param {boolean} more */
  #show(people, more) {
    const chosen = new Set(this.#boxes.filter(({ checked }) => checked).map(({ value }) => value));
    this.#people = people.filter(({ key }) => !chosen.has(key));
    this.#list.replaceChildren(...this.#people.map((person, at) => this.#option(person, at)));
    this.#mark(this.#people.length && this.#input?.value.trim() ? 0 : -1);
    if (!people.length) this.#say(this.dataset.none ?? "", true);
    else this.#say(more ? (this.dataset.more ?? "") : String(this.#people.length), more);
    this.#open(this.#list.children.length > 0);
  }

  /** @param {Person} person @param {number} at */
  #option({ name, detail }, at) {
    const option = document.createElement("li");
    option.id = `${this.#list.id}-${at}`;
    option.className = "person-picker__option";
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.at = String(at);
    const words = document.createElement("span");
    words.textContent = name;
    option.append(words);
    if (detail) {
      const more = document.createElement("span");
      more.className = "person-picker__detail";
      more.textContent = detail;
      option.append(more);
    }
    return option;
  }

  /** To those who listen always; to those who look where `seen`. @param {string} sentence @param {boolean} seen */
  #say(sentence, seen) {
    this.#status.textContent = sentence;
    if (!seen || !sentence) return;
    const line = document.createElement("li");
    line.className = "person-picker__hint";
    line.setAttribute("role", "presentation");
    line.textContent = sentence;
    if (!this.#people.length) this.#list.replaceChildren();
    this.#list.append(line);
    this.#open(true);
  }

  /** @param {boolean} open */
  #open(open) {
    this.#list.hidden = !open;
    this.#input?.setAttribute("aria-expanded", String(open));
  }

  #close() {
    this.#asking?.abort();
    this.#mark(-1);
    this.#open(false);
  }

  /** @param {number} at */
  #mark(at) {
    this.#active = at;
    const options = findAll(this.#list, "[role=option]", HTMLElement);
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    const active = options[at];
    active?.scrollIntoView({ block: "nearest" });
    if (active) this.#input?.setAttribute("aria-activedescendant", active.id);
    else this.#input?.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} event */
  #keyed = (event) => {
    if (event.isComposing) return;
    const open = !this.#list.hidden;
    const count = this.#people.length;
    if (event.key === "Enter") {
      event.preventDefault(); // this field never sends the form
      if (open && this.#active >= 0) this.#take(this.#active);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation(); // because a dialog around it would close as well
      this.#close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) this.#ask();
      else if (count)
        this.#mark((this.#active + (event.key === "ArrowDown" ? 1 : this.#active < 0 ? 0 : -1) + count) % count);
    }
  };

  /** @param {number} at */
  #take(at) {
    const person = this.#people[at];
    const input = this.#input;
    if (!person || !input) return;
    if (this.dataset.many === undefined) for (const box of this.#boxes) this.#line(box)?.remove();
    const box = document.createElement("input");
    box.type = this.dataset.many === undefined ? "radio" : "checkbox";
    box.name = this.dataset.name ?? "";
    box.value = person.key;
    box.checked = true;
    const label = document.createElement("label");
    label.append(box, ` ${person.detail ? `${person.name} (${person.detail})` : person.name}`);
    const line = document.createElement("div");
    line.append(label);
    this.#group.append(line);
    input.value = "";
    this.#people = [];
    this.#close();
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** Where the chosen ones stand. @returns {Element} */
  get #group() {
    const group = this.querySelector("[data-chosen]") ?? this.querySelector(`:scope > div:not([data-find])`);
    if (group) return group;
    const made = document.createElement("div");
    made.dataset.chosen = "";
    this.append(made);
    return made;
  }

  /** The line in which a box stands. @param {HTMLInputElement} box @returns {Element | null} */
  #line(box) {
    return box.closest("label")?.parentElement ?? null;
  }

  /** A box that is no longer ticked leaves. @param {Event} event */
  #changed = (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || box.name !== this.dataset.name || box.checked) return;
    const line = this.#line(box);
    queueMicrotask(() => line?.remove());
    this.#input?.focus();
  };
}

customElements.define("person-picker", PersonPicker);
