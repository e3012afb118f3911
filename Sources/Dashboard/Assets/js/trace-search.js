// Search inside a trace: the server says which rows have the text, the reader steps through them.
import {toast} from "./dom.js";

export function searching(waterfall) {
  const form = document.querySelector("[data-trace-search]"), input = form.querySelector("input"), output = form.querySelector("output");
  const steps = form.querySelectorAll("[data-search-step]");
  let hits = [], at = -1, timer, running;

  async function search() {
    running?.abort();
    running = new AbortController();
    const text = input.value.trim();
    if (!text) { hits = []; at = -1; waterfall.windows.query = ""; waterfall.again(); return paint(0); }
    const url = new URL(form.dataset.traceSearch, location.href);
    url.searchParams.set("q", text);
    if (waterfall.windows.collapsed.size) url.searchParams.set("collapsed", [...waterfall.windows.collapsed].slice(-200).join(","));
    try {
      const reply = await fetch(url, {credentials: "same-origin", signal: running.signal});
      if (!reply.ok) throw new Error(`The search was answered with ${reply.status}.`);
      const answer = await reply.json();
      hits = answer.hits;
      at = -1;
      waterfall.windows.query = text;
      await waterfall.again();
      paint(answer.count);
      if (hits.length) step(1, false);
    } catch (error) {
      if (error.name !== "AbortError") toast(error.message, "bad");
    }
  }

  function paint(count) {
    output.textContent = input.value.trim() ? hits.length ? `${at < 0 ? 1 : at + 1} of ${new Intl.NumberFormat("en").format(count ?? hits.length)}` : "nothing" : "";
    for (const button of steps) button.hidden = hits.length < 2;
  }

  function step(by) {
    if (!hits.length) return;
    at = (at + by + hits.length) % hits.length;
    waterfall.select(hits[at].index, hits[at].span_id);
    paint();
  }

  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, 250); });
  form.addEventListener("submit", event => { event.preventDefault(); if (hits.length) step(1); else search(); });
  input.addEventListener("keydown", event => {
    if (event.key === "Enter" && event.shiftKey) { event.preventDefault(); step(-1); }
  });
  for (const button of steps) button.addEventListener("click", () => step(Number(button.dataset.searchStep)));
}
