/** The buttons of the session and their keys. */
import { closest, findAll } from "../dom.js";

const NO_TEXT = ["button", "checkbox", "color", "file", "image", "radio", "range", "reset", "submit"];

/** @type {Record<string, string>} */
const KEYS = {
  m: "mic",
  v: "camera",
  s: "share",
  c: "toggle-chat",
  p: "toggle-people",
  w: "toggle-work",
  k: "shortcuts",
  h: "hand",
};

export class Controls {
  #page;
  #actions;

  /** @param {HTMLElement} page @param {Record<string, () => void>} actions by the name in data-action */
  constructor(page, actions) {
    this.#page = page;
    this.#actions = actions;
    page.addEventListener("click", this.#clicked);
    document.addEventListener("keydown", this.#keyed); // because mostly nothing in the page has the focus
  }

  /** More of them, by the name in data-action. @param {Record<string, () => void>} actions */
  add(actions) {
    this.#actions = { ...this.#actions, ...actions };
  }

  /** The session is over: nothing is left to press. */
  end() {
    this.#page.removeEventListener("click", this.#clicked);
    document.removeEventListener("keydown", this.#keyed);
  }

  /** Show a switch's state everywhere it is drawn. @param {string} action @param {boolean} isOn @param {string} [label] what a press would do */
  press(action, isOn, label) {
    for (const button of findAll(this.#page, `[data-action="${action}"]`, HTMLButtonElement)) {
      button.setAttribute("aria-pressed", String(isOn));
      if (action === "mic" || action === "camera") button.toggleAttribute("data-off", !isOn);
      if (label) button.setAttribute("aria-label", label);
    }
  }

  /** What this device cannot do is not offered. @param {string} action */
  hide(action) {
    for (const button of findAll(this.#page, `[data-action="${action}"]`, HTMLButtonElement)) button.hidden = true;
  }

  /** @param {Event} event */
  #clicked = (event) => {
    const button = closest(event, "[data-action]", HTMLButtonElement);
    if (!button || button.disabled) return;
    this.#actions[button.dataset.action ?? ""]?.();
    for (const menu of findAll(this.#page, "[popover]:popover-open", HTMLElement)) menu.hidePopover();
  };

  /** With Alt, so that no single letter acts by itself (WCAG 2.1.4). @param {KeyboardEvent} event */
  #keyed = (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.getModifierState("AltGraph")) return;
    if (event.isComposing || isTyping(event)) return; // because with Alt a Mac writes letters
    const action = KEYS[event.code.replace("Key", "").toLowerCase()];
    if (!action) return;
    event.preventDefault();
    this.#actions[action]?.();
  };
}

/** Whether the key goes into a text. @param {KeyboardEvent} event */
function isTyping(event) {
  const [target] = event.composedPath();
  if (target instanceof HTMLInputElement) return !NO_TEXT.includes(target.type);
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLElement && target.isContentEditable)
  );
}
