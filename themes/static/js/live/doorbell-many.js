/**
 * Several wait at the same door: one bar lets them all in, and no more than three cards cover the page.
 */
const SHOWN = 3;

export class Many {
  /** @param {HTMLElement} region @param {Map<string, HTMLElement>} cards by admission @param {(path: string) => Promise<void>} admitAll */
  constructor(region, cards, admitAll) {
    this.cards = cards;
    this.bar = /** @type {HTMLElement} */ (region.querySelector(".doorbell__many"));
    this.trouble = /** @type {HTMLElement} */ (this.bar.querySelector(".doorbell__trouble"));
    this.bar.querySelector("button")?.addEventListener("click", async () => {
      try {
        await admitAll(this.path);
      } catch (error) {
        this.trouble.textContent = String(error instanceof Error ? error.message : error);
        this.trouble.hidden = false;
      }
    });
  }

  /** Somebody came or went. */
  update() {
    const doors = grouped(this.cards.values());
    const [path, waiting] = [...doors].sort(([, one], [, other]) => other.length - one.length)[0] ?? ["", []];
    this.path = path;
    this.bar.hidden = waiting.length < 2;
    if (this.bar.hidden) this.trouble.hidden = true;
    this.bar.querySelector(".doorbell__count").textContent = String(waiting.length);
    let place = 0;
    for (const card of this.cards.values()) card.hidden = (place += 1) > SHOWN;
  }
}

/** @param {Iterable<HTMLElement>} cards @returns {Map<string, HTMLElement[]>} */
function grouped(cards) {
  const doors = new Map();
  for (const card of cards) doors.set(card.dataset.path, [...(doors.get(card.dataset.path) ?? []), card]);
  return doors;
}
