/**
 * The tools of the call: hands and muting; the lock and other names, for hosts; whose picture is large for everybody; reactions; and to whom one
 * can write alone.
 *
 * @typedef {import('live-protocol').Person} Person
 */
import { find, findAll, required } from "../dom.js";
import { fill, text } from "../texts.js";
import { DeviceCheck } from "./device-check.js";
import { Hands } from "./hands.js";
import { LiveChat } from "./live-chat.js";
import { Reactions } from "./reactions.js";
import { RenameGuest } from "./rename-guest.js";
import { RoomPeople } from "./room-people.js";
import { VideoTiles } from "./video-tiles.js";

export class InCallTools {
  #page;
  #send;
  #news;
  #controls;
  #hands;
  #reactions;
  #me = "";
  #isLocked = false;
  #lit = "";
  /** @type {Map<string, string>} names by peer */
  #names = new Map();

  /**
   * @param {HTMLElement} page
   * @param {{side: import('./side-panel.js').SidePanel, controls: import('./controls.js').Controls, send: (message: object) => boolean,
   *   news: (sentence: string, tone?: string) => void}} parts
   */
  constructor(page, { side, controls, send, news }) {
    this.#page = page;
    this.#controls = controls;
    this.#send = send;
    this.#news = news;
    this.#hands = new Hands((name) => news(fill(text("raises-hand"), { name })));
    this.#reactions = new Reactions(page, send);
    const people = required(page, "room-people", RoomPeople);
    people.addEventListener("write", (event) => {
      side.open("chat");
      this.#chat.writeTo(detail(event));
    });
    people.addEventListener("rename", (event) => this.#rename?.open(detail(event).peer, detail(event).name));
    if (this.#rename) this.#rename.send = send;
  }

  /** By the name in data-action. @returns {Record<string, () => void>} */
  get actions() {
    return {
      ...this.#reactions.actions,
      hand: () => this.#send({ type: "hand", up: !this.#hands.isUp(this.#me) }),
      "mute-guests": () => this.#send({ type: "mute_guests" }),
      lock: () => this.#send({ type: "lock", locked: !this.#isLocked }),
    };
  }

  /** @param {Person[]} people @param {string} me @param {boolean} isLocked as far as one is told */
  show(people, me, isLocked) {
    this.#me = me;
    this.#names = new Map(people.map(({ peer, name }) => [peer, name]));
    const isHost = people.some(({ peer, host }) => peer === me && host);
    const others = people.filter(({ peer, host }) => peer !== me && (isHost || host));
    this.#chat.recipients = new Map(others.map(({ peer, name }) => [peer, name]));
    this.#tiles.hands(this.#hands.show(people, me));
    this.#controls.press("hand", this.#hands.isUp(me));
    this.#light(
      people.find(({ spotlight }) => spotlight),
      me,
    );
    this.#lock(isLocked);
    if (this.#rename) this.#rename.people = this.#names;
  }

  /** @param {import('live-protocol').RoomMessage} message @returns {boolean} whether it was for the tools */
  receive(message) {
    if (message.type === "renamed") this.#rename?.done();
    else if (message.type === "mute_guests") void this.#muted();
    else if (message.type !== "reaction") return false;
    else this.#reactions.show(message.peer, this.#names.get(message.peer) ?? "", message.reaction);
    return true;
  }

  /** By a host. Who is mute already need not hear of it. */
  async #muted() {
    const devices = required(this.#page, "device-check", DeviceCheck);
    if (!devices.isOn("audio")) return;
    await devices.turn("audio", false);
    this.#news(text("muted-by-host"), "warning");
  }

  /**
   * What the server did not take.
   * @param {string | undefined} about @param {string} sentence @returns {boolean} whether nothing more is to be said
   */
  refused(about, sentence) {
    if (about === "rename") this.#rename?.complain(sentence);
    return about === "rename" || about === "reaction";
  }

  end() {
    this.#reactions.end();
  }

  /** @param {Person | undefined} lit @param {string} me */
  #light(lit, me) {
    const peer = lit?.peer ?? "";
    if (peer === this.#lit) return;
    this.#lit = peer;
    this.#tiles.spotlight = peer;
    if (lit) this.#news(peer === me ? text("spotlight-me") : fill(text("spotlight-news"), { name: lit.name }));
  }

  /** @param {boolean} isLocked */
  #lock(isLocked) {
    this.#isLocked = isLocked;
    const mark = find(this.#page, '[data-live="locked"]', HTMLElement);
    if (mark) mark.hidden = !isLocked;
    for (const button of findAll(this.#page, '[data-action="lock"]', HTMLButtonElement))
      button.textContent = text(isLocked ? "unlock" : "lock");
  }

  get #tiles() {
    return required(this.#page, "video-tiles", VideoTiles);
  }

  get #chat() {
    return required(this.#page, '[data-live="session-chat"]', LiveChat);
  }

  get #rename() {
    return find(this.#page, "rename-guest", RenameGuest);
  }
}

/** @param {Event} event @returns {any} */
function detail(event) {
  return /** @type {CustomEvent} */ (event).detail;
}
