// Invitation and password reset: the token stands behind the # and is never sent in a URL.
const page = document.querySelector("[data-token-page]");
const token = decodeURIComponent(location.hash.replace(/^#(token=)?/, ""));
for (const field of page.querySelectorAll("[data-token]")) field.value = token;
for (const [selector, isShown] of [["[data-with-token]", token !== ""], ["[data-without-token]", token === ""], ["[data-no-token]", token === ""]]) {
  for (const element of page.querySelectorAll(selector)) element.hidden = !isShown;
}
for (const link of page.querySelectorAll("[data-oidc-invitation]")) {
  const url = new URL(link.href);
  url.searchParams.set("invitation", token);
  link.href = token ? url.href : "/sign-in";
}
if (token) history.replaceState(null, "", location.pathname);
