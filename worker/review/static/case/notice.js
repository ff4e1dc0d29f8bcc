/** The notice over the case when something is in the way: what happened, what nothing was lost of, what to do. */

import { byId, el, show } from "./elements.js";

/** Shows it; `decisions` are listed, `buttons` are [[label, action], ...], the first is the main one. */
export function notify(tone, text, { decisions = [], buttons = [] } = {}) {
  const actions = buttons.map(([label, action], k) => {
    const button = el("button", { type: "button", class: k ? "" : "main" }, label);
    button.addEventListener("click", action);
    return button;
  });
  const notice = byId("notice");
  notice.className = `notice note ${tone}`;
  notice.replaceChildren(
    el("p", {}, text),
    decisions.length ? el("details", { open: decisions.length < 8 }, el("summary", {}, `Your decisions (${decisions.length})`),
      el("ul", {}, decisions.map((sentence) => el("li", {}, sentence)))) : "",
    el("div", { class: "row" }, actions));
  show(notice, true);
}

export const clearNotice = () => show(byId("notice"), false);
