/** Pictures come onto the board by the clipboard, by dropping them, or out of a folder. The server writes them anew; the board only names them. */
import { required } from "../dom.js";
import { sentenceOf } from "../error-sentences.js";
import { postForm } from "../http.js";
import { text } from "../texts.js";

const WIDEST = 480; // board units, of a picture that has just come

export class Pictures {
  /** @param {import("./board.js").Board} board @param {AbortSignal} signal */
  constructor(board, signal) {
    this.board = board;
    this.field = required(board.element, '[data-board="picture"]', HTMLInputElement);
    this.field.addEventListener("change", () => this.#add([...(this.field.files ?? [])]));
    const { place } = board;
    place.addEventListener("dragover", (event) => event.preventDefault());
    place.addEventListener("drop", (event) => {
      event.preventDefault();
      void this.#add([...(event.dataTransfer?.files ?? [])]);
    });
    document.addEventListener("paste", (event) => this.#paste(event), { signal });
  }

  choose() {
    this.field.value = "";
    this.field.click();
  }

  /** @param {ClipboardEvent} event */
  #paste(event) {
    if (!this.board.place.contains(document.activeElement) || event.target instanceof HTMLTextAreaElement) return;
    void this.#add([...(event.clipboardData?.files ?? [])]);
  }

  /** @param {File[]} files */
  async #add(files) {
    const { board } = this;
    for (const file of files.filter(({ type }) => type.startsWith("image/"))) {
      if (!board.mayDraw) return board.say(text("look-only", board.element));
      board.say(text("picture-comes", board.element));
      try {
        const fields = new FormData();
        fields.append("picture", file);
        const { id, width, height } = await postForm(board.options.pictures, fields);
        this.#put(id, width, height);
        board.say("");
      } catch (error) {
        board.say(sentenceOf(error), "warning");
      }
    }
  }

  /** @param {string} picture @param {number} width @param {number} height */
  #put(picture, width, height) {
    const { surface, store } = this.board;
    const [x, y] = surface.toBoard(surface.width / 2, surface.height / 2);
    const w = Math.min(WIDEST, width);
    const h = (w * height) / width;
    store.add({ kind: "image", page: surface.page, colour: 0, width: 1, picture, x: x - w / 2, y: y - h / 2, w, h });
  }
}
