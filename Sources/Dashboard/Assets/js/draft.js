// A draft and the revisions: promotion is followed until it ends; changes are chosen without loading the page anew.
import {replaceFragment} from "./dom.js";
import {follow} from "./live.js";

const steps = document.querySelector("[data-follows]");
if (steps) {
  let timer = null, isBusy = false;
  const look = async () => {
    if (isBusy) return;
    isBusy = true;
    try {
      const fresh = await replaceFragment("draft_steps");
      if (fresh && !fresh.dataset.follows) location.reload();
    } catch { /* the next event will tell */ }
    isBusy = false;
  };
  follow(`/api/v1/tasks/${steps.dataset.follows}/events?detail=counters`, () => { timer ??= setTimeout(() => { timer = null; look(); }, 500); }, {resume: true});
  setInterval(() => { if (!document.hidden) look(); }, 5000);
}
