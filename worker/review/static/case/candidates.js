/** The candidates at the right: who each request is about, and what speaks for and against it, in plain words. */

import { el } from "./elements.js";
import { candidatesOf, lookedAt } from "./ranking.js";
import { american, percent, span } from "./words.js";

/** Which fact of a request each finding is about. */
const FACTS = {
  "request id": "id", "unknown request id": "id", "claim number": "claim", "member id": "memberId", "member name": "name",
  "birth date": "born", "birth date nearly": "born", "date of service": "service", provider: "provider",
};
const HEAVIEST = 14;
const SIGNS = { agrees: "+", disagrees: "−", "nothing to compare": "·" };
const SAID = { agrees: "for", disagrees: "against", "nothing to compare": "nothing to compare" };
const FROM = { search: "from your search", document: "in this document" };

/** `act` tells what the person does: look(requestId), file(requestId), point(finding) with null for nothing. */
export class Candidates {
  constructor(list, desk, act) {
    Object.assign(this, { list, desk, act });
  }

  draw() {
    const candidates = candidatesOf(this.desk);
    const looked = lookedAt(this.desk, candidates);
    const kept = this.#focusKept();
    this.list.replaceChildren(...candidates.map((candidate, k) => this.#card(candidate, k + 1, candidate === looked)));
    if (!candidates.length) this.list.append(el("li", { class: "empty soft" }, "No request comes near. Search the registry."));
    if (kept) this.list.querySelector(kept)?.focus({ preventScroll: true });
  }

  #focusKept() {
    const focused = document.activeElement;
    return this.list.contains(focused) && focused.dataset.focus ? `[data-focus="${CSS.escape(focused.dataset.focus)}"]` : null;
  }

  #card(candidate, key, isLooked) {
    const request = this.desk.kase.requests[candidate.requestId] ?? { id: candidate.requestId };
    const verdicts = new Map(candidate.findings.map((finding) => [FACTS[finding.name], finding.verdict]));
    const look = el("button", { type: "button", class: "look", "aria-expanded": String(isLooked), "data-focus": `look ${request.id}` },
      el("span", { class: "who" }, request.name ?? "Unknown member"), " ", el("span", { class: "id" }, request.id));
    look.addEventListener("click", () => this.act.look(candidate.requestId));
    const file = el("button", { type: "button", class: "file", disabled: !this.desk.mayDecide, "data-focus": `file ${request.id}`,
      "aria-label": `File to ${this.desk.badges.letter(request.id)}, ${request.name ?? ""}, ${request.id}` },
      "File ", key <= 9 ? el("kbd", {}, String(key)) : null);
    file.addEventListener("click", (event) => this.act.file(candidate.requestId, { isRest: event.shiftKey }));
    return el("li", { class: `candidate ${this.desk.badges.hue(request.id)}${isLooked ? " looked" : ""}`, "data-request": request.id },
      el("div", { class: "candidate-head" }, this.desk.badges.badge(request.id), look, this.#share(candidate), statusChip(request), file),
      isLooked ? facts(request, verdicts) : brief(request, candidate),
      isLooked ? this.#reasons(candidate) : null);
  }

  #share({ probability, origin }) {
    if (FROM[origin]) return el("span", { class: "soft from" }, FROM[origin]);
    if (probability === null || probability === undefined) return null;
    return el("span", { class: "share", title: "How likely, the whole document considered" }, percent(probability));
  }

  #reasons({ findings }) {
    if (!findings.length) return el("p", { class: "soft reasons-none" }, "Nothing on this page was compared with it.");
    const order = [...findings].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
    return el("ul", { class: "reasons", "aria-label": "Reasons" }, order.map((finding) => this.#reason(finding)));
  }

  #reason(finding) {
    const bar = el("span", { class: "weight", "aria-hidden": "true" }, el("i"));
    bar.firstChild.style.width = `${Math.min(100, (Math.abs(finding.weight) / HEAVIEST) * 100)}%`;
    const row = el("button", { type: "button", class: `reason ${finding.verdict.replaceAll(" ", "-")}`, "data-focus": `reason ${finding.name}` },
      el("span", { class: "sign", "aria-hidden": "true" }, SIGNS[finding.verdict] ?? "·"),
      el("span", { class: "said" }, `${SAID[finding.verdict] ?? ""}: `),
      el("span", { class: "sentence" }, finding.sentence), bar);
    for (const name of ["pointerenter", "focus"]) row.addEventListener(name, () => this.act.point(finding));
    for (const name of ["pointerleave", "blur"]) row.addEventListener(name, () => this.act.point(null));
    return el("li", {}, row);
  }
}

function statusChip(request) {
  if (request.status === "closed") return el("span", { class: "chip bad" }, "closed");
  return null;
}

const SIGN_OF = { agrees: ["✓", "good", "agrees"], disagrees: ["✕", "bad", "differs"] };

function fact(name, value, verdict) {
  const [sign, tone, word] = SIGN_OF[verdict] ?? ["", "", ""];
  const mark = sign ? [el("span", { class: `sign ${tone}`, role: "img", "aria-label": word }, sign), " "] : [];
  return el("div", { class: tone }, el("dt", {}, name), el("dd", {}, mark, value));
}

function facts(request, verdicts) {
  if (!request.name) return null;
  return el("dl", { class: "facts" },
    fact("Born", american(request.born), verdicts.get("born")),
    fact("Member id", request.memberId, verdicts.get("memberId")),
    fact("Service", span(request.from, request.to), verdicts.get("service")),
    fact("Claim", request.claim, verdicts.get("claim")),
    fact("Provider", request.provider, verdicts.get("provider")),
    fact("Due", `${american(request.due)}${request.program ? ` · ${request.program.replaceAll("_", " ")}` : ""}`));
}

function brief(request, { findings }) {
  if (!request.name) return null;
  const count = (verdict) => findings.filter((finding) => finding.verdict === verdict).length;
  const [good, bad] = [count("agrees"), count("disagrees")];
  return el("p", { class: "brief" },
    `${american(request.born)} · ${span(request.from, request.to)}`,
    good ? el("span", { class: "tally good" }, `+${good} for`) : null,
    bad ? el("span", { class: "tally bad" }, `−${bad} against`) : null);
}

