// <time-chart>: draws the table inside as lines, areas or bars. Each point leads to the traces behind it; the table stays for readers of the page's text.
import {make, svg} from "./dom.js";
import {timeText} from "./times.js";

const width = 1000, height = 176, top = 8, bottom = 4;
const units = {
  count: value => value >= 1e6 ? `${+(value / 1e6).toFixed(1)}M` : value >= 1e3 ? `${+(value / 1e3).toFixed(1)}k` : String(+value.toFixed(1)),
  usd: value => `$${value >= 1 || value === 0 ? +value.toFixed(2) : value.toPrecision(2)}`,
  percent: value => `${+(100 * value).toFixed(1)} %`,
  ms: value => value >= 60_000 ? `${+(value / 60_000).toFixed(1)} min` : value >= 1000 ? `${+(value / 1000).toFixed(1)} s` : `${Math.round(value)} ms`,
};

/** A day's range says hours, longer ones days. */
function axisText(time, points) {
  const days = (points.at(-1).time - points[0].time) / 86_400_000;
  return time.toLocaleString(undefined, days <= 1.5 ? {hour: "2-digit", minute: "2-digit", hour12: false} : {day: "numeric", month: "short"});
}

/** The least round number that is no smaller: 1, 2 or 5 times a power of ten. */
export function round(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 2.5, 5, 10].map(step => step * power).find(step => step >= value * 0.9999);
}

customElements.define("time-chart", class extends HTMLElement {
  connectedCallback() {
    const table = this.querySelector("table");
    if (!table || this.area) return;
    this.series = [...table.querySelectorAll("thead [data-number]")].map(cell => ({name: cell.textContent, number: cell.dataset.number}));
    this.points = [...table.querySelectorAll("tbody tr")].map(row => ({
      link: row.querySelector("a"), time: new Date(row.querySelector("time").dateTime),
      values: [...row.querySelectorAll("td")].map(cell => ({value: cell.dataset.value === "" ? null : Number(cell.dataset.value), text: cell.textContent})),
    }));
    if (!this.points.length) return;
    for (const {link} of this.points) link.tabIndex = -1;
    this.draw();
    this.classList.add("is-drawn");
  }

  get isStacked() { return this.dataset.kind !== "line"; }

  draw() {
    const sums = this.points.map(({values}) => this.isStacked ? values.reduce((sum, {value}) => sum + (value ?? 0), 0) : Math.max(0, ...values.map(({value}) => value ?? 0)));
    this.maximum = round(Math.max(...sums));
    this.image = svg("svg", {viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", tabindex: "0", role: "application", "aria-roledescription": "chart", "aria-label": `${this.dataset.label}. Left and right arrows read the points, Enter opens the traces.`});
    for (const share of [0, 0.5, 1]) this.image.append(svg("line", {class: "grid", x1: 0, x2: width, y1: this.y(this.maximum * share), y2: this.y(this.maximum * share)}));
    if (this.dataset.kind === "line") this.lines(); else if (this.dataset.kind === "bars") this.bars(); else this.areas();
    this.cursor = this.image.appendChild(svg("line", {class: "cursor", y1: 0, y2: height}));
    const unit = units[this.dataset.unit] ?? units.count;
    this.area = make("div", {class: "chart-area"}, make("div", {class: "chart-scale", "aria-hidden": "true"}, ...[1, 0.5, 0].map(share => make("span", {}, unit(this.maximum * share)))), this.image);
    const times = [0, 0.25, 0.5, 0.75, 1].map(share => this.points[Math.round(share * (this.points.length - 1))].time);
    this.prepend(this.area, make("div", {class: "chart-times", "aria-hidden": "true"}, ...times.map(time => make("span", {}, axisText(time, this.points)))));
    this.listen();
  }

  x(index) { return (index + 0.5) / this.points.length * width; }
  y(value) { return height - bottom - value / this.maximum * (height - top - bottom); }
  name(index) { return `series-${this.series[index].number}`; }

  lines() {
    this.series.forEach((_, series) => {
      let path = "", isOpen = false;
      this.points.forEach(({values}, index) => {
        const {value} = values[series];
        if (value === null) { isOpen = false; return; }
        path += `${isOpen ? "L" : "M"}${this.x(index).toFixed(1)} ${this.y(value).toFixed(1)}`;
        // A value between two that were not measured is a line of no length: its round ends are a dot.
        if (!isOpen && (this.points[index + 1]?.values[series].value ?? null) === null) path += "h0.01";
        isOpen = true;
      });
      if (path) this.image.append(svg("path", {class: `curve ${this.name(series)}`, d: path}));
    });
  }

  /** Sums of the series below, for each point. */
  stacked(each) {
    const below = this.points.map(() => 0);
    this.series.forEach((_, series) => {
      const above = this.points.map(({values}, index) => below[index] + (values[series].value ?? 0));
      each(series, [...below], above);
      above.forEach((value, index) => { below[index] = value; });
    });
  }

  areas() {
    this.stacked((series, low, high) => {
      const there = high.map((value, index) => `${this.x(index).toFixed(1)} ${this.y(value).toFixed(1)}`);
      const back = low.map((value, index) => `${this.x(index).toFixed(1)} ${this.y(value).toFixed(1)}`).reverse();
      this.image.append(svg("path", {class: `surface ${this.name(series)}`, d: `M${there.join("L")}L${back.join("L")}Z`}));
    });
  }

  bars() {
    const wide = width / this.points.length * 0.76;
    this.stacked((series, low, high) => {
      let path = "";
      high.forEach((value, index) => {
        if (value > low[index]) path += `M${(this.x(index) - wide / 2).toFixed(1)} ${this.y(low[index]).toFixed(1)}V${this.y(value).toFixed(1)}h${wide.toFixed(1)}V${this.y(low[index]).toFixed(1)}Z`;
      });
      this.image.append(svg("path", {class: `bar ${this.name(series)}`, d: path}));
    });
  }

  listen() {
    const at = event => {
      const box = this.image.getBoundingClientRect();
      return Math.max(0, Math.min(this.points.length - 1, Math.floor((event.clientX - box.left) / box.width * this.points.length)));
    };
    this.image.addEventListener("pointermove", event => this.show(at(event)));
    this.image.addEventListener("pointerleave", () => this.hide());
    this.image.addEventListener("blur", () => this.hide());
    this.image.addEventListener("click", event => this.open(at(event)));
    this.image.addEventListener("keydown", event => {
      const by = {ArrowRight: 1, ArrowLeft: -1}[event.key];
      if (by) { event.preventDefault(); this.show(Math.max(0, Math.min(this.points.length - 1, (this.shown ?? (by > 0 ? -1 : this.points.length)) + by)), true); }
      if (event.key === "Enter" && this.shown !== null && this.shown !== undefined) this.open(this.shown);
      if (event.key === "Escape") this.hide();
    });
  }

  open(index) { location.href = this.points[index].link.href; }

  show(index, isSaid = false) {
    if (index === this.shown) return;
    this.shown = index;
    const {time, values} = this.points[index];
    this.area.classList.add("is-over");
    this.cursor.setAttribute("x1", this.x(index));
    this.cursor.setAttribute("x2", this.x(index));
    this.tip ??= this.area.appendChild(make("div", {class: "chart-tip"}));
    this.tip.setAttribute("aria-live", isSaid ? "assertive" : "off");
    const list = make("dl");
    this.series.forEach(({name}, series) => { if (values[series].text !== "") list.append(make("dt", {class: this.name(series)}, make("bdi", {class: "ellipsis"}, name)), make("dd", {}, values[series].text)); });
    this.tip.replaceChildren(make("p", {class: "faint"}, timeText(time, "short")), list);
    this.tip.hidden = false;
    const box = this.image.getBoundingClientRect(), left = box.left - this.area.getBoundingClientRect().left + this.x(index) / width * box.width, own = this.tip.offsetWidth;
    this.tip.style.transform = `translateX(${Math.round(left + own + 24 > this.area.clientWidth ? Math.max(0, left - own - 12) : left + 12)}px)`;
  }

  hide() {
    this.shown = null;
    this.area.classList.remove("is-over");
    if (this.tip) this.tip.hidden = true;
  }
});
