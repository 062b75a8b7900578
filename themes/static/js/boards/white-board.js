/** <white-board>: a board by its attributes: data-socket, data-pictures, data-look (JSON: colours, notes, paper, lines, mark). */
import { mount } from "./board.js";

export class WhiteBoard extends HTMLElement {
  /** @type {import("./board.js").Board | null} */
  board = null;

  connectedCallback() {
    const { socket = "", pictures = "", look = "{}" } = this.dataset;
    this.board = mount(this, { socket, pictures, ...JSON.parse(look) });
  }

  disconnectedCallback() {
    this.board?.close();
    this.board = null;
  }
}

customElements.define("white-board", WhiteBoard);
