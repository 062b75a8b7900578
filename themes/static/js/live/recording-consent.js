// Whether this session is recorded, and who has agreed. The server decides and enforces; this page asks, answers and shows.

const OWN = {
  agreed: "recording-you",
  refused: "recording-not-you",
  withdrawn: "recording-not-you",
  "": "recording-unanswered",
};
const BADGES = {
  agreed: ["person-recorded", "danger"],
  refused: ["person-not-recorded", "neutral"],
  withdrawn: ["person-not-recorded", "neutral"],
  "": ["person-unanswered", "warning"],
};

export class Recording {
  /**
   * @param {HTMLElement} page
   * @param {{text: (name: string) => string, say: (message: object) => boolean, tell: (sentence: string) => void}} options
   */
  constructor(page, { text, say, tell }) {
    this.page = page;
    Object.assign(this, { text, say, tell });
    this.dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("consent"));
    /** @type {{state: string, recording?: string, mine?: string, version?: string, words?: string[], by?: string, answers?: Record<string, string>}} */
    this.facts = { state: "" };
    this.asked = "";
    this.part("mark")?.addEventListener("click", () => this.open());
    this.part("agree")?.addEventListener("click", () => this.answer(true));
    this.part("refuse")?.addEventListener("click", () => this.answer(false));
  }

  part(name) {
    return this.page.querySelector(`[data-recording="${name}"]`);
  }

  /** The host's button: ask, or stop. */
  toggle() {
    this.say({ type: this.facts.state ? "stop_recording" : "record" });
  }

  /** How it stands, by the server's word. @param {any} facts */
  show(facts) {
    this.facts = facts;
    if (facts.told) this.tell(facts.told);
    this.mark();
    this.badges();
    if (!facts.state) {
      this.asked = "";
      this.dialog?.close();
      return;
    }
    this.fill();
    if (facts.mine) this.dialog?.close();
    else if (this.asked !== facts.recording) this.open();
    this.asked = facts.recording;
  }

  open() {
    if (this.facts.state && !this.dialog.open) this.dialog.showModal();
  }

  /** @param {boolean} agrees */
  answer(agrees) {
    const { recording, version, mine } = this.facts;
    if (!agrees && (mine === "refused" || mine === "withdrawn")) return this.dialog.close();
    if (this.say({ type: "consent", recording, version, agrees })) this.dialog.close();
  }

  /** Red for everybody while it runs, with a word about oneself. */
  mark() {
    const { state, mine = "" } = this.facts;
    const mark = this.part("mark");
    mark.hidden = !state;
    mark.dataset.state = state;
    mark.dataset.mine = mine;
    this.part("what").textContent = this.text(state === "recording" ? "recording-on" : "recording-asked");
    this.part("own").textContent = this.text(OWN[mine]);
    const button = this.page.querySelector('[data-action="record"]');
    if (!button) return;
    button.toggleAttribute("data-off", Boolean(state));
    button.setAttribute("aria-pressed", String(Boolean(state)));
    button.querySelector("span").textContent = this.text(state ? "record-stop" : "record");
  }

  fill() {
    const { words = [], by = "", mine = "" } = this.facts;
    this.part("by").textContent = by;
    this.part("words").replaceChildren(
      ...words.map((part) => Object.assign(document.createElement("p"), { textContent: part })),
    );
    const agreed = mine === "agreed";
    this.part("agree").hidden = agreed;
    this.part("refuse").querySelector("span").textContent = this.text(agreed ? "consent-withdraw" : "consent-refuse");
    this.part("standing").hidden = !mine;
    this.part("standing").textContent = mine ? this.text(OWN[mine]) : "";
  }

  /** For hosts: each person's answer beside the name. Called again whenever the list is drawn anew. */
  badges() {
    const { state, answers } = this.facts;
    for (const row of this.page.querySelectorAll('[data-live="people-list"] [data-peer]')) {
      row.querySelector('[data-recording="badge"]')?.remove();
      if (!state || !answers) continue;
      const [name, tone] = BADGES[answers[row.dataset.peer] ?? ""];
      const badge = Object.assign(document.createElement("span"), {
        className: `badge badge--${tone}`,
        textContent: this.text(name),
      });
      badge.dataset.recording = "badge";
      row.querySelector(".live-person__actions").prepend(badge);
    }
  }
}
