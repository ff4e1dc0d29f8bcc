/** Every action by name, as the keys and the buttons call it: (event, number). */

import * as decide from "./decide.js";
import { ask, isAnyOpen } from "./dialogs.js";
import { byId } from "./elements.js";
import { candidatesOf, lookedAt } from "./ranking.js";

const BACK = new Set(["ArrowLeft", "ArrowUp"]);

export function actionsOf({ desk, saving, viewer, thumbs, search }) {
  const save = () => saving.saveAndNext();
  const asides = desk.kase.setAside.map(({ ground }) => [`aside ${ground}`, () => asideOf(desk, ground)]);
  return {
    ...Object.fromEntries(asides),
    ...lookActions(desk, viewer, search),
    accept: () => decide.accept(desk, {}, save),
    acceptRest: () => decide.accept(desk, { isRest: true }, save),
    choose: (_event, k) => decide.choose(desk, k),
    chooseRest: (_event, k) => decide.choose(desk, k, { isRest: true }),
    split: () => decide.split(desk),
    merge: () => decide.merge(desk),
    ask: () => decide.ask(desk),
    rotate: () => decide.rotate(desk),
    undo: () => decide.back(desk),
    redo: () => decide.again(desk),
    unlock: () => unlock(desk),
    park: () => park(desk, saving),
    save,
    before: () => step(desk, thumbs, -1),
    after: () => step(desk, thumbs, 1),
    extend: (event) => desk.go(desk.place.current + (BACK.has(event.key) ? -1 : 1), { isRange: true }),
    first: () => desk.go(1),
    single: () => desk.go(desk.place.current),
    last: () => desk.go(desk.views.length),
    onward: () => decide.onward(desk),
  };
}

function lookActions(desk, viewer, search) {
  return {
    lookNext: () => lookOn(desk, 1),
    lookBefore: () => lookOn(desk, -1),
    search: () => search.focus(),
    fitWidth: () => viewer.fitTo("width"),
    fitPage: () => viewer.fitTo("page"),
    zoomIn: () => viewer.zoom(true),
    zoomOut: () => viewer.zoom(false),
    invert: () => desk.say(viewer.invert() ? "Inverted." : "Not inverted."),
    scrollDown: () => viewer.page(true),
    scrollUp: () => viewer.page(false),
    help: () => isAnyOpen() || ask("help"),
  };
}

function step(desk, thumbs, by) {
  const n = desk.place.current + by;
  if (n < 1 || n > desk.views.length) desk.say(by < 0 ? "This is the first page." : "This is the last page.");
  else desk.go(n);
}

function lookOn(desk, by) {
  const candidates = candidatesOf(desk);
  if (!candidates.length) return desk.say("There are no candidates.");
  const now = candidates.indexOf(lookedAt(desk, candidates));
  const k = now < 0 ? 0 : (now + by + candidates.length) % candidates.length;
  const { requestId } = candidates[k];
  const request = desk.kase.requests[requestId];
  desk.look(requestId);
  return desk.say(`Candidate ${k + 1} of ${candidates.length}: ${request?.name ?? ""}, ${requestId}${request?.status === "closed" ? ", closed" : ""}.`);
}

async function asideOf(desk, ground) {
  if (ground !== "repeated") return decide.setAside(desk, ground);
  if (!desk.mayDecide) return desk.say(`Read only: ${desk.kase.readOnlyWhy}`);
  const page = byId("repeats-page");
  page.max = desk.views.length;
  page.placeholder = String(Math.max(1, desk.place.current - 1));
  const said = await ask("duplicate");
  if (said?.choice !== "set") return undefined;
  const words = said.what.trim();
  return decide.setAside(desk, ground, said.page ? `page ${said.page}` : words);
}

function unlock(desk) {
  if (!desk.mayDecide) return desk.say(`Read only: ${desk.kase.readOnlyWhy}`);
  desk.unlock(!desk.isUnlocked);
  return desk.say(desk.isUnlocked
    ? "Decided pages are unlocked: moving one withdraws the copy that was filed."
    : "Decided pages are locked.");
}

async function park(desk, saving) {
  if (!desk.mayDecide) return desk.say(`Read only: ${desk.kase.readOnlyWhy}`);
  const said = await ask("park");
  return said?.choice === "park" ? saving.park(said.note.trim()) : undefined;
}
