/**
 * <popup-menu>: a button with popovertarget and the panel it opens. The browser opens and closes it; this adds the arrow
 * keys, and places the panel where the browser cannot anchor it.
 */
const ANCHORS = CSS.supports("position-area", "block-end");
const GAP = 6;

class PopupMenu extends HTMLElement {
  connectedCallback() {
    const panel = this.#panel;
    panel?.addEventListener("toggle", this.#toggled);
    this.addEventListener("keydown", this.#keyed);
  }

  /** @returns {HTMLElement | null} */
  get #panel() {
    return this.querySelector("[popover]");
  }

  /** @returns {HTMLElement | null} */
  get #button() {
    return this.querySelector("[popovertarget]");
  }

  /** @returns {HTMLElement[]} */
  get #items() {
    const items = /** @type {NodeListOf<HTMLElement>} */ (
      this.querySelectorAll("[popover] :is(a[href], button:not(:disabled))")
    );
    return [...items].filter((item) => item.checkVisibility());
  }

  /** @param {Event} event */
  #toggled = (event) => {
    const open = /** @type {ToggleEvent} */ (event).newState === "open";
    this.#button?.setAttribute("aria-expanded", String(open));
    if (open && !ANCHORS) this.#place();
  };

  /** @param {KeyboardEvent} event */
  #keyed = (event) => {
    const open = this.#panel?.matches(":popover-open");
    if (event.key === "ArrowDown" && !open) this.#panel?.showPopover();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined && event.key !== "Home" && event.key !== "End") return;
    const items = this.#items;
    if (!items.length) return;
    event.preventDefault();
    const here = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const next = event.key === "Home" ? 0 : event.key === "End" ? -1 : here < 0 && step === 1 ? 0 : here + (step ?? 0);
    items.at(next % items.length)?.focus();
  };

  #place() {
    const panel = this.#panel;
    const button = this.#button?.getBoundingClientRect();
    if (!panel || !button) return;
    const box = panel.getBoundingClientRect();
    const below = button.bottom + GAP + box.height <= window.innerHeight;
    panel.style.insetBlockStart = `${Math.max(GAP, below ? button.bottom + GAP : button.top - box.height - GAP)}px`;
    const end = getComputedStyle(this).direction === "rtl" ? window.innerWidth - button.left : button.right;
    panel.style.insetInlineStart = `${Math.min(Math.max(GAP, end - box.width), window.innerWidth - box.width - GAP)}px`;
    panel.style.margin = "0";
  }
}

customElements.define("popup-menu", PopupMenu);
