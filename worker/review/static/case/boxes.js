/** Boxes over what was read: a tick for what agrees with the candidate, a cross for what disagrees, else neutral. */

import { svg } from "./elements.js";

const SIGNS = { agrees: "✓", disagrees: "✕" };

/** Draws the boxes of a page as they stand to the request that is looked at. */
export function drawBoxes(overlay, detail, candidate) {
  const drawn = (detail?.boxes ?? []).map(({ box, kind, verdicts }) => boxOf(box, kind, verdicts[candidate?.requestId]));
  overlay.replaceChildren(...drawn, svg("g", { class: "spot" }));
}

function boxOf([left, top, width, height], kind, verdict) {
  const sign = SIGNS[verdict];
  const mark = sign && svg("g", { class: "sign", transform: `translate(${left + width} ${top})` },
    svg("circle", { cx: "8", r: "9" }), svg("text", { x: "8", y: "4.5" }, sign));
  return svg("g", { class: `box ${verdict ?? "neutral"}`, "data-kind": kind },
    svg("rect", { x: left, y: top, width, height }), mark ?? null);
}

/** Shows what one finding rests on. Gives the first mark, or null where the finding has no boxes. */
export function spotlight(overlay, boxes, verdict) {
  const spot = overlay.querySelector(".spot");
  const pad = 6;
  const rects = boxes.map(([left, top, width, height]) =>
    svg("rect", { x: left - pad, y: top - pad, width: width + 2 * pad, height: height + 2 * pad, class: verdict }));
  spot?.replaceChildren(...rects);
  return rects[0] ?? null;
}
