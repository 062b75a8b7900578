/**
 * An appointment that was dragged, or moved by its keys: ask with what was and what will be, send it, say who was told, and offer to take it back.
 * Where somebody does not work then, the form opens in which that can be explained.
 *
 * @typedef {{date: string, time: string, minutes: number, practitioner: string}} Place  wall time where the calendar is read
 * @typedef {{title: string, move: string, version: string, before: Place, after: Place}} Move
 * @typedef {{zone: string, language: string, undo: string, nameOf: (practitioner: string) => string}} Surroundings
 */
import { required } from "../dom.js";
import { postForm } from "../http.js";
import { showError, showToast } from "../components/toast-region.js";

/**
 * @param {Move} move @param {Surroundings} around @param {() => void} changed whatever came of it
 * @returns {Promise<boolean>} whether it was moved
 */
export async function moveWithQuestion(move, around, changed) {
  return (await isMeant(move, around)) && send(move, around, changed);
}

/** @param {string} address of a dialog */
export function openSheet(address) {
  window.htmx.ajax("GET", address, { target: "#sheet", swap: "innerHTML" });
}

/** Date and time as the grid shows them. @param {string} text in ISO 8601 */
export function wallTime(text) {
  return { date: text.slice(0, 10), time: text.slice(11, 16) };
}

/** @param {Move} move @param {Surroundings} around @param {() => void} changed */
async function send(move, around, changed) {
  const fields = fieldsOf(move.after);
  try {
    const answer = await postForm(move.move, { ...fields, time_zone: around.zone, form_version: move.version });
    const back = { ...move, version: answer.version, before: move.after, after: move.before };
    showToast(answer.message, "success", "", { label: around.undo, act: () => send(back, around, changed) });
    return true;
  } catch (error) {
    if (isBesideHours(error)) openSheet(`${move.move}?${new URLSearchParams(fields)}`);
    showError(error);
    return false;
  } finally {
    changed();
  }
}

/** People are told of it: a slip of the hand must not do that. @param {Move} move @param {Surroundings} around @returns {Promise<boolean>} */
function isMeant(move, around) {
  const dialog = required(document, "#move-question", HTMLDialogElement);
  required(dialog, "[data-sentence]", HTMLElement).textContent = move.title;
  const lines = [[said(move.before, around), said(move.after, around)]];
  if (move.before.practitioner !== move.after.practitioner) {
    lines.push([around.nameOf(move.before.practitioner), around.nameOf(move.after.practitioner)]);
  }
  required(dialog, "[data-changes]", HTMLElement).replaceChildren(...lines.map(lineOf));
  dialog.returnValue = "";
  dialog.onkeydown = (event) => {
    if (event.altKey && event.key.startsWith("Arrow")) event.preventDefault(); // who moves by keys goes on pressing: it would leave the page
  };
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "move"), { once: true });
  });
}

/** @param {string[]} pair what was, and what will be */
function lineOf([before, after]) {
  const line = document.createElement("p");
  const old = document.createElement("s");
  old.textContent = before;
  const now = document.createElement("strong");
  now.textContent = after;
  line.append(old, " → ", now);
  return line;
}

/** From when to when, as one reads it. @param {Place} place @param {Surroundings} around */
function said({ date, time, minutes }, { language }) {
  const begins = new Date(`${date}T${time}Z`); // the wall's time, whatever zone: that of the browser has no say in it
  const options = /** @type {const} */ ({ timeZone: "UTC", hour: "numeric", minute: "2-digit" });
  const day = new Intl.DateTimeFormat(language, { ...options, weekday: "short", day: "numeric", month: "short" });
  const hour = new Intl.DateTimeFormat(language, options);
  return `${day.format(begins)} – ${hour.format(begins.getTime() + minutes * 60_000)}`;
}

/** @param {Place} place @returns {Record<string, string>} */
function fieldsOf({ minutes, ...rest }) {
  return { ...rest, minutes: String(minutes) };
}

/** Whether it was refused because somebody does not work then: that can be explained in the form. @param {any} error */
function isBesideHours(error) {
  return Boolean(error?.content?.errors?.override_reason);
}
