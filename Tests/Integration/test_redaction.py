"""Whatever way a span or a score comes in, what the project's rules take out of it is nowhere afterwards: memory, log, segments, quarantine,
PostgreSQL and its audit log, the server's log, answers.

The ways in are those of openapi/: every operation with one of `PERMISSIONS`, each of its content types, each content encoding, and every one
with `SCORE_PERMISSION`. A new operation, or one with a new content type, fails here until it can be sent. Tests/OTLPReceiverTests/RedactionPathTests.swift walks the same table
inside the server's process, where a look at every row is possible.
"""
import gzip, json, zlib
import pytest
import zstandard
from harness import accounts, otlp, search
from harness.api import API, PROTOBUF
from harness.grpc_calls import EXPORT_LOGS, EXPORT_TRACES, call, frame
from harness.server import REPOSITORY, wait_until
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest, ExportLogsServiceResponse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest, ExportMetricsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest, ExportTraceServiceResponse

# Of operations that take spans.
PERMISSIONS = {"spans.ingest", "quarantine.replay"}
SCORE_PERMISSION = "scores.write"
# They take no OTLP from outside. The demo sample is the server's own text; a replay sends what was refused before, which `run` has done;
# Langfuse's events have a test of their own.
NO_SPANS_INSIDE = {"sendDemoTraces", "replayQuarantine", "listLangfuseProjects", "ingestLangfuseEvents"}
SERIALIZERS = {
    PROTOBUF: lambda message: message.SerializeToString(),
    "application/json": lambda message: json.dumps(otlp.to_json(message), ensure_ascii=False).encode(),
}
ENCODERS = {"identity": bytes, "gzip": gzip.compress, "deflate": zlib.compress, "zstd": zstandard.ZstdCompressor().compress}

# Rule -> what it must take out of every span.
MASKED = {
    "email": "ada.lovelace@example.com", "card": "4111 1111 1111 1111", "phone": "+49 171 1234567", "ip": "203.0.113.77",
    "api_key": "sk-proj-Abcdefgh12345678Abcdefgh", "badge": "EMP-123456", "another email": "Grace.Hopper+navy@sub.example.org",
    "version 6": "2001:db8:85a3::8a2e:370:7334", "bearer": "Bearer abcdef0123456789abcdef0123456789",
}
DROPPED, HASHED = "dropped-entirely-0815", "user-4711-hashed"
GONE = {**MASKED, "drop": DROPPED, "hash": HASHED, "card as a number": "4012888888881881"}
RULES = {
    "mode": "full",
    "keys": [{"glob": "user.id", "action": "hash"}, {"glob": "secret.*", "action": "drop"}, {"glob": "order.customer.*", "action": "drop"}],
    "patterns": [{"builtin": name} for name in ("email", "card", "phone", "ip", "api_key")] + [{"name": "badge", "regex": "EMP-[0-9]{6}"}],
}
START = 1_780_000_000_000_000_000


def ways_in():
    """(path, content type, content encoding) of all ways in."""
    ways = []
    for file in sorted((REPOSITORY / "openapi").glob("*.json")):
        for path, methods in json.loads(file.read_text()).get("paths", {}).items():
            for method, operation in methods.items():
                if operation.get("x-permission") in PERMISSIONS and operation["operationId"] not in NO_SPANS_INSIDE:
                    assert method == "post" and "{" not in path, f"{method} {path} needs a sender here"
                    ways += [(path, content_type, encoding) for content_type in operation["requestBody"]["content"] for encoding in ENCODERS]
    return ways


# Every way in over HTTP, and OTLP/gRPC.
WAYS = ways_in() + [(path, PROTOBUF, encoding) for path in (EXPORT_TRACES, EXPORT_LOGS) for encoding in ENCODERS]
RESPONSES = {"traces": ExportTraceServiceResponse, "logs": ExportLogsServiceResponse, "metrics": ExportMetricsServiceResponse}


def signal(way):
    """What goes in there. Of metrics nothing is stored, masked or not."""
    return next(name for name in ("logs", "metrics", "traces") if name in way[0].lower() or name[:-1] + "service" in way[0].lower())


SPAN_WAYS, LOG_WAYS, METRIC_WAYS = ([way for way in WAYS if signal(way) == name] for name in ("traces", "logs", "metrics"))
# Spans that are stored when every way was gone: two of each way of spans, and the one that the events of a way of logs belong to.
SPAN_COUNT = 2 * len(SPAN_WAYS) + len(LOG_WAYS)


def fill(attributes):
    """Every masked value in every kind of value, under keys that rules look at and under others."""
    attributes.add(key="user.id").value.string_value = HASHED
    attributes.add(key="secret.note").value.string_value = DROPPED
    text = "\n".join(MASKED.values())
    attributes.add(key="gen_ai.input.messages").value.string_value = json.dumps([{"role": "user", "content": text}])
    attributes.add(key="raw").value.bytes_value = text.encode()
    attributes.add(key="number").value.int_value = 4012888888881881
    attributes.add(key="long").value.string_value = "word " * 2000 + text
    attributes.add(key=f"key {MASKED['email']}").value.bool_value = True
    array = attributes.add(key="array").value.array_value.values
    for value in MASKED.values():
        array.add().string_value = value
    members = attributes.add(key="order").value.kvlist_value.values
    members.add(key="customer").value.kvlist_value.values.add(key="tax").value.string_value = DROPPED
    members.add(key="note").value.string_value = text


def request(number):
    """Three spans, of which the second has no id."""
    trace_id = (0x5EC << 116 | number << 8 | 1).to_bytes(16, "big")
    message = ExportTraceServiceRequest()
    resource_spans = message.resource_spans.add(schema_url=f"https://{MASKED['ip']}/schema")
    fill(resource_spans.resource.attributes)
    scope_spans = resource_spans.scope_spans.add()
    scope_spans.scope.name = f"scope of {MASKED['email']}"
    fill(scope_spans.scope.attributes)
    for place in (1, 0, 2):
        span = scope_spans.spans.add(
            trace_id=trace_id, span_id=place.to_bytes(8, "big"), name=f"for {MASKED['email']}", kind=1, start_time_unix_nano=START, end_time_unix_nano=START + 9,
            trace_state=f"vendor={MASKED['badge']}")
        fill(span.attributes)
        span.status.code, span.status.message = 2, f"refused {MASKED['ip']} {MASKED['phone']}"
        event = span.events.add(time_unix_nano=START, name=f"event {MASKED['badge']}")
        fill(event.attributes)
        fill(span.links.add(trace_id=trace_id, span_id=trace_id[8:]).attributes)
    return trace_id.hex(), message


def log_request(number):
    """Two events of the span of `spare_request`, and one without ids."""
    trace_id, message = request(number)
    logs = ExportLogsServiceRequest()
    resource_logs = logs.resource_logs.add(schema_url=f"https://{MASKED['ip']}/schema")
    resource_logs.resource.CopyFrom(message.resource_spans[0].resource)
    scope_logs = resource_logs.scope_logs.add(scope=message.resource_spans[0].scope_spans[0].scope)
    for place, name in enumerate(("gen_ai.client.inference.operation.details", "gen_ai.evaluation.result", "gen_ai.choice")):
        record = scope_logs.log_records.add(
            event_name=name, time_unix_nano=START + place, trace_id=bytes.fromhex(trace_id), span_id=b"" if place == 2 else (1).to_bytes(8, "big"),
            severity_text=f"INFO {MASKED['badge']}")
        fill(record.attributes)
        record.body.string_value = "\n".join(MASKED.values())
        record.attributes.add(key="gen_ai.evaluation.name").value.string_value = f"for {MASKED['email']}"
        record.attributes.add(key="gen_ai.evaluation.score.label").value.string_value = f"{MASKED['card']} {MASKED['ip']}"
        record.attributes.add(key="gen_ai.evaluation.explanation").value.string_value = "\n".join(MASKED.values())
    return trace_id, logs


def spare_request(number):
    """The one span that the events of a log request belong to, without anything to mask."""
    trace_id, _ = request(number)
    message = ExportTraceServiceRequest()
    message.resource_spans.add().scope_spans.add().spans.add(
        trace_id=bytes.fromhex(trace_id), span_id=(1).to_bytes(8, "big"), name="for [email]", start_time_unix_nano=START, end_time_unix_nano=START + 9)
    return message


def metric_request(number):
    metrics = ExportMetricsServiceRequest()
    metric = metrics.resource_metrics.add().scope_metrics.add().metrics.add(name=f"of {MASKED['email']}")
    fill(metric.gauge.data_points.add(as_int=number).attributes)
    return metrics


def message_of(way, number):
    return {"traces": lambda: request(number)[1], "logs": lambda: log_request(number)[1], "metrics": lambda: metric_request(number)}[signal(way)]()


def score_ways():
    """Paths of operations that take scores."""
    documents = [json.loads(file.read_text()) for file in (REPOSITORY / "openapi").glob("*.json")]
    return {path for document in documents for path, methods in document.get("paths", {}).items() for operation in methods.values()
            if operation.get("x-permission") == SCORE_PERMISSION}


def langfuse_score(number):
    return {"id": f"score {number} of {MASKED['email']}", "traceId": "a trace", "name": f"for {MASKED['email']}", "dataType": "CATEGORICAL",
            "value": f"{MASKED['card']} {MASKED['ip']}", "comment": "\n".join(MASKED.values())}


# By path what is sent there, and the status of its answer. The card's number stands beside another result, once alone.
SCORES = {
    "/api/v1/scores": [
        ({"name": f"for {MASKED['email']}", "label": f"{MASKED['card']} {MASKED['ip']}", "reason": "\n".join(MASKED.values()), "value": 4012888888881881,
          "trace_id": "5" * 32}, 201)],
    "/api/public/scores": [(langfuse_score(1), 200), ([langfuse_score(2), langfuse_score(3)], 200), ([langfuse_score(4), {"name": MASKED["badge"]}], 207)],
    "/api/public/ingestion": [
        ({"batch": [{"id": "e", "type": "score-create", "timestamp": "2026-11-22T10:00:00Z", "body": langfuse_score(5)},
                    {"id": "f", "type": "score-create", "timestamp": "2026-11-22T10:00:00Z", "body": {**langfuse_score(6), "value": DROPPED * 20}}]}, 207)],
}


@pytest.fixture(scope="module")
def run(make_module_server_with):
    """A project with rules, into which every way was gone: (server, recorder, trace ids)."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        server = make_module_server_with("--log-level", "trace", keeps_log=True)
        owner = accounts.owner(server)
        owner.put_settings(redaction=RULES)
        recorder = search.Recorder(monkeypatch)
        yield server, recorder, [send(server, number, way) for number, way in enumerate(WAYS) if signal(way) != "metrics"]


EXPORTER = f"exporter of {MASKED['email']}"


def export(server, way, body):
    """(whether it was taken, how much was rejected) of an export in that way; `body` is encoded already."""
    path, content_type, encoding = way
    response = RESPONSES[signal(way)]
    if path in (EXPORT_TRACES, EXPORT_LOGS):
        answer = call(
            server.grpc_port, frame(body, encoding != "identity"), f"grpc-encoding: {encoding}", f"user-agent: {EXPORTER}", key=server.key, path=path)
        assert answer.status in (0, 3, 12), answer
        return answer.status == 0, answer.status == 0 and rejected(response.FromString(answer.body))
    answer = API(server.url, server.key).export(body, content_type, encoding, path, headers={"User-Agent": EXPORTER})
    assert answer.status_code in (200, 400, 415), answer.text
    if answer.status_code != 200:
        return False, False
    reply = otlp.json_format.ParseDict(answer.json(), response()) if content_type != PROTOBUF else response.FromString(answer.content)
    return True, rejected(reply)


def rejected(reply):
    return sum(value for descriptor, value in reply.partial_success.ListFields() if descriptor.name.startswith("rejected"))


def encoded(way, message):
    _, content_type, encoding = way
    return ENCODERS[encoding](SERIALIZERS[content_type](message))


def send(server, number, way):
    trace_id, _ = request(number)
    body = encoded(way, message_of(way, number))
    if signal(way) == "logs":
        assert API(server.url, server.key).export(spare_request(number).SerializeToString()).status_code == 200
    for _ in range(2):
        # The second time it is the same request, and the same answer.
        assert export(server, way, body) == (True, 1), way
    # And what of it cannot be read, or not be taken. Metrics are answered, and that is all.
    assert not export(server, way, body[:-7])[0], way
    for metrics in METRIC_WAYS[number % len(METRIC_WAYS):][:1]:
        assert export(server, metrics, encoded(metrics, metric_request(number))) == (True, 1), metrics
    assert not export(server, (*way[:2], "br"), body)[0], way
    return trace_id


def log_lines(server):
    return server.log_path.read_text().splitlines()


def check(server, recorder, when):
    assert search.found_in_files(server.data, GONE) == [], when
    assert [f"{name}: {line[:300]}" for line in log_lines(server) for name in search.found_in(line, GONE)] == [], when
    assert recorder.found(GONE) == [], when


def test_the_table_is_that_of_the_unit_test():
    assert len(WAYS) >= 28
    unit_test = (REPOSITORY / "Tests/OTLPReceiverTests/RedactionPathTests.swift").read_text()
    assert [path for path, _, _ in SPAN_WAYS + LOG_WAYS if path not in (EXPORT_TRACES, EXPORT_LOGS) and f'"{path}"' not in unit_test] == [], "RedactionPathTests.waysIn lacks these"


def test_what_is_not_masked_is_found(run):
    """The search looks where spans are, in memory's log as in what was refused."""
    server, _, _ = run
    shown = {"span": "vendor=", "quarantine": "gen_ai.input.messages"}
    wait_until(lambda: any("quarantine" in path for path, _ in search.found_in_files(server.data, shown)), 10, "the quarantine on disk")
    assert any("wal" in path for path, _ in search.found_in_files(server.data, shown))


def test_nothing_masked_is_anywhere_while_it_is_in_memory(run):
    server, recorder, traces = run
    api = API(server.url, server.key)
    assert api.span_count() == SPAN_COUNT
    replayed = api.post("/api/v1/quarantine/replay")
    assert replayed["refused_again_spans"] == len(SPAN_WAYS) and replayed["not_replayable_spans"] == 0, replayed
    answers(api, traces)
    check(server, recorder, "in memory")


def answers(api, traces):
    """All that the API tells of the spans."""
    for trace_id in traces:
        text = json.dumps(api.trace(trace_id))
        assert all(mask in text for mask in ("for [email]", "[card]", "[phone]", "[ip]", "[api_key]", "[badge]", '"hash:')), text[:2000]
        assert "secret.note" not in text and '"tax"' not in text
        api.get(f"/api/v1/traces/{trace_id}")
    api.get("/api/v1/traces", limit=500)
    api.get("/api/v1/sessions", limit=500)
    rejected = api.get("/api/v1/quarantine", limit=200)
    assert len(rejected["data"]) == len(SPAN_WAYS) and set(rejected["counts_by_reason"]) == {"span_id_zero"}
    assert {span["exporter"] for span in rejected["data"]} == {"exporter of [email]"} and all(span["is_replayable"] for span in rejected["data"])
    for value in GONE.values():
        for field in ("name", "input", "attributes.long", "resource.user.id", "status_message"):
            assert api.span_count({field: {"_contains": value}}) == 0, (field, value)
    assert api.span_count({"name": {"_eq": "for [email]"}}) == SPAN_COUNT
    scores = api.get("/api/v1/scores", limit=500)["data"]
    assert len(scores) == len(LOG_WAYS) and {score["name"] for score in scores} == {"for [email]"} and {score["label"] for score in scores} == {"[card] [ip]"}
    # One value has one hash, whichever way it came.
    hashes = api.query(group_by=["attributes.user.id"], aggregates=["count"])["data"]
    hashes = [row for row in hashes if row["attributes.user.id"] is not None]
    assert len(hashes) == 1 and hashes[0]["attributes.user.id"].startswith("hash:"), hashes


def test_every_rule_was_counted(run):
    server, _, _ = run
    samples = API(server.url, server.key).metrics()
    for kind in ("email", "card", "phone", "ip", "api_key", "custom", "key_drop", "key_hash"):
        assert samples[f'spandrel_ingest_redactions_total{{kind="{kind}"}}'] >= 2 * len(SPAN_WAYS + LOG_WAYS), kind


def test_events_of_langfuse_are_masked_when_they_come_and_not_again_when_more_is_said(run):
    """In a project of its own with the same rules, so that the counts of the others stay."""
    server, recorder, _ = run
    first = accounts.Client(server.url, server.key)
    project = first.call("POST", "/api/v1/projects", {"name": "langfuse"}, 201)["id"]
    key = first.call("POST", f"/api/v1/projects/{project}/api-keys", {"name": "langfuse", "scopes": ["ingest", "write", "read", "admin"]}, 201)["key"]
    own = accounts.Client(server.url, key)
    own.put_settings(redaction=RULES)
    text = " ".join(MASKED.values())
    content = {"input": text, "output": {"deep": [text, 4012888888881881]}, "metadata": {f"key {MASKED['email']}": text, "plain": text}}
    said = [
        ("trace-create", {"id": "a trace", "name": f"for {MASKED['email']}", "userId": HASHED, "sessionId": MASKED["badge"], "tags": [text], **content}),
        ("generation-create", {"id": "one", "traceId": "a trace", "name": f"for {MASKED['email']}", "model": MASKED["ip"], "statusMessage": text, **content}),
        ("generation-update", {"id": "one", "traceId": "a trace", "level": "ERROR", "statusMessage": text, "modelParameters": {"stop": text}, **content}),
        ("trace-create", {"id": "a trace", "version": text, "userId": HASHED}),
        # Refused, with what is wrong with it.
        ("span-create", {"id": "two", "traceId": "a trace", "startTime": text}), ("span-update", {"id": text})]
    for events in (said[:2], said[2:], said):
        batch = [{"id": str(number), "type": kind, "timestamp": "2026-11-22T10:00:00Z", "body": body} for number, (kind, body) in enumerate(events)]
        answer = own.request("POST", "/api/public/ingestion", {"batch": batch, "metadata": {"sdk_name": MASKED["email"]}})
        assert answer.status_code == 207 and search.found_in(answer.text, GONE) == [], answer.text
    api = API(server.url, key)
    hashes = api.query(group_by=["attributes.user.id"], aggregates=["count"], filter={"attributes.user.id": {"_is_null": False}})["data"]
    assert len(hashes) == 1 and hashes[0]["attributes.user.id"].startswith("hash:"), hashes
    assert hashes[0]["attributes.user.id"].count("hash:") == 1 and len(hashes[0]["attributes.user.id"]) < 80
    assert api.span_count() == 2 and api.span_count({"name": {"_eq": "for [email]"}}) == 2
    check(server, recorder, "events of Langfuse")


def test_scores_are_masked_whichever_way_they_come(run):
    """In a project of its own with the same rules, and one that drops what a score says in words."""
    server, recorder, _ = run
    assert score_ways() == SCORES.keys() - {"/api/public/ingestion"}
    first = accounts.Client(server.url, server.key)
    for number, (keys, names, labels) in enumerate([
            (RULES["keys"], {"for [email]"}, {"[card] [ip]"}), ([{"glob": "gen_ai.evaluation.*", "action": "drop"}], {"[redacted]"}, {"[redacted]"})]):
        project = first.call("POST", "/api/v1/projects", {"name": f"scores {number}"}, 201)["id"]
        key = first.call("POST", f"/api/v1/projects/{project}/api-keys", {"name": "scores", "scopes": ["ingest", "write", "read", "admin"]}, 201)["key"]
        own = accounts.Client(server.url, key)
        own.put_settings(redaction={**RULES, "keys": keys})
        for path, bodies in SCORES.items():
            for body, status in bodies:
                # Sent again it is the same score, or, without an id, another.
                for _ in range(2):
                    answer = own.request("POST", path, body)
                    assert answer.status_code == status and search.found_in(answer.text, GONE) == [], answer.text
        scores = own.call("GET", "/api/v1/scores?limit=500")["data"]
        assert len(scores) == 2 + 4 + 1 and {score["name"] for score in scores} == names and {score["label"] for score in scores} == labels
        assert all(score["value"] is None for score in scores)
        assert {score["reason"] for score in scores} == ({""} if labels == names else {scores[0]["reason"]}) and search.found_in(json.dumps(scores), GONE) == []
    check(server, recorder, "scores")


def test_nothing_masked_is_anywhere_once_it_is_sealed_and_after_a_restart(run):
    server, recorder, traces = run
    assert API(server.url, server.key).seal()["span_count"] >= SPAN_COUNT
    answers(API(server.url, server.key), traces)
    assert any(path.endswith(".parquet") for path, _ in search.found_in_files(server.data, {"mask": "for [email]"}))
    check(server, recorder, "sealed")
    server.stop()
    check(server, recorder, "stopped")
    server.start()
    answers(API(server.url, server.key), traces)
    check(server, recorder, "started again")
    # Last, as it tells all values: without rules they are found where the search looks.
    accounts.owner(server).put_settings()
    trace_id, message = request(999)
    assert API(server.url, server.key).export(message.SerializeToString()).status_code == 200
    found = {name for path, name in search.found_in_files(server.data, GONE) if "wal" in path}
    assert found >= set(MASKED) | {"drop", "hash"}


def test_metadata_only_keeps_no_payload(make_server):
    server = make_server().start()
    api = API(server.url, server.key)
    accounts.owner(server).put_settings(redaction={"mode": "metadata_only"})
    for number, way in enumerate(WAYS):
        assert export(server, way, encoded(way, message_of(way, number)))[0], way
    api.seal()
    payload = {"prompt": '"content": "ada', "long": "word word word word"}
    assert search.found_in_files(server.data, payload) == []
    assert api.span_count() == 2 * len(SPAN_WAYS) and "for " + MASKED["email"] in json.dumps(api.get("/api/v1/traces"))
