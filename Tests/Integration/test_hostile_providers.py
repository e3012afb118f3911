"""Providers and endpoints that answer what nobody would: no worker dies of it, no run hangs on it, no other customer pays for it."""
import pytest
from harness.accounts import owner
from harness.hostile_provider import HostileProvider, answer, chat
from harness.runs import finished, make_suite

# Every case is asked, whatever the first results say.
WHOLE = {"minimum_pass_rate": 0.5, "stop_early": False}
CASES = 24


@pytest.fixture(scope="module")
def provider():
    with HostileProvider() as provider:
        yield provider


@pytest.fixture(scope="module")
def user(module_server, provider):
    user = owner(module_server)
    for name in ("openai", "xai"):
        credential = {"provider": name, "name": name, "secret": "sk-0123456789abcdef", "base_url": f"{provider.origin}/{name}"}
        user.call("POST", f"{user.organization_path}/provider-credentials", credential, 201)
    make_suite(user, "many", [{"key": f"case-{n}", "input": "q", "expected": "a", "scorers": [{"kind": "exact"}]} for n in range(CASES)])
    make_suite(user, "one", [{"key": "case", "input": "q", "expected": "a", "scorers": [{"kind": "exact"}]}])
    return user


def run(user, suite, target, **more):
    body = {"suite": suite, "targets": [{"name": "target", **target}], "gate": WHOLE, **more}
    return finished(user, user.call("POST", "/api/v1/runs", body, 202)["id"], 45)


def endpoint(provider, path, **more):
    return {"kind": "http", "url": provider.origin + path, "output": "", **more}


def test_token_counts_without_measure_end_no_worker(user, provider, module_server):
    usage = {"prompt_tokens": 2**62, "completion_tokens": 2**62, "total_tokens": 2**63 - 1}
    provider.answers["/openai/chat/completions"] = chat("a", usage=usage)
    ended = run(user, "many", {"kind": "model", "provider": "openai", "model": "gpt-4.1-mini"}, repetitions=4)
    assert module_server.process.poll() is None
    assert ended["state"] == "finished" and ended["counts"]["passed"] == CASES * 4, ended
    assert ended["cost_usd"] > 0


def test_a_reported_cost_without_measure_ends_no_worker(user, provider, module_server):
    provider.answers["/xai/chat/completions"] = chat("a", usage={"prompt_tokens": 1, "completion_tokens": 1, "cost_in_usd_ticks": 2**63 - 1})
    ended = run(user, "many", {"kind": "model", "provider": "xai", "model": "grok-4"})
    assert module_server.process.poll() is None
    assert ended["state"] == "finished" and ended["counts"]["passed"] == CASES, ended


@pytest.mark.parametrize("delay", ["inf", "nan", "1e308", "-1", "1000000000", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_no_delay_that_an_endpoint_asks_for_keeps_a_run_from_its_end(user, provider, delay):
    provider.answers["/busy"] = answer("busy", 503, {"Retry-After": delay})
    ended = run(user, "one", endpoint(provider, "/busy"))
    assert ended["counts"]["errored"] == 1, ended


def test_no_delay_that_a_provider_asks_for_keeps_a_run_from_its_end(user, provider):
    provider.answers["/openai/chat/completions"] = answer({"error": {"message": "later"}}, 429, {"Retry-After": "30000000"})
    ended = run(user, "one", {"kind": "model", "provider": "openai", "model": "other"})
    assert ended["counts"]["errored"] == 1, ended


@pytest.mark.parametrize("headers", [
    {"Content-Length": "2"}, {"transfer-encoding": "chunked"}, {"Connection": "close"}, {"a b": "c"}, {"a": "b\r\nInjected: c"}, {"": "c"}])
def test_a_run_says_nothing_of_how_its_requests_are_framed(user, provider, headers):
    target = {"name": "target", **endpoint(provider, "/framed", headers=headers)}
    answered = user.request("POST", "/api/v1/runs", {"suite": "one", "targets": [target]})
    assert answered.status_code == 422 and "headers" in answered.json()["errors"][0]["field"], answered.text


def test_a_key_that_a_provider_repeats_is_told_nobody(user, provider):
    key = "sk-0123456789abcdef"
    said = {"error": {"message": f"{key} " + "x" * 470 + key, "code": key, "type": key}}
    provider.answers["/openai/chat/completions"] = answer(said, 400, {"x-request-id": key})
    ended = run(user, "one", {"kind": "model", "provider": "openai", "model": "echo"})
    outcomes = user.request("GET", f"/api/v1/runs/{ended['id']}/outcomes").text
    events = user.request("GET", f"/api/v1/runs/{ended['id']}/events").text
    assert "xxxx" in outcomes and "xxxx" in events
    for text in (outcomes, events, user.request("GET", f"/api/v1/runs/{ended['id']}").text):
        assert key[:8] not in text


def test_header_values_of_an_endpoint_are_sent_to_it_and_shown_to_nobody(user, provider):
    provider.answers["/private"] = answer("a")
    secret = "Bearer the-application-s-own-key"
    ended = run(user, "one", endpoint(provider, "/private", headers={"Authorization": secret, "Accept": "text/plain"}))
    assert ended["counts"]["passed"] == 1 and provider.requests[-1][1]["authorization" if "authorization" in provider.requests[-1][1] else "Authorization"] == secret
    assert ended["specification"]["targets"][0]["headers"] == {"Authorization": "(hidden)", "Accept": "text/plain"}
    for path in ("/api/v1/runs", f"/api/v1/runs/{ended['id']}", "/api/v1/audit"):
        answered = user.request("GET", path)
        assert answered.status_code == 200 and "own-key" not in answered.text, path
