// <person-news>: the person's own socket. News becomes a toast and a number at the bell; other scripts hear it as a `news` event on document.

import { showToast } from "./toast-message.js";

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;

class PersonNews extends HTMLElement {
  /** @type {WebSocket | null} */
  #socket = null;
  #wait = FIRST_WAIT;
  #timer = 0;

  connectedCallback() {
    this.#open();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  #open() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/ws/person/`);
    socket.onopen = () => (this.#wait = FIRST_WAIT);
    socket.onmessage = (event) => this.#tell(JSON.parse(event.data));
    socket.onclose = (event) => {
      // 44xx: signed out, or not a person's page; asking again would not help.
      if (event.code >= 4400 && event.code < 4500) return;
      this.#timer = setTimeout(() => this.#open(), this.#wait + Math.random() * 500);
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
    };
    this.#socket = socket;
  }

  /** @param {{kind: string, title: string, body: string, path: string, id?: string}} news */
  #tell(news) {
    if (news.id) this.#count(); // before a script takes the news over, because what is stored is behind the bell in any case
    const event = new CustomEvent("news", { detail: news, cancelable: true });
    if (!document.dispatchEvent(event)) return; // because a room's script shows this kind itself
    const href = news.path && news.id ? `/notifications/${news.id}/` : (news.path ?? "");
    showToast([news.title, news.body].filter(Boolean).join(" · "), "info", href);
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
    const number = (parseInt(count.textContent, 10) || 0) + 1;
    count.textContent = number > 99 ? "99+" : String(number);
  }
}

customElements.define("person-news", PersonNews);
