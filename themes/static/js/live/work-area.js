/**
 * <work-area>: what lies beside the pictures: a tab for each app that brings one (docs/live-rooms.md), and one for each shared screen. Parts
 * are marked by data-work. The room hands in `send`, `act`, `say` and who is there. Event `arranged` {isOpen, isOffered}: whether it is to be seen, and whether
 * there is anything in it.
 *
 * @typedef {import('live-protocol').Person} Person
 * @typedef {import('live-protocol').RoomMessage} RoomMessage
 */
import { closest, copyOf, find, findAll, required } from "../dom.js";
import { fill, text } from "../texts.js";
import { TabContext } from "./tab-context.js";
import { WorkLead } from "./work-lead.js";
import { WorkMemory } from "./work-memory.js";
import { WorkTab } from "./work-tab.js";

/** @typedef {{room: string, screen: {peer: string, video: HTMLVideoElement} | null}} Place */

export class WorkArea extends HTMLElement {
  /** @type {(message: object) => boolean} */
  send = () => false;
  /** @type {(message: object) => boolean} the same for what the person does, who is told when it did not go out */
  act = () => false;
  /** @type {(sentence: string, tone?: string) => void} */
  say = () => {};
  /** @type {import('./tab-context.js').Me} */
  me = { peer: "", host: false };
  memory = new WorkMemory(this.dataset.person ?? "");
  #lead = new WorkLead((message) => this.send(message));
  /** @type {Person[]} */
  #people = [];
  /** @type {Map<string, WorkTab>} in the order of their buttons */
  #tabs = new Map();
  /** @type {Map<string, {element: HTMLElement, context: TabContext, module: Promise<import('./work-tab.js').TabModule>}[]>} what lies over shared screens, by tab */
  #overlays = new Map();
  #front = "";
  #together = new Map([
    ["video", ""],
    ["resources", ""],
  ]); // id of what is open for everybody, by tab
  #isOpen = false;
  #isHiddenForAll = false;
  #isSharing = false; // I share a screen of mine

  connectedCallback() {
    for (const button of findAll(this, "[data-tab]", HTMLButtonElement)) {
      const { tab = "", module = "", facts = "{}" } = button.dataset;
      const context = this.#context(tab, JSON.parse(facts));
      const panel = required(this, `[data-panel="${tab}"]`, HTMLElement);
      this.#tabs.set(tab, new WorkTab(button, panel, context, { module, isPrivate: "private" in button.dataset }));
    }
    this.#list.addEventListener("click", (event) => this.#clicked(event));
    this.#list.addEventListener("keydown", (event) => this.#keyed(event));
  }

  // -- what the room says --------------------------------------------------------------------------------------------

  /** The person is in, or in again after the line was away. @param {import('./tab-context.js').Me} me @param {boolean} isHiddenForAll */
  enter(me, isHiddenForAll) {
    this.me = me;
    this.#isHiddenForAll = isHiddenForAll;
    const { isOpen, tab } = this.memory.now;
    if (!this.#front) this.#bring(this.#offered.includes(tab) ? tab : (this.#offered[0] ?? ""));
    this.#open(this.#isOpen || isOpen);
    this.#lead.again();
  }

  /** @param {Person[]} people who are in now */
  people(people) {
    const known = this.#people.map(({ peer }) => peer);
    const isSomebodyNew = people.some(({ peer }) => !known.includes(peer));
    this.#people = people;
    this.#lead.people(people, isSomebodyNew);
    for (const context of this.#contexts) context.tell("people", { people });
    this.#showLead();
  }

  /** @param {RoomMessage} message @returns {boolean} whether it was about this */
  receive(message) {
    if (message.type === "work_area") this.#hiddenForAll(message.hidden);
    else if (message.type === "lead") this.#led(message);
    else if (message.type === "video") this.#opened("video", message, message.video);
    else if (message.type === "showing") this.#shown(message);
    else if (message.type === "client_files") this.#filesChanged(message);
    else return false;
    return true;
  }

  /** A screen is shared: a tab of its own. @param {string} peer @param {HTMLElement} tile @param {boolean} isOwn */
  addScreen(peer, tile, isOwn) {
    const name = `screen:${peer}`;
    if (this.#tabs.has(name)) return;
    const screen = { peer, video: required(tile, "video", HTMLVideoElement) };
    const [button, panel] = [copyOf("work-tab"), copyOf("work-panel")];
    Object.assign(button, { id: `work-tab-${peer}` }).setAttribute("aria-controls", `work-${peer}`);
    Object.assign(panel, { id: `work-${peer}` }).setAttribute("aria-labelledby", button.id);
    button.dataset.tab = name;
    required(panel, ".work__body", HTMLElement).append(tile);
    this.#list.append(button);
    this.append(panel);
    const context = this.#context(name, {}, screen);
    this.#tabs.set(name, new WorkTab(/** @type {HTMLButtonElement} */ (button), panel, context));
    if (isOwn) this.#cover(true);
    this.#lay(name, tile, screen);
    if (this.#lead.isFollowing || (isOwn && this.#isOpen)) this.#tabs.get(name)?.notify();
    else this.show(name);
    if (this.#isHiddenForAll && !isOwn) this.say(text("work-share-hidden"));
    this.#arranged();
  }

  /** Whose screen it is, as a name or as “your screen”. @param {string} peer @param {string} label */
  nameScreen(peer, label) {
    const tab = this.#tabs.get(`screen:${peer}`);
    if (tab) required(tab.button, ".work__name", HTMLElement).textContent = label;
  }

  /** @param {string} peer who does not share any more */
  removeScreen(peer) {
    const name = `screen:${peer}`;
    const tab = this.#tabs.get(name);
    if (!tab) return;
    for (const { element, context, module } of this.#overlays.get(name) ?? []) {
      context.end();
      void module.then(({ unmount }) => unmount?.(element)).catch(() => {});
    }
    this.#overlays.delete(name);
    tab.end();
    tab.button.remove();
    tab.panel.remove();
    this.#tabs.delete(name);
    if (peer === this.me.peer) this.#cover(false);
    this.#goBack(name);
    this.#arranged();
  }

  /** The person is out: everything in it ends with the page, or begins anew when they are in again. */
  leave() {
    this.#lead.end();
    this.#open(false);
  }

  /** For good. */
  end() {
    this.#lead.end();
    for (const tab of this.#tabs.values()) tab.end();
  }

  /** By the name in data-action. @returns {Record<string, () => void>} */
  get actions() {
    return {
      "toggle-work": () => this.toggle(),
      "close-work": () => this.toggle(),
      "hide-for-all": () => this.toggleForAll(),
      lead: () => this.toggleLead(),
      follow: () => this.toggleFollow(),
    };
  }

  // -- what the person does --------------------------------------------------------------------------------------------

  /** Show it or put it away, for oneself; remembered. What is hidden for everybody a host shows to everybody. */
  toggle() {
    if (this.#isHiddenForAll) return void (this.me.host && this.toggleForAll());
    this.#open(!this.#isOpen);
    this.memory.change({ isOpen: this.#isOpen });
  }

  /** For a host: everybody's. */
  toggleForAll() {
    this.act({ type: "work_area", hidden: !this.#isHiddenForAll });
  }

  /** For a host: the others follow me, or do not any more. */
  toggleLead() {
    this.#lead.toggle(this.#leadable);
    this.#showLead();
  }

  /** Look around by oneself, or follow again. */
  toggleFollow() {
    this.#lead.isFollowing = !this.#lead.isFollowing && Boolean(this.#lead.leader);
    if (this.#lead.isFollowing) this.#goTo();
    this.#showLead();
  }

  /** Bring a tab to the front, where it is to be seen. @param {string} name */
  show(name) {
    if (!this.#offered.includes(name)) return;
    this.#bring(name);
    this.#open(true);
  }

  /** This tab is gone: another one comes to the front, and the area is put away where somebody wants it so and there is no screen. @param {string} name */
  #goBack(name) {
    if (this.#front !== name) return;
    this.#front = "";
    const { tab: last, isOpen } = this.memory.now;
    this.#bring(this.#offered.includes(last) ? last : (this.#offered.at(-1) ?? ""));
    if (!isOpen && !this.#offered.some((one) => one.startsWith("screen:"))) this.#open(false);
  }

  // -- tabs ------------------------------------------------------------------------------------------------------------

  /** @param {string} name */
  #bring(name) {
    if (name === this.#front && this.#tabs.get(name)?.isShown === this.isShown) return;
    this.#front = name;
    this.#draw();
  }

  /** Only the front tab of an area that is to be seen is shown. */
  #draw() {
    for (const [name, tab] of this.#tabs) tab.show(name === this.#front && this.isShown);
    const front = this.#tabs.get(this.#front);
    if (front && !this.isShown) front.button.tabIndex = 0;
    front?.button.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.#lead.at(this.#leadable);
  }

  get isShown() {
    return this.#isOpen && !this.#isHiddenForAll && this.#offered.length > 0;
  }

  /** The tabs that there are to choose from: all but those that wait until something is open in them. */
  get #offered() {
    return [...this.#tabs.values()].filter(({ button }) => !button.hidden).map(({ name }) => name);
  }

  /** Where the others may be led: not to what only I may see. */
  get #leadable() {
    const front = this.#tabs.get(this.#front);
    return this.isShown && front && !front.isPrivate ? front.name : "";
  }

  /** @param {boolean} isOpen */
  #open(isOpen) {
    this.#isOpen = isOpen && this.#offered.length > 0;
    this.#arranged();
  }

  #arranged() {
    this.hidden = !this.isShown;
    this.#draw();
    const isOffered = this.#offered.length > 0 && (!this.#isHiddenForAll || this.me.host);
    this.dispatchEvent(new CustomEvent("arranged", { detail: { isOpen: this.isShown, isOffered } }));
  }

  /** @param {Event} event */
  #clicked(event) {
    const name = closest(event, "[data-tab]", HTMLButtonElement)?.dataset.tab;
    if (name) this.#choose(name);
  }

  /** The person's own choice: whoever chooses does not follow any more. @param {string} name */
  #choose(name) {
    this.#bring(name);
    if (!name.startsWith("screen:")) this.memory.change({ tab: name });
    const { leader } = this.#lead;
    if (leader && leader.place.tab !== name) this.#lead.isFollowing = false;
    this.#showLead();
  }

  /** Arrows go from tab to tab, as WAI-ARIA has it. @param {KeyboardEvent} event */
  #keyed(event) {
    const names = this.#offered;
    const here = names.indexOf(this.#front);
    const onward = getComputedStyle(this).direction === "rtl" ? -1 : 1;
    const places = { ArrowRight: here + onward, ArrowLeft: here - onward, Home: 0, End: names.length - 1 };
    const place = places[/** @type {keyof typeof places} */ (event.key)];
    if (place === undefined || event.altKey) return;
    event.preventDefault();
    this.#choose(names[(place + names.length) % names.length]);
    this.#tabs.get(this.#front)?.button.focus();
  }

  // -- leading, and hiding for everybody ---------------------------------------------------------------------------------

  /** @param {Extract<RoomMessage, {type: 'lead'}>} message */
  #led(message) {
    this.#lead.receive(message);
    if (this.#lead.isFollowing) this.#goTo();
    this.#showLead();
  }

  /** Where the leader is. */
  #goTo() {
    const place = this.#lead.leader?.place;
    if (!place) return;
    if (!place.tab) return this.#open(false);
    const tab = this.#tabs.get(place.tab);
    if (!tab) return; // of another app than this person may see
    if (!tab.isShown) this.show(place.tab);
    if (place.view) tab.tell("follow", { view: place.view });
  }

  #showLead() {
    const { leader, isLeading, isFollowing } = this.#lead;
    const name = this.#people.find(({ peer }) => peer === leader?.peer)?.name ?? "";
    const place = required(this.ownerDocument, '[data-live="led"]', HTMLElement);
    place.hidden = !leader && !isLeading;
    const sentence = isLeading ? "work-leading" : isFollowing ? "work-following" : "work-not-following";
    required(place, "span", HTMLElement).textContent = fill(text(sentence), { name });
    const button = required(place, "button", HTMLButtonElement);
    button.hidden = isLeading;
    button.textContent = text(isFollowing ? "work-look-around" : "work-follow");
    find(this.ownerDocument, '[data-action="lead"]', HTMLButtonElement)?.setAttribute(
      "aria-pressed",
      String(isLeading),
    );
  }

  /** Something else is open for everybody, or it is steered; what is new comes to the front. @param {string} name of the tab @param {object} message @param {string} id */
  #opened(name, message, id) {
    const tab = this.#tabs.get(name);
    if (!tab) return;
    const isNew = id !== this.#together.get(name);
    this.#together.set(name, id);
    if (isNew && "waits" in tab.button.dataset) tab.button.hidden = !id;
    tab.tell(name === "video" ? "video" : "showing", message);
    if (id && isNew && !this.#lead.isFollowing) this.show(name);
    else if (isNew && tab.button.hidden) this.#goBack(name);
    if (isNew) this.#arranged();
  }

  /** @param {object} message */
  #filesChanged(message) {
    const tab = this.#tabs.get("files");
    tab?.tell("files", message);
    tab?.notify();
  }

  /** Each tab hears what everybody looks at, because it may be about it. @param {import('live-protocol').Showing} showing */
  #shown(showing) {
    this.#opened("resources", showing, showing.showing);
    for (const tab of this.#tabs.values()) if (tab.name !== "resources") tab.tell("showing", showing);
  }

  /** @param {boolean} isHidden */
  #hiddenForAll(isHidden) {
    if (this.#isHiddenForAll !== isHidden) this.say(text(isHidden ? "work-hidden" : "work-shown"));
    this.#isHiddenForAll = isHidden;
    if (!isHidden && this.me.host) this.#isOpen = true;
    this.#arranged();
  }

  // -- what modules get ------------------------------------------------------------------------------------------------

  /** Modules that lie over shared screens. @param {string} name of the screen's tab @param {HTMLElement} tile @param {{peer: string, video: HTMLVideoElement}} screen */
  #lay(name, tile, screen) {
    const over = findAll(this, "[data-over-screens]", HTMLElement).map(({ dataset }) => {
      const element = document.createElement("div");
      element.className = "work__over";
      tile.append(element);
      const context = this.#context(name, JSON.parse(dataset.facts ?? "{}"), screen);
      const module = import(dataset.module ?? "");
      module
        .then(({ mount }) => context.signal.aborted || mount(element, context))
        .catch(() => this.say(text("tab-failed"), "warning"));
      return { element, context, module };
    });
    this.#overlays.set(name, over);
  }

  /** @param {string} name @param {any} facts @param {Place["screen"]} [screen] */
  #context(name, facts, screen = null) {
    const room = {
      room: this.dataset.room ?? "",
      me: () => this.me,
      people: () => this.#people,
      lead: (/** @type {string} */ tab, /** @type {import('live-protocol').View} */ view) =>
        this.#lead.looks(tab, view),
      show: (/** @type {string} */ tab) => this.show(tab),
      notify: (/** @type {string} */ tab) => this.#tabs.get(tab)?.notify(),
      send: (/** @type {object} */ message) => this.act(message),
      say: (/** @type {string} */ sentence, /** @type {string} */ tone) => this.say(sentence, tone),
    };
    return new TabContext(room, name, facts, screen);
  }

  get #contexts() {
    const over = [...this.#overlays.values()].flat().map(({ context }) => context);
    return [...[...this.#tabs.values()].map(({ context }) => context), ...over];
  }

  /** @param {boolean} isSharing */
  #cover(isSharing) {
    this.#isSharing = isSharing;
    for (const tab of this.#tabs.values()) if (tab.isPrivate) tab.cover(this.#isSharing);
  }

  get #list() {
    return required(this, '[role="tablist"]', HTMLElement);
  }
}

customElements.define("work-area", WorkArea);
