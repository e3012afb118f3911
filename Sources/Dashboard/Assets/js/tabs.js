// <tab-set>: a tablist and its panels. Without script all panels are there, one below the other.
customElements.define("tab-set", class extends HTMLElement {
  connectedCallback() {
    this.tabs = [...this.querySelectorAll(":scope > [role=tablist] > [role=tab]")];
    if (!this.tabs.length) return;
    this.addEventListener("click", this);
    this.addEventListener("keydown", this);
    let remembered;
    try { remembered = sessionStorage.getItem(this.storageKey); } catch { /* nothing is remembered */ }
    this.choose(this.tabs.find(tab => tab.id === remembered) || this.tabs.find(tab => tab.ariaSelected === "true") || this.tabs[0], false);
  }

  get storageKey() { return `tab:${this.className}:${document.body.dataset.page}`; }

  handleEvent(event) {
    const tab = event.target.closest("[role=tab]");
    if (!tab || !this.tabs.includes(tab)) return;
    if (event.type === "click") return this.choose(tab);
    const by = {ArrowRight: 1, ArrowLeft: -1}[event.key] ?? 0;
    const next = event.key === "Home" ? this.tabs[0] : event.key === "End" ? this.tabs.at(-1) : by && this.tabs.at((this.tabs.indexOf(tab) + by) % this.tabs.length);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    this.choose(next);
    next.focus();
  }

  choose(chosen, isWanted = true) {
    for (const tab of this.tabs) {
      const isChosen = tab === chosen;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      const panel = this.querySelector(`#${CSS.escape(tab.getAttribute("aria-controls"))}`);
      if (panel) { panel.hidden = !isChosen; panel.removeAttribute("data-later"); }
    }
    if (isWanted) try { sessionStorage.setItem(this.storageKey, chosen.id); } catch { /* nothing is remembered */ }
  }
});

// Where the ways of a page are wider than its window, the one that is shown is in sight.
for (const current of document.querySelectorAll(".side [aria-current]")) {
  const side = current.closest(".side");
  if (side.scrollWidth > side.clientWidth) side.scrollLeft = current.offsetLeft - (side.clientWidth - current.offsetWidth) / 2;
}
