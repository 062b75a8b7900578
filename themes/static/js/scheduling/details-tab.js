/**
 * The tab of appointments in a live session (docs/live-rooms.md): a part of a page, read again whenever it is looked at. What leads to another
 * page opens beside the session, so that nobody leaves it by a click.
 */
import { closest, findAll, fragmentOf, required } from "../dom.js";
import { sentenceOf } from "../error-sentences.js";
import { loadPart } from "../http.js";

/** @param {HTMLElement} element @param {import('../live/tab-context.js').TabContext} context */
export async function mount(element, context) {
  const { signal, facts } = context;
  const first = new URL(facts.part, location.href);
  let shown = first;

  /** @param {URL} address */
  async function show(address) {
    const trouble = required(element, '[data-details="trouble"]', HTMLElement);
    try {
      const part = await loadPart(address);
      if (signal.aborted) return;
      shown = address;
      draw(required(element, '[data-details="part"]', HTMLElement), part, first);
      trouble.hidden = true;
    } catch (error) {
      trouble.textContent = sentenceOf(error);
      trouble.hidden = false;
    }
  }

  element.addEventListener(
    "click",
    (event) => {
      const link = closest(event, "a[data-part]", HTMLAnchorElement);
      if (!link) return;
      event.preventDefault();
      void show(new URL(link.href));
    },
    { signal },
  );
  context.addEventListener("shown", () => context.isShown && void show(shown), { signal });
  await show(first);
}

/** @param {HTMLElement} place @param {string} part @param {URL} address of which the links in it are relative */
function draw(place, part, address) {
  place.replaceChildren(fragmentOf(part));
  for (const link of findAll(place, "a[href]", HTMLAnchorElement)) {
    const href = link.getAttribute("href") ?? "";
    link.href = new URL(href, address).href;
    if (href.startsWith("?")) link.dataset.part = "";
    else Object.assign(link, { target: "_blank", rel: "noopener" });
  }
}
