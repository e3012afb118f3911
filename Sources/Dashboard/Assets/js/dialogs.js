// Opens <dialog>s, and asks before what cannot be taken back.
import {on, toast} from "./dom.js";

on("click", "[data-opens]", (event, button) => {
  const dialog = document.getElementById(button.dataset.opens);
  button.closest("details.menu")?.removeAttribute("open");
  dialog?.showModal();
  dialog?.querySelector("[autofocus], .dialog-body :is(input:not([type=hidden]), textarea, select)")?.focus();
});
on("click", "dialog", (event, dialog) => {
  const {left, right, top, bottom} = dialog.getBoundingClientRect();
  const isOutside = event.target === dialog && (event.clientX < left || event.clientX > right || event.clientY < top || event.clientY > bottom);
  if (isOutside && event.detail > 0) dialog.close();
});
on("click", "[data-toast]", (event, button) => toast(button.dataset.toast));
on("click", "[data-reload]", () => location.reload());

/** Resolves to whether the reader agreed. */
export function confirmed(text, button = "Go on") {
  const dialog = document.getElementById("confirm-dialog");
  dialog.querySelector("[data-confirm-text]").textContent = text;
  dialog.querySelector("[data-agrees]").textContent = button;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise(resolve => dialog.addEventListener("close", () => resolve(dialog.returnValue === "confirm"), {once: true}));
}
