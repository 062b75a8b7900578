/**
 * The page of a session: device check, waiting room, session. Everything about WebRTC is in protocol.js; this is the person's side.
 */
import { Chat } from "./live-chat.js";
import { playWelcome } from "./chime.js";
import { press, wire } from "./controls.js";
import { Devices } from "./device-check.js";
import { People } from "./room-people.js";
import { Presence } from "./presence.js";
import { openScreen } from "./protocol-devices.js";
import { LiveSocket } from "./protocol-socket.js";
import { LiveCall } from "./protocol.js";
import { Recording } from "./recording-consent.js";
import { Tiles } from "./video-tiles.js";

const page = document.body;
const room = /** @type {HTMLElement & {call?: LiveCall}} */ (document.getElementById("live-room"));
const part = (name) => page.querySelector(`[data-live="${name}"]`);
const text = (name) => document.querySelector(`[data-text="${name}"]`)?.textContent ?? name;
const isHost = "host" in room.dataset;
const CLOSED = { 4401: "signed-out", 4403: "removed", 4404: "over", 4409: "elsewhere", 4410: "over" };

let me = "";
let denied = false;
/** @type {LiveSocket | null} */
let socket = null;
const say = (message) => socket?.send(message) ?? false;

const devices = new Devices(part("lobby"), text);
const call = (room.call = new LiveCall({ send: say }));
const people = new People(page, { text, say, isHost });
const recording = new Recording(page, { text, say, tell: (sentence) => state(sentence, "warning") });
const presence = new Presence((name) => state(`${name}: ${text("left")}`));
const tiles = new Tiles(part("tiles"), { people, text, changed: (shown) => call.show(shown) });
const doorChat = new Chat(part("door-chat"), (words) => say({ type: "chat", text: words }));
const chat = new Chat(part("session-chat"), (words) => say({ type: "chat", text: words }));

// -- phases ----------------------------------------------------------------------------------------------------------

/** @param {'lobby' | 'waiting' | 'room'} phase */
function turnTo(phase) {
  if (room.dataset.phase === phase) return;
  room.dataset.phase = phase;
  part("check").hidden = phase !== "lobby";
  part("waiting").hidden = phase !== "waiting";
  part("controls").hidden = phase !== "room";
  if (phase === "waiting") part("waiting-title").focus();
  if (phase === "room") {
    devices.rest();
    if (matchMedia("(min-width: 64rem)").matches) openSide("chat");
  }
}

/** @param {string} sentence */
function state(sentence, tone = "") {
  part("state").textContent = sentence;
  part("state").dataset.tone = tone;
}

function join() {
  if (socket || !room.dataset.socket) return;
  state(text("asking"));
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  socket = new LiveSocket(`${scheme}://${location.host}${room.dataset.socket}`);
  socket.addEventListener("open", ({ detail }) => say({ type: "hello", resume: detail.again }));
  socket.addEventListener("message", ({ detail }) => hear(detail));
  socket.addEventListener("down", ({ detail }) => down(detail));
}

function down({ code, final }) {
  call.disconnected();
  if (!final) return state(text("offline"), "warning");
  if (CLOSED[code] === "over") return leavePage();
  finish(text(denied ? "removed" : (CLOSED[code] ?? "over")));
}

/** The page cannot go on; say why, and offer the way out. @param {string} sentence */
function finish(sentence) {
  call.close();
  for (const track of devices.tracks.values()) track.stop();
  part("tiles").remove();
  const words = document.createElement("div");
  words.className = "live-over";
  const title = Object.assign(document.createElement("h2"), { className: "live-over__text", textContent: sentence });
  words.append(title);
  room.replaceChildren(words);
  room.dataset.phase = "over";
  part("controls").hidden = true;
  part("side").hidden = true;
  state("");
}

function leavePage() {
  call.close();
  for (const track of devices.tracks.values()) track.stop();
  location.assign(room.dataset.ended);
}

// -- what the server says --------------------------------------------------------------------------------------------

const handlers = {
  welcome(message) {
    me = message.peer;
    for (const one of message.messages) remember(one, false);
    if (message.state === "admitted") enter();
    else turnTo("waiting");
    state("");
  },
  waiting({ position, host_present: present, full }) {
    part("waiting-text").textContent = part("waiting-text").dataset[full ? "full" : present ? "here" : "away"];
    part("position").hidden = position < 2;
    part("position-number").textContent = `${position}.`;
  },
  admitted() {
    playWelcome();
    enter();
  },
  people(message) {
    presence.show(message.people, me);
    people.show(message.people, me);
    recording.badges();
    tiles.people(
      message.people.map(({ peer }) => peer),
      me,
    );
    if (isHost && message.queue) people.door(message.queue);
    part("alone").hidden = message.people.length > 1;
    showSelf();
  },
  chat({ message }) {
    remember(message, true);
  },
  recording_state(message) {
    recording.show(message);
  },
  denied() {
    denied = true;
  },
  ended() {
    leavePage();
  },
  error(message) {
    if (message.message) state(message.message, "warning");
  },
};

function hear(message) {
  if (message.type !== "error" && call.receive(message)) return;
  handlers[message.type]?.(message);
}

/** @param {any} message @param {boolean} fresh */
function remember(message, fresh) {
  if (message.at_door) doorChat.add(message);
  if (chat.add(message) && fresh && !message.mine && part("side").hidden) part("unread").hidden = false;
}

function enter() {
  turnTo("room");
  for (const [source, track] of devices.tracks) {
    if (call.local.get(source)?.track !== track) call.publish(source, track);
    if (source === "audio" && !devices.wanted.audio) call.mute("audio", true);
  }
  showSelf();
}

function showSelf() {
  if (!me || room.dataset.phase !== "room") return;
  const track = devices.tracks.get("camera");
  const own = part("tiles").querySelector('.tile[data-self][data-source="camera"] video');
  const stream =
    own?.srcObject?.getVideoTracks()[0] === track ? own.srcObject : track ? new MediaStream([track]) : null;
  tiles.media({ peer: me, source: "camera", stream, present: Boolean(track), muted: false }, true);
  tiles.muted(me, !devices.wanted.audio);
}

// -- the call --------------------------------------------------------------------------------------------------------

call.addEventListener("media", ({ detail }) => tiles.media(detail));
call.addEventListener("speakers", ({ detail }) => tiles.speaking(detail.peers));
call.addEventListener("problem", ({ detail }) => state(text("trouble"), "warning"));
call.addEventListener("kicked", () => (denied = true));
call.addEventListener("engine", ({ detail }) => (room.dataset.engine = detail.engine));
call.addEventListener("state", ({ detail }) => {
  room.dataset.call = detail.state;
  const lost = detail.state === "reconnecting";
  // While the server still hears us, it is the other side's line; then their last picture goes, because it is none of now.
  const other = lost && navigator.onLine && socket?.socket?.readyState === WebSocket.OPEN ? presence.other : null;
  presence.watch(other, (peer) => tiles.lost(peer));
  const words = other ? `${other.name}: ${text("line-lost")}` : lost ? text("reconnecting") : "";
  state(words, words ? "warning" : "");
});
call.addEventListener("quality", ({ detail: { up, down: received } }) => {
  const scores = [up.score, received.score].filter((score) => score !== null);
  const bars = scores.length ? Math.max(1, Math.min(4, Math.round(Math.min(...scores)) - 1)) : 0;
  part("signal").hidden = false;
  part("signal").dataset.score = String(bars);
  part("signal").setAttribute("aria-label", text(`quality-${bars}`));
});

// -- the person's acts -----------------------------------------------------------------------------------------------

/** @param {'audio' | 'camera'} source */
async function toggle(source) {
  const on = !(devices.wanted[source] && devices.tracks.has(source));
  if (!on && call.local.has(source)) await call.mute(source, true);
  const track = await devices.turn(source, on);
  if (on && track && room.dataset.phase === "room") {
    if (source === "audio" && call.local.get("audio")?.track === track) await call.mute("audio", false);
    else await call.publish(source, track);
  }
}

async function share() {
  if (call.local.has("screen")) {
    await call.unpublish("screen");
    await call.unpublish("screen-audio");
    return sharing(false);
  }
  try {
    const { screen, audio } = await openScreen();
    screen.addEventListener("ended", () => sharing(false));
    await call.publish("screen", screen);
    if (audio) await call.publish("screen-audio", audio);
    sharing(true, screen);
  } catch (error) {
    if (error.trouble !== "cancelled") state(text(error.trouble), "warning");
  }
}

/** @param {boolean} on @param {MediaStreamTrack=} track */
function sharing(on, track) {
  press("share", on);
  tiles.media(
    { peer: me, source: "screen", stream: track ? new MediaStream([track]) : null, present: on, muted: false },
    true,
  );
}

/** @param {'chat' | 'people'} name */
function openSide(name) {
  part("side").hidden = false;
  for (const pane of page.querySelectorAll("[data-pane]")) pane.hidden = pane.dataset.pane !== name;
  for (const one of ["chat", "people"]) {
    press(one, one === name);
    press(`toggle-${one}`, one === name);
  }
  if (name === "chat") part("unread").hidden = true;
}

function closeSide() {
  part("side").hidden = true;
  press("toggle-chat", false);
  press("toggle-people", false);
}

const isOpen = (name) => !part("side").hidden && !page.querySelector(`[data-pane="${name}"]`).hidden;
const toggleSide = (name) => (isOpen(name) ? closeSide() : openSide(name));

wire(page, {
  join,
  share,
  record: () => recording.toggle(),
  mic: () => toggle("audio"),
  camera: () => toggle("camera"),
  tone: () => devices.tone(),
  retry: () => devices.start(),
  chat: () => openSide("chat"),
  people: () => openSide("people"),
  "close-side": closeSide,
  "admit-all": () => say({ type: "admit_all" }),
  "toggle-chat": () => toggleSide("chat"),
  "toggle-people": () => toggleSide("people"),
  end: () => say({ type: "end" }),
  leave: () => say({ type: "leave" }) || leavePage(),
  "give-up": () => say({ type: "leave" }) || leavePage(),
});

devices.addEventListener("change", ({ detail: { source } }) => {
  const on = devices.wanted[source] && devices.tracks.has(source);
  press(
    source === "audio" ? "mic" : "camera",
    on,
    text(source === "audio" ? (on ? "mute" : "unmute") : on ? "hide" : "unhide"),
  );
  if (room.dataset.phase === "room") {
    const track = devices.tracks.get(source);
    if (track && call.local.get(source)?.track !== track) call.publish(source, track); // another device was chosen
    showSelf();
  }
});
devices.addEventListener("speaker", () => tiles.speaker(devices.speaker));
addEventListener("visibilitychange", () => tiles.tell());

addEventListener("hashchange", () => location.hash === "#now" && join());

await devices.start();
if (location.hash === "#now") join();
if (room.dataset.opensIn) setTimeout(() => location.reload(), Math.min(Number(room.dataset.opensIn), 86400) * 1000);
