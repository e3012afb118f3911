// JSON as a tree that folds. Members of large lists and objects come in hundreds, what is folded is made when it is opened.
import {make} from "./dom.js";

const page = 100;

/** The outermost list or object has no fold of its own. */
export function jsonView(value) {
  const entries = Array.isArray(value) ? value.map((each, index) => [index, each]) : value && typeof value === "object" ? Object.entries(value) : [];
  if (!entries.length) return node(value, null, 0);
  const body = make("div");
  more(body, entries, 0, Array.isArray(value), 0);
  return body;
}

function node(value, key, depth) {
  if (value === null || typeof value !== "object") return make("div", {class: "line"}, ...label(key), scalar(value));
  const entries = Array.isArray(value) ? value.map((each, index) => [index, each]) : Object.entries(value);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (!entries.length) return make("div", {class: "line"}, ...label(key), open + close);
  const body = make("div"), details = make("details", {}, make("summary", {}, ...label(key), make("span", {class: "folded faint"}, `${open} ${entries.length} ${close}`)), body);
  let isMade = false;
  const fill = () => { if (!isMade) { isMade = true; more(body, entries, 0, Array.isArray(value), depth); } };
  details.addEventListener("toggle", () => { if (details.open) fill(); });
  if (depth < 2 && entries.length <= 40) { fill(); details.open = true; }
  return details;
}

function more(body, entries, from, isList, depth) {
  for (const [key, value] of entries.slice(from, from + page)) body.append(node(value, isList ? null : key, depth + 1));
  if (from + page >= entries.length) return;
  const button = make("button", {type: "button", class: "link-button"}, `${entries.length - from - page} more`);
  button.addEventListener("click", () => { button.remove(); more(body, entries, from + page, isList, depth); });
  body.append(button);
}

const label = key => key === null ? [] : [make("bdi", {class: "k"}, key), ": "];

function scalar(value) {
  const kind = typeof value === "string" ? "s" : typeof value === "number" ? "n" : "w";
  if (typeof value !== "string" || value.length <= 2000) return make("bdi", {class: kind}, typeof value === "string" ? value : String(value));
  const text = make("bdi", {class: "s"}, value.slice(0, 1000)), button = make("button", {type: "button", class: "link-button"}, `… ${value.length - 1000} more characters`);
  button.addEventListener("click", () => { text.textContent = value.slice(0, 200_000); button.remove(); });
  return make("span", {}, text, button);
}
