"""The newcomer's path, from the first start of a server to an article that is taken back, by clicking what the pages show."""
import re
import pytest
from harness.accounts import Client
from harness.browsers import browsing, loaded_again, sign_in
from harness.spans import request, span
from harness.stand_in import StandIn, directive

NEW = {"email": "grace@example.com", "password": "correct horse battery staple"}


@pytest.fixture
def slow_stand_in():
    """Answers slowly enough for a run to be watched."""
    with StandIn(delay_ms=150) as stand_in:
        yield stand_in


def test_a_newcomer_connects_filters_shares_invites_runs_promotes_and_rolls_back(make_server, slow_stand_in):
    server = make_server("--allow-outbound", "127.0.0.0/8").start()
    with browsing(server.url) as browser:
        page = browser.open()
        sign_in(page, server.credentials["email"], server.credentials["password"])
        key = connect(page, server)
        see_the_first_trace_arrive(page, server, key)
        share_a_filter(page, browser, server, key)
        invite_a_viewer(page, browser)
        make_a_suite(page)
        store_a_provider_key(page, slow_stand_in)
        watch_a_run_to_its_verdict(page)
        promote_an_article(page, "refund-window", "Refunds within 14 days.")
        change_the_article(page, "Refunds within 30 days.")
        roll_back(page)
        assert browser.complaints.all == []


def navigate(page, name):
    with loaded_again(page):
        page.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True).click()


def fill(page, label, text):
    """A field of the dialog that is open."""
    page.get_by_role("dialog").get_by_label(label, exact=True).fill(text)


def connect(page, server):
    """The variables of an exporter with a key that is made on the page; answers the key."""
    page.goto(page.url.split("/overview")[0].rstrip("/") + "/connect")
    variables = page.locator("pre", has_text="OTEL_EXPORTER_OTLP_ENDPOINT=").first
    assert f"OTEL_EXPORTER_OTLP_ENDPOINT={server.url}\n" in variables.inner_text()
    assert "x-api-key=YOUR_API_KEY" in variables.inner_text()
    page.get_by_text("Waiting for the first span").wait_for()
    page.get_by_role("button", name="Make a key for sending").click()
    page.get_by_text("Your new key.").wait_for()
    key = page.locator("#new-key [data-shows=key]").inner_text()
    assert f"x-api-key={key}\n" in variables.inner_text()
    return key


def send(server, key, *spans):
    assert Client(server.url, key).request("POST", "/v1/traces", request(*spans)).status_code == 200


def see_the_first_trace_arrive(page, server, key):
    root = span("answer a customer", lasts_ms=900, session__id="session-1", user__id="ada")
    call = span(
        "chat gpt-4.1-mini", root["traceId"], root["spanId"], 100, gen_ai__operation__name="chat", gen_ai__request__model="gpt-4.1-mini",
        gen_ai__usage__input_tokens=120, gen_ai__usage__output_tokens=30)
    send(server, key, root, call)
    page.get_by_text("It works.").wait_for()
    with loaded_again(page):
        page.get_by_role("link", name="Open the trace").click()
    page.get_by_role("heading", name="answer a customer", level=1).wait_for()
    page.locator(f"[data-span='{call['spanId']}'] a").click()
    page.get_by_role("heading", name="chat gpt-4.1-mini", level=2).wait_for()
    assert f"span={call['spanId']}" in page.url


def names(page):
    return page.locator("[data-list] .row-link").all_inner_texts()


def choose(page, text):
    """A completion by the arrow keys."""
    choice = page.get_by_role("option", name=re.compile("^" + re.escape(text)))
    choice.first.wait_for()
    for _ in range(page.get_by_role("option").count()):
        page.keyboard.press("ArrowDown")
        if choice.first.get_attribute("aria-selected") == "true":
            return page.keyboard.press("Enter")
    raise AssertionError(f"no completion {text}")


def share_a_filter(page, browser, server, key):
    send(server, key, span("another", gen_ai__operation__name="chat", gen_ai__request__model="claude"))
    navigate(page, "Traces")
    page.get_by_role("link", name=re.compile("another")).wait_for()
    assert len(names(page)) == 2
    page.keyboard.press("/")
    page.keyboard.type("mode")
    choose(page, "model")
    choose(page, "model:")
    choose(page, "gpt-4.1-mini")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=re.compile("another")).wait_for(state="detached")
    shown, url = names(page), page.url
    assert len(shown) == 1 and "answer a customer" in shown[0] and "model%3Agpt-4.1-mini" in url

    other = browser.open()
    sign_in(other, server.credentials["email"], server.credentials["password"], url)
    assert other.url == url and names(other) == shown
    assert other.get_by_role("combobox", name="Filter").input_value().strip() == "model:gpt-4.1-mini"
    page.go_back()
    page.get_by_role("link", name=re.compile("another")).wait_for()


def invite_a_viewer(page, browser):
    navigate(page, "Settings")
    with loaded_again(page):
        page.get_by_role("link", name="Members", exact=True).click()
    page.get_by_role("button", name="Invite", exact=True).click()
    dialog = page.get_by_role("dialog")
    fill(page, "E-mail", NEW["email"])
    dialog.get_by_label("Role").select_option("viewer")
    dialog.get_by_role("button", name="Invite", exact=True).click()
    link = dialog.locator("[data-shows=url]")
    link.filter(has_text="spdrl_invite_").wait_for()

    other = browser.open()
    other.goto(link.inner_text())
    other.get_by_label("Name").fill("Grace")
    other.get_by_label("Password").fill(NEW["password"])
    other.get_by_role("button", name="Accept the invitation").click()
    other.wait_for_url(re.compile("/sign-in"))
    sign_in(other, NEW["email"], NEW["password"])
    other.wait_for_url(re.compile("/projects/"))
    navigate(other, "Traces")
    assert len(names(other)) == 2
    navigate(other, "Suites")
    assert other.get_by_role("button", name="New suite").count() == 0, "a viewer reads"
    other.goto("/account")
    other.get_by_text("viewer", exact=True).wait_for()

    page.reload()
    page.get_by_role("region", name="List of members").get_by_role("row", name=re.compile("Grace")).wait_for()
    assert page.get_by_label("Role of Grace").input_value() == "viewer"


def make_a_suite(page):
    navigate(page, "Suites")
    page.get_by_role("button", name="New suite").click()
    fill(page, "Name", "refunds")
    with loaded_again(page):
        page.get_by_role("button", name="Make the suite").click()
    page.get_by_role("heading", name="refunds", level=1).wait_for()
    for number in range(3):
        page.get_by_role("button", name="New case").click()
        fill(page, "Key", f"case-{number}")
        fill(page, "Input", f"How long, {number}? {directive(answer=f'within {number} days')}")
        fill(page, "Expected", f"{number} days")
        with loaded_again(page):
            page.get_by_role("button", name="Add the case").click()
        page.get_by_role("link", name=f"case-{number}").wait_for()


def store_a_provider_key(page, stand_in):
    suite = page.url
    navigate(page, "Settings")
    with loaded_again(page):
        page.get_by_role("link", name="Providers", exact=True).click()
    page.get_by_role("button", name="Add a key").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Provider").select_option("openai")
    fill(page, "Name", "the stand-in")
    fill(page, "Address", stand_in.url("openai"))
    fill(page, "Key", "sk-0123456789")
    with loaded_again(page):
        dialog.get_by_role("button", name="Store it").click()
    page.get_by_text("the stand-in").wait_for()
    page.goto(suite)


def watch_a_run_to_its_verdict(page):
    with loaded_again(page):
        page.get_by_role("link", name="Run it").click()
    page.get_by_label("Model", exact=True).fill("gpt-4.1-mini")
    page.get_by_label("Repetitions of each case").fill("8")
    page.get_by_label("Calls at a time").fill("1")
    page.locator("[data-estimate-of=cells]", has_text="24").wait_for()
    page.get_by_role("button", name="Start").click()
    page.wait_for_url(re.compile(r"/runs/[0-9a-f-]{36}"))
    done = page.locator("[data-fragment=run_head] [data-metric='run.done']")
    # It counts up on the page as it is.
    page.wait_for_function("() => document.querySelector('[data-live-run]') && Number(document.querySelector('[data-metric=\"run.done\"]').dataset.value) > 2")
    page.evaluate("document.documentElement.dataset.isWatched = ''")
    first = int(done.get_attribute("data-value"))
    page.wait_for_function(f"() => 'isWatched' in document.documentElement.dataset && Number(document.querySelector('[data-metric=\"run.done\"]').dataset.value) > {first}")
    page.locator("[data-verdict]").wait_for()
    assert page.locator("[data-verdict]").get_attribute("data-verdict") == "pass"
    assert page.locator(".verdict-sentence").inner_text().endswith(".")
    page.wait_for_function("() => document.querySelector('[data-metric=\"run.passed\"]').dataset.value === '24'")
    # What is known only now comes with the page loaded once more.
    page.locator("html:not([data-is-watched])").wait_for(state="attached")
    assert page.locator(".matrix .outcome-mark").count() == 24
    page.locator(".matrix .outcome-mark").first.click()
    page.get_by_role("complementary", name="Outcome").get_by_text("within 0 days").first.wait_for()


def promote_an_article(page, draft, text):
    navigate(page, "Knowledge")
    page.get_by_role("button", name="New draft").first.click()
    fill(page, "Name", draft)
    with loaded_again(page):
        page.get_by_role("button", name="Begin the draft").click()
    page.get_by_role("heading", name=draft, level=1).wait_for()
    page.get_by_role("button", name="New entry").click()
    fill(page, "Key", "refunds/policy")
    fill(page, "Title", "Refunds")
    fill(page, "Markdown", text)
    with loaded_again(page):
        page.get_by_role("button", name="Add the entry").click()
    review_and_promote(page)
    navigate(page, "Knowledge")
    page.get_by_text("revision 1 is active").wait_for()


def review_and_promote(page):
    with loaded_again(page):
        page.get_by_role("button", name="Ask for review").click()
    page.get_by_role("button", name="Promote", exact=True).click()
    with loaded_again(page):
        page.get_by_role("dialog").get_by_role("button", name="Promote").click()
    page.locator(".page-head .badge", has_text=re.compile("^promoted$")).wait_for()


def change_the_article(page, text):
    with loaded_again(page):
        page.get_by_role("link", name="Refunds").click()
    page.get_by_text("Edit in a draft").click()
    page.get_by_role("button", name="New draft").click()
    fill(page, "Name", "longer")
    with loaded_again(page):
        page.get_by_role("button", name="Begin the draft").click()
    page.get_by_role("heading", name="longer", level=1).wait_for()
    navigate(page, "Knowledge")
    with loaded_again(page):
        page.get_by_role("link", name="Refunds").click()
    page.get_by_text("Edit in a draft").click()
    with loaded_again(page):
        page.get_by_role("link", name="longer").click()
    page.get_by_label("Markdown").fill(text)
    with loaded_again(page):
        page.get_by_role("button", name="Save in the draft").click()
    page.get_by_role("heading", name="longer", level=1).wait_for()
    with loaded_again(page):
        page.get_by_role("link", name="Refunds").click()
    page.get_by_role("region", name="Lines").get_by_text(text).wait_for()
    review_and_promote(page)


def roll_back(page):
    article = "Refunds within"
    navigate(page, "Knowledge")
    page.get_by_text("revision 2 is active").wait_for()
    with loaded_again(page):
        page.get_by_role("link", name="Refunds").click()
    page.locator(".entry-body p").get_by_text(f"{article} 30 days.").wait_for()
    page.go_back()
    with loaded_again(page):
        page.get_by_role("link", name="Revisions").click()
    page.get_by_role("listitem").filter(has_text="Revision 1").get_by_role("button", name="Go back to it").click()
    with loaded_again(page):
        page.get_by_role("dialog").get_by_role("button", name="Go back").click()
    page.get_by_text("back to 1").wait_for()
    navigate(page, "Knowledge")
    page.get_by_text("revision 3 is active").wait_for()
    with loaded_again(page):
        page.get_by_role("link", name="Refunds").click()
    page.locator(".entry-body p").get_by_text(f"{article} 14 days.").wait_for()
