/** The bar of actions: what the page becomes, what is left, and every action as a button with its key. */

import { byId, set, show } from "./elements.js";
import { acceptable } from "./ranking.js";
import { answerWord, capital, moment, pagesWord, percent, until } from "./words.js";

const DECIDING = "[data-action]:not([data-looks])";

export class Bar {
  /** After a click with the mouse the keys are for the pages again: `toPages` brings the focus there. */
  constructor(desk, actions, toPages) {
    this.desk = desk;
    for (const button of document.querySelectorAll("[data-action]"))
      button.addEventListener("click", (event) => {
        if (event.detail) toPages();
        actions[button.dataset.action](event);
      });
  }

  draw() {
    const { desk } = this;
    const [all, left] = [desk.kase.pages.filter((page) => page.open).length, desk.left.length];
    const changed = Object.keys(desk.draft.answers).length;
    byId("progress-words").textContent = all ? `${all - left} of ${all} decided` : desk.mayDecide ? `${changed} changed` : "";
    Object.assign(byId("progress"), { max: Math.max(1, all), value: all - left, hidden: !all });
    byId("becomes").replaceChildren(...this.#becomes());
    byId("save-words").textContent = left ? `${left} open` : all ? "all decided" : "";
    for (const button of document.querySelectorAll(DECIDING)) set(button, "disabled", !desk.mayDecide);
    set(document.querySelector("[data-action=undo]"), "disabled", !desk.history.past.length);
    set(document.querySelector("[data-action=redo]"), "disabled", !desk.history.future.length);
    document.body.classList.toggle("all-decided", left === 0 && desk.mayDecide);
    byId("accept-words").textContent = this.#acceptWords(left);
    this.#unlocked();
  }

  #becomes() {
    const { desk } = this;
    const views = desk.selected;
    const where = `${capital(pagesWord(views.map((view) => view.n)))}${views.length > 1 ? " (selected)" : ""}: `;
    const view = desk.current;
    const badge = view.target && !view.isAside && view.given?.outcome !== "review" ? desk.badges.badge(view.target) : "";
    return [where, badge, badge ? " " : "", this.#said(view)];
  }

  #said(view) {
    if (view.given) return `${answerWord(view.given, this.desk.labels)}${view.added ? ", turned" : ""} — decided`;
    const turned = view.added ? " Turned; saved with the decision." : "";
    if (view.state === "waits") return "waits in another item";
    if (view.isAside) return `set aside: ${(this.desk.labels.get(view.ground) ?? view.ground).toLowerCase()}`;
    const also = view.also?.length ? `, also filed to ${view.also.join(", ")}` : "";
    if (view.outcome === "filed") return `filed to ${this.#nameOf(view.target)}${view.by ? ` by ${view.by}` : ""}${also}.${turned}`;
    return `${view.target ? `proposed for ${this.#nameOf(view.target)}` : "nothing is proposed"} — open.${turned}`;
  }

  #nameOf(requestId) {
    const name = this.desk.kase.requests[requestId]?.name;
    return name ? `${name}, ${requestId}` : requestId;
  }

  #acceptWords(left) {
    if (!left) return "Save";
    const requestId = acceptable(this.desk, this.desk.current);
    if (this.desk.current.state !== "open") return "Next open page";
    return requestId ? `File to ${this.desk.badges.letter(requestId)}` : "Nothing proposed";
  }

  #unlocked() {
    const { desk } = this;
    set(document.querySelector("[data-action=unlock]"), "aria-pressed", String(desk.isUnlocked));
    show(byId("unlocked"), desk.isUnlocked && desk.mayDecide);
    show(byId("read-only"), !desk.mayDecide && !desk.isTold);
    byId("read-only-why").textContent = desk.kase.readOnlyWhy ?? "";
  }
}

/** The line over the case: where it comes from and until when. Written once. */
export function drawHead(kase, kindWord) {
  const { item, document: paper } = kase;
  byId("kind").textContent = kindWord;
  byId("sender").textContent = paper.senderName || paper.sender || paper.source;
  byId("arrived").textContent = `${item.channel} · ${item.line} · received ${moment(item.receivedAt, kase.zone)} · ${paper.pageCount} ${paper.pageCount === 1 ? "page" : "pages"}`;
  byId("due").textContent = item.dueAt ? `due ${moment(item.dueAt, kase.zone)} (${until(item.dueAt)})` : "";
  byId("due").classList.toggle("late", new Date(item.dueAt).getTime() < Date.now());
  byId("item-note").textContent = item.note ? `Note: ${item.note}` : "";
}

/** Why the current page waits, how sure the machine is, and what is wrong with the paper. */
export function drawReason(desk, detail) {
  const view = desk.current;
  byId("page-title").textContent = `Page ${view.n} of ${desk.views.length}`;
  const sure = view.probability === null || view.probability === undefined || desk.kase.item.blind ? "" : ` (${percent(view.probability)})`;
  byId("reason").textContent = `${detail?.reason ?? view.reason ?? ""}${view.state === "filed" ? sure : ""}`;
  const damage = detail?.damage ?? [];
  byId("damage").textContent = damage.join(" · ");
  show(byId("damage"), damage.length > 0);
  byId("page-words").textContent = detail?.words || "Nothing was read on this page.";
}
