// Menus are <details>: this closes them where a menu would close, moves through them by arrows, and keeps the drawer and the theme.
import {on} from "./dom.js";

const open = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", event => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("focusin", event => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", event => {
  const menu = event.target instanceof Element && event.target.closest("details.menu");
  if (event.key === "Escape") {
    for (const each of open()) { each.open = false; if (each === menu) each.querySelector("summary").focus(); }
    closeDrawer();
  }
  if (!menu || !menu.open || !["ArrowDown", "ArrowUp"].includes(event.key) || event.target.matches("input, textarea, select")) return;
  event.preventDefault();
  const items = [...menu.querySelectorAll(".menu-list :is(a, button, input)")].filter(item => item.offsetParent);
  const at = items.indexOf(document.activeElement);
  items.at((at + (event.key === "ArrowDown" ? 1 : at < 0 ? 0 : -1)) % items.length)?.focus();
});

function closeDrawer() {
  const button = document.querySelector("[data-toggles]"), drawer = button && document.getElementById(button.dataset.toggles);
  if (!drawer?.classList.contains("is-open")) return;
  drawer.classList.remove("is-open");
  button.setAttribute("aria-expanded", "false");
}
on("click", "[data-toggles]", (event, button) => {
  const drawer = document.getElementById(button.dataset.toggles), isOpen = drawer.classList.toggle("is-open");
  button.setAttribute("aria-expanded", String(isOpen));
  if (isOpen) drawer.querySelector("a")?.focus();
});
document.addEventListener("click", event => { if (!event.target.closest?.(".navigation, [data-toggles]")) closeDrawer(); });

on("click", "[data-set-theme]", (event, button) => {
  const theme = button.dataset.setTheme;
  if (theme === "system") delete document.documentElement.dataset.theme; else document.documentElement.dataset.theme = theme;
  try { if (theme === "system") localStorage.removeItem("theme"); else localStorage.setItem("theme", theme); } catch { /* kept for this page only */ }
  button.closest("details").open = false;
});
