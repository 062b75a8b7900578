/** The report for whoever runs the network: what was reached and what must be open, as plain text. Names the organization's own host only. */

/** @param {string} pattern @param {Record<string, string|number>} values `{name}` is filled in */
export const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));

/**
 * @param {any} findings of ConnectionTest.run
 * @param {{host: string, port: string, isSecure: boolean, when: string, browser: string, verdict: string, text: (name: string) => string}} about
 */
export function report(findings, { host, port, isSecure, when, browser, verdict, text }) {
  const number = port || (isSecure ? "443" : "80");
  const word = (state) => text(`state-${state}`);
  const lines = [
    ["TCP", host, number, isSecure ? "HTTPS" : "HTTP", text("report-pages"), word("works")],
    ["TCP", host, number, isSecure ? "WSS" : "WS", text("report-line"), word(findings.line)],
    ...findings.places.map((place) => [
      "UDP",
      ...place.split(" "),
      "DTLS-SRTP",
      text("report-media"),
      word(findings.direct.state),
    ]),
    ...findings.relaySetUp.map(({ transport, host: relay, port: at, protocol }) => [
      protocol === "udp" ? "UDP" : "TCP",
      relay,
      String(at),
      protocol === "tls" ? "TURN, TLS" : "TURN",
      text("report-relay"),
      word(findings.relays[transport]?.state ?? "untested"),
    ]),
  ];
  const heads = [
    text("report-transport"),
    text("report-host"),
    text("report-port"),
    text("report-protocol"),
    text("report-for"),
    text("report-result"),
  ];
  return [
    fill(text("report-title"), { host }),
    fill(text("report-when"), { when, browser }),
    "",
    `${text("report-verdict")}: ${verdict}`,
    ...measured(findings, text),
    "",
    text("report-open"),
    ...table([heads, ...lines]),
    "",
    text("report-proxy"),
    text("report-udp"),
  ].join("\n");
}

function measured(findings, text) {
  const found = [findings.direct, ...Object.values(findings.relays)].find(
    ({ state, kbps }) => state === "works" && kbps !== undefined,
  );
  if (!found) return [];
  const values = {
    rtt: found.rtt ?? "?",
    loss: ((found.loss ?? 0) * 100).toFixed(1),
    jitter: found.jitter ?? "?",
    kbps: found.kbps,
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
