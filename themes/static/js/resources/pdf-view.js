import { closest, find, required } from "../dom.js";
import { text } from "../texts.js";

/**
 * <pdf-view data-file="…">: shows a PDF page by page. It is drawn by the library on a canvas; nothing that a PDF brings along is run.
 * Without it the first page is there as a picture.
 */
class PdfView extends HTMLElement {
  /** @type {any} */
  #document = null;
  #page = 1;
  #scale = 1;
  /** @type {any} */
  #drawing = null;

  async connectedCallback() {
    const vendor = new URL("../../vendor/", import.meta.url);
    try {
      const { GlobalWorkerOptions, getDocument } = await import(String(new URL("pdf.js", vendor)));
      GlobalWorkerOptions.workerSrc = String(new URL("pdf-worker.js", vendor));
      this.#document = await getDocument({
        url: this.dataset.file,
        cMapUrl: String(new URL("pdf/cmaps/", vendor)),
        cMapPacked: true,
        standardFontDataUrl: String(new URL("pdf/standard_fonts/", vendor)),
        wasmUrl: String(new URL("pdf/wasm/", vendor)), // where what replaces it is found: pages allow no WebAssembly
        isEvalSupported: false,
        useWasm: false,
        enableXfa: false,
      }).promise;
    } catch (error) {
      const isLocked = error instanceof Error && error.name === "PasswordException";
      required(this, "[data-said]", HTMLElement).textContent = text(isLocked ? "password" : "broken", this);
      return;
    }
    required(this, "[data-pages]", HTMLElement).textContent = String(this.#document.numPages);
    this.#input.max = String(this.#document.numPages);
    required(this, "[data-bar]", HTMLElement).hidden = false;
    this.addEventListener("click", this.#click);
    this.#input.addEventListener("change", () => this.#show(Number(this.#input.value)));
    this.#sheet.addEventListener("keydown", this.#key);
    await this.#show(1);
  }

  get #input() {
    return required(this, "[data-page]", HTMLInputElement);
  }

  get #sheet() {
    return required(this, "[data-sheet]", HTMLElement);
  }

  /** @param {MouseEvent} event */
  #click = (event) => {
    const act = closest(event, "[data-act]", HTMLButtonElement)?.dataset.act;
    if (act === "previous") void this.#show(this.#page - 1);
    if (act === "next") void this.#show(this.#page + 1);
    if (act === "smaller" || act === "larger") {
      this.#scale = Math.min(4, Math.max(0.5, this.#scale * (act === "larger" ? 1.25 : 0.8)));
      void this.#show(this.#page);
    }
  };

  /** @param {KeyboardEvent} event */
  #key = (event) => {
    if (event.key === "PageDown" || event.key === "ArrowRight") void this.#show(this.#page + 1);
    else if (event.key === "PageUp" || event.key === "ArrowLeft") void this.#show(this.#page - 1);
    else return;
    event.preventDefault();
  };

  /** @param {number} wanted */
  async #show(wanted) {
    this.#page = Math.min(Math.max(1, Math.round(wanted) || 1), this.#document.numPages);
    this.#input.value = String(this.#page);
    const page = await this.#document.getPage(this.#page);
    const width = this.#sheet.clientWidth - 2;
    const fit = width / page.getViewport({ scale: 1 }).width;
    const viewport = page.getViewport({ scale: fit * this.#scale * devicePixelRatio });
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
    find(this.#sheet, "img", HTMLImageElement)?.remove();
    this.#sheet.replaceChildren(canvas);
    this.#sheet.scrollTop = 0;
  }
}

customElements.define("pdf-view", PdfView);
