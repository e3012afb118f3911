// The rules of redaction: the form's fields are one document, and what it makes of a span is shown while they are written.
import {api} from "./dom.js";

const form = document.querySelector("[data-redaction]"), trial = document.querySelector("[data-redaction-trial]");
const result = document.querySelector("[data-redaction-result]"), problem = document.querySelector("[data-redaction-problem]"), counts = document.querySelector("[data-redaction-counts]");
const original = JSON.parse(form.dataset.rules || "{}"), rest = JSON.parse(form.dataset.rest || "{}");
let timer, running = 0;

/** Replacements were given over the API perhaps: what the form does not show stays as it was. */
function rules() {
  const lines = name => form.elements[name].value.split("\n").map(line => line.trim()).filter(Boolean);
  const keys = lines("keys").map((line, index) => {
    const [, action, glob] = /^(drop|hash)\s+(.+)$/.exec(line) ?? [];
    if (!action) throw {field: "redaction.keys", message: `line ${index + 1}: begins with drop or hash`};
    return {glob, action};
  });
  const known = (original.patterns ?? []).filter(pattern => pattern.regex);
  const own = lines("patterns").map((line, index) => {
    const [, name, regex] = /^(\S+)\s+(.+)$/.exec(line) ?? [];
    if (!name) throw {field: "redaction.patterns", message: `line ${index + 1}: a name, a space, and the expression`};
    const before = known.find(pattern => pattern.name === name);
    return {...before, name, regex};
  });
  const chosen = [...form.querySelectorAll("[name=builtin]:checked")].map(({value}) => (original.patterns ?? []).find(pattern => pattern.builtin === value) ?? {builtin: value});
  return {...original, mode: form.elements.mode.value, keys, patterns: [...own, ...chosen]};
}

form.requestValues = () => ({path: {}, query: {}, body: {...rest, redaction: rules()}});

async function preview() {
  const mine = running += 1;
  try {
    const answer = await api("POST", "/api/v1/redaction/preview", {span: JSON.parse(trial.value), redaction: rules()});
    if (mine !== running) return;
    result.textContent = JSON.stringify(answer.span, null, 2);
    counts.textContent = Object.entries(answer.counts).filter(([, count]) => count).map(([kind, count]) => `${kind.replaceAll("_", " ")} ${count}`).join(", ") || "nothing was taken out";
    problem.textContent = "";
  } catch (error) {
    if (mine !== running) return;
    const {errors = []} = error.problem ?? {};
    problem.textContent = error instanceof SyntaxError ? `The span is no JSON: ${error.message}` : errors.map(each => `${each.field}: ${each.message}`).join("; ") || error.message;
  }
}
const later = () => { clearTimeout(timer); timer = setTimeout(preview, 300); };
form.addEventListener("input", later);
trial.addEventListener("input", later);
