/**
 * <live-room>: the page of a session: device check, waiting room, session. Everything about WebRTC is in protocol.js; this is the person's side.
 * Parts are marked by data-live, buttons by data-action (controls.js). Attributes: data-phase (lobby, waiting, room, over), data-socket,
 * data-room, data-host, data-ended (where to go afterwards), data-opens-in (seconds).
 *
 * @typedef {import('live-protocol').RoomMessage} RoomMessage
 * @typedef {import('live-protocol').ChatMessage} ChatMessage
 * @typedef {import('./device-check.js').OwnSource} OwnSource
 * @typedef {'lobby' | 'waiting' | 'room' | 'over'} Phase
 */
import { findAll, required, socketAddress } from "../dom.js";
import { text } from "../texts.js";
import { Chime } from "./chime.js";
import { Controls } from "./controls.js";
import { DeviceCheck } from "./device-check.js";
import { LiveChat } from "./live-chat.js";
import { Presence } from "./presence.js";
import { DeviceError, openScreen } from "./protocol-devices.js";
import { LiveSocket } from "./protocol-socket.js";
import { LiveCall } from "./protocol.js";
import { RecordingConsent } from "./recording-consent.js";
import { RoomPeople } from "./room-people.js";
import { VideoTiles } from "./video-tiles.js";

/** @type {Record<number, string>} names of texts, by close code of the socket */
const CLOSED = {
  4401: "signed-out",
  4403: "removed",
  4404: "over",
  4409: "elsewhere",
  4410: "over",
  4428: "too-many",
  4429: "trouble",
};
const LONGEST_WAIT_S = 86400;
const WIDE = "(min-width: 64rem)";

class LiveRoom extends HTMLElement {
  call = new LiveCall({ send: (message) => this.#send(message) });
  #me = "";
  #wasDenied = false;
  /** @type {LiveSocket | null} */
  #socket = null;
  #chime = new Chime();
  #presence = new Presence((name) => this.#state(`${name}: ${text("left")}`));
  #controls = new Controls(this, this.#actions());
  /** Ends what listens outside of this element. */
  #life = new AbortController();

  async connectedCallback() {
    for (const chat of findAll(this, "live-chat", LiveChat))
      chat.send = (words) => this.#send({ type: "chat", text: words });
    this.#people.addEventListener("decision", (event) => this.#send(detail(event)));
    this.#recording.send = (message) => this.#send(message);
    this.#tiles.addEventListener("shown", (event) => this.call.show(detail(event)));
    this.#devices.addEventListener("device", (event) => this.#deviceChanged(detail(event).source));
    this.#devices.addEventListener("speaker", () => this.#tiles.playOn(this.#devices.speaker));
    this.#followCall();
    const { signal } = this.#life;
    addEventListener("visibilitychange", () => this.#tiles.tell(), { signal });
    addEventListener("hashchange", () => location.hash === "#now" && this.#join(), { signal });
    await this.#devices.start();
    if (location.hash === "#now") this.#join();
    const { opensIn } = this.dataset;
    if (opensIn) setTimeout(() => location.reload(), Math.min(Number(opensIn), LONGEST_WAIT_S) * 1000);
  }

  disconnectedCallback() {
    this.#life.abort();
  }

  // -- phases ------------------------------------------------------------------------------------------------------

  get #phase() {
    return /** @type {Phase} */ (this.dataset.phase);
  }

  /** @param {Phase} phase */
  #turnTo(phase) {
    if (this.#phase === phase) return;
    this.dataset.phase = phase;
    this.#part("check").hidden = phase !== "lobby";
    this.#part("waiting").hidden = phase !== "waiting";
    this.#part("controls").hidden = phase !== "room";
    if (phase === "waiting") this.#part("waiting-title").focus();
    if (phase !== "room") return;
    this.#devices.rest();
    if (matchMedia(WIDE).matches) this.#openSide("chat");
  }

  /** @param {string} sentence at the top of the page; '' clears */
  #state(sentence, tone = "") {
    const place = this.#part("state");
    place.textContent = sentence;
    place.dataset.tone = tone;
  }

  #join() {
    const { socket: path } = this.dataset;
    if (this.#socket || !path) return;
    this.#state(text("asking"));
    const socket = (this.#socket = new LiveSocket(socketAddress(path)));
    socket.addEventListener("open", (event) => this.#send({ type: "hello", resume: detail(event).again }));
    socket.addEventListener("message", (event) => this.#receive(detail(event)));
    socket.addEventListener("down", (event) => this.#down(detail(event)));
  }

  /** @param {{code: number, final: boolean}} how */
  #down({ code, final }) {
    this.call.disconnected();
    if (!final) return this.#state(text("offline"), "warning");
    if (CLOSED[code] === "over") return this.#leavePage();
    this.#finish(text(this.#wasDenied ? "removed" : (CLOSED[code] ?? "over")));
  }

  #enter() {
    this.#turnTo("room");
    for (const [source, track] of this.#devices.tracks) {
      if (this.call.local.get(source)?.track !== track) this.call.publish(source, track);
      if (source === "audio" && !this.#devices.wanted.audio) this.call.mute("audio", true);
    }
    this.#showSelf();
  }

  /** The page cannot go on; say why. @param {string} sentence */
  #finish(sentence) {
    this.call.close();
    this.#life.abort();
    this.#controls.end();
    this.#devices.stop();
    const words = document.createElement("div");
    words.className = "live-over";
    const title = document.createElement("h2");
    title.className = "live-over__text";
    title.textContent = sentence;
    words.append(title);
    this.#part("controls").hidden = true;
    this.#part("side").hidden = true;
    this.#state("");
    this.#part("stage").replaceChildren(words);
    this.dataset.phase = "over";
  }

  #leavePage() {
    this.call.close();
    this.#devices.stop();
    location.assign(this.dataset.ended ?? "/");
  }

  // -- what the server says ----------------------------------------------------------------------------------------

  /** @param {object} message @returns {boolean} whether it went out */
  #send(message) {
    return this.#socket?.send(message) ?? false;
  }

  /** @param {RoomMessage} message */
  #receive(message) {
    if (this.call.receive(message)) return; // an error as well: what the call does not mend itself comes back as a problem
    if (message.type === "welcome") this.#welcomed(message);
    else if (message.type === "waiting") this.#waits(message);
    else if (message.type === "admitted") this.#admitted();
    else if (message.type === "people") this.#peopleChanged(message);
    else if (message.type === "chat") this.#showMessage(message.message, true);
    else if (message.type === "recording_state") this.#recordingChanged(message);
    else if (message.type === "denied") this.#wasDenied = true;
    else if (message.type === "ended") this.#leavePage();
  }

  /** @param {Extract<RoomMessage, {type: 'welcome'}>} message */
  #welcomed({ peer, state, messages }) {
    this.#me = peer;
    for (const message of messages) this.#showMessage(message, false);
    if (state === "admitted") this.#enter();
    else this.#turnTo("waiting");
    this.#state("");
  }

  /** @param {Extract<RoomMessage, {type: 'waiting'}>} message */
  #waits({ position, host_present: isHostPresent, full: isFull }) {
    const sentence = this.#part("waiting-text");
    sentence.textContent = sentence.dataset[isFull ? "full" : isHostPresent ? "here" : "away"] ?? "";
    this.#part("position").hidden = position < 2;
    this.#part("position-number").textContent = `${position}.`;
  }

  #admitted() {
    this.#chime.welcome();
    this.#enter();
  }

  /** @param {Extract<RoomMessage, {type: 'people'}>} message */
  #peopleChanged({ people, queue }) {
    const isHost = this.dataset.host !== undefined;
    this.#presence.show(people, this.#me);
    this.#people.show(people, this.#me, isHost);
    this.#people.badge((peer) => this.#recording.badgeOf(peer));
    this.#part("people-count").textContent = String(people.length);
    this.#tiles.names = this.#people.names;
    this.#tiles.people([...this.#people.names.keys()], this.#me);
    if (isHost && queue) {
      this.#people.showQueue(queue);
      this.#part("at-door").hidden = queue.length === 0;
    }
    this.#part("alone").hidden = people.length > 1;
    this.#showSelf();
  }

  /** @param {ChatMessage} message @param {boolean} isFresh */
  #showMessage(message, isFresh) {
    if (message.in_waiting_room) this.#chat("door-chat").add(message);
    const isNew = this.#chat("session-chat").add(message);
    if (isNew && isFresh && !message.mine && this.#part("side").hidden) this.#part("unread").hidden = false;
  }

  /** @param {Extract<RoomMessage, {type: 'recording_state'}>} message */
  #recordingChanged(message) {
    if (message.told) this.#state(message.told, "warning");
    this.#recording.show(message);
    this.#people.badge((peer) => this.#recording.badgeOf(peer));
  }

  #showSelf() {
    if (!this.#me || this.#phase !== "room") return;
    const track = this.#devices.tracks.get("camera");
    const stream = this.#tiles.ownStream(this.#me, track);
    this.#tiles.show({ peer: this.#me, source: "camera", stream, present: Boolean(track), muted: false }, true);
    this.#tiles.mute(this.#me, !this.#devices.wanted.audio);
  }

  // -- the call ----------------------------------------------------------------------------------------------------

  #followCall() {
    this.call.addEventListener("media", (event) => this.#tiles.show(detail(event)));
    this.call.addEventListener("speakers", (event) => this.#tiles.speaking(detail(event).peers));
    this.call.addEventListener("problem", (event) => this.#troubled(detail(event)));
    this.call.addEventListener("kicked", () => (this.#wasDenied = true));
    this.call.addEventListener("engine", (event) => (this.dataset.engine = detail(event).engine));
    this.call.addEventListener("state", (event) => this.#callChanged(detail(event).state));
    this.call.addEventListener("quality", (event) => this.#showQuality(detail(event)));
  }

  /** The server's sentence, else the page's own about this code. @param {{code: string, message: string}} problem */
  #troubled({ code, message }) {
    this.#state(message || text(code, document, text("trouble")), "warning");
  }

  /** @param {string} state */
  #callChanged(state) {
    this.dataset.call = state;
    const isLost = state === "reconnecting";
    // While the server still hears us, it is the other side's line; then their last picture goes, because it is none of now.
    const other = isLost && navigator.onLine && this.#socket?.isOpen ? this.#presence.other : null;
    this.#presence.watch(other, (peer) => this.#tiles.lost(peer));
    const words = other ? `${other.name}: ${text("line-lost")}` : isLost ? text("reconnecting") : "";
    this.#state(words, words ? "warning" : "");
  }

  /** @param {{up: import('live-protocol').Quality, down: import('live-protocol').Quality}} quality */
  #showQuality({ up, down }) {
    const scores = [up.score, down.score].filter((score) => score !== null);
    const bars = scores.length ? Math.max(1, Math.min(4, Math.round(Math.min(...scores)) - 1)) : 0;
    const signal = this.#part("signal");
    signal.hidden = false;
    signal.dataset.score = String(bars);
    signal.setAttribute("aria-label", text(`quality-${bars}`));
  }

  // -- the person's actions ----------------------------------------------------------------------------------------

  /** @returns {Record<string, () => void>} by the name in data-action */
  #actions() {
    return {
      join: () => this.#join(),
      share: () => this.#share(),
      record: () => this.#recording.toggle(),
      mic: () => this.#toggle("audio"),
      camera: () => this.#toggle("camera"),
      tone: () => this.#devices.testSpeaker(),
      retry: () => this.#devices.start(),
      chat: () => this.#openSide("chat"),
      people: () => this.#openSide("people"),
      "close-side": () => this.#closeSide(),
      "admit-all": () => this.#send({ type: "admit_all" }),
      "toggle-chat": () => this.#toggleSide("chat"),
      "toggle-people": () => this.#toggleSide("people"),
      end: () => this.#send({ type: "end" }),
      leave: () => this.#leave(),
      "give-up": () => this.#leave(),
    };
  }

  #leave() {
    if (!this.#send({ type: "leave" })) this.#leavePage();
  }

  /** @param {OwnSource} source */
  async #toggle(source) {
    const isOn = !this.#devices.isOn(source);
    if (!isOn && this.call.local.has(source)) await this.call.mute(source, true);
    const track = await this.#devices.turn(source, isOn);
    if (!isOn || !track || this.#phase !== "room") return;
    if (source === "audio" && this.call.local.get("audio")?.track === track) await this.call.mute("audio", false);
    else await this.call.publish(source, track);
  }

  /** @param {OwnSource} source */
  #deviceChanged(source) {
    const isOn = this.#devices.isOn(source);
    if (source === "audio") this.#controls.press("mic", isOn, text(isOn ? "mute" : "unmute"));
    else this.#controls.press("camera", isOn, text(isOn ? "hide" : "unhide"));
    if (this.#phase !== "room") return;
    const track = this.#devices.tracks.get(source);
    if (track && this.call.local.get(source)?.track !== track) this.call.publish(source, track); // another one was chosen
    this.#showSelf();
  }

  async #share() {
    if (this.call.local.has("screen")) {
      await this.call.unpublish("screen");
      await this.call.unpublish("screen-audio");
      return this.#showShared(null);
    }
    try {
      const { screen, audio } = await openScreen();
      screen.addEventListener("ended", () => this.#showShared(null));
      await this.call.publish("screen", screen);
      if (audio) await this.call.publish("screen-audio", audio);
      this.#showShared(screen);
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error;
      if (error.trouble !== "cancelled") this.#state(text(error.trouble), "warning");
    }
  }

  /** @param {MediaStreamTrack | null} track */
  #showShared(track) {
    const stream = track ? new MediaStream([track]) : null;
    this.#controls.press("share", Boolean(track));
    this.#tiles.show({ peer: this.#me, source: "screen", stream, present: Boolean(track), muted: false }, true);
  }

  // -- chat and people at the side ---------------------------------------------------------------------------------

  /** @param {'chat' | 'people'} name */
  #openSide(name) {
    this.#part("side").hidden = false;
    for (const pane of findAll(this, "[data-pane]", HTMLElement)) pane.hidden = pane.dataset.pane !== name;
    for (const one of ["chat", "people"]) {
      this.#controls.press(one, one === name);
      this.#controls.press(`toggle-${one}`, one === name);
    }
    if (name === "chat") this.#part("unread").hidden = true;
  }

  #closeSide() {
    this.#part("side").hidden = true;
    this.#controls.press("toggle-chat", false);
    this.#controls.press("toggle-people", false);
  }

  /** @param {'chat' | 'people'} name */
  #toggleSide(name) {
    const isOpen = !this.#part("side").hidden && !required(this, `[data-pane="${name}"]`, HTMLElement).hidden;
    if (isOpen) this.#closeSide();
    else this.#openSide(name);
  }

  // -- parts -------------------------------------------------------------------------------------------------------

  get #devices() {
    return required(this, "device-check", DeviceCheck);
  }

  get #people() {
    return required(this, "room-people", RoomPeople);
  }

  get #recording() {
    return required(this, "recording-consent", RecordingConsent);
  }

  get #tiles() {
    return required(this, "video-tiles", VideoTiles);
  }

  /** @param {'door-chat' | 'session-chat'} name */
  #chat(name) {
    return required(this, `[data-live="${name}"]`, LiveChat);
  }

  /** @param {string} name */
  #part(name) {
    return required(this, `[data-live="${name}"]`, HTMLElement);
  }
}

/** @param {Event} event @returns {any} */
function detail(event) {
  return /** @type {CustomEvent} */ (event).detail;
}

customElements.define("live-room", LiveRoom);
