"""Pages in Chromium: a newcomer's path as far as it can be walked by clicking."""
import re
from harness.api import API
from harness.browsers import chromium


def a_span(name, trace="0af7651916cd43dd8448eb211c80319c", span="00f067aa0ba902b7"):
    return {"resourceSpans": [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "first-service"}}]}, "scopeSpans": [{"spans": [{
        "traceId": trace, "spanId": span, "name": name, "startTimeUnixNano": "1795000000000000000", "endTimeUnixNano": "1795000000250000000",
        "attributes": [{"key": "gen_ai.request.model", "value": {"stringValue": "gpt-4.1-mini"}}]}]}]}]}


def sign_in(page, server):
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(server.credentials["email"])
    page.get_by_label("Password").fill(server.credentials["password"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(re.compile("/projects/"))


def test_a_newcomer_signs_in_connects_and_sees_the_first_trace(make_server):
    server = make_server().start()
    project = f"/projects/{server.credentials['project_id']}"
    with chromium(server.url) as (page, complaints):
        sign_in(page, server)
        page.goto(f"{project}/connect")
        page.get_by_text("Waiting for the first span").wait_for()
        assert server.key not in page.content()
        answer = API(server.url, server.key).session.post(server.url + "/v1/traces", json=a_span("my first span"))
        assert answer.status_code == 200
        page.get_by_text("It works.").wait_for()
        page.locator("[data-first-trace]").click()
        page.get_by_role("heading", name="my first span").wait_for()
        page.locator("[data-span='00f067aa0ba902b7']").first.click()
        page.get_by_role("tab", name=re.compile("Attributes")).wait_for()
        page.get_by_role("link", name="Traces").first.click()
        page.goto(f"{project}/traces?from=all&q=name:%22my%20first%20span%22")
        assert page.get_by_role("link", name=re.compile("my first span")).count() == 1
        page.goto(f"{project}/traces?from=all&q=name:another")
        page.get_by_text("Nothing matches").wait_for()
        assert complaints.all == []
