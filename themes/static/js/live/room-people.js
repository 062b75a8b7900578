/**
 * <room-people>: who is in the session, and, for hosts, who waits at the door. Parts are marked by data-live; a line is drawn by the
 * template #live-person. Event `decision` (detail: the message that says so): the host lets in, sends away or removes somebody.
 */
import { copyOf, find, findAll, required } from "../dom.js";
import { text } from "../texts.js";

const MANY = 10; // above it pictures get small (LIV-21)

export class RoomPeople extends HTMLElement {
  /** @type {Map<string, string>} names by peer */
  names = new Map();

  /** @param {import('live-protocol').Person[]} people @param {string} me @param {boolean} isHost whether I may remove somebody */
  show(people, me, isHost) {
    this.names = new Map(people.map(({ peer, name }) => [peer, name]));
    this.#part("people-list").replaceChildren(...people.map((one) => this.#person(one, me, isHost)));
    const mutes = find(this, '[data-action="mute-guests"]', HTMLButtonElement);
    if (mutes) mutes.hidden = !people.some(({ host }) => !host);
    this.#part("many").hidden = people.length <= MANY;
    this.#part("many").textContent = text("many");
  }

  /** @param {import('live-protocol').Waiting[]} queue */
  showQueue(queue) {
    this.#part("queue").hidden = queue.length === 0;
    this.#part("admit-all").hidden = queue.length < 2;
    this.#part("queue-list").replaceChildren(
      ...queue.map(({ admission, name, guest }) =>
        this.#line(
          name,
          this.#button("admit", { type: "admit", admission }, "primary"),
          this.#button("deny", { type: "deny", admission }),
          ...(guest ? [this.#button("block", { type: "block", admission })] : []),
        ),
      ),
    );
  }

  /** A badge beside each name. @param {(peer: string) => {label: string, tone: string} | null} badgeOf */
  badge(badgeOf) {
    for (const row of findAll(this, "[data-peer]", HTMLElement)) {
      find(row, "[data-badge]", HTMLElement)?.remove();
      const badge = badgeOf(row.dataset.peer ?? "");
      if (!badge) continue;
      const drawn = this.#badge(badge.label, badge.tone);
      drawn.dataset.badge = "";
      required(row, ".live-person__actions", HTMLElement).prepend(drawn);
    }
  }

  /** @param {import('live-protocol').Person} person @param {string} me @param {boolean} isHost */
  #person({ peer, name, host, guest, hand }, me, isHost) {
    const actions = hand ? [this.#hand(peer, isHost)] : [];
    if (host) actions.push(this.#badge(text("host")));
    else if (isHost) {
      actions.push(this.#button("mute-guest", { type: "mute_guests", admission: peer }));
      actions.push(this.#button("remove", { type: "remove", admission: peer }));
    }
    if (guest && isHost) actions.push(this.#button("block", { type: "block", admission: peer }));
    const row = this.#line(peer === me ? `${name} (${text("you")})` : name, ...actions);
    row.dataset.peer = peer;
    return row;
  }

  /** @param {string} name @param {HTMLElement[]} actions */
  #line(name, ...actions) {
    const row = copyOf("live-person");
    required(row, ".live-person__name", HTMLElement).textContent = name;
    required(row, ".live-person__actions", HTMLElement).append(...actions);
    return row;
  }

  /** A raised hand; a host lowers it by a click. @param {string} peer @param {boolean} isHost */
  #hand(peer, isHost) {
    if (!isHost) return this.#badge(text("hand-raised"), "warning");
    return this.#button("lower-hand", { type: "hand", up: false, admission: peer }, "secondary");
  }

  /** @param {string} label @param {string} [tone] */
  #badge(label, tone) {
    const badge = document.createElement("span");
    badge.className = tone ? `badge badge--${tone}` : "badge";
    badge.textContent = label;
    return badge;
  }

  /** @param {string} name of its text @param {object} message @param {string} variant */
  #button(name, message, variant = "quiet") {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `button button--${variant} button--small`;
    button.textContent = text(name);
    button.addEventListener("click", () => this.dispatchEvent(new CustomEvent("decision", { detail: message })));
    return button;
  }

  /** @param {string} name */
  #part(name) {
    return required(this, `[data-live="${name}"]`, HTMLElement);
  }
}

customElements.define("room-people", RoomPeople);
