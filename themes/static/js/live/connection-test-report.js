/** The report for whoever runs the network: what was reached and what must be open, as plain text. Names the organization's own host only. */
import { fill } from "../texts.js";

/**
 * @typedef {import('./connection-test-verdict.js').Findings} Findings
 * @typedef {(name: string) => string} Text
 */

/**
 * @param {Findings} findings
 * @param {{host: string, port: string, isSecure: boolean, when: string, browser: string, verdict: string, text: Text}} about
 */
export function report(findings, { host, port, isSecure, when, browser, verdict, text }) {
  return [
    fill(text("report-title"), { host }),
    fill(text("report-when"), { when, browser }),
    "",
    `${text("report-verdict")}: ${verdict}`,
    ...measured(findings, text),
    "",
    text("report-open"),
    ...table([heads(text), ...lines(findings, { host, port: port || (isSecure ? "443" : "80"), isSecure }, text)]),
    "",
    text("report-proxy"),
    text("report-udp"),
  ].join("\n");
}

/** @param {Text} text */
function heads(text) {
  return ["transport", "host", "port", "protocol", "for", "result"].map((name) => text(`report-${name}`));
}

/** @param {Findings} findings @param {{host: string, port: string, isSecure: boolean}} ours @param {Text} text */
function lines(findings, { host, port, isSecure }, text) {
  const word = (/** @type {string} */ state) => text(`state-${state}`);
  return [
    ["TCP", host, port, isSecure ? "HTTPS" : "HTTP", text("report-pages"), word("works")],
    ["TCP", host, port, isSecure ? "WSS" : "WS", text("report-line"), word(findings.line)],
    ...findings.places.map((place) => {
      const state = word(findings.direct.state);
      return ["UDP", ...place.split(" "), "DTLS-SRTP", text("report-media"), state];
    }),
    ...findings.relaySetUp.map(({ transport, host: relay, port: at, protocol }) => [
      protocol === "udp" ? "UDP" : "TCP",
      relay,
      String(at),
      protocol === "tls" ? "TURN, TLS" : "TURN",
      text("report-relay"),
      word(findings.relays[transport]?.state ?? "untested"),
    ]),
  ];
}

/** @param {Findings} findings @param {Text} text @returns {string[]} one line, if anything was measured */
function measured(findings, text) {
  const found = [findings.direct, ...Object.values(findings.relays)].find(
    ({ state, kbps }) => state === "works" && kbps !== undefined,
  );
  if (!found) return [];
  const values = {
    rtt: found.rtt ?? "?",
    loss: ((found.loss ?? 0) * 100).toFixed(1),
    jitter: found.jitter ?? "?",
    kbps: found.kbps ?? "?",
  };
  return [fill(text("report-measured"), values)];
}

/** Columns that line up in any plain text. @param {string[][]} rows */
function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join("  ")
      .trimEnd(),
  );
}
