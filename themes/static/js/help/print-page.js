/** <print-page>: its button prints the page. Hidden without the script, because browsers have a command of their own. */
import { required } from "../dom.js";

class PrintPage extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    required(this, "button", HTMLButtonElement).addEventListener("click", () => window.print());
  }
}

customElements.define("print-page", PrintPage);
