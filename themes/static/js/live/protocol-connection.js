/** What both kinds of call need of a connection. */

const RESTART_EVERY_MS = 2500;

/** @param {import('live-protocol').Engine} config @returns {RTCConfiguration} */
export const ice = ({ ice_servers = [], ice_transport_policy = "all" }) => ({
  iceServers: ice_servers,
  iceTransportPolicy: ice_transport_policy,
  bundlePolicy: "max-bundle",
});

/** @param {import('live-protocol').Source} source */
export const kindOf = (source) => (source === "camera" || source === "screen" ? "video" : "audio");

/** Tries again and again while a connection is lost: at once, then every 2.5 s. */
export class Restarts {
  #attempt;
  /** @type {number | undefined} */
  #timer;

  /** @param {() => void} attempt */
  constructor(attempt) {
    this.#attempt = attempt;
  }

  begin() {
    if (this.#timer) return;
    this.#timer = setInterval(this.#attempt, RESTART_EVERY_MS);
    this.#attempt();
  }

  end() {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

/** @type {WeakMap<RTCRtpSender, Promise<void>>} */
const changes = new WeakMap();

/** Switch encodings on and off; changes of one sender wait for each other, as browsers demand.
 * @param {RTCRtpSender} sender @param {string[]} rids */
export function setActive(sender, rids) {
  const change = (changes.get(sender) ?? Promise.resolve()).then(async () => {
    const parameters = sender.getParameters();
    if (!parameters.encodings?.length) return;
    for (const encoding of parameters.encodings) encoding.active = rids.includes(encoding.rid ?? "");
    await sender.setParameters(parameters);
  });
  const settled = change.catch((error) => console.warn("encodings", error.name));
  changes.set(sender, settled);
  return settled;
}
