/**
 * <passkey-form>: a form with a hidden "credential" field and a button [data-passkey]. The browser's own dialog makes or
 * reads a key; its answer goes into the field, and the form is sent.
 *
 * data-does="create" or "get"; the options come from the address in data-options-url, or from the element whose id is in
 * data-options.
 */
import { find } from "../dom.js";
import { sentenceOf } from "../error-sentences.js";
import { HttpError, getJson } from "../http.js";

class PasskeyForm extends HTMLElement {
  connectedCallback() {
    const button = this.#button;
    if (!window.PublicKeyCredential) {
      this.hidden = this.hasAttribute("data-hide-unsupported");
      this.#show(this.dataset.unsupported);
      if (button) button.disabled = true;
      return;
    }
    button?.addEventListener("click", this.#pressed);
  }

  get #button() {
    return find(this, "[data-passkey]", HTMLButtonElement);
  }

  /** @param {Event} event */
  #pressed = async (event) => {
    event.preventDefault();
    const [button, field] = [this.#button, find(this, '[name="credential"]', HTMLInputElement)];
    if (!field || !button) return;
    button.disabled = true;
    this.#show("");
    try {
      const credential = this.dataset.does === "create" ? await this.#create() : await this.#get();
      field.value = JSON.stringify(toJSON(credential));
      find(this, "form", HTMLFormElement)?.submit();
    } catch (error) {
      button.disabled = false;
      if (!(error instanceof DOMException || error instanceof HttpError)) throw error;
      this.#show(error instanceof HttpError ? sentenceOf(error) : this.dataset.failed);
    }
  };

  async #create() {
    const { publicKey } = (await this.#options()).creation_options;
    const isPasswordless = find(this, '[name="passwordless"]', HTMLInputElement)?.checked ?? false;
    publicKey.authenticatorSelection = {
      ...publicKey.authenticatorSelection,
      residentKey: isPasswordless ? "required" : "discouraged",
      requireResidentKey: isPasswordless,
      ...(isPasswordless ? { userVerification: "required" } : {}),
    };
    return navigator.credentials.create({ publicKey: decoded(publicKey) });
  }

  async #get() {
    const { publicKey } = (await this.#options()).request_options;
    return navigator.credentials.get({ publicKey: decoded(publicKey) });
  }

  /** @returns {Promise<any>} as the server's library writes them */
  #options() {
    const { optionsUrl, options = "" } = this.dataset;
    return optionsUrl ? getJson(optionsUrl) : JSON.parse(document.getElementById(options)?.textContent ?? "{}");
  }

  /** @param {string | undefined} sentence */
  #show(sentence) {
    const place = find(this, "[data-error]", HTMLElement);
    if (!place) return;
    place.textContent = sentence ?? "";
    place.hidden = !sentence;
  }
}

/** @param {string} text in base64url */
function bytes(text) {
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
}

/** @param {ArrayBuffer} buffer @returns {string} in base64url */
function base64(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
}

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
  const packed = names.filter((name) => response[name]).map((name) => [name, base64(response[name])]);
  return {
    id: credential.id,
    rawId: base64(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: {
      ...Object.fromEntries(packed),
      ...(response.getTransports ? { transports: response.getTransports() } : {}),
    },
  };
}

customElements.define("passkey-form", PasskeyForm);
