// A wording: its preview follows what is typed, and a placeholder is put in by a click.
// Without this script the page has a button for the preview.

const form = document.querySelector("form.wording[data-preview]");
const preview = document.getElementById("preview");
const PAUSE = 700;
let waiting;
let newest = 0;

async function renew() {
  const mine = ++newest;
  let html;
  try {
    const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form) });
    html = answer.ok && !answer.redirected ? await answer.text() : null;
  } catch {
    html = null;
  }
  // An answer that was overtaken says what stood there before.
  if (mine !== newest) return;
  if (html === null) {
    preview.querySelector("h2").textContent = form.dataset.failed;
  } else {
    const isOpen = preview.querySelector("details").open;
    preview.innerHTML = html;
    preview.querySelector("details").open = isOpen;
  }
}

function insert(text) {
  const field = form.elements[lastField];
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

let lastField = "body";

if (form && form.querySelector("button[name=save]")) {
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(renew, PAUSE);
  });
  form.addEventListener("focusin", (event) => {
    if (["subject", "body"].includes(event.target.name)) lastField = event.target.name;
  });
  for (const code of form.querySelectorAll("[data-placeholder]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "insert";
    button.textContent = code.textContent;
    button.addEventListener("click", () => insert(code.textContent));
    code.replaceWith(button);
  }
}
