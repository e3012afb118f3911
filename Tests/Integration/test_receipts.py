"""What an export's answer says in `x-spandrel-receipt` can be asked later: which spans are stored and which were refused, over every way of
exporting, also after kill -9 and after the log has let go; by the same project alone."""
import json
import pytest, requests
from harness import accounts, otlp
from harness.accounts import Client
from harness.api import API, JSON, PROTOBUF
from harness.grpc_calls import EXPORT_LOGS, call, frame
from harness.load import Request
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

START = 1_780_000_000_000_000_000


def request(trace, spans):
    """One span for each number; 0 is no span's id."""
    message = ExportTraceServiceRequest()
    scope = message.resource_spans.add().scope_spans.add()
    for number in spans:
        scope.spans.add(
            trace_id=trace.to_bytes(16, "big"), span_id=number.to_bytes(8, "big"), name=f"span {number}", start_time_unix_nano=START,
            end_time_unix_nano=START + 1_000_000)
    return message


@pytest.fixture(scope="module")
def project(server):
    return server, API(server.url, server.key)


def exported(api, message, **options):
    answer = api.export(message.SerializeToString(), **options)
    assert answer.status_code == 200, answer.text
    return answer.headers["x-spandrel-receipt"]


def receipt(api, id):
    return api.get(f"/api/v1/receipts/{id}")


def test_every_way_of_exporting_is_answered_with_a_receipt(project):
    server, api = project
    message = request(1, [1, 2])
    ids = [exported(api, message)]
    text = json.dumps(otlp.to_json(request(1, [3, 4]))).encode()
    answer = api.export(text, JSON, path="/api/public/otel/v1/traces")
    assert otlp.reply(answer).partial_success.rejected_spans == 0
    ids.append(answer.headers["x-spandrel-receipt"])
    ids.append(call(server.grpc_port, frame(request(1, [5, 6]).SerializeToString()), key=server.key).fields["x-spandrel-receipt"])
    for id in ids:
        told = receipt(api, id)
        assert (told["status"], told["stored_spans"], told["rejected_spans"], told["message"]) == ("stored", 2, 0, "")
        assert told["id"] == id and told["rejections"] == [] and told["duplicate_of"] is None
        assert told["received_at"] <= told["visible_since"]
    assert len(set(ids)) == 3
    empty = call(server.grpc_port, frame(b""), key=server.key).fields["x-spandrel-receipt"]
    assert receipt(api, empty)["status"] == "empty"


def log_request(trace, spans):
    """A GenAI event for each number, and an ordinary line."""
    message = ExportLogsServiceRequest()
    records = message.resource_logs.add().scope_logs.add().log_records
    for number in spans:
        records.add(event_name="gen_ai.choice", trace_id=trace.to_bytes(16, "big"), span_id=number.to_bytes(8, "big"), time_unix_nano=START)
    records.add(severity_text="INFO").body.string_value = "started"
    return message


@pytest.mark.parametrize("prefix", ["", "/otel", "/api/public/otel"])
def test_log_records_that_are_stored_have_a_receipt_over_every_protocol(project, prefix):
    server, api = project
    path, trace = f"{prefix}/v1/logs", 0x1065 + len(prefix)

    def sent(way, message):
        if way == "grpc":
            return call(server.grpc_port, frame(message.SerializeToString()), key=server.key, path=EXPORT_LOGS).fields.get("x-spandrel-receipt")
        body = json.dumps(otlp.to_json(message)) if way == "json" else message.SerializeToString()
        answer = api.export(body, JSON if way == "json" else PROTOBUF, path=path)
        assert answer.status_code == 200, answer.text
        return answer.headers.get("x-spandrel-receipt")

    for place, way in enumerate(["protobuf", "json", *([] if prefix else ["grpc"])]):
        message = log_request(trace, [10 * place + 1, 10 * place + 2])
        first = sent(way, message)
        told = receipt(api, first)
        assert (told["status"], told["stored_spans"], told["rejected_spans"], told["rejections"]) == ("partially_stored", 2, 1, [])
        assert "1 of kinds that are not stored" in told["message"] and told["visible_since"] >= told["received_at"]
        repeated = receipt(api, sent(way, message))
        assert (repeated["status"], repeated["duplicate_of"]) == ("duplicate", first)
        # Of a request of which nothing is stored the answer says all.
        assert sent(way, log_request(trace, [])) is None
    api.seal()
    assert receipt(api, first)["stored_spans"] == 2


def test_the_receipt_of_a_real_exporters_request_counts_what_it_sent(project):
    server, api = project
    ids = []
    session = requests.Session()
    session.hooks["response"].append(lambda answer, *_, **__: ids.append(answer.headers["x-spandrel-receipt"]))
    exporter = OTLPSpanExporter(f"{server.url}/v1/traces", headers={"authorization": f"Bearer {server.key}"}, session=session)
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    provider.get_tracer("receipts").start_span("one").end()
    provider.shutdown()
    assert [(told["status"], told["stored_spans"]) for told in (receipt(api, id) for id in ids)] == [("stored", 1)]


def test_a_receipt_names_refused_spans_and_a_repetition_its_first(project):
    server, api = project
    message = request(2, [7, 0, 8])
    message.resource_spans[0].scope_spans[0].spans[2].trace_id = b"\1\2"
    first = exported(api, message)
    told = receipt(api, first)
    assert (told["status"], told["stored_spans"], told["rejected_spans"], told["unlisted_rejections"]) == ("partially_stored", 1, 2, 0)
    assert told["message"].startswith("2 spans rejected")
    found = [(each["index"], each["reason"], each["trace_id"], each["span_id"]) for each in told["rejections"]]
    assert found == [(1, "span_id_zero", f"{2:032x}", f"{0:016x}"), (2, "trace_id_length", None, f"{8:016x}")]
    assert all(each["explanation"] for each in told["rejections"])
    again = [exported(api, message), exported(api, message, encoding=None)]
    assert len({first, *again}) == 3
    for id in again:
        repeated = receipt(api, id)
        assert (repeated["status"], repeated["duplicate_of"]) == ("duplicate", first)
        assert repeated["received_at"] > told["received_at"]
        for member in ("visible_since", "stored_spans", "rejected_spans", "message", "rejections"):
            assert repeated[member] == told[member], member
    many = receipt(api, exported(api, request(3, [0] * 150)))
    assert (many["status"], many["visible_since"]) == ("rejected", None)
    assert (len(many["rejections"]), many["unlisted_rejections"]) == (100, 50)


def test_nobody_else_finds_a_receipt(project):
    server, api = project
    id = exported(api, request(4, [1]))
    owner = accounts.owner(server)
    other = owner.call("POST", f"{owner.organization_path}/projects", {"name": "other receipts"}, 201)["id"]
    stranger = Client(server.url, owner.access_token, other)
    mine = Client(server.url, owner.access_token, owner.project)
    assert mine.request("GET", f"/api/v1/receipts/{id}").json()["status"] == "stored"
    unknown = stranger.request("GET", f"/api/v1/receipts/{id}")
    made_up = stranger.request("GET", f"/api/v1/receipts/{'5' * 64}")
    assert unknown.status_code == made_up.status_code == 404
    assert {**unknown.json(), "request_id": ""} == {**made_up.json(), "request_id": ""}
    assert Client(server.url).request("GET", f"/api/v1/receipts/{id}").status_code == 401
    assert Client(server.url, owner.create_key("ingest")["key"]).request("GET", f"/api/v1/receipts/{id}").status_code == 403


def test_a_receipt_outlives_kill_nine_and_the_log(make_server):
    server = make_server().start()
    api = API(server.url, server.key)
    message = request(5, [1, 0])
    first = exported(api, message)
    ids = [first, exported(api, message), exported(api, request(6, [0]))]
    ids += [exported(api, ExportTraceServiceRequest.FromString(Request("receipts", number).body)) for number in range(20)]
    before = {id: receipt(api, id) for id in ids}

    def told_alike(visible_too):
        for id, old in before.items():
            new = receipt(api, id)
            # Read back from the log, spans are visible since then.
            assert new["visible_since"] == old["visible_since"] if visible_too or old["visible_since"] is None else new["visible_since"] > old["visible_since"]
            assert {**new, "visible_since": 0} == {**old, "visible_since": 0}

    server.kill()
    server.start()
    api = API(server.url, server.key)
    told_alike(visible_too=False)
    before = {id: receipt(api, id) for id in ids}
    assert api.seal()["segment_count"] == 1
    told_alike(visible_too=True)
    # Of a request from before the crash, sealed since.
    late = exported(api, message)
    assert receipt(api, late)["duplicate_of"] == first
    before[late] = receipt(api, late)
    server.kill()
    server.start()
    api = API(server.url, server.key)
    told_alike(visible_too=True)
    metrics = api.metrics()
    assert metrics['spandrel_receipts_lost_total{cause="disk"}'] == 0
