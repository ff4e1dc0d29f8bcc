/** One save for the whole document: sent whole, tried again with the same id, and never lost on the way. */

import { ask } from "./dialogs.js";
import { toSave } from "./draft.js";
import { byId } from "./elements.js";
import { forget, keep } from "./kept.js";
import { clearNotice, notify } from "./notice.js";
import { answerWord, capital, pagesWord } from "./words.js";

const AGAIN_MS = 15000;

export class Saving {
  #id = "";
  #content = "";
  #isSending = false;
  #timer = 0;
  #retry = null;

  constructor({ desk, server, effort, hold, leave }) {
    Object.assign(this, { desk, server, effort, hold, leave });
    addEventListener("online", () => this.#retry?.());
  }

  #toSave(draft = this.desk.draft) {
    return toSave(draft, this.desk.kase.pages, { isBlind: this.desk.kase.item.blind });
  }

  /** A kept draft comes with the id that it was sent with. */
  resume({ draft, saveId }) {
    this.#id = saveId ?? "";
    this.#content = saveId ? JSON.stringify(this.#toSave(draft)) : "";
  }

  /** What was decided, one sentence for each page. */
  decisions(draft = this.desk.draft) {
    return this.#toSave(draft).map((given) =>
      `${capital(pagesWord([given.page]))}: ${answerWord(given, this.desk.labels)}${given.turn ? ", turned" : ""}`);
  }

  /** Writes the draft into the tab's storage, where it changed. */
  keep() {
    const { item, document } = this.desk.kase;
    if (!this.#toSave().length && !this.desk.draft.cuts.length) return forget(item.id);
    return keep(item.id, { draft: this.desk.draft, version: item.version, revision: document.revision, saveId: this.#id });
  }

  /** Saves and goes on to what comes next. Asks first if pages are still open. */
  async saveAndNext() {
    const { desk } = this;
    if (!desk.mayDecide) return this.leave("/inbox");
    const pages = this.#toSave();
    if (!pages.length && desk.kase.item.kind !== "correction") {
      return desk.say("Nothing is decided yet. P parks the item; Inbox at the top gives it back.");
    }
    if (desk.left.length && !(await this.#isSure(Object.keys(desk.draft.answers).length))) return undefined;
    return this.#send(pages, (answer) => this.#done(answer));
  }

  async #isSure(decided) {
    byId("left-words").textContent = `${decided} decided, ${this.desk.left.length} still open. What is open waits for the next person.`;
    return (await ask("left-open"))?.choice === "save";
  }

  /** Puts the whole item off; what was decided so far is saved first. */
  async park(note) {
    const pages = this.#toSave();
    const put = async () => {
      const answer = await this.server.post(`/items/${this.desk.kase.item.id}/park`, { note });
      this.#done({ ...answer, done: true });
    };
    if (!pages.length) return this.#try(put);
    return this.#send(pages, (answer) => (answer.done ? this.#done(answer) : put()));
  }

  #send(pages, then) {
    const content = JSON.stringify(pages);
    if (content !== this.#content) [this.#id, this.#content] = [newId(), content];
    this.keep();
    const { item, document } = this.desk.kase;
    return this.#try(async () => {
      const body = { saveId: this.#id, version: item.version, revision: document.revision, pages,
        seconds: this.effort.seconds, keystrokes: this.effort.keystrokes };
      await then(await this.server.post(`/items/${item.id}/save`, body));
    });
  }

  async #try(send) {
    if (this.#isSending) return;
    this.#isSending = true;
    clearTimeout(this.#timer);
    this.#retry = null;
    this.desk.say("Saving …");
    document.body.classList.add("saving");
    try {
      await send();
      clearNotice();
    } catch (failure) {
      this.#failed(failure, send);
    } finally {
      this.#isSending = false;
      document.body.classList.remove("saving");
    }
  }

  #done(answer) {
    forget(this.desk.kase.item.id);
    if (answer?.done) this.hold.end();
    const next = String(answer?.next ?? "");
    this.leave(/^\/(?!\/)/.test(next) ? next : "/inbox");
  }

  #failed(failure, send) {
    const again = () => this.#try(send);
    if (failure.status === 401) return this.#signIn(again);
    if (failure.kind.includes("csrf")) return this.#renewed(again);
    if (failure.status === 409) return this.#conflict(failure);
    const isPassing = failure.isPassing ?? false;
    const why = failure.message.replace(/\.$/, "");
    notify("bad", isPassing ? `Not saved: ${why}. Your decisions are kept here.` : `Not saved: ${why}.`,
      { buttons: [["Try again", again]] });
    this.desk.say("Not saved.");
    if (isPassing) {
      this.#retry = again;
      this.#timer = setTimeout(again, AGAIN_MS);
    }
    return undefined;
  }

  async #signIn(again) {
    notify("warn", "Not saved: you are signed out. Your decisions are kept here.", { buttons: [["Sign in", () => this.#signIn(again)]] });
    if ((await ask("sign-in"))?.choice === "again") await this.#renewed(again);
  }

  async #renewed(again) {
    try {
      await this.server.renew();
    } catch (failure) {
      return this.#failed(failure, again);
    }
    return again();
  }

  #conflict(failure) {
    this.hold.end();
    this.desk.lock(failure.message, { isTold: true });
    notify("bad", `Not saved: ${failure.message}`, {
      decisions: this.decisions(),
      buttons: [["Load the item again", () => location.reload()], ["To the inbox", () => this.leave("/inbox")]],
    });
    this.desk.say("Not saved: the item has changed.");
  }
}

/** A random UUID, also where the page is not served over TLS. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
