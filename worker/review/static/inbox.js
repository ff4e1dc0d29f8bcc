// The inbox by keyboard: arrows go through the table, N takes the next item, / goes to the filters, ? shows the keys.

const links = [...document.querySelectorAll("#items tbody th a")];
const help = document.getElementById("help");
const next = document.getElementById("next");

/** Move the focus by so many rows, or to an end. */
function go(step) {
  const at = links.findIndex((link) => link.closest("tr").contains(document.activeElement));
  const to = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + step, 0), links.length - 1);
  links[to]?.focus();
  links[to]?.scrollIntoView({ block: "nearest" });
}

const actions = {
  ArrowDown: () => go(1),
  ArrowUp: () => go(-1),
  j: () => go(1),
  k: () => go(-1),
  Home: () => go(-links.length),
  End: () => go(links.length),
  n: () => next?.requestSubmit(),
  "/": () => document.querySelector(".filters a")?.focus(),
  "?": () => help.showModal(),
};

function isTyping(target) {
  return target instanceof HTMLElement && target.closest("input, select, textarea, [contenteditable]") !== null;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target) || help.open) return;
  const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

document.getElementById("help-open").addEventListener("click", () => help.showModal());

// A click anywhere in a row opens its item; text that is being selected is no click.
document.getElementById("items")?.addEventListener("click", (event) => {
  const link = event.target.closest("tbody tr")?.querySelector("th a");
  if (link && !event.target.closest("a") && String(getSelection()) === "") link.click();
});

// Twice the same button is one item.
next?.addEventListener("submit", (event) => {
  if (next.dataset.sent) event.preventDefault();
  next.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => delete next?.dataset.sent);
