// Keys of the reading page: each presses the link or button that has it as data-key.

const help = document.getElementById("keys");

function isTyping(element) {
  return element.isContentEditable || /^(input|textarea|select)$/i.test(element.tagName);
}

function press(element) {
  if (element.tagName === "TEXTAREA") {
    element.focus();
  } else if (element.dataset.key === "?") {
    help.showModal();
  } else {
    element.click();
  }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) return;
  if (help.open || isTyping(event.target)) return;
  const pressed = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!pressed) return;
  // The letter must not land in the field that it leads to.
  event.preventDefault();
  press(pressed);
});

document.querySelector('a[data-key="?"]').addEventListener("click", (event) => {
  event.preventDefault();
  help.showModal();
});
