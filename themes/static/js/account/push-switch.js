/**
 * <push-switch>: the form that switches push messages on for this device. Its button asks the browser, whose answer goes into the hidden
 * fields; then the form is sent. What stands in the way is said below it.
 */
import { find } from "../dom.js";

class PushSwitch extends HTMLElement {
  connectedCallback() {
    const obstacle = this.#obstacle();
    if (obstacle) {
      this.#say(obstacle);
      const button = find(this, "button", HTMLButtonElement);
      if (button) button.disabled = true;
      return;
    }
    this.#form?.addEventListener("submit", this.#pressed);
  }

  get #form() {
    return find(this, "form", HTMLFormElement);
  }

  /** What must be done first, in words; nothing where it can be switched on. */
  #obstacle() {
    if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) {
      // Only there do browsers say whether they stand alone, and only apps on the Home Screen take push messages.
      return "standalone" in navigator && !navigator.standalone ? this.dataset.install : this.dataset.unsupported;
    }
    return Notification.permission === "denied" ? this.dataset.denied : "";
  }

  /** @param {SubmitEvent} event */
  #pressed = async (event) => {
    event.preventDefault();
    this.#say("");
    try {
      if ((await Notification.requestPermission()) !== "granted") {
        this.#say(this.dataset.denied);
        return;
      }
      this.#fill(await this.#subscribe());
      this.#form?.submit();
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      this.#say(this.dataset.failed);
    }
  };

  /** One of another sender is ended first, because the browser has one at a time. */
  async #subscribe() {
    const { pushManager } = await navigator.serviceWorker.ready;
    const known = await pushManager.getSubscription();
    if (known && encoded(known.options.applicationServerKey) !== this.dataset.key) await known.unsubscribe();
    return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: this.dataset.key });
  }

  /** @param {PushSubscription} subscription */
  #fill(subscription) {
    const { endpoint, expirationTime, keys } = subscription.toJSON();
    this.#set("endpoint", endpoint);
    this.#set("p256dh", keys?.p256dh);
    this.#set("auth", keys?.auth);
    this.#set("key", encoded(subscription.options.applicationServerKey));
    this.#set("expires", expirationTime ? String(expirationTime) : "");
  }

  /** @param {string} name @param {string | undefined} value */
  #set(name, value) {
    const field = find(this, `[name="${name}"]`, HTMLInputElement);
    if (field) field.value = value ?? "";
  }

  /** @param {string | undefined} sentence */
  #say(sentence) {
    const status = this.querySelector('[role="status"]');
    if (status) status.textContent = sentence ?? "";
  }
}

/** base64url without padding. @param {ArrayBuffer | null} key */
function encoded(key) {
  const text = String.fromCharCode(...new Uint8Array(key ?? new ArrayBuffer(0)));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

customElements.define("push-switch", PushSwitch);
