import { closest, find, findAll, required } from "../dom.js";
import { fill, text } from "../texts.js";
import { openPdf } from "./pdf-document.js";

const MOST = 300; // pages that are shown; more are written only
const WIDTH = 150; // pixels

/**
 * <page-order data-file="…">: shows the pages of a PDF, which are pulled or moved by their arrows to where they should stand, and left out. The
 * field of the form inside says the same in numbers, and is what is sent; who writes in it sees the pages follow.
 */
class PageOrder extends HTMLElement {
  /** @type {any} */
  #document = null;
  /** @type {HTMLElement | null} */
  #pulled = null;
  #seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries)
      if (isIntersecting && target instanceof HTMLElement) void this.#draw(target);
  });

  async connectedCallback() {
    try {
      this.#document = await openPdf(this.dataset.file ?? "").promise;
    } catch {
      return; // the field does without
    }
    if (!this.isConnected || this.#document.numPages > MOST) return;
    this.#list.hidden = false;
    this.#read();
    this.#field.addEventListener("change", () => this.#read());
    this.#list.addEventListener("click", (event) => this.#pressed(event));
    this.addEventListener("dragstart", (event) => (this.#pulled = this.#pageAt(event)));
    this.addEventListener("dragover", (event) => this.#pulled && this.#pageAt(event) && event.preventDefault());
    this.addEventListener("drop", (event) => this.#drop(event));
    this.addEventListener("dragend", () => (this.#pulled = null));
  }

  disconnectedCallback() {
    this.#seen.disconnect();
    void this.#document?.destroy();
  }

  get #list() {
    return required(this, "[data-pages]", HTMLElement);
  }

  get #field() {
    return required(this, '[name="order"]', HTMLInputElement);
  }

  get #pages() {
    return findAll(this.#list, "[data-page]", HTMLElement);
  }

  /** The pages as the field says; what it says wrongly is left for the server to answer. */
  #read() {
    const order = numbers(this.#field.value, this.#document.numPages);
    if (!order) return;
    const known = new Map(this.#pages.map((page) => [Number(page.dataset.page), page]));
    this.#list.replaceChildren(...order.map((number) => known.get(number) ?? this.#page(number)));
  }

  /** @param {number} number */
  #page(number) {
    const made = required(this, "template", HTMLTemplateElement).content.firstElementChild?.cloneNode(true);
    if (!(made instanceof HTMLElement)) throw new Error("the page has no template");
    made.dataset.page = String(number);
    made.draggable = true;
    required(made, "[data-number]", HTMLElement).textContent = String(number);
    for (const button of findAll(made, "button", HTMLButtonElement))
      button.setAttribute("aria-label", fill(text(button.dataset.act ?? "", this), { number }));
    this.#seen.observe(made);
    return made;
  }

  /** @param {HTMLElement} place */
  async #draw(place) {
    this.#seen.unobserve(place);
    const page = await this.#document.getPage(Number(place.dataset.page));
    const scale = (WIDTH / page.getViewport({ scale: 1 }).width) * devicePixelRatio;
    const viewport = page.getViewport({ scale });
    const canvas = Object.assign(document.createElement("canvas"), {
      width: Math.floor(viewport.width),
      height: Math.floor(viewport.height),
    });
    await page.render({ canvas, viewport }).promise;
    required(place, ".page-order__sheet", HTMLElement).replaceChildren(canvas);
  }

  /** @param {Event} event */
  #pressed(event) {
    const button = closest(event, "button", HTMLButtonElement);
    const page = this.#pageAt(event);
    if (!button || !page) return;
    const { act } = button.dataset;
    if (act === "earlier") page.previousElementSibling?.before(page);
    if (act === "later") page.nextElementSibling?.after(page);
    if (act === "remove" && this.#pages.length > 1) {
      const next = page.nextElementSibling ?? page.previousElementSibling;
      page.remove();
      if (next) find(next, '[data-act="remove"]', HTMLButtonElement)?.focus();
    } else button.focus();
    this.#write();
  }

  /** @param {DragEvent} event */
  #drop(event) {
    const [page, pulled] = [this.#pageAt(event), this.#pulled];
    if (!page || !pulled || page === pulled) return;
    event.preventDefault();
    const pages = this.#pages;
    if (pages.indexOf(pulled) < pages.indexOf(page)) page.after(pulled);
    else page.before(pulled);
    this.#write();
  }

  #write() {
    this.#field.value = written(this.#pages.map((page) => Number(page.dataset.page)));
  }

  /** @param {Event} event */
  #pageAt(event) {
    const found = event.target instanceof Element ? event.target.closest("[data-page]") : null;
    return found instanceof HTMLElement ? found : null;
  }
}

/** @param {string} written @param {number} pages @returns {number[] | null} null for what is no order */
function numbers(written, pages) {
  const order = [];
  for (const part of written.split(/[,;]/).map((each) => each.trim())) {
    if (!part) continue;
    const found = /^(\d{1,5})(?:\s*[-–]\s*(\d{1,5}))?$/.exec(part);
    if (!found) return null;
    const [first, last] = [Number(found[1]), Number(found[2] ?? found[1])];
    if (Math.min(first, last) < 1 || Math.max(first, last) > pages) return null;
    const step = first <= last ? 1 : -1;
    for (let number = first; number !== last + step; number += step) order.push(number);
  }
  return order.length && new Set(order).size === order.length ? order : null;
}

/** @param {number[]} order */
function written(order) {
  /** @type {number[][]} */
  const runs = [];
  for (const number of order) {
    const run = runs.at(-1);
    if (run && run.at(-1) === number - 1) run.push(number);
    else runs.push([number]);
  }
  return runs.map((run) => (run.length > 1 ? `${run[0]}-${run.at(-1)}` : String(run[0]))).join(", ");
}

customElements.define("page-order", PageOrder);
