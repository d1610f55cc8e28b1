/* Shows how far exports are while they are made; the page works without it. */

const list = document.getElementById("exports");
const SOON = 2000;
const LATE = 15000;

function isWaiting() {
  return list.querySelector("[data-waiting]") !== null;
}

async function look(pause) {
  if (!isWaiting()) return;
  if (!document.hidden && !list.contains(document.activeElement)) {
    try {
      const answer = await fetch(list.dataset.progress, { redirect: "error" });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      list.replaceChildren(...page.body.childNodes);
    } catch {
      // The network is away, or the session: the link in the list still leads on.
    }
  }
  later(Math.min(pause * 1.5, LATE));
}

function later(pause) {
  setTimeout(() => look(pause), pause);
}

if (isWaiting()) later(SOON);

/* JSON and the pack hold all rows: there is nothing to choose. */

const rows = document.getElementById("rows");
const formats = document.querySelectorAll("input[name=format]");

function showRows() {
  const chosen = [...formats].find((format) => format.checked);
  rows.disabled = chosen !== undefined && ["json", "zip"].includes(chosen.value);
}

for (const format of formats) format.addEventListener("change", showRows);
if (rows) showRows();
