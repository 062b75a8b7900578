/**
 * Who is in the session by the server's word: who has gone since, and whose line is lost while ours is not.
 *
 * @typedef {import('live-protocol').Person} Person
 */
const MOMENT_MS = 3000;

export class Presence {
  #left;
  /** @type {Person[]} */
  #others = [];
  #timer = 0;

  /** @param {(name: string) => void} left told the name of whoever has gone */
  constructor(left) {
    this.#left = left;
  }

  /** The only other one, or nobody where there are several. */
  get other() {
    return this.#others.length === 1 ? this.#others[0] : null;
  }

  /** @param {Person[]} people @param {string} me */
  show(people, me) {
    const present = people.filter(({ peer }) => peer !== me);
    const isIn = (/** @type {Person[]} */ some, /** @type {Person} */ one) =>
      some.some(({ peer }) => peer === one.peer);
    const come = present.filter((one) => !isIn(this.#others, one));
    for (const one of this.#others.filter((other) => !isIn(present, other))) {
      const again = come.findIndex(({ name }) => name === one.name);
      if (again >= 0)
        come.splice(again, 1); // the same person, who was let in anew
      else this.#left(one.name);
    }
    this.#others = present;
  }

  /** Nobody is seen any more: the person is out. */
  forget() {
    this.#others = [];
    window.clearTimeout(this.#timer);
  }

  /** @param {Person | null} other whose line is lost @param {(peer: string | null) => void} gone after a moment without them */
  watch(other, gone) {
    window.clearTimeout(this.#timer);
    if (!other) gone(null);
    else this.#timer = window.setTimeout(() => gone(other.peer), MOMENT_MS);
  }
}
