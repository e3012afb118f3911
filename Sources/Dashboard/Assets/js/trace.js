// The page of a trace: waterfall, panel of the span, errors, search inside, zoom.
import {on, fragment, replaceFragment, isTyping, toast} from "./dom.js";
import {Waterfall} from "./waterfall.js";
import {pressed} from "./waterfall-keys.js";
import {follow} from "./live.js";
import {searching} from "./trace-search.js";
import {zooming} from "./trace-zoom.js";
import "./texts.js";

const split = document.querySelector("[data-split]"), panel = document.querySelector("[data-span-panel]");
const tree = document.querySelector("[data-waterfall]");
let running;

async function show(row, isWanted) {
  const {span} = row.dataset, url = new URL(location.href);
  if (url.searchParams.get("span") !== span) {
    url.searchParams.set("span", span);
    history.replaceState(null, "", url);
  }
  running?.abort();
  const mine = running = new AbortController();
  // Arrow keys that are held run over many spans: only where they rest is asked for.
  await new Promise(resolve => setTimeout(resolve, 70));
  if (mine.signal.aborted) return;
  try {
    const content = (await fragment(url, "span", mine.signal)).querySelector("[data-fragment=span]");
    panel.replaceChildren(document.adoptNode(content));
    panel.scrollTop = 0;
    document.dispatchEvent(new CustomEvent("fragment", {detail: panel}));
    split.classList.add("has-span");
    if (isWanted) (panel.querySelector("[role=tab][aria-selected=true]") ?? panel.querySelector("a, button"))?.focus();
  } catch (error) {
    if (error.name !== "AbortError") toast(error.message, "bad");
  }
}

const waterfall = new Waterfall(tree, show);
searching(waterfall);
zooming(waterfall);

on("click", "[data-close-span]", event => {
  event.preventDefault();
  close();
});
function close() {
  running?.abort();
  split.classList.remove("has-span");
  const url = new URL(location.href);
  url.searchParams.delete("span");
  history.replaceState(null, "", url);
  waterfall.selectedSpan = "";
  waterfall.mark();
  tree.focus({preventScroll: true});
}

// Links to spans of this trace: errors, and the span of a tool call.
on("click", ".wf-errors a[data-span]", (event, link) => {
  event.preventDefault();
  link.closest("details").open = false;
  waterfall.select(Number(link.dataset.index), link.dataset.span);
});
// The row of a tool's call may lie in a window that is not here: the page is loaded around it.
on("click", ".span-content a[data-span]", (event, link) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const row = tree.querySelector(`[data-span="${CSS.escape(link.dataset.span)}"]`);
  if (!row) return;
  event.preventDefault();
  waterfall.select(Number(row.dataset.index), link.dataset.span);
});
on("click", "[data-fold-all]", (event, button) => {
  waterfall.foldAll();
  button.textContent = waterfall.windows.collapsed.size ? "Unfold all" : "Fold all";
});
on("click", "[data-back]", (event, link) => {
  if (!document.referrer.startsWith(link.href) || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  history.back();
});

// A trace that still receives spans grows on the page, once a second at most.
if (document.querySelector("[data-growing]")) {
  const {trace} = document.querySelector("[data-trace]").dataset;
  let timer = null, reached = 0;
  // How far what is shown reaches: whatever the stream tells beyond it came since.
  const shown = () => Number(document.querySelector("[data-trace]").dataset.arrivalPosition);
  const take = async () => {
    if (document.hidden || reached <= shown()) { timer = null; return; }
    // The head first: rows are then never older than what it says is shown.
    const head = await replaceFragment("trace_head").catch(() => null);
    if (head) await waterfall.again();
    timer = reached > shown() ? setTimeout(take, 1000) : null;
  };
  follow(`/api/v1/events?topic=traces&filter=${encodeURIComponent(JSON.stringify({trace_id: trace}))}`, ({data}) => {
    reached = data?.arrival_position ?? reached;
    if (reached > shown()) timer ??= setTimeout(take, 1000);
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) timer ??= setTimeout(take, 0); });
}

const errors = [...document.querySelectorAll(".wf-errors a[data-span]")].map(link => ({index: Number(link.dataset.index), span: link.dataset.span}));
document.addEventListener("keydown", event => {
  if (event.key === "Escape" && !event.defaultPrevented && split.classList.contains("has-span") && !document.querySelector("dialog[open], details.menu[open]") && !isTyping(event)) return close();
  if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "e" || event.key === "E") {
    const sorted = errors.toSorted((a, b) => a.index - b.index), at = waterfall.selected;
    const next = event.key === "e" ? sorted.find(error => error.index > at) ?? sorted[0] : sorted.findLast(error => error.index < at) ?? sorted.at(-1);
    if (next) waterfall.select(next.index, next.span);
  } else if (["ArrowDown", "ArrowUp", "j", "k"].includes(event.key) && (document.activeElement === document.body || document.activeElement?.id === "main")) {
    tree.focus({preventScroll: true});
    pressed(waterfall, event);
  }
}, {capture: true});
