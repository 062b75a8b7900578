/**
 * <room-people>: who is in the session, and, for hosts, who waits at the door. Parts are marked by data-live; a line is drawn by the
 * template #live-person, what can be done with somebody by #live-person-menu. Events: `decision` (detail: the message that says so): the host
 * lets in, sends away or removes somebody; `write` (detail: peer): to them alone; `rename` (detail: peer and name).
 *
 * @typedef {import('live-protocol').Person} Person
 * @typedef {{label: string, act: () => void}} Act
 */
import { copyOf, find, findAll, required } from "../dom.js";
import { fill, text } from "../texts.js";

const MANY = 10; // above it pictures get small (LIV-21)

export class RoomPeople extends HTMLElement {
  /** @type {Map<string, string>} names by peer */
  names = new Map();
  /** @type {Map<string, {drawn: string, row: HTMLElement}>} by peer */
  #rows = new Map();

  /** @param {Person[]} people @param {string} me @param {boolean} isHost whether I may remove somebody */
  show(people, me, isHost) {
    this.names = new Map(people.map(({ peer, name }) => [peer, name]));
    this.#list(people.map((one) => this.#row(one, me, isHost)));
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

  /** Only what has changed is touched, because a menu may be open in a line. @param {HTMLElement[]} rows */
  #list(rows) {
    const list = this.#part("people-list");
    for (const row of findAll(list, "[data-peer]", HTMLElement)) if (!rows.includes(row)) row.remove();
    rows.forEach((row, place) => {
      if (list.children[place] !== row) list.insertBefore(row, list.children[place] ?? null);
    });
  }

  /** @param {Person} person @param {string} me @param {boolean} isHost */
  #row(person, me, isHost) {
    const drawn = JSON.stringify([person, person.peer === me]);
    const known = this.#rows.get(person.peer);
    if (known?.drawn === drawn) return known.row;
    const row = this.#person(person, me, isHost);
    this.#rows.set(person.peer, { drawn, row });
    return row;
  }

  /** @param {Person} person @param {string} me @param {boolean} isHost */
  #person(person, me, isHost) {
    const { peer, name, host, hand } = person;
    const actions = hand ? [this.#hand(peer, isHost)] : [];
    if (host) actions.push(this.#badge(text("host")));
    const acts = this.#acts(person, me, isHost);
    if (acts.length) actions.push(this.#menu(peer, name, acts));
    const row = this.#line(peer === me ? `${name} (${text("you")})` : name, ...actions);
    row.dataset.peer = peer;
    return row;
  }

  /** What I can do with somebody. @param {Person} person @param {string} me @param {boolean} isHost @returns {Act[]} */
  #acts({ peer, name, host, guest, called, spotlight = false }, me, isHost) {
    /** @type {(label: string, message: object) => Act} */
    const decide = (label, message) => ({ label: text(label), act: () => this.#tell("decision", message) });
    /** @type {Act[]} */
    const acts = [];
    if (peer !== me && (isHost || host))
      acts.push({ label: text("write-privately"), act: () => this.#tell("write", peer) });
    if (!isHost) return acts;
    const lit = { type: "spotlight", admission: spotlight ? null : peer };
    acts.push(decide(spotlight ? "spotlight-off" : "spotlight", lit));
    if (!host) acts.push(decide("mute-guest", { type: "mute_guests", admission: peer }));
    if (called) acts.push({ label: text("rename"), act: () => this.#tell("rename", { peer, name: called }) });
    if (!host) acts.push(decide("remove", { type: "remove", admission: peer }));
    if (guest) acts.push(decide("block", { type: "block", admission: peer }));
    return acts;
  }

  /** @param {string} peer @param {string} name @param {Act[]} acts */
  #menu(peer, name, acts) {
    const menu = copyOf("live-person-menu");
    const panel = required(menu, "[popover]", HTMLElement);
    const button = required(menu, "button", HTMLButtonElement);
    panel.id = `person-${peer}`;
    button.setAttribute("popovertarget", panel.id);
    button.ariaLabel = button.title = panel.ariaLabel = fill(text("person-menu"), { name });
    panel.append(
      ...acts.map(({ label, act }) => {
        const item = document.createElement("button");
        item.type = "button";
        item.className = "menu__item";
        item.textContent = label;
        item.addEventListener("click", () => {
          panel.hidePopover();
          act();
        });
        return item;
      }),
    );
    return menu;
  }

  /** @param {string} kind @param {unknown} detail */
  #tell(kind, detail) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
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
