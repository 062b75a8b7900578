/**
 * <notification-socket>: the person's own socket. News becomes a toast and a number at the bell; other scripts hear it first, as a
 * `news` event on document, and prevent the toast of a kind that they show themselves.
 *
 * @typedef {{kind: string, title?: string, body?: string, path?: string, id?: string}} News  with an `id` if it is kept behind the bell
 */
import { socketAddress } from "../dom.js";
import { showToast } from "./toast-region.js";

const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 30000;
const COME_BACK = 1012; // this page's cookie has changed: the new one is asked about soon

class NotificationSocket extends HTMLElement {
  /** @type {WebSocket | null} */
  #socket = null;
  #wait = FIRST_WAIT_MS;
  #timer = 0;

  connectedCallback() {
    this.#open();
  }

  disconnectedCallback() {
    window.clearTimeout(this.#timer);
    if (!this.#socket) return;
    this.#socket.onclose = null; // because nobody listens any more, it must not come back
    this.#socket.close();
  }

  #open() {
    const socket = new WebSocket(socketAddress("/ws/person/"));
    socket.onopen = () => (this.#wait = FIRST_WAIT_MS);
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      if (message.type === "news") this.#arrived(message);
    };
    socket.onclose = ({ code }) => {
      // 44xx: signed out, or not a person's page; asking again would not help.
      if (code >= 4400 && code < 4500) return;
      // Anywhere between half the wait and one and a half, because a server that stops loses everybody's at the same moment.
      const wait = code === COME_BACK ? FIRST_WAIT_MS / 4 : this.#wait * (0.5 + Math.random());
      this.#timer = window.setTimeout(() => this.#open(), wait);
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS);
    };
    this.#socket = socket;
  }

  /** @param {News} news */
  #arrived(news) {
    const { id, title, body, path } = news;
    if (id) this.#count(); // before a script takes it over, because what is kept is behind the bell in any case
    const event = new CustomEvent("news", { detail: news, cancelable: true });
    if (!document.dispatchEvent(event) || !title) return; // what has no title is for scripts alone
    showToast([title, body].filter(Boolean).join(" · "), "info", path && id ? `/notifications/${id}/` : (path ?? ""));
  }

  #count() {
    const bell = document.querySelector(".bell");
    if (!bell) return;
    let count = bell.querySelector(".bell__count");
    if (!count) {
      count = document.createElement("span");
      count.className = "bell__count";
      count.setAttribute("aria-hidden", "true");
      bell.append(count);
    }
    const number = (parseInt(count.textContent ?? "", 10) || 0) + 1;
    count.textContent = number > 99 ? "99+" : String(number);
  }
}

customElements.define("notification-socket", NotificationSocket);
