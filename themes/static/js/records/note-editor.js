/**
 * <note-editor>: sends the form inside it a moment after something was typed, and says whether it is saved. What somebody has written meanwhile,
 * in another tab as well, stops it until the person has chosen whose text stands there; the other one is kept among the versions. A broken line
 * is tried again, and whoever leaves before everything is saved is asked. Nothing is kept in the browser, because others may use it.
 *
 * Fires `text-set-aside` (bubbles, cancelable) when the person's own text was kept among the versions; without an objection the page goes there.
 */
import { errorOf, errorWithoutAnswer } from "../http.js";
import { required } from "../dom.js";
import { text } from "../texts.js";

const PAUSE_MS = 2000; // after the first letter that is not saved
const AGAIN_MS = 4000;
const TIMEOUT_MS = 30_000;
const KEPT_ALIVE_BYTES = 60_000; // browsers let 64 kB outlive a page

export class NoteEditor extends HTMLElement {
  /** @type {number | undefined} */
  #timer;
  #changes = 0; // counted, so that what was typed while a request was under way is known
  #saved = 0;
  /** @type {Promise<void> | null} */
  #sending = null;
  #offered = ""; // the version with which the words are sent once the person has chosen
  #isStopped = false;

  connectedCallback() {
    this.addEventListener("input", this.#typed);
    this.addEventListener("submit", this.#submitted);
    required(this, '[data-act="again"]', HTMLButtonElement).addEventListener("click", this.#again);
    required(this, '[data-act="aside"]', HTMLButtonElement).addEventListener("click", this.#aside);
    required(this, '[data-part="state"]', HTMLElement).hidden = false;
    window.addEventListener("beforeunload", this.#ask);
    window.addEventListener("pagehide", this.#leave);
    document.addEventListener("visibilitychange", this.#leave);
  }

  disconnectedCallback() {
    window.clearTimeout(this.#timer);
    window.removeEventListener("beforeunload", this.#ask);
    window.removeEventListener("pagehide", this.#leave);
    document.removeEventListener("visibilitychange", this.#leave);
    if (this.#isDirty) this.#send();
  }

  get #isDirty() {
    return this.#changes > this.#saved;
  }

  /** @param {Event} event */
  #typed = (event) => {
    if (event.target instanceof HTMLInputElement && !event.target.name) return; // the address of a link is no part of the text
    this.#changes += 1;
    if (this.#isStopped) return;
    this.#say("saving");
    this.#later(PAUSE_MS);
  };

  #submitted = () => {
    window.clearTimeout(this.#timer);
    this.#isStopped = true;
    this.#saved = this.#changes;
  };

  /** Sends what is not saved yet. @returns {Promise<boolean>} whether everything is */
  async settled() {
    await this.#sending;
    if (this.#isDirty) await this.#send();
    return !this.#isDirty;
  }

  #again = () => {
    this.#version = this.#offered;
    this.#isStopped = false;
    this.#problem("");
    this.#send();
  };

  #aside = async () => {
    const sent = this.#changes;
    try {
      const answer = await this.#post({ aside: "1", form_version: this.#offered });
      this.#saved = sent;
      if (this.dispatchEvent(new CustomEvent("text-set-aside", { bubbles: true, cancelable: true })))
        location.assign(answer.url);
    } catch (cause) {
      const error = /** @type {import("../http.js").HttpError} */ (cause);
      this.#refused(error);
      if (error.status === 409) return;
      this.#isStopped = true; // because the choice is still to be made
      required(this, '[data-part="choice"]', HTMLElement).hidden = false;
    }
  };

  /** @param {BeforeUnloadEvent} event */
  #ask = (event) => {
    if (this.#isDirty) event.preventDefault();
  };

  #leave = () => {
    if (document.visibilityState === "hidden" && this.#isDirty && !this.#isStopped) this.#send();
  };

  /** @param {number} pause */
  #later(pause) {
    if (this.#timer !== undefined || this.#sending) return;
    this.#timer = window.setTimeout(() => this.#send(), pause);
  }

  async #send() {
    window.clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#sending || this.#isStopped) return;
    this.#sending = this.#sendNow();
    await this.#sending;
    this.#sending = null;
    if (this.#isDirty && !this.#isStopped) this.#later(this.#hasProblem ? AGAIN_MS : PAUSE_MS);
  }

  async #sendNow() {
    const sent = this.#changes;
    try {
      const answer = await this.#post();
      this.#saved = sent;
      this.#version = answer.version;
      this.#problem("");
      this.#say(this.#isDirty ? "saving" : "saved");
    } catch (error) {
      this.#refused(/** @type {import("../http.js").HttpError} */ (error));
    }
  }

  /** @param {Record<string, string>} [more]  @returns {Promise<{version: string, url: string}>} */
  async #post(more = {}) {
    const fields = new FormData(required(this, "form", HTMLFormElement));
    fields.delete("form_key"); // because it stands for one sending, and this one is repeated with other words
    for (const [name, value] of Object.entries({ autosave: "1", ...more })) fields.set(name, value);
    const body = new URLSearchParams(/** @type {any} */ (fields));
    let response;
    try {
      response = await fetch(this.dataset.url ?? location.href, {
        method: "POST",
        body,
        headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
        signal: AbortSignal.timeout(TIMEOUT_MS),
        keepalive: String(body).length < KEPT_ALIVE_BYTES, // encoded, each letter is a byte
      });
      if (response.ok && !response.redirected) return await response.json();
    } catch (error) {
      throw errorWithoutAnswer(error);
    }
    throw await errorOf(response);
  }

  /** @param {import("../http.js").HttpError} error */
  #refused(error) {
    const hasMovedOn = error.status === 409 && error.content !== null;
    this.#isStopped = hasMovedOn || error.code === "signed-out";
    if (hasMovedOn && error.content.version) this.#offered = error.content.version;
    const known = ["offline", "timeout", "unavailable"].includes(error.code) ? "offline" : "failed";
    const said = error.status === 422 || hasMovedOn ? error.message : "";
    this.#problem(
      said || text(error.code === "signed-out" ? "signed-out" : known, this),
      hasMovedOn && !error.content.is_signed,
    );
    this.#say("");
  }

  /** @param {string} signed */
  set #version(signed) {
    const field = this.querySelector('[name="form_version"]');
    if (field instanceof HTMLInputElement) field.value = signed;
  }

  /** @param {string} name of a sentence; empty: nothing */
  #say(name) {
    required(this, '[data-part="said"]', HTMLElement).textContent = name ? text(name, this) : "";
  }

  get #hasProblem() {
    return !required(this, '[data-part="problem"]', HTMLElement).hidden;
  }

  /** @param {string} said  @param {boolean} [hasChoice] */
  #problem(said, hasChoice = false) {
    const box = required(this, '[data-part="problem"]', HTMLElement);
    const why = required(this, '[data-part="why"]', HTMLElement);
    if (why.textContent !== said) why.textContent = said;
    required(this, '[data-part="choice"]', HTMLElement).hidden = !hasChoice;
    box.hidden = !said;
  }
}

customElements.define("note-editor", NoteEditor);
