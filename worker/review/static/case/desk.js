/**
 * The state of the screen: the case, the history of drafts, where the person stands, and which candidate is looked at.
 * Views listen to "change" (with detail.moved: another page is shown) and to "said" (a sentence to tell).
 */

import { EMPTY, withoutRepeats } from "./draft.js";
import { begin, redo, step, undo } from "./history.js";
import { isLeft, nextLeft, runsOf, seen } from "./runs.js";

export class Desk extends EventTarget {
  constructor(kase, details, badges) {
    super();
    this.kase = kase;
    this.details = details;
    this.badges = badges;
    this.history = begin(EMPTY);
    const first = kase.pages.find((page) => page.open) ?? kase.pages[0];
    this.place = { current: first.n, anchor: first.n };
    this.added = [];
    this.looked = null;
    this.isUnlocked = kase.item.kind === "correction";
    this.mayDecide = kase.mayDecide;
    this.labels = new Map(kase.setAside.map((way) => [way.ground, way.label.replace(/(?: of)? ?(?:\.{3}|…)$/, "")]));
  }

  get draft() {
    return this.history.now;
  }

  /** Every page as it is now; a page that did not change is the same object as before. */
  get views() {
    if (this.seenDraft !== this.draft) {
      const old = this.seenDraft;
      const isSame = ({ n }) => old && old.answers[n] === this.draft.answers[n] && old.turns[n] === this.draft.turns[n];
      this.seenViews = this.kase.pages.map((page, k) => (isSame(page) ? this.seenViews[k] : seen(page, this.draft)));
      this.seenDraft = this.draft;
    }
    return this.seenViews;
  }

  get runs() {
    return runsOf(this.views, this.draft.cuts);
  }

  get current() {
    return this.view(this.place.current);
  }

  view(n) {
    return this.views[n - 1];
  }

  /** The pages of the selected range, in order. */
  get selected() {
    const [from, to] = [this.place.anchor, this.place.current].sort((a, b) => a - b);
    return this.views.slice(from - 1, to);
  }

  isChangeable(view) {
    return view.open || (this.isUnlocked && view.state !== "waits") || view.state === "decided";
  }

  get left() {
    return this.views.filter((view) => isLeft(view, this.kase.item.kind));
  }

  /** Goes to page n; `isRange` keeps where the range began. */
  go(n, { isRange = false } = {}) {
    if (n < 1 || n > this.views.length) return;
    this.#stand({ current: n, anchor: isRange ? this.place.anchor : n });
  }

  /** Selects from `anchor` to `current`. */
  select(anchor, current) {
    this.#stand({ anchor, current });
  }

  #stand(place) {
    const moved = place.current !== this.place.current;
    this.place = place;
    if (moved) this.looked = null;
    this.#changed(moved);
  }

  /** Another draft, told in a sentence; then on to the next page that is left, unless the person stays. */
  commit(draft, said, { stays = false, place = null } = {}) {
    const clean = withoutRepeats(draft, this.kase.pages);
    this.history = step(this.history, clean, this.place);
    const next = stays ? null : nextLeft(this.views, Math.max(...this.selected.map((view) => view.n)), this.kase.item.kind);
    if (place) this.#stand(place);
    else if (next) this.#stand({ current: next, anchor: next });
    else if (!stays) this.#stand({ current: this.place.current, anchor: this.place.current });
    else this.#changed(false);
    this.say(stays ? said : `${said} ${this.whereNext(next)}`);
  }

  whereNext(next) {
    const left = this.left.length;
    if (!left) return "Nothing is left: save and next.";
    return `Now page ${next} of ${this.views.length}; ${left} left to decide.`;
  }

  travel(direction) {
    const gone = (direction === "back" ? undo : redo)(this.history, this.place);
    if (!gone) return false;
    [this.history] = gone;
    this.#stand(gone[1]);
    return true;
  }

  /** Starts from a draft that was kept, as one change. */
  restore(draft) {
    this.history = step(this.history, draft, this.place);
    const next = nextLeft(this.views, 0, this.kase.item.kind) ?? this.place.current;
    this.#stand({ current: next, anchor: next });
  }

  /** Looks at a candidate: boxes, crop and Enter are about it. */
  look(requestId) {
    this.looked = requestId;
    this.#changed(false);
  }

  /** A request from the registry becomes a candidate of every page of the case. */
  addCandidate(request) {
    this.kase.requests[request.id] ??= request;
    if (!this.added.includes(request.id)) this.added = [...this.added, request.id];
    this.look(request.id);
  }

  unlock(isUnlocked) {
    this.isUnlocked = isUnlocked;
    this.#changed(false);
  }

  /** From now on only to read, for this reason. */
  lock(why, { isTold = false } = {}) {
    this.mayDecide = false;
    this.isTold = isTold;
    this.kase.readOnlyWhy = why;
    this.#changed(false);
  }

  /** The case itself tells more now. */
  refresh(moved = false) {
    this.seenDraft = null;
    this.#changed(moved);
  }

  say(sentence) {
    this.dispatchEvent(new CustomEvent("said", { detail: sentence }));
  }

  #changed(moved) {
    this.dispatchEvent(new CustomEvent("change", { detail: { moved } }));
  }
}
