// Comfort on the list of submissions: it works without.

const panel = document.querySelector("[data-panel]");
if (panel && matchMedia("(max-width: 63.99rem)").matches) panel.open = false;

const head = document.querySelector("[data-tick-all]");
if (head) {
  const boxes = [...document.querySelectorAll('input[name="ticked"]')];
  const all = document.createElement("input");
  all.type = "checkbox";
  all.setAttribute("aria-label", head.dataset.tickAll);
  all.addEventListener("change", () => boxes.forEach((box) => (box.checked = all.checked)));
  for (const box of boxes) {
    box.addEventListener("change", () => (all.checked = boxes.every((one) => one.checked)));
  }
  head.replaceChildren(all);
}

// A box that is open stands in the way: Escape and a click elsewhere close it.
const saved = document.querySelector("details.saved");
if (saved) {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && saved.open) {
      saved.open = false;
      saved.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!saved.contains(event.target)) saved.open = false;
  });
}
