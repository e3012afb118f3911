// Copies a code block, or the text of a button. Says so, also where the clipboard is denied (plain HTTP).
import {on, toast, make} from "./dom.js";

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make("textarea", {class: "visually-hidden", "aria-hidden": "true"});
    area.value = text;
    (document.querySelector("dialog[open]") || document.body).append(area);
    area.select();
    const isCopied = document.execCommand("copy");
    area.remove();
    if (!isCopied) return toast("This browser does not let pages copy: select the text and copy it.", "bad");
  }
  toast("Copied.");
}

on("click", "[data-copy]", (event, button) => copy(button.parentElement.querySelector("pre").textContent));
on("click", "[data-copy-text]", (event, button) => copy(new URL(button.dataset.copyText, location.href).href));
