/** What htmx asks for goes wrong like any other request: a sentence, or the way to sign in. Never a page of errors inside a page. */
import { asksToSignIn, errorOf, errorWithoutAnswer, signIn } from "./http.js";

const FORM_WITH_ERRORS = 422; // is drawn like any answer

/**
 * @typedef {{response?: {raw: Response, status: number}}} Context  of htmx
 */

export class HtmxErrors {
  #told;

  /** @param {(error: import('./http.js').HttpError) => void} told whenever something went wrong */
  constructor(told) {
    this.#told = told;
  }

  listen() {
    document.addEventListener("htmx:before:response", this.#answered);
    document.addEventListener("htmx:error", this.#unanswered);
  }

  ignore() {
    document.removeEventListener("htmx:before:response", this.#answered);
    document.removeEventListener("htmx:error", this.#unanswered);
  }

  /** @param {Event} event */
  #answered = async (event) => {
    const response = context(event).response?.raw;
    if (!response) return;
    const isSignIn = asksToSignIn(response);
    if (!isSignIn && (response.status < 400 || response.status === FORM_WITH_ERRORS)) return;
    event.preventDefault(); // because nothing of it belongs where the answer was to go
    if (isSignIn) signIn();
    this.#told(await errorOf(response));
  };

  /** @param {Event} event */
  #unanswered = (event) => {
    if (context(event).response) return; // because a script inside an answer failed; the console says so
    this.#told(errorWithoutAnswer(/** @type {CustomEvent} */ (event).detail.error));
  };
}

/** @param {Event} event @returns {Context} */
function context(event) {
  return /** @type {CustomEvent} */ (event).detail.ctx ?? {};
}
