"""The page of a run that is under way, when what it follows and what it showed first do not meet."""
import json, re
import pytest
from harness.accounts import owner
from harness.browsers import browsing, sign_in
from harness.runs import case, finished, make_suite, target, use_stand_in
from harness.server import wait_until


@pytest.fixture(scope="module")
def user(module_server, stand_in):
    user = owner(module_server)
    use_stand_in(user, stand_in)
    return user


def test_a_run_that_ended_before_its_stream_began_is_shown_as_ended(module_server, user):
    make_suite(user, "echo", [case(1, delay_ms=60_000)])
    with browsing(module_server.url) as browser:
        page, streams = browser.open(), []
        # The page's socket opens, and hears nothing before it is let through to the server.
        page.route_web_socket(re.compile("/events"), lambda stream: streams.append(stream))
        known = module_server.credentials
        sign_in(page, known["email"], known["password"])
        run = user.call("POST", "/api/v1/runs", {"suite": "echo", "targets": [target()]}, 202)["id"]
        page.goto(f"/projects/{known['project_id']}/runs/{run}")
        wait_until(lambda: page.evaluate("true") and streams, 20, "the page's stream")
        assert page.locator("[data-live-run]").count() == 1, "it was shown while it was under way"
        user.call("POST", f"/api/v1/runs/{run}/cancel")
        assert finished(user, run)["state"] == "cancelled"
        streams.pop().connect_to_server()
        page.locator("[data-live-run]").wait_for(state="detached")
        page.locator("[data-run-state=cancelled]").wait_for()
        assert browser.complaints.all == []


def test_how_long_a_run_will_take_is_what_the_stream_says(module_server, user):
    make_suite(user, "paced", [case(number, delay_ms=300) for number in range(60)])
    with browsing(module_server.url) as browser:
        page, known, told = browser.open(), module_server.credentials, set()

        def remember(frame):
            left = (json.loads(frame).get("data") or {}).get("estimated_seconds_left")
            if left is not None:
                told.add(float(left))

        page.on("websocket", lambda stream: stream.on("framereceived", remember))
        sign_in(page, known["email"], known["password"])
        run = user.call("POST", "/api/v1/runs", {"suite": "paced", "targets": [target()], "concurrency": 1}, 202)["id"]
        page.goto(f"/projects/{known['project_id']}/runs/{run}")
        shown = page.locator("[data-metric='run.seconds_left']")
        # Asking the page is what lets its frames be heard.
        figure = wait_until(lambda: shown.count() and float(shown.get_attribute("data-value")) in told and shown, 60, "an estimate of the stream's")
        assert re.fullmatch(r"about \d+ (s|min) left", figure.inner_text())
        user.call("POST", f"/api/v1/runs/{run}/cancel")
        page.locator("[data-run-state=cancelled]").wait_for()
        assert browser.complaints.all == []


def test_an_outcome_stands_beside_what_the_baseline_answered(module_server, user):
    def run(answer, **more):
        user.call("POST", f"/api/v1/suites/{suite}/test-cases", {"put": [case(1, answer=answer)]}, 200)
        started = user.call("POST", "/api/v1/runs", {"suite": "capitals", "targets": [target()], "repetitions": 2, **more}, 202)
        return finished(user, started["id"])["id"]

    suite = make_suite(user, "capitals", [case(1, answer="nothing yet")])
    baseline = run("it was Bonn")
    compared = run("it is Berlin", baseline=baseline)
    with browsing(module_server.url) as browser:
        page, known = browser.open(), module_server.credentials
        sign_in(page, known["email"], known["password"], f"/projects/{known['project_id']}/runs/{compared}")
        page.locator(".matrix .outcome-mark").nth(1).click()
        page.locator("[data-outcome-panel]").get_by_text("repetition 2 of 2").wait_for()
        section = page.locator("[data-outcome-panel] section", has=page.get_by_role("heading", name="The baseline answered"))
        section.get_by_text("it was Bonn").wait_for()
        page.locator("[data-outcome-panel]").get_by_text("it is Berlin").first.wait_for()
        page.goto(f"/projects/{known['project_id']}/runs/{baseline}")
        page.locator(".matrix .outcome-mark").first.click()
        page.locator("[data-outcome-panel]").get_by_text("it was Bonn").first.wait_for()
        assert page.get_by_role("heading", name="The baseline answered").count() == 0
        assert browser.complaints.all == []
