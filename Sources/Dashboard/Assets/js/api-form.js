// Forms with data-api="METHOD /path" are sent to the API as JSON. Problems stand at their fields, the rest in the form's alert.
import {api, toast, replaceFragment, make, on} from "./dom.js";
import {confirmed} from "./dialogs.js";
import {formValues} from "./form-values.js";
import {showConflicts} from "./conflicts.js";

/** `/projects/{id}` with what the answer or the form says in place of the names. */
const filled = (template, values) => template.replace(/\{([a-z_.]+)\}/g, (all, path) => {
  const value = path.split(".").reduce((at, key) => at?.[key], values);
  return value === undefined ? all : encodeURIComponent(value);
});

document.addEventListener("submit", event => {
  const form = event.target;
  if (!form.dataset.api) return;
  event.preventDefault();
  send(form, event.submitter);
});
on("change", "form[data-on-change] select", (event, field) => send(field.form, null));

export async function send(form, submitter) {
  if (form.ariaBusy === "true") return;
  clear(form);
  const {confirm, confirmButton} = form.dataset;
  if (confirm && !await confirmed(confirm, confirmButton)) return;
  const button = submitter || form.querySelector("[type=submit]");
  form.ariaBusy = "true";
  button?.setAttribute("aria-busy", "true");
  try {
    const [values, answer] = await request(form, submitter);
    await afterwards(form, values, answer);
  } catch (error) {
    if (!showConflicts(form, error)) showProblem(form, error);
  } finally {
    form.ariaBusy = "false";
    button?.removeAttribute("aria-busy");
  }
}

async function request(form, submitter) {
  const values = form.requestValues?.() ?? formValues(form, submitter);
  const [method, template] = form.dataset.api.split(" ");
  const path = filled(template, values.path) + (Object.keys(values.query).length ? `?${new URLSearchParams(values.query)}` : "");
  const headers = {};
  if (form.dataset.ifMatch) headers["If-Match"] = form.dataset.ifMatch;
  if (form.dataset.ifNoneMatch) headers["If-None-Match"] = form.dataset.ifNoneMatch;
  let body = method === "DELETE" ? undefined : values.body;
  if (form.dataset.body) {
    body = values.text ?? values.file;
    headers["Content-Type"] = values.contentType || form.dataset.contentType || (/\.json$/i.test(values.file?.name ?? "") ? "application/json" : "application/yaml");
  }
  return [values, await api(method, path, body, headers)];
}

async function afterwards(form, values, answer) {
  const [what, ...rest] = (form.dataset.then || "reload").split(":"), target = rest.join(":");
  if (form.dataset.reset !== undefined) form.reset();
  // What was saved has a new version: the form may be saved again without loading the page anew.
  if (form.dataset.versioned !== undefined && answer?.version !== undefined) form.dataset.ifMatch = `"${answer.version}"`;
  switch (what) {
    case "reload": location.reload(); break;
    case "go": location.href = filled(target, {...values.path, ...answer}); break;
    case "fragment": toast("Done."); await replaceFragment(target); break;
    case "toast": toast(target); form.closest("details.make-case")?.removeAttribute("open"); break;
    case "show": show(target, answer); break;
    case "report":
      report(target, answer);
      // What is listed has changed with it.
      if (form.dataset.refresh) await replaceFragment(form.dataset.refresh);
      break;
    case "task": await follow(form, answer, target); break;
  }
}

/** Shows an element that was hidden, and puts what the answer says wherever data-shows asks for it: secrets stand nowhere else. */
function show(id, answer) {
  const panel = document.getElementById(id);
  for (const slot of document.querySelectorAll("[data-shows]")) if (answer[slot.dataset.shows]) slot.textContent = answer[slot.dataset.shows];
  for (const dialog of document.querySelectorAll("dialog[open]")) if (!dialog.contains(panel)) dialog.close();
  for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
  panel.hidden = false;
  panel.scrollIntoView({block: "nearest"});
  panel.querySelector("button")?.focus({preventScroll: true});
}

function report(id, answer) {
  const {problems = [], ...counts} = answer;
  const told = Object.entries(counts).filter(([, value]) => value !== null);
  const lines = told.map(([key, value]) => `${key.replaceAll("_", " ")}: ${value}`);
  lines.push(...problems.map(({line, column, path, message}) => `line ${line}, column ${column}, ${path}: ${message}`));
  document.querySelector(`#${id} [data-report]`).textContent = lines.join("\n");
  document.getElementById(id).hidden = false;
}

/** Waits for the task an answer names, then goes on. */
async function follow(form, task, then) {
  const note = make("p", {class: "small muted", role: "status"}, "At work…");
  form.append(note);
  while (task.id && ["queued", "running"].includes(task.state)) {
    await new Promise(resolve => setTimeout(resolve, 700));
    task = await api("GET", `/api/v1/tasks/${task.id}`);
    const {done, total} = task.progress ?? {};
    if (total) note.textContent = `${done} of ${total}`;
  }
  note.remove();
  if (task.state === "failed") throw new Error(task.error?.detail || task.error?.message || String(task.error ?? "It failed."));
  if (then === "reload") location.reload();
}

function clear(form) {
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  for (const problem of form.querySelectorAll("[data-problem-of], [data-form-problem]")) problem.textContent = "";
}

export function showProblem(form, error) {
  const errors = error.problem?.errors ?? (error.field ? [error] : []), left = [];
  for (const {field, message} of errors) {
    const place = [...form.querySelectorAll("[data-problem-of]")].find(each => field === each.dataset.problemOf || field?.startsWith(`${each.dataset.problemOf}.`) || field?.startsWith(`${each.dataset.problemOf}[`));
    if (!place) { left.push(field ? `${field}: ${message}` : message); continue; }
    place.textContent = message;
    const input = place.parentElement.querySelector("input, select, textarea");
    input?.setAttribute("aria-invalid", "true");
  }
  const text = left.length ? left.join("; ") : errors.length ? "" : error.message || String(error);
  const alert = form.querySelector("[data-form-problem]");
  if (text && alert) alert.textContent = text; else if (text) toast(text, "bad");
  form.querySelector("[aria-invalid]")?.focus();
}

// A chosen file fills the text field beside it.
on("change", "[data-fills]", async (event, field) => {
  const file = field.files[0];
  if (!file) return;
  if (file.size > 8 << 20) return toast("This file is longer than 8 MiB: send it with curl, or in parts.", "bad");
  document.getElementById(field.dataset.fills).value = await file.text();
  const format = field.form.querySelector("[data-in=content-type]"), kind = {jsonl: "application/jsonl", csv: "text/csv"}[file.name.split(".").pop()] ?? "application/yaml";
  if (format) format.value = kind;
});
