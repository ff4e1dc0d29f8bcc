/** The page in the middle: sharp at any zoom, panned by dragging, turned and inverted; it keeps how it was looked at. */

import { set } from "./elements.js";

const STEP = 1.2, SMALLEST = 0.05, LARGEST = 6, MARGIN = 2;

export class Viewer {
  #image = null;
  #size = [850, 1100];
  #turn = 0;
  #scale = 1;

  constructor({ stage, sheet, leaf, overlay, zoomWord }) {
    Object.assign(this, { stage, sheet, leaf, overlay, zoomWord });
    this.fit = "width";
    stage.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    stage.addEventListener("pointerdown", (event) => this.#grab(event));
    new ResizeObserver(() => this.#refit()).observe(stage);
  }

  /** Puts a decoded image there. `width` and `height` are the page's own pixels, that boxes are measured in. */
  show(image, { width, height, turn, alt, isBlurred }) {
    const isSame = image === this.#image;
    if (!isSame) {
      this.#image?.remove();
      this.#image = image;
      this.leaf.prepend(image);
    }
    image.alt = alt;
    image.draggable = false;
    set(this.leaf, "data-blurred", isBlurred);
    this.#size = [width, height];
    this.#turn = turn;
    set(this.overlay, "viewBox", `0 0 ${width} ${height}`);
    this.#refit();
    if (!isSame) this.stage.scrollTo(0, 0);
  }

  /** Nothing to show, and why. */
  clear(why) {
    this.#image?.remove();
    const words = document.createElement("p");
    words.className = "missing";
    words.textContent = why;
    this.#image = words;
    this.leaf.prepend(words);
  }

  turnTo(turn) {
    if (turn === this.#turn) return;
    this.#turn = turn;
    this.#refit();
  }

  #refit() {
    const [width, height] = this.#turned();
    const [room, tall] = [this.stage.clientWidth - MARGIN, this.stage.clientHeight - MARGIN];
    if (this.fit === "width") this.#scale = room / width;
    if (this.fit === "page") this.#scale = Math.min(room / width, tall / height);
    this.#lay();
  }

  #turned() {
    return this.#turn % 180 ? [...this.#size].reverse() : this.#size;
  }

  #lay() {
    const [w, h] = this.#size.map((side) => side * this.#scale);
    const [width, height] = this.#turn % 180 ? [h, w] : [w, h];
    Object.assign(this.sheet.style, { width: `${width}px`, height: `${height}px` });
    const shift = { 0: "", 90: `translate(${h}px, 0)`, 180: `translate(${w}px, ${h}px)`, 270: `translate(0, ${w}px)` };
    Object.assign(this.leaf.style, { width: `${w}px`, height: `${h}px` });
    this.leaf.style.transform = `${shift[this.#turn]} rotate(${this.#turn}deg)`;
    this.overlay.style.setProperty("--unit", String(Math.min(2.6, 1 / this.#scale)));
    this.zoomWord.textContent = `${Math.round(this.#scale * 100)} %`;
  }

  fitTo(fit) {
    this.fit = fit;
    this.#refit();
  }

  /** Zooms so that what is under `at` (client coordinates; the middle without it) stays there. */
  zoom(isIn, at = null, step = STEP) {
    const frame = this.stage.getBoundingClientRect();
    const [x, y] = at ?? [frame.left + frame.width / 2, frame.top + frame.height / 2];
    const before = this.sheet.getBoundingClientRect();
    const point = [(x - before.left) / this.#scale, (y - before.top) / this.#scale];
    this.fit = "free";
    this.#scale = Math.min(LARGEST, Math.max(SMALLEST, this.#scale * (isIn ? step : 1 / step)));
    this.#lay();
    const after = this.sheet.getBoundingClientRect();
    this.stage.scrollBy(after.left + point[0] * this.#scale - x, after.top + point[1] * this.#scale - y);
  }

  invert() {
    return this.leaf.classList.toggle("inverted");
  }

  /** Scrolls by most of what is visible. */
  page(isDown) {
    this.stage.scrollBy({ top: (isDown ? 0.85 : -0.85) * this.stage.clientHeight });
  }

  /** Brings an element of the overlay into sight, if it is not. */
  reveal(element) {
    const box = element.getBoundingClientRect();
    const frame = this.stage.getBoundingClientRect();
    const isInside = box.top >= frame.top && box.bottom <= frame.bottom && box.left >= frame.left && box.right <= frame.right;
    if (isInside) return;
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    this.stage.scrollBy(x - frame.left - frame.width / 2, y - frame.top - frame.height / 2);
  }

  #wheel(event) {
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.zoom(event.deltaY < 0, [event.clientX, event.clientY], 1.12);
  }

  #grab(event) {
    const frame = this.stage.getBoundingClientRect();
    const isOnBar = event.clientX > frame.left + this.stage.clientWidth || event.clientY > frame.top + this.stage.clientHeight;
    if (event.button !== 0 || event.pointerType === "touch" || isOnBar) return;
    const start = [event.clientX + this.stage.scrollLeft, event.clientY + this.stage.scrollTop];
    const pan = (moved) => this.stage.scrollTo(start[0] - moved.clientX, start[1] - moved.clientY);
    const drop = () => {
      this.stage.removeEventListener("pointermove", pan);
      this.stage.classList.remove("grabbed");
    };
    this.stage.setPointerCapture(event.pointerId);
    this.stage.classList.add("grabbed");
    this.stage.addEventListener("pointermove", pan);
    this.stage.addEventListener("lostpointercapture", drop, { once: true });
  }
}
