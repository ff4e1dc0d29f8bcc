/** The registry, searched while typing. Answers that come after a later question are dropped. */

import { el, set, show } from "./elements.js";
import { american, span } from "./words.js";

const PAUSE_MS = 80, LIMIT = 10;

export class Search {
  #found = [];
  #active = -1;
  #asked = null;
  #timer = 0;

  /** `choose(request)` is called for what the person takes; `leave()` when the box is left without. */
  constructor({ input, list, status }, server, badges, { choose, leave }) {
    Object.assign(this, { input, list, status, server, badges, choose, leave });
    input.addEventListener("input", () => this.#typed());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => setTimeout(() => this.#close(), 120));
    input.addEventListener("focus", () => { if (this.#found.length) this.#open(); });
  }

  focus() {
    this.input.focus();
    this.input.select();
  }

  #typed() {
    clearTimeout(this.#timer);
    this.#asked?.abort();
    const text = this.input.value.trim();
    if (text.length < 2) return this.#show([], "");
    this.#timer = setTimeout(() => this.#ask(text), PAUSE_MS);
    return undefined;
  }

  async #ask(text) {
    const asked = (this.#asked = new AbortController());
    try {
      const query = new URLSearchParams({ q: text, limit: LIMIT });
      const answer = await this.server.get(`/search/requests?${query}`, asked.signal);
      if (asked !== this.#asked || this.input.value.trim() !== text) return;
      const found = answer?.requests ?? [];
      this.#show(found, found.length ? `${found.length} found. Arrow keys choose, Enter takes.` : "Nothing found.");
    } catch (failure) {
      if (asked === this.#asked && failure.name !== "AbortError") this.#show([], failure.message);
    }
  }

  #show(found, words) {
    this.#found = found;
    this.#active = found.length ? 0 : -1;
    this.status.textContent = words;
    this.list.replaceChildren(...found.map((request, k) => this.#option(request, k)));
    if (found.length) this.#open();
    else this.#close();
    if (!found.length && words) this.status.className = "found soft"; // else it is for screen readers alone
    this.#mark();
  }

  #option(request, k) {
    const option = el("li", { role: "option", id: `found-${k}`, "aria-selected": "false" },
      el("span", { class: "who" }, request.name), " ", el("span", { class: "id" }, request.id),
      request.status === "closed" ? el("span", { class: "chip bad" }, "closed") : null,
      el("span", { class: "soft more" }, `born ${american(request.born)} · ${request.memberId} · ${span(request.from, request.to)} · ${request.provider}`),
      request.why ? el("span", { class: "soft why" }, request.why) : null);
    option.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.#take(k);
    });
    return option;
  }

  #open() {
    show(this.list, true);
    this.status.className = "said";
    set(this.input, "aria-expanded", "true");
  }

  #close() {
    show(this.list, false);
    this.status.className = "said";
    set(this.input, "aria-expanded", "false");
    set(this.input, "aria-activedescendant", null);
  }

  #mark() {
    [...this.list.children].forEach((option, k) => set(option, "aria-selected", String(k === this.#active)));
    const active = this.list.children[this.#active];
    set(this.input, "aria-activedescendant", active?.id ?? null);
    active?.scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move && this.#found.length) {
      this.#open();
      this.#active = (this.#active + move + this.#found.length) % this.#found.length;
      this.#mark();
    } else if (event.key === "Enter") this.#take(this.#active);
    else if (event.key === "Escape") this.#end();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #take(k) {
    const request = this.#found[k];
    if (!request) return;
    const query = new URLSearchParams({ q: this.input.value.trim(), limit: LIMIT, final: true });
    this.server.get(`/search/requests?${query}`).catch(() => {}); // for the audit log: this was what it was for
    this.#end();
    this.choose(request);
  }

  #end() {
    clearTimeout(this.#timer);
    this.#asked?.abort();
    this.input.value = "";
    this.#show([], "");
    this.leave();
  }
}
