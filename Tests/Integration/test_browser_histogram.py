"""The histogram of the list of traces comes behind its rows: nothing waits for it, nothing moves when it comes, and it is given up with the
filter it was counted for."""
import re, urllib.parse
import pytest
from harness.accounts import Client
from harness.browsers import PageClient, browsing, sign_in
from harness.server import wait_until
from harness.spans import request, span

FRAME = "[data-fragment=traces_histogram]"
COUNT = FRAME + ' [data-metric="traces.count"]'


class Held:
    """Requests for the histogram, kept from the server until they are let through."""

    def __init__(self, page):
        self.page, self.routes, self.is_holding = page, [], True
        page.route(re.compile("fragment=traces_histogram"), self.take)

    def take(self, route):
        if self.is_holding:
            self.routes.append(route)
        else:
            route.continue_()

    def wait(self, count):
        wait_until(lambda: self.page.evaluate("true") and len(self.routes) >= count, 60, f"{count} requests for a histogram")
        return self.routes[count - 1]


@pytest.fixture(scope="module")
def server(module_server):
    sender = Client(module_server.url, module_server.key)
    spans = [span(f"step {number}", at_ms=-number * 600_000, user__id="ada" if number % 3 else "bob") for number in range(12)]
    assert sender.request("POST", "/v1/traces", request(*spans)).status_code == 200
    return module_server


@pytest.fixture(params=[{"width": 1200, "height": 800}, {"width": 360, "height": 740}], ids=["wide", "narrow"])
def viewport(request):
    return request.param


@pytest.fixture
def opened(server):
    with browsing(server.url) as browser:
        def open(**options):
            page = browser.open(**options)
            sign_in(page, server.credentials["email"], server.credentials["password"], f"/projects/{server.credentials['project_id']}/settings/general")
            return page, f"{server.url}/projects/{server.credentials['project_id']}/traces"
        open.browser = browser
        yield open


def test_rows_are_shown_first_and_nothing_moves_when_the_histogram_comes(opened, viewport):
    page, url = opened(viewport=viewport)
    held = Held(page)
    page.goto(url)
    page.locator("tr[data-id]").first.wait_for()
    assert page.locator(FRAME).get_attribute("aria-busy") == "true" and page.locator(COUNT).count() == 0
    assert page.locator("[data-shown]").inner_text() == "12 traces"
    before = page.locator(".traces-panel").bounding_box()
    held.wait(1).continue_()
    page.locator(COUNT + "[data-value='12']").wait_for()
    assert page.locator(FRAME).get_attribute("aria-busy") is None
    assert page.locator(".traces-panel").bounding_box() == before
    assert page.locator("[data-shown]").inner_text() == "12 of 12 traces"
    assert opened.browser.complaints.all == []


def test_dragging_over_the_histogram_that_came_sets_the_range_of_time(opened):
    page, url = opened(viewport={"width": 1200, "height": 800})
    page.goto(url)
    page.locator(COUNT).wait_for()
    box = page.locator(f"{FRAME} svg").bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.97, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 1, middle, steps=4)
    page.mouse.up()
    page.wait_for_url(re.compile("from=.*to="))
    count = page.locator(COUNT + ":not([data-value='12'])")
    count.wait_for()
    assert 0 < int(count.get_attribute("data-value")) < 12
    assert page.locator("tr[data-id]").count() == int(count.get_attribute("data-value"))
    assert page.locator("[data-brush].is-brushing").count() == 0
    assert opened.browser.complaints.all == []


def test_a_changed_filter_gives_up_the_histogram_that_was_being_counted(opened):
    page, url = opened()
    held = Held(page)
    given_up = []
    page.on("requestfailed", lambda request: given_up.append(request.url))
    page.goto(url)
    first = held.wait(1)
    page.get_by_role("combobox", name="Filter").fill("user_id:bob")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    second = held.wait(2)
    wait_until(lambda: page.evaluate("true") and first.request.url in given_up, 60, "the first histogram to be given up")
    second.continue_()
    page.locator(COUNT + "[data-value='4']").wait_for()
    assert page.locator("tr[data-id]").count() == 4
    assert opened.browser.complaints.all == []


def test_one_trace_is_one_trace(opened):
    page, url = opened()
    page.goto(f"{url}?q=" + urllib.parse.quote('name:"step 3"'))
    page.locator(COUNT + "[data-value='1']").wait_for()
    assert "1 trace, 0 with errors" in page.locator(f"{FRAME} figcaption").inner_text()
    assert page.locator("[data-shown]").inner_text() == "1 of 1 trace"


def test_a_histogram_that_could_not_be_counted_says_so_and_is_asked_for_again(opened):
    page, url = opened()
    held = Held(page)
    page.goto(url)
    held.wait(1).fulfill(status=503, body="busy")
    again = page.get_by_role("button", name="Try again")
    again.wait_for()
    assert "503" in page.locator(FRAME).inner_text() and page.locator("tr[data-id]").count() == 12
    held.is_holding = False
    again.click()
    page.locator(COUNT + "[data-value='12']").wait_for()


def test_without_scripts_the_page_leads_to_the_histogram(opened):
    page, url = opened(java_script_enabled=False)
    page.goto(url)
    assert page.locator("tr[data-id]").count() == 12
    assert not page.get_by_text("Counting traces over time").is_visible()
    page.get_by_role("link", name="Count traces over time").click()
    page.locator(COUNT + "[data-value='12']").wait_for()
    assert page.locator("tr[data-id]").count() == 12


def test_the_part_alone_is_the_histogram_of_its_address(server):
    client = PageClient(server.url)
    assert client.sign_in(server.credentials).status_code == 303
    path = f"/projects/{server.credentials['project_id']}/traces"
    for query, count in (("", 12), ("&q=user_id:bob", 4)):
        answer = client.get(f"{path}?fragment=traces_histogram{query}")
        assert answer.status_code == 200 and f'data-metric="traces.count" data-value="{count}"' in answer.text
        assert "tr data-id" not in answer.text and "data-pending" not in answer.text
    refused = client.get(f"{path}?fragment=traces_histogram&filter=%7B%22duration_ms%22%3A%7B%22_gt%22%3A%22x%22%7D%7D")
    assert refused.status_code == 200 and "data-metric" not in refused.text
