/** The keys of the case: one table for what they do and for the help that shows them. */

import { byId, el } from "./elements.js";
import { isAnyOpen } from "./dialogs.js";

/** [keys, shown, what it does, action, group]; "+" before a key means with shift. */
const KEYS = [
  [["Enter"], "Enter", "Accept the proposal, on to the next open page; save when none is left", "accept", "Decide"],
  [["+Enter"], "⇧ Enter", "Accept the proposals of this page and all open ones after it", "acceptRest", "Decide"],
  [["1-9"], "1–9", "File the page or range to that candidate", "choose", "Decide"],
  [["+1-9"], "⇧ 1–9", "File this page and all open ones after it to that candidate", "chooseRest", "Decide"],
  [["s"], "S", "Split: a new run begins at this page", "split", "Decide"],
  [["m"], "M", "Merge this run with the run before", "merge", "Decide"],
  [["a"], "A", "Ask a second person about the page", "ask", "Decide"],
  [["p"], "P", "Park the whole item with a note", "park", "Decide"],
  [["r"], "R", "Rotate the page by a quarter, for good", "rotate", "Decide"],
  [["l"], "L", "Unlock decided pages, to move them", "unlock", "Decide"],
  [["u"], "U", "Undo", "undo", "Decide"],
  [["+u"], "⇧ U", "Redo", "redo", "Decide"],
  [["n"], "N", "Save and next", "save", "Decide"],
  [["ArrowLeft", "ArrowUp"], "← ↑", "Page before", "before", "Move"],
  [["ArrowRight", "ArrowDown"], "→ ↓", "Page after", "after", "Move"],
  [["+ArrowLeft", "+ArrowUp", "+ArrowRight", "+ArrowDown"], "⇧ arrows", "Extend the range", "extend", "Move"],
  [["g"], "G", "Go to the next open page", "onward", "Move"],
  [["Home"], "Home", "First page", "first", "Move"],
  [["Escape"], "Esc", "Select one page again", "single", "Move"],
  [["End"], "End", "Last page", "last", "Move"],
  [["j"], "J", "Look at the next candidate; Enter files to it", "lookNext", "Look"],
  [["k"], "K", "Look at the candidate before", "lookBefore", "Look"],
  [["/"], "/", "Search the registry", "search", "Look"],
  [["f"], "F", "Fit the width", "fitWidth", "Look"],
  [["0"], "0", "Show the whole page", "fitPage", "Look"],
  [["+", "="], "+", "Zoom in (or Ctrl and wheel)", "zoomIn", "Look"],
  [["-", "_"], "−", "Zoom out", "zoomOut", "Look"],
  [["i"], "I", "Invert", "invert", "Look"],
  [[" "], "Space", "Scroll the page down", "scrollDown", "Look"],
  [["+ "], "⇧ Space", "Scroll the page up", "scrollUp", "Look"],
  [["?"], "?", "Show these keys", "help", "Look"],
];
const OFF = "pigeonhole keys off";

export class Keys {
  #actions = new Map();

  /** `actions` by name; `ways` are the reasons for setting aside, each with its own key. */
  constructor(actions, ways) {
    this.actions = actions;
    this.rows = [...KEYS.slice(0, 7), ...ways.map((way) => [[way.key.toLowerCase()], way.key.toUpperCase(), `Set aside: ${way.label.toLowerCase().replace(/ ?\.{3}$/, "")}`, `aside ${way.ground}`, "Set aside"]), ...KEYS.slice(7)];
    for (const [keys, , , action] of this.rows) for (const key of keys) this.#actions.set(key, action);
    this.once = new Set(this.rows.filter((row) => row[4] === "Decide" || row[4] === "Set aside").map((row) => row[3]));
    document.addEventListener("keydown", (event) => this.#press(event));
    this.#help();
  }

  #press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || isAnyOpen() || isWriting(event.target)) return;
    const action = this.#actionOf(event);
    if (!action || isNative(event) || (this.isOff && event.key.length === 1)) return;
    event.preventDefault();
    if (event.repeat && this.once.has(action.name)) return; // a key that is held down decides once
    this.actions[action.name](event, action.number);
  }

  #actionOf(event) {
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1] ?? /^[1-9]$/.exec(event.key)?.[0];
    const isSign = this.#actions.has(event.key); // shift and a digit give / or = on some keyboards
    if (digit && !isSign && (event.shiftKey || event.key === digit)) return { name: event.shiftKey ? "chooseRest" : "choose", number: Number(digit) };
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const shifted = event.shiftKey ? this.#actions.get(`+${key}`) : undefined;
    const isPlain = !event.shiftKey || !/^(?:[a-z ]|[A-Z].+)$/.test(key);
    const name = shifted ?? (isPlain ? this.#actions.get(key) : undefined);
    return name ? { name } : null;
  }

  /** Single keys can be switched off, for those who dictate (WCAG 2.1.4). */
  get isOff() {
    return localStorage.getItem(OFF) === "1";
  }

  #help() {
    const groups = Map.groupBy(this.rows, (row) => row[4]);
    byId("keys").replaceChildren(...[...groups].map(([group, rows]) => el("section", {},
      el("h3", {}, group),
      el("dl", {}, rows.map(([, shown, what]) => el("div", {}, el("dt", {}, el("kbd", {}, shown)), el("dd", {}, what)))))));
    const box = byId("keys-off");
    box.defaultChecked = this.isOff; // the form is reset whenever it is opened
    box.addEventListener("change", () => localStorage.setItem(OFF, box.checked ? "1" : "0"));
  }
}

function isWriting(target) {
  return target.matches?.("input, textarea, select, [contenteditable]");
}

/** A focused control keeps the keys that work it; the stage, where a person scrolls with the arrows, keeps those. */
function isNative(event) {
  if (event.target.closest?.("button, a, summary")) return event.key === "Enter" || event.key === " ";
  return event.target.id === "stage" && /^Arrow(Up|Down)$/.test(event.key) && !event.shiftKey;
}
