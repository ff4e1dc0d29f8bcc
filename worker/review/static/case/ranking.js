/** The candidates of the current page, in the order of their keys: ranked, then searched for, then of this document. */

export function candidatesOf(desk) {
  const detail = desk.details.known.get(desk.place.current);
  const ranked = (detail?.candidates ?? []).map((candidate) => ({ ...candidate, origin: "ranked" }));
  const known = new Set(ranked.map((candidate) => candidate.requestId));
  const more = [...desk.added.map((id) => [id, "search"]), ...desk.badges.all().map((id) => [id, "document"])];
  for (const [requestId, origin] of more) {
    if (known.has(requestId) || !desk.kase.requests[requestId]) continue;
    known.add(requestId);
    ranked.push({ requestId, probability: null, findings: [], origin });
  }
  return ranked;
}

/**
 * The candidate that the screen is about: the one looked at, else the one decided for, else the best ranked. Who
 * decides blind is led to nobody: their candidates stand in an order that says nothing.
 */
export function lookedAt(desk, candidates = candidatesOf(desk)) {
  const wanted = desk.looked ?? (desk.current.outcome === "filed" ? desk.current.target : null);
  const best = desk.kase.item.blind ? null : candidates.find((candidate) => candidate.origin === "ranked");
  return candidates.find((candidate) => candidate.requestId === wanted) ?? best ?? null;
}

/**
 * The request that accepting files a page to: the candidate that the person chose to look at, else what is proposed.
 * A candidate that is merely the best of bad ones is shown, and never accepted.
 */
export function acceptable(desk, view) {
  return (view.n === desk.place.current ? desk.looked : null) ?? view.target ?? null;
}
