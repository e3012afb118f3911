// The histogram is the brush: dragging over it sets the range of time, by keyboard its bars are buttons.
import {on, svg} from "./dom.js";

/** `choose(from, to)` with RFC 3339 times. */
export function brushing(choose) {
  let start = null, figure = null, rectangle = null;

  const share = event => {
    const box = figure.querySelector("svg").getBoundingClientRect();
    return Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
  };
  function draw(a, b) {
    rectangle.setAttribute("x", Math.min(a, b) * 1000);
    rectangle.setAttribute("width", Math.abs(b - a) * 1000);
  }

  function end() {
    draw(0, 0);
    figure.classList.remove("is-brushing");
    start = null;
  }

  on("pointerdown", "[data-brush] svg", (event, image) => {
    if (event.button) return;
    event.preventDefault();
    document.activeElement?.blur?.();
    figure = image.closest("[data-brush]");
    figure.classList.add("is-brushing");
    rectangle = figure.querySelector(".brush");
    start = share(event);
    image.setPointerCapture(event.pointerId);
  });
  document.addEventListener("pointermove", event => { if (start !== null) draw(start, share(event)); });
  document.addEventListener("pointercancel", () => { if (start !== null) end(); });
  document.addEventListener("pointerup", event => {
    if (start === null) return;
    const [low, high] = [start, share(event)].sort((a, b) => a - b);
    end();
    const groups = [...figure.querySelectorAll("g[data-from]")];
    const at = x => groups[Math.min(groups.length - 1, Math.floor(x * groups.length))];
    if (!groups.length) return;
    if (high - low < 0.004) return choose(at(low).dataset.from, at(low).dataset.to);
    choose(at(low).dataset.from, at(high).dataset.to);
  });
  document.addEventListener("keydown", event => {
    if (event.key !== "Escape" || start === null) return;
    end();
  });
}
