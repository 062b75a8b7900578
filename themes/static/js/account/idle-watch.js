/**
 * <idle-watch data-minutes data-warning data-alive data-end>: logs off who does nothing on any page of this organization in this browser.
 *
 * What is done is told to the server now and then (`data-alive`), because typing alone asks nothing of it. A dialog comes `data-warning` seconds before
 * the end. At the end the session is ended (`data-end`), and a form with something typed is sent, which keeps it for after signing in. Never while a
 * live session runs on a page of this browser: that page says so to the others.
 */
import { find } from "../dom.js";
import { csrfToken, postForm } from "../http.js";

const SHARED = "active-at";
const TELL_EVERY_MS = 60_000;
const LOOK_EVERY_MS = 1_000;
const DONE = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart", "input", "focus"];

class IdleWatch extends HTMLElement {
  #timer = 0;
  #told = Date.now();
  #here = Date.now();
  #ending = false;

  connectedCallback() {
    this.#mark();
    for (const kind of DONE) document.addEventListener(kind, this.#mark, { passive: true, capture: true });
    this.#timer = window.setInterval(() => this.#look(), LOOK_EVERY_MS);
    this.addEventListener("click", this.#stay);
  }

  disconnectedCallback() {
    window.clearInterval(this.#timer);
    for (const kind of DONE) document.removeEventListener(kind, this.#mark, { capture: true });
  }

  get #dialog() {
    return find(this, "dialog", HTMLDialogElement);
  }

  #mark = () => {
    if (this.#dialog?.open) return; // because only a decision ends the warning
    this.#here = Date.now();
    write(this.#here);
  };

  /** @param {Event} event */
  #stay = (event) => {
    if (!(event.target instanceof Element) || !event.target.closest("[data-stay]")) return;
    this.#dialog?.close();
    this.#mark();
    this.#tell();
  };

  #look() {
    if (this.#ending) return;
    if (document.querySelector("[data-live-session]")) this.#mark();
    const idle = Date.now() - Math.max(this.#here, read());
    const limit = Number(this.dataset.minutes) * 60_000;
    const warning = Number(this.dataset.warning) * 1_000;
    if (idle >= limit) void this.#end();
    else if (idle >= limit - warning) this.#warn(limit - idle);
    else {
      if (this.#dialog?.open) this.#dialog.close(); // somebody has gone on in another window
      if (idle < TELL_EVERY_MS && Date.now() - this.#told >= TELL_EVERY_MS) this.#tell();
    }
  }

  /** @param {number} left milliseconds */
  #warn(left) {
    const dialog = this.#dialog;
    if (!dialog) return;
    if (!dialog.open) dialog.showModal();
    const seconds = find(this, "[data-seconds]", HTMLElement);
    if (seconds) seconds.textContent = String(Math.max(1, Math.ceil(left / 1000)));
  }

  #tell() {
    this.#told = Date.now();
    postForm(this.dataset.alive ?? "", {}).catch(() => {}); // told again in a minute
  }

  async #end() {
    this.#ending = true;
    await endSession(this.dataset.end ?? "");
    const form = typedForm();
    for (const guard of document.querySelectorAll("unsaved-guard")) guard.setAttribute("off", ""); // because nobody is here to be asked
    if (form) HTMLFormElement.prototype.submit.call(form);
    else window.location.reload();
  }
}

/**
 * Not by `postForm`, which leads whoever is signed out to sign in before what was typed is kept. Where it fails, the server ends the session with
 * the next request.
 * @param {string} address
 */
async function endSession(address) {
  await fetch(address, { method: "POST", headers: { "X-CSRFToken": csrfToken() }, redirect: "manual" }).catch(() => {});
}

/** The form in which something was typed that is not sent yet. */
function typedForm() {
  for (const guard of document.querySelectorAll("unsaved-guard[data-changed]:not([off])")) {
    const form = guard.querySelector("form");
    if (form?.method === "post") return form;
  }
  return null;
}

function read() {
  try {
    return Number(window.localStorage.getItem(SHARED)) || 0;
  } catch {
    return 0; // a browser without a memory watches each page by itself
  }
}

/** @param {number} at */
function write(at) {
  try {
    if (at - read() > LOOK_EVERY_MS) window.localStorage.setItem(SHARED, String(at));
  } catch {
    // as above
  }
}

customElements.define("idle-watch", IdleWatch);
