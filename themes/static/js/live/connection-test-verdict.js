/**
 * What the measurements of a connection mean, as one word and what follows from it. Pure: no DOM, no clock.
 *
 * @typedef {'works' | 'blocked' | 'none' | 'away' | 'untested'} State  none: not set up here; away: the media server does not answer
 * @typedef {{state: State, rtt?: number, loss?: number, jitter?: number, kbps?: number}} Measured  ms, a share of 1, ms, kbit/s
 * @typedef {{transport: string, host: string, port: number, protocol: 'udp' | 'tcp' | 'tls'}} Relay
 * @typedef {{line: 'works' | 'blocked' | 'refused', lineRtt?: number, server: 'works' | 'none' | 'away', direct: Measured,
 *            relays: Record<string, Measured>, protocols: string[], places: string[], relaySetUp: Relay[]}} Findings
 *   `protocols`: of the relays that are set up; `places`: where the server says it is, as `address port`
 * @typedef {'good' | 'small' | 'voice'} Picture
 * @typedef {{verdict: string, tone: 'good' | 'warn' | 'bad', picture: Picture | null}} Verdict
 */

const PICTURE_KBPS = 600; // a picture that fills the screen, and a voice
const SMALL_KBPS = 150;
const LOSS_SMALL = 0.05;
const LOSS_VOICE = 0.15;
const SLOW_MS = 400; // beyond it people talk into each other's sentences

/**
 * Which transport carries a session: the first that works.
 * @param {Pick<Findings, 'direct' | 'relays'>} findings @returns {{transport: string, measured: Measured} | null}
 */
export function transport({ direct, relays }) {
  if (direct.state === "works") return { transport: "direct", measured: direct };
  for (const name of ["relay-udp", "relay-tcp"]) {
    if (relays[name]?.state === "works") return { transport: name, measured: relays[name] };
  }
  return null;
}

/** How much picture fits through; null where nothing was measured. @param {Measured} measured @returns {Picture | null} */
export function picture({ kbps, loss = 0 }) {
  if (kbps === undefined) return null;
  if (kbps < SMALL_KBPS || loss >= LOSS_VOICE) return "voice";
  return kbps < PICTURE_KBPS || loss >= LOSS_SMALL ? "small" : "good";
}

/** @param {Findings} findings @returns {Verdict} */
export function judge(findings) {
  if (findings.line === "refused") return { verdict: "too-often", tone: "warn", picture: null };
  if (findings.line === "blocked") return { verdict: "no-line", tone: "bad", picture: null };
  if (findings.server !== "works")
    return { verdict: findings.server === "none" ? "no-server" : "away", tone: "warn", picture: null };
  const found = transport(findings);
  if (!found) return { verdict: blocked(findings), tone: "bad", picture: null };
  const size = picture(found.measured);
  const isWeak = (size !== null && size !== "good") || (found.measured.rtt ?? 0) > SLOW_MS;
  const verdict = (found.transport === "direct" ? "works" : "relay") + (isWeak ? "-weak" : "");
  return { verdict, tone: isWeak ? "warn" : "good", picture: size };
}

/** Why nothing gets through, by what could have. @param {Findings} findings */
function blocked({ protocols }) {
  if (protocols.includes("tls")) return "blocked-tls";
  if (protocols.includes("tcp")) return "blocked-tcp";
  return protocols.length ? "blocked-udp" : "blocked";
}
