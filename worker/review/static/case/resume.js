/** Taking up a draft that this tab kept: as it was if the item is the same, else on the person's word. */

import { EMPTY } from "./draft.js";
import { forget } from "./kept.js";
import { clearNotice, notify } from "./notice.js";

export function resume({ desk, saving, kept }) {
  if (!kept) return;
  const { item, document: paper } = desk.kase;
  if (kept.version === item.version && kept.revision === paper.revision) {
    saving.resume(kept);
    desk.restore(kept.draft);
    desk.say("Your decisions on this item were kept. U undoes them.");
    learn(desk, saving.server);
    return;
  }
  const draft = stillOpen(kept.draft, desk.kase.pages);
  const dismiss = () => {
    forget(item.id);
    clearNotice();
  };
  const decisions = saving.decisions(draft);
  if (!decisions.length) return dismiss();
  notify("warn", "The item changed after you decided. Look at it again: these were your decisions on pages that are still open.", {
    decisions,
    buttons: [["Decide so again", () => {
      clearNotice();
      desk.restore(draft);
      learn(desk, saving.server);
    }], ["Forget them", dismiss]],
  });
}

/** What of a draft is about pages that are open now. */
function stillOpen(draft, pages) {
  const open = new Set(pages.filter((page) => page.open).map((page) => String(page.n)));
  const kept = (record) => Object.fromEntries(Object.entries(record).filter(([n]) => open.has(n)));
  return { ...EMPTY, answers: kept(draft.answers), turns: kept(draft.turns), cuts: draft.cuts };
}

/** Requests that came from a search are known by their id only: asks the registry for the rest. */
async function learn(desk, server) {
  const filed = Object.values(desk.draft.answers).map((given) => given.requestId);
  const unknown = new Set(filed.filter((id) => id && !desk.kase.requests[id]));
  for (const id of unknown) {
    const answer = await server.get(`/search/requests?${new URLSearchParams({ q: id, limit: 5 })}`).catch(() => null);
    const found = answer?.requests.find((request) => request.id === id);
    if (found) desk.kase.requests[id] = found;
  }
  if (unknown.size) desk.refresh();
}
