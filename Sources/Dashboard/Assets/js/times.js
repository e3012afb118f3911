// The server writes UTC; the reader sees local time, with UTC as the tip. "ago" is renewed once a minute.
const format = options => new Intl.DateTimeFormat(undefined, options);
const clock = format({hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false});
const dayAndTime = format({day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false});
const short = format({day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false});
const date = format({day: "numeric", month: "short", year: "numeric"});
const full = format({day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3, hour12: false});
const relative = new Intl.RelativeTimeFormat("en", {numeric: "auto", style: "narrow"});

export function ago(time, now = Date.now()) {
  const seconds = (time - now) / 1000;
  for (const [unit, size] of [["day", 86400], ["hour", 3600], ["minute", 60]]) if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit);
  return "just now";
}

export function timeText(time, style, now = new Date()) {
  if (style === "ago") return ago(time, now);
  if (style === "date") return date.format(time);
  if (style === "full") return full.format(time);
  if (style === "time") return clock.format(time);
  if (style === "short") return short.format(time);
  return time.toDateString() === now.toDateString() ? clock.format(time) : dayAndTime.format(time);
}

function localise(root) {
  for (const element of root.querySelectorAll("time[datetime][data-format]")) {
    const time = new Date(element.dateTime);
    if (Number.isNaN(time.getTime())) continue;
    if (!element.title) element.title = element.textContent;
    element.textContent = timeText(time, element.dataset.format);
  }
}

localise(document);
document.addEventListener("fragment", event => localise(event.detail));
setInterval(() => { if (!document.hidden) localise({querySelectorAll: () => document.querySelectorAll('time[data-format="ago"]')}); }, 60_000);
