"""The pages by keyboard alone: sign in, filter, open a trace and walk it, start a run, promote an article. The mouse is never touched."""
import re
import pytest
from harness.accounts import Client, owner
from harness.browsers import browsing, loaded_again, sign_in
from harness.knowledge import ENDED
from harness.runs import case, make_suite, use_stand_in
from harness.server import wait_until
from harness.spans import request, span

# Stops of the Tab key on the longest page.
STOPS = 80
FOCUSED = "() => { const {activeElement: at} = document; return at.ariaLabel || at.labels?.[0]?.innerText.trim() || at.innerText?.trim() || ''; }"


@pytest.fixture(scope="module")
def user(module_server, stand_in):
    user = owner(module_server)
    use_stand_in(user, stand_in)
    make_suite(user, "echo", [case(number, answer=f"answer {number}") for number in range(3)])
    return user


@pytest.fixture(scope="module")
def trace(module_server, user):
    """An agent that calls a model twice; the second call fails."""
    root = span("walk", lasts_ms=900, user__id="ada")
    calls = [
        span(name, root["traceId"], root["spanId"], 100 * place, status=status, gen_ai__operation__name="chat", gen_ai__request__model="gpt-4.1-mini")
        for place, (name, status) in enumerate([("first call", None), ("second call", "quota")], 1)]
    deeper = span("deeper", root["traceId"], calls[0]["spanId"], 150)
    other = span("other", user__id="bob")
    assert Client(module_server.url, module_server.key).request("POST", "/v1/traces", request(root, *calls, deeper, other)).status_code == 200
    return {one["name"]: one["spanId"] for one in (root, *calls, deeper)} | {"id": root["traceId"]}


@pytest.fixture(scope="module")
def browser(module_server):
    with browsing(module_server.url) as browser:
        yield browser


@pytest.fixture
def page(browser, module_server):
    """A page of somebody who is signed in; the browser must not have complained of anything."""
    page = browser.open()
    known = module_server.credentials
    sign_in(page, known["email"], known["password"], f"/projects/{known['project_id']}/traces")
    page.wait_for_load_state("load")
    yield page
    assert browser.complaints.all == []
    page.context.close()


def tab_to(page, name, key="Tab"):
    """Presses Tab until what is called so has the focus, and sees that the focus is shown."""
    for _ in range(STOPS):
        page.keyboard.press(key)
        if re.search(name, page.evaluate(FOCUSED)):
            return page.locator(":focus-visible").wait_for()
    raise AssertionError(f"{name!r} is not reached by {key} on {page.url}")


def focused(page):
    return page.locator(":focus")


def go(page, letter):
    with loaded_again(page):
        page.keyboard.press("g")
        page.keyboard.press(letter)


def enter(page):
    """Enter, where it leads to another page."""
    with loaded_again(page):
        page.keyboard.press("Enter")


def test_signing_in(browser, module_server):
    page = browser.open()
    page.goto("/")
    tab_to(page, "^E-mail$")
    page.keyboard.type(module_server.credentials["email"])
    tab_to(page, "^Password$")
    page.keyboard.type(module_server.credentials["password"])
    enter(page)
    page.wait_for_url(re.compile("/projects/"))
    # The first stop of a page leads past its navigation.
    page.keyboard.press("Tab")
    assert focused(page).inner_text() == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
    page.context.close()


def test_a_question_mark_shows_the_keys_and_escape_closes_them(page):
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keyboard shortcuts").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")


def test_filtering_and_opening_a_row(page, trace):
    page.keyboard.press("/")
    page.keyboard.type("user")
    page.get_by_role("option", name=re.compile("^user_id")).wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    assert focused(page).input_value() == "user_id"
    page.keyboard.type(":ada ")
    page.keyboard.press("Enter")
    page.locator(".row-link", has_text="other").wait_for(state="detached")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert focused(page).inner_text() == "walk"
    enter(page)
    page.get_by_role("heading", name="walk", level=1).wait_for()


def test_j_and_k_go_through_a_list(page, trace):
    rows = page.locator("[data-list] .row-link").all_inner_texts()
    assert len(rows) > 1
    for key, place in (("j", 0), ("j", 1), ("k", 0), ("k", 0)):
        page.keyboard.press(key)
        assert focused(page).inner_text() == rows[place]


def selected(page):
    return page.locator("[role=treeitem][aria-selected=true]")


def test_walking_a_trace(page, trace):
    page.goto(page.url.partition("?")[0] + f"/{trace['id']}")

    def press(key, name):
        page.keyboard.press(key)
        page.locator(f"[role=treeitem][aria-selected=true][data-span='{trace[name]}']").wait_for()

    press("ArrowDown", "walk")
    press("ArrowDown", "first call")
    page.get_by_role("heading", name="first call", level=2).wait_for()
    assert f"span={trace['first call']}" in page.url
    page.keyboard.press("ArrowLeft")
    page.locator("[role=treeitem][aria-expanded=false]").wait_for()
    press("ArrowDown", "second call")
    press("k", "first call")
    page.keyboard.press("ArrowRight")
    page.locator(f"[role=treeitem][data-span='{trace['deeper']}']").wait_for()
    press("j", "deeper")
    press("ArrowLeft", "first call")
    press("e", "second call")
    assert "is-error" in selected(page).get_attribute("class")
    press("Home", "walk")
    press("End", "second call")


def test_opening_a_span_and_its_attributes(page, trace):
    page.goto(page.url.partition("?")[0] + f"/{trace['id']}")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("j")
    page.get_by_role("heading", name="first call", level=2).wait_for()
    page.keyboard.press("Enter")
    page.locator("[data-span-panel] [role=tab]:focus").wait_for()
    # Arrows go from tab to tab.
    page.keyboard.press("End")
    page.locator("[role=tab]:focus", has_text="Attributes").wait_for()
    page.get_by_role("tabpanel", name=re.compile("Attributes")).get_by_text("gen_ai.request.model").wait_for()
    tab_to(page, "^Filter by gen_ai.request.model$")
    enter(page)
    page.locator("[data-list] .row-link", has_text="walk").wait_for()
    assert page.locator("[data-list] .row-link", has_text="other").count() == 0


def test_starting_a_run(page, user):
    go(page, "r")
    tab_to(page, "^Start a run$")
    enter(page)
    tab_to(page, "^Model$")
    page.keyboard.type("gpt-4.1-mini")
    tab_to(page, "^Start$")
    enter(page)
    page.wait_for_url(re.compile(r"/runs/[0-9a-f-]{36}"))
    page.locator("[data-verdict]").wait_for()
    page.locator("[data-live-run]").wait_for(state="detached")
    page.locator(".matrix .outcome-mark").nth(2).wait_for()


def test_promoting_an_article(page, user, module_server):
    go(page, "k")
    tab_to(page, "^New draft$")
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED) == "Name", "the first field of the dialog has the focus"
    page.keyboard.type("by-keyboard")
    enter(page)
    page.get_by_role("heading", name="by-keyboard").wait_for()
    tab_to(page, "^New entry$")
    page.keyboard.press("Enter")
    page.keyboard.type("keys/all")
    tab_to(page, "^Title$")
    page.keyboard.type("Keys")
    tab_to(page, "^Markdown$")
    page.keyboard.type("Everything has a key.")
    tab_to(page, "^Add the entry$")
    enter(page)
    tab_to(page, "^Ask for review$")
    enter(page)
    tab_to(page, "^Promote$")
    page.keyboard.press("Enter")
    page.get_by_role("dialog", name="Are you sure?").wait_for()
    tab_to(page, "^Promote$")
    enter(page)
    page.locator(".page-head .badge", has_text=re.compile("^promoted$")).wait_for()
    go(page, "k")
    page.get_by_role("link", name="Keys").wait_for()


def test_inviting_a_member(page, browser):
    go(page, "c")
    tab_to(page, "^Members$")
    enter(page)
    tab_to(page, "^Invite$")
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED) == "E-mail", "the first field of the dialog has the focus"
    page.keyboard.type("grace@example.com")
    tab_to(page, "^Role$")
    page.keyboard.type("viewer")
    tab_to(page, "^Invite$")
    page.keyboard.press("Enter")
    link = page.locator("[data-shows=url]").filter(has_text="spdrl_invite_")
    link.wait_for(timeout=60_000)
    assert page.evaluate(FOCUSED) == "Copy", "what there is to copy has the focus"
    guest = browser.open()
    guest.goto(link.inner_text())
    tab_to(guest, "^(Your )?[Nn]ame$")
    guest.keyboard.type("Grace")
    tab_to(guest, "^Password$")
    guest.keyboard.type("correct horse battery staple")
    enter(guest)
    guest.wait_for_url(re.compile("/sign-in"))
    tab_to(guest, "^E-mail$")
    guest.keyboard.type("grace@example.com")
    tab_to(guest, "^Password$")
    guest.keyboard.type("correct horse battery staple")
    enter(guest)
    guest.wait_for_url(re.compile("/projects/"))
    guest.context.close()
    page.keyboard.press("Escape")
    page.get_by_role("dialog", name="Invite").wait_for(state="detached")
    page.reload()
    page.get_by_role("row", name=re.compile("Grace")).wait_for()


def promoted(user, draft, text):
    """A revision with one article, made as programs make it."""
    user.call("POST", "/api/v1/kb/drafts", {"name": draft}, 201)
    entry = {"kind": "article", "title": "Tides", "tags": [], "content": {"markdown": text}}
    known = user.request("GET", f"/api/v1/kb/drafts/{draft}/entries/tides")
    match = {"If-Match": known.headers["ETag"]} if known.ok else {"If-None-Match": "*"}
    written = user.request("PUT", f"/api/v1/kb/drafts/{draft}/entries/tides", entry, headers=match)
    assert written.ok, written.text
    user.call("POST", f"/api/v1/kb/drafts/{draft}/submit")
    task = user.call("POST", f"/api/v1/kb/drafts/{draft}/promote", {"message": draft}, 202)["id"]
    done = wait_until(lambda: (found := user.call("GET", f"/api/v1/tasks/{task}"))["state"] in ENDED and found, 60, "the promotion")
    assert done["state"] == "succeeded", done


def test_rolling_back_a_revision(page, user):
    promoted(user, "high", "High at noon.")
    promoted(user, "low", "Low at noon.")
    go(page, "k")
    tab_to(page, "^Tides")
    enter(page)
    page.locator(".entry-body p").get_by_text("Low at noon.").wait_for()
    go(page, "k")
    tab_to(page, "^Revisions")
    enter(page)
    # The newest revision is active: the first that can be gone back to is the one before.
    tab_to(page, "^Go back to it$")
    page.keyboard.press("Enter")
    page.get_by_role("dialog", name="Are you sure?").wait_for()
    page.set_default_timeout(60_000)
    tab_to(page, "^Go back$")
    enter(page)
    page.locator(".badge", has_text=re.compile("^back to ")).first.wait_for()
    go(page, "k")
    tab_to(page, "^Tides")
    enter(page)
    page.locator(".entry-body p").get_by_text("High at noon.").wait_for()
