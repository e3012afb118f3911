"""What every exporter's conventions come to, through the whole path: fields, messages, explanations, calls counted once, running spans.
In memory, and sealed.
"""
import json, random
import pytest
from harness import any_attributes, otlp
from harness.api import API
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Status

START = 1_790_000_000_000_000_000


def any_value(value):
    if isinstance(value, bool):
        return AnyValue(bool_value=value)
    if isinstance(value, int):
        return AnyValue(int_value=value)
    if isinstance(value, float):
        return AnyValue(double_value=value)
    if isinstance(value, list):
        found = AnyValue()
        found.array_value.SetInParent()
        found.array_value.values.extend(any_value(element) for element in value)
        return found
    if isinstance(value, dict):
        found = AnyValue()
        found.kvlist_value.SetInParent()
        found.kvlist_value.values.extend(KeyValue(key=key, value=any_value(member)) for key, member in value.items())
        return found
    return AnyValue(string_value=value)


class Sender:
    """Spans of one trace, each in a request of its own."""

    def __init__(self, server):
        self.api = API(server.url, server.key)
        self.id = random.randbytes(16)

    @property
    def trace_id(self):
        return self.id.hex()

    def send(self, *spans):
        request = ExportTraceServiceRequest()
        scope = request.resource_spans.add().scope_spans.add()
        for number, parent, offset, length, attributes in spans:
            scope.spans.add(
                trace_id=self.id, span_id=number.to_bytes(8, "big"), parent_span_id=parent.to_bytes(8, "big") if parent else b"", name=f"span {number}",
                start_time_unix_nano=START + offset, end_time_unix_nano=START + offset + length,
                attributes=[KeyValue(key=key, value=any_value(value)) for key, value in attributes.items()])
        assert self.api.export(request.SerializeToString()).status_code == 200
        return self

    def span(self, number=1):
        return self.api.get(f"/api/v1/traces/{self.trace_id}/spans/{number:016x}")

    def explained(self, number=1):
        return self.api.get(f"/api/v1/traces/{self.trace_id}/spans/{number:016x}/explain")

    def rows(self):
        return self.api.get(f"/api/v1/traces/{self.trace_id}/spans")

    def listed(self, **parameters):
        query = {"filter": json.dumps({"trace_id": {"_eq": self.trace_id}}), **parameters}
        return self.api.get("/api/v1/traces", **query)["data"][0]

    def sealed(self):
        """Now, and once more when everything is sealed."""
        yield False
        self.api.seal()
        yield True


DIALECTS = {
    "Vercel": (
        {"operation.name": "ai.generateText.doGenerate bot", "ai.operationId": "ai.generateText.doGenerate", "ai.model.provider": "openai.chat",
         "ai.model.id": "gpt-4.1", "ai.response.model": "gpt-4.1-2025-04-14", "ai.prompt.messages": '[{"role":"user","content":[{"type":"text","text":"Hi"}]}]',
         "ai.response.text": "Hello", "ai.usage.promptTokens": 10, "ai.usage.completionTokens": 20, "ai.telemetry.metadata.sessionId": "s",
         "ai.telemetry.metadata.userId": "u", "ai.telemetry.metadata.tags": ["a", "b"]},
        {"provider": "openai", "model": "gpt-4.1-2025-04-14", "session_id": "s", "user_id": "u", "tags": ["a", "b"]}),
    "MLflow": (
        {"mlflow.spanType": '"CHAT_MODEL"', "mlflow.message.format": '"openai"', "model": '"gpt-4.1"',
         "mlflow.spanInputs": '{"messages":[{"role":"user","content":"Hi"}]}',
         "mlflow.spanOutputs": '{"choices":[{"message":{"role":"assistant","content":"Hello"}}]}',
         "mlflow.chat.tokenUsage": '{"input_tokens":10,"output_tokens":20,"total_tokens":30}', "mlflow.trace.session": '"s"', "mlflow.trace.user": '"u"'},
        {"provider": "openai", "model": "gpt-4.1", "session_id": "s", "user_id": "u"}),
    "LangSmith": (
        {"langsmith.span.kind": "llm", "langsmith.metadata.ls_provider": "openai", "langsmith.metadata.ls_model_name": "gpt-4.1",
         "gen_ai.prompt": '{"messages":[[{"lc":1,"id":["langchain","HumanMessage"],"kwargs":{"content":"Hi"}}]]}',
         "gen_ai.completion": '{"generations":[[{"message":{"lc":1,"id":["langchain","AIMessage"],"kwargs":{"content":"Hello"}}}]]}',
         "langsmith.metadata.usage_metadata": '{"input_tokens":10,"output_tokens":20,"total_tokens":30}', "langsmith.metadata.thread_id": "s",
         "langsmith.metadata.user_id": "u", "langsmith.span.tags": "a, b"},
        {"provider": "openai", "model": "gpt-4.1", "session_id": "s", "user_id": "u", "tags": ["a", "b"]}),
    "Logfire": (
        {"logfire.span_type": "span", "gen_ai.operation.name": "chat", "gen_ai.system": "openai", "gen_ai.request.model": "gpt-4.1",
         "request_data": '{"messages":[{"role":"user","content":"Hi"}]}', "response_data": '{"message":{"role":"assistant","content":"Hello"}}',
         "gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 20, "session.id": "s", "user.id": "u", "logfire.tags": ["a", "b"]},
        {"provider": "openai", "model": "gpt-4.1", "session_id": "s", "user_id": "u", "tags": ["a", "b"]}),
    "Langfuse": (
        {"langfuse.observation.type": "generation", "langfuse.observation.model.name": "gpt-4.1",
         "langfuse.observation.input": '[{"role":"user","content":"Hi"}]', "langfuse.observation.output": '{"role":"assistant","content":"Hello"}',
         "langfuse.observation.usage_details": '{"input":10,"output":20}', "langfuse.session.id": "s", "langfuse.user.id": "u", "langfuse.trace.tags": ["a", "b"]},
        {"provider": None, "model": "gpt-4.1", "session_id": "s", "user_id": "u", "tags": ["a", "b"]}),
    "Traceloop": (
        {"gen_ai.system": "OpenAI", "llm.request.type": "chat", "gen_ai.request.model": "gpt-4.1", "gen_ai.prompt.0.role": "user", "gen_ai.prompt.0.content": "Hi",
         "gen_ai.completion.0.role": "assistant", "gen_ai.completion.0.content": "Hello", "gen_ai.usage.prompt_tokens": 10, "gen_ai.usage.completion_tokens": 20,
         "traceloop.association.properties.session_id": "s", "traceloop.association.properties.user_id": "u"},
        {"provider": "openai", "model": "gpt-4.1", "session_id": "s", "user_id": "u"}),
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_call_in_every_dialect_comes_to_the_same_fields_and_messages(server, dialect):
    attributes, expected = DIALECTS[dialect]
    sender = Sender(server).send((1, 0, 0, 1_000_000, attributes))
    for _ in sender.sealed():
        span = sender.span()
        assert {name: span[name] for name in expected} == expected
        assert (span["kind"], span["input_tokens"], span["output_tokens"]) == ("llm", 10, 20)
        # gpt-4.1: 10 tokens at 2 dollars a million, 20 at 8.
        assert span["cost"] == pytest.approx(0.00018, abs=1e-9)
        assert [(message["role"], [part["text"] for part in message["parts"]]) for message in span["input_messages"]] == [("user", ["Hi"])]
        assert [(message["role"], [part["text"] for part in message["parts"]]) for message in span["output_messages"]] == [("assistant", ["Hello"])]
        assert span["attributes"] == attributes
        explained = sender.explained()
        for field in explained["fields"]:
            assert field["value"] == field["current_value"], field
            assert bool(field["sources"]) == (field["value"] is not None), field
            assert all(source["attribute"] in attributes for source in field["sources"]), field
        assert explained["cost"]["value"] == explained["cost"]["current_value"] == pytest.approx(sum(item["amount"] for item in explained["cost"]["items"]))


@pytest.mark.parametrize("order", [[[0], [1], [2]], [[2], [1], [0]], [[0, 1, 2]]], ids=["one by one", "backwards", "together"])
def test_a_stream_that_logfire_and_the_sdk_report_counts_once(server, order):
    """As logfire 5.2 with anthropic 2.11 sends it: the call without usage, the SDK's own span below it, a record of no length when the stream has ended."""
    call = {"gen_ai.operation.name": "chat", "gen_ai.provider.name": "anthropic", "gen_ai.request.model": "claude-sonnet-4-5"}
    usage = {"gen_ai.usage.input_tokens": 1200, "gen_ai.usage.output_tokens": 300}
    sent = [
        (2, 1, 400_000, 5_000_000, {**call, "logfire.span_type": "span"}),
        (3, 2, 500_000, 35_000_000, {**call, **usage, "logfire.span_type": "span", "gen_ai.response.id": "msg_1"}),
        (4, 1, 36_000_000, 0, {**call, **usage, "logfire.span_type": "log", "logfire.msg": "streaming response from 'claude-sonnet-4-5' took 0.03s"})]
    sender = Sender(server).send((1, 0, 0, 40_000_000, {"logfire.span_type": "span"}))
    for request in order:
        sender.send(*(sent[place] for place in request))
    for _ in sender.sealed():
        for shown in (sender.rows(), sender.listed(), sender.listed(sort="-cost")):
            assert (shown["input_tokens"], shown["output_tokens"]) == (1200, 300), order
            # 1,200 x 3 + 300 x 15
            assert shown["cost"] == pytest.approx(0.0081, abs=1e-9)


@pytest.mark.parametrize("order", ["inner first", "outer first", "together"])
def test_a_call_that_two_spans_report_counts_once(server, order):
    usage = {"gen_ai.request.model": "claude-sonnet-4-5", "gen_ai.provider.name": "anthropic", "gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 100}
    # OpenInference knows no response id, the SDK's own span does; a second pair shares one, with a span between.
    outer = (1, 0, 0, 1000, {"openinference.span.kind": "LLM", "llm.model_name": "claude-sonnet-4-5", "llm.token_count.prompt": 1000, "llm.token_count.completion": 100})
    inner = (2, 1, 1, 900, {**usage, "gen_ai.response.id": "msg_1"})
    second = (3, 0, 2000, 1000, {**usage, "gen_ai.response.id": "msg_2"})
    between = (4, 3, 2001, 900, {})
    third = (5, 4, 2002, 800, {**usage, "gen_ai.response.id": "msg_2"})
    sender = Sender(server)
    requests = {
        "inner first": [[inner], [third, between], [outer, second]], "outer first": [[outer], [second], [between], [third], [inner]],
        "together": [[inner, outer, third, between, second]],
    }[order]
    for request in requests:
        sender.send(*request)
    cost = 2 * (1000 * 3 + 100 * 15) / 1e6
    for _ in sender.sealed():
        for shown in (sender.rows(), sender.listed(), sender.listed(sort="-cost")):
            assert (shown["input_tokens"], shown["output_tokens"]) == (2000, 200), order
            assert shown["cost"] == pytest.approx(cost, abs=1e-9)
        assert [row["input_tokens"] for row in sender.rows()["data"]] == [1000, 1000, 1000, None, 1000]
        sums = [{"function": "sum", "field": field, "as": field} for field in ("cost", "input_tokens", "output_tokens")]
        added = sender.api.query(filter={"trace_id": {"_eq": sender.trace_id}}, aggregates=[*sums, "count"])["data"][0]
        assert added == {"cost": pytest.approx(cost, abs=1e-9), "input_tokens": 2000, "output_tokens": 200, "count": 5}, order
        outer_alone = sender.api.query(filter={"trace_id": {"_eq": sender.trace_id}, "name": "span 3"}, aggregates=sums)["data"][0]
        assert outer_alone["input_tokens"] == 1000, "who names the outer span gets what it says"
    assert [(sender.explained(number)["repeats"] or {}).get("span_id") for number in (1, 2, 3, 5)] == [f"{2:016x}", None, f"{5:016x}", None]
    assert [repeat["span_id"] for repeat in sender.explained(5)["repeated_by"]] == [f"{3:016x}"]


def test_a_level_makes_a_span_one_that_failed_and_a_marked_root_names_its_trace(server):
    sender = Sender(server).send(
        (1, 77, 0, 100, {"http.route": "/ask"}), (2, 78, 10, 900, {"langfuse.internal.is_app_root": True}),
        (3, 2, 20, 10, {"logfire.level_num": 17}), (4, 2, 30, 10, {"langfuse.observation.level": "ERROR", "langfuse.observation.status_message": "gone"}),
        (5, 2, 40, 10, {"logfire.level_num": 13}))
    for _ in sender.sealed():
        assert sender.listed()["name"] == "span 2" and sender.listed()["error_count"] == 2
        rows = sender.rows()["data"]
        assert [(row["span_id"][-1], row["attachment"], row["status"]) for row in rows] == [
            ("2", "root", "unset"), ("3", "child", "error"), ("4", "child", "error"), ("5", "child", "unset"), ("1", "orphan", "unset")]
        failed = sender.span(4)
        assert (failed["status"], failed["status_message"], failed["error_message"], failed["error_type"]) == ("error", "gone", "gone", "_OTHER")
        found = sender.api.query(filter={"trace_id": sender.trace_id, "status": "error"}, select=["name"], order_by=["name"])["data"]
        assert [row["name"] for row in found] == ["span 3", "span 4"]


@pytest.mark.parametrize("final_first", [False, True])
def test_a_pending_span_shows_as_running_until_its_final_span_is_there(server, final_first):
    root = (1, 0, 0, 5_000_000, {"logfire.span_type": "span"})
    pending = (9, 2, 1000, 0, {"logfire.span_type": "pending_span", "logfire.pending_parent_id": f"{1:016x}", "logfire.msg": "working"})
    child = (3, 2, 2000, 1000, {"logfire.span_type": "span"})
    final = (2, 1, 1000, 3_000_000, {"logfire.span_type": "span", "logfire.msg": "worked"})
    sender = Sender(server).send(root, *([final] if final_first else [pending]), child)
    if not final_first:
        for _ in sender.sealed():
            rows = sender.rows()["data"]
            assert [(row["span_id"], row["depth"], row["is_running"]) for row in rows] == [
                (f"{1:016x}", 0, False), (f"{2:016x}", 1, True), (f"{3:016x}", 2, False)]
            assert sender.span(2)["is_running"] and sender.span(2)["display_name"] == "working"
    sender.send(*([pending] if final_first else [final]))
    for _ in sender.sealed():
        rows = sender.rows()["data"]
        assert [(row["span_id"], row["duration_ns"], row["is_running"]) for row in rows] == [
            (f"{1:016x}", 5_000_000, False), (f"{2:016x}", 3_000_000, False), (f"{3:016x}", 1000, False)]
        assert not sender.span(2)["is_running"] and sender.span(2)["display_name"] == "worked"
        assert sender.listed()["span_count"] == 3


def test_any_attributes_are_stored_mapped_and_come_back_equal(server):
    """Every key that means something under every type of value, and keys and values of every kind: in one request, byte for byte the same in
    memory and from segments."""
    seed = random.randrange(2**32)
    print(f"seed: {seed}")
    generator, sender = random.Random(seed), Sender(server)
    maps = any_attributes.spans_of_attributes(generator, 300)
    request = ExportTraceServiceRequest()
    scope = request.resource_spans.add().scope_spans.add()
    for number, attributes in enumerate(maps, 1):
        scope.spans.add(
            trace_id=sender.id, span_id=number.to_bytes(8, "big"), parent_span_id=generator.choice([b"", (1).to_bytes(8, "big")]), name=f"span {number}",
            kind=1, start_time_unix_nano=START + number, end_time_unix_nano=START + number + 10,
            # Some attributes say the status of a span that came without one.
            status=Status(code=Status.STATUS_CODE_OK), attributes=[KeyValue(key=key, value=value) for key, value in attributes.items()])
    assert len(maps) >= 300
    answer = sender.api.export(request.SerializeToString())
    assert (answer.status_code, answer.content) == (200, b""), f"seed {seed}: {otlp.reply(answer)}"
    sent, sample = otlp.records(request), generator.sample(range(1, len(maps) + 1), 40)
    for is_sealed in sender.sealed():
        got = otlp.records(otlp.from_json(sender.api.trace(sender.trace_id)))
        assert otlp.differences(sent, got) == [], f"seed {seed}, sealed: {is_sealed}"
        assert sender.listed(sort="-cost")["span_count"] == len(maps)
        for number in sample:
            # What is no number in JSON is no number there.
            shown = sender.api.request("GET", f"/api/v1/traces/{sender.trace_id}/spans/{number:016x}")
            assert shown.status_code == 200, f"seed {seed}, span {number}: {shown.text[:1000]}"
            span = json.loads(shown.text, parse_constant=lambda text: pytest.fail(f"seed {seed}, span {number}: {text} is no JSON"))
            named = {each["name"] for each in span["payloads"]}
            assert {*span["attributes"], *(key for key in maps[number - 1] if f"attributes.{key}" in named)} == maps[number - 1].keys(), f"seed {seed}"
            assert sender.explained(number)["span_id"] == f"{number:016x}", f"seed {seed}"
