/** Puts the current page on the screen: its image, boxes, reasons and strips; measures how long that takes. */

import { drawReason } from "./bar.js";
import { drawBoxes, spotlight } from "./boxes.js";
import { set } from "./elements.js";
import { candidatesOf, lookedAt } from "./ranking.js";
import { isLeft, nextLeft } from "./runs.js";

export class Screen {
  #shown = 0;

  constructor({ desk, viewer, thumbs, candidates, compare, bar, sensitive }) {
    Object.assign(this, { desk, viewer, thumbs, candidates, compare, bar, sensitive });
    desk.addEventListener("change", (event) => this.draw(event.detail.moved));
  }

  /** Draws what changed; another page is fetched if need be, and what comes after it is fetched ahead. */
  async draw(moved) {
    this.#drawKnown();
    if (!moved) return this.#turn();
    this.thumbs.follow();
    return this.showPage();
  }

  #drawKnown() {
    const { desk } = this;
    const detail = desk.details.known.get(desk.place.current);
    const looked = lookedAt(desk, candidatesOf(desk));
    this.thumbs.draw();
    this.candidates.draw();
    this.bar.draw();
    this.sensitive.draw();
    drawReason(desk, detail);
    drawBoxes(this.viewer.overlay, detail, looked);
    this.compare.draw(looked);
    if (document.activeElement === document.body && document.body.classList.contains("ready")) this.thumbs.focus();
  }

  async showPage() {
    const { desk } = this;
    const n = desk.place.current;
    const asked = (this.#shown += 1);
    performance.mark("page-asked", { detail: n });
    const hadDetail = desk.details.known.has(n);
    set(this.viewer.stage, "aria-busy", "true");
    const [image, detail] = await Promise.allSettled([desk.details.image(n), desk.details.of(n)]);
    if (asked !== this.#shown) return;
    set(this.viewer.stage, "aria-busy", null);
    if (image.status === "fulfilled") this.#put(image.value);
    else this.#missing();
    if (!hadDetail && detail.status === "fulfilled") this.#drawKnown();
    if (detail.status === "rejected" && desk.current.sensitive !== "closed") desk.say(detail.reason.message ?? "The page's details did not come.");
    requestAnimationFrame(() => {
      performance.mark("page-shown", { detail: n });
      setTimeout(() => { if (asked === this.#shown) this.#ahead(n); }); // what comes next must not hold up what is asked for
    });
  }

  #put(image) {
    const view = this.desk.current;
    this.viewer.show(image, { ...sizeOf(view, image), turn: view.shownTurn,
      alt: `Page ${view.n} of ${this.desk.views.length}`, isBlurred: view.sensitive === "closed" });
  }

  #missing() {
    this.viewer.clear(`Page ${this.desk.place.current} cannot be shown: its image did not come. Go to another page and back to try again.`);
  }

  #turn() {
    this.viewer.turnTo(this.desk.current.shownTurn);
  }

  /** The next two that are left, the page after and the page before. */
  #ahead(n) {
    const { desk } = this;
    const open = desk.views.filter((view) => view.n > n && isLeft(view, desk.kase.item.kind)).slice(0, 2).map((view) => view.n);
    const first = nextLeft(desk.views, n, desk.kase.item.kind);
    const wanted = new Set([...open, first, n + 1, n - 1]);
    desk.details.ahead([...wanted].filter((k) => k && k !== n && k >= 1 && k <= desk.views.length));
  }

  /** Shows what a finding rests on; null shows nothing. */
  point(finding) {
    const first = spotlight(this.viewer.overlay, finding?.boxes ?? [], finding?.verdict ?? "");
    if (first) this.viewer.reveal(first);
  }
}

/** In the pixels that boxes are measured in; a page that could not be read has none but its picture's. */
function sizeOf({ width, height }, image) {
  return width && height ? { width, height } : { width: image.naturalWidth, height: image.naturalHeight };
}
