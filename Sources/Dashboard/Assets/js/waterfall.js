// The waterfall of a trace of any size: rows of one height, a slab of those in sight that is moved by a transform.
import {RowWindows, windowSize} from "./row-windows.js";
import {toast} from "./dom.js";

const overscan = 8;
const tallest = 12_000_000; // pixels: browsers draw nothing below some millions more

export class Waterfall {
  /** `choose(row)` is called with the row's element when a span is selected. */
  constructor(element, choose) {
    this.element = element;
    this.choose = choose;
    this.space = element.querySelector(".wf-space");
    this.slab = element.querySelector(".wf-slab");
    this.count = Number(element.dataset.count);
    this.windows = new RowWindows(element.dataset.rowsUrl);
    this.selected = element.dataset.selectedIndex === "" ? -1 : Number(element.dataset.selectedIndex);
    this.selectedSpan = element.dataset.selected;
    this.zoom = null;
    this.range = null;
    const offset = Number(element.dataset.offset), rows = [...this.slab.children];
    for (let at = offset % windowSize ? windowSize - offset % windowSize : 0; at < rows.length; at += windowSize) {
      const part = rows.slice(at, at + windowSize);
      if (part.length === windowSize || offset + at + part.length === this.count) this.windows.keep((offset + at) / windowSize, part);
    }
    this.rowHeight = rows[0]?.getBoundingClientRect().height || 28;
    element.classList.add("is-windowed");
    element.addEventListener("scroll", () => this.schedule(), {passive: true});
    new ResizeObserver(() => this.schedule()).observe(element);
    element.addEventListener("click", event => this.click(event));
    element.addEventListener("keydown", event => this.key(event));
    this.resize();
    if (this.selected >= 0) this.reveal(this.selected);
    this.draw();
  }

  resize() {
    this.height = Math.min(tallest, this.count * this.rowHeight);
    this.scale = this.count * this.rowHeight / this.height;
    this.space.style.height = `${this.height}px`;
  }

  schedule() {
    this.frame ??= requestAnimationFrame(() => { this.frame = null; this.draw(); });
  }

  draw() {
    const top = this.element.scrollTop * this.scale, view = this.element.clientHeight;
    const first = Math.max(0, Math.floor(top / this.rowHeight) - overscan), last = Math.min(this.count, Math.ceil((top + view) / this.rowHeight) + overscan);
    this.fetch(first, last);
    if (this.range && first === this.range.first && last === this.range.last && !this.range.isStale) return;
    let markup = "", isStale = false;
    for (let index = first; index < last; index += 1) {
      const row = this.windows.row(index);
      markup += row ?? `<div class="wf-row is-gap" data-index="${index}" role="none"></div>`;
      isStale ||= row === undefined;
    }
    this.slab.innerHTML = markup; // rows as the server rendered and escaped them, nothing else
    this.slab.style.transform = `translateY(${Math.round(this.element.scrollTop + first * this.rowHeight - top)}px)`;
    this.range = {first, last, isStale};
    this.mark();
  }

  /** Windows in sight, once the scrolling is slow enough to see them. */
  fetch(first, last) {
    const low = Math.floor(first / windowSize), high = Math.floor(Math.max(first, last - 1) / windowSize);
    for (let number = low; number <= high; number += 1) this.windows.touch(number);
    this.windows.cancelOutside(low - 1, high + 1);
    clearTimeout(this.timer);
    const isFast = Math.abs(this.element.scrollTop - (this.lastTop ?? 0)) > this.element.clientHeight * 2;
    this.lastTop = this.element.scrollTop;
    this.timer = setTimeout(() => {
      for (let number = low; number <= high; number += 1) this.load(number);
      if ((high + 1) * windowSize < this.count) this.load(high + 1);
    }, isFast ? 60 : 0);
  }

  async load(number) {
    try {
      const count = await this.windows.load(number);
      if (count === null) return;
      if (count !== this.count) { this.count = count; this.resize(); }
      if (this.range) this.range.isStale = true;
      this.schedule();
    } catch (error) {
      toast(error.message, "bad");
    }
  }

  /** What depends on this page and not on the row: the selection, folds, the zoom. */
  mark() {
    let active = null;
    for (const row of this.slab.children) {
      const isSelected = row.dataset.span === this.selectedSpan && this.selectedSpan !== "";
      if (row.hasAttribute("aria-selected")) row.setAttribute("aria-selected", String(isSelected));
      if (isSelected) { active = row; this.selected = Number(row.dataset.index); }
      if (this.zoom) row.querySelector(".wf-bar")?.setAttribute("viewBox", `${this.zoom.from} 0 ${this.zoom.to - this.zoom.from} 10`);
    }
    if (active) this.element.setAttribute("aria-activedescendant", active.id); else this.element.removeAttribute("aria-activedescendant");
  }

  setZoom(zoom) {
    this.zoom = zoom;
    if (!zoom) for (const bar of this.slab.querySelectorAll(".wf-bar")) bar.setAttribute("viewBox", "0 0 1000 10");
    this.mark();
  }

  reveal(index) {
    const top = index * this.rowHeight / this.scale, {scrollTop, clientHeight} = this.element;
    if (top < scrollTop + this.rowHeight) this.element.scrollTop = Math.max(0, top - this.rowHeight * 2);
    else if (top > scrollTop + clientHeight - this.rowHeight * 2) this.element.scrollTop = top - clientHeight + this.rowHeight * 4;
  }

  async select(index, span) {
    if (index < 0 || index >= this.count) return;
    this.selected = index;
    if (span) this.selectedSpan = span;
    this.reveal(index);
    if (!this.windows.row(index)) await this.windows.load(Math.floor(index / windowSize));
    this.range = null;
    this.draw();
    const row = this.slab.querySelector(`[data-index="${index}"][data-span]`);
    if (!row) return;
    this.selectedSpan = row.dataset.span;
    this.mark();
    this.choose(row);
  }

  click(event) {
    const row = event.target.closest(".wf-row[data-span]");
    if (!row || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.element.focus({preventScroll: true});
    if (event.target.closest(".wf-fold")) return this.fold(row);
    this.select(Number(row.dataset.index));
  }

  fold(row, isFolded = row.getAttribute("aria-expanded") === "true") {
    if (!row.hasAttribute("aria-expanded")) return;
    if (isFolded) this.windows.collapsed.add(row.dataset.span); else this.windows.collapsed.delete(row.dataset.span);
    return this.again();
  }

  foldAll() {
    if (this.windows.collapsed.size) this.windows.collapsed.clear();
    else for (const row of this.slab.querySelectorAll('[aria-expanded="true"]')) if (Number(row.ariaLevel) > 1) this.windows.collapsed.add(row.dataset.span);
    return this.again();
  }

  /** Everything is asked for again; what is in sight stays there until it comes. */
  async again() {
    const number = Math.floor(Math.max(0, this.range?.first ?? 0) / windowSize);
    this.windows.forget();
    const count = await this.windows.load(number).catch(error => { toast(error.message, "bad"); return null; });
    if (count !== null) { this.count = count; this.resize(); }
    this.range = null;
    this.draw();
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = this.slab.querySelector('[aria-selected="true"]'), page = Math.floor(this.element.clientHeight / this.rowHeight) - 2;
    const moves = {ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: page, PageUp: -page, Home: -this.count, End: this.count};
    if (event.key in moves) {
      const next = this.selected < 0 ? 0 : Math.max(0, Math.min(this.count - 1, this.selected + moves[event.key]));
      this.select(next);
    } else if (event.key === "ArrowLeft" && row) {
      if (row.getAttribute("aria-expanded") === "true") this.fold(row, true); else this.parent(row);
    } else if (event.key === "ArrowRight" && row) {
      if (row.getAttribute("aria-expanded") === "false") this.fold(row, false); else if (row.hasAttribute("aria-expanded")) this.select(this.selected + 1);
    } else if (event.key === "Enter" && row) this.choose(row, true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** The row above that is one level up, among those that are here. */
  parent(row) {
    const level = Number(row.ariaLevel);
    for (let index = this.selected - 1; index >= 0; index -= 1) {
      const markup = this.windows.row(index);
      if (markup === undefined) return;
      if (Number(/aria-level="(\d+)"/.exec(markup)?.[1]) < level) return this.select(index);
    }
  }
}
