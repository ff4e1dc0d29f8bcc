/** Sensitive pages: closed until the person gives a reason; without the right to, by breaking the glass. */

import { byId, show } from "./elements.js";

export class Sensitive {
  /** `opened(numbers)` is called with the pages that may be seen now. */
  constructor({ desk, server, opened }) {
    Object.assign(this, { desk, server, opened });
    this.form = byId("sensitive");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#open(event.submitter?.value === "break");
    });
  }

  draw() {
    const isClosed = this.desk.current.sensitive === "closed";
    show(this.form, isClosed);
    if (!isClosed) byId("sensitive-why").textContent = "";
  }

  async #open(breakGlass) {
    const why = byId("sensitive-why");
    const reason = byId("sensitive-reason").value.trim();
    if (!reason) {
      why.textContent = "Give a reason first.";
      byId("sensitive-reason").focus();
      return;
    }
    try {
      await this.server.post(`/documents/${this.desk.kase.document.sha256}/open`, { reason, breakGlass });
    } catch (failure) {
      why.textContent = failure.message;
      if (failure.status === 403) byId("break-glass").open = true;
      return;
    }
    const closed = this.desk.kase.pages.filter((page) => page.sensitive === "closed");
    for (const page of closed) page.sensitive = "open";
    this.opened(closed.map((page) => page.n));
  }
}
