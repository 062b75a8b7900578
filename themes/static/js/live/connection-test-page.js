/**
 * <connection-test-page data-socket="…" data-locale="…">: a list of steps that fills as they run, a verdict, and a report for the IT department.
 * Parts are marked by data-part, steps by data-step, buttons by data-act.
 *
 * @typedef {import('./connection-test.js').Step} Step
 * @typedef {import('./connection-test.js').Findings & import('./connection-test.js').Verdict} Outcome
 */
import { closest, findAll, required, socketAddress } from "../dom.js";
import { fill, text } from "../texts.js";
import { report } from "./connection-test-report.js";
import { transport } from "./connection-test-verdict.js";
import { ConnectionTest } from "./connection-test.js";

class ConnectionTestPage extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.#pressed);
    this.#part("start").hidden = false;
  }

  /** @param {Event} event */
  #pressed = (event) => {
    const { act } = closest(event, "[data-act]", HTMLElement)?.dataset ?? {};
    if (act === "start") this.#start();
    if (act === "copy") this.#copy();
    if (act === "print") window.print();
  };

  async #start() {
    for (const name of ["start", "verdict", "report"]) this.#part(name).hidden = true;
    delete this.dataset.verdict;
    for (const row of this.#rows) {
      row.dataset.state = "waiting";
      required(row, ".connection-test__text", HTMLElement).textContent = "";
    }
    const test = new ConnectionTest(socketAddress(this.dataset.socket ?? ""));
    test.addEventListener("step", (event) => this.#show(/** @type {CustomEvent<Step>} */ (event).detail));
    this.#conclude(await test.run());
  }

  /** @param {Step} detail */
  #show(detail) {
    const { step, state, why = "" } = detail;
    const row = this.#rows.find(({ dataset }) => dataset.step === step);
    if (!row) return;
    row.dataset.state = state;
    const measured = detail.kbps === undefined ? "" : "-measured";
    const sentence =
      state === "running"
        ? this.#text("running")
        : this.#text(`${step}-${why}${measured}`) || this.#text(`${step}-${why}`) || this.#text(why);
    required(row, ".connection-test__text", HTMLElement).textContent = fill(sentence, facts(detail));
  }

  /** @param {Outcome} outcome */
  #conclude(outcome) {
    for (const { dataset } of this.#rows) {
      if (dataset.state === "waiting" || dataset.state === "running")
        this.#show({ step: dataset.step ?? "", state: "skipped", why: "skipped" });
    }
    const relay =
      outcome.relaySetUp.find(({ protocol }) => protocol === "tls") ??
      outcome.relaySetUp.find(({ protocol }) => protocol === "tcp");
    const sentence = fill(this.#text(`verdict-${outcome.verdict}`), { host: location.host, port: relay?.port ?? 443 });
    this.#part("verdict").dataset.tone = outcome.tone;
    this.#part("verdict-title").textContent = sentence;
    this.#part("verdict-text").textContent = this.#text(`cure-${outcome.verdict}`);
    this.#part("report-text").textContent = this.#report(outcome, sentence);
    this.#part("start-label").textContent = this.#text("again");
    for (const name of ["start", "verdict", "report"]) this.#part(name).hidden = false;
    this.dataset.verdict = outcome.verdict;
    this.dataset.transport = transport(outcome)?.transport ?? "";
    this.#part("verdict-title").focus();
  }

  /** @param {Outcome} outcome @param {string} verdict as a sentence */
  #report(outcome, verdict) {
    const style = new Intl.DateTimeFormat(this.dataset.locale, { dateStyle: "medium", timeStyle: "long" });
    return report(outcome, {
      host: location.hostname,
      port: location.port,
      isSecure: location.protocol === "https:",
      verdict,
      text: (name) => this.#text(name),
      when: style.format(new Date()),
      browser: browserName(),
    });
  }

  async #copy() {
    const [note, written] = [this.#part("copied"), this.#part("report-text")];
    try {
      await navigator.clipboard.writeText(written.textContent ?? "");
      note.textContent = this.#text("copied");
    } catch {
      getSelection()?.selectAllChildren(written);
      note.textContent = this.#text("copy-yourself");
    }
  }

  get #rows() {
    return findAll(this, "[data-step]", HTMLElement);
  }

  /** @param {string} name */
  #part(name) {
    return required(this, `[data-part="${name}"]`, HTMLElement);
  }

  /** @param {string} name */
  #text(name) {
    return text(name, this, "");
  }
}

/** Facts of a step as sentences read them. @param {Step} step */
function facts({ ms, rtt, loss, jitter, kbps, label }) {
  return {
    ms: rounded(ms ?? rtt),
    loss: ((loss ?? 0) * 100).toFixed(1),
    jitter: rounded(jitter),
    kbps: rounded(kbps),
    label: label ?? "",
  };
}

/** @param {number | undefined} value */
function rounded(value) {
  return value === undefined ? "?" : String(Math.round(value));
}

/** The browser's own words about itself, shortened to what an IT department asks for. */
function browserName() {
  const brands = navigator.userAgentData?.brands.filter(({ brand }) => !/not.?a.?brand/i.test(brand)) ?? [];
  return brands.length ? brands.map(({ brand, version }) => `${brand} ${version}`).join(", ") : navigator.userAgent;
}

customElements.define("connection-test-page", ConnectionTestPage);
