"""Langfuse's SDKs 3 and 4 pointed at a server, and what older ones send, by hand.

Each SDK lives in an environment of its own (`scripts/venv langfuse3`, `scripts/venv langfuse4`).
"""
import json, os, subprocess
import pytest
import requests
from harness.accounts import Client
from harness.api import API
from harness.browsers import PageClient
from harness.server import REPOSITORY, wait_until

TRACE, OBSERVATION = "6bb2f2c3-8d9c-4d4f-9a1e-0123456789ab", "0b1e7f2a-1111-4222-8333-0123456789ab"
TRACE_ID = TRACE.replace("-", "")
SECONDS = 120


@pytest.fixture(scope="module")
def key(server):
    return Client(server.url, server.key).create_key("ingest", "write", name="langfuse")["key"]


@pytest.fixture(scope="module")
def post(server, key):
    """Posts JSON as the SDKs do, with the key as the password of Basic."""
    def post(path, body):
        return requests.post(server.url + path, json=body, auth=("pk-lf-anything", key), timeout=60)
    return post


@pytest.fixture(scope="module")
def ingest(post):
    def ingest(*events):
        batch = [{"id": f"event-{number}", "timestamp": "2026-11-22T10:00:00.000Z", "type": kind, "body": body} for number, (kind, body) in enumerate(events)]
        answer = post("/api/public/ingestion", {"batch": batch, "metadata": {"sdk_name": "python", "sdk_version": "2.60.0"}})
        assert answer.status_code == 207, answer.text
        return answer.json()
    return ingest


def spans(api, trace_id):
    """Spans of a trace by name."""
    return {span["name"]: span for span in api.get(f"/api/v1/traces/{trace_id}")["spans"]}


def scores(api, trace_id):
    return {score["name"]: score for score in api.get("/api/v1/scores", trace_id=trace_id)["data"]}


@pytest.mark.parametrize("version", [3, 4])
def test_an_application_with_the_sdk_shows_its_trace_and_scores(server, api, key, version):
    name = f"langfuse{version}"
    subprocess.run([REPOSITORY / "scripts/venv", name], check=True)
    ran = subprocess.run(
        [REPOSITORY / f".venv/{name}/bin/python", REPOSITORY / "Tests/Integration/applications/langfuse_scores.py"], capture_output=True, text=True,
        timeout=SECONDS, env={**os.environ, "LANGFUSE_HOST": server.url, "LANGFUSE_PUBLIC_KEY": "pk-lf-anything", "LANGFUSE_SECRET_KEY": key,
                              "NO_PROXY": "*", "no_proxy": "*"})
    assert ran.returncode == 0 and "rror" not in ran.stderr, ran.stderr
    said = json.loads(ran.stdout.splitlines()[-1])
    assert said["version"].startswith(f"{version}.") and said["checked"] is True
    wait_until(lambda: len(scores(api, said["trace_id"])) == 3, 60, "the scores")
    found = spans(api, said["trace_id"])
    assert set(found) == {"ask", "call"}
    call = found["call"]
    assert (call["span_id"], call["kind"], call["model"], call["input_tokens"], call["output_tokens"]) == (said["span_id"], "llm", "gpt-4o", 3, 4), call
    assert api.span_count({"_and": [{"session_id": {"_eq": "session-1"}}, {"user_id": {"_eq": "ada"}}, {"trace_id": {"_eq": said["trace_id"]}}]}) >= 1
    shown = scores(api, said["trace_id"])
    assert (shown["accuracy"]["value"], shown["accuracy"]["reason"], shown["accuracy"]["span_id"]) == (0.75, "close", said["span_id"])
    assert (shown["helpful"]["passed"], shown["helpful"]["span_id"]) == (True, None)
    assert shown["tone"]["label"] == "friendly" and {score["source"] for score in shown.values()} == {"application"}
    # On the page each span has its own, and the root those of the whole trace.
    browser, known = PageClient(server.url), server.credentials
    browser.sign_in(known)
    for span, names in ((call, {"accuracy"}), (found["ask"], {"helpful", "tone"})):
        page = browser.get(f"/projects/{known['project_id']}/traces/{said['trace_id']}?span={span['span_id']}").text
        panel = page.partition('id="span-scores"')[2].partition('role="tabpanel"')[0]
        assert {name for name in shown if f">{name}<" in panel} == names, panel


def test_what_older_sdks_say_in_pieces_is_one_trace(api, ingest):
    created = (
        ("trace-create", {"id": TRACE, "name": "ask", "userId": "grace", "tags": ["old"], "timestamp": "2026-11-22T10:00:00Z"}),
        ("span-create", {"id": OBSERVATION, "traceId": TRACE, "name": "work", "startTime": "2026-11-22T10:00:00.100Z"}),
        ("generation-create", {"id": "g", "traceId": TRACE, "parentObservationId": OBSERVATION, "name": "call", "model": "gpt-4o", "input": "question",
                               "startTime": "2026-11-22T10:00:00.200Z"}),
        ("event-create", {"id": "e", "traceId": TRACE, "name": "noted", "startTime": "2026-11-22T10:00:00.300Z"}))
    assert len(ingest(*created)["successes"]) == 4
    api.seal()
    updated = (
        ("generation-update", {"id": "g", "traceId": TRACE, "endTime": "2026-11-22T10:00:01.200Z", "output": "answer",
                               "usage": {"promptTokens": 3, "completionTokens": 4}}),
        ("span-update", {"id": OBSERVATION, "traceId": TRACE, "endTime": "2026-11-22T10:00:02Z", "level": "ERROR", "statusMessage": "late"}),
        ("trace-create", {"id": TRACE, "output": "answer"}), ("sdk-log", {"log": "x"}))
    answer = ingest(*updated)
    assert [success["id"] for success in answer["successes"]] == [f"event-{number}" for number in range(4)] and answer["errors"] == []
    assert "not kept" in answer["successes"][3]["message"]
    # The SDK sends all of it again.
    ingest(*created, *updated)
    for _ in range(2):
        found = spans(api, TRACE_ID)
        assert set(found) == {"ask", "work", "call", "noted"}
        call, work, ask = found["call"], found["work"], found["ask"]
        assert (call["parent_span_id"], work["parent_span_id"], found["noted"]["parent_span_id"]) == (work["span_id"], ask["span_id"], ask["span_id"])
        assert (call["input_tokens"], call["output_tokens"], call["model"], call["kind"]) == (3, 4, "gpt-4o", "llm")
        assert round(call["duration_ms"]) == 1000 and round(work["duration_ms"]) == 1900 and work["status"] == "error"
        one = api.get(f"/api/v1/traces/{TRACE_ID}/spans/{call['span_id']}")
        assert "question" in json.dumps(one) and "answer" in json.dumps(one)
        api.seal()


def test_a_crash_loses_nothing_that_was_answered(make_server):
    server = make_server().start()
    auth = ("pk", server.key)
    send = lambda kind, body: requests.post(
        server.url + "/api/public/ingestion", auth=auth, timeout=60,
        json={"batch": [{"id": "1", "type": kind, "timestamp": "2026-11-22T10:00:00Z", "body": {"traceId": TRACE, "id": "g", **body}}]})
    assert send("span-create", {"name": "begun", "startTime": "2026-11-22T10:00:00Z", "input": "first"}).json()["errors"] == []
    server.kill()
    server.start()
    assert send("span-update", {"endTime": "2026-11-22T10:00:03Z", "output": "second"}).json()["errors"] == []
    server.kill()
    server.start()
    [span] = API(server.url, server.key).get(f"/api/v1/traces/{TRACE_ID}")["spans"]
    assert span["name"] == "begun" and round(span["duration_ms"]) == 3000
    one = json.dumps(API(server.url, server.key).get(f"/api/v1/traces/{TRACE_ID}/spans/{span['span_id']}"))
    assert "first" in one and "second" in one


def test_a_list_of_scores_is_answered_as_newer_sdks_read_it(api, post):
    body = [{"id": "v5-1", "traceId": "c" * 32, "name": "n", "value": 1, "dataType": "NUMERIC", "timestamp": "2026-11-22T10:00:00Z"}]
    for _ in range(2):
        answer = post("/api/public/scores", body)
        assert (answer.status_code, answer.json()) == (200, {"message": "Accepted"})
    answer = post("/api/public/scores", body + [{"name": "n", "value": 1, "sessionId": "s"}])
    assert answer.status_code == 207 and (answer.json()["accepted"], answer.json()["rejected"]) == (1, 1)
    assert len(scores(api, "c" * 32)) == 1
