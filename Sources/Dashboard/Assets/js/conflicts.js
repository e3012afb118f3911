// A rebase that was refused for conflicts: the reader chooses a side for each entry, and the next try brings the choices.
import {make} from "./dom.js";

export function showConflicts(form, error) {
  const conflicts = error.problem?.conflicts;
  const panel = document.getElementById(form.dataset.conflicts || "conflicts");
  if (!conflicts || !panel) return false;
  const list = panel.querySelector("[data-conflict-list]");
  list.replaceChildren(...conflicts.map(({key, paths}, index) => {
    const id = `conflict-${index}`;
    const choice = make("select", {class: "select fit", id, "data-key": key}, make("option", {value: "ours"}, "as in this draft"), make("option", {value: "theirs"}, "as it is active"));
    return make("div", {class: "field"}, make("label", {for: id}, make("bdi", {}, key), make("span", {class: "faint small"}, ` ${paths.filter(Boolean).join(", ")}`)), choice);
  }));
  const next = panel.querySelector("[data-conflict-form]");
  next.requestValues = () => ({
    path: {}, query: {},
    body: {onto: error.problem.onto, resolutions: Object.fromEntries([...list.querySelectorAll("select")].map(select => [select.dataset.key, select.value]))},
  });
  panel.hidden = false;
  panel.scrollIntoView({block: "nearest"});
  return true;
}
