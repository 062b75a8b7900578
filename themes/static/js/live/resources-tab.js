/**
 * The tab of what a host shows to everybody (docs/live-rooms.md): a PDF, a picture, sound, a video, a text, a link, cards or dice. How sheets are looked at
 * goes through leading; what plays is kept in step by the server's word.
 *
 * @typedef {import('live-protocol').Showing} Showing
 * @typedef {import('../resources/sheet-view.js').SheetView} SheetView
 * @typedef {import('../resources/card-table.js').CardTable} CardTable
 */
import { closest, copyOf, find, required } from "../dom.js";
import { ResourceChoice } from "./resource-choice.js";
import { text } from "../texts.js";
import { StepPlayer } from "./step-player.js";

const MOST_TEXT = 512 * 1024; // bytes that are shown

/** @type {WeakMap<HTMLElement, ResourcesTab>} */
const tabs = new WeakMap();

/** @param {HTMLElement} element @param {import('./tab-context.js').TabContext} context */
export function mount(element, context) {
  tabs.set(element, new ResourcesTab(element, context));
}

/** @param {HTMLElement} element */
export function unmount(element) {
  tabs.get(element)?.end();
}

class ResourcesTab {
  #element;
  #context;
  /** @type {Showing} */
  #showing = { type: "showing", showing: "" };
  /** @type {SheetView | null} */
  #sheet = null;
  /** @type {StepPlayer | null} */
  #player = null;
  /** @type {CardTable | null} */
  #table = null;
  #shownLife = new AbortController(); // of what is open
  /** @type {ResourceChoice | null} for hosts */
  #choice = null;
  /** @type {Record<string, unknown> | null} the latest, for a sheet that is still to come */
  #view = null;
  #isChoosing = false; // although something is open

  /** @param {HTMLElement} element @param {import('./tab-context.js').TabContext} context */
  constructor(element, context) {
    this.#element = element;
    this.#context = context;
    const { signal, facts } = context;
    const place = find(element, '[data-part="choice"]', HTMLElement);
    if (place) this.#choice = new ResourceChoice(place, facts.choice, (name, id) => this.#chosen(name, id));
    element.addEventListener("click", (event) => this.#pressed(event), { signal });
    context.addEventListener("showing", (event) => this.#told(/** @type {CustomEvent} */ (event).detail), { signal });
    context.addEventListener("follow", (event) => this.#follow(/** @type {CustomEvent} */ (event).detail.view), {
      signal,
    });
    context.addEventListener("people", () => this.#table?.refresh(), { signal });
    context.addEventListener("shown", () => this.#isInChoice && context.isShown && this.#choice?.load(), { signal });
    this.#draw();
  }

  end() {
    this.#forget();
  }

  // -- what the room says --------------------------------------------------------------------------------------------

  /** @param {Showing} showing */
  #told(showing) {
    const isOther = showing.showing !== this.#showing.showing;
    this.#showing = showing;
    if (isOther) {
      this.#isChoosing = false;
      this.#forget();
      if (showing.showing) this.#fill();
      this.#draw();
    }
    this.#player?.told(showing);
    if (showing.table) this.#table?.told(showing.table);
  }

  /** Where whoever leads looks, if it is at the same thing. @param {Record<string, unknown>} view */
  #follow(view) {
    this.#view = view;
    if (view.showing === this.#showing.showing) void this.#sheet?.lookAt(view);
  }

  // -- what the person does --------------------------------------------------------------------------------------------

  /** @param {Event} event */
  #pressed(event) {
    const act = closest(event, "[data-act]", HTMLButtonElement)?.dataset.act;
    if (act === "close") this.#context.send({ type: "showing_close" });
    if (act !== "choose" && act !== "back") return;
    this.#isChoosing = act === "choose";
    this.#draw();
  }

  /** @param {string} name @param {string} id */
  #chosen(name, id) {
    const what = name === "dice" ? { dice: true } : { [name]: id };
    if (!this.#context.send({ type: "show", ...what })) return;
    this.#isChoosing = false;
    this.#draw();
  }

  // -- how it looks --------------------------------------------------------------------------------------------------

  get #isInChoice() {
    return Boolean(this.#choice) && (!this.#showing.showing || this.#isChoosing);
  }

  #draw() {
    const { showing, title = "" } = this.#showing;
    this.#part("shown").hidden = !showing || this.#isInChoice;
    this.#part("title").textContent = title || (this.#showing.kind === "dice" ? text("dice", this.#element) : "");
    if (!this.#choice) this.#part("empty").hidden = Boolean(showing);
    if (!this.#choice) return;
    this.#part("choice").hidden = !this.#isInChoice;
    required(this.#element, '[data-act="back"]', HTMLButtonElement).hidden = !showing;
    if (this.#isInChoice) void this.#choice.load();
  }

  /** Show what is open. */
  #fill() {
    const { kind = "", title = "", address = "" } = this.#showing;
    const fill = {
      pdf: () => this.#pdf(title),
      picture: () => this.#picture(title),
      audio: () => this.#media(document.createElement("audio")),
      video: () => this.#media(document.createElement("video")),
      text: () => this.#text(),
      link: () => this.#link(address),
      cards: () => this.#cards(),
      dice: () => this.#cards(),
    }[kind];
    this.#part("body").replaceChildren(fill ? fill() : copyOf("showing-none"));
  }

  /** @param {string} title */
  #pdf(title) {
    const view = copyOf("showing-pdf");
    view.dataset.file = this.#address("file/");
    const sheet = required(view, "[data-sheet]", HTMLElement);
    sheet.setAttribute("aria-label", title);
    if (this.#showing.picture) {
      const first = Object.assign(document.createElement("img"), { src: this.#address("picture/"), alt: "" });
      first.className = "resource__picture";
      sheet.append(first); // until its first page is drawn
    }
    this.#look(view, import("../resources/pdf-view.js"));
    return view;
  }

  /** @param {string} title */
  #picture(title) {
    if (!this.#showing.picture) return copyOf("showing-none");
    const view = copyOf("showing-picture");
    Object.assign(required(view, "img", HTMLImageElement), { src: this.#address("picture/"), alt: title });
    this.#look(view, import("../resources/picture-view.js"));
    return view;
  }

  /** A sheet that goes where whoever leads looks. @param {HTMLElement} view @param {Promise<unknown>} module of its element */
  #look(view, module) {
    const { showing } = this.#showing;
    const begin = () => {
      if (this.#showing.showing !== showing || !view.isConnected) return;
      const sheet = (this.#sheet = /** @type {SheetView} */ (view));
      sheet.addEventListener("looked", () => this.#context.lead({ showing, ...sheet.look }));
      if (this.#view) this.#follow(this.#view);
    };
    module.then(begin, () => view.replaceWith(copyOf("showing-none")));
  }

  /** @param {HTMLMediaElement} media */
  #media(media) {
    Object.assign(media, { src: this.#address("file/"), preload: "auto", playsInline: true });
    const view = copyOf("showing-player");
    const { showing } = this.#showing;
    const steer = (/** @type {boolean} */ playing, /** @type {number} */ position) =>
      void this.#context.send({ type: "showing_steer", showing, playing, position });
    this.#player = new StepPlayer(view, media, this.#element, steer);
    return view;
  }

  #text() {
    const view = copyOf("showing-text");
    const place = required(view, "pre", HTMLElement);
    const read = async () => {
      const range = { Range: `bytes=0-${MOST_TEXT - 1}` };
      const answer = await fetch(this.#address("file/"), { headers: range, signal: this.#context.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      place.textContent = textOf(new Uint8Array(await answer.arrayBuffer()));
      const whole = Number(answer.headers.get("Content-Range")?.split("/")[1] ?? 0);
      required(view, '[data-part="more"]', HTMLElement).hidden = whole <= MOST_TEXT;
    };
    read().catch(() => place.isConnected && view.replaceWith(copyOf("showing-none")));
    return view;
  }

  /** @param {string} address */
  #link(address) {
    const view = copyOf("showing-link");
    required(view, ".link-view__address", HTMLElement).textContent = address;
    required(view, "a", HTMLAnchorElement).href = address;
    return view;
  }

  /** Cards and dice: what happens on the table goes by the server's word, and moves are asked of it. */
  #cards() {
    const place = document.createElement("div");
    place.className = "resources-tab__table";
    const { showing } = this.#showing;
    const life = this.#shownLife.signal;
    const begin = (/** @type {typeof import('../resources/card-table.js')} */ { CardTable }) => {
      if (life.aborted) return;
      this.#table = new CardTable({
        me: () => this.#context.me.peer,
        leads: () => this.#context.me.host,
        people: () => this.#context.people,
        move: (act, value, seen) => void this.#context.send({ type: "play", showing, act, value, seen }),
        alone: false,
        files: this.#address("cards/"),
        signal: life,
      });
      place.append(this.#table.element);
      if (this.#showing.table) this.#table.told(this.#showing.table);
    };
    import("../resources/card-table.js").then(begin, () => place.replaceWith(copyOf("showing-none")));
    return place;
  }

  #forget() {
    this.#shownLife.abort();
    this.#shownLife = new AbortController();
    this.#table = null;
    this.#player?.end();
    this.#player = null;
    this.#sheet = null;
    this.#part("body").replaceChildren();
  }

  /** @param {string} what */
  #address(what) {
    return `${this.#context.facts.showings}${this.#showing.showing}/${what}`;
  }

  /** @param {string} name */
  #part(name) {
    return required(this.#element, `[data-part="${name}"]`, HTMLElement);
  }
}

/** As its first bytes say; what is no UTF-8 is read as older programs of the West wrote. @param {Uint8Array} bytes */
function textOf(bytes) {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
