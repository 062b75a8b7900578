/** What a host can show: the list, a search over it, the client's files, and what was used before. It is loaded anew whenever it is looked at. */
import { closest, find, fragmentOf, required } from "../dom.js";
import { loadPart } from "../http.js";
import { text } from "../texts.js";

const TYPING_MS = 300;

export class ResourceChoice {
  #element;
  #url;
  #chosen;
  #source = "list";
  #page = "";
  #timer = 0;
  #round = 0; // the latest load wins

  /** @param {HTMLElement} element @param {string} url @param {(name: string, id: string) => void} chosen */
  constructor(element, url, chosen) {
    this.#element = element;
    this.#url = url;
    this.#chosen = chosen;
    element.addEventListener("click", (event) => this.#pressed(event));
    element.addEventListener("input", (event) => this.#typed(event));
    element.addEventListener("submit", (event) => {
      event.preventDefault(); // because the page of the room must stay
      this.#search();
    });
  }

  async load() {
    const round = ++this.#round;
    const form = find(this.#element, "form", HTMLFormElement);
    const asked = new URLSearchParams({ from: this.#source });
    if (form)
      for (const [name, value] of new FormData(form)) if (typeof value === "string" && value) asked.set(name, value);
    if (this.#page) asked.set("page", this.#page);
    try {
      const fresh = fragmentOf(await loadPart(`${this.#url}?${asked}`));
      if (round === this.#round) this.#put(fresh);
    } catch {
      if (round === this.#round) this.#fail(text("not-loaded", this.#element.parentElement ?? document));
    }
  }

  /** The field in which somebody types stays where it is. @param {DocumentFragment} fresh */
  #put(fresh) {
    this.#fail("");
    const list = required(this.#element, '[data-part="list"]', HTMLElement);
    const [typed, next] = [list, fresh].map((one) => find(one, 'input[name="q"]', HTMLInputElement));
    const isTyping = typed && typed === document.activeElement;
    const place = isTyping ? typed.selectionStart : null;
    if (isTyping && next) next.value = typed.value;
    list.replaceWith(fresh);
    if (!isTyping || !next) return;
    next.focus();
    next.setSelectionRange(place, place);
  }

  /** @param {Event} event */
  #typed(event) {
    window.clearTimeout(this.#timer);
    const isText = event.target instanceof HTMLInputElement;
    this.#timer = window.setTimeout(() => this.#search(), isText ? TYPING_MS : 0);
  }

  #search() {
    window.clearTimeout(this.#timer);
    this.#page = "";
    void this.load();
  }

  /** @param {Event} event */
  #pressed(event) {
    const button = closest(event, "button", HTMLButtonElement);
    const { show, id, source, page } = button?.dataset ?? {};
    if (show && id) return this.#chosen(show, id);
    if (source) this.#source = source;
    if (page) this.#page = page;
    if (source) this.#search();
    else if (page) void this.load();
  }

  /** @param {string} said empty: nothing has gone wrong */
  #fail(said) {
    const box = required(this.#element, '[data-part="failure"]', HTMLElement);
    box.textContent = said;
    box.hidden = !said;
  }
}
