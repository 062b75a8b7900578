/**
 * <install-app>: a way to have the organization among the apps of the device, where the browser offers it. Shown when it does and never by
 * itself: a button, or on an iPhone and iPad the words about how it is done there.
 */

/** @typedef {Event & {prompt(): Promise<unknown>}} Offer  Chromium only: https://wicg.github.io/manifest-incubations */

class InstallApp extends HTMLElement {
  /** @type {Offer | null} */
  #offer = null;

  connectedCallback() {
    window.addEventListener("beforeinstallprompt", this.#offered);
    window.addEventListener("appinstalled", this.#withdraw);
    this.querySelector("button")?.addEventListener("click", this.#install);
    // Only these browsers say whether they stand alone, and none of them offers it by an event.
    if ("standalone" in navigator && !navigator.standalone) this.#show("p");
  }

  disconnectedCallback() {
    window.removeEventListener("beforeinstallprompt", this.#offered);
    window.removeEventListener("appinstalled", this.#withdraw);
  }

  /** @param {Event} event */
  #offered = (event) => {
    event.preventDefault(); // because the browser would offer it by a bar over the page
    this.#offer = /** @type {Offer} */ (event);
    this.#show("button");
  };

  #install = async () => {
    const offer = this.#offer;
    this.#withdraw(); // because each offer can be taken once
    await offer?.prompt();
  };

  #withdraw = () => {
    this.#offer = null;
    this.hidden = true;
  };

  /** @param {"button" | "p"} what */
  #show(what) {
    this.hidden = false;
    for (const tag of ["button", "p"]) this.querySelector(tag)?.toggleAttribute("hidden", tag !== what);
  }
}

customElements.define("install-app", InstallApp);
