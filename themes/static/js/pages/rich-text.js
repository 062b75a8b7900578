/**
 * <rich-text>: an editor over a textarea that holds HTML. Buttons with data-act work on what is selected; the button with data-act="link"
 * takes the address from the field with data-part="address". Without the script, or where it cannot be loaded, the textarea is what there is.
 */
import { find, findAll, required } from "../dom.js";

/** @typedef {{chain: () => any, isActive: (name: string, attributes?: object) => boolean, getHTML: () => string, isEmpty: boolean, destroy: () => void}} Editor */

class RichText extends HTMLElement {
  /** @type {Editor | null} */
  #editor = null;

  async connectedCallback() {
    const area = required(this, "textarea", HTMLTextAreaElement);
    const vendor = new URL("../../vendor/rich-text.js", import.meta.url);
    const { Editor, StarterKit } = await import(String(vendor));
    const place = document.createElement("div");
    place.className = "rich__text prose";
    area.after(place);
    this.#editor = new Editor({
      element: place,
      injectCSS: false,
      content: area.value,
      extensions: [
        StarterKit.configure({
          heading: { levels: [2, 3] },
          code: false,
          codeBlock: false,
          strike: false,
          underline: false,
          horizontalRule: false,
          link: { openOnClick: false, defaultProtocol: "https", protocols: ["http", "https", "mailto", "tel"] },
        }),
      ],
      editorProps: { attributes: this.#named(area) },
      onUpdate: () => this.#write(area),
      onTransaction: () => this.#show(),
    });
    area.hidden = true;
    required(this, '[data-part="tools"]', HTMLElement).hidden = false;
    this.addEventListener("click", this.#act);
    this.addEventListener("keydown", this.#enter);
    this.#show();
  }

  disconnectedCallback() {
    this.#editor?.destroy();
  }

  /**
   * What a screen reader calls the text: as the textarea is called.
   * @param {HTMLTextAreaElement} area
   */
  #named(area) {
    const described = area.getAttribute("aria-describedby");
    return {
      role: "textbox",
      "aria-multiline": "true",
      "aria-label": area.labels[0]?.textContent?.trim() ?? "",
      ...(described ? { "aria-describedby": described } : {}),
    };
  }

  /** @param {HTMLTextAreaElement} area */
  #write(area) {
    area.value = this.#editor && !this.#editor.isEmpty ? this.#editor.getHTML() : "";
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** @param {MouseEvent} event */
  #act = ({ target }) => {
    const button = target instanceof Element ? target.closest("[data-act]") : null;
    if (button instanceof HTMLButtonElement) this.#carryOut(button.dataset.act ?? "");
  };

  /** @param {KeyboardEvent} event */
  #enter = (event) => {
    if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault(); // because it would send the form around the editor
    this.#carryOut("link");
  };

  /** @param {string} act */
  #carryOut(act) {
    const chain = this.#editor?.chain().focus();
    if (!chain) return;
    const address = find(this, '[data-part="address"]', HTMLInputElement)?.value.trim() ?? "";
    const acts = new Map([
      ["bold", () => chain.toggleBold()],
      ["italic", () => chain.toggleItalic()],
      ["title", () => chain.toggleHeading({ level: 2 })],
      ["subtitle", () => chain.toggleHeading({ level: 3 })],
      ["list", () => chain.toggleBulletList()],
      ["steps", () => chain.toggleOrderedList()],
      ["quote", () => chain.toggleBlockquote()],
      ["link", () => (address ? chain.setLink({ href: address }) : chain.unsetLink())],
      ["undo", () => chain.undo()],
      ["redo", () => chain.redo()],
    ]);
    acts.get(act)?.().run();
  }

  /** Which of the buttons are on where the caret is. */
  #show() {
    const editor = this.#editor;
    if (!editor) return;
    const on = new Map([
      ["bold", editor.isActive("bold")],
      ["italic", editor.isActive("italic")],
      ["title", editor.isActive("heading", { level: 2 })],
      ["subtitle", editor.isActive("heading", { level: 3 })],
      ["list", editor.isActive("bulletList")],
      ["steps", editor.isActive("orderedList")],
      ["quote", editor.isActive("blockquote")],
      ["link", editor.isActive("link")],
    ]);
    for (const button of findAll(this, "[data-act]", HTMLButtonElement)) {
      const state = on.get(button.dataset.act ?? "");
      if (state !== undefined) button.setAttribute("aria-pressed", String(state));
    }
  }
}

customElements.define("rich-text", RichText);
