// The dashboard: draws the figures that came with the page, and again whenever the server sends others.

import { bars, chart, html, intervals, line, parts, percent, table } from "./charts.js";

const at = (id) => document.getElementById(id);
const embedded = (id) => JSON.parse(at(id).textContent);
const mayAcknowledge = embedded("may-acknowledge");
const POLL = 15000;
/** Times are told by the payer's clock, as on every other page. */
const PAYERS = { hourCycle: "h23", timeZone: at("state").dataset.zone };
const number = (value) => value.toLocaleString("en-US");
const share = (value) => (value === null ? "none yet" : `${(value * 100).toFixed(1)} %`);
const seconds = (value) => (value === null ? "none yet" : value < 90 ? `${Math.round(value)} s` : `${(value / 60).toFixed(1)} min`);
const hours = (value) => (value === null ? "nothing waits" : value < 1 ? `${Math.round(value * 60)} min` : value < 100 ? `${Math.round(value)} h` : `${Math.round(value / 24)} days`);
const day = (text) => new Date(`${text}T12:00:00`).toLocaleDateString("en-US", { weekday: "short", month: "numeric", day: "numeric" });
const plural = (count, word) => `${number(count)} ${word}${count === 1 ? "" : "s"}`;

function show(figures) {
  tiles(figures);
  alerts(figures.alerts);
  pages(figures.pages);
  touchless(figures.touchless);
  audit(figures.audit);
  queue(figures.queue);
  reasons(figures.reasons);
  times(figures);
  groups(figures.groups);
}

function tiles(figures) {
  const waiting = figures.queue.reduce((sum, row) => sum + row.items, 0);
  const overdue = figures.queue.reduce((sum, row) => sum + row.overdue, 0);
  const decided = Object.values(figures.pages).reduce((sum, one) => sum + one.machine + one.people, 0);
  const lately = figures.audit.lately;
  const tile = (label, value, below, kind = "") =>
    html("div", { class: `tile card ${kind}` }, html("span", { class: "name" }, label), html("strong", {}, value), html("span", { class: "soft" }, below));
  at("tiles").replaceChildren(
    tile("Decided today", number(decided), decided === 1 ? "page" : "pages"),
    tile("Touchless today", share(figures.touchless.today), "without a person"),
    tile("Waiting", number(waiting), waiting === 1 ? "item" : "items"),
    tile("Overdue", number(overdue), overdue ? "past the line's clock" : "everything is in time", overdue ? "bad" : "good"),
    tile("Misfiled, 90 days", lately.pages ? (lately.wrong ? percent(lately.rate) : `≤ ${percent(lately.high)}`) : "not known", `${number(lately.wrong)} of ${number(lately.pages)} audited`),
  );
}

function alerts(list) {
  at("alerts").classList.toggle("hidden", !list.length);
  const items = list.map((alert) => {
    const link = html("a", { href: `/documents/${alert.sha256}` }, "the document");
    const words = html("span", {}, `${alert.by}, ${new Date(alert.at).toLocaleString("en-US", PAYERS)}, `, link, ": ", html("q", {}, alert.reason));
    const button = mayAcknowledge ? html("button", { type: "button" }, "Acknowledge", html("span", { class: "said" }, ` what ${alert.by} opened`)) : null;
    button?.addEventListener("click", () => acknowledge(alert.id, button));
    return html("li", {}, words, button);
  });
  at("alert-list").replaceChildren(...items);
}

async function acknowledge(id, button) {
  button.disabled = true;
  const csrf = document.querySelector("meta[name=csrf]").content;
  const answer = await fetch(`/dashboard/alerts/${id}`, { method: "POST", headers: { "X-CSRF-Token": csrf, Accept: "application/json" } });
  if (!answer.ok && answer.status !== 404) {
    button.disabled = false;
    at("said").textContent = "That did not work: load the page again.";
    return;
  }
  at("said").textContent = "Acknowledged.";
  const left = button.closest("li");
  left.remove();
  if (!at("alert-list").children.length) at("alerts").classList.add("hidden");
  at("main").focus();
}

function pages(counted) {
  const shown = [
    { label: "Filed by the machine", value: counted.filed.machine, kind: "filed" },
    { label: "Filed by people", value: counted.filed.people, kind: "people" },
    { label: "Set aside", value: counted.set_aside.machine + counted.set_aside.people, kind: "aside" },
    { label: "Wait for a person", value: counted.review.machine + counted.review.people, kind: "review" },
  ];
  const total = shown.reduce((sum, part) => sum + part.value, 0);
  const words = shown.map((part) => `${part.label}: ${number(part.value)}`).join("; ");
  const place = at("pages");
  if (!place.children.length) place.append(html("div"), html("ul", { class: "legend" }));
  chart(place.firstChild, "Pages decided today by outcome", words, (width) => parts(width, shown), null);
  place.lastChild.replaceChildren(...shown.map((part) =>
    html("li", {}, html("span", { class: `swatch ${part.kind}`, "aria-hidden": "true" }), `${part.label} `, html("strong", {}, number(part.value)), html("span", { class: "soft" }, total ? ` ${((part.value / total) * 100).toFixed(1)} %` : ""))));
}

function touchless(counted) {
  const points = counted.days.map((each) => ({ label: day(each.day), value: each.share, words: share(each.share) }));
  const words = points.map((point) => `${point.label}: ${point.words}`).join("; ");
  const rows = counted.days.map((each) => [day(each.day), number(each.pages), share(each.share)]);
  chart(at("touchless"), "Touchless share by day", words, (width) => line(width, points), table(["Day", "Pages", "Touchless"], rows, "Touchless share by day"));
}

function audit(counted) {
  const rows = [["Last 90 days", counted.lately], ["All time", counted.ever]].map(([label, one]) => ({ label, isEmpty: !one.pages, ...one }));
  const most = Math.max(0.001, ...rows.filter((row) => !row.isEmpty).map((row) => row.high)) * 1.05;
  const figures = rows.map((row) => [row.label, number(row.pages), number(row.wrong), number(row.unsettled), row.isEmpty ? "not known" : `${percent(row.low)} to ${percent(row.high)}`]);
  chart(at("audit"), "Misfile rate of the audit sample", rows.map((row) => `${row.label}: ${row.words}`).join(". "), (width) => intervals(width, rows, most),
    table(["Time", "Audited", "Wrong", "Of them not settled by a senior", "95 % interval"], figures, "Misfile rate of the audit sample"));
  const open = counted.ever.unsettled ? ` ${plural(counted.ever.unsettled, "page")} counted as wrong by one person alone: a senior has not seen it yet.` : "";
  at("audit-words").textContent = `${plural(counted.waiting, "item")} of the sample still to be looked at.${open}`;
}

function queue(lines) {
  const most = Math.max(1, ...lines.map((row) => Math.max(row.oldest ?? 0, row.clock ?? 0)));
  const words = (row) => {
    if (!row.items) return row.under_way ? `nothing waits, ${number(row.under_way)} under way` : "nothing waits";
    return row.overdue ? `${number(row.items)} wait, ${number(row.overdue)} OVERDUE, oldest ${hours(row.oldest)}` : `${number(row.items)} wait, all in time, oldest ${hours(row.oldest)}`;
  };
  const rows = lines.map((row) => ({
    label: row.line,
    bars: [{ value: row.oldest ?? 0, kind: row.overdue ? "late soft-bar" : "age soft-bar" }, { value: row.median ?? 0, kind: row.overdue ? "late" : "age" }],
    marks: row.clock ? [{ value: row.clock, kind: "clock" }] : [],
    words: words(row),
    isBad: row.overdue > 0,
  }));
  const figures = lines.map((row) => [row.line, number(row.items), number(row.parked), number(row.overdue), hours(row.median), hours(row.oldest), row.clock ? `${row.clock} h` : "due date", number(row.under_way)]);
  const told = lines.map((row) => `${row.line}: ${words(row)}${row.items ? `, median ${hours(row.median)}` : ""}${row.clock ? `, clock ${row.clock} hours` : ""}`).join("; ");
  const place = at("queue");
  if (!place.children.length) place.append(legend([["age", "median age"], ["age soft-bar", "oldest"], ["late", "the same where something is overdue"], ["clock", "the line's clock"]]), html("div"));
  chart(place.lastChild, "Age of what waits, by line", told, (width) => bars(width, rows, most * 1.05),
    table(["Line", "Waiting", "Parked", "Overdue", "Median age", "Oldest", "Clock", "Documents under way"], figures, "Age of what waits, by line"));
}

function reasons(list) {
  const most = Math.max(1, ...list.map((row) => row.waiting + row.done));
  const rows = list.map((row) => ({ label: row.label, words: `${number(row.waiting)} wait, ${number(row.done)} done`,
    bars: [{ value: row.waiting, kind: "review", stacks: true }, { value: row.done, kind: "people" }] }));
  const told = list.map((row) => `${row.label}: ${row.waiting} wait, ${row.done} done`).join("; ") || "There were none.";
  const place = at("reasons");
  if (!place.children.length) place.append(legend([["review", "waiting"], ["people", "done"]]), html("div"));
  chart(place.lastChild, "Exceptions by reason", told, (width) => bars(width, rows, most),
    table(["Reason", "Waiting", "Done"], list.map((row) => [row.label, number(row.waiting), number(row.done)]), "Exceptions by reason"));
}

function times({ seconds: all, groups: by }) {
  at("seconds-words").textContent = all.items
    ? `Half of ${plural(all.items, "item")} took at most ${seconds(all.median)}, nine of ten at most ${seconds(all.most)}.`
    : "Nothing was decided by a person in the last seven days.";
  const list = [["Line", by.line], ["Channel", by.channel], ["Quality", by.quality]].flatMap(([kind, rows]) =>
    rows.filter((row) => row.items).map((row) => ({ ...row, label: `${kind}: ${row.label}` })));
  const most = Math.max(1, ...list.map((row) => row.most ?? 0));
  const rows = list.map((row) => ({ label: row.label, words: `${seconds(row.median)}, 90 % ≤ ${seconds(row.most)}`,
    bars: [{ value: row.most, kind: "age soft-bar" }, { value: row.median, kind: "age" }] }));
  const told = list.map((row) => `${row.label}: median ${seconds(row.median)}, 90 % within ${seconds(row.most)}`).join("; ") || "There were none.";
  const place = at("seconds");
  if (!place.children.length) place.append(legend([["age", "median"], ["age soft-bar", "90 %"]]), html("div"));
  chart(place.lastChild, "Seconds for an item", told, (width) => bars(width, rows, most),
    table(["What", "Items", "Median", "90 %"], list.map((row) => [row.label, number(row.items), seconds(row.median), seconds(row.most)]), "Seconds for an item"));
}

function groups(by) {
  const place = at("groups");
  const kinds = [["line", "Line"], ["channel", "Channel"], ["quality", "Quality"]];
  if (!place.children.length) for (const [, label] of kinds) place.append(html("div", {}, html("h3", {}, label), html("div")));
  kinds.forEach(([kind, label], k) => {
    const list = by[kind].filter((row) => row.pages);
    const rows = list.map((row) => ({ label: row.label, words: `${share(row.touchless)} of ${number(row.pages)}`, bars: [{ value: row.touchless ?? 0, kind: "filed" }] }));
    const told = list.map((row) => `${row.label}: ${share(row.touchless)} touchless of ${plural(row.pages, "page")}`).join("; ") || "There were no pages.";
    chart(place.children[k].lastChild, `Touchless share by ${kind}`, told, (width) => bars(width, rows, 1),
      table([label, "Pages", "Touchless"], list.map((row) => [row.label, number(row.pages), share(row.touchless)]), `Touchless share by ${kind}`));
  });
}

function legend(entries) {
  return html("ul", { class: "legend" }, ...entries.map(([kind, words]) => html("li", {}, html("span", { class: `swatch ${kind}`, "aria-hidden": "true" }), words)));
}

function told(words, kind) {
  at("state").textContent = words;
  at("dot").className = `dot ${kind}`;
}

const clock = () => new Date().toLocaleTimeString("en-US", { hour: "2-digit", minute: "2-digit", ...PAYERS });

function watch() {
  const stream = new EventSource("/dashboard/live");
  stream.onmessage = (event) => {
    show(JSON.parse(event.data));
    told(`Live, last change ${clock()}`, "on");
  };
  stream.onopen = () => told("Live", "on");
  stream.addEventListener("end", () => {
    stream.close();
    told("Your session has ended: these figures stand still.", "off");
  });
  stream.onerror = () => {
    told("The connection is lost: trying again.", "off");
    if (stream.readyState === EventSource.CLOSED) setTimeout(poll, POLL);
  };
  window.addEventListener("pagehide", () => stream.close());
}

async function poll() {
  const answer = await fetch("/dashboard/data", { headers: { Accept: "application/json", "X-Background": "1" } }).catch(() => null);
  if (answer?.status === 401) return told("Your session has ended: these figures stand still.", "off");
  if (answer?.ok) {
    show(await answer.json());
    told(`As of ${clock()}`, "on");
  }
  setTimeout(poll, POLL);
}

show(embedded("figures"));
watch();
