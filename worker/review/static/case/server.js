/** Talking to the server: JSON, the CSRF token, and failures as values that say what they are. */

const PATIENCE_MS = 20000;

/** `kind` is the machine's word: "unreachable", "sign-in", "stale", "held", ...; `status` is 0 without an answer. */
export class Failure extends Error {
  constructor(kind, status, message) {
    super(message);
    this.kind = kind;
    this.status = status;
  }

  /** The same try may succeed later. */
  get isPassing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export class Server {
  #csrf;

  constructor(csrf) {
    this.#csrf = csrf;
  }

  get csrf() {
    return this.#csrf;
  }

  get(url, signal) {
    return this.#ask(url, { signal });
  }

  post(url, body = {}) {
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": this.#csrf };
    const signal = AbortSignal.timeout(PATIENCE_MS);
    return this.#ask(url, { method: "POST", body: JSON.stringify(body), headers, signal });
  }

  /** After signing in again (in another tab) the session has another token: the page itself tells it. */
  async renew() {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "manual" });
    if (!answer.ok) throw new Failure("sign-in", 401, "You are not signed in yet.");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    this.#csrf = page.querySelector('meta[name="csrf"]')?.content ?? this.#csrf;
    document.querySelector('meta[name="csrf"]')?.setAttribute("content", this.#csrf);
  }

  async #ask(url, { headers = {}, ...rest }) {
    const options = { ...rest, headers: { Accept: "application/json", ...headers }, credentials: "same-origin" };
    let answer;
    try {
      answer = await fetch(url, options);
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Failure("unreachable", 0, "The server cannot be reached.");
    }
    if (!answer.ok) throw await failureOf(answer);
    return answer.status === 204 ? null : answer.json().catch(() => null);
  }
}

async function failureOf(answer) {
  const problem = await answer.json().catch(() => ({}));
  const kind = String(problem.type ?? "").split(":").at(-1) || (answer.status === 401 ? "sign-in" : "refused");
  return new Failure(kind, answer.status, problem.title ?? `The server answered ${answer.status}.`);
}
