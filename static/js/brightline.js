// Small comforts. Every page works without them.
"use strict";

// An error summary takes focus; its links lead to the first control of a group.
function focusErrors(root) {
  root.querySelector("[data-error-summary]")?.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-error-summary] a[href^='#']");
  const target = link && document.getElementById(link.hash.slice(1));
  if (!target) return;
  const control = target.matches("input, select, textarea") ? target : target.querySelector("input, select, textarea");
  if (!control) return;
  event.preventDefault();
  control.closest(".field")?.scrollIntoView({ block: "nearest" });
  control.focus();
});

// A changed form marked data-keep asks before it is left.
const changed = new Set();
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.matches("[data-keep]")) changed.add(form);
});
document.addEventListener("submit", (event) => changed.delete(event.target));
window.addEventListener("beforeunload", (event) => {
  if ([...changed].some((form) => form.isConnected)) event.preventDefault();
});

// A form that saves itself while it is typed in is sent once that saving is answered: it carries what the answer brings.
const waiting = new Set();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[hx-sync].htmx-request")) return;
  event.preventDefault();
  if (waiting.has(form)) return;
  waiting.add(form);
  form.addEventListener("htmx:afterRequest", () => setTimeout(() => {
    waiting.delete(form);
    form.requestSubmit(event.submitter);
  }), { once: true });
});

// A data-dialog link shows the main part of its page in the page's dialog.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-dialog]");
  const dialog = document.getElementById("dialog");
  if (!link || !dialog?.showModal || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  try {
    const response = await fetch(link.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const main = page.querySelector("main");
    if (!response.ok || response.redirected || !main) throw new Error("not a page to show");
    main.querySelectorAll("form:not([action])").forEach((form) => form.setAttribute("action", link.href));
    main.querySelectorAll("dialog, .breadcrumbs, .back-link, #messages").forEach((part) => part.remove());
    dialog.querySelector(".dialog-body").replaceChildren(...main.childNodes);
    dialog.setAttribute("aria-label", dialog.querySelector("h1")?.textContent ?? link.textContent);
    dialog.showModal();
    window.htmx?.process(dialog);
  } catch {
    window.location.assign(link.href);
  }
});

// A data-copy button copies the text of the element it names, and says so.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  const source = button && document.getElementById(button.dataset.copy);
  if (!source) return;
  await navigator.clipboard.writeText(source.textContent.trim());
  button.textContent = "Copied";
});

// A data-print button prints the page.
document.addEventListener("click", (event) => {
  if (event.target.closest("button[data-print]")) window.print();
});

document.addEventListener("DOMContentLoaded", () => {
  // Copying and printing need this script, so their buttons appear with it.
  document.querySelectorAll("button:is([data-copy], [data-print])").forEach((button) => { button.hidden = false; });
  focusErrors(document);
});

// Where a part is exchanged and the focused element is gone, the heading of what has changed takes the focus.
const sections = () => new Map([...document.querySelectorAll("main :is(article, section)[aria-labelledby]")].map((part) => [part.getAttribute("aria-labelledby"), part.textContent]));
const title = () => document.querySelector("main h1");
let before = { title: "", sections: new Map() };
document.addEventListener("htmx:beforeSwap", () => { before = { title: title()?.textContent, sections: sections() }; });
document.addEventListener("htmx:afterSettle", (event) => {
  focusErrors(event.target);
  if (document.activeElement !== document.body) return;
  const changed = [...sections()].find(([id, text]) => before.sections.get(id) !== text);
  const heading = changed && title()?.textContent === before.title ? document.getElementById(changed[0]) : title();
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus();
});

// A status that says the same again is left alone, or a screen reader would repeat it.
document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  if (detail.target.matches("[role=status]") && detail.target.textContent === detail.fragment.textContent) detail.shouldSwap = false;
});

// The rows of a [data-order] table can be dragged to another place; the buttons beside each do the same by steps.
function dragRows(table) {
  let dragged = null;
  table.querySelectorAll("tbody tr[data-place]").forEach((row) => { row.draggable = true; });
  table.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("tr[data-place]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.id);
    dragged.classList.add("dragged");
  });
  table.addEventListener("dragend", () => {
    dragged?.classList.remove("dragged");
    table.querySelectorAll(".drop").forEach((row) => row.classList.remove("drop"));
    dragged = null;
  });
  table.addEventListener("dragover", (event) => {
    const over = event.target.closest("tr[data-place]");
    if (!dragged || !over) return;
    event.preventDefault();
    table.querySelectorAll(".drop").forEach((row) => row.classList.remove("drop"));
    if (over !== dragged) over.classList.add("drop");
  });
  table.addEventListener("drop", (event) => {
    const over = event.target.closest("tr[data-place]");
    const form = dragged?.querySelector("form.steps");
    if (!form || !over || over === dragged) return;
    event.preventDefault();
    const to = Object.assign(document.createElement("input"), { type: "hidden", name: "to", value: over.dataset.place });
    form.append(to);
    form.submit();
  });
}

document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("table[data-order]").forEach(dragRows));
