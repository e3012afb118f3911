// The form that starts a run: targets are added and taken away, and what it will cost is asked while it is filled in.
import {on, api} from "./dom.js";
import {formValues} from "./form-values.js";

const form = document.querySelector("[data-run-form]"), list = form?.querySelector("[data-targets]");
let timer;

function renumber() {
  const targets = list.querySelectorAll("[data-target]");
  targets.forEach((target, index) => {
    for (const field of target.querySelectorAll("[name]")) {
      field.name = field.name.replace(/^targets\.\d+/, `targets.${index}`);
      const label = target.querySelector(`label[for="${field.id}"]`);
      field.id = field.id.replace(/\d+$/, index);
      if (label) label.htmlFor = field.id;
    }
    target.querySelector("[data-remove-target]").hidden = targets.length === 1;
  });
}

function kinds(target) {
  const kind = target.querySelector("[data-target-kind]").value;
  for (const part of target.querySelectorAll("[data-for]")) {
    part.hidden = part.dataset.for !== kind;
    for (const field of part.querySelectorAll("[name]")) field.disabled = part.hidden;
  }
}

/** Each target is called what the command line calls it, so that a run meets its baseline whoever started it; equal ones are told apart. */
function values() {
  const values = formValues(form, null), seen = new Map();
  for (const target of values.body.targets) {
    const name = target.kind === "http" ? target.url : `${target.provider}/${target.model}`, count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    target.name = count === 1 ? name : `${name} (${count})`;
  }
  return values;
}

async function estimate() {
  const place = name => form.querySelector(`[data-estimate-of=${name}]`);
  try {
    if (!form.matches(":valid")) throw new Error("something is still to be filled in");
    const {cells, cost_usd: cost} = await api("POST", form.dataset.estimate, values().body);
    place("cells").textContent = new Intl.NumberFormat("en").format(cells);
    place("cost").textContent = cost === null || cost === undefined ? "no price is known" : cost < 0.01 ? "less than $0.01" : `about $${cost.toFixed(2)}`;
  } catch {
    for (const name of ["cells", "cost"]) place(name).textContent = "–";
  }
}
const later = () => { clearTimeout(timer); timer = setTimeout(estimate, 400); };

if (form) {
  form.requestValues = values;
  on("click", "[data-add-target]", () => {
    const last = list.querySelector("[data-target]:last-of-type"), copy = last.cloneNode(true);
    for (const field of copy.querySelectorAll("input, textarea")) field.value = "";
    list.append(copy);
    renumber();
    kinds(copy);
    copy.querySelector("select").focus();
    later();
  });
  on("click", "[data-remove-target]", (event, button) => { button.closest("[data-target]").remove(); renumber(); later(); });
  on("change", "[data-target-kind]", (event, field) => kinds(field.closest("[data-target]")));
  form.addEventListener("input", later);
  estimate();
}
