/* Uploads each file as soon as it is chosen or dropped, one after the other, and says how far
   it is. Without this script the button sends them together. */

"use strict";

const upload = document.getElementById("upload");
if (upload) new Uploads(upload);

function Uploads(form) {
  const words = document.getElementById("uploads-words").dataset;
  const rows = document.getElementById("uploads");
  const said = document.getElementById("uploads-said");
  const input = form.elements.files;
  let sending = Promise.resolve();
  let waiting = 0;

  form.querySelector("button").hidden = true;
  const hint = document.createElement("p");
  hint.className = "quiet";
  hint.textContent = words.drop;
  form.append(hint);

  input.addEventListener("change", () => {
    [...input.files].forEach((file) => add(file));
    input.value = "";
  });
  // A file that misses the form would take the place of the page.
  for (const name of ["dragover", "drop"]) {
    window.addEventListener(name, (event) => {
      if (event.dataTransfer.types.includes("Files")) event.preventDefault();
    });
  }
  for (const name of ["dragover", "dragleave", "drop"]) {
    form.addEventListener(name, () => form.classList.toggle("over", name === "dragover"));
  }
  form.addEventListener("drop", (event) => {
    [...event.dataTransfer.files].forEach((file) => add(file));
  });
  window.addEventListener("beforeunload", (event) => {
    if (waiting) event.preventDefault();
  });

  function add(file) {
    const row = new Row(file, words, () => queue(file, row));
    rows.append(row.element);
    if (file.size > Number(words.most)) return refuse(row, file, words.large);
    queue(file, row);
  }

  function queue(file, row) {
    waiting += 1;
    row.show(words.waiting);
    sending = sending.then(() => send(file, row)).then((answer) => {
      waiting -= 1;
      settle(answer, row, file);
    });
  }

  /* Resolves to {kept} or {why, again}: it never fails. */
  function send(file, row) {
    const data = new FormData();
    data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.append("files", file);
    data.append("_end", "1");
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.responseType = "document";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) row.progress(event.loaded / event.total);
    });
    return new Promise((resolve) => {
      request.addEventListener("loadend", () => resolve(understood(request)));
      row.progress(0);
      request.send(data);
    });
  }

  function understood(request) {
    const page = request.response;
    if ([403, 404].includes(request.status)) return { why: words.lost };
    if (request.status === 200 && page) {
      return page.getElementById("attached") ? { kept: page } : { why: words.closed };
    }
    if (![422, 507].includes(request.status) || !page) return { why: words.offline, again: true };
    const errors = [...page.querySelectorAll(".errors li")].map((item) => item.textContent);
    if (!errors.length) return { why: words.closed };
    return { why: errors.join(" "), again: request.status === 507 };
  }

  function settle(answer, row, file) {
    if (!answer.kept) return refuse(row, file, answer.why, answer.again);
    const attached = document.getElementById("attached");
    for (const item of answer.kept.querySelectorAll("#attached li[id]")) {
      if (!document.getElementById(item.id)) attached.querySelector("ul").append(item);
    }
    attached.hidden = false;
    row.element.remove();
    say(file, words.kept);
  }

  function refuse(row, file, why, again = false) {
    row.refuse(why, again);
    say(file, why);
  }

  function say(file, text) {
    said.textContent = file.name + ": " + text;
  }
}

/* One file on its way. */
function Row(file, words, again) {
  const name = document.createElement("p");
  const state = document.createElement("p");
  const bar = document.createElement("progress");
  this.element = document.createElement("li");
  name.textContent = file.name;
  bar.setAttribute("aria-label", file.name);
  this.element.append(name, bar, state);

  this.show = (text) => {
    state.className = "quiet";
    state.textContent = text;
    bar.hidden = false;
    this.element.querySelectorAll("button").forEach((button) => button.remove());
  };

  this.progress = (share) => {
    bar.value = share;
    const percent = Math.round(share * 100) + "%";
    this.show(share < 1 ? words.sending + " " + percent : words.checking);
  };

  this.refuse = (why, mayTryAgain) => {
    this.show(why);
    state.className = "failed";
    bar.hidden = true;
    const away = () => this.element.remove();
    if (mayTryAgain) this.element.append(button(words.again, again));
    this.element.append(button(words.away, away));
  };

  function button(label, act) {
    const made = document.createElement("button");
    const about = document.createElement("span");
    made.type = "button";
    made.className = "small";
    about.className = "unseen";
    about.textContent = " " + file.name;
    made.append(label, about);
    made.addEventListener("click", act);
    return made;
  }
}
