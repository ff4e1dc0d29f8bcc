/** The pages at the left: a list box of options in runs. Options are made once and moved between runs as these change. */

import { el, set, show } from "./elements.js";
import { pagesWord, typeWord } from "./words.js";

const AHEAD = "600px 0px";

export class Thumbs {
  #options = new Map();
  #dressed = new Map();
  #signature = "";
  #dragFrom = null;

  constructor(list, desk) {
    this.list = list;
    this.desk = desk;
    this.watcher = new IntersectionObserver((seen) => this.#load(seen), { root: list, rootMargin: AHEAD });
    for (const page of desk.kase.pages) this.#options.set(page.n, this.#option(page));
    list.addEventListener("pointerdown", (event) => this.#press(event));
    list.addEventListener("pointermove", (event) => this.#drag(event));
    for (const name of ["pointerup", "pointercancel"]) list.addEventListener(name, () => { this.#dragFrom = null; });
  }

  #option(page) {
    const image = el("img", { alt: "", draggable: "false", class: "thumb", "data-n": page.n, fetchpriority: "low" });
    image.style.aspectRatio = `${page.width || 17} / ${page.height || 22}`;
    const option = el("div", { role: "option", id: `page-${page.n}`, class: "leaflet", "data-n": page.n, tabindex: "-1" },
      el("span", { class: "picture" }, image, el("span", { class: "tag" }), el("span", { class: "mark" })),
      el("span", { class: "foot" }, el("b", {}, String(page.n)), el("span", { class: "kind" })));
    this.watcher.observe(option);
    return option;
  }

  #load(seen) {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting) continue;
      const n = Number(target.dataset.n);
      this.watcher.unobserve(target);
      target.querySelector("img").src = this.desk.details.imageUrl(n, "thumb");
    }
  }

  /** Shows thumbnails again that may be seen now. */
  reload(numbers) {
    for (const n of numbers) {
      const image = this.#options.get(n).querySelector("img");
      if (image.src) image.src = `${this.desk.details.imageUrl(n, "thumb")}&opened=1`;
    }
  }

  /** Draws everything anew that has changed. */
  draw() {
    const chosen = new Set(this.desk.selected.map((view) => view.n));
    this.#group();
    for (const view of this.desk.views) {
      const how = [view, chosen.has(view.n), view.n === this.desk.place.current];
      if (this.#dressed.get(view.n)?.every((part, k) => part === how[k])) continue;
      this.#dressed.set(view.n, how);
      this.#dress(...how);
    }
  }

  #group() {
    const runs = this.desk.runs;
    const signature = runs.map((run) => `${run.key}:${run.pages[0].n}`).join("|");
    if (signature === this.#signature) return;
    this.#signature = signature;
    const focused = this.list.contains(document.activeElement) ? document.activeElement : null;
    const top = this.list.scrollTop;
    this.list.replaceChildren(...runs.map((run) => this.#run(run)));
    this.list.scrollTop = top;
    focused?.focus({ preventScroll: true });
  }

  #run(run) {
    const pages = run.pages.map((view) => view.n);
    const to = run.target ? this.#toWord(run.target) : run.isAside ? "set aside" : "no request yet";
    const head = el("div", { class: "run-head", role: "presentation" },
      run.target ? this.desk.badges.badge(run.target) : null,
      el("span", { class: "run-name", "aria-hidden": "true" }, run.target ? this.#nameOf(run.target) : to));
    const hue = run.target ? this.desk.badges.hue(run.target) : "hue-none";
    return el("div", { role: "group", class: `run ${hue}`, "aria-label": `Run of ${pagesWord(pages)}: ${to}` },
      head, el("div", { class: "leaflets", role: "presentation" }, pages.map((n) => this.#options.get(n))));
  }

  #nameOf(requestId) {
    return this.desk.kase.requests[requestId]?.name ?? requestId;
  }

  #toWord(requestId) {
    return `request ${this.desk.badges.letter(requestId)} ${requestId}`;
  }

  #dress(view, isChosen, isCurrent) {
    const option = this.#options.get(view.n);
    const isOpen = view.state === "open" || view.state === "waits";
    set(option, "aria-selected", String(isChosen));
    set(option, "aria-current", isCurrent ? "page" : null);
    set(option, "tabindex", isCurrent ? "0" : "-1");
    set(option, "data-state", view.isAside ? `${view.state} put-aside` : view.state);
    set(option, "aria-label", this.#label(view));
    const tag = option.querySelector(".tag");
    const to = view.isAside || !view.target ? "" : this.desk.badges.letter(view.target);
    set(tag, "class", `tag ${to ? this.desk.badges.hue(view.target) : "hue-none"}`);
    tag.textContent = to;
    show(tag, to !== "");
    const mark = option.querySelector(".mark");
    mark.textContent = isOpen ? "?" : view.state === "decided" || view.by ? "✓" : "";
    set(mark, "class", `mark ${isOpen ? "doubt" : view.state === "decided" ? "mine" : "person"}`);
    show(mark, mark.textContent !== "");
    option.querySelector(".kind").textContent = this.#foot(view);
    const picture = option.querySelector("img");
    picture.style.transform = view.shownTurn ? `rotate(${view.shownTurn}deg)${view.shownTurn % 180 ? " scale(.76)" : ""}` : "";
  }

  #foot(view) {
    if (view.isAside) return (this.desk.labels.get(view.ground) ?? "set aside").toLowerCase();
    if (view.given?.outcome === "review") return "2nd person";
    return view.sensitive === "closed" ? "sensitive" : typeWord(view);
  }

  /** "page 7 of 40, proposed for request B 2210-0457, doubtful". */
  #label(view) {
    const parts = [`page ${view.n} of ${this.desk.views.length}`, typeWord(view)];
    if (view.isAside) parts.push(`set aside: ${this.#foot(view)}`);
    else if (view.given?.outcome === "review") parts.push("left to a second person");
    else if (view.outcome === "filed") parts.push(`filed to ${this.#toWord(view.target)}`);
    else parts.push(view.target ? `proposed for ${this.#toWord(view.target)}` : "no proposal");
    if (view.state === "open") parts.push("doubtful");
    if (view.state === "waits") parts.push("waits for somebody else");
    if (view.state === "decided") parts.push("decided now");
    else if (view.by) parts.push(`decided by ${view.by}`);
    if (view.sensitive === "closed") parts.push("sensitive, closed");
    return parts.filter(Boolean).join(", ");
  }

  /** Shows the current page's option; takes the focus along if it was in the list. */
  follow() {
    const option = this.#options.get(this.desk.place.current);
    option.scrollIntoView({ block: "nearest" });
    if (this.list.contains(document.activeElement)) option.focus({ preventScroll: true });
  }

  focus() {
    this.#options.get(this.desk.place.current).focus({ preventScroll: true });
  }

  #press(event) {
    const n = numberAt(event.target);
    if (!n || event.button !== 0) return;
    event.preventDefault();
    this.#dragFrom = event.shiftKey ? null : n;
    if (event.shiftKey) this.desk.select(this.desk.place.anchor, n);
    else this.desk.go(n);
    this.focus();
  }

  #drag(event) {
    if (this.#dragFrom === null || !(event.buttons & 1)) return;
    const n = numberAt(document.elementFromPoint(event.clientX, event.clientY));
    if (n && n !== this.desk.place.current) this.desk.select(this.#dragFrom, n);
  }
}

function numberAt(element) {
  return Number(element?.closest?.("[role=option][data-n]")?.dataset.n) || null;
}
