"""A browser as pages meet it: Chromium that fails a test for whatever it complains of, and a plain client with cookies."""
import contextlib, shutil
import requests
from playwright.sync_api import sync_playwright


class PageClient:
    """Gets pages as a browser would, without running anything in them. Keeps cookies."""

    def __init__(self, url, verify=True):
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = verify
        self.session.headers["Accept"] = "text/html"

    def get(self, path, **options):
        return self.session.get(self.url + path, timeout=60, allow_redirects=False, **options)

    def post(self, path, form=None, **headers):
        """As a form of one of the server's own pages, unless `headers` say otherwise."""
        sent = {"Sec-Fetch-Site": "same-origin", **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self.session.post(
            self.url + path, data=form or {}, headers={name: value for name, value in sent.items() if value is not None}, timeout=60,
            allow_redirects=False)

    def sign_in(self, credentials):
        return self.post("/sign-in", {"email": credentials["email"], "password": credentials["password"]})


class Complaints:
    """What a browser holds against a page: errors of scripts, refusals of the content policy, requests to other hosts."""

    def __init__(self, page, origin):
        self.all = []
        page.on("console", lambda message: message.type in ("error", "warning") and self.all.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: self.all.append(f"script: {error}"))
        page.on("request", lambda request: request.url.startswith((origin, "data:", "blob:", "ws" + origin.removeprefix("http")))
                or self.all.append(f"another host: {request.url}"))


@contextlib.contextmanager
def chromium(url, **options):
    """A page of a browser of its own, and its complaints. `options`: of the browser's context."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        try:
            page = browser.new_context(base_url=url, **options).new_page()
            yield page, Complaints(page, url)
        finally:
            browser.close()
