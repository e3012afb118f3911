// The list of traces: live arrivals, pause, brush, columns. What list.js does for every list comes with it.
import {isTyping, on, replaceFragment, toast} from "./dom.js";
import {go, bar, setRange} from "./list.js";
import {brushing} from "./brush.js";
import {follow} from "./live.js";

brushing((from, to) => setRange(from, to));

// Live: while the newest page is shown, arrivals are counted and offered; on the first page, unpaused and unread, taken at once.
const toggle = document.querySelector("[data-live-toggle]");
let isPaused = false, stream = null, base = null, waiting = 0, seen = null, timer = null;

const results = () => document.querySelector("[data-fragment=traces_results]");
const isNewestPage = () => {
  const {searchParams} = new URL(location.href);
  return !searchParams.has("cursor") && !searchParams.has("to") && ["", "-start_time", null].includes(searchParams.get("sort"));
};

function listen() {
  stream?.close();
  stream = null;
  base = null;
  waiting = 0;
  paint();
  toggle.hidden = !isNewestPage();
  if (!isNewestPage() || isPaused) return;
  const filter = results().dataset.liveFilter;
  stream = follow(`/api/v1/events?topic=traces${filter ? `&filter=${encodeURIComponent(filter)}` : ""}`, message => {
    const {trace_count: count, span_count: spans} = message.data ?? {};
    if (message.type === "hello" || base === null || count < base) { base = count ?? 0; seen = spans; return; }
    waiting = count - base;
    if (waiting > 0) arrived(); else if (spans !== seen) grown();
    seen = spans;
    paint();
  }, {onState: state => toggle.classList.toggle("is-offline", state === "closed")});
}

/** At the top of the page new rows come by themselves, once a second at most; further down they are only counted. */
function arrived() {
  if (scrollY < 80 && !document.hidden && !document.querySelector("details.menu[open], dialog[open]")) grown();
}
function grown() {
  timer ??= setTimeout(async () => { timer = null; if (!isPaused && scrollY < 80 && !document.hidden) await take(); }, 1000);
}

async function take() {
  const before = new Set([...document.querySelectorAll("tr[data-id]")].map(row => row.dataset.id));
  const focused = document.activeElement?.closest?.("tr[data-id]")?.dataset.id;
  base = base === null ? null : base + waiting;
  waiting = 0;
  try { await replaceFragment("traces_results"); } catch { return; }
  for (const row of document.querySelectorAll("tr[data-id]")) {
    if (!before.has(row.dataset.id)) row.classList.add("is-new");
    if (row.dataset.id === focused) row.querySelector(".row-link").focus({preventScroll: true});
  }
  paint();
}

function paint() {
  const button = document.querySelector("[data-new-rows]");
  if (!button) return;
  button.hidden = waiting === 0;
  button.querySelector("[data-new-count]").textContent = new Intl.NumberFormat("en").format(waiting);
}

function pause() {
  isPaused = !isPaused;
  toggle.setAttribute("aria-pressed", String(!isPaused));
  toggle.querySelector("[data-live-text]").textContent = isPaused ? "Paused" : "Live";
  if (isPaused) { stream?.close(); stream = null; } else { listen(); take(); }
}

toggle.addEventListener("click", pause);
on("click", "[data-new-rows]", () => { scrollTo({top: 0}); take(); });
document.addEventListener("keydown", event => { if (event.key === "p" && !isTyping(event) && !event.metaKey && !event.ctrlKey && !toggle.hidden) pause(); });
document.addEventListener("navigated", ({detail: {fresh}}) => {
  for (const kind of ["csv", "json"]) {
    const link = document.querySelector(`[data-export=${kind}]`), url = fresh?.dataset[`export${kind === "csv" ? "Csv" : "Json"}`];
    if (link && url) link.href = url;
  }
  listen();
});
document.addEventListener("visibilitychange", () => { if (!document.hidden && waiting > 0 && !isPaused && scrollY < 80) take(); });
toggle.setAttribute("aria-pressed", "true");
listen();

// Columns: the choice is in the URL.
on("change", "[data-columns] input", (event, field) => {
  const names = [...field.form.querySelectorAll("input:checked")].map(input => input.value);
  if (!names.length) { field.checked = true; return toast("One column has to stay."); }
  bar.form.elements.columns.value = names.join(",");
  const url = bar.url();
  if (url) go(url);
});
on("submit", "[data-columns]", (event) => { event.preventDefault(); event.target.closest("details").open = false; });
