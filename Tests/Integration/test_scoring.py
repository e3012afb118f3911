"""Scorers over stored spans: backfills, rules that follow what comes in, the ledger of every decision, judges that fail, caps, restarts."""
import json, secrets, time
import pytest
from harness.accounts import owner
from harness.api import API
from harness.server import wait_until
from harness.stand_in import model

JUDGE = {"kind": "judge", "name": "polite", "rubric": "Is it polite?", "threshold": 0.5}
ANSWERED = {"kind": "contains", "name": "answered", "all": ["answer"]}


@pytest.fixture(scope="module")
def user(module_server, stand_in):
    return prepared(module_server, stand_in)


def prepared(server, stand_in):
    """The owner, with a credential that leads to the stand-in."""
    user = owner(server)
    credential = {"provider": "openai", "name": "stand-in", "secret": "sk-0123456789", "base_url": stand_in.url("openai")}
    user.call("POST", f"{user.organization_path}/provider-credentials", credential, 201)
    user.api = API(server.url, server.key)
    return user


def judge(**steering):
    return {**JUDGE, "model": "openai/" + model("gpt-4.1-mini", **steering)}


def good_judge():
    """Of a model that has a price: an answer that fits what is asked for, whatever it says."""
    return judge()


def export(user, count, group, output="the answer", traces=None, at=None):
    """Spans of chat calls, one trace each unless traces are given; answers their trace ids."""
    start, ids = at or time.time_ns() - 2_000_000_000, []
    spans = []
    for number in range(count):
        trace = traces[number % len(traces)] if traces else secrets.token_hex(16)
        ids.append(trace)
        attributes = {
            "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4.1-mini", "group": group,
            "gen_ai.input.messages": json.dumps([{"role": "user", "parts": [{"type": "text", "content": f"question {number}"}]}]),
        }
        if output is not None:
            attributes["gen_ai.output.messages"] = json.dumps(
                [{"role": "assistant", "parts": [{"type": "text", "content": f"{output} {number}"}], "finish_reason": "stop"}])
        spans.append({
            "traceId": trace, "spanId": secrets.token_hex(8), "name": f"chat {group}", "kind": 3, "startTimeUnixNano": str(start + number),
            "endTimeUnixNano": str(start + number + 1_000_000_000),
            "attributes": [{"key": key, "value": {"stringValue": value}} for key, value in attributes.items()]
            + [{"key": "gen_ai.usage.input_tokens", "value": {"intValue": "7"}}],
        })
    body = {"resourceSpans": [{"scopeSpans": [{"scope": {"name": "app"}, "spans": spans}]}]}
    user.api.export(json.dumps(body).encode(), content_type="application/json")
    return ids


def of(group, **more):
    return {"attributes.group": {"_eq": group}, **more}


def backfill(user, **body):
    return user.call("POST", "/api/v1/scores/backfill", body, 202)["id"]


def ended(user, task, seconds=60):
    return wait_until(
        lambda: (found := user.call("GET", f"/api/v1/tasks/{task}"))["state"] in ("succeeded", "failed", "cancelled") and found, seconds, "the task's end")


def decisions(user, **filter):
    found, cursor = [], None
    while True:
        query = "&".join(f"{key}={value}" for key, value in {**filter, "limit": 500, **({"cursor": cursor} if cursor else {})}.items())
        page = user.call("GET", f"/api/v1/score-decisions?{query}")
        found += page["data"]
        cursor = page["next_cursor"]
        if not cursor:
            return found


def decided(user, count, seconds=30, **filter):
    """All decisions, once there are so many of which none waits."""
    def look():
        found = decisions(user, **filter)
        return len(found) >= count and all(one["decision"] != "queued" for one in found) and found
    return wait_until(look, seconds, f"{count} decisions")


def kinds(found):
    counts = {}
    for one in found:
        counts[one["decision"]] = counts.get(one["decision"], 0) + 1
    return counts


def rule(user, name, **body):
    return user.call("POST", "/api/v1/score-rules", {"name": name, "filter": of(name), "scorers": [ANSWERED], **body}, 201)["id"]


def test_a_backfill_scores_what_its_filter_finds_and_enters_every_decision(user):
    export(user, 12, "filled")
    export(user, 3, "other")
    task = backfill(user, filter=of("filled"), scorers=[ANSWERED, {"kind": "latency", "maximum_ms": 10}])
    done = ended(user, task)
    assert done["state"] == "succeeded", done
    assert done["result"] == {"matched": 12, "sampled_out": 0, "skipped": 0, "scored": 12, "failed": 0, "cost_usd": 0}, done
    assert done["progress"] == {"done": 12, "total": 12}
    found = decisions(user, task_id=task)
    assert kinds(found) == {"scored": 12}
    assert found[0]["reason"] == "answered passed, latency failed"
    events = [event["type"] for event in user.call("GET", f"/api/v1/tasks/{task}/events?limit=500")["data"]]
    assert events[0] == "task.running" and events[-1] == "task.succeeded" and events.count("span.scored") == 12


def test_a_backfill_takes_the_newest_within_its_times_and_number(user):
    now = time.time_ns()
    old = export(user, 4, "timed", at=now - 3_600_000_000_000)
    new = export(user, 4, "timed", at=now)
    middle = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now // 1_000_000_000 - 1800))
    task = backfill(user, filter=of("timed"), scorers=[ANSWERED], **{"from": middle})
    ended(user, task)
    assert {one["trace_id"] for one in decisions(user, task_id=task)} == set(new)
    task = backfill(user, filter=of("timed"), scorers=[ANSWERED], to=middle, maximum_spans=2)
    ended(user, task)
    assert {one["trace_id"] for one in decisions(user, task_id=task)} == set(old[2:])


def test_a_judge_scores_spans_and_its_calls_are_spans_that_count(user):
    traces = export(user, 3, "judged")
    task = backfill(user, filter=of("judged"), scorers=[good_judge()])
    done = ended(user, task)
    assert done["result"]["scored"] == 3 and done["result"]["cost_usd"] > 0, done
    filter = json.dumps({"attributes.spandrel.task.id": {"_eq": task}})
    roots = wait_until(lambda: len(found := user.call("GET", f"/api/v1/traces?filter={filter}")["data"]) == 3 and found, 20, "the judge's traces")
    spans = user.call("GET", f"/api/v1/traces/{roots[0]['trace_id']}")["spans"]
    assert spans[0]["links"][0]["trace_id"] in traces
    call = spans[1]
    assert call["kind"] == "llm" and call["cost"] > 0 and "gen_ai.output.messages" in json.dumps(call["attributes"]), call


def test_a_judge_that_fails_is_no_zero_but_a_failure_with_its_reason(user):
    export(user, 2, "broken")
    task = backfill(user, filter=of("broken"), scorers=[ANSWERED, judge(answer="nonsense")])
    assert ended(user, task)["result"]["failed"] == 2
    for one in decisions(user, task_id=task):
        assert one["decision"] == "failed" and one["reason"].startswith("polite: "), one
    task = backfill(user, filter=of("broken"), scorers=[judge(fault="unauthorized")])
    assert ended(user, task)["result"]["failed"] == 2


def test_a_fault_that_passes_is_tried_again(user):
    export(user, 1, "flaky")
    task = backfill(user, filter=of("flaky"), scorers=[judge(answer={"score": 1, "reason": "r"}, fault="server_error", times=6, key="k" + secrets.token_hex(4))])
    done = ended(user, task)
    assert done["result"]["scored"] == 1, (done, decisions(user, task_id=task))
    assert decisions(user, task_id=task)[0]["attempt_count"] > 1


def test_the_cap_of_a_backfill_ends_it_and_the_rest_is_skipped(user):
    export(user, 20, "capped")
    task = backfill(user, filter=of("capped"), scorers=[good_judge()], cap_usd=0.0001, concurrency=1)
    done = ended(user, task)
    assert done["state"] == "succeeded" and done["result"]["skipped"] > 0 and done["result"]["scored"] > 0, done
    skipped = decisions(user, task_id=task, decision="skipped")
    assert {one["reason"] for one in skipped} == {"the spending cap is reached"}
    assert done["result"]["cost_usd"] < 0.0005


def test_a_backfill_is_cancelled_and_what_waits_is_skipped(user):
    export(user, 30, "cancelled")
    task = backfill(user, filter=of("cancelled"), scorers=[judge(answer={"score": 1, "reason": "r"}, delay_ms=2000)], concurrency=1)
    wait_until(lambda: decisions(user, task_id=task), 20, "decisions")
    assert user.call("POST", f"/api/v1/tasks/{task}/cancel")["state"] == "cancelled"
    assert user.status("POST", f"/api/v1/tasks/{task}/cancel") == 409
    left = decisions(user, task_id=task)
    assert "queued" not in kinds(left) and kinds(left)["skipped"] > 0
    assert "the backfill was cancelled" in {one["reason"] for one in left}


def test_a_rule_decides_every_span_that_comes_in_once_and_says_why(user):
    export(user, 5, "online", at=time.time_ns() - 3_600_000_000_000)
    made = rule(user, "online", sampling_rate=1)
    export(user, 4, "online")
    export(user, 2, "elsewhere")
    export(user, 1, "online", output=None)
    user.api.seal()
    export(user, 3, "online")
    found = decided(user, 10, rule_id=made)
    assert kinds(found) == {"scored": 7, "not_matched": 2, "skipped": 1}, kinds(found)
    reasons = {one["decision"]: one["reason"] for one in found}
    assert reasons["not_matched"] == '{"attributes.group":{"_eq":"online"}} does not hold'
    assert reasons["skipped"] == "the span tells no output"
    today = user.call("GET", f"/api/v1/score-rules/{made}")["today"]
    assert (today["not_matched"], today["queued"], today["skipped"], today["scored"]) == (2, 7, 1, 7), today
    user.call("DELETE", f"/api/v1/score-rules/{made}", status=204)


def test_the_rate_draws_traces_as_a_whole_and_alike_each_time(user):
    traces = [secrets.token_hex(16) for _ in range(60)]
    none = rule(user, "sampled none", filter=of("sampled"), sampling_rate=0)
    half = rule(user, "sampled half", filter=of("sampled"), sampling_rate=0.5)
    export(user, 120, "sampled", traces=traces)
    assert kinds(decided(user, 120, rule_id=none)) == {"sampled_out": 120}
    found = decided(user, 120, rule_id=half)
    taken = {one["trace_id"] for one in found if one["decision"] == "scored"}
    left = {one["trace_id"] for one in found if one["decision"] == "sampled_out"}
    assert taken | left == set(traces) and not taken & left
    assert 10 < len(taken) < 50
    again = export(user, 60, "sampled", traces=traces)
    assert again == traces
    found = decided(user, 180, rule_id=half)
    assert {one["trace_id"] for one in found if one["decision"] == "scored"} == taken
    for made in (none, half):
        user.call("DELETE", f"/api/v1/score-rules/{made}", status=204)


def test_a_daily_cap_holds_and_a_rule_never_feeds_on_its_own_calls(user):
    made = rule(user, "daily", filter={"kind": {"_eq": "llm"}}, scorers=[good_judge()], daily_cap_usd=0.0001, concurrency=1)
    export(user, 20, "daily")
    found = decided(user, 20, rule_id=made)
    counts = kinds(found)
    assert counts["scored"] > 0 and counts["skipped"] > 0, counts
    own = wait_until(lambda: [one for one in decisions(user, rule_id=made, decision="not_matched") if "own calls" in one["reason"]], 20, "the judge's spans")
    assert own and user.call("GET", f"/api/v1/score-rules/{made}")["today"]["cost_usd"] < 0.0005
    user.call("DELETE", f"/api/v1/score-rules/{made}", status=204)


def test_rules_are_made_changed_and_refused(user):
    made = rule(user, "changing", enabled=False)
    assert user.status("POST", "/api/v1/score-rules", {"name": "changing", "scorers": [ANSWERED]}) == 409
    changed = user.call("PATCH", f"/api/v1/score-rules/{made}", {"sampling_rate": 0.25, "daily_cap_usd": 3, "enabled": True})
    assert (changed["sampling_rate"], changed["daily_cap_usd"], changed["enabled"]) == (0.25, 3, True)
    assert user.call("PATCH", f"/api/v1/score-rules/{made}", {"daily_cap_usd": None})["daily_cap_usd"] is None
    user.call("DELETE", f"/api/v1/score-rules/{made}", status=204)
    assert user.status("PATCH", f"/api/v1/score-rules/{made}", {"enabled": True}) == 409
    assert made not in [one["id"] for one in user.call("GET", "/api/v1/score-rules")["data"]]
    for scorers in ([], [{"kind": "exact"}], [{"kind": "pairwise_judge", "rubric": "r"}], [{"kind": "nothing"}]):
        assert user.status("POST", "/api/v1/score-rules", {"name": "wrong", "scorers": scorers}) == 422, scorers
    assert user.status("POST", "/api/v1/score-rules", {"name": "wrong", "scorers": [ANSWERED], "filter": {"nothing": 1}}) == 400
    assert user.status("POST", "/api/v1/scores/backfill", {"scorers": [ANSWERED], "sampling_rate": 2}) == 422


def test_nothing_is_lost_or_decided_twice_when_the_server_is_killed(make_server, stand_in):
    server = make_server("--allow-outbound", "127.0.0.0/8").start()
    user = prepared(server, stand_in)
    made = rule(user, "killed")
    export(user, 40, "killed")
    server.kill()
    server = make_server("--allow-outbound", "127.0.0.0/8", directory=server.directory).start()
    user.url = server.url
    user.api = API(server.url, server.key)
    again = owner(server)
    again.api = user.api
    user.api.seal()
    export(again, 10, "killed")
    found = decided(again, 50, rule_id=made)
    assert kinds(found) == {"scored": 50}
    assert len({one["span_id"] for one in found}) == 50
    assert again.call("GET", f"/api/v1/score-rules/{made}")["today"]["scored"] == 50
