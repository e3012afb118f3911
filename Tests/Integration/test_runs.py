"""A suite run against a provider's stand-in by the server's own worker: results, verdict, events, traces."""
import json
import pytest
from harness.accounts import owner
from harness.runs import case, finished, make_suite, target, use_stand_in
from harness.server import wait_until

CASES = 30
# Every case is asked, whatever the first results say.
WHOLE = {"minimum_pass_rate": 0.5, "stop_early": False}


@pytest.fixture(scope="module")
def user(module_server, stand_in):
    """The owner, with a credential that leads to the stand-in and a suite whose last case is answered wrongly."""
    user = owner(module_server)
    use_stand_in(user, stand_in)
    cases = [case(number, answer="wrong" if number == CASES - 1 else f"answer {number}") for number in range(CASES)]
    user.suite = make_suite(user, "echo", cases)
    return user


def test_a_run_is_done_by_the_server_and_ends_with_a_verdict(user):
    made = user.call("POST", "/api/v1/runs", {"suite": "echo", "targets": [target()], "repetitions": 2, "gate": WHOLE}, 202)
    assert made["state"] == "queued"
    run = finished(user, made["id"])
    assert run["state"] == "finished", run
    assert run["counts"] == {"cells": 2 * CASES, "done": 2 * CASES, "passed": 2 * CASES - 2, "failed": 2, "errored": 0}
    assert run["verdict"]["result"] == "pass", run["verdict"]
    assert run["cost_usd"] > 0 and run["input_tokens"] > 0


def test_every_step_is_an_event_numbered_without_gaps(user):
    made = user.call("POST", "/api/v1/runs", {"suite": "echo", "targets": [target()], "gate": WHOLE}, 202)
    finished(user, made["id"])
    events = user.call("GET", f"/api/v1/runs/{made['id']}/events?limit=500")["data"]
    assert [event["sequence"] for event in events] == list(range(1, len(events) + 1))
    kinds = [event["type"] for event in events]
    assert kinds.count("case.finished") == CASES and kinds.count("case.started") == CASES
    assert "run.running" in kinds and "run.finished" in kinds


def test_what_is_decided_is_not_asked_on(user):
    body = {"suite": "echo", "targets": [target()], "repetitions": 20, "concurrency": 4, "gate": {"minimum_pass_rate": 0.5, "stop_early": True}}
    run = finished(user, user.call("POST", "/api/v1/runs", body, 202)["id"])
    assert run["state"] == "finished" and run["verdict"]["result"] == "pass"
    assert run["verdict"]["targets"][0]["stopped_early"] is True
    assert run["counts"]["done"] < run["counts"]["cells"] == 20 * CASES


def test_an_idempotency_key_makes_one_run(user):
    body = {"suite": "echo", "targets": [target()], "name": "once"}
    first = user.request("POST", "/api/v1/runs", body, headers={"Idempotency-Key": "k-1"})
    again = user.request("POST", "/api/v1/runs", body, headers={"Idempotency-Key": "k-1"})
    other = user.request("POST", "/api/v1/runs", {**body, "name": "twice"}, headers={"Idempotency-Key": "k-1"})
    assert (first.status_code, again.status_code, other.status_code) == (202, 200, 409)
    assert first.json()["id"] == again.json()["id"]
    finished(user, first.json()["id"])


def test_a_run_is_compared_with_the_newest_of_a_branch(user):
    body = {"suite": "echo", "targets": [target()], "metadata": {"branch": "main"}}
    baseline = user.call("POST", "/api/v1/runs", body, 202)
    finished(user, baseline["id"])
    made = user.call("POST", "/api/v1/runs", {"suite": "echo", "targets": [target()], "baseline": "main", "gate": {"maximum_regression": 0.2}}, 202)
    assert made["baseline_run_id"] == baseline["id"]
    run = finished(user, made["id"])
    assert run["verdict"]["result"] == "pass", run["verdict"]


def test_wrong_runs_are_refused_with_every_fault_named(user):
    answer = user.request("POST", "/api/v1/runs", {"suite": "echo", "targets": [{"name": "x", "kind": "model", "provider": "nobody"}], "repetitions": 0, "gate": {"minimum_pass_rate": 7}})
    assert answer.status_code == 422
    fields = {error["field"] for error in answer.json()["errors"]}
    assert {"targets[0].provider", "targets[0].model", "repetitions"} <= fields, fields
    assert user.status("POST", "/api/v1/runs", {"suite": "nothing", "targets": [target()]}) == 422


def test_a_provider_without_a_credential_fails_the_run_and_says_so(user):
    made = user.call("POST", "/api/v1/runs", {"suite": "echo", "targets": [target(provider="anthropic", model="claude")]}, 202)
    run = finished(user, made["id"])
    assert run["state"] == "failed" and "anthropic" in run["state_reason"]


def test_every_case_is_a_trace_with_the_attributes_of_its_call(user):
    made = user.call("POST", "/api/v1/runs", {"suite": "echo", "targets": [target()], "name": "traced", "gate": WHOLE}, 202)
    finished(user, made["id"])
    filter = json.dumps({"attributes.spandrel.run.id": {"_eq": made["id"]}})
    roots = wait_until(
        lambda: len(found := user.call("GET", f"/api/v1/traces?limit=100&filter={filter}")["data"]) == CASES and found, 20, "the run's traces")
    trace = user.call("GET", f"/api/v1/traces/{roots[0]['trace_id']}")
    spans = {span["name"]: span for span in trace["spans"]}
    call = spans["chat gpt-4.1-mini"]
    attributes = {a["key"]: a["value"] for a in call["attributes"]} if isinstance(call["attributes"], list) else call["attributes"]
    assert "gen_ai.usage.input_tokens" in attributes and "gen_ai.output.messages" in attributes, attributes
