/** Dialogs of the case: opened as modal, answered as values; the browser gives the focus back where it was. */

import { byId, el } from "./elements.js";

/** Opens a dialog. Gives its form's values with `choice`, the value of the button; null if it was closed. */
export function ask(id) {
  const dialog = byId(id);
  const form = dialog.querySelector("form");
  form.reset();
  return new Promise((resolve) => {
    dialog.returnValue = "";
    dialog.addEventListener("close", () => {
      const choice = dialog.returnValue;
      resolve(choice ? { ...Object.fromEntries(new FormData(form)), choice } : null);
    }, { once: true });
    dialog.showModal();
  });
}

export const isAnyOpen = () => document.querySelector("dialog[open]") !== null;

/** Ctrl+Enter answers a dialog from within a text, a click on a closing button closes it. */
export function wireDialogs() {
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.ctrlKey) dialog.querySelector("button.main")?.click();
    });
    for (const button of dialog.querySelectorAll("[data-close]"))
      button.addEventListener("click", () => dialog.close(""));
  }
}

/** A list of sentences inside an element. */
export function list(element, sentences) {
  element.replaceChildren(...sentences.map((sentence) => el("li", {}, sentence)));
}
