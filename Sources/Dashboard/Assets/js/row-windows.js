// Rows of a trace as the server renders them, in windows of 100, the least recently used of which are forgotten.
import {fragment} from "./dom.js";

export const windowSize = 100;
const maximumWindows = 40;

export class RowWindows {
  constructor(url) {
    this.url = url;
    this.collapsed = new Set();
    this.query = "";
    this.windows = new Map();
    this.running = new Map();
  }

  /** The markup of a row, or undefined while it is not here. */
  row(index) {
    const number = Math.floor(index / windowSize), rows = this.windows.get(number);
    return rows?.[index - number * windowSize];
  }

  has(number) { return this.windows.has(number); }

  forget() {
    for (const controller of this.running.values()) controller.abort();
    this.running.clear();
    this.windows.clear();
  }

  /** Takes rows that are on the page already. */
  keep(number, elements) {
    this.windows.delete(number);
    this.windows.set(number, elements.map(element => element.outerHTML));
    while (this.windows.size > maximumWindows) this.windows.delete(this.windows.keys().next().value);
  }

  touch(number) {
    const rows = this.windows.get(number);
    if (rows) { this.windows.delete(number); this.windows.set(number, rows); }
  }

  /** Answers the count of all rows once the window is here; null where it was here, is under way, or was given up. */
  async load(number) {
    if (this.windows.has(number) || this.running.has(number)) return null;
    const controller = new AbortController(), url = new URL(this.url, location.href);
    url.searchParams.set("offset", number * windowSize);
    url.searchParams.set("limit", windowSize);
    if (this.collapsed.size) url.searchParams.set("collapsed", [...this.collapsed].slice(-200).join(","));
    if (this.query) url.searchParams.set("q", this.query);
    this.running.set(number, controller);
    try {
      const slab = (await fragment(url, "rows", controller.signal)).querySelector("[data-fragment=rows]");
      if (controller.signal.aborted) return null;
      this.keep(number, [...slab.children]);
      return Number(slab.dataset.count);
    } catch (error) {
      if (error.name !== "AbortError") throw error;
      return null;
    } finally {
      if (this.running.get(number) === controller) this.running.delete(number);
    }
  }

  /** Gives up windows nobody looks at any more. */
  cancelOutside(first, last) {
    for (const [number, controller] of this.running) if (number < first || number > last) { controller.abort(); this.running.delete(number); }
  }
}
