/**
 * <card-fields>: the payment service's own card fields in our page, in the brand's looks.
 *
 * What is typed goes from the service's frame to the service. This script only mounts the frame, asks it to confirm, and shows what
 * came of it. Attributes: data-kind ("payment" or "setup"), data-key, data-account, data-secret, data-done (where to go afterwards),
 * data-language, and the brand's looks. Parts are marked by data-part: new, mount, error, sentences (what to say for each code), submit.
 */
import { find, required } from "../dom.js";
import { sentenceOf } from "../error-sentences.js";
import { HttpError, postForm } from "../http.js";

const PATIENCE_MS = 15000; // for the service's script
const LOOK_EVERY_MS = 50;

class CardFields extends HTMLElement {
  /** @type {import('stripe').Stripe | undefined} */
  #service;
  /** @type {import('stripe').Elements | undefined} */
  #elements;
  #isBusy = false;
  #submitWords = "";

  async connectedCallback() {
    this.addEventListener("change", () => this.#choose());
    this.#part("submit").addEventListener("click", () => this.#submit());
    try {
      this.#mount(await loaded());
    } catch {
      this.#fail(this.dataset.failed);
    }
  }

  /** The service's fields, drawn with the brand's colours. @param {import('stripe').Factory} stripe */
  #mount(stripe) {
    const { key = "", account, secret, language } = this.dataset;
    this.#service = stripe(key, { stripeAccount: account, locale: language });
    this.#elements = this.#service.elements({ clientSecret: secret, appearance: this.#looks(), locale: language });
    const fields = this.#elements.create("payment", { layout: "tabs", wallets: { link: "never" } });
    fields.on("ready", () => this.#ready());
    fields.on("loaderror", () => this.#fail(this.dataset.failed));
    this.#part("mount").replaceChildren();
    fields.mount(this.#part("mount"));
    if (this.#savedCard()) this.#ready();
  }

  #looks() {
    const { primary, text, surface, danger, radius } = this.dataset;
    const isDark =
      getComputedStyle(this).colorScheme.includes("dark") && matchMedia("(prefers-color-scheme: dark)").matches;
    const plain = { colorPrimary: primary, colorDanger: danger, borderRadius: radius };
    return isDark
      ? { theme: "night", variables: plain }
      : { theme: "stripe", variables: { ...plain, colorText: text, colorBackground: surface } };
  }

  #ready() {
    this.#submitButton.disabled = false;
  }

  /** Another card was chosen: show or hide the fields. */
  #choose() {
    if (this.querySelector("[name=card]")) this.#part("new").hidden = Boolean(this.#savedCard());
  }

  #savedCard() {
    return find(this, "[name=card]:checked", HTMLInputElement)?.value ?? "";
  }

  async #submit() {
    if (this.#isBusy) return; // because a second click must not pay twice
    this.#wait(true);
    this.#part("error").textContent = "";
    const result = await this.#confirm().catch((error) => this.#failure(error));
    if (result.error) {
      this.#wait(false);
      this.#fail(this.#sentenceFor(result.error));
      return;
    }
    const done = this.#done;
    if (result.setupIntent) done.searchParams.set("setup_intent", result.setupIntent.id);
    window.location.assign(done);
  }

  /**
   * Asks the service to finish. A saved card needs no fields; 3-D Secure opens by itself in both cases.
   * @returns {Promise<import('stripe').Result>}
   */
  async #confirm() {
    const { kind, secret = "" } = this.dataset;
    if (!this.#service || !this.#elements) throw new Error("the card fields are not there yet");
    const card = this.#savedCard();
    if (card) {
      await this.#prepare(false);
      return this.#service.confirmCardPayment(secret, { payment_method: card });
    }
    const checked = await this.#elements.submit();
    if (checked.error) return checked;
    const options = {
      elements: this.#elements,
      redirect: /** @type {const} */ ("if_required"),
      confirmParams: { return_url: this.#done.href },
    };
    if (kind === "setup") return this.#service.confirmSetup(options);
    if (await this.#prepare(find(this, "[name=save]", HTMLInputElement)?.checked ?? false))
      await this.#elements.fetchUpdates();
    return this.#service.confirmPayment(options);
  }

  /** @param {unknown} error @returns {import('stripe').Result} */
  #failure(error) {
    return { error: { sentence: error instanceof HttpError ? sentenceOf(error) : this.dataset.failed } };
  }

  /**
   * Lets our host look once more whether this is what is due, and tells it whether the card is saved for the next time, before it pays.
   * @param {boolean} saves
   * @returns {Promise<boolean>} whether that changed the payment at the service
   */
  async #prepare(saves) {
    await postForm(window.location.href, { save: saves ? "yes" : "no" });
    const isChanged = saves !== Boolean(this.dataset.saved);
    this.dataset.saved = saves ? "yes" : "";
    return isChanged;
  }

  /** Ours for what the service names by a code: its own words are a developer's. @param {import('stripe').Failure} error */
  #sentenceFor({ sentence, decline_code = "", code = "", type = "" }) {
    if (sentence) return sentence;
    const said = JSON.parse(this.#part("sentences").textContent ?? "{}");
    return said[decline_code] ?? said[code] ?? said[type] ?? this.dataset.failed;
  }

  /** @param {boolean} isBusy */
  #wait(isBusy) {
    this.#isBusy = isBusy;
    this.setAttribute("aria-busy", String(isBusy));
    const button = this.#submitButton;
    button.disabled = isBusy;
    const words = button.querySelector("span") ?? button;
    this.#submitWords ||= words.textContent ?? "";
    words.textContent = isBusy ? (this.dataset.busy ?? "") : this.#submitWords;
  }

  /** @param {string | undefined} message */
  #fail(message) {
    this.#part("error").textContent = message ?? "";
  }

  get #done() {
    return new URL(this.dataset.done ?? "", window.location.href);
  }

  get #submitButton() {
    return required(this, "[data-part='submit']", HTMLButtonElement);
  }

  /** @param {string} name */
  #part(name) {
    return required(this, `[data-part='${name}']`, HTMLElement);
  }
}

/** Waits for the service's script, which loads beside this one. @returns {Promise<import('stripe').Factory>} */
async function loaded() {
  const until = performance.now() + PATIENCE_MS;
  while (!window.Stripe) {
    if (performance.now() > until) throw new Error("the payment service's script did not load");
    await new Promise((resolve) => {
      setTimeout(resolve, LOOK_EVERY_MS);
    });
  }
  return window.Stripe;
}

customElements.define("card-fields", CardFields);
