/** How the pages look with the draft on top: what each is now, and the runs they stand in. Pure. */

/**
 * A page as the draft makes it. `state`: decided (by this draft), open (waits here), filed, aside, or waits (in review,
 * but not in this item). `target` is the request it is or would be filed to.
 */
export function seen(page, draft) {
  const given = draft.answers[page.n] ?? null;
  const outcome = given ? given.outcome : page.outcome;
  return {
    ...page,
    given,
    outcome,
    state: stateOf(page, given),
    target: given ? given.requestId : (page.requestId ?? page.proposed),
    ground: given ? given.ground : page.ground,
    isAside: given ? outcome === "set_aside" : outcome === "set_aside" && !page.open,
    added: draft.turns[page.n] ?? 0,
    shownTurn: ((page.turn ?? 0) + (draft.turns[page.n] ?? 0)) % 360,
  };
}

function stateOf(page, given) {
  if (given) return "decided";
  if (page.open) return "open";
  return { filed: "filed", set_aside: "aside" }[page.outcome] ?? "waits";
}

/** Neighbours for the same request stand in one run, unless a cut is between them. */
export function runsOf(views, cuts) {
  const starts = new Set(cuts);
  const runs = [];
  for (const view of views) {
    const key = view.isAside ? `aside ${view.ground}` : `to ${view.target ?? ""}`;
    const last = runs.at(-1);
    if (last && last.key === key && !starts.has(view.n)) last.pages.push(view);
    else runs.push({ key, pages: [view], target: view.isAside ? null : view.target, isAside: view.isAside });
  }
  return runs;
}

/** The run that holds page n, and the one before it (null for the first). */
export function runAt(runs, n) {
  const k = runs.findIndex((run) => run.pages.some((page) => page.n === n));
  return { run: runs[k] ?? null, before: runs[k - 1] ?? null };
}

/** Whether a person still has to say something of the page. In a correction what was decided may stay. */
export function isLeft(view, kind) {
  return view.state === "open" && !(kind === "correction" && view.outcome !== "review");
}

/** The first page that is left after page n, else the first one at all, else null. */
export function nextLeft(views, n, kind) {
  const left = views.filter((view) => isLeft(view, kind));
  return (left.find((view) => view.n > n) ?? left[0])?.n ?? null;
}
