/** The case screen, put together: reads the case out of the page, builds its parts, and ties keys to actions. */

import { Badges } from "./badges.js";
import { Bar, drawHead } from "./bar.js";
import { Candidates } from "./candidates.js";
import { Compare } from "./compare.js";
import * as decide from "./decide.js";
import { Desk } from "./desk.js";
import { Details } from "./details.js";
import { wireDialogs } from "./dialogs.js";
import { Effort } from "./effort.js";
import { byId } from "./elements.js";
import { Hold } from "./hold.js";
import { Keys } from "./keys.js";
import { recall } from "./kept.js";
import { actionsOf } from "./actions.js";
import { resume } from "./resume.js";
import { Saving } from "./saving.js";
import { Screen } from "./screen.js";
import { Search } from "./search.js";
import { Sensitive } from "./sensitive.js";
import { Server } from "./server.js";
import { Thumbs } from "./thumbs.js";
import { Viewer } from "./viewer.js";
import { kindWord } from "./words.js";

performance.mark("case-scripts");
const kase = JSON.parse(byId("case").textContent);
if (!kase.mayDecide) for (const page of kase.pages) page.open &&= page.outcome === "review"; // of a done item none is
const server = new Server(kase.csrf);
const badges = new Badges(kase);
const desk = new Desk(kase, new Details(server, kase), badges);
desk.details.image(desk.place.current).catch(() => {}); // decoded while the screen is built; a failure shows with the page
const effort = new Effort(document);
const hold = new Hold({ itemId: kase.item.id, server, effort, lost: (failure) => desk.lock(failure.message) });
const saving = new Saving({ desk, server, effort, hold, leave: (url) => location.assign(url) });

const viewer = new Viewer({ stage: byId("stage"), sheet: byId("sheet"), leaf: byId("leaf"), overlay: byId("overlay"), zoomWord: byId("zoom") });
const thumbs = new Thumbs(byId("pages"), desk);
const search = new Search({ input: byId("search"), list: byId("found"), status: byId("found-status") }, server, badges, {
  choose: (request) => {
    desk.addCandidate(request);
    desk.say(`${request.name}, ${request.id} is a candidate now: Enter files to it.`);
    thumbs.focus();
  },
  leave: () => thumbs.focus(),
});
const actions = actionsOf({ desk, saving, viewer, thumbs, search });
const bar = new Bar(desk, actions, () => thumbs.focus());
const candidates = new Candidates(byId("candidates"), desk, {
  look: (requestId) => desk.look(requestId),
  file: (requestId, options) => decide.fileTo(desk, requestId, options),
  point: (finding) => screen.point(finding),
});
const compare = new Compare({ letterStrip: byId("letter-strip"), letterNote: byId("letter-note"), pageStrip: byId("page-strip"), pageNote: byId("page-note") }, desk);
const sensitive = new Sensitive({ desk, server, opened: (numbers) => {
  desk.details.forget(numbers);
  thumbs.reload(numbers);
  desk.refresh(true);
  thumbs.focus();
} });
const screen = new Screen({ desk, viewer, thumbs, candidates, compare, bar, sensitive });

desk.addEventListener("said", (event) => { byId("said").textContent = event.detail; });
desk.addEventListener("change", () => saving.keep());
wireDialogs();
new Keys(actions, kase.setAside);
drawHead(kase, kindWord(kase.item));
resume({ desk, saving, kept: kase.mayDecide ? recall(kase.item.id) : null });
await screen.draw(true);
thumbs.focus();
if (kase.mayDecide) hold.begin();
document.body.classList.add("ready");
requestAnimationFrame(() => performance.mark("case-usable"));
