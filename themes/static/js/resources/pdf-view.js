import { find, required } from "../dom.js";
import { text } from "../texts.js";
import { openPdf } from "./pdf-document.js";
import { SheetView } from "./sheet-view.js";

/**
 * <pdf-view data-file="…">: shows a PDF page by page. It is drawn by the library on a canvas; nothing that a PDF brings along is run.
 * Without it the first page is there as a picture.
 */
class PdfView extends SheetView {
  /** @type {any} */
  #document = null;
  /** @type {any} */
  #loading = null;
  /** @type {any} */
  #drawing = null;
  #drawn = 0; // the page on the canvas

  async connectedCallback() {
    try {
      this.#loading = openPdf(this.dataset.file ?? "");
      this.#document = await this.#loading.promise;
    } catch (error) {
      if (!this.isConnected) return;
      const isLocked = error instanceof Error && error.name === "PasswordException";
      required(this, "[data-said]", HTMLElement).textContent = text(isLocked ? "password" : "broken", this);
      return;
    }
    if (!this.isConnected) return this.#forget();
    required(this, "[data-pages]", HTMLElement).textContent = String(this.#document.numPages);
    this.#input.max = String(this.#document.numPages);
    required(this, "[data-bar]", HTMLElement).hidden = false;
    this.#input.addEventListener("change", () => this.#turn(Number(this.#input.value)));
    this.sheet.addEventListener("keydown", this.#key);
    this.begin();
    await this.draw();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#forget();
  }

  get #input() {
    return required(this, "[data-page]", HTMLInputElement);
  }

  /** @param {string} act */
  acted(act) {
    if (act === "previous") this.#turn(this.page - 1);
    else if (act === "next") this.#turn(this.page + 1);
    else super.acted(act);
  }

  /** @param {KeyboardEvent} event */
  #key = (event) => {
    if (event.key === "PageDown" || event.key === "ArrowRight") this.#turn(this.page + 1);
    else if (event.key === "PageUp" || event.key === "ArrowLeft") this.#turn(this.page - 1);
    else return;
    event.preventDefault();
  };

  /** @param {number} wanted */
  #turn(wanted) {
    this.page = wanted;
    void this.draw().then(() => this.tell());
  }

  async draw() {
    if (!this.#document) return;
    this.page = Math.min(Math.max(1, Math.round(this.page) || 1), this.#document.numPages);
    this.#input.value = String(this.page);
    const { page: number, width } = this;
    if (!width) return; // it is drawn when it is to be seen
    const page = await this.#document.getPage(number);
    const fit = width / page.getViewport({ scale: 1 }).width;
    const viewport = page.getViewport({ scale: fit * devicePixelRatio });
    const canvas = document.createElement("canvas");
    canvas.width = Math.floor(viewport.width);
    canvas.height = Math.floor(viewport.height);
    canvas.style.inlineSize = `${Math.floor(viewport.width / devicePixelRatio)}px`;
    this.#drawing?.cancel();
    this.#drawing = page.render({ canvas, viewport });
    try {
      await this.#drawing.promise;
    } catch (error) {
      if (error instanceof Error && error.name === "RenderingCancelledException") return;
      throw error;
    }
    find(this.sheet, "img", HTMLImageElement)?.remove();
    this.sheet.replaceChildren(canvas);
    if (this.#drawn !== number) this.sheet.scrollTop = 0;
    this.#drawn = number;
    this.drawn();
  }

  #forget() {
    void this.#loading?.destroy();
    this.#document = null;
  }
}

customElements.define("pdf-view", PdfView);
