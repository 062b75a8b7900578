// Sounds made in the browser, so that nothing is fetched: the doorbell, "you are in", and the speaker test.

const DOORBELL = [
  [659.3, 0],
  [523.3, 0.22],
];
const WELCOME = [
  [523.3, 0],
  [659.3, 0.14],
  [784, 0.28],
];

/** @type {AudioContext | null} */
let context = null;

/** Browsers keep a page silent until somebody touches it; the first touch opens the ears. */
function wake() {
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume().catch(() => {});
  return context;
}
for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, wake, { once: true });

/**
 * @param {number[][]} notes frequency in Hz and start in seconds
 * @param {string} sink id of the speaker, where the browser lets one choose
 * @returns {Promise<boolean>} whether it could be heard
 */
async function play(notes, sink = "") {
  const audio = wake();
  if ("setSinkId" in audio && sink) await audio.setSinkId(sink).catch(() => {});
  await Promise.race([audio.resume(), new Promise((done) => setTimeout(done, 150))]);
  if (audio.state !== "running") return false;
  for (const [frequency, after] of notes) {
    const at = audio.currentTime + after;
    const [tone, volume] = [audio.createOscillator(), audio.createGain()];
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.22, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.9);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 1);
  }
  return true;
}

export const ringDoorbell = () => play(DOORBELL);
export const playWelcome = () => play(WELCOME);
/** @param {string} sink */
export const playTone = (sink) => play([...WELCOME], sink);
