// Goes to another state of a list: its results are taken as a fragment, the URL says the state, back and forward work.
import {on, replaceFragment, toast} from "./dom.js";

let running;

export function navigator(name) {
  async function show(url) {
    document.dispatchEvent(new CustomEvent("navigating"));
    running?.abort();
    running = new AbortController();
    try {
      const fresh = await replaceFragment(name, url, running.signal);
      document.dispatchEvent(new CustomEvent("navigated", {detail: {fresh, url: new URL(url, location.href)}}));
    } catch (error) {
      if (error.name === "AbortError") return;
      toast(error.message, "bad");
      document.dispatchEvent(new CustomEvent("navigation-failed", {detail: error}));
    }
  }
  const go = url => {
    history.pushState(null, "", url);
    return show(url);
  };
  on("click", "a[data-navigate]", (event, link) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    go(link.href).then(() => scrollTo({top: 0}));
  });
  addEventListener("popstate", () => show(location.href));
  return go;
}
