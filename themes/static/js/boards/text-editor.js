/** Words on the board are typed into a field that lies where they will stand. Escape and a click elsewhere keep them. */

export class TextEditor {
  /** @type {HTMLTextAreaElement | null} */
  #field = null;

  /** @param {HTMLElement} place @param {import("./board.js").Board} board */
  constructor(place, board) {
    this.place = place;
    this.board = board;
  }

  /** @param {import("./tools.js").Draft} draft @param {string | null} key of words that are there already */
  open(draft, key) {
    this.#field?.blur();
    const { surface, store, painter } = this.board;
    const thing = key ? store.thing(key) : null;
    const box = thing ? painter.box(thing) : { minX: draft.x ?? 0, minY: draft.y ?? 0 };
    const [left, top] = surface.toScreen(box.minX, box.minY);
    const zoom = surface.view.zoom * Math.abs(thing?.place.sx ?? 1);
    const field = document.createElement("textarea");
    field.className = "board__words";
    field.maxLength = 2000;
    field.value = thing?.words ?? "";
    field.setAttribute("aria-label", this.place.dataset.words ?? "");
    field.style.setProperty("inset-inline-start", `${Math.max(0, left)}px`);
    field.style.setProperty("inset-block-start", `${Math.max(0, top)}px`);
    field.style.setProperty("inline-size", `${Math.max(120, Math.abs(draft.w ?? 200) * zoom)}px`);
    field.style.setProperty("block-size", `${Math.max(56, Math.abs(draft.h ?? 0) * zoom, draft.width * zoom * 2.4)}px`);
    field.style.setProperty("font-size", `${Math.max(12, draft.width * zoom)}px`);
    field.dir = "auto";
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.place.focus();
      event.stopPropagation();
    });
    field.addEventListener("blur", () => this.#keep(field, draft, key), { once: true });
    this.place.append(field);
    this.#field = field;
    requestAnimationFrame(() => field.focus());
  }

  /** @param {HTMLTextAreaElement} field @param {import("./tools.js").Draft} draft @param {string | null} key */
  #keep(field, draft, key) {
    const words = [...field.value.replace(/\r\n?/g, "\n")].filter(isPlain).join("").trimEnd();
    field.remove();
    this.#field = null;
    if (!this.board.mayDraw) return;
    if (key && words) this.board.store.write(key, words);
    else if (key) this.board.store.remove([key]);
    else if (words) this.board.store.add(draft, words);
  }
}

/** No control characters but the end of a line and the tab, no half of a letter, nothing that is no letter: the server takes none. @param {string} letter */
function isPlain(letter) {
  const code = letter.codePointAt(0) ?? 0;
  if (code === 9 || code === 10 || code === 0x85) return true;
  if (code < 32 || (code > 126 && code < 0xa0)) return false;
  return !(code >= 0xd800 && code < 0xe000) && code !== 0xfffe && code !== 0xffff;
}
