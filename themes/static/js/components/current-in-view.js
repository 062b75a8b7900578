/** <current-in-view>: a row of tabs or choices that is wider than the screen begins at the one of this page. */
import { find } from "../dom.js";

const PEEK = 48; // pixels of the next one, which show that there are more

class CurrentInView extends HTMLElement {
  connectedCallback() {
    const row = find(this, ":scope > *", HTMLElement);
    const current = this.querySelector("[aria-current]");
    if (!row || !current) return;
    const here = current.getBoundingClientRect();
    const seen = row.getBoundingClientRect();
    if (here.right > seen.right) row.scrollLeft += here.right - seen.right + PEEK;
    else if (here.left < seen.left) row.scrollLeft -= seen.left - here.left + PEEK;
  }
}

customElements.define("current-in-view", CurrentInView);
