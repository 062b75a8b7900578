/**
 * <brand-studio>: shows what becomes of the look while it is typed.
 *
 * Links with data-sample say what can be looked at; what stands in the form goes along in the address. A new sample is loaded behind the one
 * that is shown, and takes its place when it is there, so that nothing flickers. Without the script a link shows the draft as it is saved.
 */
import { find, findAll, required } from "../dom.js";

const PAUSE_MS = 350;
const TYPED = [
  "name",
  "tagline",
  "primary_color",
  "accent_color",
  "neutral",
  "radius",
  "heading_font",
  "body_font",
  "sign_in_text",
  "waiting_text",
  "own_css",
  "own_colors",
  "waiting_plain",
  "waiting_color",
  "call_plain",
  "call_color",
  "address",
  "phone",
];
// Of a sheet that is longer, the saved one is shown: an address has its limits.
const LONGEST = 20000;

class BrandStudio extends HTMLElement {
  /** @type {number | undefined} */
  #timer;
  #stage = required(this, '[data-part="stage"]', HTMLElement);
  #form = required(this, "form", HTMLFormElement);

  connectedCallback() {
    required(this, '[data-part="switches"]', HTMLElement).hidden = false;
    this.#form.addEventListener("input", this.#later);
    this.#form.addEventListener("change", this.#later);
    for (const link of findAll(this, "[data-sample]", HTMLAnchorElement)) link.addEventListener("click", this.#choose);
    for (const part of ["dark", "phone"])
      find(this, `[data-part="${part}"]`, HTMLInputElement)?.addEventListener("change", this.#show);
  }

  disconnectedCallback() {
    window.clearTimeout(this.#timer);
  }

  /** @param {MouseEvent} event */
  #choose = (event) => {
    event.preventDefault();
    for (const link of findAll(this, "[data-sample]", HTMLAnchorElement)) {
      if (link === event.currentTarget) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    this.#show();
  };

  #later = () => {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(this.#show, PAUSE_MS);
  };

  #show = () => {
    const link = find(this, "[data-sample][aria-current]", HTMLAnchorElement);
    if (!link) return;
    const address = new URL(link.href);
    const typed = new FormData(this.#form);
    for (const name of TYPED) {
      const value = String(typed.get(name) ?? "");
      if (encodeURIComponent(value).length < LONGEST) address.searchParams.set(name, value);
    }
    if (this.#isOn("dark")) address.searchParams.set("theme", "dark");
    this.#stage.classList.toggle("studio__stage--phone", this.#isOn("phone"));
    this.#load(address);
  };

  /** @param {string} part */
  #isOn(part) {
    return find(this, `[data-part="${part}"]`, HTMLInputElement)?.checked ?? false;
  }

  /** @param {URL} address */
  #load(address) {
    for (const late of findAll(this.#stage, ".studio__frame--next", HTMLIFrameElement)) late.remove();
    const shown = required(this.#stage, ".studio__frame", HTMLIFrameElement);
    const next = /** @type {HTMLIFrameElement} */ (shown.cloneNode());
    next.classList.add("studio__frame--next");
    next.removeAttribute("name");
    next.src = address.href;
    next.addEventListener(
      "load",
      () => {
        this.#putLogos(next);
        this.#putBackgrounds(next);
        shown.remove();
        next.name = "preview";
        next.classList.remove("studio__frame--next");
      },
      { once: true },
    );
    this.#stage.append(next);
  }

  /** Backgrounds that were chosen and not sent yet: as dark as any picture may have to be. @param {HTMLIFrameElement} frame */
  #putBackgrounds(frame) {
    for (const name of ["waiting", "call"]) {
      const input = this.#form.elements.namedItem(`${name}_picture`);
      const file = input instanceof HTMLInputElement ? input.files?.[0] : undefined;
      const page = frame.contentDocument?.documentElement;
      if (!file || !page) continue;
      const black = "rgb(0 0 0 / 60%)";
      const picture = `linear-gradient(${black}, ${black}), url(${URL.createObjectURL(file)})`;
      page.style.setProperty(`--brand-${name}-picture`, picture);
      page.style.setProperty(`--brand-${name}-quiet`, "var(--brand-neutral-100)");
      page.style.setProperty("--brand-call-gap", "1rem");
      page.style.setProperty("--brand-call-tile", "rgb(0 0 0 / 45%)");
    }
  }

  /** Pictures that were chosen and not sent yet. @param {HTMLIFrameElement} frame */
  #putLogos(frame) {
    for (const [name, selector] of [
      ["logo", ".logo"],
      ["logo_dark", ".logo__image--dark"],
    ]) {
      const input = this.#form.elements.namedItem(name);
      const file = input instanceof HTMLInputElement ? input.files?.[0] : undefined;
      if (!file) continue;
      for (const place of frame.contentDocument?.querySelectorAll(selector) ?? []) {
        const picture = document.createElement("img");
        picture.className = "logo__image";
        picture.src = URL.createObjectURL(file);
        picture.alt = "";
        if (name === "logo") place.replaceChildren(picture);
        else place.setAttribute("src", picture.src);
      }
    }
  }
}

customElements.define("brand-studio", BrandStudio);
