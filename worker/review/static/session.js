// Automatic logoff: warns before the session ends, keeps it alive while somebody works, leaves the page at its end.
// The server decides: asking it is no sign of life, only keys, pointer and scrolling are (docs/review-security.md).

const WARN = 60; // seconds before the end, or a third of the idle time where that is less
const SIGNS = ["keydown", "pointerdown", "pointermove", "wheel", "touchstart"];
const csrf = document.querySelector('meta[name="csrf"]')?.content ?? "";
const others = "BroadcastChannel" in window ? new BroadcastChannel("pigeonhole-session") : null;

let full = 0; // seconds that a sign of life is good for, as first told
let idleAt = 0, endAt = 0; // when the session ends, by this machine's clock, in milliseconds
let told = 0; // when a sign of life was told last
let stirred = false; // somebody did something since then
let dialog = null, before = null, wake = 0;
let isDismissed = false; // of an end that nobody can put off

const warnFor = () => Math.min(WARN, full / 3) * 1000;
const left = () => Math.min(idleAt, endAt) - Date.now();

function learn(state) {
  full = Math.max(full, state.idle);
  idleAt = Date.now() + state.idle * 1000;
  endAt = Date.now() + state.end * 1000;
  if (left() > warnFor()) {
    isDismissed = false;
    closeWarning();
  }
  plan();
}

async function ask(method, path) {
  let answer;
  try {
    answer = await fetch(path, { method, headers: { "X-CSRF-Token": csrf, Accept: "application/json" }, cache: "no-store" });
  } catch {
    return null; // no connection: the page's own clock decides
  }
  if (answer.status === 401) leave();
  if (!answer.ok) return null;
  const state = await answer.json();
  learn(state);
  return state;
}

async function live() {
  told = Date.now();
  stirred = false;
  const state = await ask("POST", "/session/alive");
  if (state) others?.postMessage(state);
}

function stir() {
  if (dialog || !full) return; // once warned, only the button counts
  stirred = true;
  if (Date.now() - told > tellEvery()) live();
}

const tellEvery = () => Math.min(30, full / 10) * 1000;

function plan() {
  clearTimeout(wake);
  const rest = left();
  const next = rest <= warnFor() ? Math.min(1000, Math.max(rest, 0) + 50) : Math.min(rest - warnFor(), stirred ? tellEvery() : 60_000) + 20;
  wake = setTimeout(look, next);
}

async function look() {
  if (stirred && !dialog && Date.now() - told > tellEvery()) await live();
  const rest = left();
  if (rest > warnFor()) return plan();
  if (!dialog) {
    const state = await ask("GET", "/session/state"); // another window may have kept it alive
    if (state && left() > warnFor()) return;
  }
  if (left() <= 0) return end();
  if (!isDismissed) warn();
  plan();
}

async function end() {
  const state = await ask("GET", "/session/state"); // ends it there, unless another window kept it alive
  if (!state || left() <= 0) leave();
}

function leave() {
  const here = location.pathname + location.search;
  location.replace(`/login?idle=1&next=${encodeURIComponent(here)}`);
}

function warn() {
  const seconds = Math.max(0, Math.ceil(left() / 1000));
  if (!dialog) openWarning();
  dialog.querySelector("[data-left]").textContent = `${seconds} ${seconds === 1 ? "second" : "seconds"}`;
  const said = dialog.querySelector("[role=status]");
  const rough = seconds > 10 ? Math.ceil(seconds / 15) * 15 : 10; // not every second is spoken
  if (said.dataset.rough !== String(rough)) {
    said.dataset.rough = String(rough);
    said.textContent = `You are signed out in less than ${rough} seconds.`;
  }
}

function openWarning() {
  const mayStay = endAt > idleAt;
  before = document.activeElement;
  dialog = document.createElement("dialog");
  dialog.className = "card session-warning";
  dialog.setAttribute("aria-labelledby", "session-title");
  const title = element("h2", mayStay ? "Are you still there?" : "Your session is about to end");
  title.id = "session-title";
  const why = mayStay ? "Nothing has happened for a while. You are signed out in " : "It has lasted as long as one may. Save what you have; you are signed out in ";
  const text = element("p", why);
  const clock = element("strong", "");
  clock.dataset.left = "";
  text.append(clock, ".");
  const said = element("p", "");
  said.className = "said";
  said.setAttribute("role", "status");
  const buttons = element("p", "");
  buttons.className = "row";
  const stay = element("button", mayStay ? "Stay signed in" : "Back to work");
  stay.className = "main";
  stay.addEventListener("click", () => {
    if (mayStay) return live();
    isDismissed = true;
    closeWarning();
  });
  const go = element("button", "Sign out");
  go.addEventListener("click", signOut);
  buttons.append(stay, go);
  dialog.append(title, text, said, buttons);
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); stay.click(); });
  dialog.addEventListener("keydown", (event) => event.stopPropagation()); // the page's keys rest meanwhile
  document.body.append(dialog);
  dialog.showModal();
  stay.focus();
}

function closeWarning() {
  if (!dialog) return;
  dialog.close();
  dialog.remove();
  dialog = null;
  before?.focus?.();
}

function signOut() {
  const form = element("form", "");
  form.method = "post";
  form.action = "/logout";
  const field = element("input", "");
  field.type = "hidden";
  field.name = "csrf";
  field.value = csrf;
  form.append(field);
  document.body.append(form);
  form.submit();
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

for (const sign of SIGNS) document.addEventListener(sign, stir, { capture: true, passive: true });
others?.addEventListener("message", (event) => learn(event.data));
// Timers sleep with the machine, and pages come back from the browser's memory.
document.addEventListener("visibilitychange", () => { if (!document.hidden) ask("GET", "/session/state"); });
window.addEventListener("pageshow", (event) => { if (event.persisted) ask("GET", "/session/state"); });
ask("GET", "/session/state");
