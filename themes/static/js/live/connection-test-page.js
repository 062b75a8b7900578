// The page of the connection test: a list of steps that fills as they run, a verdict, and a report for the IT department.

import { fill, report } from "./connection-test-report.js";
import { ConnectionTest } from "./connection-test.js";
import { transport } from "./connection-test-verdict.js";

const page = /** @type {HTMLElement} */ (document.getElementById("connection-check"));
const part = (name) => page.querySelector(`[data-check="${name}"]`);
const text = (name) => document.querySelector(`#check-texts [data-text="${name}"]`)?.textContent ?? "";
/** @type {any} */
let done = null;

const rounded = (value) => (value === undefined ? "?" : String(Math.round(value)));

/** Facts of a step as sentences read them. @param {any} detail */
const facts = ({ ms, rtt, loss, jitter, kbps, label }) => ({
  ms: rounded(ms ?? rtt),
  loss: ((loss ?? 0) * 100).toFixed(1),
  jitter: rounded(jitter),
  kbps: rounded(kbps),
  label: label ?? "",
});

/** @param {{step: string, state: string, why?: string}} detail */
function show(detail) {
  const { step, state, why = "" } = detail;
  const row = page.querySelector(`[data-step="${step}"]`);
  if (!row) return;
  row.dataset.state = state;
  const measured = detail.kbps === undefined ? "" : "-measured";
  const sentence =
    state === "running" ? text("running") : text(`${step}-${why}${measured}`) || text(`${step}-${why}`) || text(why);
  row.querySelector(".check__text").textContent = fill(sentence, facts(detail));
}

/** @param {any} findings */
function conclude(findings) {
  done = findings;
  for (const row of page.querySelectorAll("[data-step]")) {
    if (row.dataset.state === "waiting" || row.dataset.state === "running")
      show({ step: row.dataset.step, state: "skipped", why: "skipped" });
  }
  const relay =
    findings.relaySetUp.find(({ protocol }) => protocol === "tls") ??
    findings.relaySetUp.find(({ protocol }) => protocol === "tcp");
  const sentence = fill(text(`verdict-${findings.verdict}`), { host: location.host, port: relay?.port ?? 443 });
  part("verdict").dataset.tone = findings.tone;
  part("verdict").hidden = false;
  part("verdict-title").textContent = sentence;
  part("verdict-text").textContent = text(`cure-${findings.verdict}`);
  part("report-text").textContent = report(findings, {
    host: location.hostname,
    port: location.port,
    isSecure: location.protocol === "https:",
    verdict: sentence,
    text,
    when: new Intl.DateTimeFormat(page.dataset.locale, { dateStyle: "medium", timeStyle: "long" }).format(new Date()),
    browser: browserName(),
  });
  part("report").hidden = false;
  part("start").hidden = false;
  part("start-label").textContent = text("again");
  page.dataset.verdict = findings.verdict;
  page.dataset.transport = transport(findings)?.transport ?? "";
  part("verdict-title").focus();
}

/** The browser's own words about itself, shortened to what an IT department asks for. */
function browserName() {
  const brands = navigator.userAgentData?.brands?.filter(({ brand }) => !/not.?a.?brand/i.test(brand)) ?? [];
  return brands.length ? brands.map(({ brand, version }) => `${brand} ${version}`).join(", ") : navigator.userAgent;
}

async function start() {
  part("start").hidden = true;
  part("verdict").hidden = true;
  part("report").hidden = true;
  delete page.dataset.verdict;
  for (const row of page.querySelectorAll("[data-step]")) {
    row.dataset.state = "waiting";
    row.querySelector(".check__text").textContent = "";
  }
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const test = new ConnectionTest(`${scheme}://${location.host}${page.dataset.socket}`);
  test.addEventListener("step", ({ detail }) => show(detail));
  conclude(await test.run());
}

async function copy() {
  const note = part("copied");
  try {
    await navigator.clipboard.writeText(part("report-text").textContent);
    note.textContent = text("copied");
  } catch {
    getSelection()?.selectAllChildren(part("report-text"));
    note.textContent = text("copy-yourself");
  }
}

page.addEventListener("click", (event) => {
  const act = event.target instanceof Element ? event.target.closest("[data-act]")?.dataset.act : "";
  if (act === "start") start();
  if (act === "copy" && done) copy();
  if (act === "print") print();
});
part("start").hidden = false;
