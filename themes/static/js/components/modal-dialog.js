/**
 * <modal-dialog>: around a <dialog>. A click on the backdrop closes it; with `open-now` it opens as soon as it is in the page. Buttons with
 * command="show-modal" or "close" and commandfor open and close it in browsers that do not know them yet, too.
 */
import { closest, find } from "../dom.js";

const KNOWS_COMMANDS = "commandForElement" in HTMLButtonElement.prototype;

class ModalDialog extends HTMLElement {
  connectedCallback() {
    const dialog = find(this, "dialog", HTMLDialogElement);
    if (!dialog) return;
    dialog.addEventListener("click", this.#closeByBackdrop);
    if (!KNOWS_COMMANDS) document.addEventListener("click", this.#command);
    if (this.hasAttribute("open-now") && !dialog.open) dialog.showModal();
  }

  disconnectedCallback() {
    document.removeEventListener("click", this.#command);
  }

  /** @param {MouseEvent} event */
  #closeByBackdrop = ({ target, clientX: x, clientY: y }) => {
    if (!(target instanceof HTMLDialogElement) || !target.open) return;
    const box = target.getBoundingClientRect();
    const isInside = x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
    if (!isInside) target.close();
  };

  /** @param {Event} event */
  #command = (event) => {
    const button = closest(event, "button[commandfor]", HTMLButtonElement);
    const dialog = find(this, "dialog", HTMLDialogElement);
    if (!button || !dialog || button.getAttribute("commandfor") !== dialog.id) return;
    const command = button.getAttribute("command");
    if (command === "show-modal" && !dialog.open) dialog.showModal();
    if (command === "close") dialog.close();
  };
}

customElements.define("modal-dialog", ModalDialog);
