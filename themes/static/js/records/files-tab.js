/**
 * The tab "Files" of a live room: the files of whoever takes part, and a place for more. The list is loaded anew when the room says that
 * something has changed; what is on its way goes on meanwhile. Nothing in it leads away from the room.
 */
import "../components/file-upload.js";
import { find, fragmentOf, required } from "../dom.js";
import { loadPart, postForm } from "../http.js";
import { text } from "../texts.js";

const LIST = '[data-part="list"]';
const LOOK_AGAIN_MS = 4000; // at a file that is being looked through

/** @typedef {import("../live/tab-context.js").TabContext} TabContext */

/** @param {HTMLElement} element @param {TabContext} context */
export async function mount(element, context) {
  const place = required(element, '[data-part="files"]', HTMLElement);
  const { signal } = context;
  let [client, page, busy, latest, timer] = ["", "", 0, 0, 0];

  /** @param {string} said  empty: nothing has gone wrong */
  const fail = (said) => {
    const box = required(element, '[data-part="failure"]', HTMLElement);
    box.textContent = said;
    box.hidden = !said;
  };

  /** @param {boolean} onlyList  the form stays as it is */
  const load = async (onlyList) => {
    const turn = ++latest;
    clearTimeout(timer);
    const asked = Object.entries({ client, page }).filter(([, value]) => value);
    const query = new URLSearchParams(asked).toString();
    try {
      const fresh = fragmentOf(await loadPart(query ? `${context.facts.url}?${query}` : String(context.facts.url)));
      if (turn !== latest || signal.aborted) return;
      const list = onlyList ? find(place, LIST, HTMLElement) : null;
      if (list) list.replaceWith(required(fresh, LIST, HTMLElement));
      else place.replaceChildren(fresh);
      fail("");
    } catch {
      if (turn === latest) fail(text("not-loaded", element));
    }
    const isChecking = find(place, `${LIST}[data-checking]`, HTMLElement) !== null;
    if (isChecking && !signal.aborted) timer = window.setTimeout(() => load(true), LOOK_AGAIN_MS);
  };

  /** @param {Event} event */
  const submitted = async (event) => {
    event.preventDefault(); // because the page of the room must stay
    const sent = event.target;
    if (!(sent instanceof HTMLFormElement)) return;
    const button = find(sent, '[type="submit"]', HTMLButtonElement);
    if (button?.disabled) return;
    if (button) button.disabled = true;
    try {
      const answer = await postForm(sent.action, new FormData(sent));
      required(element, '[data-part="said"]', HTMLElement).textContent = answer?.message ?? "";
    } catch (error) {
      if (button) button.disabled = false;
      return fail((error instanceof Error && error.message) || text("not-done", element));
    }
    await load(Boolean(sent.closest(LIST)));
  };

  /** @param {MouseEvent} event */
  const pressed = (event) => {
    const pressedOn = event.target instanceof Element ? event.target : null;
    const link = pressedOn?.closest("a[href]");
    if (link instanceof HTMLAnchorElement) Object.assign(link, { target: "_blank", rel: "noopener" });
    const button = pressedOn?.closest("button");
    const { client: other, page: turned, show } = button?.dataset ?? {};
    if (show) context.send({ type: "show", client_file: show });
    else if (turned) {
      page = turned;
      void load(true);
    } else if (other && busy) fail(text("still-sending", element));
    else if (other) {
      [client, page] = [other, ""];
      void load(false);
    }
  };

  place.addEventListener("submit", submitted, { signal });
  place.addEventListener("click", pressed, { signal });
  place.addEventListener("files-changed", (event) => (busy = /** @type {CustomEvent} */ (event).detail.busy), {
    signal,
  });
  context.addEventListener("files", () => load(true), { signal });
  context.addEventListener("shown", () => context.isShown && load(true), { signal });
  signal.addEventListener("abort", () => clearTimeout(timer));
  await load(false);
}
