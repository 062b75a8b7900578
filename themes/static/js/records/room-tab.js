/**
 * The tab "Notes and goals" of a live room: a part of a page with the editor, the earlier notes and the goals of whoever takes part. Nothing in
 * it leads away from the room: forms are sent from here, and the part is loaded anew after them; only the editor stays as it is.
 */
import "../pages/rich-text.js";
import "./earlier-notes.js";
import { NoteEditor } from "./note-editor.js";
import { find, findAll, fragmentOf, required } from "../dom.js";
import { loadPart, postForm } from "../http.js";
import { text } from "../texts.js";

const AROUND = '[data-part="around"]'; // what stands below the editor

/** @typedef {import("../live/tab-context.js").TabContext} TabContext */

/** @param {HTMLElement} element @param {TabContext} context */
export async function mount(element, context) {
  const place = required(element, '[data-part="records"]', HTMLElement);
  const url = String(context.facts.url);
  let client = "";

  /** @param {string} said  empty: nothing has gone wrong */
  const fail = (said) => {
    const box = required(element, '[data-part="failure"]', HTMLElement);
    box.textContent = said;
    box.hidden = !said;
  };

  /** @param {string} part  which of both is loaded anew; empty: all of it */
  const load = async (part = "") => {
    const opened = findAll(place, "details[open]", HTMLElement).map(nameOf);
    try {
      const fresh = fragmentOf(await loadPart(client ? `${url}?client=${client}` : url));
      if (part) required(place, part, HTMLElement).replaceWith(required(fresh, part, HTMLElement));
      else place.replaceChildren(fresh);
      fail("");
    } catch {
      fail(text("not-loaded", element));
    }
    for (const each of findAll(place, "details", HTMLDetailsElement)) each.open = opened.includes(nameOf(each));
  };

  /** @param {Event} event */
  const submitted = async (event) => {
    event.preventDefault(); // because the page of the room must stay
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !("again" in form.dataset)) return;
    try {
      await postForm(form.action, new FormData(form));
    } catch (error) {
      return fail((error instanceof Error && error.message) || text("not-done", element));
    }
    await load(form.closest(AROUND) ? AROUND : ""); // what is being typed stays as it is
  };

  place.addEventListener("submit", submitted, { signal: context.signal });
  place.addEventListener(
    "text-set-aside",
    (event) => {
      event.preventDefault(); // because the page of the room must stay
      load();
    },
    { signal: context.signal },
  );
  place.addEventListener(
    "click",
    async (event) => {
      const button = event.target instanceof Element ? event.target.closest("[data-client]") : null;
      if (!(button instanceof HTMLElement)) return;
      const editor = find(place, "note-editor", NoteEditor);
      if (editor && !(await editor.settled())) return; // it says itself why; what was typed is not left behind
      client = button.dataset.client ?? "";
      load();
    },
    { signal: context.signal },
  );
  await load();
}

/** @param {HTMLElement} details */
function nameOf(details) {
  return details.dataset.note ?? details.dataset.goal ?? "";
}
