/**
 * <passkey-form>: a form with a hidden "credential" field and a button [data-passkey]. The browser's own dialog makes or
 * reads a key; its answer goes into the field, and the form is sent.
 *
 * data-does="create" or "get"; the options come from the address in data-options-url, or from the element whose id is in
 * data-options.
 */
class PasskeyForm extends HTMLElement {
  connectedCallback() {
    const button = this.#button;
    if (!window.PublicKeyCredential) {
      this.hidden = this.hasAttribute("data-hide-unsupported");
      this.#say(this.dataset.unsupported);
      if (button) button.disabled = true;
      return;
    }
    button?.addEventListener("click", this.#pressed);
  }

  get #button() {
    const button = this.querySelector("[data-passkey]");
    return button instanceof HTMLButtonElement ? button : null;
  }

  get #form() {
    return this.querySelector("form");
  }

  /** @param {Event} event */
  #pressed = async (event) => {
    event.preventDefault();
    const field = this.querySelector('[name="credential"]');
    if (!(field instanceof HTMLInputElement) || !this.#button) return;
    this.#button.disabled = true;
    this.#say("");
    try {
      const credential = this.dataset.does === "create" ? await this.#create() : await this.#get();
      field.value = JSON.stringify(toJSON(credential));
      this.#form?.submit();
    } catch (error) {
      this.#say(this.dataset.failed);
      this.#button.disabled = false;
      if (!(error instanceof DOMException)) throw error;
    }
  };

  async #create() {
    const { publicKey } = (await this.#options()).creation_options;
    const wish = this.querySelector('[name="passwordless"]');
    const passwordless = wish instanceof HTMLInputElement && wish.checked;
    publicKey.authenticatorSelection = {
      ...publicKey.authenticatorSelection,
      residentKey: passwordless ? "required" : "discouraged",
      requireResidentKey: passwordless,
      ...(passwordless ? { userVerification: "required" } : {}),
    };
    return navigator.credentials.create({ publicKey: decoded(publicKey) });
  }

  async #get() {
    const { publicKey } = (await this.#options()).request_options;
    return navigator.credentials.get({ publicKey: decoded(publicKey) });
  }

  async #options() {
    const url = this.dataset.optionsUrl;
    if (!url) return JSON.parse(document.getElementById(this.dataset.options ?? "")?.textContent ?? "{}");
    const answer = await fetch(url, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
    if (!answer.ok) throw new DOMException("no options", "NetworkError");
    return answer.json();
  }

  /** @param {string | undefined} text */
  #say(text) {
    const place = this.querySelector("[data-say]");
    if (!(place instanceof HTMLElement)) return;
    place.textContent = text ?? "";
    place.hidden = !text;
  }
}

const bytes = (/** @type {string} */ text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (/** @type {ArrayBuffer} */ buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

/** The options as the browser wants them: base64url turned into bytes. @param {any} options */
function decoded(options) {
  const keys = (/** @type {any[]} */ list) => list?.map((key) => ({ ...key, id: bytes(key.id) }));
  return {
    ...options,
    challenge: bytes(options.challenge),
    ...(options.user ? { user: { ...options.user, id: bytes(options.user.id) } } : {}),
    ...(options.excludeCredentials ? { excludeCredentials: keys(options.excludeCredentials) } : {}),
    ...(options.allowCredentials ? { allowCredentials: keys(options.allowCredentials) } : {}),
  };
}

/** The credential as the server wants it: bytes turned into base64url. @param {any} credential */
function toJSON(credential) {
  const response = credential.response;
  const names = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const packed = Object.fromEntries(names.filter((name) => response[name]).map((name) => [name, text(response[name])]));
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: { ...packed, ...(response.getTransports ? { transports: response.getTransports() } : {}) },
  };
}

customElements.define("passkey-form", PasskeyForm);
