/** Page details and page images: fetched once, kept, and fetched ahead for the pages that come next. */

const KEPT_IMAGES = 24;

export class Details {
  #server;
  #kase;
  #details = new Map();
  #images = new Map();

  constructor(server, kase) {
    this.#server = server;
    this.#kase = kase;
    if (kase.current) this.#details.set(kase.current.n, Promise.resolve(kase.current));
    this.known = new Map(kase.current ? [[kase.current.n, kase.current]] : []);
  }

  imageUrl(n, size) {
    return `/pages/${this.#kase.document.sha256}/${n}.png?size=${size}&v=${this.#kase.pages[n - 1].v}`;
  }

  cropUrl(n, box) {
    return `${this.imageUrl(n, "crop")}&box=${box.map(Math.round).join(",")}`;
  }

  /** The detail of page n. A failed try is not kept. */
  of(n) {
    if (!this.#details.has(n)) {
      const asked = this.#server.get(`/items/${this.#kase.item.id}/pages/${n}`);
      asked.then((detail) => this.known.set(n, detail), () => this.#details.delete(n));
      this.#details.set(n, asked);
    }
    return this.#details.get(n);
  }

  /** The decoded image of page n, ready to be put into the page. */
  image(n) {
    const kept = this.#images.get(n);
    this.#images.delete(n);
    const image = kept ?? this.#load(n);
    this.#images.set(n, image);
    for (const oldest of this.#images.keys()) {
      if (this.#images.size <= KEPT_IMAGES) break;
      this.#images.delete(oldest);
    }
    return image;
  }

  #load(n) {
    const image = new Image();
    image.src = this.imageUrl(n, this.isClosed(n) ? "thumb" : "page");
    const ready = image.decode().then(() => image);
    ready.catch(() => this.#images.delete(n));
    return ready;
  }

  isClosed(n) {
    return this.#kase.pages[n - 1]?.sensitive === "closed";
  }

  /** Get these pages while the person looks at another. Failures wait until the page is wanted. */
  ahead(numbers) {
    for (const n of numbers) {
      if (this.isClosed(n)) continue;
      this.of(n).catch(() => {});
      this.image(n).catch(() => {});
    }
  }

  /** Forget what was shown of these pages: it may be seen now. */
  forget(numbers) {
    for (const n of numbers) {
      this.#details.delete(n);
      this.known.delete(n);
      this.#images.delete(n);
    }
  }
}
