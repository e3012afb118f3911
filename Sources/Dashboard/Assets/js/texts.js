// Texts that people and models wrote: Markdown and JSON are shown as what they are, long ones in slices, always as text nodes.
import {make, on, fragment, toast} from "./dom.js";
import {markdown} from "./markdown.js";
import {jsonView} from "./json-view.js";
import {copy} from "./copying.js";
import "./large-text.js";

const folds = 2400; // characters of a text that are shown before "show all"

customElements.define("rich-text", class extends HTMLElement {
  connectedCallback() {
    if (this.plain) return;
    this.plain = this.querySelector("pre");
    if (!this.plain) return;
    this.source = this.plain.textContent;
    // A panel may hold hundreds of texts: those out of sight are made readable when they come near.
    this.observer = new IntersectionObserver(entries => {
      if (!entries.some(entry => entry.isIntersecting)) return;
      this.observer.disconnect();
      this.enrich();
    }, {rootMargin: "400px"});
    this.observer.observe(this);
  }

  disconnectedCallback() { this.observer?.disconnect(); }

  enrich() {
    const {format} = this.dataset;
    try {
      if (format === "markdown") this.rich = make("div", {class: "markdown", dir: "auto"}, ...markdown(this.source));
      else if (format === "json") this.rich = make("div", {class: "json"}, jsonView(JSON.parse(this.source)));
    } catch { /* it is shown as it is */ }
    if (this.rich) { this.plain.hidden = true; this.prepend(this.rich); }
    if (this.closest(".attribute")) return;
    const tools = make("div", {class: "content-tools"});
    if (this.rich) tools.append(this.tool(format === "json" ? "Text" : "Source", button => {
      this.plain.hidden = !this.plain.hidden;
      this.rich.hidden = !this.plain.hidden;
      button.setAttribute("aria-pressed", String(this.rich.hidden));
    }));
    if (this.source.length > 80) tools.append(this.tool("Copy", () => copy(this.source)));
    if (this.source.length > folds && !this.closest(".tool-call, .reasoning")) {
      this.classList.add("is-folded");
      tools.prepend(this.tool("Show all", button => { button.textContent = this.classList.toggle("is-folded") ? "Show all" : "Show less"; }));
    }
    if (tools.childElementCount) this.append(tools);
  }

  tool(name, act) {
    const button = make("button", {type: "button"}, name);
    button.addEventListener("click", () => act(button));
    return button;
  }
});

// Messages before the ones shown come when somebody opens them.
document.addEventListener("toggle", async event => {
  const details = event.target;
  if (!(details instanceof HTMLDetailsElement) || !details.open || !details.dataset.loads) return;
  const url = details.dataset.loads;
  delete details.dataset.loads;
  try {
    const body = await fragment(url, "conversation");
    const items = [...body.querySelectorAll(".conversation > li")].map(item => document.adoptNode(item)), hadFocus = details.contains(document.activeElement);
    details.closest("li").replaceWith(...items);
    // Whoever came by keyboard goes on from where the messages begin.
    if (hadFocus) { const first = items[0].querySelector("summary") ?? items[0]; if (first === items[0]) first.tabIndex = -1; first.focus(); }
  } catch (error) { details.dataset.loads = url; details.open = false; toast(error.message, "bad"); }
}, true);
