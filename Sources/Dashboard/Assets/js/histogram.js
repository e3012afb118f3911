// The histogram of a list is counted once the rows are shown: it reads everything that the filter names, and they do not wait for it.
import {fragment, make, on} from "./dom.js";

const selector = "[data-fragment=traces_histogram]", frame = () => document.querySelector(selector);
let running = null, timer = null, isWanted = false, counted = 0, took = 0;

/** Counts anew for the page's address; nothing of what was counted before comes any more. */
export async function count() {
  stop();
  if (!frame()?.hasAttribute("data-pending")) return caption();
  const mine = running = new AbortController();
  let begun = performance.now();
  try {
    // The rows are drawn before anything else has work for the machine.
    await new Promise(drawn => requestAnimationFrame(() => setTimeout(drawn)));
    if (mine.signal.aborted) return;
    begun = performance.now();
    const fresh = (await fragment(location.href, "traces_histogram", mine.signal)).querySelector(selector);
    if (mine.signal.aborted || !fresh || !frame()) return;
    if (document.querySelector(".is-brushing")) { isWanted = true; return; }
    frame().replaceWith(document.adoptNode(fresh));
    document.dispatchEvent(new CustomEvent("fragment", {detail: fresh}));
    caption();
  } catch (error) {
    if (error.name !== "AbortError") failed(error.message);
  } finally {
    counted = performance.now();
    took = counted - begun;
    if (running === mine) {
      running = null;
      if (isWanted) countAgain();
    }
  }
}

/** Soon, for rows that changed under the same filter: what takes long to count is counted rarely. */
export function countAgain() {
  isWanted = running !== null;
  if (isWanted) return;
  timer ??= setTimeout(count, Math.max(0, counted + Math.max(1000, 10 * took) - performance.now()));
}

function stop() {
  running?.abort();
  running = null;
  clearTimeout(timer);
  timer = null;
  isWanted = false;
}

/** `change()` puts other rows in the place of these; what was counted for them stays until it is counted anew. */
export async function keepingHistogram(change) {
  const before = frame();
  await change();
  const after = frame();
  if (!before || !after || before === after || !before.querySelector("[data-brush]")) return;
  after.replaceChildren(...before.childNodes);
  after.removeAttribute("aria-busy");
  caption();
}

/** The list says how many there are in all once that is known. */
function caption() {
  const total = frame()?.querySelector('[data-metric="traces.count"]'), shown = document.querySelector("[data-shown]");
  const rows = document.querySelectorAll("tr[data-id]").length;
  if (!total || !shown || Number(total.dataset.value) < rows) return;
  const figure = (metric, value, text) => make("span", {"data-metric": metric, "data-value": value}, text);
  shown.replaceChildren(
    figure("list.shown", rows, String(rows)), " of ", figure("list.total", total.dataset.value, total.textContent), total.dataset.value === "1" ? " trace" : " traces");
}

function failed(text) {
  const state = frame()?.querySelector("[data-histogram-state]");
  frame()?.removeAttribute("aria-busy");
  state?.replaceChildren(`The traces could not be counted over time: ${text} `, make("button", {class: "button small plain", type: "button", "data-count-again": ""}, "Try again"));
}

on("click", "[data-count-again]", () => {
  frame().setAttribute("aria-busy", "true");
  frame().querySelector("[data-histogram-state]").textContent = "Counting traces over time …";
  count();
});
document.addEventListener("navigating", stop);
document.addEventListener("navigated", count);
document.addEventListener("navigation-failed", ({detail}) => { if (frame()?.getAttribute("aria-busy")) failed(detail.message); });
count();
