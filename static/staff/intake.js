/* Placing with mouse and keyboard: what is selected is ticked; arrows move, Shift takes more. */

(() => {
  const form = document.getElementById("placing");
  const pane = document.querySelector(".original");
  const boxes = [...form.querySelectorAll("input[name=paragraph]")];
  const words = document.getElementById("words");
  const said = document.getElementById("selected");
  const into = document.getElementById("id_into");
  const scrolled = `intake ${location.pathname}`;
  let last = null;

  function tell() {
    const count = boxes.filter((box) => box.checked).length;
    const many = said.dataset.many.replace("#", count);
    const text = words.value ? said.dataset.part : count === 1 ? said.dataset.one : many;
    said.textContent = count ? text : "";
  }

  function flat(text) {
    return text.trim().split(/\s+/).join(" ");
  }

  // A mouse lets go in the middle of a word: what is placed ends where words do.
  function toWholeWords(range) {
    const inWord = (node, place) =>
      node.nodeType === Node.TEXT_NODE && /[\p{L}\p{N}]{2}/u.test(node.data.slice(place - 1, place + 1));
    while (range.startOffset > 0 && inWord(range.startContainer, range.startOffset)) {
      range.setStart(range.startContainer, range.startOffset - 1);
    }
    while (range.endOffset > 0 && inWord(range.endContainer, range.endOffset)) {
      range.setEnd(range.endContainer, range.endOffset + 1);
    }
    return range;
  }

  // A selection ticks the paragraphs it touches; less than all of their words is a part.
  function takeSelection() {
    const selection = getSelection();
    if (selection.isCollapsed || !selection.rangeCount) return;
    const range = toWholeWords(selection.getRangeAt(0).cloneRange());
    const touched = [...pane.querySelectorAll(".words")].filter((one) => {
      const inside = document.createRange();
      inside.selectNodeContents(one);
      const starts = range.compareBoundaryPoints(Range.START_TO_END, inside) > 0;
      return starts && range.compareBoundaryPoints(Range.END_TO_START, inside) < 0;
    });
    if (!touched.length || !pane.contains(range.commonAncestorContainer)) return;
    const pieces = touched.map((one) => {
      const part = document.createRange();
      part.selectNodeContents(one);
      if (one.contains(range.startContainer)) part.setStart(range.startContainer, range.startOffset);
      if (one.contains(range.endContainer)) part.setEnd(range.endContainer, range.endOffset);
      return part.toString();
    });
    const keys = touched.map((one) => one.dataset.key);
    for (const box of boxes) box.checked = keys.includes(box.value);
    const isWhole = touched.every((one, place) => flat(one.textContent) === flat(pieces[place]));
    words.value = isWhole ? "" : pieces.join("\n\n");
    tell();
  }

  function tickTo(box, other) {
    const [from, to] = [boxes.indexOf(box), boxes.indexOf(other)].sort((a, b) => a - b);
    for (const one of boxes.slice(from, to + 1)) one.checked = true;
  }

  pane.addEventListener("mouseup", () => setTimeout(takeSelection));
  pane.addEventListener("click", (event) => {
    const box = event.target.closest("input[name=paragraph]");
    if (!box) return;
    words.value = "";
    if (event.shiftKey && last && box.checked) tickTo(last, box);
    last = box;
    tell();
  });
  pane.addEventListener("keydown", (event) => {
    const here = boxes.indexOf(event.target);
    if (here < 0) return;
    const next = boxes[here + { ArrowDown: 1, ArrowUp: -1 }[event.key]];
    if (next) {
      event.preventDefault();
      if (event.shiftKey) {
        words.value = "";
        tickTo(event.target, next);
      }
      next.focus();
      tell();
    } else if (event.key === "Enter") {
      event.preventDefault();
      into.focus();
    }
  });

  // A page that comes back shows the same questions; the original goes to what is next.
  form.addEventListener("submit", () => {
    sessionStorage.setItem(scrolled, scrollY);
    changed = false;
  });
  addEventListener("load", () => {
    const before = sessionStorage.getItem(scrolled);
    sessionStorage.removeItem(scrolled);
    if (before === null) return;
    const next = location.hash && document.getElementById(location.hash.slice(1));
    if (next && pane.contains(next)) {
      pane.scrollTop += next.getBoundingClientRect().top - pane.getBoundingClientRect().top - 60;
      next.querySelector("input").focus({ preventScroll: true });
    }
    scrollTo(0, Number(before));
  });

  let changed = false;
  form.addEventListener("input", (event) => {
    changed = changed || event.target.matches("textarea, .stance select");
  });
  addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
  tell();
})();
