import { HttpError, getJson, postForm } from "../http.js";
import { sentenceOf } from "../error-sentences.js";
import { showToast } from "../components/toast-region.js";
import { CardTable } from "./card-table.js";

/** <own-table data-url data-files>: a table of one's own; the server plays, and other windows of the same person see the same. */
class OwnTable extends HTMLElement {
  #life = new AbortController();
  /** @type {CardTable | null} */
  #table = null;
  #isMoving = false;

  connectedCallback() {
    const { files = "" } = this.dataset;
    this.#table = new CardTable({
      me: () => "me",
      leads: () => true,
      people: () => [],
      move: (act, value, seen) => void this.#move(act, value, seen),
      alone: true,
      files,
      signal: this.#life.signal,
    });
    this.append(this.#table.element);
    void this.#ask(() => getJson(this.#url));
    document.addEventListener("visibilitychange", this.#back);
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.#back);
    this.#life.abort();
  }

  get #url() {
    return this.dataset.url ?? "";
  }

  /** Another window may have played meanwhile. */
  #back = () => {
    if (!document.hidden) void this.#ask(() => getJson(this.#url));
  };

  /** @param {string} act @param {unknown} value @param {number} seen */
  async #move(act, value, seen) {
    if (this.#isMoving) return; // the answer is on its way
    this.#isMoving = true;
    await this.#ask(() => postForm(this.#url, { act, value: JSON.stringify(value), seen: String(seen) }));
    this.#isMoving = false;
  }

  /** @param {() => Promise<any>} call */
  async #ask(call) {
    try {
      this.#table?.told(await call());
    } catch (error) {
      if (!this.#life.signal.aborted && !(error instanceof HttpError && error.code === "signed-out"))
        showToast(sentenceOf(error), "danger");
    }
  }
}

customElements.define("own-table", OwnTable);
