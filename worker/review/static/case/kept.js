/**
 * The draft in the tab's own storage, so that a crash or reload loses nothing: page numbers, request ids and machine
 * words only; notes and what a page repeats are not written.
 */

const keyOf = (itemId) => `pigeonhole case ${itemId}`;

export function keep(itemId, { draft, version, revision, saveId, sent }) {
  const answers = Object.fromEntries(Object.entries(draft.answers).map(([n, given]) => [n, { ...given, note: "", duplicateOf: pageOnly(given.duplicateOf) }]));
  const kept = { draft: { ...draft, answers }, version, revision, saveId, sent };
  try {
    sessionStorage.setItem(keyOf(itemId), JSON.stringify(kept));
  } catch {
    // A full or forbidden storage only costs the draft's safety, never the work.
  }
}

const pageOnly = (text) => (/^page \d+$/.test(text) ? text : "");

/** What was kept of this item, or null. */
export function recall(itemId) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(keyOf(itemId)));
    return kept?.draft?.answers && kept.draft.cuts && kept.draft.turns ? kept : null;
  } catch {
    return null;
  }
}

export function forget(itemId) {
  sessionStorage.removeItem(keyOf(itemId));
}
