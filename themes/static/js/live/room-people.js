// Who is in the session, and, for hosts, who waits at the door.

const MANY = 10; // above it pictures get small (LIV-21)

export class People {
  /** @param {HTMLElement} page @param {{text: (name: string) => string, say: (message: object) => void, isHost: boolean}} options */
  constructor(page, { text, say, isHost }) {
    this.part = (name) => page.querySelector(`[data-live="${name}"]`);
    this.row = document.getElementById("live-person");
    Object.assign(this, { text, say, isHost });
    /** @type {Map<string, string>} names by peer */
    this.names = new Map();
  }

  /** @param {{peer: string, name: string, host: boolean}[]} people @param {string} me */
  show(people, me) {
    this.names = new Map(people.map(({ peer, name }) => [peer, name]));
    this.part("people-count").textContent = String(people.length);
    this.part("people-list").replaceChildren(...people.map((one) => this.person(one, me)));
    this.part("many").hidden = people.length <= MANY;
    this.part("many").textContent = this.text("many");
  }

  person({ peer, name, host }, me) {
    const row = this.line(peer === me ? `${name} (${this.text("you")})` : name);
    row.dataset.peer = peer;
    const actions = row.querySelector(".live-person__actions");
    if (host)
      actions.append(
        Object.assign(document.createElement("span"), { className: "badge", textContent: this.text("host") }),
      );
    else if (this.isHost) actions.append(this.button("remove", () => this.say({ type: "remove", admission: peer })));
    return row;
  }

  /** @param {{admission: string, name: string}[]} queue */
  door(queue) {
    this.part("queue").hidden = queue.length === 0;
    this.part("at-door").hidden = queue.length === 0;
    this.part("admit-all").hidden = queue.length < 2;
    this.part("queue-list").replaceChildren(
      ...queue.map(({ admission, name }) => {
        const row = this.line(name);
        row.querySelector(".live-person__actions").append(
          this.button("admit", () => this.say({ type: "admit", admission }), "primary"),
          this.button("deny", () => this.say({ type: "deny", admission })),
        );
        return row;
      }),
    );
  }

  line(name) {
    const row = this.row.content.firstElementChild.cloneNode(true);
    row.querySelector(".live-person__name").textContent = name;
    return row;
  }

  button(name, act, variant = "quiet") {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `button button--${variant} button--small`;
    button.textContent = this.text(name);
    button.addEventListener("click", act);
    return button;
  }
}
