// The page of a run: followed over the WebSocket while it is under way, with the matrix and the outcome of a mark.
import {make, on, fragment, replaceFragment, toast} from "./dom.js";
import {follow} from "./live.js";
import {navigator} from "./navigating.js";
import "./texts.js";

const go = navigator("run_matrix");
const split = document.querySelector("[data-split]"), panel = document.querySelector("[data-outcome-panel]");
const head = () => document.querySelector("[data-fragment=run_head]");
const number = new Intl.NumberFormat("en");
const money = value => value >= 1 ? `$${value.toFixed(2)}` : value >= 0.001 ? `$${value.toFixed(4)}` : value > 0 ? `$${value.toFixed(6)}` : "$0";

// Live
let timer = null, lastCells = 0, lastState = head().dataset.runState;
if (head().hasAttribute("data-live-run")) {
  const stream = follow(`/api/v1/runs/${head().dataset.run}/events?detail=counters`, message => {
    const {type, data} = message;
    if (type === "hello" || type === "progress") progress(data);
    // What happened between the page and its stream has no event any more: hello and progress say the state, too.
    const state = type.startsWith("run.") ? data.state : data.run?.state;
    if (state && state !== lastState) {
      lastState = state;
      replaceFragment("run_head").then(() => replaceFragment("run_matrix")).catch(() => {});
      if (["finished", "failed", "cancelled"].includes(state)) finished(stream);
    }
  }, {resume: true});
}

function finished(stream) {
  stream.close();
  clearTimeout(timer);
  // Baseline, flaky cases and history are known only now.
  setTimeout(() => { if (!document.querySelector("dialog[open]") && !split.classList.contains("has-outcome")) location.reload(); }, 800);
}

function progress({done, total, estimated_seconds_left: left, run}) {
  const root = head(), set = (name, value, text = number.format(value)) => {
    const element = root.querySelector(`[data-metric="run.${name}"]`);
    if (element && value !== undefined && value !== null) { element.textContent = text; element.dataset.value = value; }
  };
  set("done", done);
  set("cells", total);
  if (run) {
    for (const name of ["passed", "failed", "errored", "input_tokens", "output_tokens"]) set(name, run[name]);
    set("cost_usd", run.cost_usd, money(run.cost_usd ?? 0));
    let x = 0;
    for (const name of ["passed", "failed", "errored"]) {
      const share = total ? (run[name] ?? 0) / total * 100 : 0, part = root.querySelector(`[data-share-of=${name}]`);
      part?.setAttribute("x", x);
      part?.setAttribute("width", share);
      x += share;
    }
  }
  const place = root.querySelector("[data-run-left]");
  const text = left < 60 ? `about ${Math.max(1, Math.round(left))} s left` : `about ${Math.round(left / 60)} min left`;
  place?.replaceChildren(...left === null || left === undefined ? [] : [make("span", {"data-metric": "run.seconds_left", "data-value": left}, text)]);
  if (done !== lastCells) { lastCells = done; timer ??= setTimeout(() => { timer = null; if (!document.hidden) replaceFragment("run_matrix").then(mark).catch(() => {}); }, 3000); }
}

// The outcome of a mark
async function show(url) {
  history.replaceState(null, "", url);
  try {
    const body = await fragment(url, "outcome");
    panel.replaceChildren(document.adoptNode(body.querySelector("[data-fragment=outcome]")));
    panel.scrollTop = 0;
    document.dispatchEvent(new CustomEvent("fragment", {detail: panel}));
    split.classList.add("has-outcome");
    mark();
  } catch (error) { toast(error.message, "bad"); }
}

function mark() {
  const shown = new URL(location.href).searchParams.get("outcome");
  for (const each of document.querySelectorAll(".matrix [data-outcome]")) {
    if (each.dataset.outcome === shown) each.setAttribute("aria-current", "true"); else each.removeAttribute("aria-current");
  }
}

on("click", "[data-outcome]", (event, link) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const url = new URL(location.href);
  url.searchParams.set("outcome", link.dataset.outcome);
  show(url);
});
on("click", "[data-close-outcome]", event => {
  event.preventDefault();
  const url = new URL(location.href);
  url.searchParams.delete("outcome");
  history.replaceState(null, "", url);
  split.classList.remove("has-outcome");
  mark();
});
document.addEventListener("keydown", event => {
  const marks = [...document.querySelectorAll(".matrix [data-outcome]")], at = marks.indexOf(document.activeElement);
  if (at < 0) return;
  const by = {ArrowRight: 1, ArrowLeft: -1}[event.key];
  if (by) { event.preventDefault(); marks[at + by]?.focus(); }
});
mark();
export {go};
