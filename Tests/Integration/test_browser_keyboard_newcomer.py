"""A newcomer without a mouse: from signing in over the empty project and a new key to the first trace. On a server of its own, which is empty."""
import re
from harness.accounts import Client
from harness.browsers import browsing
from harness.spans import request, span
from test_browser_keyboard import enter, tab_to


def test_from_an_empty_project_to_the_first_trace(make_server):
    server = make_server().start()
    with browsing(server.url) as browser:
        page = browser.open()
        page.set_default_timeout(60_000)
        page.goto("/")
        tab_to(page, "^E-mail$")
        page.keyboard.type(server.credentials["email"])
        tab_to(page, "^Password$")
        page.keyboard.type(server.credentials["password"])
        enter(page)
        page.wait_for_url(re.compile("/overview"))
        tab_to(page, "^Connect an application$")
        enter(page)
        tab_to(page, "^Make a key for sending$")
        page.keyboard.press("Enter")
        shown = page.locator("#new-key [data-shows=key]").filter(has_text="spdrl_")
        shown.wait_for()
        sent = Client(server.url, shown.inner_text()).request("POST", "/v1/traces", request(span("by keyboard")))
        assert sent.status_code == 200, sent.text
        # The way on has the focus as soon as there is one.
        page.locator("[data-first-trace]:focus").wait_for()
        enter(page)
        page.get_by_role("heading", name="by keyboard", level=1).wait_for()
        page.keyboard.press("ArrowDown")
        page.get_by_role("heading", name="by keyboard", level=2).wait_for()
        assert browser.complaints.all == []
