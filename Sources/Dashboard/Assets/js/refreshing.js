// Fragments with data-refresh="SECONDS" are taken again while somebody looks.
import {replaceFragment} from "./dom.js";

for (const element of document.querySelectorAll("[data-refresh][data-fragment]")) {
  const {fragment: name, refresh} = element.dataset;
  setInterval(() => {
    if (!document.hidden && !document.querySelector(`[data-fragment="${name}"] :is(:focus-within, [open])`)) replaceFragment(name).catch(() => {});
  }, Number(refresh) * 1000);
}
