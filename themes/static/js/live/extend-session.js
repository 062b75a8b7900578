/**
 * <extend-session data-form="…">: the host's dialog for letting the session take longer. It shows the form of the appointment's page and sends it without
 * leaving the room; what is refused comes back as the form with its errors. Everybody hears of it by the socket. Event `trouble`: a sentence.
 */
import { fragmentOf } from "../dom.js";
import { sentenceOf } from "../error-sentences.js";
import { loadPart, postPart } from "../http.js";

export class ExtendSession extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", this.#sent);
  }

  /** Fetched at each opening, because what comes next and what it costs may have changed. Where it does not come, what is shown stays. */
  async open() {
    try {
      this.#show(await loadPart(this.dataset.form ?? ""));
    } catch (error) {
      this.#complain(error);
    }
  }

  /** @param {string} part */
  #show(part) {
    this.replaceChildren(fragmentOf(part));
  }

  /** @param {SubmitEvent} event */
  #sent = async (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.method === "dialog") return;
    event.preventDefault();
    const fields = new FormData(form, event.submitter);
    try {
      this.#show(await postPart(form.getAttribute("action") ?? "", fields));
    } catch (error) {
      this.replaceChildren();
      this.#complain(error);
    }
  };

  /** @param {unknown} error */
  #complain(error) {
    this.dispatchEvent(new CustomEvent("trouble", { detail: { sentence: sentenceOf(error) } }));
  }
}

customElements.define("extend-session", ExtendSession);
