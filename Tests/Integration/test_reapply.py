"""Newer prices over what is stored: a dry run that foresees them, the rewrite, what answers, explanations and other readers say then, and a
server that is killed on the way. The sums are worked out by hand."""
import duckdb
import pytest
from harness import segments
from harness.api import API
from harness.server import wait_until
from test_command_line import spandrel
from test_mapping import Sender

CALL = {"gen_ai.operation.name": "chat", "gen_ai.provider.name": "acme", "gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 100}
SECONDS = 120


def usage(model, **more):
    return {**CALL, "gen_ai.request.model": model, **more}


def set_prices(api, project, **models):
    """Of the project: dollars per million tokens of input and of output."""
    prices = [{"provider": "acme", "model_pattern": model, "effective_from": "2020-01-01T00:00:00Z", "input_per_million": into, "output_per_million": out}
              for model, (into, out) in models.items()]
    answer = api.request("PUT", f"/api/v1/projects/{project}/prices", json={"prices": prices})
    assert answer.status_code == 200, answer.text
    return answer.json()["version"]


def ended(api, task):
    def final():
        found = api.get(f"/api/v1/tasks/{task['id']}")
        return found if found["state"] not in ("queued", "running") else None
    task = wait_until(final, SECONDS, "the task to end")
    assert task["state"] == "succeeded", task
    assert task["progress"]["done"] <= task["progress"]["total"]
    return task["result"]


def reapplied(api, subject="prices", **order):
    return ended(api, api.post(f"/api/v1/{subject}/reapply", order, status=202))


def sums(api, trace):
    rows = api.query(filter={"trace_id": {"_eq": trace}}, group_by=["model"], aggregates=["sum(cost)"])["data"]
    return {row["model"]: row["sum_cost"] for row in rows}


def test_prices_are_foreseen_applied_and_explained(server, api):
    project = server.credentials["project_id"]
    first = set_prices(api, project, known=(1, 10))
    sender = Sender(server).send(
        (1, 0, 0, 10, usage("known")), (2, 0, 20, 10, usage("new")), (3, 0, 40, 10, usage("known", **{"gen_ai.usage.cost": 0.5})),
        (4, 0, 60, 10, {**usage("known"), "gen_ai.operation.name": "invoke_agent"}))
    api.seal()
    sender.send((5, 0, 80, 10, usage("new")))  # In memory still.
    # 1,000 x 1 + 100 x 10, in millionths, and what was billed.
    before = {"known": pytest.approx(0.502, rel=1e-12), "new": None}
    assert sums(api, sender.trace_id) == before
    second = set_prices(api, project, known=(2, 20), new=(3, 0))
    assert second > first and sums(api, sender.trace_id) == before

    printed = spandrel("prices", "reapply", "--dry-run", "--data-dir", str(server.data)).stdout
    assert "3 of 5 spans would change" in printed and sender.trace_id in printed
    # 0.004 + 0.5, and twice 1,000 x 3.
    after = {"known": pytest.approx(0.504, rel=1e-12), "new": pytest.approx(0.006, rel=1e-12)}
    foreseen = reapplied(api, dry_run=True)
    assert sums(api, sender.trace_id) == before
    assert (foreseen["spans"], foreseen["changed_spans"], foreseen["fields"]) == (5, 3, {"cost": 3})
    assert foreseen["before"]["cost"] == pytest.approx(0.502, rel=1e-12) and foreseen["after"]["cost"] == pytest.approx(0.51, rel=1e-12)
    assert foreseen["before"]["input_tokens"] == foreseen["after"]["input_tokens"] == 5000
    assert {model["model"]: (model["changed_spans"], model["cost_after"]) for model in foreseen["models"]} == {"known": (1, after["known"]), "new": (2, after["new"])}
    assert {(span["span_id"], span["fields"][0]["before"], span["fields"][0]["after"]) for span in foreseen["sample"]} == {
        (f"{1:016x}", 0.002, 0.004), (f"{2:016x}", None, 0.003), (f"{5:016x}", None, 0.003)}
    elsewhere = reapplied(api, dry_run=True, received_to="2020-01-01")
    assert (elsewhere["segments"], elsewhere["spans"]) == (0, 0)

    done = reapplied(api)
    assert done["rewritten_segments"] == 2 and {**done, "rewritten_segments": 0, "dry_run": True} == foreseen
    assert done["price_version"] == second and done["skipped_segments"] == []
    assert sums(api, sender.trace_id) == after
    assert sender.listed()["cost"] == pytest.approx(0.51, rel=1e-12)
    for number, cost in {1: 0.004, 2: 0.003, 3: 0.5, 4: None, 5: 0.003}.items():
        explained = sender.explained(number)["cost"]
        assert (sender.span(number)["cost"], explained["value"], explained["current_value"]) == (cost, cost, cost), number
        assert explained["price_version"] == second
    files = [str(path) for path in segments.files(server.data, "spans")]
    assert duckdb.execute("SELECT sum(cost) FROM read_parquet(?, union_by_name = true)", [files]).fetchone()[0] == pytest.approx(0.51, rel=1e-12)
    inspected = spandrel("inspect", "store", "--data-dir", str(server.data)).stdout
    assert "damage" not in inspected.replace("no damage", "")

    again = spandrel("prices", "reapply", "--data-dir", str(server.data)).stdout
    assert "0 of 0 spans changed" in again
    mapped = spandrel("mappings", "reapply", "--data-dir", str(server.data)).stdout
    assert "0 of 0 spans changed" in mapped
    actions = [entry["action"] for entry in api.get("/api/v1/audit")["data"]]
    assert {"reapplyPrices", "reapplyMapping"} <= set(actions)


def test_orders_that_mean_nothing_are_refused(server, api):
    for path in ("/api/v1/prices/reapply", "/api/v1/mappings/reapply"):
        for body, field in (({"received_from": "yesterday"}, "received_from"), ({"dry_run": 1}, "dry_run"), ({"days": 3}, "days"),
                            ({"received_from": "2026-02-02", "received_to": "2026-02-01"}, "received_to"), ({"received_to": "2026-02-01T10"}, "received_to")):
            answer = api.request("POST", path, json=body)
            assert answer.status_code == 422 and field in answer.text, answer.text


def test_a_server_that_is_killed_on_the_way_goes_on_where_it_was(make_server):
    server = make_server().start()
    api, project = API(server.url, server.key), server.credentials["project_id"]
    senders = []
    for part in range(8):
        # Tokens differ, so that no two requests are one.
        sender = Sender(server)
        for number in range(1, 4):
            sender.send((number, 0, number * 100 + part, 10, usage("known")))
        api.seal()
        senders.append(sender)
    set_prices(api, project, known=(4, 40))
    task = api.post("/api/v1/prices/reapply", {}, status=202)
    wait_until(lambda: api.get(f"/api/v1/tasks/{task['id']}")["state"] != "queued", SECONDS, "the task to begin")
    server.kill()
    server.start()
    api = API(server.url, server.key)
    assert ended(api, task)["skipped_segments"] == []
    for sender in senders:
        # Three calls of 1,000 x 4 + 100 x 40 millionths.
        assert sums(api, sender.trace_id) == {"known": pytest.approx(0.024, rel=1e-12)}
    rows = [row for path in segments.files(server.data, "spans") for row in segments.by_pyarrow(path)]
    assert len(rows) == 24 and all(row["cost"] == pytest.approx(0.008, rel=1e-12) for row in rows)
    assert reapplied(api, dry_run=True)["segments"] == 0
