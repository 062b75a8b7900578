/* <card-fields>: the payment service's own card fields in our page, in the brand's looks.
 *
 * What is typed goes from the service's frame to the service. This script only mounts the frame, asks it to confirm, and shows what
 * came of it. Attributes: data-kind ("payment" or "setup"), data-key, data-account, data-secret, data-done (where to go afterwards),
 * data-language, and the brand's looks. Parts are marked by data-part: new, mount, error, submit.
 */

const PATIENCE = 15000; // milliseconds to wait for the service's script

class CardFields extends HTMLElement {
  #service;
  #elements;
  #busy = false;

  async connectedCallback() {
    this.addEventListener("change", () => this.#choose());
    this.#part("submit").addEventListener("click", () => this.#submit());
    try {
      await loaded();
      this.#mount();
    } catch {
      this.#fail(this.dataset.failed);
    }
  }

  /** The service's fields, drawn with the brand's colours. */
  #mount() {
    const { key, account, secret, language } = this.dataset;
    this.#service = window.Stripe(key, { stripeAccount: account, locale: language });
    this.#elements = this.#service.elements({ clientSecret: secret, appearance: this.#looks(), locale: language });
    const fields = this.#elements.create("payment", { layout: "tabs", wallets: { link: "never" } });
    fields.on("ready", () => this.#ready());
    fields.on("loaderror", () => this.#fail(this.dataset.failed));
    this.#part("mount").replaceChildren();
    fields.mount(this.#part("mount"));
    if (this.#keptCard()) this.#ready();
  }

  #looks() {
    const { primary, text, surface, danger, radius } = this.dataset;
    const dark =
      getComputedStyle(this).colorScheme.includes("dark") && matchMedia("(prefers-color-scheme: dark)").matches;
    const plain = { colorPrimary: primary, colorDanger: danger, borderRadius: radius };
    return dark
      ? { theme: "night", variables: plain }
      : { theme: "stripe", variables: { ...plain, colorText: text, colorBackground: surface } };
  }

  #ready() {
    this.#part("submit").disabled = false;
  }

  /** Another card was chosen: show or hide the fields. */
  #choose() {
    if (this.querySelector("[name=card]")) this.#part("new").hidden = Boolean(this.#keptCard());
  }

  #keptCard() {
    return this.querySelector("[name=card]:checked")?.value ?? "";
  }

  async #submit() {
    if (this.#busy) return; // because a second click must not pay twice
    this.#wait(true);
    this.#part("error").textContent = "";
    const answer = await this.#confirm().catch(() => ({ error: { message: this.dataset.failed } }));
    if (answer.error) {
      this.#wait(false);
      this.#fail(answer.error.message);
      return;
    }
    const done = new URL(this.dataset.done, window.location.href);
    if (answer.setupIntent) done.searchParams.set("setup_intent", answer.setupIntent.id);
    window.location.assign(done);
  }

  /** Asks the service to finish. A kept card needs no fields; 3-D Secure opens by itself in both cases. */
  async #confirm() {
    const { kind, secret, done } = this.dataset;
    const card = this.#keptCard();
    if (card) return this.#service.confirmCardPayment(secret, { payment_method: card });
    const checked = await this.#elements.submit();
    if (checked.error) return checked;
    const options = {
      elements: this.#elements,
      redirect: "if_required",
      confirmParams: { return_url: new URL(done, window.location.href).href },
    };
    if (kind === "setup") return this.#service.confirmSetup(options);
    const refused = await this.#keep();
    return refused ?? this.#service.confirmPayment(options);
  }

  /** Tells our host whether this card is kept for the next time, before it pays. */
  async #keep() {
    const box = this.querySelector("[name=keep]");
    if (!box || box.checked === Boolean(this.dataset.kept)) return null;
    const body = new URLSearchParams({ keep: box.checked ? "yes" : "no" });
    const headers = { "X-CSRFToken": this.querySelector("[name=csrfmiddlewaretoken]").value };
    const answer = await fetch(window.location.href, { method: "POST", body, headers, credentials: "same-origin" });
    if (!answer.ok) return { error: { message: await answer.text() } };
    this.dataset.kept = box.checked ? "yes" : "";
    await this.#elements.fetchUpdates();
    return null;
  }

  #wait(busy) {
    this.#busy = busy;
    this.setAttribute("aria-busy", String(busy));
    const button = this.#part("submit");
    button.disabled = busy;
    const words = button.querySelector("span") ?? button;
    this.dataset.words ??= words.textContent;
    words.textContent = busy ? this.dataset.busy : this.dataset.words;
  }

  #fail(message) {
    this.#part("error").textContent = message;
  }

  #part(name) {
    return this.querySelector(`[data-part='${name}']`);
  }
}

/** Waits for the service's script, which loads beside this one. */
async function loaded() {
  const until = performance.now() + PATIENCE;
  while (!window.Stripe) {
    if (performance.now() > until) throw new Error("the payment service's script did not load");
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}

customElements.define("card-fields", CardFields);
