"""The list of traces while spans arrive: it counts up by itself, stops when it is told to, says how many came while the reader was elsewhere,
and misses nothing that came before its stream was there."""
import re
import pytest
from harness.accounts import Client
from harness.browsers import browsing, sign_in
from harness.server import wait_until
from harness.spans import request, span

# Low enough for the list to be scrolled.
VIEWPORT = {"width": 1000, "height": 500}


@pytest.fixture
def live(make_server):
    """The traces of a project that sends, on a page that follows them."""
    server = make_server().start()
    sender = Client(server.url, server.key)

    def send(*names, **members):
        assert sender.request("POST", "/v1/traces", request(*[span(name, **members) for name in names])).status_code == 200

    with browsing(server.url) as browser:
        page = browser.open(viewport=VIEWPORT)
        page.greetings = []
        page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: "hello" in str(frame) and page.greetings.append(socket.url)))
        send("the first")
        sign_in(page, server.credentials["email"], server.credentials["password"], f"/projects/{server.credentials['project_id']}/traces")
        row(page, "the first").wait_for()
        greeted(page, 1)
        yield page, send, browser
        assert browser.complaints.all == []


def row(page, name):
    return page.locator("[data-list] .row-link", has_text=name)


def greeted(page, count):
    """Until the stream has said how many traces there are: what is sent from now on is new to the page."""
    wait_until(lambda: page.evaluate("true") and len(page.greetings) >= count, 20, "the stream's greeting")


def toggle(page):
    return page.locator("[data-live-toggle]")


def rows_shown(page):
    return page.locator("[data-list] tbody tr").count()


def test_new_traces_come_to_the_top_of_the_list_by_themselves(live):
    page, send, _ = live
    page.evaluate("document.documentElement.dataset.isTheSame = ''")
    for number in range(3):
        send(f"arrival {number}")
        row(page, f"arrival {number}").wait_for()
    assert rows_shown(page) == 4
    assert row(page, "arrival").all_inner_texts() == ["arrival 2", "arrival 1", "arrival 0"]
    assert page.locator("html[data-is-the-same]").count() == 1, "the page was not loaded anew"


def test_a_pause_stops_the_list_until_the_reader_goes_on(live):
    page, send, _ = live
    toggle(page).click()
    page.get_by_text("Paused").wait_for()
    send("while paused")
    # A page opened now shows it, so it has arrived.
    with page.expect_popup() as opened:
        page.evaluate("window.open(location.href)")
    row(opened.value, "while paused").wait_for()
    opened.value.close()
    assert rows_shown(page) == 1
    page.keyboard.press("p")
    row(page, "while paused").wait_for()
    assert toggle(page).inner_text() == "Live"
    greeted(page, 2)
    send("afterwards")
    row(page, "afterwards").wait_for()


def test_who_reads_further_down_is_told_how_many_came_and_takes_them(live):
    page, send, _ = live
    send(*[f"many {number}" for number in range(40)])
    row(page, "many 39").wait_for()
    page.mouse.wheel(0, 600)
    page.wait_for_function("() => scrollY > 80")
    before = rows_shown(page)
    send("new 0", "new 1", "new 2")
    page.get_by_role("button", name=re.compile("^3 new$")).wait_for()
    assert rows_shown(page) == before
    send("new 3")
    page.get_by_role("button", name=re.compile("^4 new$")).wait_for()
    page.get_by_role("button", name="4 new").click()
    row(page, "new 3").wait_for()
    assert rows_shown(page) == before + 4
    page.get_by_role("button", name=re.compile("new$")).wait_for(state="hidden")


def test_with_a_filter_only_what_it_lets_through_comes(live):
    page, send, _ = live
    page.keyboard.press("/")
    page.keyboard.type("user_id:ada ")
    page.keyboard.press("Enter")
    page.get_by_text("Nothing matches").wait_for()
    greeted(page, 2)
    send("bob's", user__id="bob")
    send("ada's", user__id="ada")
    row(page, "ada's").wait_for()
    assert rows_shown(page) == 1


def test_a_filter_in_brackets_is_followed_as_well(live):
    page, send, _ = live
    page.goto(page.url + "?filter[user_id][_eq]=ada")
    page.get_by_text("Nothing matches").wait_for()
    greeted(page, 2)
    send("bob's", user__id="bob")
    send("ada's", user__id="ada")
    row(page, "ada's").wait_for()
    assert rows_shown(page) == 1


@pytest.fixture
def delayed(make_server):
    """A signed-in page whose streams reach the server only once a span was sent: `sending(name)` says which, `streams` has those that are open."""
    server = make_server().start()
    sender = Client(server.url, server.key)

    def send(name, **members):
        assert sender.request("POST", "/v1/traces", request(span(name, **members))).status_code == 200

    with browsing(server.url) as browser:
        page = browser.open(viewport=VIEWPORT)
        page.waiting, page.streams = [], []

        def connect(socket):
            # The page was rendered before its module asked for the stream, and the server greets it after this.
            while page.waiting:
                name, members = page.waiting.pop(0)
                send(name, **members)
            page.streams.append(socket)
            socket.connect_to_server()

        page.route_web_socket(re.compile("/api/v1/events"), connect)
        sign_in(page, server.credentials["email"], server.credentials["password"], f"/projects/{server.credentials['project_id']}/settings/general")
        yield page, send, f"{server.url}/projects/{server.credentials['project_id']}"
        assert browser.complaints.all == []


def test_what_came_between_the_list_and_its_stream_is_shown(delayed):
    page, send, project = delayed
    send("before")
    page.waiting.append(("meanwhile", {}))
    page.goto(f"{project}/traces")
    row(page, "meanwhile").wait_for()
    assert row(page, "").all_inner_texts() == ["meanwhile", "before"]


def test_what_came_while_the_stream_was_lost_is_shown(delayed):
    page, send, project = delayed
    send("before")
    page.goto(f"{project}/traces")
    row(page, "before").wait_for()
    wait_until(lambda: page.evaluate("true") and page.streams, 60, "the stream")
    page.waiting.append(("while it was lost", {}))
    page.streams[-1].close(code=1012)
    row(page, "while it was lost").wait_for()
    assert len(page.streams) == 2


def test_a_trace_grows_by_what_came_before_its_stream(delayed):
    page, send, project = delayed
    trace = "5a" * 16
    send("the root", trace=trace)
    page.waiting.append(("a late child", {"trace": trace}))
    page.goto(f"{project}/traces/{trace}")
    page.locator(".wf-row", has_text="a late child").wait_for()
    page.locator('[data-metric="trace.span_count"][data-value="2"]').wait_for()
