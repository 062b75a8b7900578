/** <arrow-grid>: arrow keys lead from one link of a table to the next in that direction. Without it, Tab does. */
import { findAll } from "../dom.js";

/** @type {Record<string, [number, number]>} */
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

class ArrowGrid extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", this.#pressed);
  }

  /** @param {KeyboardEvent} event */
  #pressed = (event) => {
    const step = STEPS[event.key];
    const cell = event.target instanceof Element ? event.target.closest("td") : null;
    if (!step || !cell || event.altKey || event.ctrlKey || event.metaKey) return;
    const rows = findAll(this, "tbody tr", HTMLTableRowElement);
    let row = rows.findIndex((each) => each.contains(cell));
    let column = cell.cellIndex;
    for (;;) {
      row += step[0];
      column += step[1];
      const next = rows[row]?.cells[column];
      if (!next) return;
      const link = next.querySelector("a");
      if (!link || !link.checkVisibility()) continue;
      event.preventDefault();
      link.focus();
      return;
    }
  };
}

customElements.define("arrow-grid", ArrowGrid);
