/**
 * Raised hands: whose are up by the server's word, and who has just raised one.
 *
 * @typedef {import('live-protocol').Person} Person
 */
export class Hands {
  #raised;
  /** @type {string[]} peers */
  #up = [];

  /** @param {(name: string) => void} raised told the name of whoever has just raised a hand */
  constructor(raised) {
    this.#raised = raised;
  }

  /** @param {Person[]} people @param {string} me @returns {string[]} the peers whose hands are up, the first first */
  show(people, me) {
    const up = people
      .filter(({ hand }) => hand)
      .sort((one, other) => Date.parse(one.hand ?? "") - Date.parse(other.hand ?? ""));
    for (const { peer, name } of up) if (peer !== me && !this.#up.includes(peer)) this.#raised(name);
    this.#up = up.map(({ peer }) => peer);
    return this.#up;
  }

  /** @param {string} peer */
  isUp(peer) {
    return this.#up.includes(peer);
  }
}
