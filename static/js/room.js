// The room, live: the page asks each moment whether it moved, and exchanges only the parts that did.
// What is being typed, what is unfolded and where the focus stands outlive the exchange.
"use strict";

(() => {
  const EVERY = 1500;
  const PATIENCE = 10000;
  const room = () => document.getElementById("room");
  const bar = ["session-state", "session-quorum", "session-item", "session-timer", "session-clock"];
  const controls = "input:not([type=hidden]):not([type=submit]), select, textarea:not([readonly])";

  // ----- Comparing: what a person does to a part (unfold, type, focus) is no difference.
  function essence(node) {
    const copy = node.cloneNode(true);
    copy.querySelectorAll("[data-held], [data-made]").forEach((note) => note.remove());
    for (const one of [copy, ...copy.querySelectorAll("*")]) {
      for (const name of ["open", "tabindex", "class"]) {
        if (name !== "class") one.removeAttribute(name);
        else one.setAttribute(name, (one.getAttribute(name) ?? "").replace(/\s*\bhtmx-\S+/g, "").trim());
      }
      if (one.name === "csrfmiddlewaretoken") one.setAttribute("value", "");
      if (one.matches("[data-since], [data-clock]")) one.textContent = "";
      if (one.matches("[data-draft]")) { one.textContent = ""; delete one.dataset.revision; }
      if (one.matches("[data-seen]")) one.setAttribute("value", "");
    }
    return copy.outerHTML.replace(/\s+/g, " ");
  }

  // ----- What was typed
  const options = (control) => [...control.options].some((option) => option.selected !== option.defaultSelected) && control.selectedIndex > 0;
  function touched(control) {
    if (control.matches("select")) return options(control);
    if (control.matches("[type=radio], [type=checkbox]")) return control.checked !== control.defaultChecked;
    return control.value !== control.defaultValue;
  }
  const typed = (form) => [...form.querySelectorAll(controls)].filter(touched);
  const identity = (form) => `${form.getAttribute("action")} ${form.querySelector("[name=motion][type=hidden]")?.value ?? ""}`;
  const formsOf = (part) => [...(part.matches("form") ? [part] : []), ...part.querySelectorAll("form")];
  const twin = (form, part) => formsOf(part).find((other) => identity(other) === identity(form));
  const busy = (part, sent) => formsOf(part).some((form) => form !== sent && (typed(form).length || form.querySelector("[data-error-summary]")));

  const called = (details) => details.dataset.means ?? details.querySelector("summary")?.textContent;

  // Take over into `next` what a person has done in `old`; false where `next` has no place for it.
  function carry(old, next, sent) {
    for (const form of formsOf(old)) {
      if (form === sent) continue;
      const values = typed(form);
      const other = twin(form, next);
      if (form.querySelector("[data-error-summary]") || (values.length && !other)) return false;
      for (const control of values) {
        const same = [...other.querySelectorAll(controls)].find((one) => one.name === control.name && (!control.matches("[type=radio]") || one.value === control.value));
        if (!same) return false;
        if (same.disabled) continue; // Voted by an own act meanwhile.
        if (control.matches("[type=radio], [type=checkbox]")) same.checked = control.checked;
        else same.value = control.value;
      }
    }
    const unfolded = [...old.querySelectorAll("details[open]"), ...(old.matches("details[open]") ? [old] : [])];
    for (const details of unfolded) {
      if (sent && details.contains(sent)) continue;
      const same = [...next.querySelectorAll("details"), ...(next.matches("details") ? [next] : [])].find((one) => called(one) === called(details));
      if (same) same.open = true;
    }
    return true;
  }

  // ----- Exchanging
  const fresh = [];
  function put(old, next, focus) {
    const held = focus && old.contains(document.activeElement) ? document.activeElement : null;
    const place = held && { id: held.id, name: held.name, value: held.value, form: held.form, at: held.matches("textarea, [type=text]") ? [held.selectionStart, held.selectionEnd] : null };
    old.replaceWith(next);
    fresh.push(next);
    if (!place) return;
    const inForm = place.form && place.name && [...(twin(place.form, next)?.elements ?? [])].find((one) => one.name === place.name && (one.type !== "radio" || one.value === place.value));
    const same = (place.id && document.getElementById(place.id)) || inForm || [...next.querySelectorAll(held.tagName)].find((one) => one.textContent === held.textContent);
    if (same) {
      same.focus({ preventScroll: true });
      if (place.at) same.setSelectionRange(...place.at);
    } else {
      const heading = next.querySelector("h1, h2, summary") ?? document.querySelector("#item h1");
      if (heading && !heading.matches("summary")) heading.tabIndex = -1;
      heading?.focus({ preventScroll: true });
    }
  }

  // A part in which somebody works and which has no place any more is held, and says so.
  function hold(old, next, word) {
    old.querySelector(":scope > [data-held]")?.remove();
    const note = document.getElementById("room-held").content.firstElementChild.cloneNode(true);
    note.querySelector("[data-word]").textContent = word;
    note.querySelector("button").addEventListener("click", () => {
      if (next) put(old, next, true); else old.remove();
      settle();
      window.htmx?.process(room());
      document.querySelector("#item h1")?.setAttribute("tabindex", "-1");
      document.querySelector("#item h1")?.focus();
    });
    old.prepend(note);
  }

  function exchange(old, next, own, sent) {
    const key = old.dataset.parts;
    if (key && key === next.dataset.parts) return children(old, next, own, sent);
    if (essence(old) === essence(next)) {
      old.querySelector(":scope > [data-held]")?.remove();
      return;
    }
    if (key && next.dataset.parts && !own && busy(old, sent)) {
      hold(old, next, `The meeting has gone on to “${next.querySelector("h1")?.textContent ?? "another item"}”.`);
    } else if (own && key ? true : carry(old, next, sent)) {
      put(old, next, !own);
    } else {
      hold(old, next, "This part has moved on since you began.");
    }
  }

  const nameOf = (node, nth) => node.dataset.part || node.dataset.parts?.split(" ")[0] || node.id || `${node.tagName} ${nth}`;
  function named(parent) {
    const seen = new Map();
    const counts = {};
    for (const node of parent.children) {
      if (node.matches("[data-held]")) continue;
      const kind = node.tagName;
      counts[kind] = (counts[kind] ?? 0) + 1;
      seen.set(nameOf(node, counts[kind]), node);
    }
    return seen;
  }

  function children(old, next, own, sent) {
    const before = named(old);
    const after = named(next);
    for (const [name, node] of before) {
      if (after.has(name)) continue;
      if (!own && busy(node, sent)) hold(node, null, "Somebody else has recorded this meanwhile.");
      else node.remove();
    }
    let last = old.querySelector(":scope > [data-held]");
    for (const [name, node] of after) {
      const there = before.get(name);
      if (there?.isConnected) {
        const position = there.previousElementSibling;
        exchange(there, node, own, sent);
        last = there.isConnected ? there : position ? position.nextElementSibling : old.firstElementChild;
      } else {
        if (last) last.after(node); else old.prepend(node);
        fresh.push(node);
        last = node;
      }
    }
  }

  function whole(next, own, sent) {
    const old = room();
    // A closed session empties the page as a whole, and its end fills it again: nothing that was on it is kept.
    if ("emptied" in next.dataset !== "emptied" in old.dataset) {
      flush();
      old.replaceChildren();
      window.location.reload();
      return [];
    }
    fresh.length = 0;
    children(old, next, own, sent);
    for (const { name, value } of next.attributes) if (!name.startsWith("hx-")) old.setAttribute(name, value);
    return fresh.filter((node) => node.isConnected);
  }

  // ----- Drafts: what is typed is saved every few seconds; what cannot be saved stays, and is sent when it can.
  const PAUSE = 1500;
  const drafts = new Map(); // by item and field: the revision and text last known of the server, and since when mine differs
  const keyOf = (area) => `${area.form?.querySelector("[name=item]")?.value} ${area.dataset.draft}`;
  function draftOf(area) {
    const key = keyOf(area);
    if (!drafts.has(key)) drafts.set(key, { revision: Number(area.dataset.revision), text: area.defaultValue, since: null, timer: 0, sending: null, lost: new Set(), other: null });
    return drafts.get(key);
  }
  const areaOf = (key) => [...document.querySelectorAll("#room [data-draft]")].find((area) => keyOf(area) === key);

  function tell(area, words, alarming) {
    let place = area.parentElement.querySelector(":scope > [data-made=saved]");
    if (!place) {
      place = Object.assign(document.createElement("p"), { className: "quiet" });
      place.dataset.made = "saved";
      place.setAttribute("role", "status");
      area.after(place);
    }
    if (place.textContent !== words) place.textContent = words;
    place.classList.toggle("problem", alarming);
  }

  function know(area, draft, revision, text) {
    Object.assign(draft, { revision, text });
    draft.lost.clear();
    if (area) area.dataset.revision = revision;
    const seen = area?.form?.querySelector("[data-seen]");
    if (seen && area.dataset.draft === "account.account") seen.value = revision;
  }

  function save(area) {
    const draft = draftOf(area);
    clearTimeout(draft.timer);
    if (draft.sending || draft.other || area.value === draft.text || !area.isConnected) return;
    draft.sending = send(area, draft, area.value).finally(() => { draft.sending = null; });
  }

  async function send(area, draft, text) {
    try {
      const answer = await fetch(room().dataset.drafts, {
        method: "POST",
        keepalive: true,
        headers: { "HX-Request": "true", "HX-Current-URL": window.location.href, "X-CSRFToken": area.form.elements.csrfmiddlewaretoken.value },
        body: new URLSearchParams({ item: area.form.querySelector("[name=item]").value, field: area.dataset.draft, text, revision: draft.revision }),
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.headers.has("HX-Redirect") || answer.redirected) throw new Error("signed out");
      const told = answer.ok && answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : null;
      if (told?.problem) {
        tell(area, told.problem, true);
      } else if (told && draft.lost.has(told.text)) {
        know(area, draft, told.revision, told.text); // Saved from here; only the answer was lost.
      } else if (told && "text" in told) {
        dispute(area, draft, told);
      } else if (told) {
        know(area, draft, told.revision, text);
        draft.since = area.value === text ? null : new Date();
        tell(area, `Draft saved ${told.at}`, false);
      } else {
        throw new Error(answer.status);
      }
    } catch {
      draft.lost.add(text);
      tell(area, `Not saved since ${clock(draft.since ?? new Date())}. It stays here and is saved when the connection is back.`, true);
    }
    if (draft.since && area.value !== text) draft.timer = setTimeout(save, PAUSE, area);
  }

  // Somebody else saved this field meanwhile: both texts, and nothing is overwritten until the person says so.
  function dispute(area, draft, told) {
    draft.other = told;
    const box = document.getElementById("room-conflict").content.firstElementChild.cloneNode(true);
    box.querySelector("[data-by]").textContent = told.by || "Somebody";
    box.querySelector("[data-at]").textContent = told.at;
    box.querySelector("[data-other]").textContent = told.text;
    const settled = (mine) => {
      draft.other = null;
      know(area, draft, told.revision, told.text);
      if (!mine) { area.value = told.text; draft.since = null; }
      box.remove();
      area.focus();
      save(area);
    };
    box.querySelector("[data-use]").addEventListener("click", () => settled(false));
    box.querySelector("[data-mine]").addEventListener("click", () => settled(true));
    area.closest(".field").before(box);
    tell(area, "Not saved: two texts.", true);
  }

  document.addEventListener("input", ({ target }) => {
    if (!target.matches?.("#room [data-draft]")) return;
    const draft = draftOf(target);
    draft.since ??= new Date();
    clearTimeout(draft.timer);
    draft.timer = setTimeout(save, PAUSE, target);
  });
  const unsaved = () => [...document.querySelectorAll("#room [data-draft]")].filter((area) => drafts.get(keyOf(area))?.since && area.value !== draftOf(area).text);
  const flush = () => unsaved().forEach(save);
  window.addEventListener("beforeunload", (event) => { if (unsaved().length) { flush(); event.preventDefault(); } });

  // What is recorded now is no draft any more.
  function recorded(form) {
    for (const area of form.querySelectorAll("[data-draft]")) {
      const draft = draftOf(area);
      clearTimeout(draft.timer);
      drafts.delete(keyOf(area));
    }
  }

  // The drafts that a newer page brings: taken over where nobody types here.
  function bring(next) {
    return [...next.querySelectorAll("[data-draft]")].map((area) => ({ key: keyOf(area), revision: Number(area.dataset.revision), text: area.defaultValue }));
  }
  function settleDrafts(brought) {
    for (const { key, revision, text } of brought) {
      const area = areaOf(key);
      if (!area) continue;
      const draft = draftOf(area);
      if (draft.sending || draft.other || revision === draft.revision || (draft.since && area.value !== draft.text)) continue;
      if (area.value === draft.text || area.value === area.defaultValue) {
        area.value = area.defaultValue = text;
        know(area, draft, revision, text);
      }
    }
  }

  // ----- Own posts: htmx sends, the parts are exchanged the same way.
  let sending = 0;
  let sent = null;
  const waiting = new Set();
  // A form with a draft under way is sent once that is answered: it carries the revision that the answer brings.
  document.addEventListener("htmx:confirm", (event) => {
    const form = event.detail.elt.closest("form");
    const underway = [...(form?.querySelectorAll("[data-draft]") ?? [])].map((area) => draftOf(area).sending).filter(Boolean);
    if (!underway.length) return;
    event.preventDefault();
    if (waiting.has(form)) return;
    waiting.add(form);
    sending += 1; // The form stays on the page meanwhile.
    turn += 1;
    Promise.all(underway).then(() => {
      sending -= 1;
      waiting.delete(form);
      event.detail.issueRequest();
    });
  });
  document.addEventListener("htmx:beforeRequest", (event) => { sending += 1; turn += 1; sent = event.detail.elt.closest("form"); if (sent) recorded(sent); flush(); });
  document.addEventListener("htmx:afterSettle", () => settle());
  document.addEventListener("htmx:afterRequest", () => { sending -= 1; });
  window.htmx.defineExtension("room", {
    isInlineSwap: (style) => style === "parts",
    handleSwap: (style, target, fragment) => {
      if (style !== "parts") return false;
      const next = fragment.querySelector("#room");
      if (!next) return [];
      const brought = bring(next);
      const parts = whole(next, true, sent);
      settleDrafts(brought);
      return parts;
    },
  });

  // ----- Asking whether the page moved
  let turn = 0;
  let shown = new Date();
  let timer = 0;
  const live = () => document.getElementById("session-live");
  const zone = () => room()?.dataset.zone;
  const clock = (at) => new Intl.DateTimeFormat("en-US", { hour: "numeric", minute: "2-digit", timeZone: zone() }).format(at).replace("AM", "a.m.").replace("PM", "p.m.");

  function say(words, alarming, link) {
    const place = live();
    if (!place || place.dataset.said === words) return;
    place.dataset.said = words;
    place.textContent = words;
    place.classList.toggle("alert", alarming);
    if (link) place.append(" ", Object.assign(document.createElement("a"), { href: link, textContent: "Sign in again", target: "_blank" }));
  }
  const lost = () => say(`Connection lost. Shown as of ${clock(shown)}`, true);

  function take(text) {
    const page = new DOMParser().parseFromString(text, "text/html");
    const next = page.getElementById("room");
    if (!next) throw new Error("no room");
    for (const id of bar) {
      const [old, now] = [document.getElementById(id), page.getElementById(id)];
      if (old && now && essence(old) !== essence(now)) old.replaceChildren(...now.childNodes);
    }
    // After a new sign-in the forms carry a new token.
    const token = page.body.getAttribute("hx-headers");
    const secret = next.querySelector("[name=csrfmiddlewaretoken]")?.value;
    const brought = bring(next);
    document.body.setAttribute("hx-headers", token);
    const parts = whole(next, false, null);
    if (secret) document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((one) => { one.value = secret; });
    parts.forEach((part) => window.htmx?.process(part));
    settleDrafts(brought);
    settle();
  }

  async function ask() {
    clearTimeout(timer);
    const address = room()?.dataset.live;
    if (!address) return say("", false);
    const mine = turn;
    try {
      if (document.hidden || sending || composing) return;
      const answer = await fetch(address, {
        headers: { "HX-Request": "true", "HX-Current-URL": window.location.href, "If-None-Match": `"${room().dataset.version}"` },
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (mine !== turn) return;
      const out = answer.headers.get("HX-Redirect") ?? (answer.redirected ? answer.url : "");
      if (out) {
        say(`You are signed out. Shown as of ${clock(shown)}`, true, "/account/login/");
      } else if (answer.status === 404) {
        room().replaceChildren();
        say("This meeting is not open to you any more.", true);
        delete room().dataset.live;
      } else if (answer.status === 304 || answer.ok) {
        if (answer.ok) {
          const text = await answer.text();
          if (mine !== turn || composing) return;
          take(text);
        }
        shown = new Date(answer.headers.get("Date") ?? Date.now());
        settle();
        say("Live", false);
        flush();
      } else {
        lost();
      }
    } catch {
      lost();
    } finally {
      timer = setTimeout(ask, EVERY);
    }
  }

  let composing = false;
  document.addEventListener("compositionstart", () => { composing = true; });
  document.addEventListener("compositionend", () => { composing = false; });
  document.addEventListener("htmx:sendError", lost);
  window.addEventListener("offline", lost);
  window.addEventListener("online", ask);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });

  // ----- Clocks that run by themselves
  function settle() {
    for (const time of document.querySelectorAll("[data-clock]")) {
      const words = clock(shown);
      if (time.textContent !== words) time.textContent = words;
    }
    for (const time of document.querySelectorAll("[data-since]")) {
      const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(time.dataset.since)) / 60000 + Number(time.dataset.before) / 60));
      const words = `${minutes} min`;
      if (time.textContent !== words) time.textContent = words;
      time.classList.toggle("over", Boolean(time.dataset.budget) && minutes > Number(time.dataset.budget));
    }
  }
  document.addEventListener("DOMContentLoaded", () => {
    settle();
    setInterval(settle, 10000);
    timer = setTimeout(ask, EVERY);
  });
})();
