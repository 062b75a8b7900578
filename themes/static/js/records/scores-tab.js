/**
 * The tab "Scores" of a live room: all scores of whoever takes part, and a new one for what is shown. It is a part of a page, loaded anew when
 * something else is shown, as long as nobody is typing; nothing in it leads away from the room.
 */
import { find, findAll, fragmentOf, required } from "../dom.js";
import { loadPart, postForm } from "../http.js";
import { text } from "../texts.js";

/** @typedef {import("../live/tab-context.js").TabContext} TabContext */

/** @param {HTMLElement} element @param {TabContext} context */
export async function mount(element, context) {
  const place = required(element, '[data-part="scores"]', HTMLElement);
  /** @type {Record<string, string>} */
  let wanted = {};
  /** @type {Map<string, [string, string][]>} what was typed for somebody and not saved */
  const kept = new Map();
  let latest = 0;

  /** @param {string} said  empty: nothing has gone wrong */
  const fail = (said) => {
    const box = required(element, '[data-part="failure"]', HTMLElement);
    box.textContent = said;
    box.hidden = !said;
  };

  const form = () => find(place, "form[data-again]", HTMLFormElement);

  /** What stands in the form and was not there before, by the names of its fields. @returns {[string, string][]} */
  const typed = () => {
    const fields = /** @type {HTMLInputElement[]} */ (
      findAll(place, "form[data-again] :is(input, textarea)", HTMLElement)
    );
    return fields.filter(({ value, defaultValue }) => value !== defaultValue).map(({ name, value }) => [name, value]);
  };

  /** Whom and what the form is about, is in its address. */
  const keep = () => {
    const about = form()?.action;
    if (!about) return;
    if (typed().length) kept.set(about, typed());
    else kept.delete(about);
  };

  const bringBack = () => {
    const fresh = form();
    for (const [name, value] of (fresh && kept.get(fresh.action)) || []) {
      const field = fresh?.elements.namedItem(name);
      if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.value = value;
    }
  };

  const load = async () => {
    const turn = ++latest;
    keep();
    const query = new URLSearchParams(wanted).toString();
    try {
      const fresh = fragmentOf(await loadPart(query ? `${context.facts.url}?${query}` : String(context.facts.url)));
      if (turn !== latest) return; // somebody asked for something else meanwhile
      place.replaceChildren(fresh);
      bringBack();
      fail("");
    } catch {
      if (turn === latest) fail(text("not-loaded", element));
    }
  };

  /** @param {Record<string, string>} changes */
  const look = (changes) => {
    wanted = { ...wanted, ...changes };
    for (const [name, value] of Object.entries(wanted)) if (!value) delete wanted[name];
    return load();
  };

  /** @param {Event} event */
  const submitted = async (event) => {
    event.preventDefault(); // because the page of the room must stay
    const sent = event.target;
    if (!(sent instanceof HTMLFormElement) || !("again" in sent.dataset)) return;
    const button = required(sent, '[type="submit"]', HTMLButtonElement);
    if (button.disabled) return;
    button.disabled = true; // until the answer is there, so that two presses are one score
    try {
      await postForm(sent.action, new FormData(sent));
    } catch (error) {
      button.disabled = false;
      return fail((error instanceof Error && error.message) || text("not-done", element));
    }
    sent.reset(); // because it is saved, and not to be brought back
    required(element, '[data-part="said"]', HTMLElement).textContent = text("saved", element);
    await look({ page: "" });
  };

  /** @param {Event} event */
  const pressed = (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const { client, page } = button?.dataset ?? {};
    if (client) look({ client, page: "" });
    else if (page) look({ page });
  };

  /** @param {Event} event */
  const changed = (event) => {
    const select = event.target;
    if (select instanceof HTMLSelectElement && "resources" in select.dataset) look({ resource: select.value });
  };

  const { signal } = context;
  place.addEventListener("submit", submitted, { signal });
  place.addEventListener("click", pressed, { signal });
  place.addEventListener("change", changed, { signal });
  let shown = "";
  context.addEventListener(
    "showing",
    (event) => {
      const { showing } = /** @type {CustomEvent} */ (event).detail;
      if (showing === shown) return;
      shown = showing;
      delete wanted.resource; // what is open now is what is meant
      if (!typed().length) load();
    },
    { signal },
  );
  context.addEventListener("shown", () => context.isShown && !typed().length && load(), { signal });
  await load();
}
