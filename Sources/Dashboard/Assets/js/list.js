// Lists of anything: filter bar where there is one, paging and sorting without loading the page anew.
import {FilterBar} from "./filter-bar.js";
import {navigator} from "./navigating.js";
import {on} from "./dom.js";

const results = document.querySelector("[data-fragment]");
export const go = results && navigator(results.dataset.fragment);
const form = document.querySelector(".filter-bar");
export const bar = form && new FilterBar(form, url => go(url));

// The range of time: its links keep the filter, its button says what is shown.
on("click", ".time-range .menu-list a", (event, link) => {
  if (!bar || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const wanted = new URL(link.href).searchParams;
  setRange(wanted.get("from") ?? "", wanted.get("to") ?? "");
});

export function setRange(from, to) {
  form.elements.from.value = from;
  form.elements.to.value = to;
  form.querySelector(".time-range").open = false;
  bar.apply();
}

document.addEventListener("navigated", ({detail: {fresh, url}}) => {
  const text = fresh?.dataset.timeText, range = document.querySelector(".time-range > summary");
  if (!form || !text || !range) return;
  range.querySelector("span").textContent = text;
  range.setAttribute("aria-label", `Time range: ${text}`);
  for (const link of form.querySelectorAll(".time-range a")) {
    if (new URL(link.href).searchParams.get("from") === (url.searchParams.get("from") ?? "-24h") && !url.searchParams.has("to")) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
});
