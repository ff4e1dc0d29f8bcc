/** Sentences and short words for people: pages, ranges, dates, what a page becomes. Pure. */

const TYPES = {
  letter: "letter", cover_sheet: "cover", medical_record: "record", itemized_bill: "bill", invoice: "invoice",
  claim_form: "claim form", authorization: "authorization", appeal: "appeal", grievance: "grievance", blank: "blank",
};
const RECORDS = {
  progress_note: "progress note", operative_report: "operative", discharge_summary: "discharge", laboratory: "laboratory",
  imaging: "imaging", nursing: "nursing", consultation: "consultation", history_and_physical: "H&P",
};
const KINDS = { disagreement: "Disagreement", correction: "Correction" };

/** What a page is, of a record the finer kind where it is known. */
export const typeWord = (view) => RECORDS[view.recordKind] ?? TYPES[view.type] ?? "";
export const kindWord = (item) => KINDS[item.kind] ?? "Exception";
export const percent = (share) => (share >= 0.995 && share < 1 ? "99+ %" : `${Math.round(share * 100)} %`);

/** 1957-03-04 as 03/04/1957. */
export function american(day) {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day ?? "");
  return parts ? `${parts[2]}/${parts[3]}/${parts[1]}` : (day ?? "");
}

/** Two dates as one range. */
export function span(from, to) {
  return from === to ? american(from) : `${american(from)} – ${american(to)}`;
}

/** [3, 4, 5, 9] as "pages 3–5, 9". */
export function pagesWord(numbers) {
  const spans = [];
  for (const n of numbers) {
    const last = spans.at(-1);
    if (last && last[1] === n - 1) last[1] = n;
    else spans.push([n, n]);
  }
  const said = spans.map(([a, b]) => (a === b ? `${a}` : `${a}–${b}`)).join(", ");
  return numbers.length === 1 ? `page ${said}` : `pages ${said}`;
}

/** A moment by the payer's clock: "11/25 14:06". */
export function moment(iso, zone) {
  const at = new Date(iso);
  if (!iso || Number.isNaN(at.getTime())) return "";
  const form = { month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone };
  return new Intl.DateTimeFormat("en-US", form).format(at).replace(",", "");
}

/** How long until then: "in 3 h", "40 min late". */
export function until(iso, now = Date.now()) {
  const minutes = Math.round((new Date(iso).getTime() - now) / 60000);
  if (Number.isNaN(minutes)) return "";
  const size = Math.abs(minutes), whole = minutes < 0 ? Math.floor : Math.round;
  const said = size < 90 ? `${size} min` : size < 2880 ? `${whole(size / 60)} h` : `${whole(size / 1440)} days`;
  return minutes < 0 ? `${said} late` : `in ${said}`;
}

export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** What an answer says, for lists: "file to 2210-0457". */
export function answerWord(given, labels) {
  if (given.outcome === "filed") return `file to ${given.requestId}`;
  if (given.outcome === "review") return given.ground === "open" ? "stays open" : "ask a second person";
  const label = (labels.get(given.ground) ?? given.ground).toLowerCase();
  return given.duplicateOf ? `${label} of ${given.duplicateOf}` : label;
}
