/**
 * What a tab of the work area knows of the room, and may do in it. Its module gets it with `mount(element, context)`: docs/live-rooms.md.
 *
 * Events: `people` {people}: somebody has come or gone; `shown` {isShown}: the tab came to the front, or went; `follow` {view}: a host leads,
 * and looks at this tab so; `showing`: the room's word about what everybody looks at; `video` and `files`, to the tab of that
 * name only: about the video; a file of a client's has come, gone, or is shared otherwise.
 *
 * @typedef {import('live-protocol').Person} Person
 * @typedef {import('live-protocol').View} View
 * @typedef {{peer: string, host: boolean}} Me
 * @typedef {{room: string, me: () => Me, people: () => Person[], lead: (tab: string, view: View) => void, show: (tab: string) => void,
 *            notify: (tab: string) => void, send: (message: object) => boolean, say: (sentence: string, tone: string) => void}} Room
 */
import { socketAddress } from "../dom.js";
import { LiveSocket } from "./protocol-socket.js";

export class TabContext extends EventTarget {
  #room;
  #life = new AbortController();
  isShown = false;

  /**
   * @param {Room} room @param {string} name of the tab @param {any} facts what the server gave for it
   * @param {{peer: string, video: HTMLVideoElement} | null} screen the shared screen over which it is mounted
   */
  constructor(room, name, facts, screen = null) {
    super();
    this.#room = room;
    this.name = name;
    this.facts = facts;
    this.screen = screen;
  }

  /** Id of the room. */
  get room() {
    return this.#room.room;
  }

  /** Who one is: `peer` as in `people`, and whether one is a host. */
  get me() {
    return this.#room.me();
  }

  /** Who is in. */
  get people() {
    return this.#room.people();
  }

  /** Aborted when the tab ends: for listeners and requests. */
  get signal() {
    return this.#life.signal;
  }

  /** A socket of the tab's own on this host, which comes back by itself and ends with the tab. @param {string} path */
  socket(path) {
    const socket = new LiveSocket(socketAddress(path));
    this.signal.addEventListener("abort", () => socket.close());
    return socket;
  }

  /** How I look at it (page, zoom, scroll …): the others follow if I lead and this tab is in front. @param {View} view small, no contents */
  lead(view) {
    this.#room.lead(this.name, view);
  }

  /** Come to the front. */
  show() {
    this.#room.show(this.name);
  }

  /** There is something new: a dot at the tab until it is looked at. */
  notify() {
    this.#room.notify(this.name);
  }

  /**
   * A message on the room's socket, for tabs of the room itself. When it did not go out the person is told, and the tab keeps what they have typed.
   * @param {object} message @returns {boolean} whether it went out
   */
  send(message) {
    return this.#room.send(message);
  }

  /** At the top of the page, also read out. @param {string} sentence @param {'' | 'warning'} tone */
  say(sentence, tone = "") {
    this.#room.say(sentence, tone);
  }

  /** Called by the work area. @param {'people' | 'shown' | 'follow' | 'video' | 'showing' | 'files'} name @param {object} detail */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** Called by the work area. */
  end() {
    this.#life.abort();
  }
}
