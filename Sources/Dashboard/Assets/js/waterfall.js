// The waterfall of a trace of any size: rows of one height, a slab of those in sight that is moved by a transform.
import {RowWindows, windowSize} from "./row-windows.js";
import {pressed} from "./waterfall-keys.js";
import {toast} from "./dom.js";

const overscan = 14, margin = 4; // rows drawn beyond those in sight, and how few of them may be left before more are drawn
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
    element.addEventListener("keydown", event => pressed(this, event));
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
    const top = this.element.scrollTop * this.scale, view = this.element.clientHeight, {count, rowHeight} = this;
    const low = Math.floor(top / rowHeight), high = Math.min(count, Math.ceil((top + view) / rowHeight));
    const first = Math.max(0, low - overscan), last = Math.min(count, high + overscan), old = this.range;
    this.fetch(first, last);
    if (!old || old.isStale || old.last <= first || old.first >= last) this.fill(first, last);
    else if (old.first > Math.max(0, low - margin) || old.last < Math.min(count, high + margin)) this.shift(first, last);
    const place = Math.round(this.element.scrollTop + this.range.first * rowHeight - top);
    if (place !== this.place) { this.place = place; this.slab.style.transform = `translateY(${place}px)`; }
  }

  /** Markup of rows as the server rendered and escaped them, or of their absence. */
  markup(first, last) {
    const rows = [];
    for (let index = first; index < last; index += 1) rows.push(this.windows.row(index) ?? `<div class="wf-row is-gap" data-index="${index}" role="none"></div>`);
    return rows.join("");
  }

  fill(first, last) {
    this.slab.innerHTML = this.markup(first, last);
    this.settle(first, last);
  }

  /** Rows that stay are left alone: a frame of scrolling makes a handful of new ones. */
  shift(first, last) {
    const {first: oldFirst, last: oldLast} = this.range, {slab} = this;
    for (let index = oldFirst; index < Math.min(first, oldLast); index += 1) slab.firstElementChild.remove();
    for (let index = oldLast; index > Math.max(last, oldFirst); index -= 1) slab.lastElementChild.remove();
    if (first < oldFirst) slab.insertAdjacentHTML("afterbegin", this.markup(first, oldFirst));
    if (last > oldLast) slab.insertAdjacentHTML("beforeend", this.markup(oldLast, last));
    this.settle(first, last);
  }

  settle(first, last) {
    this.range = {first, last, isStale: false};
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
      if (count !== this.count) { this.count = count; this.resize(); this.range = null; }
      if (this.range && number * windowSize < this.range.last && (number + 1) * windowSize > this.range.first) this.range.isStale = true;
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
    if (!this.windows.row(index)) {
      await this.windows.load(Math.floor(index / windowSize));
      this.range = null;
    }
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
}
