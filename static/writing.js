/* Keeps what is being typed: on the server as one writes, and in this browser until the
   server has confirmed it. Without this script the save buttons do the same. */

"use strict";

const PAUSE = 1500; // milliseconds without a key before a text is saved
const LONGEST = 10000; // and at the latest so long after the first
const RETRY = [1000, 8000]; // after the first failure, and after any other in a row

const form = document.querySelector("form[data-autosave]");
if (form) new Desk(form).open();

function Desk(form) {
  const store = new Store(form.dataset.draft);
  const words = document.getElementById("writing-words").dataset;
  const said = document.getElementById("writing-said");
  const boxes = [...form.querySelectorAll("textarea")].map((area) => new Box(area));
  let timer = null;
  let firstKey = 0;
  let sending = null;
  let failures = 0;
  // Choices and short fields are saved by the buttons only.
  let isFieldUnsaved = false;
  let isLeaving = false;

  this.open = () => {
    boxes.forEach((box) => box.open());
    form.addEventListener("input", (event) => {
      const box = boxes.find((box) => box.area === event.target);
      if (box) box.typed();
    });
    form.addEventListener("submit", submit);
    window.addEventListener("online", () => save());
    form.addEventListener("change", (event) => {
      if (event.target.tagName !== "TEXTAREA") isFieldUnsaved = true;
    });
    window.addEventListener("beforeunload", (event) => {
      if (isLeaving) return;
      if (isFieldUnsaved || boxes.some((box) => box.isUnsaved())) event.preventDefault();
    });
  };

  function plan(pause) {
    const now = Date.now();
    firstKey = firstKey || now;
    clearTimeout(timer);
    timer = setTimeout(save, Math.max(0, Math.min(pause, firstKey + LONGEST - now)));
  }

  /* Resolves to true when everything stands on the server. */
  function save() {
    clearTimeout(timer);
    sending = (sending || Promise.resolve()).then(send);
    return sending;
  }

  async function send() {
    const unsaved = boxes.filter((box) => box.isUnsaved() && !box.isClashing());
    firstKey = 0;
    if (!unsaved.length) return true;
    unsaved.forEach((box) => box.note("saving"));
    const sent = new Map(unsaved.map((box) => [box, box.text()]));
    const fields = {};
    for (const [box, text] of sent) {
      fields[box.name] = { text, was: box.was(), length: [...text].length };
    }
    let answer;
    try {
      const response = await fetch(form.dataset.autosave, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          "X-CSRFToken": form.elements.csrfmiddlewaretoken.value,
        },
        body: JSON.stringify({ fields }),
        credentials: "same-origin",
        signal: AbortSignal.timeout(20000),
      });
      answer = await understood(response);
    } catch {
      answer = { failure: "offline" };
    }
    if (answer.failure) {
      unsaved.forEach((box) => box.note(answer.failure));
      if (answer.failure === "offline") timer = setTimeout(save, RETRY[failures++ && 1]);
      return false;
    }
    failures = 0;
    for (const [box, text] of sent) box.settle(answer, text);
    if (Object.keys(answer.fields).length) say(answer.notice || words.saved + " " + answer.saved_at);
    return unsaved.every((box) => !box.isUnsaved());
  }

  async function understood(response) {
    if (response.status === 403 || response.status === 404) return { failure: "lost" };
    if (![200, 409, 422].includes(response.status)) return { failure: "offline" };
    const answer = await response.json();
    return answer.error ? { failure: "refused" } : answer;
  }

  /* Saves before the page is left: if that fails the page stays, with everything on it. */
  async function submit(event) {
    const button = event.submitter;
    if (!boxes.some((box) => box.isUnsaved())) {
      isLeaving = true;
      return;
    }
    event.preventDefault();
    if (button) button.setAttribute("aria-disabled", "true");
    await save();
    if (button) button.removeAttribute("aria-disabled");
    const stranded = boxes.find((box) => box.isStranded());
    if (stranded) {
      // What went wrong stands beside the box: far from the button that was pressed.
      stranded.area.focus();
      say(words.offline);
      return;
    }
    isLeaving = true;
    boxes.forEach((box) => box.leave());
    form.requestSubmit(button);
  }

  /* One polite announcement, not one for each box. */
  let lastSaid = 0;
  function say(text) {
    if (Date.now() - lastSaid < 30000 && text.startsWith(words.saved)) return;
    lastSaid = Date.now();
    said.textContent = text;
  }

  function Box(area) {
    const was = form.elements["was-" + area.name];
    const state = document.createElement("span");
    const count = document.createElement("span");
    const other = document.createElement("div");
    // On a page that was refused, what stands in the boxes is not what is saved.
    let saved = form.hasAttribute("data-unsaved") ? null : tidy(area.defaultValue);
    let failure = "";
    let clash = null;
    let isLeaving = false;

    this.area = area;
    this.name = area.name;
    this.text = () => tidy(area.value);
    this.was = () => was.value;
    this.isUnsaved = () => !isLeaving && this.text() !== saved;
    this.isClashing = () => clash !== null;
    /* Typed, and neither on the server nor likely to be explained by it. */
    this.isStranded = () => this.isUnsaved() && failure !== "" && failure !== "refused";
    this.leave = () => { isLeaving = true; };

    this.open = () => {
      const under = document.createElement("p");
      under.className = "under";
      state.className = "saved-state";
      under.append(state, count);
      area.after(under, other);
      this.count();
      const meanwhile = document.getElementById(area.id + "_meanwhile");
      if (meanwhile) {
        const text = meanwhile.querySelector(".answer").textContent;
        meanwhile.remove();
        this.showClash({ was: was.value, text });
      } else {
        this.restore();
      }
    };

    this.typed = () => {
      store.put(this.name, { text: this.text(), was: was.value });
      this.count();
      this.note("typing");
      plan(PAUSE);
    };

    this.count = () => {
      const number = (this.text().match(/\S+/g) || []).length;
      count.textContent = number
        ? number.toLocaleString() + " " + (number === 1 ? words.word : words.words)
        : "";
    };

    this.note = (what, time) => {
      failure = ["offline", "lost", "refused"].includes(what) ? what : "";
      state.dataset.state = what;
      state.textContent = words[what] + (time ? " " + time : "");
    };

    this.settle = (answer, text) => {
      const kept = answer.fields[this.name];
      if (answer.clashes[this.name]) return this.showClash(answer.clashes[this.name]);
      if (!kept) {
        this.note("refused");
        state.textContent = (answer.errors[this.name] || []).join(" ");
        return;
      }
      // A text of blanks is kept as none; anything else has come back as it was sent.
      if (kept.length !== [...text].length && text.trim()) return this.note("offline");
      saved = text;
      was.value = kept.was;
      if (this.isUnsaved()) return plan(PAUSE);
      store.drop(this.name);
      this.note("saved", answer.saved_at);
      if (answer.notice) state.textContent = answer.notice;
    };

    /* What this browser kept and the server never confirmed. */
    this.restore = () => {
      const mine = store.get(this.name);
      if (saved === null) return plan(PAUSE);
      // Typed before this script was there, or put back by the browser on a reload.
      if (this.isUnsaved()) return this.typed();
      if (!mine || mine.text === saved) return store.drop(this.name);
      const theirs = { was: was.value, text: saved };
      area.value = mine.text;
      this.count();
      if (mine.was === theirs.was) {
        this.note("restored");
        plan(PAUSE);
      } else {
        this.showClash(theirs);
      }
    };

    this.showClash = (theirs) => {
      clash = theirs;
      this.note("clash");
      const title = document.createElement("p");
      title.textContent = words.clashTitle;
      const text = document.createElement("div");
      text.className = "answer";
      text.textContent = theirs.text;
      other.className = "clash";
      other.replaceChildren(
        title,
        text,
        choice(words.keepMine, () => this.decide(area.value)),
        choice(words.takeOther, () => this.decide(theirs.text)),
        choice(words.keepBoth, () => this.decide(theirs.text + "\n\n" + area.value)),
      );
      say(words.clashTitle);
    };

    this.decide = (text) => {
      was.value = clash.was;
      saved = tidy(clash.text);
      clash = null;
      other.className = "";
      other.replaceChildren();
      area.value = text;
      area.focus();
      if (this.isUnsaved()) {
        this.typed();
      } else {
        store.drop(this.name);
        this.note("kept");
      }
    };
  }
}

function choice(label, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "small";
  button.textContent = label;
  button.addEventListener("click", act);
  return button;
}

/* As the server stores it: the same rule as tidy() in submissions/fields.py. */
function tidy(text) {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g, "");
}

/* This browser's copy. A browser that keeps nothing, as in private mode, is no obstacle. */
function Store(draft) {
  const key = (name) => "draft:" + draft + ":" + name;
  this.put = (name, value) => attempt(() => localStorage.setItem(key(name), JSON.stringify(value)));
  this.get = (name) => attempt(() => JSON.parse(localStorage.getItem(key(name))));
  this.drop = (name) => attempt(() => localStorage.removeItem(key(name)));
}

function attempt(act) {
  try {
    return act();
  } catch {
    return null;
  }
}
