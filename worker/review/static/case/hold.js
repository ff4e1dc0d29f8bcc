/** Keeping the item while the person works on it, and giving it back when the page is left. */

const EVERY_MS = 60000, AWAY_MS = 240000;

export class Hold {
  isReleased = false;

  /** `lost(failure)` is called when somebody else has the item now. */
  constructor({ itemId, server, effort, lost }) {
    Object.assign(this, { itemId, server, effort, lost });
  }

  begin() {
    this.timer = setInterval(() => this.#beat(), EVERY_MS);
    addEventListener("pagehide", () => this.release());
    addEventListener("pageshow", (event) => {
      if (event.persisted) location.reload();
    });
  }

  /** No more signs of life; the server itself has given the item back or another has it. */
  end() {
    clearInterval(this.timer);
    this.isReleased = true;
  }

  release() {
    if (this.isReleased) return;
    this.end();
    navigator.sendBeacon(`/items/${this.itemId}/release`, new URLSearchParams({ csrf: this.server.csrf }));
  }

  async #beat() {
    if (document.visibilityState !== "visible" || this.effort.pause > AWAY_MS) return;
    try {
      await this.server.post(`/items/${this.itemId}/hold`);
    } catch (failure) {
      if (failure.status !== 409) return;
      this.end();
      this.lost(failure);
    }
  }
}
