/**
 * Somebody waits at the door: a card and a sound on whatever page the host has open (LIV-02 … LIV-04).
 * News comes as the `news` event of <person-news>; who waited before this page was opened is asked for once.
 */
import { ringDoorbell } from "./chime.js";
import { Many } from "./doorbell-many.js";

const QUIET_MS = 8000; // between two sounds, so that a queue does not become a siren
const region = /** @type {HTMLElement} */ (document.getElementById("doorbell"));
const template = /** @type {HTMLTemplateElement} */ (document.getElementById("doorbell-card"));
/** @type {Map<string, HTMLElement>} cards by admission */
const cards = new Map();
const many = new Many(region, cards, admitAll);
let rangAt = -Infinity;

/** @param {any} ring @param {boolean} loud */
async function show(ring, loud) {
  let card = cards.get(ring.admission);
  if (!card) {
    card = /** @type {HTMLElement} */ (template.content.firstElementChild.cloneNode(true));
    card.dataset.admission = ring.admission;
    card.dataset.room = ring.room;
    card.dataset.path = ring.path;
    card.setAttribute("aria-label", ring.title);
    card.querySelector(".doorbell__title").textContent = ring.title;
    card.querySelector(".doorbell__text").textContent = ring.body;
    card.querySelector(".doorbell__link").href = `${ring.path}#now`;
    card.querySelector(".doorbell__link").hidden = here() === ring.room;
    card.querySelector(".doorbell__form").addEventListener("submit", (event) => write(event, card));
    cards.set(ring.admission, card);
    region.append(card);
    many.update();
  }
  if (!loud) return;
  card.dataset.fresh = "";
  if (performance.now() - rangAt < QUIET_MS) return;
  rangAt = performance.now();
  const heard = await ringDoorbell();
  region.dataset.rang = String(Number(region.dataset.rang ?? 0) + 1);
  region.dataset.heard = String(heard);
  document.dispatchEvent(new CustomEvent("doorbell", { detail: { admission: ring.admission, heard } }));
}

/** The room that this page is in, if any. */
const here = () => {
  const room = document.getElementById("live-room");
  return room?.dataset.phase === "room" ? room.dataset.room : "";
};

/** @param {string} admission */
function forget(admission) {
  cards.get(admission)?.remove();
  cards.delete(admission);
  many.update();
}

/** @param {HTMLElement} card @param {string} text */
function complain(card, text) {
  const trouble = /** @type {HTMLElement} */ (card.querySelector(".doorbell__trouble"));
  trouble.textContent = text;
  trouble.hidden = !text;
}

/** @param {HTMLElement} card @param {string} rest @param {Record<string, string>=} form */
async function ask(card, rest, form) {
  const url = `${card.dataset.path}admissions/${card.dataset.admission}/${rest}`;
  const headers = { "X-CSRFToken": region.dataset.csrf ?? "", Accept: "application/json" };
  const answer = await fetch(url, form ? { method: "POST", headers, body: new URLSearchParams(form) } : { headers });
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(content.message ?? `${answer.status}`);
  return content;
}

/** @param {HTMLElement} card @param {'admit' | 'deny'} decision */
async function decide(card, decision) {
  try {
    const { path } = await ask(card, "", { decision });
    forget(card.dataset.admission);
    if (decision === "admit" && here() !== card.dataset.room) location.assign(`${path}#now`);
  } catch (error) {
    complain(card, String(error instanceof Error ? error.message : error));
  }
}

/** Let in everybody at one door. @param {string} path of the room */
async function admitAll(path) {
  const headers = { "X-CSRFToken": region.dataset.csrf ?? "", Accept: "application/json" };
  const answer = await fetch(`${path}admissions/`, {
    method: "POST",
    headers,
    body: new URLSearchParams({ decision: "admit" }),
  });
  const { message } = await answer.json().catch(() => ({}));
  if (message || !answer.ok) throw new Error(message ?? `${answer.status}`);
  if (document.getElementById("live-room")?.dataset.phase !== "room") location.assign(`${path}#now`);
}

/** @param {HTMLElement} card */
async function openChat(card) {
  const chat = /** @type {HTMLElement} */ (card.querySelector(".doorbell__chat"));
  const fresh = chat.hidden;
  chat.hidden = false;
  card.querySelector("input")?.focus();
  if (!fresh) return;
  try {
    const { messages } = await ask(card, "messages/");
    card.querySelector(".doorbell__log").replaceChildren();
    for (const message of messages) line(card, message.text, message.mine);
  } catch (error) {
    complain(card, String(error instanceof Error ? error.message : error));
  }
}

/** @param {HTMLElement} card @param {string} text @param {boolean} mine */
function line(card, text, mine) {
  const log = card.querySelector(".doorbell__log");
  const entry = document.createElement("p");
  entry.className = "doorbell__line";
  entry.textContent = text;
  if (mine) entry.dataset.mine = "";
  log.append(entry);
  log.scrollTop = log.scrollHeight;
}

/** @param {SubmitEvent} event @param {HTMLElement} card */
async function write(event, card) {
  event.preventDefault();
  const input = card.querySelector("input");
  const text = input.value.trim();
  if (!text) return;
  try {
    await ask(card, "messages/", { text });
    input.value = "";
    complain(card, "");
  } catch (error) {
    complain(card, String(error instanceof Error ? error.message : error));
  }
}

region.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-ring]") : null;
  const card = /** @type {HTMLElement | null} */ (button?.closest(".doorbell__card") ?? null);
  if (!card) return;
  const act = button.getAttribute("data-ring");
  if (act === "later") forget(card.dataset.admission);
  else if (act === "chat") openChat(card);
  else decide(card, act);
});

document.addEventListener("news", (event) => {
  const news = /** @type {CustomEvent} */ (event).detail;
  if (!String(news.kind).startsWith("live.") || news.kind === "live.started") return;
  event.preventDefault(); // because the card says it already
  if (news.kind === "live.ring") show(news, !news.quiet);
  else if (news.kind === "live.settled") forget(news.admission);
  else if (news.kind === "live.words") hear(news);
});

/** Somebody wrote at the door; the host's own words come back the same way, to all of their pages. */
function hear(news) {
  const card = cards.get(news.admission);
  if (!card) return;
  const chat = /** @type {HTMLElement} */ (card.querySelector(".doorbell__chat"));
  if (chat.hidden) openChat(card);
  else line(card, news.text, !news.from_guest);
}

async function arrive() {
  const answer = await fetch(region.dataset.waiting ?? "", { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { waiting } = await answer.json();
  for (const ring of waiting) await show(ring, true);
}
arrive().catch(() => {}); // because news still comes by the socket
