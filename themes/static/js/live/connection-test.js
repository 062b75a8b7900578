/**
 * The whole test of a connection, without a page: devices, the live line, the transports of picture and sound. Ends within about 20 s,
 * whatever is blocked.
 *
 * Event `step` (CustomEvent; detail {step, state, ...}): `state` is 'running', then 'good', 'warn' or 'bad' with `why` and what was measured.
 * Steps: camera, microphone, speaker, line, direct, relay-udp, relay-tcp, picture.
 *
 * @typedef {import('./connection-test-verdict.js').Findings} Findings
 * @typedef {import('./connection-test-verdict.js').Verdict} Verdict
 * @typedef {import('./connection-test-verdict.js').Measured} Measured
 * @typedef {{step: string, state: string, why?: string, ms?: number, label?: string} & Partial<Omit<Measured, 'state'>>} Step
 * @typedef {{type: 'ready', server: boolean, relays: Findings['relaySetUp']}} Ready
 */
import { Probe } from "./connection-test-probe.js";
import { judge, picture, transport } from "./connection-test-verdict.js";
import { DeviceError, listDevices, openDevice } from "./protocol-devices.js";

const LINE_MS = 5000;
const CONNECT_MS = 5000;
const MEASURE_MS = 4000;
const PONG_MS = 1000;
const PERMISSION_MS = 9000; // for each device: who has not answered the browser's question by then is told so
const SIGNED_OUT = 4401;
const TOO_OFTEN = 4429;
/** @type {Record<Measured['state'], string>} */
const STATES = { works: "good", away: "warn", none: "none", blocked: "bad", untested: "bad" };

export class ConnectionTest extends EventTarget {
  #url;
  #withDevices;
  #isLight;
  #isStopped = false;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {Map<string, Probe>} by transport */
  #probes = new Map();
  /** @type {Map<string, (message: any) => void>} what waits for a message of that type */
  #awaited = new Map();

  /** @param {string} url of the socket @param {{withDevices?: boolean, isLight?: boolean}} options light: for a line in the lobby */
  constructor(url, { withDevices = true, isLight = false } = {}) {
    super();
    this.#url = url;
    this.#withDevices = withDevices;
    this.#isLight = isLight;
  }

  /** @returns {Promise<Findings & Verdict>} */
  async run() {
    const devices = this.#withDevices ? this.#testDevices() : null;
    const findings = await this.#testNetwork();
    await devices;
    this.stop();
    return { ...findings, ...judge(findings) };
  }

  /** Somebody has better to do with the network. */
  stop() {
    this.#isStopped = true;
    this.#socket?.close();
  }

  /** @param {string} step @param {string} state @param {Omit<Step, 'step' | 'state'>} detail */
  #tell(step, state, detail = {}) {
    if (!this.#isStopped) this.dispatchEvent(new CustomEvent("step", { detail: { ...detail, step, state } }));
  }

  // -- devices -----------------------------------------------------------------------------------------------------

  async #testDevices() {
    await this.#testDevice("microphone", "audio");
    await this.#testDevice("camera", "video");
    this.#tell("speaker", "running");
    const all = await listDevices().catch(() => []);
    const isListed = all.some(({ kind }) => kind === "audiooutput");
    // Because Firefox and Safari do not list speakers: nothing there means nothing.
    const isMissing = !isListed && "setSinkId" in HTMLMediaElement.prototype && all.length > 0;
    const why = isMissing ? "no-speaker" : isListed ? "found" : "not-listed";
    this.#tell("speaker", isMissing ? "warn" : "good", { why });
  }

  /** @param {'camera' | 'microphone'} step @param {'audio' | 'video'} kind */
  async #testDevice(step, kind) {
    this.#tell(step, "running");
    const opened = openDevice(kind).then(
      (track) => {
        track.stop();
        return { state: "good", why: "found", label: track.label };
      },
      (error) => ({ state: "bad", why: error instanceof DeviceError ? error.trouble : "unknown", label: "" }),
    );
    const { state, ...detail } = await within(opened, PERMISSION_MS, { state: "warn", why: "unanswered", label: "" });
    this.#tell(step, state, detail);
  }

  // -- the network -------------------------------------------------------------------------------------------------

  /** @returns {Promise<Findings>} */
  async #testNetwork() {
    /** @type {Findings} */
    const findings = {
      line: "works",
      server: "works",
      direct: { state: "untested" },
      relays: {},
      protocols: [],
      places: [],
      relaySetUp: [],
    };
    this.#tell("line", "running");
    const answer = await this.#open();
    if (typeof answer === "number") {
      findings.line = answer === TOO_OFTEN ? "refused" : "blocked";
      const why = answer === SIGNED_OUT ? "signed-out" : answer === TOO_OFTEN ? "too-often" : "blocked";
      this.#tell("line", "bad", { why });
      return findings;
    }
    findings.lineRtt = await this.#roundTrip();
    this.#tell("line", "good", { why: "works", ms: findings.lineRtt });
    findings.relaySetUp = answer.relays;
    findings.protocols = [...new Set(answer.relays.map(({ protocol }) => protocol))];
    if (answer.server) await this.#testTransports(findings);
    else {
      findings.server = "none";
      this.#tell("direct", "warn", { why: "no-server" });
    }
    return findings;
  }

  /** @param {Findings} findings filled in */
  async #testTransports(findings) {
    const measureMs = this.#isLight ? MEASURE_MS / 2 : MEASURE_MS;
    findings.direct = await this.#probe("direct", measureMs, findings);
    const isDirect = findings.direct.state === "works";
    if (findings.direct.state === "away") findings.server = "away";
    else if (!(this.#isLight && isDirect)) await this.#testRelays(findings, isDirect ? 0 : measureMs);
    const found = transport(findings);
    if (!found) return;
    const size = picture(found.measured);
    const { state: _, ...measured } = found.measured;
    this.#tell("picture", size === "small" || size === "voice" ? "warn" : "good", { why: size ?? "", ...measured });
  }

  /** @param {Findings} findings filled in @param {number} measureMs */
  async #testRelays(findings, measureMs) {
    const names = [...new Set(findings.relaySetUp.map((relay) => relay.transport))];
    for (const name of ["relay-udp", "relay-tcp"]) if (!names.includes(name)) this.#tell(name, "none", { why: "none" });
    const measured = await Promise.all(names.map((name) => this.#probe(name, measureMs, findings)));
    names.forEach((name, index) => (findings.relays[name] = measured[index]));
  }

  /** @param {string} name of the transport @param {number} measureMs @param {Findings} findings where the server's addresses go */
  async #probe(name, measureMs, findings) {
    this.#tell(name, "running");
    const probe = new Probe(name, (message) => this.#send(message), { kbps: this.#isLight ? 800 : 1500 });
    this.#probes.set(name, probe);
    const measured = await probe.run({ connectMs: CONNECT_MS, measureMs, stopped: () => this.#isStopped });
    if (name === "direct") findings.places = [...probe.places];
    const { state, ...numbers } = measured;
    this.#tell(name, STATES[state], { why: state, ...numbers });
    return measured;
  }

  // -- the line ----------------------------------------------------------------------------------------------------

  /** Open the socket. @returns {Promise<Ready | number>} or the code by which it was closed; 0 where it stayed silent */
  #open() {
    const socket = (this.#socket = new WebSocket(this.#url));
    /** @type {Promise<Ready | number>} */
    const answer = new Promise((resolve) => {
      this.#awaited.set("ready", resolve);
      socket.onclose = ({ code }) => resolve(code);
    });
    socket.onopen = () => this.#send({ type: "hello" });
    socket.onmessage = ({ data }) => this.#receive(JSON.parse(data));
    return within(answer, LINE_MS, 0);
  }

  /** @param {any} message */
  #receive(message) {
    if (message.transport) this.#probes.get(message.transport)?.receive(message);
    else this.#awaited.get(message.type)?.(message);
  }

  /** @param {object} message */
  #send(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  /** The quickest of three pings, in ms; the others wait for the browser more than for the network. */
  async #roundTrip() {
    const times = [];
    for (let count = 0; count < 3; count += 1) {
      const at = performance.now();
      const answered = new Promise((resolve) => this.#awaited.set("pong", () => resolve(true)));
      this.#send({ type: "ping", at });
      if (await within(answered, PONG_MS, false)) times.push(performance.now() - at);
    }
    return times.length ? Math.round(Math.min(...times)) : undefined;
  }
}

/**
 * What was promised, or something else after a time.
 * @template T @param {Promise<T>} promise @param {number} ms @param {T} instead @returns {Promise<T>}
 */
function within(promise, ms, instead) {
  const late = new Promise((done) => {
    setTimeout(done, ms, instead);
  });
  return Promise.race([promise, late]);
}
