// The list of runs: while one of them is under way, the list is taken again now and then.
import "./list.js";
import {replaceFragment} from "./dom.js";

setInterval(() => {
  if (!document.hidden && document.querySelector("[data-live-run]") && !document.querySelector("[data-list] :focus")) replaceFragment("runs_results").catch(() => {});
}, 3000);
