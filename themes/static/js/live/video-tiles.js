/**
 * <video-tiles>: the pictures on the stage: one tile for each person and one for each shared screen; voices without a picture. A tile is drawn
 * by the template #live-tile; that of a shared screen stands in the work area (`screens`). Event `shown` (detail: list of ShownTile): how large
 * the others' pictures are now.
 *
 * @typedef {import('live-protocol').Source} Source
 * @typedef {import('live-protocol').Media} Media
 */
import { closest, copyOf, required } from "../dom.js";
import { initials } from "../initials.js";
import { fill, text } from "../texts.js";
import { TileLayout } from "./tile-layout.js";

const LOUD = 40; // of 127

export class VideoTiles extends HTMLElement {
  /** @type {Map<string, string>} names by peer, for captions */
  names = new Map();
  /** @type {import('./work-area.js').WorkArea | null} where shared screens stand */
  screens = null;
  #watch = new ResizeObserver(() => this.#arrange());
  /** @type {Map<string, HTMLElement>} by `peer source` */
  #tiles = new Map();
  /** @type {Map<string, HTMLAudioElement>} by `peer source` */
  #voices = new Map();
  /** @type {Set<string>} peers who can be heard; of the others their tile says so */
  #audible = new Set();
  #speaker = "";
  #arrangement = new TileLayout();

  connectedCallback() {
    this.#watch.observe(this);
    this.addEventListener("click", this.#pressed);
  }

  /** @param {import('./tile-layout.js').Layout} layout */
  set layout(layout) {
    this.#arrangement.layout = layout;
    this.#arrange();
  }

  /** Everybody who is in has a tile, with or without a camera. @param {string[]} peers @param {string} me */
  people(peers, me) {
    for (const peer of peers) this.#tile(peer, "camera", peer === me);
    for (const peer of this.#audible) if (!peers.includes(peer)) this.#audible.delete(peer);
    for (const [key, { dataset }] of [...this.#tiles]) {
      if (!peers.includes(dataset.peer ?? "")) this.#drop(key);
    }
    for (const tile of this.#tiles.values()) {
      this.#caption(tile);
      this.#light(tile);
    }
    this.#arrange();
  }

  /** @param {Media} media @param {boolean} isSelf */
  show({ peer, source, stream, present, muted }, isSelf = false) {
    if (source === "audio" || source === "screen-audio") return this.#voice({ peer, source, stream, present, muted });
    if (source === "screen" && !present) return this.#drop(`${peer} ${source}`);
    const tile = this.#tile(peer, source, isSelf);
    const video = required(tile, "video", HTMLVideoElement);
    if (present && video.srcObject !== stream) video.srcObject = stream;
    tile.toggleAttribute("data-dark", !present || muted);
    if (present && !muted) video.play().catch(() => {});
    this.#caption(tile);
    this.#arrange();
  }

  /** What my own picture shows now. @param {string} me @param {MediaStreamTrack | undefined} track */
  ownStream(me, track) {
    const tile = this.#tiles.get(`${me} camera`);
    const current = tile ? required(tile, "video", HTMLVideoElement).srcObject : null;
    if (current instanceof MediaStream && track && current.getVideoTracks()[0] === track) return current;
    return track ? new MediaStream([track]) : null;
  }

  /** A picture that stands still shows nobody: the initials instead, until the line is back. @param {string | null} peer */
  lost(peer) {
    for (const tile of this.#tiles.values()) tile.toggleAttribute("data-lost", tile.dataset.peer === peer);
  }

  /** Muted, or without a microphone: to the others it is the same. @param {string} peer @param {boolean} isMuted */
  mute(peer, isMuted) {
    if (isMuted) this.#audible.delete(peer);
    else this.#audible.add(peer);
    const tile = this.#tiles.get(`${peer} camera`);
    if (tile) required(tile, ".tile__muted", HTMLElement).hidden = !isMuted;
  }

  /** Whose hand is raised. @param {string[]} peers */
  hands(peers) {
    for (const tile of this.#tiles.values()) {
      const isUp = tile.dataset.source === "camera" && peers.includes(tile.dataset.peer ?? "");
      required(tile, ".tile__hand", HTMLElement).hidden = !isUp;
    }
  }

  /** Whose picture is large for everybody; '' for nobody's. @param {string} peer */
  set spotlight(peer) {
    if (this.#arrangement.spotlight === peer) return;
    this.#arrangement.spotlight = peer;
    for (const tile of this.#tiles.values()) this.#light(tile);
    this.#arrange();
  }

  /** Who speaks. @param {import('live-protocol').Speaker[]} speakers */
  speaking(speakers) {
    const loud = new Set(speakers.filter(({ level }) => level > LOUD).map(({ peer }) => peer));
    for (const tile of this.#tiles.values()) {
      const { source, peer = "" } = tile.dataset;
      tile.toggleAttribute("data-speaking", source === "camera" && loud.has(peer));
    }
    if (this.#arrangement.spoke([...loud].filter((peer) => !this.#isSelf(peer)))) this.#arrange();
  }

  /** Where voices come out. @param {string} sink id of a device */
  playOn(sink) {
    this.#speaker = sink;
    for (const audio of this.#voices.values()) audio.setSinkId?.(sink).catch(() => {});
  }

  /** Say how large the others' pictures are: when that changed, or when the page was hidden or shown. */
  tell() {
    const others = [...this.#tiles.values()].filter(({ dataset }) => !("self" in dataset));
    const detail = others.map((tile) => ({
      peer: tile.dataset.peer,
      source: tile.dataset.source,
      height: document.hidden ? 0 : Math.round(tile.clientHeight * devicePixelRatio),
    }));
    this.dispatchEvent(new CustomEvent("shown", { detail }));
  }

  /** @param {Media} media */
  #voice({ peer, source, stream, present, muted }) {
    const key = `${peer} ${source}`;
    if (present) {
      const audio = this.#voices.get(key) ?? this.#audio(key, peer);
      if (audio.srcObject !== stream) audio.srcObject = stream;
      audio.play().catch(() => {});
    } else {
      this.#voices.get(key)?.remove();
      this.#voices.delete(key);
    }
    if (source === "audio") this.mute(peer, !present || muted);
  }

  /** @param {string} key @param {string} peer */
  #audio(key, peer) {
    const audio = document.createElement("audio");
    audio.autoplay = true;
    audio.dataset.peer = peer;
    this.#voices.set(key, audio);
    this.append(audio);
    if (this.#speaker) audio.setSinkId?.(this.#speaker).catch(() => {});
    return audio;
  }

  /** @param {string} peer @param {Source} source @param {boolean} isSelf */
  #tile(peer, source, isSelf) {
    const key = `${peer} ${source}`;
    const tile = this.#tiles.get(key) ?? copyOf("live-tile");
    if (!this.#tiles.has(key)) {
      Object.assign(tile.dataset, { peer, source });
      tile.toggleAttribute("data-dark", source === "camera");
      required(tile, ".tile__muted", HTMLElement).hidden = source !== "camera" || this.#audible.has(peer);
      this.#tiles.set(key, tile);
      if (source === "screen" && this.screens) this.screens.addScreen(peer, tile, isSelf);
      else this.append(tile);
      if (source === "screen") this.#watch.observe(tile);
    }
    tile.toggleAttribute("data-self", isSelf);
    return tile;
  }

  /** @param {HTMLElement} tile */
  #caption(tile) {
    const { source, peer = "", self } = tile.dataset;
    const name = this.names.get(peer) ?? "";
    const isOwn = self !== undefined;
    const shared = isOwn ? text("your-screen") : `${text("screen")} ${name}`;
    required(tile, ".tile__name", HTMLElement).textContent = source === "screen" ? shared : isOwn ? text("you") : name;
    if (source === "screen") this.screens?.nameScreen(peer, shared);
    required(tile, ".tile__face", HTMLElement).dataset.initials = initials(name);
    this.#label(tile, isOwn ? text("you") : name);
  }

  /** @param {HTMLElement} tile */
  #light(tile) {
    const isLit = tile.dataset.source === "camera" && tile.dataset.peer === this.#arrangement.spotlight;
    required(tile, ".tile__lit", HTMLElement).hidden = !isLit;
  }

  /** What its buttons would do. @param {HTMLElement} tile @param {string} name */
  #label(tile, name) {
    const isPinned = this.#arrangement.pinned === tile.dataset.peer;
    const pin = required(tile, '[data-tile="pin"]', HTMLButtonElement);
    pin.setAttribute("aria-pressed", String(isPinned));
    pin.hidden = tile.dataset.source === "screen";
    pin.ariaLabel = pin.title = fill(text("pin"), { name });
    const own = required(tile, '[data-tile="window"]', HTMLButtonElement);
    own.hidden = !document.pictureInPictureEnabled;
    own.ariaLabel = own.title = fill(text("own-window"), { name });
  }

  /** @param {Event} event */
  #pressed = (event) => {
    const button = closest(event, "[data-tile]", HTMLButtonElement);
    const tile = button?.closest(".tile");
    if (!button || !(tile instanceof HTMLElement)) return;
    if (button.dataset.tile === "pin") this.#pin(tile.dataset.peer ?? "");
    else void ownWindow(required(tile, "video", HTMLVideoElement));
  };

  /** Large until it is pressed again. @param {string} peer */
  #pin(peer) {
    this.#arrangement.pinned = this.#arrangement.pinned === peer ? "" : peer;
    for (const tile of this.#tiles.values()) this.#caption(tile);
    this.#arrange();
  }

  /** @param {string} peer */
  #isSelf(peer) {
    return "self" in (this.#tiles.get(`${peer} camera`)?.dataset ?? {});
  }

  /** @param {string} key */
  #drop(key) {
    const tile = this.#tiles.get(key);
    if (!tile) return;
    required(tile, "video", HTMLVideoElement).srcObject = null;
    this.#watch.unobserve(tile);
    tile.remove();
    if (tile.dataset.source === "screen") this.screens?.removeScreen(tile.dataset.peer ?? "");
    this.#tiles.delete(key);
    this.#arrange();
  }

  #arrange() {
    const tiles = [...this.#tiles.values()].filter(({ dataset }) => dataset.source !== "screen");
    this.#arrangement.arrange(this, tiles);
    this.tell();
  }
}

/** A picture in a window of its own above all others, or back in its place. @param {HTMLVideoElement} video */
async function ownWindow(video) {
  try {
    if (document.pictureInPictureElement === video) await document.exitPictureInPicture();
    else await video.requestPictureInPicture();
  } catch {
    return; // a dark picture has none, and some browsers refuse
  }
}

customElements.define("video-tiles", VideoTiles);
