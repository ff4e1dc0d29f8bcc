/** Dialogs of the case: opened as modal, answered as values; the browser gives the focus back where it was. */

import { byId } from "./elements.js";

let listening = new AbortController();

/**
 * Opens a dialog. Gives its form's values with `choice`, the value of the button; null if it was closed. The answer
 * counts at once: the next key may come before the browser tells that the dialog is closed.
 */
export function ask(id) {
  const dialog = byId(id);
  const form = dialog.querySelector("form");
  form.reset();
  return new Promise((resolve) => {
    listening.abort(); // one that was closed a moment ago may not have told yet: its answer is not wanted any more
    const done = (listening = new AbortController());
    const end = (answer) => {
      done.abort();
      resolve(answer);
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const choice = event.submitter?.value ?? "";
      dialog.close();
      end({ ...Object.fromEntries(new FormData(form)), choice });
    }, { signal: done.signal });
    dialog.addEventListener("close", () => {
      if (!dialog.open) end(null);
    }, { signal: done.signal });
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
