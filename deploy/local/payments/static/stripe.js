/* A stand-in for Stripe.js: the same calls, answered by the payment sandbox that serves this file.
 * Card fields live in an iframe of the sandbox; the page around them never sees a card number, and gets no inline
 * style: frames are sized by attributes, and the challenge's dialog is styled inside a shadow root. */
(() => {
  "use strict";

  const origin = new URL(document.currentScript.src).origin;
  const listeners = new Map(); // frame id -> {frame, hear}
  const NAMES = { payment_intent: "paymentIntent", setup_intent: "setupIntent" };
  const FRAME_TITLES = { payment: "Secure payment input frame", card: "Secure card payment input frame" };
  let counter = 0;

  window.addEventListener("message", (message) => {
    if (message.origin !== origin) return;
    const listener = listeners.get(message.data?.standIn);
    if (listener && message.source === listener.frame.contentWindow) listener.hear(message.data);
  });

  function openFrame(path, query, title, hear) {
    const id = `stand-in-${++counter}`;
    const frame = document.createElement("iframe");
    const search = new URLSearchParams({ ...query, id, host: window.location.origin });
    const attributes = {
      src: `${origin}${path}?${search}`,
      title,
      name: id,
      width: "100%",
      frameborder: "0",
      scrolling: "no",
    };
    for (const [name, value] of Object.entries(attributes)) frame.setAttribute(name, value);
    frame.className = "stand-in";
    listeners.set(id, { frame, hear });
    return {
      frame,
      tell: (words) => frame.contentWindow?.postMessage({ standIn: id, ...words }, origin),
      close: () => {
        listeners.delete(id);
        frame.remove();
      },
    };
  }

  /** The card fields, mounted somewhere in the page. */
  class Element {
    #elements;
    #options;
    #frame = null;
    #handlers = new Map();
    #questions = new Map();
    #ready;
    #mounted = null;

    constructor(elements, kind, options) {
      [this._kind, this.#elements, this.#options] = [kind, elements, options];
    }

    mount(where) {
      const node = typeof where === "string" ? document.querySelector(where) : where;
      if (!node)
        throw new Error(
          `The selector you specified (${where}) applies to no DOM elements that are currently on the page.`,
        );
      this.unmount();
      const query = { kind: this._kind, locale: this.#elements.locale };
      this.#frame = openFrame("/v3/frame", query, FRAME_TITLES[this._kind], (said) => this.#hear(said));
      this.#frame.frame.setAttribute("height", "190");
      this.#ready = new Promise((resolve) => this.once("ready", resolve));
      node.classList.add("StripeElement");
      node.replaceChildren(this.#frame.frame);
      this.#mounted = node;
      return this;
    }

    unmount() {
      this.#frame?.close();
      this.#frame = null;
      this.#mounted?.classList.remove(
        "StripeElement",
        "StripeElement--focus",
        "StripeElement--complete",
        "StripeElement--invalid",
      );
      return this;
    }

    destroy() {
      this.unmount();
      this.#elements.forget(this);
    }
    on(event, handler) {
      this.#handlers.set(event, [...(this.#handlers.get(event) ?? []), handler]);
      return this;
    }
    once(event, handler) {
      const only = (said) => {
        this.off(event, only);
        handler(said);
      };
      return this.on(event, only);
    }
    off(event, handler) {
      this.#handlers.set(event, handler ? (this.#handlers.get(event) ?? []).filter((one) => one !== handler) : []);
      return this;
    }
    update(options) {
      this.#options = { ...this.#options, ...options };
      return this;
    }
    focus() {
      this.#frame?.tell({ ask: "focus" });
    }
    blur() {
      this.#frame?.tell({ ask: "blur" });
    }
    clear() {
      this.#frame?.tell({ ask: "clear" });
    }
    show() {
      this.#frame?.tell({ ask: "appearance", appearance: this.#elements.appearance });
    }

    /** Asks the frame to do something with the card; the answer is `{result}` or `{error}`. */
    async ask(what, words = {}) {
      if (!this.#frame) throw new Error("This Element is not mounted, so it cannot be used to confirm.");
      await this.#ready;
      const number = ++counter;
      const answer = new Promise((resolve) => this.#questions.set(number, resolve));
      this.#frame.tell({ ask: what, number, defaults: this.#options?.defaultValues?.billingDetails, ...words });
      return answer;
    }

    #hear(said) {
      if (said.answer) {
        this.#questions.get(said.answer)?.({ result: said.result, error: said.error });
        this.#questions.delete(said.answer);
        return;
      }
      if (said.event === "loaded") {
        this.show();
        return;
      }
      if (said.event === "resize") {
        this.#frame.frame.setAttribute("height", String(said.height));
        return;
      }
      this.#mark(said);
      for (const handler of this.#handlers.get(said.event) ?? []) handler({ ...said.detail, elementType: this._kind });
    }

    #mark({ event, detail }) {
      const marks = this.#mounted.classList;
      if (event === "focus" || event === "blur") marks.toggle("StripeElement--focus", event === "focus");
      if (event !== "change") return;
      marks.toggle("StripeElement--complete", detail.complete);
      marks.toggle("StripeElement--invalid", Boolean(detail.error));
    }
  }

  /** A group of elements around one intent. */
  class Elements {
    #made = [];
    constructor(options = {}) {
      this.secret = options.clientSecret ?? null;
      this.appearance = options.appearance ?? {};
      this.locale =
        options.locale && options.locale !== "auto" ? options.locale : document.documentElement.lang || "en";
    }
    create(kind, options = {}) {
      if (!(kind in FRAME_TITLES))
        throw new Error(`The sandbox's stand-in knows the elements "payment" and "card", not "${kind}".`);
      if (this.getElement(kind)) throw new Error(`Can only create one Element of type ${kind} through elements().`);
      const element = new Element(this, kind, options);
      this.#made.push(element);
      return element;
    }
    getElement(kind) {
      return this.#made.find((element) => element._kind === kind) ?? null;
    }
    get card() {
      return this.#made[0] ?? null;
    }
    forget(element) {
      this.#made = this.#made.filter((one) => one !== element);
    }
    update({ appearance, locale } = {}) {
      if (locale) this.locale = locale;
      if (appearance) {
        this.appearance = appearance;
        this.#made.forEach((element) => element.show());
      }
    }
    async submit() {
      const { error } = await this.card.ask("validate");
      return error ? { error } : {};
    }
    async fetchUpdates() {
      return {};
    }
  }

  const SHEET = new CSSStyleSheet();
  SHEET.replaceSync(`dialog{border:0;border-radius:14px;padding:0;width:min(26rem,calc(100vw - 2rem));overflow:hidden;
    box-shadow:0 24px 60px rgb(0 0 0/.35)} dialog::backdrop{background:rgb(15 20 30/.55)} iframe{display:block}`);

  /** Shows the bank's question over the page until the card's holder has answered it. */
  function challenge(intent, secret, account) {
    return new Promise((resolve) => {
      const query = { intent: intent.id, client_secret: secret, account, modal: "1" };
      const holder = document.createElement("div");
      const dialog = document.createElement("dialog");
      const shadow = holder.attachShadow({ mode: "open" });
      shadow.adoptedStyleSheets = [SHEET];
      const frame = openFrame("/v3/challenge", query, "3D Secure authentication", (said) => {
        if (said.event === "resize") {
          frame.frame.setAttribute("height", String(said.height));
          return;
        }
        if (said.event !== "answered") return;
        frame.close();
        dialog.close();
        holder.remove();
        resolve();
      });
      frame.frame.setAttribute("height", "340");
      dialog.setAttribute("aria-label", "3D Secure authentication");
      dialog.addEventListener("cancel", (event) => {
        event.preventDefault();
        frame.tell({ ask: "fail" });
      });
      dialog.append(frame.frame);
      shadow.append(dialog);
      document.body.append(holder);
      dialog.showModal();
      frame.frame.focus();
    });
  }

  const flat = (value, prefix = "", pairs = []) => {
    for (const [name, inner] of Object.entries(value ?? {})) {
      const path = prefix ? `${prefix}[${name}]` : name;
      if (inner !== null && typeof inner === "object") flat(inner, path, pairs);
      else if (inner !== undefined && inner !== null) pairs.push([path, String(inner)]);
    }
    return pairs;
  };
  const kindOf = (secret) => (String(secret).startsWith("seti_") ? "setup_intent" : "payment_intent");

  class StandIn {
    #key;
    #account;
    constructor(key, { stripeAccount, locale } = {}) {
      if (!/^pk_test_\w+$/.test(key ?? ""))
        throw new Error("The payment sandbox needs a publishable test key (pk_test_...).");
      [this.#key, this.#account, this.locale] = [key, stripeAccount ?? "", locale];
    }

    elements(options = {}) {
      return new Elements({ locale: this.locale, ...options });
    }
    retrievePaymentIntent(secret) {
      return this.#retrieve(secret);
    }
    retrieveSetupIntent(secret) {
      return this.#retrieve(secret);
    }
    confirmPayment(options) {
      return this.#confirmWithElements(options);
    }
    confirmSetup(options) {
      return this.#confirmWithElements(options);
    }
    confirmCardPayment(secret, options = {}, settings = {}) {
      return this.#confirmCard(secret, options, settings);
    }
    confirmCardSetup(secret, options = {}, settings = {}) {
      return this.#confirmCard(secret, options, settings);
    }
    handleCardAction(secret) {
      return this.handleNextAction({ clientSecret: secret });
    }
    async handleNextAction({ clientSecret }) {
      const answer = await this.#retrieve(clientSecret);
      return answer.error ? answer : this.#settle(Object.values(answer)[0], clientSecret);
    }

    /** Takes `{elements}` or `{type: "card", card: element}`. */
    async createPaymentMethod({ elements, card, params, billing_details: details }) {
      const about = details ?? params?.billing_details;
      const { result, error } = await (card ?? elements.card).ask("tokenize", { ...this.#who(), details: about });
      return error ? { error } : { paymentMethod: result };
    }

    async #confirmWithElements({ elements, clientSecret, confirmParams = {}, redirect = "always" }) {
      const secret = clientSecret ?? elements?.secret;
      if (!secret) throw new Error("A client secret is needed, from elements({clientSecret}) or as an argument.");
      if (redirect === "always" && !confirmParams.return_url)
        throw new Error('confirmParams.return_url is needed unless redirect is "if_required".');
      const saved = typeof confirmParams.payment_method === "string" && confirmParams.payment_method;
      const answer = saved
        ? await this.#post(secret, { payment_method: saved, use_stripe_sdk: true })
        : await this.#askToConfirm(elements.card, secret, confirmParams.payment_method_data?.billing_details);
      const settled = answer.error ? answer : await this.#settle(answer.result, secret);
      if (settled.error || redirect === "if_required") return settled;
      return this.#leave(confirmParams.return_url, Object.values(settled)[0], secret);
    }

    async #confirmCard(secret, { payment_method: method, setup_future_usage: future }, { handleActions = true }) {
      const plain = { payment_method: method, setup_future_usage: future, use_stripe_sdk: true };
      const answer =
        method && typeof method === "object"
          ? await this.#askToConfirm(method.card, secret, method.billing_details, future)
          : await this.#post(secret, plain);
      if (answer.error) return { error: answer.error };
      return handleActions ? this.#settle(answer.result, secret) : { [NAMES[kindOf(secret)]]: answer.result };
    }

    #who() {
      return { key: this.#key, account: this.#account };
    }
    #askToConfirm(element, secret, details, future) {
      return element.ask("confirm", { ...this.#who(), kind: kindOf(secret), secret, details, future });
    }

    async #settle(intent, secret) {
      if (intent.status === "requires_action") {
        await challenge(intent, secret, this.#account);
        const answer = await this.#retrieve(secret);
        if (answer.error) return answer;
        intent = Object.values(answer)[0];
      }
      const refused =
        intent.status === "requires_payment_method" && (intent.last_payment_error ?? intent.last_setup_error);
      return refused ? { error: { ...refused, [intent.object]: intent } } : { [NAMES[intent.object]]: intent };
    }

    async #retrieve(secret) {
      const { result, error } = await this.#fetch("GET", secret, "", { client_secret: secret });
      return error ? { error } : { [NAMES[result.object]]: result };
    }
    #post(secret, body) {
      return this.#fetch("POST", secret, "/confirm", { client_secret: secret, ...body });
    }
    async #fetch(method, secret, tail, body) {
      const headers = {
        Authorization: `Bearer ${this.#key}`,
        ...(this.#account && { "Stripe-Account": this.#account }),
      };
      const words = new URLSearchParams(flat(body));
      const url = `${origin}/v1/${kindOf(secret)}s/${String(secret).split("_secret_")[0]}${tail}`;
      try {
        const response = await fetch(method === "GET" ? `${url}?${words}` : url, {
          method,
          headers,
          body: method === "GET" ? null : words,
        });
        const answer = await response.json();
        return answer.error ? { error: answer.error } : { result: answer };
      } catch {
        return {
          error: {
            type: "api_connection_error",
            message: "We could not reach the payment processor. Please try again.",
          },
        };
      }
    }

    #leave(where, intent, secret) {
      const url = new URL(where, window.location.href);
      url.searchParams.set(intent.object, intent.id);
      url.searchParams.set(`${intent.object}_client_secret`, secret);
      url.searchParams.set("redirect_status", intent.status === "succeeded" ? "succeeded" : "pending");
      window.location.assign(url);
      return new Promise(() => {}); // because the page is about to go, as with the real script
    }
  }

  window.Stripe = (key, options) => new StandIn(key, options);
  window.Stripe.version = "stand-in";
})();
