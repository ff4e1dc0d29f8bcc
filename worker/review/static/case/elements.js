/** Building elements. Text from data becomes text nodes, never markup. */

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes (null and false leave them out) and children (strings become text). */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for drawings. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) set(element, name, value);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

/** Sets an attribute, or takes it away; writes only what changes. */
export function set(element, name, value) {
  if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value === true ? "" : String(value));
}

export const byId = (id) => document.getElementById(id);
export const show = (element, isShown) => element.classList.toggle("hidden", !isShown);
