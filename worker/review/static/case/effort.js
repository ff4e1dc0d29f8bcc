/** What an item costs: key strokes, and seconds in which the person was at it (a pause over a minute does not count). */

export const IDLE_MS = 60000;
const MODIFIERS = new Set(["Shift", "Control", "Alt", "Meta", "CapsLock", "AltGraph"]);

/** The active milliseconds between two signs of life. */
export const counted = (pause) => (pause > IDLE_MS ? 0 : pause);

export class Effort {
  keystrokes = 0;
  #active = 0;
  #last;

  constructor(target, now = () => performance.now()) {
    this.now = now;
    this.#last = now();
    target.addEventListener("keydown", (event) => {
      if (!event.repeat && !MODIFIERS.has(event.key)) this.keystrokes += 1;
    }, { capture: true });
    for (const name of ["keydown", "pointerdown", "pointermove", "wheel", "scroll"])
      target.addEventListener(name, () => this.#sign(), { capture: true, passive: true });
  }

  #sign() {
    const now = this.now();
    this.#active += counted(now - this.#last);
    this.#last = now;
  }

  get seconds() {
    return Math.round((this.#active + counted(this.now() - this.#last)) / 100) / 10;
  }

  /** How long nobody has moved anything, in milliseconds. */
  get pause() {
    return this.now() - this.#last;
  }
}
