/* Words marked in a text are put into the form that does something with them.

   A text is an element with data-place="question-1-4" that holds nothing but the text. Each
   <form data-passage="question-1-4" data-offer="Add a theme"> of the page, with fields named
   quote and start, becomes a button beside the marked words. Without this script people
   paste the words into that form. */
(() => {
  "use strict";
  const tools = document.createElement("div");
  tools.className = "passage-tools";
  tools.hidden = true;
  let pressed = false;

  const marked = () => {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const node = range.commonAncestorContainer;
    const text = (node.closest ? node : node.parentElement).closest("[data-place]");
    if (!text) return null;
    const words = range.toString();
    const quote = words.trim();
    if (!quote) return null;
    const before = document.createRange();
    before.setStart(text, 0);
    before.setEnd(range.startContainer, range.startOffset);
    const skipped = words.slice(0, words.indexOf(quote));
    // Code points, as the server counts: a string's length counts an emoji twice.
    const start = [...before.toString(), ...skipped].length;
    return { text, quote, start, box: range.getBoundingClientRect() };
  };

  const fill = (form, { quote, start }) => {
    const details = form.closest("details");
    if (details) details.open = true;
    form.elements.quote.value = quote;
    form.elements.start.value = start;
    tools.hidden = true;
    const first = [...form.elements].find(
      (field) => !["hidden", "fieldset"].includes(field.type) && field.name !== "quote",
    );
    (first || form.elements.quote).focus();
  };

  // A page of many respondents has a text of the same place in each one's [data-texts].
  const near = (text) => text.closest("[data-texts]") || document;

  const offer = () => {
    const passage = marked();
    const place = passage && CSS.escape(passage.text.dataset.place);
    const forms = place ? [...near(passage.text).querySelectorAll(`form[data-passage="${place}"]`)] : [];
    tools.hidden = !forms.length;
    if (tools.hidden) return;
    tools.replaceChildren(
      ...forms.map((form) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = form.dataset.offer;
        button.addEventListener("click", () => fill(form, passage));
        return button;
      }),
    );
    // Behind the text, so that the next press of Tab leads to it.
    passage.text.after(tools);
    const { box } = passage;
    const space = document.documentElement.clientWidth - tools.offsetWidth - 8;
    tools.style.left = `${Math.max(8, Math.min(box.left, space))}px`;
    const above = box.top - tools.offsetHeight - 6;
    tools.style.top = `${above > 0 ? above : box.bottom + 6}px`;
  };

  document.addEventListener("pointerdown", (event) => {
    pressed = !tools.contains(event.target);
    // The words stay marked while a button is pressed.
    if (!pressed) event.preventDefault();
  });
  document.addEventListener("pointerup", () => {
    if (!pressed) return;
    pressed = false;
    // A click takes the mark away only after this event.
    setTimeout(offer);
  });
  document.addEventListener("selectionchange", () => {
    if (!pressed && !tools.contains(document.activeElement)) offer();
  });
  // They move along with the words.
  document.addEventListener("scroll", () => { if (!tools.hidden) offer(); }, { passive: true });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") tools.hidden = true;
  });
  // Words changed by hand stand somewhere else.
  document.addEventListener("input", ({ target }) => {
    if (target.name === "quote" && target.form?.dataset.passage) target.form.elements.start.value = "";
  });
})();
