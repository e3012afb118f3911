// One tip for all elements with data-tip, on hover and on focus. What it says is never needed: labels stand beside it.
import {make} from "./dom.js";

let tip, timer, owner;

function show(element) {
  owner = element;
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (!element.isConnected) return;
    tip ??= make("div", {class: "tooltip", role: "tooltip", hidden: true});
    (element.closest("dialog") || document.body).append(tip);
    tip.textContent = element.dataset.tip;
    tip.hidden = false;
    const box = element.getBoundingClientRect(), own = tip.getBoundingClientRect();
    const left = Math.max(6, Math.min(innerWidth - own.width - 6, box.left + box.width / 2 - own.width / 2));
    const top = box.top > own.height + 12 ? box.top - own.height - 6 : box.bottom + 6;
    tip.style.setProperty("transform", `translate(${Math.round(left)}px, ${Math.round(top)}px)`);
  }, 250);
}
function hide() {
  clearTimeout(timer);
  owner = null;
  if (tip) tip.hidden = true;
}
for (const [type, act] of [["pointerover", show], ["focusin", show]]) {
  document.addEventListener(type, event => {
    const element = event.target instanceof Element && event.target.closest("[data-tip]");
    if (element && element !== owner) act(element); else if (!element && owner) hide();
  });
}
for (const type of ["pointerdown", "focusout", "scroll", "keydown"]) document.addEventListener(type, hide, {capture: true, passive: true});

// A search field over what the page already has: attributes, prices.
document.addEventListener("input", event => {
  const field = event.target;
  if (!(field instanceof Element) || !field.matches("[data-filters]")) return;
  const wanted = field.value.trim().toLowerCase();
  for (const row of document.getElementById(field.dataset.filters).querySelectorAll(".attribute, [data-filtered]")) {
    row.hidden = wanted !== "" && !row.textContent.toLowerCase().includes(wanted);
  }
});
