// Lists: / goes to the search box; what was read on a page is fetched when it is opened.

const box = document.getElementById("q");

document.addEventListener("keydown", (event) => {
  const isTyping = event.target instanceof HTMLElement && event.target.closest("input, select, textarea") !== null;
  if (!box || event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey || isTyping) return;
  event.preventDefault();
  box.focus();
  box.select();
});

for (const details of document.querySelectorAll("details[data-words]")) {
  details.addEventListener("toggle", async () => {
    const shown = details.querySelector("pre");
    if (!details.open || details.dataset.loaded) return;
    details.dataset.loaded = "yes";
    shown.textContent = "Loading …";
    try {
      const answer = await fetch(details.dataset.words, { headers: { Accept: "application/json" } });
      const body = await answer.json();
      shown.textContent = answer.ok ? body.words || "Nothing could be read." : body.title;
      if (!answer.ok) delete details.dataset.loaded;
    } catch {
      shown.textContent = "The server does not answer. Close this and open it again.";
      delete details.dataset.loaded;
    }
  });
}

// The upload form is sent once, and not when a file is larger than its line takes.
const upload = document.getElementById("upload");

function tooLarge() {
  const limits = upload.querySelector("#line").selectedOptions[0].dataset;
  const files = [...upload.querySelector("#file").files];
  const large = files.find((file) => file.size > Number(limits.bytes));
  if (large) return `${large.name} is larger than this line takes: send it in parts, each complete in itself.`;
  if (limits.documents && files.length > Number(limits.documents)) return `At most ${limits.documents} documents at a time here.`;
  return "";
}

upload?.addEventListener("submit", (event) => {
  const why = tooLarge();
  upload.querySelector("[role=status]").textContent = why || "Sending … keep this page open.";
  if (why || upload.dataset.sent) event.preventDefault();
  else upload.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => delete upload?.dataset.sent);
