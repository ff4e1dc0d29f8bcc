// Charts as plain SVG, drawn to the width they have, each with the same figures as a table. Text goes in as text only.

const SVG = "http://www.w3.org/2000/svg";
const ROW = 34, BAR = 16, SMALL = 420, LETTER = 7;
let drawn = 0;

/** An element of HTML with attributes and children (text or nodes). */
export function html(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const text = (x, y, words, kind = "", anchor = "start") =>
  svg("text", { x, y, class: kind, "text-anchor": anchor }, words);
const rect = (x, y, width, height, kind) => svg("rect", { x, y, width: Math.max(0, width), height, rx: 2, class: kind });
const rule = (x1, y1, x2, y2, kind) => svg("line", { x1, y1, x2, y2, class: kind });

/** The figures of a chart as a table that can be opened below it. */
export function table(columns, rows, caption) {
  const head = html("tr", {}, ...columns.map((name) => html("th", { scope: "col" }, name)));
  const body = rows.map((cells) =>
    html("tr", {}, ...cells.map((cell, k) => html(k ? "td" : "th", k ? {} : { scope: "row" }, String(cell)))));
  const inside = html("table", {}, html("caption", { class: "said" }, caption), html("thead", {}, head), html("tbody", {}, ...body));
  return html("details", { class: "figures" }, html("summary", {}, "As a table"), html("div", { class: "scroll", role: "region", "aria-label": `${caption}, in figures`, tabindex: "0" }, inside));
}

/** Puts a chart into its place: `paint(width)` gives [height, nodes]; it is painted anew when the width changes. */
export function chart(place, title, words, paint, alternative) {
  const wasOpen = place.querySelector("details.figures")?.open ?? false;
  place.watch?.disconnect();
  const number = ++drawn;
  const picture = svg("svg", { role: "img", "aria-labelledby": `chart-${number}`, "aria-describedby": `words-${number}`, class: "chart" });
  const told = [svg("title", { id: `chart-${number}` }, title), svg("desc", { id: `words-${number}` }, words)];
  let last = 0;
  const draw = () => {
    const width = Math.round(place.clientWidth);
    if (!width || width === last) return;
    last = width;
    const [height, nodes] = paint(width);
    picture.setAttribute("width", width);
    picture.setAttribute("height", height);
    picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
    picture.replaceChildren(...told, ...nodes);
  };
  if (alternative && wasOpen) alternative.open = true;
  place.replaceChildren(picture, ...(alternative ? [alternative] : []));
  draw();
  place.watch = new ResizeObserver(draw);
  place.watch.observe(place);
}

/** One bar of several parts: [{label, value, kind}], with a legend below. */
export function parts(width, shares) {
  const total = shares.reduce((sum, part) => sum + part.value, 0);
  const nodes = [];
  let left = 0;
  for (const part of shares) {
    const wide = total ? (part.value / total) * width : 0;
    if (wide) nodes.push(rect(left, 2, Math.max(1, wide - 2), 26, part.kind));
    left += wide;
  }
  if (!total) nodes.push(rect(0, 2, width, 26, "empty"));
  return [30, nodes];
}

/** Rows of bars: [{label, bars: [{value, kind}], marks: [{value, kind}], words}] on one scale up to `most`. */
export function bars(width, rows, most) {
  const isSmall = width < SMALL, labels = isSmall ? 0 : wide(rows.map((row) => row.label), width * 0.34), wordsWide = isSmall ? 0 : wide(rows.map((row) => row.words), width * 0.42);
  const tall = isSmall ? ROW + 20 : ROW, scale = (value) => (most ? (value / most) * (width - labels - wordsWide - 14) : 0);
  const nodes = [];
  rows.forEach((row, k) => {
    const top = k * tall, y = isSmall ? top + 22 : top + 8;
    nodes.push(text(0, isSmall ? top + 14 : y + 13, shortened(row.label, isSmall ? width * 0.5 : labels), "label"));
    nodes.push(rect(labels, y, width - labels - wordsWide - 14, BAR, "track"));
    let left = labels;
    for (const bar of row.bars) {
      const wide = scale(bar.value);
      nodes.push(rect(left, y, bar.value ? Math.max(2, wide) : 0, BAR, bar.kind));
      if (bar.stacks) left += wide;
    }
    for (const mark of row.marks ?? []) {
      const x = labels + scale(mark.value);
      nodes.push(rule(x, y - 4, x, y + BAR + 4, mark.kind));
    }
    const kind = row.isBad ? "words bad" : "words";
    nodes.push(isSmall ? text(width, top + 14, row.words, kind, "end") : text(width - wordsWide, y + 13, row.words, kind));
  });
  return [rows.length * tall + 6, nodes];
}

/** A line of shares from 0 to 1 over days: [{label, value|null, words}]. */
export function line(width, points) {
  const height = 190, left = 44, right = 18, top = 16, bottom = 150;
  const values = points.map((point) => point.value).filter((value) => value !== null);
  const floor = values.length ? Math.max(0, Math.floor((Math.min(...values) - 0.05) * 10) / 10) : 0;
  const x = (k) => left + (k * (width - left - right)) / Math.max(1, points.length - 1);
  const y = (value) => bottom - ((value - floor) / (1 - floor || 1)) * (bottom - top);
  const nodes = [];
  for (const value of [floor, (floor + 1) / 2, 1]) {
    nodes.push(rule(left, y(value), width - right, y(value), "grid"), text(left - 8, y(value) + 4, `${Math.round(value * 100)} %`, "axis", "end"));
  }
  const known = points.map((point, k) => [k, point.value]).filter(([, value]) => value !== null);
  const path = known.map(([k, value], n) => `${n ? "L" : "M"}${x(k)} ${y(value)}`).join(" ");
  nodes.push(svg("path", { d: path, class: "line" }));
  for (const [k, value] of known) nodes.push(svg("circle", { cx: x(k), cy: y(value), r: 4, class: "point" }));
  const step = width < SMALL ? 3 : 1;
  points.forEach((point, k) => {
    const anchor = k === points.length - 1 ? "end" : k === 0 ? "start" : "middle";
    const at = anchor === "end" ? x(k) + right - 2 : anchor === "start" ? x(k) - 12 : x(k);
    if ((points.length - 1 - k) % step === 0) nodes.push(text(at, bottom + 22, point.label, "axis", anchor));
  });
  const last = known.at(-1);
  if (last) nodes.push(text(x(last[0]), Math.max(12, y(last[1]) - 10), `${(last[1] * 100).toFixed(1)} %`, "value", last[0] === points.length - 1 ? "end" : "middle"));
  return [height, nodes];
}

/** Intervals on one scale: [{label, rate|null, low, high, words, isEmpty}]. */
export function intervals(width, rows, most) {
  const left = 4, right = 14, tall = 66, scale = (value) => left + (Math.min(value, most) / most) * (width - left - right);
  const nodes = [], foot = rows.length * tall + 8;
  nodes.push(rule(left, foot, width - right, foot, "grid"));
  for (let value = 0, step = round(most / 4); value <= most; value += step) {
    nodes.push(rule(scale(value), foot - 4, scale(value), foot + 4, "grid"), text(value ? scale(value) : 0, foot + 20, `${Number((value * 100).toPrecision(3))} %`, "axis", value ? "middle" : "start"));
  }
  rows.forEach((row, k) => {
    const y = k * tall + 48;
    nodes.push(text(0, y - 33, row.label, "value"), text(0, y - 14, row.words, "label"));
    if (row.isEmpty) return;
    nodes.push(rect(scale(row.low), y - 5, Math.max(3, scale(row.high) - scale(row.low)), 10, "range"));
    nodes.push(svg("circle", { cx: scale(row.rate), cy: y, r: 6, class: "rate" }));
  });
  return [foot + 26, nodes];
}

/** The next of 1, 2 and 5 times a power of ten. */
function round(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= value * 0.999);
}

/** A share with the digits that count. */
export function percent(share) {
  const value = share * 100;
  if (!value) return "0 %";
  return `${value.toFixed(Math.max(0, 1 - Math.floor(Math.log10(Math.abs(value)))))} %`;
}

/** About how wide the longest of these is, in pixels. */
function wide(lines, most) {
  return Math.min(most, Math.max(0, ...lines.map((words) => words.length)) * LETTER + 12);
}

function shortened(words, width) {
  const most = Math.max(6, Math.floor(width / LETTER));
  return words.length > most ? `${words.slice(0, most - 1)}…` : words;
}
