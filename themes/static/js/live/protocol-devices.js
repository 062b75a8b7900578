/** Cameras, microphones and screens, with plain names for what goes wrong. */

/**
 * @typedef {'no-camera'|'no-microphone'|'no-screen'|'denied'|'busy'|'gone'|'unsupported'|'insecure'|'cancelled'|'unknown'} Trouble
 */

export class DeviceError extends Error {
  /** @param {Trouble} trouble @param {unknown} cause */
  constructor(trouble, cause) {
    super(trouble, { cause });
    this.name = "DeviceError";
    this.trouble = trouble;
  }
}

/** @param {any} error @param {'audio'|'video'|'screen'} kind @returns {Trouble} */
function troubleOf(error, kind) {
  switch (error?.name) {
    case "NotAllowedError":
    case "SecurityError":
      return kind === "screen" ? "cancelled" : "denied";
    case "NotFoundError":
      if (kind === "screen") return "no-screen";
      return kind === "video" ? "no-camera" : "no-microphone";
    case "OverconstrainedError":
      return "gone"; // the chosen device is no longer plugged in
    case "NotReadableError":
    case "AbortError":
      return "busy";
    case "TypeError":
      return globalThis.isSecureContext ? "unsupported" : "insecure";
    default:
      return "unknown";
  }
}

const VIDEO = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } };
const AUDIO = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/** Open a camera or microphone. @param {'audio'|'video'} kind @param {string=} device id; any if not given
 * @returns {Promise<MediaStreamTrack>} */
export async function openDevice(kind, device) {
  const wanted = { ...(kind === "video" ? VIDEO : AUDIO), ...(device ? { deviceId: { exact: device } } : {}) };
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ [kind]: wanted });
    return stream.getTracks()[0];
  } catch (error) {
    throw new DeviceError(troubleOf(error, kind), error);
  }
}

/** Open a screen, with its sound where the browser offers that. Call it from a click.
 * @returns {Promise<{screen: MediaStreamTrack, audio: MediaStreamTrack|null}>} */
export async function openScreen() {
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { max: 15 } }, audio: true });
    return { screen: stream.getVideoTracks()[0], audio: stream.getAudioTracks()[0] ?? null };
  } catch (error) {
    throw new DeviceError(troubleOf(error, "screen"), error);
  }
}

/** @returns {Promise<{kind: 'audioinput'|'audiooutput'|'videoinput', id: string, label: string}[]>} */
export async function listDevices() {
  const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  return all.map(({ kind, deviceId, label }) => ({ kind, id: deviceId, label }));
}

/** Call back whenever a device is plugged in or out; returns how to stop that. @param {() => void} changed */
export function watchDevices(changed) {
  navigator.mediaDevices?.addEventListener("devicechange", changed);
  return () => navigator.mediaDevices?.removeEventListener("devicechange", changed);
}

/**
 * Measure how loud a microphone is, 0 to 1, about ten times a second, until the returned function is called.
 * @param {MediaStreamTrack} track @param {(level: number) => void} told
 */
export function watchLevel(track, told) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  const samples = new Float32Array(analyser.fftSize);
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    told(Math.min(1, Math.max(...samples.map(Math.abs))));
  }, 100);
  return () => {
    clearInterval(timer);
    context.close();
  };
}
