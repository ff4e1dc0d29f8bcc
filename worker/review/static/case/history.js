/** Undo without limit: drafts in the order they came, each with the place where the person stood. Pure. */

export const begin = (draft) => ({ past: [], now: draft, future: [] });

/** The history after a change made at `place`; the same history if nothing changed. */
export function step(history, draft, place) {
  if (draft === history.now) return history;
  return { past: [...history.past, { draft: history.now, place }], now: draft, future: [] };
}

/** [history, place] one change earlier, or null at the beginning. `here` is where redoing leads back to. */
export function undo(history, here) {
  const last = history.past.at(-1);
  if (!last) return null;
  const undone = { draft: history.now, place: last.place, after: here };
  return [{ past: history.past.slice(0, -1), now: last.draft, future: [undone, ...history.future] }, last.place];
}

/** [history, place] with the last undone change done again, or null if there is none. */
export function redo(history) {
  const [next, ...rest] = history.future;
  if (!next) return null;
  const done = { draft: history.now, place: next.place };
  return [{ past: [...history.past, done], now: next.draft, future: rest }, next.after];
}
