// Small tools every module uses. Elements are made, never parsed from data; markup is parsed only when our own server rendered it.

export const assets = document.body.dataset.assets;
export const project = document.body.dataset.project;

/** make("a", {href: url, class: "chip"}, "text", other) */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
  element.append(...children.filter(child => child !== undefined && child !== null && child !== false));
  return element;
}

export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

export const icon = name => svg("svg", {class: "icon", "aria-hidden": "true"}, svg("use", {href: `${assets}/icons.svg#${name}`}));

/** Calls `handle(event, element)` for events of elements that match, now and later. */
export function on(type, selector, handle, root = document) {
  root.addEventListener(type, event => {
    const element = event.target instanceof Element && event.target.closest(selector);
    if (element && root.contains(element)) handle(event, element);
  });
}

/** The nodes of a fragment that the server rendered. */
export async function fragment(url, name, signal) {
  const address = new URL(url, location.href);
  address.searchParams.set("fragment", name);
  const reply = await fetch(address, {credentials: "same-origin", headers: {Accept: "text/html"}, signal});
  if (reply.status === 401) location.reload();
  if (!reply.ok) throw new Error(`The server answered ${reply.status}.`);
  return new DOMParser().parseFromString(await reply.text(), "text/html").body;
}

// How often each fragment was asked for: of two answers the one that was asked for last is shown, whichever comes first.
const turns = new Map();

/** Takes the fragment of that name again and puts it in the place of the one on the page; answers what is shown then. */
export async function replaceFragment(name, url = location.href, signal) {
  const shown = () => document.querySelector(`[data-fragment="${name}"]`), turn = (turns.get(name) ?? 0) + 1;
  if (!shown()) return null;
  turns.set(name, turn);
  shown().setAttribute("aria-busy", "true");
  try {
    const fresh = (await fragment(url, name, signal)).querySelector(`[data-fragment="${name}"]`);
    if (!fresh || turns.get(name) !== turn) return shown();
    shown()?.replaceWith(document.adoptNode(fresh));
    document.dispatchEvent(new CustomEvent("fragment", {detail: fresh}));
    return fresh;
  } finally {
    if (turns.get(name) === turn) shown()?.removeAttribute("aria-busy");
  }
}

/** A request to the API as the signed-in user; throws the problem document of a refusal. */
export async function api(method, path, body, headers = {}) {
  const isRaw = typeof body === "string" || body instanceof Blob;
  const reply = await fetch(path, {
    method, credentials: "same-origin",
    headers: {Accept: "application/json", ...(project && {"Spandrel-Project": project}), ...(body !== undefined && {"Content-Type": "application/json"}), ...headers},
    body: body === undefined || isRaw ? body : JSON.stringify(body),
  });
  const text = await reply.text();
  let answer;
  try { answer = text ? JSON.parse(text) : {}; } catch { answer = {detail: text.slice(0, 300)}; }
  if (!reply.ok) throw Object.assign(new Error(answer.detail || answer.title || `The server answered ${reply.status}.`), {status: reply.status, problem: answer});
  return answer;
}

export function toast(text, tone = "") {
  const element = make("div", {class: `toast ${tone}`}, text);
  document.getElementById("toasts")?.append(element);
  setTimeout(() => element.remove(), tone === "bad" ? 9000 : 4000);
}

export const isTyping = event => event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]") !== null;
export const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
