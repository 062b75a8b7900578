/**
 * <recording-consent>: whether this session is recorded, and who has agreed. The server decides and enforces; this asks, answers and shows. Its
 * dialog is inside; the mark at the top and the host's button are parts of the session's page.
 *
 * @typedef {import('live-protocol').RecordingState} RecordingState
 * @typedef {import('live-protocol').Answer} Answer
 */
import { find, required } from "../dom.js";
import { text } from "../texts.js";

/** @type {Record<Answer, string>} names of texts */
const OWN = {
  agreed: "recording-you",
  refused: "recording-not-you",
  withdrawn: "recording-not-you",
  "": "recording-unanswered",
};
/** @type {Record<Answer, [label: string, tone: string]>} */
const BADGES = {
  agreed: ["person-recorded", "danger"],
  refused: ["person-not-recorded", "neutral"],
  withdrawn: ["person-not-recorded", "neutral"],
  "": ["person-unanswered", "warning"],
};

export class RecordingConsent extends HTMLElement {
  /** @type {(message: object) => boolean} whether it went out */
  send = () => false;
  /** @type {RecordingState} */
  #facts = { type: "recording_state", state: "" };
  #asked = "";

  connectedCallback() {
    this.#part("mark").addEventListener("click", () => this.#open());
    this.#part("agree").addEventListener("click", () => this.#answer(true));
    this.#part("refuse").addEventListener("click", () => this.#answer(false));
  }

  /** The host's button: ask, or stop. */
  toggle() {
    this.send({ type: this.#facts.state ? "stop_recording" : "record" });
  }

  /** How it stands, by the server's word. @param {RecordingState} facts */
  show(facts) {
    this.#facts = facts;
    this.#mark();
    if (!facts.state) {
      this.#asked = "";
      this.#dialog.close();
      return;
    }
    this.#fill();
    if (facts.mine) this.#dialog.close();
    else if (this.#asked !== facts.recording) this.#open();
    this.#asked = facts.recording ?? "";
  }

  /** For hosts: a person's answer, as the badge beside the name. @param {string} peer */
  badgeOf(peer) {
    const { state, answers } = this.#facts;
    if (!state || !answers) return null;
    const [label, tone] = BADGES[answers[peer] ?? ""];
    return { label: text(label), tone };
  }

  get #dialog() {
    return required(this, "dialog", HTMLDialogElement);
  }

  #open() {
    if (this.#facts.state && !this.#dialog.open) this.#dialog.showModal();
  }

  /** @param {boolean} agrees */
  #answer(agrees) {
    const { recording, version, mine } = this.#facts;
    if (!agrees && (mine === "refused" || mine === "withdrawn")) return this.#dialog.close();
    if (this.send({ type: "consent", recording, version, agrees })) this.#dialog.close();
  }

  /** Red for everybody while it runs, with a word about oneself. */
  #mark() {
    const { state, mine = "" } = this.#facts;
    const mark = this.#part("mark");
    mark.hidden = !state;
    mark.dataset.state = state;
    mark.dataset.mine = mine;
    this.#part("what").textContent = text(state === "recording" ? "recording-on" : "recording-asked");
    this.#part("own").textContent = text(OWN[mine]);
    const button = find(this.#page, '[data-action="record"]', HTMLButtonElement);
    if (!button) return;
    button.toggleAttribute("data-off", Boolean(state));
    button.setAttribute("aria-pressed", String(Boolean(state)));
    required(button, "span", HTMLElement).textContent = text(state ? "record-stop" : "record");
  }

  #fill() {
    const { words = [], by = "", mine = "" } = this.#facts;
    this.#part("by").textContent = by;
    this.#part("words").replaceChildren(...words.map(paragraph));
    const hasAgreed = mine === "agreed";
    this.#part("agree").hidden = hasAgreed;
    const refuse = text(hasAgreed ? "consent-withdraw" : "consent-refuse");
    required(this.#part("refuse"), "span", HTMLElement).textContent = refuse;
    this.#part("standing").hidden = !mine;
    this.#part("standing").textContent = mine ? text(OWN[mine]) : "";
  }

  get #page() {
    return this.closest("live-room") ?? document;
  }

  /** @param {string} name */
  #part(name) {
    return required(this.#page, `[data-recording="${name}"]`, HTMLElement);
  }
}

/** @param {string} words */
function paragraph(words) {
  const paragraph = document.createElement("p");
  paragraph.textContent = words;
  return paragraph;
}

customElements.define("recording-consent", RecordingConsent);
