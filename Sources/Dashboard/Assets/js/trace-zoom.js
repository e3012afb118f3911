// Dragging over the ruler shows a part of the trace's time; the bars' view boxes change, nothing is drawn anew.

export function zooming(waterfall) {
  const ruler = document.querySelector("[data-ruler]"), reset = document.querySelector("[data-zoom-reset]");
  const whole = Number(ruler.dataset.durationNs) / 1e6, original = [...ruler.children].map(tick => tick.textContent);
  let start = null;

  const share = event => {
    const box = ruler.getBoundingClientRect(), {from, to} = waterfall.zoom ?? {from: 0, to: 1000};
    return from + Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) * (to - from);
  };

  function apply(zoom) {
    waterfall.setZoom(zoom);
    reset.hidden = !zoom;
    const view = zoom ? `${zoom.from} 0 ${zoom.to - zoom.from}` : "0 0 1000";
    document.querySelector(".wf-spending svg")?.setAttribute("viewBox", `${view} 28`);
    [...ruler.children].forEach((tick, index, all) => {
      tick.textContent = zoom ? text((zoom.from + (zoom.to - zoom.from) * index / all.length) / 1000 * whole) : original[index];
    });
  }

  ruler.addEventListener("pointerdown", event => { if (!event.button) { start = share(event); ruler.setPointerCapture(event.pointerId); event.preventDefault(); } });
  ruler.addEventListener("pointerup", event => {
    if (start === null) return;
    const [from, to] = [start, share(event)].sort((a, b) => a - b);
    start = null;
    if (to - from > 0.5) apply({from, to});
  });
  ruler.addEventListener("dblclick", () => apply(null));
  reset.addEventListener("click", () => apply(null));
}

function text(milliseconds) {
  if (milliseconds < 1) return `${Math.round(milliseconds * 1000)} µs`;
  if (milliseconds < 1000) return `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(2)} s`;
  return `${Math.floor(milliseconds / 60_000)} min ${String(Math.floor(milliseconds / 1000) % 60).padStart(2, "0")} s`;
}
