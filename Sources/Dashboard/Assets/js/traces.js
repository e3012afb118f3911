// The list of traces: live arrivals, pause, brush, columns. What list.js does for every list comes with it.
import {isTyping, on, replaceFragment, toast} from "./dom.js";
import {go, bar, setRange} from "./list.js";
import {brushing} from "./brush.js";
import {countAgain, keepingHistogram} from "./histogram.js";
import {follow} from "./live.js";

brushing((from, to) => setRange(from, to));

// Live: while the newest page is shown, arrivals are counted and offered; on the first page, unpaused and unread, taken at once.
const toggle = document.querySelector("[data-live-toggle]");
let isPaused = false, isTaking = false, isNavigating = false, stream = null, base = 0, waiting = 0, reached = 0, mayLack = false, timer = null;

const results = () => document.querySelector("[data-fragment=traces_results]");
// How far the rows reach in the order of arrival: whatever the stream tells beyond it came since.
const shown = () => Number(results().dataset.arrivalPosition);
const isNewestPage = () => {
  const {searchParams} = new URL(location.href);
  return !searchParams.has("cursor") && !searchParams.has("to") && ["", "-start_time", null].includes(searchParams.get("sort"));
};

function listen() {
  stream?.close();
  stream = null;
  waiting = 0;
  paint();
  toggle.hidden = !isNewestPage();
  if (!isNewestPage() || isPaused) return;
  const query = results().dataset.liveQuery;
  stream = follow(`/api/v1/events?topic=traces${query ? "&" + query : ""}`, message => {
    const {trace_count: count, arrival_position: position} = message.data ?? {};
    reached = position ?? reached;
    // A stream counts from its greeting on; rows that came before it are nobody's count, and yet beyond what is shown.
    if (message.type === "hello" || reached <= shown()) base = count ?? 0;
    waiting = Math.max(0, count - base);
    mayLack = reached > shown() && (mayLack || waiting === 0);
    if (reached > shown()) arrived();
    paint();
  }, {onState: state => toggle.classList.toggle("is-offline", state === "closed")});
}

/** At the top of the page new rows come by themselves, once a second at most; further down they are only counted. */
const isWatching = () => scrollY < 80 && !document.hidden && !document.querySelector("details.menu[open], dialog[open], .is-brushing");
function arrived() {
  if (isWatching()) timer ??= setTimeout(() => { timer = null; if (!isPaused && reached > shown() && isWatching()) take(); }, 1000);
}

async function take() {
  if (isTaking || isNavigating) return;
  isTaking = true;
  const before = new Set([...document.querySelectorAll("tr[data-id]")].map(row => row.dataset.id));
  const focused = document.activeElement?.closest?.("tr[data-id]")?.dataset.id;
  const since = base, taken = waiting;
  try {
    await keepingHistogram(() => replaceFragment("traces_results"));
    if (isNavigating) return;
    // Unless another stream has begun to count meanwhile.
    if (base === since) base += taken;
    waiting = Math.max(0, waiting - taken);
    mayLack = false;
    countAgain();
    for (const row of document.querySelectorAll("tr[data-id]")) {
      if (!before.has(row.dataset.id)) row.classList.add("is-new");
      if (row.dataset.id === focused) row.querySelector(".row-link").focus({preventScroll: true});
    }
  } catch {
    // What waits goes on waiting, for the next try.
  } finally {
    isTaking = false;
  }
  paint();
  if (stream && reached > shown()) arrived();
}

function paint() {
  const button = document.querySelector("[data-new-rows]");
  if (!button) return;
  button.hidden = waiting === 0 && !(mayLack && !isWatching());
  button.textContent = waiting ? `${new Intl.NumberFormat("en").format(waiting)} new` : "Look for new ones";
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
// Other rows are on their way, and another stream with them.
document.addEventListener("navigating", () => {
  isNavigating = true;
  stream?.close();
  stream = null;
  clearTimeout(timer);
  timer = null;
});
document.addEventListener("navigation-failed", () => { isNavigating = false; listen(); });
document.addEventListener("navigated", ({detail: {fresh}}) => {
  isNavigating = false;
  for (const kind of ["csv", "json"]) {
    const link = document.querySelector(`[data-export=${kind}]`), url = fresh?.dataset[`export${kind === "csv" ? "Csv" : "Json"}`];
    if (link && url) link.href = url;
  }
  listen();
});
document.addEventListener("visibilitychange", () => { if (!document.hidden && !isPaused && stream && reached > shown() && scrollY < 80) take(); });
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
