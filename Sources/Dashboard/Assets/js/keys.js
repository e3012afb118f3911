// Keyboard: / filter, ? help, j k through lists, g and a letter to a page. Pages add their own keys.
import {isTyping} from "./dom.js";

const pages = {o: "overview", t: "traces", s: "sessions", u: "users", r: "runs", k: "knowledge", c: "settings/general"};
let isGoing = false;

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "Escape" && isTyping(event)) return event.target.blur();
  if (isTyping(event) || document.querySelector("dialog[open]")) return;
  if (isGoing) {
    isGoing = false;
    const base = document.querySelector(".navigation a")?.pathname.split("/").slice(0, 3).join("/");
    if (base && pages[event.key]) { event.preventDefault(); location.href = `${base}/${pages[event.key]}`; }
    return;
  }
  switch (event.key) {
    case "g":
      isGoing = true;
      setTimeout(() => { isGoing = false; }, 1200);
      break;
    case "/": {
      const input = document.querySelector("[data-focus-key='/']");
      if (input) { event.preventDefault(); input.focus(); input.select(); }
      break;
    }
    case "?":
      document.getElementById("keys-dialog")?.showModal();
      break;
    case "j": case "k":
      step(event.key === "j" ? 1 : -1);
      break;
  }
});

function step(by) {
  const links = [...document.querySelectorAll("[data-list] .row-link, ul[data-list] a")];
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  const next = links[Math.max(0, Math.min(links.length - 1, at < 0 ? 0 : at + by))];
  next.focus();
  next.closest("tr, li")?.scrollIntoView({block: "nearest"});
}
