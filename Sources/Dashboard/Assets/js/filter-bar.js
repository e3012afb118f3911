// The filter bar: completes fields, operators and values, says what is wrong, and goes to the URL of the filter.
import {api, make} from "./dom.js";
import {fields, operators, fieldNamed} from "./filter-fields.js";
import {parseFilter, filterText} from "./filter-language.js";

export class FilterBar {
  /** `go(url)` shows the list of that URL. */
  constructor(form, go) {
    this.form = form;
    this.go = go;
    this.input = form.querySelector("#filter");
    this.list = form.querySelector("#filter-choices");
    this.problem = form.querySelector("#filter-problem");
    this.clearer = form.querySelector("[data-filter-clear]");
    this.chosen = -1;
    this.known = new Map();
    if (!this.input.value && form.dataset.filter) try { this.input.value = filterText(JSON.parse(form.dataset.filter)); } catch { /* the server said what is wrong with it */ }
    for (const type of ["input", "focus", "click"]) this.input.addEventListener(type, () => this.complete());
    this.input.addEventListener("keydown", event => this.key(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 120));
    form.addEventListener("submit", event => { event.preventDefault(); this.apply(); });
    this.clearer.addEventListener("click", () => { this.input.value = ""; this.apply(); this.input.focus(); });
    this.clearer.hidden = !this.input.value;
  }

  /** The URL of what the bar says; undefined where it says nothing that can be read. */
  url() {
    const url = new URL(this.form.action, location.href), parameters = url.searchParams;
    for (const [name, value] of new FormData(this.form)) if (value && name !== "q") parameters.set(name, value);
    const text = this.input.value.trim();
    try {
      const filter = parseFilter(text);
      if (filter) { parameters.set("q", text); parameters.set("filter", JSON.stringify(filter)); }
    } catch (error) {
      this.say(error.message);
      return undefined;
    }
    this.say("");
    return url;
  }

  apply() {
    this.close();
    const url = this.url();
    this.clearer.hidden = !this.input.value;
    if (url) this.go(url);
  }

  say(text) {
    this.problem.textContent = text;
    this.input.toggleAttribute("aria-invalid", text !== "");
    if (text) this.input.setAttribute("aria-invalid", "true");
  }

  /** The word before the cursor, cut into field, sign and value. */
  word() {
    const before = this.input.value.slice(0, this.input.selectionStart);
    const start = before.search(/[^\s()]*$/), text = before.slice(start).replace(/^-/, "");
    const [, field, sign, value] = /^([A-Za-z_][\w.\-/]*?)(!=|\^=|\$=|=~|>=|<=|[:~><])(.*)$/.exec(text) ?? [];
    return {start: before.length - text.length, text, field, sign, value: value?.split(",").pop()};
  }

  async complete() {
    const word = this.word(), choices = [];
    if (word.field && fieldNamed(word.field)) {
      for (const value of await this.values(word.field)) {
        if (String(value).toLowerCase().includes(word.value.toLowerCase())) choices.push({text: String(value), note: "", from: this.input.selectionStart - word.value.length, after: " "});
      }
    } else {
      const exact = fieldNamed(word.text);
      if (exact && !word.text.endsWith(".")) for (const {sign, note, types} of operators) if (types.includes(exact.type)) choices.push({text: word.text + sign, note, from: word.start, after: ""});
      for (const {name, note} of fields) if (name !== word.text && name.includes(word.text.toLowerCase())) choices.push({text: name, note, from: word.start, after: ""});
    }
    this.show(choices.slice(0, 12));
  }

  /** The commonest values of a field in the range shown; asked once. */
  async values(field) {
    const fixed = fieldNamed(field);
    if (fixed.values) return fixed.values;
    if (fixed.type === "number" || ["input", "output", "tags", "trace_id", "span_id", "start_time", "end_time"].includes(field)) return [];
    if (!this.known.has(field)) {
      const from = /^-\d/.test(this.form.elements.from?.value) ? undefined : this.form.elements.from?.value || undefined;
      this.known.set(field, api("POST", "/api/v1/query", {group_by: [field], aggregates: ["count"], limit: 50, timeout_ms: 2000, ...(from && from !== "all" && {from})})
        .then(({data}) => data.map(row => row[field]).filter(value => value !== null && value !== ""), () => []));
    }
    return this.known.get(field);
  }

  show(choices) {
    this.choices = choices;
    this.chosen = -1;
    this.list.replaceChildren(...choices.map(({text, note}, index) => {
      const item = make("li", {role: "option", id: `choice-${index}`, "aria-selected": "false"}, make("bdi", {class: "ellipsis"}, text), make("span", {}, note));
      item.addEventListener("pointerdown", event => { event.preventDefault(); this.take(index); });
      return item;
    }));
    this.list.hidden = !choices.length || document.activeElement !== this.input;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (["ArrowDown", "ArrowUp"].includes(event.key) && !this.list.hidden) {
      event.preventDefault();
      const count = this.choices.length;
      this.chosen = (this.chosen + (event.key === "ArrowDown" ? 1 : this.chosen < 0 ? 0 : -1) + count) % count;
      [...this.list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === this.chosen)));
      this.list.children[this.chosen].scrollIntoView({block: "nearest"});
      this.input.setAttribute("aria-activedescendant", `choice-${this.chosen}`);
    } else if ((event.key === "Enter" || event.key === "Tab") && this.chosen >= 0 && !this.list.hidden) {
      event.preventDefault();
      this.take(this.chosen);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }

  take(index) {
    const {text, from, after} = this.choices[index], cursor = this.input.selectionStart, {value} = this.input;
    const written = (after && /[\s(),"]/.test(text) ? JSON.stringify(text) : text) + after;
    this.input.value = value.slice(0, from) + written + value.slice(cursor);
    this.input.setSelectionRange(from + written.length, from + written.length);
    this.complete();
  }

  close() {
    this.list.hidden = true;
    this.chosen = -1;
    this.input.setAttribute("aria-expanded", "false");
  }
}
