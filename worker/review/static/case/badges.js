/** A letter and a colour for each request of a case: A, B, C ... by where it first stands in the document. */

import { el } from "./elements.js";

const HUES = 8;

export class Badges {
  #order = new Map();

  constructor(kase) {
    for (const page of kase.pages) this.#add(page.requestId ?? page.proposed);
    for (const letter of kase.letters) this.#add(letter.requestId);
  }

  #add(requestId) {
    if (requestId && !this.#order.has(requestId)) this.#order.set(requestId, this.#order.size);
  }

  /** A, B, ... Z, AA, ... ; a request that was not seen before gets the next one. */
  letter(requestId) {
    this.#add(requestId);
    let k = this.#order.get(requestId) ?? 0;
    let word = "";
    for (; k >= 0; k = Math.floor(k / 26) - 1) word = String.fromCharCode(65 + (k % 26)) + word;
    return word;
  }

  hue(requestId) {
    this.#add(requestId);
    return `hue-${(this.#order.get(requestId) ?? 0) % HUES}`;
  }

  /** All requests that have a letter, in order. */
  all() {
    return [...this.#order.keys()];
  }

  /** The badge to put beside the request. */
  badge(requestId) {
    return el("span", { class: `badge ${this.hue(requestId)}`, "aria-hidden": "true" }, this.letter(requestId));
  }
}
