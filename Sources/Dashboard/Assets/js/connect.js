// Waits for the first span: by the arrivals of the project, and every two seconds where no socket can be had.
import {replaceFragment} from "./dom.js";
import {follow} from "./live.js";

const status = () => document.querySelector("[data-fragment=connect_status]");
const hasArrived = () => status().querySelector("[data-first-trace]") !== null;
let stream, timer, isBusy = false;

async function look() {
  if (isBusy || hasArrived()) return;
  isBusy = true;
  try { await replaceFragment("connect_status"); } catch { /* the next look will tell */ }
  isBusy = false;
  if (!hasArrived()) return;
  stream.close();
  clearInterval(timer);
  const link = status().querySelector("[data-first-trace]");
  link.focus();
}

if (!hasArrived()) {
  // Its greeting, too: what came before it is counted by nobody.
  stream = follow("/api/v1/events?topic=traces", look);
  timer = setInterval(() => { if (!document.hidden) look(); }, 2000);
}
