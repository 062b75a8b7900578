/**
 * Drawing over a shared screen (docs/boards.md): the room's work area mounts it above each one. What is drawn is passed on by a socket of its own and
 * kept by no server; it is gone when the sharing ends, because this ends with it.
 *
 * @typedef {import('../live/tab-context.js').TabContext} TabContext
 */
import { closest, copyOf, findAll, required } from "../dom.js";
import { text } from "../texts.js";
import { InkLayer } from "./ink-layer.js";

const SEND_EVERY_MS = 60;
const MOST_POINTS = 100; // of one stroke; a longer one goes on as another
const MOST_AT_ONCE = 50; // strokes of one message
const MOST_RUBBED = 200; // names of one message
const LEAST = 25; // ten-thousandths of the picture between two points that tell anything
const WIDTH = 5; // thousandths of the picture's width
const RUBBER = 12; // pixels around it

/** @param {HTMLElement} element @param {TabContext} context */
export function mount(element, context) {
  return new Ink(element, context);
}

class Ink {
  #tool = "pen";
  #colour = 1;
  #key = "";
  #count = 0;
  #mayDraw = false;
  #isOn = false; // the person draws, rather than looks
  /** @type {{name: string, points: number[]} | null} */
  #growing = null;
  #isRubbing = false;
  /** @type {Set<string>} names of strokes that the others do not have yet as they are */
  #fresh = new Set();
  /** @type {Set<string>} */
  #rubbed = new Set();
  #sending = 0;

  /** @param {HTMLElement} element @param {TabContext} context */
  constructor(element, context) {
    const root = copyOf("ink");
    element.append(root);
    this.context = context;
    this.root = root;
    this.canvas = required(root, "canvas", HTMLCanvasElement);
    this.bar = required(root, "[data-ink-bar]", HTMLElement);
    const screen = /** @type {NonNullable<TabContext["screen"]>} */ (context.screen);
    this.layer = new InkLayer(this.canvas, screen.video, context.facts.colours, context.signal);
    this.socket = context.socket(`${context.facts.socket}${screen.peer}/`);
    this.socket.addEventListener("open", () => this.socket.send({ type: "hello" }));
    this.socket.addEventListener("message", (event) => this.#hear(/** @type {CustomEvent} */ (event).detail));
    this.socket.addEventListener("down", () => this.#lineIsDown());
    context.signal.addEventListener("abort", () => window.clearTimeout(this.#sending));
    for (const button of findAll(root, "[data-colour]", HTMLElement))
      button.style.setProperty("--swatch", context.facts.colours[Number(button.dataset.colour)] ?? "");
    root.addEventListener("click", (event) => this.#clicked(event));
    root.addEventListener("keydown", (event) => event.key === "Escape" && this.#isOn && this.#turn(false));
    this.#followPointer();
    this.#show();
  }

  // -- the line ------------------------------------------------------------------------------------------------------

  /** @param {any} message */
  #hear(message) {
    if (message.type === "welcome") this.#welcomed(message);
    else if (message.type === "rights") this.#mayChange(message.draws);
    else if (message.type === "ink") for (const { stroke, ...rest } of message.strokes) this.layer.set(stroke, rest);
    else if (message.type === "rub") this.layer.remove(message.strokes);
    else if (message.type === "wipe") this.layer.clear();
    else if (message.type === "came") this.#sendAll(message.page);
    else if (message.type === "error") this.context.say(message.message, "warning");
  }

  /** @param {{key: string, draws: boolean, shares: boolean}} welcome */
  #welcomed({ key, draws, shares }) {
    this.#key = key;
    this.#count = 0;
    if (!shares) this.layer.clear(); // what there is comes from the page of who shares
    this.#mayChange(draws);
  }

  /** What the others have not got is not on the screen. */
  #lineIsDown() {
    this.#growing = null;
    this.layer.remove(this.#fresh);
    this.#fresh.clear();
    this.#rubbed.clear();
    this.#key = "";
    this.#show();
  }

  /** @param {boolean} mayDraw */
  #mayChange(mayDraw) {
    this.#mayDraw = mayDraw;
    if (!mayDraw) this.#turn(false);
    this.#show();
  }

  #sendSoon() {
    this.#sending ||= window.setTimeout(() => this.#sendNow(), SEND_EVERY_MS);
  }

  #sendNow() {
    window.clearTimeout(this.#sending);
    this.#sending = 0;
    if (this.#fresh.size) this.#sendStrokes([...this.#fresh]);
    const rubbed = [...this.#rubbed];
    for (let start = 0; start < rubbed.length; start += MOST_RUBBED)
      this.socket.send({ type: "rub", strokes: rubbed.slice(start, start + MOST_RUBBED) });
    this.#fresh.clear();
    this.#rubbed.clear();
  }

  /** @param {string[]} names @param {string} [to] the page that has come */
  #sendStrokes(names, to) {
    for (let start = 0; start < names.length; start += MOST_AT_ONCE) {
      const strokes = names.slice(start, start + MOST_AT_ONCE).flatMap((stroke) => {
        const found = this.layer.strokes.get(stroke);
        return found ? [{ stroke, ...found }] : [];
      });
      if (strokes.length) this.socket.send(to ? { type: "ink", strokes, to } : { type: "ink", strokes });
    }
  }

  /** @param {string} to */
  #sendAll(to) {
    this.#sendStrokes([...this.layer.strokes.keys()], to);
  }

  // -- the pen -------------------------------------------------------------------------------------------------------

  #followPointer() {
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => {
      const spot = this.#canDraw && event.button === 0 ? this.layer.spot(event) : null;
      if (!spot) return;
      event.preventDefault();
      canvas.setPointerCapture(event.pointerId);
      if (this.#tool === "pen") this.#begin(spot);
      else this.#rub(spot);
      this.#isRubbing = this.#tool !== "pen";
    });
    canvas.addEventListener("pointermove", (event) => {
      const events = event.getCoalescedEvents?.() ?? [];
      for (const each of events.length ? events : [event]) {
        const spot = this.#growing || this.#isRubbing ? this.layer.spot(each) : null;
        if (spot && this.#growing) this.#goOn(spot);
        else if (spot) this.#rub(spot);
      }
    });
    for (const end of ["pointerup", "pointercancel"])
      canvas.addEventListener(end, () => {
        this.#growing = null;
        this.#isRubbing = false;
        this.#sendNow();
      });
  }

  get #canDraw() {
    return this.#isOn && this.#mayDraw && this.#key !== "";
  }

  /** @param {[number, number]} spot */
  #begin(spot) {
    this.#count += 1;
    this.#growing = { name: `${this.#key}-${this.#count.toString(36)}`, points: [...spot] };
    this.#keep();
  }

  /** @param {[number, number]} spot */
  #goOn([x, y]) {
    if (!this.#growing) return;
    const { points } = this.#growing;
    const [lastX = x, lastY = y] = points.slice(-2);
    if (Math.hypot(x - lastX, y - lastY) < LEAST) return;
    if (points.length === MOST_POINTS * 2) this.#begin([lastX, lastY]);
    this.#growing.points.push(x, y);
    this.#keep();
  }

  #keep() {
    if (!this.#growing) return;
    const { name, points } = this.#growing;
    this.layer.set(name, { colour: this.#colour, width: WIDTH, points });
    this.#fresh.add(name);
    this.#sendSoon();
  }

  /** @param {[number, number]} spot */
  #rub(spot) {
    const names = this.layer.touched(spot, RUBBER);
    this.layer.remove(names);
    for (const name of names) this.#rubbed.add(name);
    if (names.length) this.#sendSoon();
  }

  // -- the bar -------------------------------------------------------------------------------------------------------

  /** @param {Event} event */
  #clicked(event) {
    const button = closest(event, "[data-ink], [data-colour]", HTMLButtonElement);
    if (!button) return;
    const { ink, colour } = button.dataset;
    if (colour) {
      this.#colour = Number(colour);
      this.#tool = "pen";
    } else if (ink === "draw") return this.#turn(!this.#isOn);
    else if (ink === "clear") this.#clear();
    else if (ink) this.#tool = ink;
    this.#show();
  }

  #clear() {
    if (!this.#canDraw) return;
    this.layer.clear();
    this.#fresh.clear();
    this.#rubbed.clear();
    this.socket.send({ type: "wipe" });
  }

  /** @param {boolean} isOn */
  #turn(isOn) {
    this.#isOn = isOn;
    this.#growing = null;
    this.#show();
  }

  #show() {
    const isOn = this.#isOn && this.#mayDraw;
    this.bar.hidden = !this.#mayDraw;
    required(this.root, "[data-ink-tools]", HTMLElement).hidden = !isOn;
    this.root.toggleAttribute("data-drawing", isOn);
    for (const button of findAll(this.root, "[data-ink], [data-colour]", HTMLButtonElement)) {
      const { ink, colour } = button.dataset;
      if (ink === "clear") continue;
      const isPressed =
        ink === "draw" ? isOn : colour ? this.#tool === "pen" && Number(colour) === this.#colour : ink === this.#tool;
      button.setAttribute("aria-pressed", String(isPressed));
    }
    required(this.root, "[data-ink-away]", HTMLElement).hidden = this.#key !== "" || !isOn;
  }
}
