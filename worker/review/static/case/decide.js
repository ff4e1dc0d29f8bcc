/** What a person does to pages: each action makes another draft of the desk's, and says so. */

import { answer, answerEach, askedAgain, cut, filedTo, reopen, setAside as asideFor, turn, uncut } from "./draft.js";
import { acceptable, candidatesOf } from "./ranking.js";
import { isLeft, nextLeft, runAt } from "./runs.js";
import { capital, pagesWord } from "./words.js";

const numbersOf = (views) => views.map((view) => view.n);
const sentence = (views, rest) => `${capital(pagesWord(numbersOf(views)))} ${rest}.`;

/** The selected pages that may be changed; says why if there are none. */
function changeable(desk) {
  if (!desk.mayDecide) return refuse(desk, `Read only: ${desk.kase.readOnlyWhy}`);
  const views = desk.selected.filter((view) => desk.isChangeable(view));
  if (views.length) return views;
  const isWaiting = desk.selected.some((view) => view.state === "waits");
  return refuse(desk, isWaiting ? "This page belongs to another item." : "This page is decided. L unlocks decided pages.");
}

function refuse(desk, why) {
  desk.say(why);
  return null;
}

/** The selected pages and every page after them that is left. */
function withRest(desk, views) {
  const last = Math.max(...numbersOf(desk.selected));
  return [...views, ...desk.left.filter((view) => view.n > last)];
}

const name = (desk, requestId) => `request ${desk.badges.letter(requestId)}, ${requestId}`;

function warnedOf(desk, requestId) {
  return desk.kase.requests[requestId]?.status === "closed" ? " (a closed request)" : "";
}

export function fileTo(desk, requestId, { isRest = false } = {}) {
  const selected = changeable(desk);
  if (!selected) return;
  const views = isRest ? withRest(desk, selected) : selected;
  const said = sentence(views, `filed to ${name(desk, requestId)}${warnedOf(desk, requestId)}`);
  desk.commit(answer(desk.draft, numbersOf(views), filedTo(requestId)), said);
}

/** Files to the k-th candidate, counted from 1. */
export function choose(desk, k, options) {
  const candidate = candidatesOf(desk)[k - 1];
  if (candidate) fileTo(desk, candidate.requestId, options);
  else desk.say(`There is no candidate ${k} for this page.`);
}

/** Accepts what is proposed and goes on; where nothing is open any more, `save`. */
export function accept(desk, { isRest = false } = {}, save = () => {}) {
  const isNew = desk.looked !== null && desk.looked !== desk.current.target;
  if (!desk.mayDecide) return refuse(desk, `Read only: ${desk.kase.readOnlyWhy}`);
  if (!desk.left.length && !isNew) return save();
  const selected = desk.selected.filter((view) => isLeft(view, desk.kase.item.kind));
  if (isNew || (selected.length === 1 && !isRest)) return acceptLooked(desk, { isRest });
  const views = isRest ? withRest(desk, selected) : selected;
  return views.length ? acceptEach(desk, views) : onward(desk);
}

function acceptLooked(desk, options) {
  const requestId = acceptable(desk, desk.current);
  if (requestId) return fileTo(desk, requestId, options);
  return desk.say("Nothing is proposed for this page: choose with 1–9, or search with /.");
}

function acceptEach(desk, views) {
  const proposed = views.map((view) => [view, acceptable(desk, view)]);
  const pairs = proposed.filter(([, requestId]) => requestId).map(([view, requestId]) => [view.n, filedTo(requestId)]);
  if (!pairs.length) return desk.say("Nothing is proposed for these pages: choose with 1–9, or search with /.");
  const rest = proposed.length - pairs.length;
  const said = `${capital(pagesWord(pairs.map(([n]) => n)))} filed as proposed.`;
  return desk.commit(answerEach(desk.draft, pairs), rest ? `${said} ${rest} without a proposal stay open.` : said);
}

/** To the next page that is left, deciding nothing. */
export function onward(desk) {
  const next = nextLeft(desk.views, desk.place.current, desk.kase.item.kind);
  if (next) desk.go(next);
  else desk.say("Nothing is left to decide.");
}

export function setAside(desk, ground, duplicateOf = "") {
  const views = changeable(desk);
  if (!views) return;
  const label = (desk.labels.get(ground) ?? ground).toLowerCase();
  const said = sentence(views, `set aside: ${label}${duplicateOf ? ` of ${duplicateOf}` : ""}`);
  desk.commit(answer(desk.draft, numbersOf(views), asideFor(ground, duplicateOf)), said);
}

export function ask(desk) {
  const views = changeable(desk);
  if (views) desk.commit(answer(desk.draft, numbersOf(views), askedAgain()), sentence(views, "left to a second person"));
}

export function rotate(desk) {
  const views = changeable(desk);
  if (views) desk.commit(turn(desk.draft, numbersOf(views)), sentence(views, "turned"), { stays: true });
}

/** A new run begins here: its pages are undecided again and selected, so that the next choice is for all of them. */
export function split(desk) {
  if (!changeable(desk)) return;
  const from = Math.min(...numbersOf(desk.selected));
  const { run } = runAt(desk.runs, from);
  const views = run.pages.filter((view) => view.n >= from && desk.isChangeable(view));
  const open = views.filter((view) => view.open);
  const draft = cut(reopen(desk.draft, numbersOf(open)), from);
  const said = `Split before page ${from}. ${capital(pagesWord(numbersOf(views)))} selected: choose where they go.`;
  const last = Math.max(...numbersOf(views));
  desk.commit(draft, said, { stays: true, place: { anchor: last, current: from } });
}

/** The run of this page goes where the run before it goes. */
export function merge(desk) {
  if (!changeable(desk)) return;
  const { run, before } = runAt(desk.runs, desk.place.current);
  if (!before) return desk.say("This is the first run: there is none before it.");
  const views = run.pages.filter((view) => desk.isChangeable(view));
  const given = answerOfRun(before);
  const start = run.pages[0].n;
  if (!given) return desk.say("The run before is not decided and nothing is proposed for it: decide it first.");
  const draft = uncut(answer(desk.draft, numbersOf(views), given), start);
  return desk.commit(draft, sentence(views, `merged with the pages before, ${saidOf(desk, given)}`));
}

function answerOfRun(run) {
  const last = run.pages.at(-1);
  if (last.given) return last.given;
  if (last.isAside) return asideFor(last.ground);
  return run.target ? filedTo(run.target) : null;
}

function saidOf(desk, given) {
  if (given.outcome === "filed") return `filed to ${name(desk, given.requestId)}`;
  return given.outcome === "review" ? "left to a second person" : "set aside";
}

export function back(desk) {
  desk.say(desk.travel("back") ? `Undone. Page ${desk.place.current}.` : "There is nothing to undo.");
}

export function again(desk) {
  desk.say(desk.travel("forth") ? `Done again. Page ${desk.place.current}.` : "There is nothing to do again.");
}
