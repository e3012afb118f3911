"""Names, prompts, attributes and articles that are markup and script: every page that shows them shows text."""
import json, re, urllib.parse
import pytest
from harness.accounts import Client, owner
from harness.browsers import browsing, sign_in
from harness.hostile_texts import OPEN_ALL, PLANTED, SHOWN, hostile
from harness.runs import finished, make_suite, target, use_stand_in
from harness.server import wait_until
from harness.spans import request, span
from harness.stand_in import directive

# As hostile as an address of a provider and of a person may be.
BASE_URL = "https://example.com/%3Cscript%3E?a=<img/src=x/onerror=alert(1)>'{{x}}"
INVITED = "o'brien+<img/src=x>@example.com"
KEY = urllib.parse.quote(hostile("entry-key"), safe="")


@pytest.fixture(scope="module")
def user(module_server, stand_in):
    """The owner, with something hostile in every field that takes a text. `pages`: path -> marks of what it must show."""
    user = owner(module_server)
    at = f"/projects/{user.project}"
    user.pages = {}
    name_everything(user, at)
    send_spans(user, module_server, at)
    run_a_suite(user, stand_in, at)
    write_articles(user, at)
    return user


def name_everything(user, at):
    user.call("PATCH", "/api/v1/users/me", {"name": hostile("user")})
    user.call("PATCH", user.organization_path, {"name": hostile("organization")})
    user.call("PATCH", f"/api/v1/projects/{user.project}", {"name": hostile("project")})
    user.create_key("read", name=hostile("key"))
    user.create_credential("sk-0123456789", name=hostile("credential"), provider="anthropic")
    address = user.create_credential("sk-0123456789", name="elsewhere", provider="openai_compatible", base_url=BASE_URL)["base_url"]
    invited = user.invite(INVITED, "viewer")["email"]
    user.call("POST", "/api/v1/prices", {"prices": [{
        "provider": "openai", "model_pattern": hostile("price"), "input_per_million": 1, "output_per_million": 1, "effective_from": "2026-01-01T00:00:00Z"}]}, 201)
    user.pages |= {
        "/account": ["user", "organization"], "/new-project": ["user"], f"{at}/connect": ["project", "user"], f"{at}/settings/general": ["project"],
        f"{at}/settings/members": ["user", "organization", "=" + invited], f"{at}/settings/keys": ["key"], f"{at}/settings/providers": ["credential", "=" + address],
        f"{at}/settings/prices": ["price"], f"{at}/settings/redaction": [], f"{at}/settings/audit": ["key"], f"{at}/settings/quarantine": [], "/health": []}


def send_spans(user, server, at):
    said = [{"role": "system", "parts": [{"type": "text", "content": hostile("system")}]},
            {"role": "user", "parts": [{"type": "text", "content": "# " + hostile("prompt")}]}]
    called = [{"role": "assistant", "parts": [
        {"type": "text", "content": hostile("answer")}, {"type": "tool_call", "id": hostile("call"), "name": hostile("tool"), "arguments": {hostile("argument"): hostile("value")}}]}]
    root = span(hostile("root"), lasts_ms=900, status=hostile("status"), session__id=hostile("session"), user__id=hostile("person"))
    # Every list counts what is told of the span, not of its parent alone.
    call = span(
        hostile("span"), root["traceId"], root["spanId"], 100, status=hostile("failure"), gen_ai__operation__name="chat",
        gen_ai__request__model=hostile("model"), gen_ai__system=hostile("provider"), session__id=hostile("session"), user__id=hostile("person"),
        gen_ai__input__messages=json.dumps(said), gen_ai__output__messages=json.dumps(called), error__type=hostile("error"),
        events=[(hostile("event"), {hostile("event-key"): hostile("event-value")})], **{hostile("attribute-key"): hostile("attribute")})
    call["links"] = [{"traceId": "0af7651916cd43dd8448eb211c80319c", "spanId": "00f067aa0ba902b7", "attributes": request(span("x", a=hostile("link")))
                      ["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["attributes"]}]
    sent = request(root, call, resource={"service.name": hostile("service"), hostile("resource-key"): hostile("resource")})
    assert Client(server.url, server.key).request("POST", "/v1/traces", sent).status_code == 200
    user.call("POST", "/api/v1/scores", {
        "name": hostile("score"), "label": hostile("judgement"), "reason": hostile("reason"), "trace_id": root["traceId"], "span_id": call["spanId"]}, 201)
    user.span = f"{at}/traces/{root['traceId']}?span={call['spanId']}"
    user.pages |= {
        f"{at}/overview": ["root"], f"{at}/traces": ["root", "service", "model", "person"], f"{at}/sessions": ["session"], f"{at}/users": ["person"],
        f"{at}/sessions/{quoted(hostile('session'))}": ["session", "person", "root", "answer"], f"{at}/users/{quoted(hostile('person'))}": ["person", "session", "root"],
        user.span: ["root", "span", "failure", "model", "prompt", "answer", "tool", "argument", "value", "attribute-key", "attribute", "event", "event-key",
                    "event-value", "link", "resource-key", "resource", "service", "score", "judgement", "reason"],
        f"{at}/traces?" + urllib.parse.urlencode({"q": f"name:{hostile('nothing')}"}): ["nothing"]}


def quoted(text):
    return urllib.parse.quote(text, safe="")


def run_a_suite(user, stand_in, at):
    use_stand_in(user, stand_in)
    name = hostile("suite")
    user.call("POST", "/api/v1/suites", {"name": name, "description": hostile("description")}, 201)
    suite = user.call("GET", "/api/v1/suites")["data"][0]["id"]
    user.call("POST", f"/api/v1/suites/{suite}/test-cases", {"message": hostile("message"), "put": [{
        "key": hostile("case-key"), "input": hostile("input") + directive(answer=hostile("output")), "expected": hostile("expected"), "tags": [hostile("tag")],
        "scorers": [{"kind": "exact"}]}]}, 200)
    run = user.call("POST", "/api/v1/runs", {
        "suite": name, "name": hostile("run"), "targets": [{**target(), "name": hostile("target")}], "metadata": {"branch": hostile("branch")}}, 202)["id"]
    finished(user, run)
    outcome = user.call("GET", f"/api/v1/runs/{run}/outcomes")["data"][0]["id"]
    user.pages |= {
        f"{at}/suites": ["suite", "description"], f"{at}/suites/{suite}": ["suite", "description", "case-key", "input…", "expected", "tag", "message"],
        f"{at}/suites/{suite}/cases/{quoted(hostile('case-key'))}": ["suite", "case-key", "input", "expected", "tag", "message", "run", "target"],
        f"{at}/runs": ["run", "suite", "branch"], f"{at}/runs/new": ["suite"],
        f"{at}/runs/{run}?outcome={outcome}": ["run", "suite", "branch", "target", "case-key", "input", "output", "expected"]}


def write_articles(user, at):
    entry = {"kind": "article", "title": hostile("title"), "tags": [hostile("label")], "content": {"markdown": f"# {hostile('heading')}\n\n[{hostile('link')}](javascript:alert(3))\n\n{hostile('text')}\n"}}
    for draft, description in (("first", hostile("change")), ("second", hostile("open"))):
        user.call("POST", "/api/v1/kb/drafts", {"name": draft, "description": description}, 201)
        written = user.request(
            "PUT", f"/api/v1/kb/drafts/{draft}/entries/{KEY}", entry | {"title": hostile("title" if draft == "first" else "new-title")},
            headers={"If-None-Match": "*"})
        assert written.ok, written.text
    user.call("POST", "/api/v1/kb/drafts/first/submit")
    task = user.call("POST", "/api/v1/kb/drafts/first/promote", {"message": hostile("promotion")}, 202)["id"]
    finished_task(user, task)
    user.pages |= {
        f"{at}/knowledge": ["title", "entry-key", "label"], f"{at}/knowledge/entries/{KEY}": ["title", "entry-key", "label", "heading", "text"],
        f"{at}/knowledge/entries/{KEY}?draft=second": ["new-title", "entry-key", "text"], f"{at}/knowledge/drafts": ["open"],
        f"{at}/knowledge/drafts/first?key={KEY}": ["title", "entry-key", "change", "text"], f"{at}/knowledge/drafts/second?key={KEY}": ["new-title", "entry-key", "open"],
        f"{at}/knowledge/revisions?diff=1": ["title", "entry-key", "promotion"], f"{at}/knowledge/search?" + urllib.parse.urlencode({"query": hostile("text")}): ["title", "text"]}


def finished_task(user, task):
    done = wait_until(lambda: (found := user.call("GET", f"/api/v1/tasks/{task}"))["state"] in ("succeeded", "failed") and found, 60, "the promotion")
    assert done["state"] == "succeeded", done


def test_a_draft_has_no_hostile_name(user):
    """It stands in addresses, branches and messages: letters, digits and a few signs."""
    for name in (hostile("draft"), "../../x", "a b", "A", "\u202edraft"):
        assert user.status("POST", "/api/v1/kb/drafts", {"name": name}) == 422, name


def is_shown(mark, text):
    """As it is, or as JSON writes it. A mark that ends in dots: where only the beginning has room; with a sign before it: no mark but a text."""
    if mark.startswith("="):
        return mark[1:] in text
    whole = hostile(mark.rstrip("…"))
    return any(one in text for one in ([whole[:30]] if mark.endswith("…") else [whole, json.dumps(whole, ensure_ascii=False)[1:-1]]))


def test_every_page_shows_hostile_texts_as_text(user, module_server):
    wrong = []
    with browsing(module_server.url) as browser:
        page = browser.open()
        sign_in(page, module_server.credentials["email"], module_server.credentials["password"])
        for path, marks in user.pages.items():
            answer = page.goto(path)
            if answer.status != 200:
                wrong.append((path, answer.status))
                continue
            page.evaluate(OPEN_ALL)
            shown = page.evaluate(SHOWN)
            wrong += [(path, "does not show", mark) for mark in marks if not is_shown(mark, shown)]
            wrong += [(path, "planted", element) for element in page.evaluate(PLANTED)]
        assert not wrong, '\n'.join(map(str, wrong))
        assert browser.complaints.all == []


def test_completions_of_a_filter_are_text(user, module_server):
    with browsing(module_server.url) as browser:
        page = browser.open()
        known = module_server.credentials
        sign_in(page, known["email"], known["password"], f"/projects/{known['project_id']}/traces")
        page.wait_for_load_state("load")
        for field, mark in (("user_id", "person"), ("model", "model"), ("session_id", "session")):
            page.get_by_role("combobox", name="Filter").fill(f"{field}:{mark}")
            page.get_by_role("option", name=re.compile("^" + mark)).wait_for()
            assert hostile(mark) in page.evaluate(SHOWN) and page.evaluate(PLANTED) == []
            # Chosen, it becomes a filter that finds what has exactly this text.
            page.keyboard.press("ArrowDown")
            page.keyboard.press("Enter")
            with page.expect_response(re.compile("fragment=traces_results")):
                page.keyboard.press("Enter")
            page.locator("[data-list] .row-link", has_text="root").wait_for()
            assert page.evaluate(PLANTED) == []
        assert browser.complaints.all == []
