/**
 * One tab of the work area: its button, its panel, and the module that fills it when it is first looked at. It stays as it is while another
 * tab is in front.
 *
 * @typedef {{mount: (element: HTMLElement, context: import('./tab-context.js').TabContext) => unknown,
 *            unmount?: (element: HTMLElement) => unknown}} TabModule
 */
import { copyOf, find, required } from "../dom.js";
import { text } from "../texts.js";

export class WorkTab {
  /** @type {TabModule | null} */
  #module = null;
  #isLoading = false;
  /** @type {Map<'follow' | 'video' | 'showing' | 'files', object>} the latest of each, for a module that is still to be loaded */
  #latest = new Map();
  #hasEnded = false;
  /** @type {HTMLFormElement | null} what was sent before the module was there */
  #early = null;

  /**
   * @param {HTMLButtonElement} button @param {HTMLElement} panel @param {import('./tab-context.js').TabContext} context
   * @param {{module?: string, isPrivate?: boolean}} options the module's address
   */
  constructor(button, panel, context, { module = "", isPrivate = false } = {}) {
    this.button = button;
    this.panel = panel;
    this.context = context;
    this.address = module;
    this.isPrivate = isPrivate;
    panel.addEventListener("submit", (event) => this.#sent(event), { capture: true });
  }

  get name() {
    return this.context.name;
  }

  get isShown() {
    return this.context.isShown;
  }

  /** Come to the front, or go behind. @param {boolean} isShown */
  show(isShown) {
    this.button.setAttribute("aria-selected", String(isShown));
    this.button.tabIndex = isShown ? 0 : -1;
    this.panel.hidden = !isShown;
    if (isShown) {
      this.#dot.hidden = true;
      void this.#fill();
    }
    if (this.context.isShown === isShown) return;
    this.context.isShown = isShown;
    this.context.tell("shown", { isShown });
  }

  /** Something that the module has to know as soon as it is there. @param {'follow' | 'video' | 'showing' | 'files'} name @param {object} detail */
  tell(name, detail) {
    this.#latest.set(name, detail);
    if (this.#module) this.context.tell(name, detail);
  }

  /** Something in it is new. */
  notify() {
    this.#dot.hidden = this.isShown;
  }

  /** What only its reader may see is not shown on a shared screen by accident. @param {boolean} isCovered */
  cover(isCovered) {
    find(this.panel, ".work__curtain", HTMLElement)?.remove();
    this.panel.toggleAttribute("data-covered", isCovered);
    if (!isCovered) return;
    const curtain = copyOf("work-curtain");
    required(curtain, "button", HTMLButtonElement).addEventListener("click", () => this.cover(false));
    this.panel.append(curtain);
  }

  /** The session is over. */
  end() {
    this.#hasEnded = true;
    this.#module?.unmount?.(this.#body);
    this.#module = null;
    this.context.end();
  }

  /** A form is the module's to send: before it is there, the form would load the page anew, out of the session. @param {SubmitEvent} event */
  #sent(event) {
    if (!this.address || this.#module) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.target instanceof HTMLFormElement) this.#early = event.target;
    void this.#fill();
  }

  async #fill() {
    if (!this.address || this.#module || this.#isLoading || this.#hasEnded) return;
    this.#isLoading = true;
    this.panel.setAttribute("aria-busy", "true");
    try {
      const module = /** @type {TabModule} */ (await import(this.address));
      if (this.#hasEnded) return;
      await module.mount(this.#body, this.context);
      this.#module = module;
      for (const [name, detail] of this.#latest) this.context.tell(name, detail);
      this.#early?.requestSubmit();
      this.#early = null;
    } catch (error) {
      this.context.say(text("tab-failed"), "warning"); // it is tried again when the tab is next looked at
      console.error(error);
    } finally {
      this.#isLoading = false;
      this.panel.removeAttribute("aria-busy");
    }
  }

  get #body() {
    return required(this.panel, ".work__body", HTMLElement);
  }

  get #dot() {
    return required(this.button, ".work__dot", HTMLElement);
  }
}
