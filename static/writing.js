/* Keeps what is being typed: on the server as one writes, and in this browser until the
   server has confirmed it. Without this script the save buttons do the same. */

"use strict";

const PAUSE = 1500; // milliseconds without a key before a text is saved
const LONGEST = 10000; // and at the latest so long after the first
const RETRY = [1000, 8000]; // after the first failure, and after any other in a row
const LETTER = 60000; // characters that a browser still delivers while its page goes away

const form = document.querySelector("form[data-autosave]");
if (form) new Desk(form).open();

function Desk(form) {
  const store = new Store(form.dataset.draft);
  const words = document.getElementById("writing-words").dataset;
  const said = document.getElementById("writing-said");
  const boxes = fieldsOf(form).map((field) => new Box(field));
  let timer = null;
  let firstKey = 0;
  let sending = null;
  let failures = 0;
  // Boxes to tick and files are saved by the buttons only.
  let isTickUnsaved = false;
  let isLeaving = false;

  this.open = () => {
    boxes.forEach((box) => box.open());
    form.addEventListener("input", (event) => {
      const box = boxes.find((box) => box.field.isIn(event.target));
      if (box) box.typed();
    });
    form.addEventListener("change", (event) => {
      const box = boxes.find((box) => box.field.isIn(event.target));
      if (box && box.isUnsaved()) plan(0);
      if (!box) isTickUnsaved = !takeUp(event.target);
    });
    form.addEventListener("submit", submit);
    window.addEventListener("online", () => save());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") save();
    });
    window.addEventListener("beforeunload", (event) => {
      if (isLeaving) return;
      if (isTickUnsaved || boxes.some((box) => box.isUnsaved())) event.preventDefault();
    });
  };

  /* A field that has come to the page since, as of a file that was just attached. */
  function takeUp(element) {
    const field = fieldsOf(form).find((field) => field.isIn(element));
    if (!field) return false;
    const box = new Box(field);
    boxes.push(box);
    box.open();
    return true;
  }

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
      const body = JSON.stringify({ fields });
      let response = await post(body);
      if (response.status === 403 && (await renewToken())) response = await post(body);
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

  function post(body) {
    return fetch(form.dataset.autosave, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "X-CSRFToken": form.elements.csrfmiddlewaretoken.value,
      },
      body,
      credentials: "same-origin",
      keepalive: body.length < LETTER,
      signal: AbortSignal.timeout(20000),
    });
  }

  /* The token of a page runs out, or another tab renews it: this page asks for its own again. */
  async function renewToken() {
    const response = await fetch(location.href, { credentials: "same-origin" });
    if (!response.ok) return false;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const token = page.querySelector("[name=csrfmiddlewaretoken]");
    if (token) form.elements.csrfmiddlewaretoken.value = token.value;
    return token !== null;
  }

  async function understood(response) {
    if (response.status === 413) return { failure: "large" };
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
      stranded.field.focus();
      say(stranded.saysWhy());
      return;
    }
    const clashing = boxes.find((box) => box.isClashing());
    if (clashing) {
      // Both texts stand there: nothing of it is saved before one is chosen.
      clashing.field.focus();
      say(words.clashTitle);
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

  function Box(field) {
    const was = form.elements["was-" + field.name];
    const state = document.createElement("span");
    const count = document.createElement("span");
    const other = document.createElement("div");
    // On a page that was refused, what stands in the boxes is not what is saved.
    let saved = form.hasAttribute("data-unsaved") ? null : tidy(field.initial);
    let failure = "";
    let clash = null;
    let isLeaving = false;

    this.field = field;
    this.name = field.name;
    this.text = () => tidy(field.value);
    this.was = () => was.value;
    this.isUnsaved = () => !isLeaving && this.text() !== saved;
    this.isClashing = () => clash !== null;
    this.saysWhy = () => state.textContent;
    /* Typed, and neither on the server nor likely to be explained by it. */
    this.isStranded = () => this.isUnsaved() && failure !== "" && failure !== "refused";
    this.leave = () => { isLeaving = true; };

    this.open = () => {
      const under = document.createElement("p");
      under.className = field.isLong ? "under" : "under short";
      state.className = "saved-state";
      under.append(state, count);
      field.last.after(under, other);
      this.count();
      const meanwhile = document.getElementById(field.id + "_meanwhile");
      if (meanwhile) {
        const shown = meanwhile.querySelector(".answer");
        const { value } = shown.dataset;
        meanwhile.remove();
        this.showClash({ was: was.value, text: shown.textContent, value });
      } else {
        this.restore();
      }
    };

    this.typed = () => {
      store.put(this.name, { text: this.text(), was: was.value });
      this.count();
      this.note("typing");
      // A half-typed address or date is not worth sending: a line is saved when it is left.
      if (field.isLong) plan(PAUSE);
    };

    this.count = () => {
      if (!field.isLong) return;
      const number = (this.text().match(/\S+/g) || []).length;
      count.textContent = number
        ? inThousands(number) + " " + (number === 1 ? words.word : words.words)
        : "";
    };

    this.note = (what, time) => {
      failure = ["offline", "lost", "refused", "large"].includes(what) ? what : "";
      state.dataset.state = what;
      state.textContent = words[what] + (time ? " " + time : "");
    };

    this.settle = (answer, text) => {
      const kept = answer.fields[this.name];
      if (answer.clashes[this.name]) return this.showClash(answer.clashes[this.name]);
      if (!kept) {
        this.note("refused");
        if (field.isLong) state.textContent = (answer.errors[this.name] || []).join(" ");
        return;
      }
      // A text of blanks is kept as none; anything else has come back as it was sent. A
      // line is tidied on the way.
      const isCut = field.isLong && kept.length !== [...text].length && text.trim();
      if (isCut) return this.note("offline");
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
      if (this.isUnsaved()) {
        this.typed();
        return plan(PAUSE);
      }
      if (!mine || mine.text === saved) return store.drop(this.name);
      const theirs = { was: was.value, text: field.inWords(saved), value: saved };
      field.value = mine.text;
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
        choice(words.keepMine, () => this.decide(field.value)),
        choice(words.takeOther, () => this.decide(theirs.value)),
        ...(field.isLong
          ? [choice(words.keepBoth, () => this.decide(theirs.value + "\n\n" + field.value))]
          : []),
      );
      say(words.clashTitle);
    };

    this.decide = (text) => {
      was.value = clash.was;
      saved = tidy(clash.value);
      clash = null;
      other.className = "";
      other.replaceChildren();
      field.value = text;
      field.focus();
      if (this.isUnsaved()) {
        this.typed();
        plan(PAUSE);
      } else {
        store.drop(this.name);
        this.note("kept");
      }
    };
  }
}

/* Everything on the page that can be written or chosen, in one shape. */
function fieldsOf(form) {
  const isKept = (element) => form.elements["was-" + element.name];
  const plain = form.querySelectorAll("textarea, select, input[type=text], input[type=email]");
  const radios = new Map();
  for (const radio of form.querySelectorAll("input[type=radio]")) {
    radios.set(radio.name, [...(radios.get(radio.name) || []), radio]);
  }
  return [
    ...[...plain].filter(isKept).map((element) => new Plain(element)),
    ...[...radios.values()].filter(([first]) => isKept(first)).map((group) => new Radios(group)),
  ];
}

function Plain(element) {
  const options = [...(element.options || [])];
  const chosen = options.find((option) => option.defaultSelected) || options[0];
  this.id = element.id;
  this.name = element.name;
  this.last = element;
  this.isLong = element.tagName === "TEXTAREA";
  this.initial = chosen ? chosen.value : element.defaultValue;
  this.isIn = (target) => target === element;
  this.focus = () => element.focus();
  this.inWords = (value) => {
    const option = options.find((option) => option.value === value);
    return option ? option.text : value;
  };
  Object.defineProperty(this, "value", {
    get: () => element.value,
    set: (value) => { element.value = value; },
  });
}

function Radios(group) {
  const valueOf = (radio) => (radio ? radio.value : "");
  this.id = group[0].closest("fieldset").id;
  this.name = group[0].name;
  this.last = group[0].closest(".choices");
  this.isLong = false;
  this.initial = valueOf(group.find((radio) => radio.defaultChecked));
  this.isIn = (target) => group.includes(target);
  this.focus = () => (group.find((radio) => radio.checked) || group[0]).focus();
  this.inWords = (value) => {
    const radio = group.find((radio) => radio.value === value);
    return radio ? radio.labels[0].textContent : value;
  };
  Object.defineProperty(this, "value", {
    get: () => valueOf(group.find((radio) => radio.checked)),
    set: (value) => group.forEach((radio) => { radio.checked = radio.value === value; }),
  });
}

function choice(label, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "small";
  button.textContent = label;
  button.addEventListener("click", act);
  return button;
}

/* 1,234 as the rest of the page has it. The browser's own toLocaleString loads its tables of
   all languages first: on a slow machine it stops the page for a tenth of a second. */
function inThousands(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
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
