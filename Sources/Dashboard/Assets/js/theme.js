// Not a module: runs before the page is painted, so that no page flashes in the other colours.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch { /* Storage is denied: the system's colours are right. */ }
})();
