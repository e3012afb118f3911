"""Content that comes as log records beside its spans, as instrumentations send it that capture content in events only: with OpenTelemetry's own
exporters over every protocol, before and after the spans, in memory, sealed and after a restart. And what the other signals are told."""
import json, time
import grpc
import pytest
from opentelemetry import trace as traces
from opentelemetry.exporter.otlp.json.http._log_exporter import OTLPLogExporter as JSONLogs
from opentelemetry.exporter.otlp.json.http.trace_exporter import OTLPSpanExporter as JSONSpans
from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter as GRPCLogs
from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter as GRPCMetrics
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GRPCSpans
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter as ProtobufLogs
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter as ProtobufMetrics
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as ProtobufSpans
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest, ExportLogsServiceResponse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest, ExportMetricsServiceResponse
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, LogRecordExportResult, SimpleLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader, MetricExportResult
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from harness import accounts, otlp
from harness.api import API
from harness.grpc_calls import EXPORT_LOGS, EXPORT_METRICS, call, frame

DETAILS = "gen_ai.client.inference.operation.details"
PROTOCOLS = ["protobuf", "json", "grpc"]


def message(role, text):
    return {"role": role, "parts": [{"type": "text", "content": text}]}


class Application:
    """One call of a model, as an instrumentation records it with content in events only."""

    def __init__(self, number):
        self.question = f"What is the weather in town {number}?"
        resource = Resource({"service.name": "weather"})
        spans, self.spans = TracerProvider(resource=resource), InMemorySpanExporter()
        spans.add_span_processor(SimpleSpanProcessor(self.spans))
        logs, self.records = LoggerProvider(resource=resource), InMemoryLogRecordExporter()
        logs.add_log_record_processor(SimpleLogRecordProcessor(self.records))
        logger = logs.get_logger("instrumentation")
        attributes = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o"}
        with spans.get_tracer("instrumentation").start_as_current_span("chat gpt-4o", kind=traces.SpanKind.CLIENT, attributes=attributes) as span:
            logger.emit(
                event_name=DETAILS, timestamp=time.time_ns(),
                attributes={
                    **attributes, "gen_ai.system_instructions": [{"type": "text", "content": "Be brief."}],
                    "gen_ai.input.messages": [message("user", self.question)],
                    "gen_ai.output.messages": [{**message("assistant", "It rains."), "finish_reason": "stop"}]})
            logger.emit(
                event_name="gen_ai.evaluation.result", timestamp=time.time_ns(),
                attributes={"gen_ai.evaluation.name": "helpful", "gen_ai.evaluation.score.value": 0.75, "gen_ai.evaluation.score.label": "pass",
                            "gen_ai.evaluation.explanation": f"on town {number}"})
            logger.emit(event_name="exception", timestamp=time.time_ns(),
                        attributes={"exception.type": "ValueError", "exception.message": "no such town"})
            # An ordinary line of the program's log.
            logger.emit(body="asked the model", severity_text="INFO", timestamp=time.time_ns())
            context = span.get_span_context()
        self.trace_id, self.span_id = format(context.trace_id, "032x"), format(context.span_id, "016x")

    def exporters(self, server, protocol):
        headers = {"authorization": f"Bearer {server.key}"}
        if protocol == "grpc":
            address = f"127.0.0.1:{server.grpc_port}"
            return GRPCSpans(address, insecure=True, headers=headers), GRPCLogs(address, insecure=True, headers=headers)
        spans, logs = (JSONSpans, JSONLogs) if protocol == "json" else (ProtobufSpans, ProtobufLogs)
        return spans(f"{server.url}/v1/traces", headers=headers), logs(f"{server.url}/v1/logs", headers=headers)

    def send(self, server, protocol, order, between):
        span_exporter, log_exporter = self.exporters(server, protocol)
        for number, signal in enumerate(order):
            if number:
                between()
            if signal == "spans":
                assert span_exporter.export(self.spans.get_finished_spans()) == SpanExportResult.SUCCESS
            else:
                assert log_exporter.export(self.records.get_finished_logs()) == LogRecordExportResult.SUCCESS
        span_exporter.shutdown(), log_exporter.shutdown()


@pytest.fixture(scope="module")
def user(module_server):
    return accounts.owner(module_server)


@pytest.fixture(scope="module")
def sent(module_server):
    """What went in: an application for every way, in whichever order, with a seal in between or not."""
    api, applications = API(module_server.url, module_server.key), []
    for protocol in PROTOCOLS:
        for order in (["spans", "logs"], ["logs", "spans"]):
            for between in (lambda: None, api.seal):
                application = Application(len(applications))
                application.send(module_server, protocol, order, between)
                applications.append(application)
    return applications


def plain(value):
    """An attribute of OTLP's JSON as what was set."""
    kind, content = next(iter(value.items()), ("", None))
    if kind == "arrayValue":
        return [plain(element) for element in content.get("values", [])]
    if kind == "kvlistValue":
        return {member["key"]: plain(member["value"]) for member in content.get("values", [])}
    return int(content) if kind == "intValue" else content


def check(api, application):
    span = api.get(f"/api/v1/traces/{application.trace_id}/spans/{application.span_id}")
    said = [(one["role"], [part["text"] for part in one["parts"]]) for one in span["input_messages"]]
    assert said == [("system", ["Be brief."]), ("user", [application.question])]
    answer, = span["output_messages"]
    assert (answer["role"], answer["parts"][0]["text"], answer["finish_reason"]) == ("assistant", "It rains.", "stop")
    assert [event["name"] for event in span["events"]] == [DETAILS, "gen_ai.evaluation.result", "exception"]
    assert "gen_ai.input.messages" not in span["attributes"]
    # Raw: as it was sent, structure and all.
    exported, = api.trace(application.trace_id)["resourceSpans"][0]["scopeSpans"][0]["spans"]
    events = [{each["key"]: plain(each["value"]) for each in event["attributes"]} for event in exported["events"]]
    assert events[0]["gen_ai.input.messages"] == [message("user", application.question)]
    assert events[0]["gen_ai.output.messages"] == [{**message("assistant", "It rains."), "finish_reason": "stop"}]
    assert events[1]["gen_ai.evaluation.score.value"] == 0.75 and events[2]["exception.type"] == "ValueError"
    # A window of its trace, its search and its explanation know of one span.
    assert api.get(f"/api/v1/traces/{application.trace_id}/spans")["span_count"] == 1
    found = api.get(f"/api/v1/traces/{application.trace_id}/search", q=application.question)
    assert [match["field"] for match in found["data"]] == ["events.gen_ai.input.messages"]
    explained = api.get(f"/api/v1/traces/{application.trace_id}/spans/{application.span_id}/explain")
    source = next(field for field in explained["fields"] if field["field"] == "input")
    assert source["value"] is None and "events" in source["reason"]


def check_all(server, applications):
    api = API(server.url, server.key)
    for application in applications:
        check(api, application)
    assert api.span_count() == len(applications)
    listed = api.get("/api/v1/traces", limit=500)["data"]
    assert sorted(row["trace_id"] for row in listed) == sorted(application.trace_id for application in applications)
    assert {row["span_count"] for row in listed} == {1}
    for application in applications[:3]:
        rows = api.get("/api/v1/traces", filter=json.dumps({"input": {"_contains": application.question}}))["data"]
        assert [row["trace_id"] for row in rows] == [application.trace_id]
    assert api.span_count({"name": {"_eq": DETAILS}}) == 0


def test_content_in_events_is_the_spans_whichever_came_first(module_server, sent):
    check_all(module_server, sent)


def test_an_evaluation_is_a_score_of_its_span_once(module_server, user, sent):
    api = API(module_server.url, module_server.key)
    for number, application in enumerate(sent):
        score, = user.call("GET", f"/api/v1/scores?trace_id={application.trace_id}")["data"]
        assert (score["name"], score["source"], score["value"], score["label"]) == ("helpful", "application", 0.75, "pass")
        assert (score["reason"], score["span_id"], score["error"]) == (f"on town {number}", application.span_id, None)
        assert score["author"] and module_server.key.startswith(score["author"])
    # The same records in other requests: the same score.
    first = sent[0]
    for protocol in PROTOCOLS:
        _, exporter = first.exporters(module_server, protocol)
        assert exporter.export(first.records.get_finished_logs()[:2]) == LogRecordExportResult.SUCCESS
        exporter.shutdown()
    assert len(user.call("GET", f"/api/v1/scores?trace_id={first.trace_id}")["data"]) == 1
    check(api, first)


def test_a_key_that_may_only_ingest_reports_evaluations_and_sends_no_other_scores(module_server, user):
    """An evaluation in an event is telemetry: what an application says of its own span."""
    key = user.create_key("ingest", name="collector")["key"]
    request = ExportLogsServiceRequest()
    record = request.resource_logs.add().scope_logs.add().log_records.add(
        event_name="gen_ai.evaluation.result", trace_id=b"\5" * 16, span_id=b"\6" * 8, time_unix_nano=time.time_ns())
    record.attributes.add(key="gen_ai.evaluation.name").value.string_value = "helpful"
    record.attributes.add(key="gen_ai.evaluation.score.value").value.double_value = 1
    own = accounts.Client(module_server.url, key)
    assert API(module_server.url, key).export(request.SerializeToString(), path="/v1/logs").status_code == 200
    score, = user.call("GET", f"/api/v1/scores?trace_id={'05' * 16}")["data"]
    assert (score["source"], score["value"]) == ("application", 1) and key.startswith(score["author"])
    # Neither scores by themselves, nor those of others, nor a person's.
    for path, body in [("/api/v1/scores", {"name": "n", "value": 1, "trace_id": "05" * 16}), ("/api/public/scores", {"traceId": "05" * 16, "name": "n", "value": 1})]:
        assert own.request("POST", path, body).status_code == 403
    assert own.request("GET", f"/api/v1/scores?trace_id={'05' * 16}").status_code == 403
    assert len(user.call("GET", f"/api/v1/scores?trace_id={'05' * 16}")["data"]) == 1


def test_a_test_case_is_made_of_what_an_event_says(user, sent):
    suite = user.call("POST", "/api/v1/suites", {"name": "from events"}, 201)["id"]
    made = user.call(
        "POST", f"/api/v1/suites/{suite}/test-cases/from-span",
        {"trace_id": sent[0].trace_id, "span_id": sent[0].span_id, "expected_from_output": True})
    content = json.dumps(made["test_case"])
    assert sent[0].question in content and "Be brief." in content and "It rains." in content


def test_everything_is_there_once_it_is_sealed_and_after_a_restart(module_server, sent):
    module_server.kill()
    module_server.start()
    check_all(module_server, sent)
    API(module_server.url, module_server.key).seal()
    check_all(module_server, sent)


def other_records():
    """Two records that are not stored, one of a kind that is but without ids, one that is."""
    request = ExportLogsServiceRequest()
    records = request.resource_logs.add().scope_logs.add().log_records
    records.add(severity_text="INFO").body.string_value = "started"
    records.add(event_name="device.app.lifecycle", trace_id=b"\1" * 16, span_id=b"\2" * 8)
    records.add(event_name="exception")
    records.add(event_name="gen_ai.choice", trace_id=b"\7" * 16, span_id=b"\2" * 8).body.string_value = str(time.time_ns())
    return request


def test_who_sends_other_records_and_metrics_is_told_the_truth(module_server):
    api = API(module_server.url, module_server.key)
    before, spans = api.metrics(), api.span_count()
    for prefix in ("", "/otel", "/api/public/otel"):
        for content_type in ("application/x-protobuf", "application/json"):
            def send(path, request):
                body = request.SerializeToString() if content_type != "application/json" else json.dumps(otlp.to_json(request))
                answer = api.export(body, content_type, path=prefix + path)
                assert answer.status_code == 200 and answer.headers["Content-Type"] == content_type, answer.text
                return answer
            answer = send("/v1/logs", other_records())
            told = (answer.json()["partialSuccess"]["rejectedLogRecords"], answer.json()["partialSuccess"]["errorMessage"]) if "json" in content_type else None
            if told is None:
                partial = ExportLogsServiceResponse.FromString(answer.content).partial_success
                told = str(partial.rejected_log_records), partial.error_message
            assert told[0] == "3" and "2 of kinds that are not stored (Spandrel stores only GenAI and exception events" in told[1]
            assert "1 trace_id_length" in told[1]
            answer = send("/v1/metrics", data_points())
            if "json" in content_type:
                assert answer.json()["partialSuccess"]["rejectedDataPoints"] == "3"
            else:
                partial = ExportMetricsServiceResponse.FromString(answer.content).partial_success
                assert partial.rejected_data_points == 3 and "Spandrel stores no metrics" in partial.error_message
    for path, request, response in [(EXPORT_LOGS, other_records(), ExportLogsServiceResponse), (EXPORT_METRICS, data_points(), ExportMetricsServiceResponse)]:
        answer = call(module_server.grpc_port, frame(request.SerializeToString()), key=module_server.key, path=path)
        partial = response.FromString(answer.body).partial_success
        assert answer.status == 0 and 3 in (getattr(partial, "rejected_log_records", 0), getattr(partial, "rejected_data_points", 0))
        assert call(module_server.grpc_port, frame(b""), key=module_server.key, path=path).body in (b"", None)
    after = api.metrics()
    assert after["spandrel_ingest_rejected_data_points_total"] - before.get("spandrel_ingest_rejected_data_points_total", 0) == 21
    assert after["spandrel_ingest_stored_log_records_total"] - before["spandrel_ingest_stored_log_records_total"] == 7
    assert api.span_count() == spans and api.get("/api/v1/quarantine")["data"] == []


def data_points():
    request = ExportMetricsServiceRequest()
    metrics = request.resource_metrics.add().scope_metrics.add().metrics
    metrics.add(name="requests").gauge.data_points.add(as_int=1)
    histogram = metrics.add(name="duration").histogram
    histogram.data_points.add(count=1), histogram.data_points.add(count=2)
    return request


@pytest.mark.parametrize("protocol", ["protobuf", "grpc"])
def test_an_exporter_of_metrics_goes_on(module_server, protocol):
    reader = InMemoryMetricReader()
    MeterProvider([reader]).get_meter("m").create_counter("calls").add(1)
    headers = {"authorization": f"Bearer {module_server.key}"}
    if protocol == "grpc":
        exporter = GRPCMetrics(f"127.0.0.1:{module_server.grpc_port}", insecure=True, headers=headers)
    else:
        exporter = ProtobufMetrics(f"{module_server.url}/v1/metrics", headers=headers)
    assert exporter.export(reader.get_metrics_data()) == MetricExportResult.SUCCESS
    exporter.shutdown()


@pytest.mark.parametrize("compression", ["none", "gzip"])
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_what_is_refused_is_refused_as_spans_are(module_server, user, protocol, compression):
    """No key, a key without the scope, too much, too often: before anything is read of it."""
    api, body = API(module_server.url, module_server.key), other_records().SerializeToString()
    limited, reader = user.create_key("ingest", requests_per_second=1)["key"], user.create_key("read")["key"]
    if protocol == "grpc":
        def send(key, content=body, path=EXPORT_LOGS):
            return call(module_server.grpc_port, frame(content), key=key, path=path).status
        expected = {"unknown": 16, "reader": 7, "large": 8, "rate": 8, "broken": 3}
    else:
        def send(key, content=body, path="/v1/logs"):
            return api.export(content, "application/x-protobuf" if protocol == "protobuf" else "application/json", path=path,
                              headers={"Authorization": f"Bearer {key}"}).status_code
        expected = {"unknown": 401, "reader": 403, "large": 413, "rate": 429, "broken": 400}
    if compression == "none":
        assert send("nobody") == expected["unknown"] and send(reader) == expected["reader"]
        assert send(module_server.key, b"\n\x7f<html>") == expected["broken"]
    else:
        assert send(module_server.key, b"x" * (65 << 20)) == expected["large"]
        content = b"" if protocol != "json" else b"{}"
        assert expected["rate"] in [send(limited, content) for _ in range(20)]
