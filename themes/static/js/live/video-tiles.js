// The pictures on the stage: one tile for each person and one for each shared screen; voices without a picture.

import { place } from "./tile-columns.js";

export class Tiles {
  /** @param {HTMLElement} element @param {{people: import('./room-people.js').People, text: (name: string) => string, changed: (tiles: object[]) => void}} options */
  constructor(element, { people, text, changed }) {
    this.element = element;
    this.list = people;
    this.text = text;
    this.changed = changed;
    this.template = document.getElementById("live-tile");
    /** @type {Map<string, HTMLElement>} by `peer source` */
    this.tiles = new Map();
    /** @type {Map<string, HTMLAudioElement>} */
    this.voices = new Map();
    this.sink = "";
    new ResizeObserver(() => this.arrange()).observe(element);
  }

  /** Everybody who is in has a tile, with or without a camera. @param {string[]} peers @param {string} me */
  people(peers, me) {
    for (const peer of peers) this.tile(peer, "camera", peer === me);
    for (const [key, tile] of [...this.tiles]) {
      if (!peers.includes(tile.dataset.peer)) this.drop(key);
    }
    for (const tile of this.tiles.values()) this.caption(tile);
    this.arrange();
  }

  /** @param {{peer: string, source: string, stream: MediaStream | null, present: boolean, muted: boolean}} media */
  media({ peer, source, stream, present, muted }, self = false) {
    if (source === "audio" || source === "screen-audio") return this.voice(peer, source, stream, present, muted);
    const key = `${peer} ${source}`;
    if (source === "screen" && !present) return this.drop(key);
    const tile = this.tile(peer, source, self);
    const video = tile.querySelector("video");
    if (present && video.srcObject !== stream) video.srcObject = stream;
    tile.toggleAttribute("data-dark", !present || muted);
    if (present && !muted) video.play().catch(() => {});
    this.caption(tile);
    this.arrange();
  }

  voice(peer, source, stream, present, muted) {
    const key = `${peer} ${source}`;
    let audio = this.voices.get(key);
    if (!present) {
      audio?.remove();
      this.voices.delete(key);
    } else {
      if (!audio) {
        audio = document.createElement("audio");
        audio.autoplay = true;
        audio.dataset.peer = peer;
        this.voices.set(key, audio);
        this.element.append(audio);
        if (this.sink) audio.setSinkId?.(this.sink).catch(() => {});
      }
      if (audio.srcObject !== stream) audio.srcObject = stream;
      audio.play().catch(() => {});
    }
    if (source === "audio") this.muted(peer, present && muted);
  }

  /** A picture that stands still shows nobody: the initials instead, until the line is back. @param {string | null} peer */
  lost(peer) {
    for (const tile of this.tiles.values()) tile.toggleAttribute("data-lost", tile.dataset.peer === peer);
  }

  /** @param {string} peer @param {boolean} muted */
  muted(peer, muted) {
    const mark = this.tiles.get(`${peer} camera`)?.querySelector(".tile__muted");
    if (mark) mark.hidden = !muted;
  }

  tile(peer, source, self) {
    const key = `${peer} ${source}`;
    let tile = this.tiles.get(key);
    if (!tile) {
      tile = this.template.content.firstElementChild.cloneNode(true);
      Object.assign(tile.dataset, { peer, source });
      tile.toggleAttribute("data-dark", source === "camera");
      this.tiles.set(key, tile);
      this.element.append(tile);
    }
    tile.toggleAttribute("data-self", self);
    return tile;
  }

  caption(tile) {
    const own = "self" in tile.dataset;
    const name = this.list.names.get(tile.dataset.peer) ?? "";
    const label = own ? this.text("you") : name;
    const shared = own ? this.text("your-screen") : `${this.text("screen")} ${name}`;
    tile.querySelector(".tile__name").textContent = tile.dataset.source === "screen" ? shared : label;
    tile.querySelector(".tile__face").dataset.initials = name
      .split(/\s+/)
      .map((word) => word[0] ?? "")
      .join("")
      .slice(0, 2)
      .toUpperCase();
  }

  drop(key) {
    const tile = this.tiles.get(key);
    if (!tile) return;
    tile.querySelector("video").srcObject = null;
    tile.remove();
    this.tiles.delete(key);
    this.arrange();
  }

  arrange() {
    const count = this.tiles.size;
    this.element.dataset.count = count > 2 ? "many" : String(count);
    const tiles = [...this.tiles.values()];
    const isSharing = this.element.toggleAttribute(
      "data-sharing",
      tiles.some(({ dataset }) => dataset.source === "screen"),
    );
    place(this.element, tiles, isSharing);
    this.tell();
  }

  /** Who speaks. @param {{peer: string, level: number}[]} speakers */
  speaking(speakers) {
    const loud = new Set(speakers.filter(({ level }) => level > 40).map(({ peer }) => peer));
    for (const tile of this.tiles.values()) {
      tile.toggleAttribute("data-speaking", tile.dataset.source === "camera" && loud.has(tile.dataset.peer));
    }
  }

  /** Where voices come out. @param {string} sink */
  speaker(sink) {
    this.sink = sink;
    for (const audio of this.voices.values()) audio.setSinkId?.(sink).catch(() => {});
  }

  tell() {
    const others = [...this.tiles.values()].filter((tile) => !("self" in tile.dataset));
    this.changed(
      others.map((tile) => ({
        peer: tile.dataset.peer,
        source: tile.dataset.source,
        height: document.hidden ? 0 : Math.round(tile.clientHeight * devicePixelRatio),
      })),
    );
  }
}
