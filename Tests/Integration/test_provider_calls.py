"""Real instrumentations around the providers' real SDKs, each in an environment of its own: what the stand-in was told to answer is what every
field of the spans says, from memory and from segments.

TRUTH has what happened, TOLD_OTHERWISE what an instrumentation leaves out or tells in its own way; together they are every field of every span.
"""
import fnmatch, json, os, pathlib, subprocess
import pytest
from harness.browsers import PageClient
from harness.server import REPOSITORY
from harness.stand_in import StandIn

EVENTS, DETAILS = "otel-genai-events", "gen_ai.client.inference.operation.details"
APPLICATIONS = pathlib.Path(__file__).parent / "applications"
CONTENT = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
# Environment, application, and what else is set.
INSTRUMENTATIONS = {
    "otel-genai": ("otel-genai", "otel_genai_calls", {CONTENT: "SPAN_ONLY"}),
    "otel-genai-events": ("otel-genai", "otel_genai_calls", {CONTENT: "EVENT_ONLY"}),
    "openinference": ("openinference", "openinference_calls", {}), "traceloop": ("traceloop", "traceloop_calls", {}),
    "langfuse3": ("langfuse3", "langfuse_calls", {}), "langfuse4": ("langfuse4", "langfuse_calls", {})}
SECONDS = 300

SAID = [("system", [("text", "Answer in one word.")]), ("user", [("text", "What is the capital of Norway?")])]
ASKED = [("user", [("text", "How is the weather in Oslo?")])]
CALLED = [("assistant", [("tool_call", "weather", {"city": "Oslo"})])]
NOTHING = {
    "provider": None, "request_model": None, "response_model": None, "tool_name": None, "input_tokens": 0, "output_tokens": 0, "cache_read_tokens": 0,
    "cache_write_tokens": 0, "reasoning_tokens": 0, "cost": None, "reported_cost": None, "prompt_name": "capitals", "prompt_version": "3",
    "session_id": "session-1", "user_id": "user-1", "tags": ["geography", "test"], "error_type": None, "failed": False, "first_token_timed": False,
    "input_messages": [], "output_messages": []}


def call(provider, model, date, input=0, output=0, cost=None, **fields):
    return {**NOTHING, "kind": "llm", "provider": provider, "request_model": model, "response_model": model + date, "input_tokens": input,
            "output_tokens": output, "cost": cost, "input_messages": SAID, "output_messages": [("assistant", [("text", "Oslo")])], **fields}


def mini(*usage, **fields):
    # 0.40 and 1.60 dollars a million.
    return call("openai", "gpt-4.1-mini", "-2025-04-14", *usage, **fields)


def reasoning(**fields):
    # 300 at 1.10, 1,500 from the cache at 0.275, 200 into it at the price of input, 600 at 4.40.
    return call("openai", "o4-mini", "-2025-04-16", 2000, 600, 0.0036025, cache_read_tokens=1500, cache_write_tokens=200, reasoning_tokens=400, **fields)


def claude(*usage, **fields):
    # 3 and 15 dollars a million; 0.30 from the cache, 3.75 into it.
    return call("anthropic", "claude-sonnet-4-5", "-20250929", *usage, **fields)


TOOL = {**NOTHING, "kind": "tool", "tool_name": "weather", "input_messages": [("user", [("other", ["city"])])],
        "output_messages": [("assistant", [("text", "snow in Oslo")])]}
ANSWERED = {"input_messages": [*ASKED, *CALLED, ("tool", [("tool_result", "snow in Oslo")])], "output_messages": [("assistant", [("text", "snow in Oslo")])]}
FAILED = {"failed": True, "output_messages": [], "response_model": None}
CACHED = {"cache_read_tokens": 3000, "cache_write_tokens": 1500}
STREAMED = {"first_token_timed": True}
# By call: its spans below the application's own, in the order of their beginning.
TRUTH = {
    "openai_chat": [mini(1200, 300, 0.00096)],
    "openai_stream": [mini(1200, 300, 0.00096, **STREAMED)],
    "openai_cache_and_reasoning": [reasoning()],
    "openai_cache_and_reasoning_stream": [reasoning(**STREAMED)],
    "openai_tool": [mini(100, 20, 0.000072, input_messages=ASKED, output_messages=CALLED), TOOL, mini(150, 10, 0.000076, **ANSWERED)],
    "openai_rate_limit": [mini(error_type="openai.RateLimitError", **FAILED)],
    "openai_responses": [reasoning()],
    "openai_responses_stream": [reasoning(**STREAMED)],
    "openai_embeddings": [call("openai", "text-embedding-3-small", "", 8, 0, 0.00000016, kind="embedding", output_messages=[],
                               input_messages=[("user", [("text", "The capital of Norway is Oslo.")])])],
    "anthropic_chat": [claude(1200, 300, 0.0081)],
    "anthropic_stream": [claude(1200, 300, 0.0081, **STREAMED)],
    "anthropic_cache": [claude(5000, 600, 0.017025, **CACHED)],
    "anthropic_cache_stream": [claude(5000, 600, 0.017025, **CACHED, **STREAMED)],
    "anthropic_tool": [claude(100, 20, 0.0006, input_messages=ASKED, output_messages=CALLED), TOOL, claude(150, 10, 0.0006, **ANSWERED)],
    "anthropic_bad_request": [claude(error_type="anthropic.BadRequestError", **FAILED)],
    "langfuse_generation": [claude(5000, 600, 0.017025, reported_cost=0.017025, **CACHED, **STREAMED)],
}
ROOT = {**NOTHING, "kind": "agent"}

# Roles of spans. The Anthropic SDK traces itself below whatever instruments it: of the two spans the inner one is paid.
APPLICATION, CALL, TOOL_CALL, SDK = "application", "call", "tool", "com.anthropic.sdk.python"
NOT_HANDED_ON = {"session_id": None, "user_id": None, "tags": [], "prompt_name": None, "prompt_version": None}
NO_PROMPT = {"prompt_name": None, "prompt_version": None}
ARGUMENTS = {"input_messages": [("user", [("other", ["args", "kwargs"])])]}
OPEN_TELEMETRY = [
    (APPLICATION, "*", {"tags": []}), (CALL, "*", NOT_HANDED_ON), (SDK, "*", NOT_HANDED_ON), (TOOL_CALL, "*", NOT_HANDED_ON),
    (CALL, "openai_embeddings", {"input_messages": []}),
]
LANGFUSE = [
    # One name for the model, and none for the provider; prompts belong to generations.
    (CALL, "*", {"provider": None, "request_model": None}), ("*", "openai_*", NO_PROMPT), (APPLICATION, "*", NO_PROMPT),
    (CALL, "langfuse_generation", {"response_model": "claude-sonnet-4-5"}), (TOOL_CALL, "*", ARGUMENTS),
    (CALL, "openai_rate_limit", {"response_model": "gpt-4.1-mini", "cost": 0.0, "reported_cost": 0.0, "error_type": "_OTHER"}),
    (CALL, "openai_embeddings", {"output_messages": [("assistant", [("other", ["count", "dimensions"])])]}),
]
TOLD_OTHERWISE = {
    # Content in events beside the spans comes to the same.
    "otel-genai": [*OPEN_TELEMETRY], "otel-genai-events": [*OPEN_TELEMETRY],
    "openinference": [
        ("*", "*", {"prompt_name": None}), (CALL, "anthropic_*stream", {"first_token_timed": False}),
        (CALL, "anthropic_bad_request", {"response_model": "claude-sonnet-4-5"}),
        (CALL, "openai_embeddings", {
            "response_model": None, "input_messages": [("user", [("other", ["dimensions", "encoding_format", "input", "model"])])],
            "output_messages": [("assistant", [("other", ["data", "model", "object", "usage"])])]}),
    ],
    "traceloop": [
        ("*", "*", {"prompt_name": None, "tags": []}), (APPLICATION, "*", {"kind": "span", "prompt_version": None}),
        (TOOL_CALL, "*", {**ARGUMENTS, "prompt_version": None}),
        (CALL, "openai_*", {"cache_write_tokens": 0}), (CALL, "openai_cache_and_reasoning_stream", {"reasoning_tokens": 0}),
        (CALL, "openai_rate_limit", {"error_type": "RateLimitError"}), (CALL, "anthropic_bad_request", {"error_type": "BadRequestError"}),
        (CALL, "openai_responses*", {"prompt_version": None}),
        (CALL, "openai_responses_stream", {"first_token_timed": False}), (CALL, "anthropic_*stream", {"first_token_timed": False}),
        # It adds up what Anthropic counts anew in each event.
        (CALL, "anthropic_stream", {"output_tokens": 301}), (CALL, "anthropic_cache_stream", {"output_tokens": 601}),
    ],
    # Instructions are not among what it records.
    "langfuse3": [*LANGFUSE, (CALL, "openai_responses*", {"input_messages": SAID[1:]})],
    "langfuse4": [*LANGFUSE],
}
for entries in TOLD_OTHERWISE.values():
    entries += [
        (SDK, "*", {"input_messages": [], "output_messages": []}), (SDK, "anthropic_bad_request", {"error_type": "invalid_request_error"})]


def expected(instrumentation, name, spans):
    """What the tables say of a trace, by the spans' scopes in their order."""
    happened, wanted = iter(TRUTH[name]), []
    for number, span in enumerate(spans):
        if number == 0:
            role, fields = APPLICATION, ROOT
        elif span["scope"]["name"] == SDK:
            role = SDK
            wanted[-1]["cost"] = None
        else:
            fields = next(happened)
            role = TOOL_CALL if fields["kind"] == "tool" else CALL
        wanted.append(dict(fields))
        for whose, calls, members in TOLD_OTHERWISE[instrumentation]:
            if whose in ("*", role) and fnmatch.fnmatchcase(name, calls):
                wanted[-1].update(members)
    assert not list(happened), f"{name}: calls without a span"
    return wanted


def part(written):
    match written["type"]:
        case "tool_call": return "tool_call", written["tool_name"], written["value"]
        case "tool_result": return "tool_result", written["value"]
        case "other": return "other", sorted(written["value"])
        case kind: return kind, written["text"]


def told(span):
    """A span's fields as the tables have them: a count that is not told is none."""
    fields = {name: span[name] for name in ROOT if name in span}
    for name in fields:
        if name.endswith("_tokens"):
            fields[name] = fields[name] or 0
        if name.endswith("cost") and fields[name] is not None:
            fields[name] = round(fields[name], 12)
        if name.endswith("_messages"):
            fields[name] = [(message["role"], [part(each) for each in message["parts"]]) for message in span[name]]
    return {**fields, "failed": span["status"] == "error", "first_token_timed": span["time_to_first_token_ms"] is not None}


def environment(server, stand_in, calls_file):
    """Everything that any of the applications reads; a proxy of the machine would be asked for the loopback address, too."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return {
        **kept, "STAND_IN_URL": stand_in.origin, "CALLS_FILE": str(calls_file),
        "OTEL_EXPORTER_OTLP_ENDPOINT": server.url, "OTEL_EXPORTER_OTLP_HEADERS": f"Authorization=Bearer%20{server.key}",
        # Spans of one call go out together, however slow the machine is.
        "OTEL_BSP_SCHEDULE_DELAY": "600000", "OTEL_BLRP_SCHEDULE_DELAY": "600000",
        "PHOENIX_COLLECTOR_ENDPOINT": server.url, "PHOENIX_API_KEY": server.key,
        "TRACELOOP_BASE_URL": server.url, "TRACELOOP_API_KEY": server.key, "TRACELOOP_TELEMETRY": "false", "TRACELOOP_METRICS_ENABLED": "false",
        "LANGFUSE_HOST": server.url, "LANGFUSE_PUBLIC_KEY": "pk-lf-any", "LANGFUSE_SECRET_KEY": server.key}


@pytest.fixture(scope="module")
def traces(server, stand_in, tmp_path_factory):
    """By instrumentation the traces' ids by call; all applications run at once."""
    directory = tmp_path_factory.mktemp("calls")
    running = {}
    try:
        for name, (venv, application, variables) in INSTRUMENTATIONS.items():
            with open(directory / f"{name}.log", "w") as log:
                running[name] = subprocess.Popen(
                    [REPOSITORY / f".venv/{venv}/bin/python", APPLICATIONS / f"{application}.py"], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    env={**environment(server, stand_in, directory / f"{name}.json"), **variables})
        for name, process in running.items():
            assert process.wait(SECONDS) == 0, (directory / f"{name}.log").read_text()[-5000:]
    finally:
        for process in running.values():
            process.kill()
            process.wait()
    return {name: json.loads((directory / f"{name}.json").read_text()) for name in running}


def read(api, trace_id):
    rows = api.get(f"/api/v1/traces/{trace_id}/spans")["data"]
    return [api.get(f"/api/v1/traces/{trace_id}/spans/{row['span_id']}") for row in rows]


@pytest.fixture(scope="module")
def reads(server, api, traces):
    """By instrumentation and call the trace's spans, and what else is told of content in events; in memory, and when all is sealed."""
    browser = PageClient(server.url)
    browser.sign_in(server.credentials)

    def all_of_them():
        spans = {name: {call: read(api, trace_id) for call, trace_id in calls.items()} for name, calls in traces.items()}
        return spans, Told(api, browser, server, traces[EVENTS], spans[EVENTS])

    in_memory = all_of_them()
    api.seal()
    return in_memory, all_of_them()


@pytest.fixture(scope="module")
def spans(reads):
    return [spans for spans, _ in reads]


class Told:
    """What every read but that of a span says of an application's calls."""

    def __init__(self, api, browser, server, traces, spans):
        def listed(field, text):
            rows = api.get("/api/v1/traces", filter=json.dumps({field: {"_contains": text}}), limit=500)["data"]
            return {name for name in traces if traces[name] in {row["trace_id"] for row in rows}}

        def found(name, text):
            return {match["field"] for match in api.get(f"/api/v1/traces/{traces[name]}/search", q=text)["data"]}

        def page(name, span):
            return browser.get(f"/projects/{server.credentials['project_id']}/traces/{traces[name]}", params={"span": span["span_id"]}).text

        self.asked, self.answered = listed("input", SAID[1][1][0][1]), listed("output", "Oslo")
        self.instructed = listed("attributes.gen_ai.system_instructions", SAID[0][1][0][1])
        self.offered = listed("attributes.gen_ai.tool.definitions", "weather")
        self.found = {name: found(name, "Norway") for name in ("openai_chat", "anthropic_stream")}
        self.documents = {name: api.trace(traces[name]) for name in traces}
        self.pages = {name: page(name, spans[name][1]) for name in ("openai_tool", "anthropic_tool", "openai_responses")}


CASES = [(name, each) for name in INSTRUMENTATIONS for each in TRUTH
         if each.startswith("openai") or each.startswith("langfuse") == name.startswith("langfuse")]


@pytest.mark.parametrize("instrumentation, name", CASES)
def test_every_field_of_a_call_says_what_happened(spans, instrumentation, name):
    for found in (each[instrumentation][name] for each in spans):
        wanted = expected(instrumentation, name, found)
        pairs = [(span["name"], field, told(span)[field], fields[field]) for span, fields in zip(found, wanted) for field in fields]
        assert [pair for pair in pairs if pair[2] != pair[3]] == []
        models = [span["response_model"] or span["request_model"] for span in found]
        assert [span["model"] for span in found] == models


@pytest.mark.parametrize("instrumentation, name", CASES)
def test_a_trace_adds_up_each_call_once(api, traces, instrumentation, name):
    trace_id = traces[instrumentation][name]
    row = api.get("/api/v1/traces", filter=json.dumps({"trace_id": {"_eq": trace_id}}))["data"][0]
    for field in ("input_tokens", "output_tokens"):
        assert (row[field] or 0) == sum(span[field] for span in TRUTH[name]), field
    assert (row["cost"] or 0) == pytest.approx(sum(span["cost"] or 0 for span in TRUTH[name]), abs=1e-12)
    assert (row["session_id"], row["user_id"]) == ("session-1", "user-1")


@pytest.mark.parametrize("instrumentation, name", [case for case in CASES if case[1].endswith("_tool")])
def test_a_tools_answer_names_its_call(spans, instrumentation, name):
    calls = [span for span in spans[0][instrumentation][name] if span["kind"] == "llm" and span["scope"]["name"] != SDK]
    asked = calls[0]["output_messages"][0]["parts"][-1]["tool_call_id"]
    assert asked and asked == calls[1]["input_messages"][-1]["parts"][0]["tool_call_id"]


@pytest.mark.parametrize("instrumentation", ["openinference", "langfuse3", "langfuse4"])
def test_details_are_read_from_their_attributes(spans, instrumentation):
    """Beside the fields: metadata on every span, the application's release, what was asked for."""
    for found in (each[instrumentation]["openai_chat"] for each in spans):
        for span in found:
            assert span["metadata"].items() >= {"plan": "gold"}.items()
            assert span["release"] == ("7" if instrumentation.startswith("langfuse") else None)
        assert found[1]["parameters"].items() >= ({"temperature": 1} if instrumentation.startswith("langfuse") else {"model": "gpt-4.1-mini"}).items()


def test_content_in_events_is_told_by_every_read_whichever_came_first(reads, traces):
    """Of every other call the events came before the spans. Embeddings have no events."""
    names = [name for name in traces[EVENTS] if name != "openai_embeddings"]
    tools, failed = {"openai_tool", "anthropic_tool"}, {"openai_rate_limit", "anthropic_bad_request"}
    for spans, told in reads:
        assert told.asked == set(names) - tools and told.answered == set(names) - failed
        assert told.instructed == {name for name in names if name.startswith("anthropic") or "responses" in name} - {"anthropic_tool"}
        assert told.offered == tools
        assert told.found == {name: {"events.gen_ai.input.messages"} for name in told.found}
        for name in names:
            calls = [span for span in spans[EVENTS][name][1:] if span["kind"] == "llm" and span["scope"]["name"] != SDK]
            for span in calls:
                # It is in the event alone, once.
                assert not any(key.endswith("messages") or key.endswith("instructions") or key.endswith("definitions") for key in span["attributes"])
                assert [event["name"] for event in span["events"]].count(DETAILS) == 1
            written = [span for resource in told.documents[name]["resourceSpans"] for scope in resource["scopeSpans"] for span in scope["spans"]]
            events = [event for span in written for event in span.get("events", []) if event["name"] == DETAILS]
            assert len(events) == len(calls) and len(written) == len(spans[EVENTS][name])
            assert all("gen_ai.input.messages" in {attribute["key"] for attribute in event["attributes"]} for event in events)
        for name in tools:
            assert "1 tool offered" in told.pages[name] and "How is the weather in Oslo?" in told.pages[name]
        assert "Answer in one word." in told.pages["openai_responses"]
