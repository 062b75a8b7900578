// A list of messages and the field under it: at the door and in the session.

export class Chat {
  /** @param {HTMLElement} element @param {(text: string) => boolean} send returns whether it went out */
  constructor(element, send) {
    this.list = element.querySelector('[data-chat="list"]');
    this.form = element.querySelector('[data-chat="form"]');
    this.bubble = document.getElementById("live-bubble");
    /** @type {Set<string>} */
    this.seen = new Set();
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      const input = this.form.querySelector("input");
      const text = input.value.trim();
      if (text && send(text)) input.value = "";
    });
  }

  /** @param {{id: string, name: string, text: string, at: string, mine: boolean}} message @returns {boolean} whether it is new */
  add(message) {
    if (this.seen.has(message.id)) return false;
    this.seen.add(message.id);
    const bubble = this.bubble.content.firstElementChild.cloneNode(true);
    bubble.classList.toggle("bubble--mine", message.mine);
    bubble.querySelector(".bubble__author").textContent = message.name;
    bubble.querySelector(".bubble__text").textContent = message.text;
    const time = bubble.querySelector("time");
    time.dateTime = message.at;
    time.textContent = new Date(message.at).toLocaleTimeString(document.documentElement.lang || [], {
      hour: "2-digit",
      minute: "2-digit",
    });
    this.list.append(bubble);
    this.list.scrollTop = this.list.scrollHeight;
    return true;
  }

  focus() {
    this.form.querySelector("input").focus();
  }
}
