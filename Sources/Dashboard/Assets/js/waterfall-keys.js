// The keys of the waterfall: arrows through the rows, left and right fold and unfold, Enter opens the span.

/** Answers to a key pressed on the waterfall. */
export function pressed(waterfall, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const row = waterfall.slab.querySelector('[aria-selected="true"]'), page = Math.floor(waterfall.element.clientHeight / waterfall.rowHeight) - 2;
  const moves = {ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: page, PageUp: -page, Home: -waterfall.count, End: waterfall.count};
  if (event.key in moves) {
    const next = waterfall.selected < 0 ? 0 : Math.max(0, Math.min(waterfall.count - 1, waterfall.selected + moves[event.key]));
    waterfall.select(next);
  } else if (event.key === "ArrowLeft" && row) {
    if (row.getAttribute("aria-expanded") === "true") waterfall.fold(row, true); else parent(waterfall, row);
  } else if (event.key === "ArrowRight" && row) {
    if (row.getAttribute("aria-expanded") === "false") waterfall.fold(row, false); else if (row.hasAttribute("aria-expanded")) waterfall.select(waterfall.selected + 1);
  } else if (event.key === "Enter" && row) waterfall.choose(row, true);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** The row above that is one level up, among those that are here. */
function parent(waterfall, row) {
  const level = Number(row.ariaLevel);
  for (let index = waterfall.selected - 1; index >= 0; index -= 1) {
    const markup = waterfall.windows.row(index);
    if (markup === undefined) return;
    if (Number(/aria-level="(\d+)"/.exec(markup)?.[1]) < level) return waterfall.select(index);
  }
}
