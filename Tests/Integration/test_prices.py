"""What calls cost, through the whole path: prices of installation, organization and project, the import of LiteLLM's table, explanations.
The cases are a handful of those that are worked out by hand in Tests/GenAIConventionsTests/HandComputedCost*.swift.
"""
import json, re
import pytest
from harness import accounts
from harness.api import API
from harness.browsers import PageClient
from test_command_line import spandrel
from test_mapping import Sender

CALL = {"gen_ai.operation.name": "chat"}
# Millionths of a dollar, each with its arithmetic: tokens times dollars per million.
COSTS = {
    # 400 x 3 + 500 x 0.3 + 60 x 3.75 + 40 x 6 + 200 x 15
    "cache read, written for 5 minutes and for an hour": (
        {"gen_ai.provider.name": "anthropic", "gen_ai.request.model": "claude-sonnet-4-5", "gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 200,
         "gen_ai.usage.cache_read.input_tokens": 500, "gen_ai.usage.cache_write.input_tokens": 100,
         "gen_ai.usage.raw": '{"cache_creation":{"ephemeral_1h_input_tokens":40}}'}, 4815),
    # 50 x 1 + 40 x 0.1 + 10 x 1.25 + 7 x 5
    "the AI SDK leaves Anthropic's cache out": (
        {"ai.operationId": "ai.generateText.doGenerate", "gen_ai.system": "anthropic.messages", "ai.model.provider": "anthropic.messages",
         "ai.model.id": "claude-haiku-4-5", "ai.usage.promptTokens": 50, "gen_ai.usage.input_tokens": 50, "ai.usage.completionTokens": 7,
         "gen_ai.usage.output_tokens": 7,
         "ai.response.providerMetadata": '{"anthropic":{"usage":{"input_tokens":50},"cacheReadInputTokens":40,"cacheCreationInputTokens":10}}'}, 101.5),
    # 200,000 x 2.5 + 50,000 x 0.25 + 1,000 x 15
    "a long prompt": (
        {"gen_ai.provider.name": "gcp.gemini", "gen_ai.request.model": "gemini-2.5-pro", "gen_ai.usage.input_tokens": 250_000, "gen_ai.usage.output_tokens": 1000,
         "gen_ai.usage.cache_read.input_tokens": 50_000}, 527_500),
    # 400 x 2.5 + 600 x 40 + 100 x 10 + 400 x 80
    "audio in and out": (
        {"gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o-audio-preview", "gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 500,
         "gen_ai.usage.audio.input_tokens": 600, "gen_ai.usage.audio.output_tokens": 400}, 58_000),
    # 1,000 x 1 + 500 x 4
    "a batch": (
        {"gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4.1", "gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 500,
         "openai.response.service_tier": "batch"}, 3000),
    # 800 x 3 + 200 x 0.3 + 100 x 15
    "Claude on Bedrock": (
        {"gen_ai.provider.name": "aws.bedrock", "gen_ai.request.model": "anthropic.claude-sonnet-4-5-20250929-v1:0", "gen_ai.usage.input_tokens": 1000,
         "gen_ai.usage.output_tokens": 100, "gen_ai.usage.cache_read.input_tokens": 200}, 3960),
}


def test_calls_cost_what_was_worked_out_by_hand(server):
    sender = Sender(server)
    sender.send(*[(number, 0, number * 1000, 10, {**CALL, **attributes}) for number, (attributes, _) in enumerate(COSTS.values(), 1)])
    for _ in sender.sealed():
        for number, (name, (_, micro_dollars)) in enumerate(COSTS.items(), 1):
            assert sender.span(number)["cost"] == pytest.approx(micro_dollars / 1e6, rel=1e-12), name
            cost = sender.explained(number)["cost"]
            assert cost["current_value"] == cost["value"] == pytest.approx(sum(item["amount"] for item in cost["items"]), rel=1e-12), name
        assert sender.listed()["cost"] == pytest.approx(sum(cost for _, cost in COSTS.values()) / 1e6, rel=1e-12)


def figure(pages, path, metric):
    """The number that a page shows first under a name."""
    answer = pages.get(path)
    assert answer.status_code == 200, answer.text
    return float(re.search(f'data-metric="{re.escape(metric)}" data-value="([^"]+)"', answer.text)[1])


def billed_project(server):
    """A project of its own with billed and unbilled calls, and an API for it: 0.5 billed, 0.002 computed, 0.25 billed without a price, nothing for a call
    without either, 0.125 billed by a gateway around an SDK's own span in the same request, 0.0625 billed for a tool; an agent's bill repeats them."""
    owner = accounts.owner(server)
    project = owner.call("POST", f"{owner.organization_path}/projects", {"name": "billed"}, 201)["id"]
    key = owner.call("POST", f"/api/v1/projects/{project}/api-keys", {"name": "k", "scopes": ["ingest", "read", "admin"]}, 201)["key"]
    usage = {**CALL, "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4.1", "gen_ai.usage.input_tokens": 1000}
    unknown, answer = {**usage, "gen_ai.request.model": "nobody's"}, {"gen_ai.response.id": "r-1"}
    sender = Sender(server)
    sender.api = API(server.url, key)
    sender.send(
        (1, 0, 0, 100, {**usage, "gen_ai.operation.name": "invoke_agent", "gen_ai.usage.cost": 9.0}), (2, 1, 10, 10, {**usage, "gen_ai.usage.cost": 0.5}),
        (3, 1, 20, 10, usage), (4, 1, 30, 10, {**unknown, "gen_ai.usage.cost": 0.25}), (5, 1, 40, 10, unknown),
        (6, 1, 50, 20, {**usage, **answer, "gen_ai.usage.cost": 0.125}), (7, 6, 55, 10, {**usage, **answer}),
        (8, 1, 80, 10, {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search", "gen_ai.usage.cost": 0.0625}))
    return owner, project, sender


def test_what_was_billed_counts_everywhere_and_is_explained_beside_what_is_computed(server):
    owner, project, sender = billed_project(server)
    costs = {1: None, 2: 0.5, 3: 0.002, 4: 0.25, 5: None, 6: 0.125, 7: None, 8: 0.0625}
    total = pytest.approx(0.9395, rel=1e-12)
    pages = PageClient(server.url)
    pages.sign_in(server.credentials)
    for _ in sender.sealed():
        for number, cost in costs.items():
            assert sender.span(number)["cost"] == cost, number
        explained = [sender.explained(number)["cost"] for number in (2, 3, 4, 6, 7)]
        assert [(each["value"], each["current_value"], each["computed"], each["reported"]) for each in explained] == [
            (0.5, 0.5, 0.002, 0.5), (0.002, 0.002, 0.002, None), (0.25, 0.25, None, 0.25), (0.125, 0.125, 0.002, 0.125), (None, 0.002, 0.002, None)]
        # Lists, the trace, queries, and the pages that show them.
        for shown in (sender.rows(), sender.listed(), sender.listed(sort="-cost")):
            assert shown["cost"] == total
        aggregates = sender.api.query(aggregates=["sum(cost)"])["data"][0]
        assert aggregates["sum_cost"] == total
        by_model = sender.api.query(group_by=["model"], aggregates=["sum(cost)"])["data"]
        assert sum(row["sum_cost"] or 0 for row in by_model) == total
        path = f"/projects/{project}"
        shown = {"overview": figure(pages, f"{path}/overview?from=all", "overview.cost"), "traces": figure(pages, f"{path}/traces?from=all&columns=name,cost", "trace.cost"),
                 "trace": figure(pages, f"{path}/traces/{sender.trace_id}", "trace.cost")}
        assert shown == {name: total for name in shown}


def table(price=2e-06):
    return {
        "sample_spec": {"litellm_provider": "one of", "input_cost_per_token": 0, "output_cost_per_token": 0},
        "acme-1": {"litellm_provider": "acme", "mode": "chat", "input_cost_per_token": price, "output_cost_per_token": 8e-06,
                   "input_cost_per_token_above_200k_tokens": 4e-06, "input_cost_per_token_batches": 1e-06, "output_cost_per_token_batches": 4e-06},
        "acme/acme-2": {"litellm_provider": "acme", "mode": "embedding", "input_cost_per_token": 1e-07},
        "picture": {"litellm_provider": "acme", "mode": "image_generation", "output_cost_per_image": 0.04},
    }


def test_litellms_table_is_shown_then_imported_and_a_second_time_changes_nothing(server, api, tmp_path):
    file = tmp_path / "prices.json"
    file.write_text(json.dumps(table()))
    project = json.loads((server.data / "credentials.json").read_text())["project_id"]

    def imported(*arguments):
        return spandrel("prices", "import", str(file), "--data-dir", str(server.data), "--effective-from", "2026-01-01", *arguments).stderr

    def known(path="/api/v1/prices"):
        return {price["model_pattern"]: price for price in api.get(path)["data"] if price["provider"] == "acme"}

    assert "2 new, 0 changed, 0 unchanged" in imported("--dry-run") and known() == {}
    assert "1 left out: not paid by the token" in imported() and set(known()) == {"acme-1", "acme-2"}
    tiers = {(tier["service_tier"], tier["above_input_tokens"]): tier["input_per_million"] for tier in known()["acme-1"]["tiers"]}
    assert tiers == {("batch", 0): 1, ("standard", 200_000): 4}
    version = api.get("/api/v1/prices")["version"]
    assert "0 new, 0 changed, 2 unchanged" in imported() and api.get("/api/v1/prices")["version"] == version

    # The project's own come before them, from their day on.
    file.write_text(json.dumps(table(3e-06)))
    own = f"/api/v1/projects/{project}/prices"
    changed = spandrel("prices", "import", str(file), "--data-dir", str(server.data), "--effective-from", "2026-01-01", "--project", project)
    assert "acme-1" in changed.stdout and "2 new" in changed.stderr
    assert known(own)["acme-1"]["input_per_million"] == 3 and known()["acme-1"]["input_per_million"] == 2
    usage = {**CALL, "gen_ai.provider.name": "acme", "gen_ai.request.model": "acme-1", "gen_ai.usage.input_tokens": 1000}
    # 1,000 x 3
    assert Sender(server).send((1, 0, 0, 10, usage)).span()["cost"] == pytest.approx(0.003, rel=1e-12)
    listed = spandrel("prices", "list", "--project", project, "--data-dir", str(server.data)).stdout
    assert "acme-1" in listed and "gpt-4.1" not in listed

    file.write_text("[]")
    assert "is not LiteLLM's table" in spandrel("prices", "import", str(file), "--data-dir", str(server.data), status=1).stderr
