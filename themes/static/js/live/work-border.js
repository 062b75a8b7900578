/**
 * <work-border>: the border between the work area and the pictures, pulled by mouse, finger or arrow keys (WAI-ARIA's separator). A double
 * click, or Enter, puts it back. Event `share` {share}: how much the work area takes, in percent.
 */
const LEAST = 10;
const MOST = 90;
const STEP = 2;
const LEAP = 10;

export class WorkBorder extends HTMLElement {
  #share = 0;
  usual = 50; // to which it is put back

  connectedCallback() {
    this.addEventListener("pointerdown", this.#grabbed);
    this.addEventListener("keydown", this.#keyed);
    this.addEventListener("dblclick", () => this.#become(this.usual));
  }

  /** Whether the areas lie one above the other. */
  get isLying() {
    return this.ariaOrientation === "horizontal";
  }

  set isLying(isLying) {
    this.setAttribute("aria-orientation", isLying ? "horizontal" : "vertical");
  }

  get share() {
    return this.#share;
  }

  set share(share) {
    this.#share = Math.min(MOST, Math.max(LEAST, share));
    this.setAttribute("aria-valuenow", String(Math.round(this.#share)));
  }

  /** @param {number} share in percent */
  #become(share) {
    this.share = share;
    this.dispatchEvent(new CustomEvent("share", { detail: { share: this.#share } }));
  }

  /** @param {PointerEvent} event */
  #grabbed = (event) => {
    if (event.button !== 0) return;
    this.setPointerCapture(event.pointerId);
    this.toggleAttribute("data-pulled", true);
    const life = new AbortController();
    const { signal } = life;
    const end = () => {
      life.abort();
      this.removeAttribute("data-pulled");
    };
    this.addEventListener("pointermove", (moved) => this.#pulled(moved), { signal });
    this.addEventListener("pointerup", end, { signal });
    this.addEventListener("pointercancel", end, { signal });
  };

  /** @param {PointerEvent} event */
  #pulled({ clientX, clientY }) {
    const box = this.parentElement?.getBoundingClientRect();
    if (!box) return;
    const along = this.isLying ? (clientY - box.top) / box.height : (clientX - box.left) / box.width;
    this.#become(100 * (!this.isLying && this.#isMirrored ? 1 - along : along));
  }

  /** @param {KeyboardEvent} event */
  #keyed = (event) => {
    const step = event.shiftKey ? LEAP : STEP;
    const onward = this.#isMirrored ? -step : step;
    /** @type {Record<string, number>} */
    const shares = {
      ...(this.isLying
        ? { ArrowUp: this.#share - step, ArrowDown: this.#share + step }
        : { ArrowLeft: this.#share - onward, ArrowRight: this.#share + onward }),
      PageUp: this.#share + LEAP,
      PageDown: this.#share - LEAP,
      Home: LEAST,
      End: MOST,
      Enter: this.usual,
    };
    if (event.altKey || event.ctrlKey || event.metaKey || shares[event.key] === undefined) return;
    event.preventDefault();
    this.#become(shares[event.key]);
  };

  get #isMirrored() {
    return getComputedStyle(this).direction === "rtl";
  }
}

customElements.define("work-border", WorkBorder);
