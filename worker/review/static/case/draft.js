/**
 * What a person has decided so far. Drafts are values: each function gives a new one and changes nothing.
 *
 * A draft is { answers: {page: answer}, turns: {page: degrees}, cuts: [page] }. An answer is { outcome, requestId,
 * ground, note, duplicateOf }; `turns` are clockwise, on top of how the page is shown; a cut stands before its page.
 */

export const EMPTY = Object.freeze({ answers: {}, turns: {}, cuts: [] });

export const filedTo = (requestId) => answerOf("filed", requestId, "by_person");
export const setAside = (ground, duplicateOf = "") => ({ ...answerOf("set_aside", null, ground), duplicateOf });
export const askedAgain = () => answerOf("review", null, "second_look");

function answerOf(outcome, requestId, ground) {
  return { outcome, requestId, ground, note: "", duplicateOf: "" };
}

/** The same answer for each of these pages. */
export function answer(draft, numbers, given) {
  return answerEach(draft, numbers.map((n) => [n, given]));
}

/** Answers for pages, as [[page, answer], ...]. */
export function answerEach(draft, pairs) {
  return { ...draft, answers: { ...draft.answers, ...Object.fromEntries(pairs) } };
}

/** These pages undecided again. */
export function reopen(draft, numbers) {
  const gone = new Set(numbers.map(String));
  const kept = Object.entries(draft.answers).filter(([n]) => !gone.has(n));
  return { ...draft, answers: Object.fromEntries(kept) };
}

/** Answers that only repeat what already holds for a page that was not open are no change. */
export function withoutRepeats(draft, pages) {
  const same = pages.filter((page) => {
    const given = draft.answers[page.n];
    return given && !page.open && repeats(page, given);
  });
  return same.length ? reopen(draft, same.map((page) => page.n)) : draft;
}

function repeats(page, given) {
  if (page.outcome !== given.outcome) return false;
  return given.outcome === "filed" ? page.requestId === given.requestId : page.ground === given.ground;
}

/** These pages a quarter further, clockwise. */
export function turn(draft, numbers) {
  const turned = numbers.map((n) => [n, ((draft.turns[n] ?? 0) + 90) % 360]);
  return { ...draft, turns: { ...draft.turns, ...Object.fromEntries(turned) } };
}

/** A boundary before this page. */
export function cut(draft, n) {
  if (draft.cuts.includes(n)) return draft;
  return { ...draft, cuts: [...draft.cuts, n].sort((a, b) => a - b) };
}

/** No boundary of the person's before this page. */
export function uncut(draft, n) {
  return draft.cuts.includes(n) ? { ...draft, cuts: draft.cuts.filter((c) => c !== n) } : draft;
}

/**
 * What the save sends: each page that was decided or changed. A page that was only turned is sent with what holds for
 * it. To a blind item no open page is sent without an answer: it would count as one.
 */
export function toSave(draft, pages, { isBlind = false } = {}) {
  return pages.flatMap((page) => {
    const added = draft.turns[page.n] ?? 0;
    const given = draft.answers[page.n] ?? (added && !(page.open && isBlind) ? asItIs(page) : null);
    return given ? [{ page: page.n, ...given, turn: ((page.turn ?? 0) + added) % 360 }] : [];
  });
}

function asItIs(page) {
  return page.open ? answerOf("review", null, "open") : answerOf(page.outcome, page.requestId, page.ground);
}
