/** Two strips of paper to compare at a glance: what the letter says, and what this page says whose it is. */

import { set, show } from "./elements.js";

/** Where the identity mostly is if nobody knows: the upper part of the sheet, in shares of its height. */
const FROM_TOP = 0.04, TALL = 0.24;

export class Compare {
  constructor(parts, desk) {
    Object.assign(this, parts);
    this.desk = desk;
  }

  /** Shows both strips for the candidate and the current page; what comes too late is dropped. */
  async draw(candidate) {
    const view = this.desk.current;
    const detail = this.desk.details.known.get(view.n);
    const letter = this.desk.kase.letters.find(({ requestId }) => requestId === candidate?.requestId);
    this.#strip(this.pageStrip, this.pageNote, detail && !this.#isClosed(view.n) ? [view.n, this.#band(view, detail)] : null,
      this.#isClosed(view.n) ? "Sensitive: not shown." : "");
    const wanted = (this.wanted = `${letter?.page ?? "none"} ${candidate?.requestId ?? ""}`);
    if (!letter || this.#isClosed(letter.page)) {
      const why = letter ? "The letter is sensitive: not shown." : "No letter of this request came with this document.";
      return this.#strip(this.letterStrip, this.letterNote, null, candidate ? why : "Choose a candidate to compare.");
    }
    const other = this.desk.view(letter.page);
    const known = letter.box ? { identity: letter.box } : await this.desk.details.of(letter.page).catch(() => null);
    if (this.wanted !== wanted) return undefined;
    return this.#strip(this.letterStrip, this.letterNote, [letter.page, this.#band(other, known)], `Letter, page ${letter.page}`);
  }

  #isClosed(n) {
    return this.desk.view(n)?.sensitive === "closed";
  }

  #band({ width, height }, detail) {
    const known = detail?.identity;
    if (!known) return [0, (height || 2200) * FROM_TOP, width || 1700, (height || 2200) * TALL];
    const [, top, , tall] = known;
    return [0, Math.max(0, top - 20), width, Math.min(height - top + 20, Math.max(tall + 40, height * 0.1))];
  }

  #strip(image, note, source, words) {
    note.textContent = words;
    show(image, source !== null);
    if (!source) return set(image, "src", null);
    const [n, box] = source;
    set(image, "alt", `Strip of page ${n}`);
    image.style.aspectRatio = `${Math.round(box[2])} / ${Math.round(box[3])}`;
    return set(image, "src", this.desk.details.cropUrl(n, box));
  }
}

