"""A browser as pages meet it: Chromium that fails a test for whatever it complains of, and a plain client with cookies."""
import contextlib, shutil
import requests
from playwright.sync_api import sync_playwright

PAGE_SECONDS = 20


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
    """What a browser holds against its pages: errors of scripts, refusals of the content policy, dialogs of scripts, requests to other hosts."""

    def __init__(self, page, origin):
        self.all = []
        self.watch(page, origin)

    def watch(self, page, origin):
        own = (origin + "/", "data:", "blob:", "ws" + origin.removeprefix("http") + "/")
        page.on("console", lambda message: message.type in ("error", "warning") and self.all.append(f"console: {message.text} ({page.url})"))
        page.on("pageerror", lambda error: self.all.append(f"script: {error} ({page.url})"))
        page.on("dialog", lambda dialog: (self.all.append(f"dialog: {dialog.message} ({page.url})"), dialog.dismiss()))
        for event in ("request", "websocket"):
            page.on(event, lambda request: request.url.startswith(own) or self.all.append(f"another host: {request.url}"))


class Browsing:
    """One browser and the people in it: each has a context, and so cookies, of their own; `complaints` are of all of them."""

    def __init__(self, browser, url):
        self.browser, self.url = browser, url
        self.complaints = None

    def open(self, **options):
        """The page of somebody who is not signed in."""
        page = self.browser.new_context(base_url=self.url, **options).new_page()
        page.set_default_timeout(PAGE_SECONDS * 1000)
        if self.complaints is None:
            self.complaints = Complaints(page, self.url)
        else:
            self.complaints.watch(page, self.url)
        return page


@contextlib.contextmanager
def browsing(url):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        try:
            yield Browsing(browser, url)
        finally:
            browser.close()


@contextlib.contextmanager
def chromium(url, **options):
    """A page of a browser of its own, and its complaints. `options`: of the browser's context."""
    with browsing(url) as browser:
        yield browser.open(**options), browser.complaints


def sign_in(page, email, password, path="/"):
    """Through the form, to which `path` leads whoever is not signed in, and from there back to `path`."""
    page.goto(path)
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


@contextlib.contextmanager
def loaded_again(page):
    """What is done within ends with the page loaded anew, or another in its place: what comes next is looked for in that one."""
    page.evaluate("document.documentElement.dataset.isOld = ''")
    yield
    page.locator("html:not([data-is-old])").wait_for(state="attached")
    page.wait_for_load_state("load")
