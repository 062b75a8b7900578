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
import { find, findAll, required, socketAddress } from "../dom.js";
import { fill, text } from "../texts.js";
import { Chime } from "./chime.js";
import { Controls } from "./controls.js";
import { DeviceCheck } from "./device-check.js";
import { ExtendSession } from "./extend-session.js";
import { InCallTools } from "./in-call-tools.js";
import { LiveChat } from "./live-chat.js";
import { OwnMedia } from "./own-media.js";
import { Presence } from "./presence.js";
import { LineWatch } from "./line-watch.js";
import { LiveSocket } from "./protocol-socket.js";
import { LiveCall } from "./protocol.js";
import { RecordingConsent } from "./recording-consent.js";
import { RoomPeople } from "./room-people.js";
import { SessionClock } from "./session-clock.js";
import { showQuality } from "./signal.js";
import { SessionTimes } from "./session-times.js";
import { SidePanel } from "./side-panel.js";
import { VideoTiles } from "./video-tiles.js";
import { WorkArea } from "./work-area.js";
import { WorkLayout } from "./work-layout.js";

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
const OUT_AFTER_MS = 60000; // without a line the server has let go of us by then
const NEWS_MS = 10000; // by then a call that only stumbled has come back

class LiveRoom extends HTMLElement {
  call = new LiveCall({ send: (message) => this.#send(message) });
  #me = "";
  /** @type {'' | 'not-let-in' | 'removed'} what a host has decided about me */
  #verdict = "";
  #isLeaving = false; // by oneself, while the others go on
  #isWorkHidden = false; // by a host, for everybody
  /** @type {WorkLayout | null} */
  #layout = null;
  /** @type {SessionTimes | null} */
  #times = null;
  /** @type {LineWatch | null} */
  #line = null;
  #isBack = false; // after the line was away, until we know again who is here
  /** @type {LiveSocket | null} */
  #socket = null;
  #chime = new Chime();
  #presence = new Presence((name) => this.#state(`${name}: ${text("left")}`));
  #controls = new Controls(this, this.#actions());
  #side = new SidePanel(this, this.#controls);
  /** @type {InCallTools | null} */
  #tools = null;
  /** @type {OwnMedia | null} */
  #own = null;
  #offline = 0;
  /** Ends what listens outside of this element. */
  #life = new AbortController();

  async connectedCallback() {
    for (const chat of findAll(this, "live-chat", LiveChat))
      chat.send = (words, to) => this.#act(to ? { type: "private", to, text: words } : { type: "chat", text: words });
    this.#tools = new InCallTools(this, {
      side: this.#side,
      controls: this.#controls,
      send: (message) => this.#act(message),
      news: (words, tone) => this.#news(words, tone),
    });
    this.#people.addEventListener("decision", (event) => this.#act(detail(event)));
    this.#recording.send = (message) => this.#act(message);
    this.#work.send = (message) => this.#send(message);
    this.#work.act = (message) => this.#act(message);
    this.#work.say = (sentence, tone = "") => this.#news(sentence, tone);
    this.#layout = new WorkLayout(this.#part("areas"), this.#work, this.#controls, this.#tiles);
    this.#tiles.screens = this.#work;
    this.#line = new LineWatch(this, this.#presence, this.#tiles, (words, tone) => this.#state(words, tone));
    this.#times = new SessionTimes(
      this,
      (words) => this.#state(words, "warning"),
      (words) => this.#news(words),
    );
    this.#controls.add({
      ...this.#side.actions,
      ...this.#work.actions,
      ...this.#layout.actions,
      ...this.#tools.actions,
    });
    this.#tiles.addEventListener("shown", (event) => this.call.show(detail(event)));
    this.#devices.addEventListener("device", (event) => this.#deviceChanged(detail(event).source));
    this.#devices.addEventListener("speaker", () => this.#tiles.playOn(this.#devices.speaker));
    this.#devices.addEventListener("trouble", (event) => this.#deviceTroubled(detail(event)));
    this.#own = new OwnMedia(this.call, this.#devices);
    this.#own.addEventListener("screen", (event) => this.#showShared(detail(event).track));
    this.#own.addEventListener("trouble", (event) => this.#deviceTroubled(detail(event)));
    if (!navigator.mediaDevices?.getDisplayMedia) this.#controls.hide("share"); // as on most phones
    this.#followCall();
    this.#extension?.addEventListener("trouble", (event) => this.#state(detail(event).sentence, "warning"));
    const { signal } = this.#life;
    // A page that the browser puts to sleep is out; when it is shown again, it begins anew.
    addEventListener("pagehide", () => this.#letGo(), { signal });
    document.addEventListener("freeze", () => this.#sleep(), { signal });
    addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
    addEventListener("visibilitychange", () => this.#tiles.tell(), { signal });
    addEventListener("hashchange", () => location.hash === "#now" && this.#join(), { signal });
    await this.#devices.start();
    if (signal.aborted) return;
    if (location.hash === "#now") this.#join();
    const { opensIn } = this.dataset;
    if (opensIn) setTimeout(() => location.reload(), Math.min(Number(opensIn), LONGEST_WAIT_S) * 1000);
  }

  #sleep() {
    this.#letGo();
    document.addEventListener("resume", () => location.reload(), { once: true });
  }

  disconnectedCallback() {
    this.#letGo();
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
    this.#clock.hidden = phase !== "room" || !this.#clock.dataset.endsAt; // a personal room has no end
    this.#devices.offerIn(this.#part(phase === "room" ? "devices-inside" : "devices-outside"));
    if (phase === "waiting") this.#part("waiting-title").focus();
    if (phase !== "room") return this.#devices.wake();
    this.#devices.rest();
    if (matchMedia(WIDE).matches) this.#side.open("chat");
  }

  /** @param {string} sentence at the top of the page; '' clears */
  #state(sentence, tone = "") {
    const place = this.#part("state");
    place.textContent = sentence;
    place.dataset.tone = tone;
  }

  /** For a while. @param {string} sentence */
  #news(sentence, tone = "") {
    this.#state(sentence, tone);
    window.setTimeout(() => this.#part("state").textContent === sentence && this.#state(""), NEWS_MS);
  }

  #join() {
    const { socket: path } = this.dataset;
    if (this.#socket || !path) return;
    this.#state(text("asking"));
    const socket = (this.#socket = new LiveSocket(socketAddress(path)));
    socket.addEventListener("open", (event) => {
      window.clearTimeout(this.#offline);
      this.#isBack = detail(event).again;
      this.#send({ type: "hello", resume: this.#isBack });
    });
    socket.addEventListener("message", (event) => this.#receive(detail(event)));
    socket.addEventListener("down", (event) => this.#down(detail(event)));
  }

  /** @param {{code: number, final: boolean}} how */
  #down({ code, final }) {
    this.call.disconnected();
    if (!final) return this.#isAway();
    if (CLOSED[code] === "over") return this.#leavePage();
    this.#finish(text(this.#verdict || (CLOSED[code] ?? "over")));
  }

  /** The line is down. After a while the server has let go of us: then we let go of the call, too. */
  #isAway() {
    this.#state(text(navigator.onLine ? "line-down" : "offline"), "warning");
    window.clearTimeout(this.#offline);
    this.#offline = window.setTimeout(() => this.#own?.pause(), OUT_AFTER_MS);
  }

  #enter() {
    this.#turnTo("room");
    this.#own?.enter();
    this.#work.enter({ peer: this.#me, host: this.dataset.host !== undefined }, this.#isWorkHidden);
    this.#showSelf();
  }

  /** The line was away for so long that the person has to be let in again. */
  #backToDoor() {
    this.#own?.pause();
    this.#tiles.people([], "");
    this.#presence.forget();
    this.#work.leave();
    this.#recording.show({ type: "recording_state", state: "" });
    this.#chat("session-chat").forget();
    this.#side.close();
  }

  /**
   * Nothing is captured, connected or pressed any more; whatever the reason, this is how a session ends here. The socket goes first,
   * so that nobody hears "leave" from a page that is only loaded anew: whoever means it has said so.
   */
  #letGo() {
    this.#socket?.close();
    this.#own?.end();
    this.#work.end();
    this.#layout?.end();
    this.#controls.end();
    this.#life.abort();
    window.clearTimeout(this.#offline);
    this.#line?.end();
    this.#tools?.end();
  }

  /** The page cannot go on; say why. @param {string} sentence */
  #finish(sentence) {
    this.#letGo();
    const words = document.createElement("div");
    words.className = "live-over";
    const title = document.createElement("h2");
    title.className = "live-over__text";
    title.textContent = sentence;
    words.append(title, ...this.#waysOn());
    this.#part("controls").hidden = true;
    this.#part("side").hidden = true;
    this.#state("");
    this.#part("stage").replaceChildren(words);
    this.dataset.phase = "over";
  }

  /** What one can do from a page that cannot go on. */
  #waysOn() {
    const ways = find(document, "#live-ways-on", HTMLTemplateElement);
    return ways ? [ways.content.cloneNode(true)] : [];
  }

  #leavePage() {
    this.#letGo();
    location.assign(`${this.dataset.ended ?? "/"}${this.#isLeaving ? "?left" : ""}`);
  }

  /** A host has let us into another room: this page finds it by itself. */
  #moveOn() {
    this.#letGo();
    location.hash = "#now";
    location.reload();
  }

  // -- what the server says ----------------------------------------------------------------------------------------

  /** @param {object} message @returns {boolean} whether it went out */
  #send(message) {
    return this.#socket?.send(message) ?? false;
  }

  /** What the person does; they hear it when it did not go out. @param {object} message @returns {boolean} whether it went out */
  #act(message) {
    const isOut = this.#send(message);
    if (!isOut) this.#state(text("not-sent"), "warning"); // until the line is back
    return isOut;
  }

  /** @param {RoomMessage} message */
  #receive(message) {
    // An error as well: what the call does not mend itself comes back as a problem.
    if (this.call.receive(message) || this.#work.receive(message) || this.#tools?.receive(message)) return;
    if (message.type === "welcome") this.#welcomed(message);
    else if (message.type === "waiting") this.#waits(message);
    else if (message.type === "admitted") this.#admitted(message);
    else if (message.type === "people") this.#peopleChanged(message);
    else if (message.type === "chat") this.#showMessage(message.message, true);
    else if (message.type === "recording_state") this.#recordingChanged(message);
    else if (message.type === "time") this.#times?.changed(message.ends_at);
    else if (message.type === "delay") this.#times?.delayed(message.until);
    else if (message.type === "denied") this.#verdict = message.was_in ? "removed" : "not-let-in";
    else if (message.type === "moved") this.#moveOn();
    else if (message.type === "ended") this.#over(message);
  }

  /** Nobody who has not come in yet is told of an end; they read why. @param {Extract<RoomMessage, {type: 'ended'}>} message */
  #over({ message }) {
    if (message && this.#phase === "lobby") this.#finish(message);
    else this.#leavePage();
  }

  /** @param {Extract<RoomMessage, {type: 'welcome'}>} message */
  #welcomed({ peer, state, ends_at: endsAt, messages, work_area_hidden: isWorkHidden = false }) {
    if (state !== "admitted" && this.#phase === "room") this.#backToDoor();
    this.#me = peer;
    this.#isWorkHidden = isWorkHidden;
    this.#clock.endsAt = endsAt;
    for (const message of messages) this.#showMessage(message, false);
    this.#takeBack(); // what was on its way when the line broke
    if (state === "admitted") this.#enter();
    else this.#turnTo("waiting");
    this.#state("");
  }

  /** @param {Extract<RoomMessage, {type: 'waiting'}>} message */
  #waits({ position, host_present: isHostPresent, host_elsewhere: isHostElsewhere, full: isFull, locked: isLocked }) {
    const sentence = this.#part("waiting-text");
    const where = isHostPresent ? "here" : isHostElsewhere ? "elsewhere" : "away";
    const state = isFull ? "full" : isLocked ? "locked" : where;
    sentence.textContent = sentence.dataset[state] ?? "";
    this.#part("position").hidden = position < 2;
    this.#part("position-number").textContent = `${position}.`;
  }

  /** @param {Extract<RoomMessage, {type: 'admitted'}>} message */
  #admitted({ messages }) {
    this.#chime.welcome();
    for (const message of messages) this.#showMessage(message, false);
    this.#enter();
  }

  /** @param {Extract<RoomMessage, {type: 'people'}>} message */
  #peopleChanged({ people, queue, locked: isLocked = false }) {
    const isHost = this.dataset.host !== undefined;
    if (this.#isBack) this.call.onlyThese(people.map(({ peer }) => peer));
    this.#isBack = false;
    this.#presence.show(people, this.#me);
    this.#people.show(people, this.#me, isHost);
    this.#people.badge((peer) => this.#recording.badgeOf(peer));
    this.#part("people-count").textContent = String(people.length);
    this.#work.people(people);
    this.#tiles.names = this.#people.names;
    this.#tiles.people([...this.#people.names.keys()], this.#me);
    this.#tools?.show(people, this.#me, isLocked);
    if (isHost && queue) {
      this.#people.showQueue(queue);
      for (const dot of findAll(this, '[data-live="at-door"]', HTMLElement)) dot.hidden = queue.length === 0;
      this.#times?.guests(queue.length > 0 || people.length > 1);
    }
    this.#part("alone").hidden = people.length > 1;
    this.#showSelf();
  }

  /** @param {ChatMessage} message @param {boolean} isFresh */
  #showMessage(message, isFresh) {
    if (message.in_waiting_room) this.#chat("door-chat").add(message);
    const isNew = this.#chat("session-chat").add(message);
    if (!isNew || !isFresh || message.mine) return;
    if (!this.#side.arrived() && message.private_with) this.#news(fill(text("private-news"), { name: message.name }));
  }

  /** @param {Extract<RoomMessage, {type: 'recording_state'}>} message */
  #recordingChanged(message) {
    if (message.told) this.#state(message.told, "warning");
    this.#recording.show(message);
    this.#people.badge((peer) => this.#recording.badgeOf(peer));
  }

  #takeBack() {
    for (const chat of findAll(this, "live-chat", LiveChat)) chat.takeBack();
  }

  #showSelf() {
    if (!this.#me || this.#phase !== "room") return;
    const track = this.#devices.tracks.get("camera");
    const stream = this.#tiles.ownStream(this.#me, track);
    this.#tiles.show({ peer: this.#me, source: "camera", stream, present: Boolean(track), muted: false }, true);
    this.#tiles.mute(this.#me, !this.#devices.isOn("audio"));
  }

  // -- the call ----------------------------------------------------------------------------------------------------

  #followCall() {
    this.call.addEventListener("media", (event) => this.#tiles.show(detail(event)));
    this.call.addEventListener("speakers", (event) => this.#tiles.speaking(detail(event).peers));
    this.call.addEventListener("problem", (event) => this.#troubled(detail(event)));
    this.call.addEventListener("kicked", () => (this.#verdict = "removed"));
    this.call.addEventListener("engine", (event) => (this.dataset.engine = detail(event).engine));
    this.call.addEventListener("state", (event) => this.#line?.changed(detail(event).state, this.#socket));
    this.call.addEventListener("quality", (event) => showQuality(this.#part("signal"), detail(event)));
  }

  /** The server's sentence, else the page's own about this code. @param {{code: string, message: string, about?: string}} problem */
  #troubled({ code, message, about }) {
    if (about === "chat" || about === "private") this.#takeBack();
    if (this.#tools?.refused(about, message)) return;
    if (code === "not_joined") return; // what the call said before the server knew us again; `welcome` follows
    this.#state(message || text(code, document, text("trouble")), "warning");
  }

  /** @param {{code: string}} trouble with a camera, a microphone or a screen: the lobby says it in a place of its own */
  #deviceTroubled({ code }) {
    if (this.#phase === "room") this.#state(text(code), "warning");
  }

  // -- the person's actions ----------------------------------------------------------------------------------------

  /** @returns {Record<string, () => void>} by the name in data-action */
  #actions() {
    return {
      join: () => this.#join(),
      share: () => this.#own?.share(),
      record: () => this.#recording.toggle(),
      extend: () => void this.#extension?.open(),
      mic: () => this.#own?.toggle("audio"),
      camera: () => this.#own?.toggle("camera"),
      tone: () => this.#devices.testSpeaker(),
      retry: () => this.#devices.start(),
      "admit-all": () => this.#act({ type: "admit_all" }),
      shortcuts: () => required(this, "#live-shortcuts", HTMLDialogElement).showModal(),
      end: () => this.#act({ type: "end" }),
      leave: () => this.#leave(),
      "give-up": () => this.#leave(),
    };
  }

  #leave() {
    this.#isLeaving = true;
    if (!this.#send({ type: "leave" })) this.#leavePage();
  }

  /** @param {OwnSource} source */
  #deviceChanged(source) {
    const isOn = this.#devices.isOn(source);
    if (source === "audio") this.#controls.press("mic", isOn, text(isOn ? "mute" : "unmute"));
    else this.#controls.press("camera", isOn, text(isOn ? "hide" : "unhide"));
    this.#showSelf();
  }

  /** @param {MediaStreamTrack | null} track */
  #showShared(track) {
    const stream = track ? new MediaStream([track]) : null;
    this.#controls.press("share", Boolean(track));
    if (this.#me)
      this.#tiles.show({ peer: this.#me, source: "screen", stream, present: Boolean(track), muted: false }, true);
  }

  // -- parts -------------------------------------------------------------------------------------------------------

  get #devices() {
    return required(this, "device-check", DeviceCheck);
  }

  get #people() {
    return required(this, "room-people", RoomPeople);
  }

  get #work() {
    return required(this, "work-area", WorkArea);
  }

  get #clock() {
    return required(this, "session-clock", SessionClock);
  }

  /** For hosts. */
  get #extension() {
    return find(this, "extend-session", ExtendSession);
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
