/**
 * The whole test of a connection, without a page: devices, the live line, the ICE transports of picture and sound. Ends within about 20 s, whatever is blocked.
 *
 * Event `step` (CustomEvent; detail {step, state, ...}): `state` is 'running', then 'good', 'warn' or 'bad' with `why` and what was measured.
 * Steps: camera, microphone, speaker, line, direct, relay-udp, relay-tcp, picture.
 */
import { Probe } from "./connection-test-probe.js";
import { judge, picture, transport } from "./connection-test-verdict.js";
import { DeviceError, listDevices, openDevice } from "./protocol-devices.js";

const LINE_MS = 5000;
const CONNECT_MS = 5000;
const MEASURE_MS = 4000;
const PERMISSION_MS = 18000; // who has not answered the browser's question by then is told so
const SIGNED_OUT = 4401;
const TOO_OFTEN = 4429;

const within = (promise, ms, instead) => Promise.race([promise, new Promise((done) => setTimeout(done, ms, instead))]);

export class ConnectionTest extends EventTarget {
  /** @param {string} url of the socket @param {{withDevices?: boolean, isLight?: boolean}} options light: for a line in the lobby */
  constructor(url, { withDevices = true, isLight = false } = {}) {
    super();
    Object.assign(this, { url, withDevices, isLight, stopped: false });
    /** @type {Map<string, Probe>} */
    this.probes = new Map();
    /** @type {Map<string, (message: any) => void>} what waits for a message of that type */
    this.awaited = new Map();
  }

  tell(step, state, detail = {}) {
    if (!this.stopped) this.dispatchEvent(new CustomEvent("step", { detail: { ...detail, step, state } }));
  }

  /** Somebody has better to do with the network. */
  stop() {
    this.stopped = true;
    this.socket?.close();
  }

  /** @returns {Promise<import('./connection-test-verdict.js').Findings & import('./connection-test-verdict.js').Verdict & {places: string[], relaySetUp: object[]}>} */
  async run() {
    const devices = this.withDevices ? this.devices() : null;
    const findings = await this.network();
    await devices;
    this.stop();
    return { ...findings, ...judge(findings) };
  }

  // -- devices -----------------------------------------------------------------------------------------------------

  async devices() {
    await this.device("microphone", "audio");
    await this.device("camera", "video");
    this.tell("speaker", "running");
    const all = await listDevices().catch(() => []);
    const canTell = all.some(({ kind }) => kind === "audiooutput");
    // Because Firefox and Safari do not list speakers: nothing there means nothing.
    const missing = !canTell && "setSinkId" in HTMLMediaElement.prototype && all.length > 0;
    this.tell("speaker", missing ? "warn" : "good", { why: missing ? "no-speaker" : canTell ? "found" : "not-listed" });
  }

  /** @param {'camera'|'microphone'} step @param {'audio'|'video'} kind */
  async device(step, kind) {
    this.tell(step, "running");
    let isLate = false;
    const opened = openDevice(kind).then(
      (track) => {
        track.stop();
        return { state: "good", why: "found", label: track.label };
      },
      (error) => ({ state: "bad", why: error instanceof DeviceError ? error.trouble : "unknown" }),
    );
    const found = await within(opened, PERMISSION_MS / 2, { state: "warn", why: "unanswered" });
    isLate = found.why === "unanswered";
    this.tell(step, found.state, { why: found.why, label: isLate ? "" : found.label });
  }

  // -- the network -------------------------------------------------------------------------------------------------

  async network() {
    const untested = { state: "untested" };
    const findings = {
      line: "works",
      server: "works",
      direct: untested,
      relays: {},
      protocols: [],
      places: [],
      relaySetUp: [],
    };
    this.tell("line", "running");
    const ready = await this.open();
    if (ready.type !== "ready") {
      findings.line = ready.code === TOO_OFTEN ? "refused" : "blocked";
      this.tell("line", "bad", {
        why: ready.code === SIGNED_OUT ? "signed-out" : ready.code === TOO_OFTEN ? "too-often" : "blocked",
      });
      return findings;
    }
    findings.lineRtt = await this.roundTrip();
    this.tell("line", "good", { why: "works", ms: findings.lineRtt });
    findings.relaySetUp = ready.relays;
    findings.protocols = [...new Set(ready.relays.map(({ protocol }) => protocol))];
    if (!ready.server) {
      findings.server = "none";
      this.tell("direct", "warn", { why: "no-server" });
      return findings;
    }
    await this.transports(findings);
    return findings;
  }

  /** @param {any} findings filled in */
  async transports(findings) {
    const measureMs = this.isLight ? MEASURE_MS / 2 : MEASURE_MS;
    findings.direct = await this.probe("direct", measureMs, findings);
    const isDirect = findings.direct.state === "works";
    if (findings.direct.state === "away") findings.server = "away";
    else if (!(this.isLight && isDirect)) await this.relays(findings, isDirect ? 0 : measureMs);
    const found = transport(findings);
    if (found)
      this.tell("picture", { good: "good", small: "warn", voice: "warn" }[picture(found.measured)] ?? "good", {
        why: picture(found.measured),
        ...found.measured,
      });
  }

  async relays(findings, measureMs) {
    const names = [...new Set(findings.relaySetUp.map((relay) => relay.transport))];
    for (const name of ["relay-udp", "relay-tcp"]) if (!names.includes(name)) this.tell(name, "none", { why: "none" });
    const measured = await Promise.all(names.map((name) => this.probe(name, measureMs, findings)));
    names.forEach((name, index) => (findings.relays[name] = measured[index]));
  }

  async probe(name, measureMs, findings) {
    this.tell(name, "running");
    const probe = new Probe(name, (message) => this.say(message), { kbps: this.isLight ? 800 : 1500 });
    this.probes.set(name, probe);
    const measured = await probe.run({ connectMs: CONNECT_MS, measureMs, stopped: () => this.stopped });
    if (name === "direct") findings.places = [...probe.places];
    this.tell(name, { works: "good", away: "warn", none: "none" }[measured.state] ?? "bad", {
      why: measured.state,
      ...measured,
    });
    return measured;
  }

  // -- the line ----------------------------------------------------------------------------------------------------

  /** Open the socket; resolves with `ready`, or with the code by which it was closed. @returns {Promise<any>} */
  open() {
    const socket = (this.socket = new WebSocket(this.url));
    const answer = new Promise((resolve) => {
      this.awaited.set("ready", resolve);
      socket.onclose = ({ code }) => resolve({ type: "closed", code });
    });
    socket.onopen = () => this.say({ type: "hello" });
    socket.onmessage = ({ data }) => this.hear(JSON.parse(data));
    return within(answer, LINE_MS, { type: "closed", code: 0 });
  }

  hear(message) {
    if (message.transport) this.probes.get(message.transport)?.receive(message);
    else this.awaited.get(message.type)?.(message);
  }

  say(message) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  /** The quickest of three pings, in ms; the others wait for the browser more than for the network. */
  async roundTrip() {
    const times = [];
    for (let count = 0; count < 3; count += 1) {
      const at = performance.now();
      const answered = new Promise((resolve) => this.awaited.set("pong", () => resolve(true)));
      this.say({ type: "ping", at });
      if (await within(answered, 1000, false)) times.push(performance.now() - at);
    }
    return times.length ? Math.round(Math.min(...times)) : undefined;
  }
}
