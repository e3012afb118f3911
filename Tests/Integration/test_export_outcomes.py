"""What OpenTelemetry's own exporters do with every outcome of an export: {protobuf, JSON, gRPC} x {identity, gzip} x {stored, partly rejected,
too large, too many requests, overloaded}. Whatever it was, nothing is lost that was not refused for good, and nothing is there twice."""
import threading, time
import grpc
import pytest
from opentelemetry.exporter.otlp.common.http import Compression as JSONCompression
from opentelemetry.exporter.otlp.json.http.trace_exporter import OTLPSpanExporter as JSONExporter
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GRPCExporter
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as ProtobufExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from harness.accounts import Client, owner
from harness.api import API
from harness.raw import Connection
from harness.server import wait_until

SUCCESS, FAILURE = SpanExportResult.SUCCESS, SpanExportResult.FAILURE
pytestmark = [
    pytest.mark.parametrize("protocol", ["protobuf", "json", "grpc"]),
    pytest.mark.parametrize("compression", ["none", "gzip"]),
]


@pytest.fixture(scope="module")
def user(module_server):
    return owner(module_server)


def make_spans(*attributes):
    """A span for each, all in one trace."""
    provider, ended = TracerProvider(), InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(ended))
    tracer = provider.get_tracer(__name__)
    with tracer.start_as_current_span("root"):
        for number, values in enumerate(attributes):
            tracer.start_span(f"span {number}", attributes=values).end()
    return [span for span in ended.get_finished_spans() if span.name != "root"]


class Exporting:
    """One exporter with a key of its own, and what the server counted of it."""

    def __init__(self, server, user, protocol, compression, **limits):
        key = user.create_key("ingest", **limits)["key"]
        self.api, self.server, self.key = API(server.url, server.key), server, key
        # This exporter has a largest request of its own; these tests are about the server's.
        options = {"timeout": 8, **({"max_request_size": 0} if protocol == "protobuf" else {})}
        headers = {"authorization": f"Bearer {key}"}
        if protocol == "grpc":
            self.exporter = GRPCExporter(
                f"127.0.0.1:{server.grpc_port}", insecure=True, headers=headers,
                compression=grpc.Compression.Gzip if compression == "gzip" else grpc.Compression.NoCompression, **options)
        elif protocol == "json":
            self.exporter = JSONExporter(f"{server.url}/v1/traces", headers=headers, compression=JSONCompression(compression), **options)
        else:
            self.exporter = ProtobufExporter(f"{server.url}/v1/traces", headers=headers, compression=Compression(compression), **options)
        self.before = self.outcomes()

    def outcomes(self):
        return {name.split('"')[1]: value for name, value in self.api.metrics().items() if name.startswith("spandrel_ingest_requests_total")}

    def counted(self, outcome):
        return self.outcomes().get(outcome, 0) - self.before.get(outcome, 0)

    def export(self, spans):
        return self.exporter.export(spans)

    def stored(self, spans):
        """Names of what is stored of the spans' trace, in order, as often as it is stored."""
        trace = format(spans[0].context.trace_id, "032x")
        rows = self.api.query(filter={"trace_id": {"_eq": trace}}, select=["name"], order_by=["name"])["data"]
        return [row["name"] for row in rows]


@pytest.fixture
def exporting(module_server, user, protocol, compression):
    made = []

    def make(**limits):
        made.append(Exporting(module_server, user, protocol, compression, **limits))
        return made[-1]

    yield make
    for each in made:
        each.exporter.shutdown()


def test_what_is_stored_is_a_success(exporting):
    one, spans = exporting(), make_spans({"a": 1}, {"b": "text"})
    assert one.export(spans) == SUCCESS
    assert one.stored(spans) == ["span 0", "span 1"]
    assert one.counted("accepted") == 1


def test_what_was_rejected_in_part_is_not_sent_again(exporting):
    one, spans = exporting(), make_spans({"a": 1}, {"k" * 300: 1}, {"b": 2})
    assert one.export(spans) == SUCCESS
    assert one.stored(spans) == ["span 0", "span 2"]
    assert one.counted("accepted") == 1


def test_a_batch_too_large_is_refused_for_good(exporting, protocol):
    one, large = exporting(), {f"part {number}": "x" * (9 << 20) for number in range(8)}
    spans = make_spans(large)
    assert one.export(spans) == FAILURE
    assert one.stored(spans) == []
    # Python's gRPC exporter tries this one again, against the specification.
    assert one.counted("too_large") == 1 or protocol == "grpc"
    afterwards = make_spans({"a": 1})
    assert one.export(afterwards) == SUCCESS and one.stored(afterwards) == ["span 0"]


def test_who_sends_too_often_waits_as_long_as_it_is_told(exporting):
    one, batches = exporting(requests_per_second=1), [make_spans({"number": number}) for number in range(3)]
    start = time.monotonic()
    assert [one.export(spans) for spans in batches] == [SUCCESS] * 3
    assert time.monotonic() - start >= 1
    assert one.counted("rate") >= 1 and one.counted("accepted") == 3
    assert [one.stored(spans) for spans in batches] == [["span 0"]] * 3


def test_who_meets_a_server_without_room_comes_again(exporting, module_server):
    one, spans = exporting(maximum_concurrency=1), make_spans({"a": 1})
    with Connection(module_server.port) as other:
        # Another request of the same key that does not come to its end.
        other.send(f"POST /v1/traces HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {one.key}\r\nContent-Type: application/x-protobuf\r\n"
                   "Content-Length: 10\r\nExpect: 100-continue\r\n\r\n".encode())
        assert b" 100 " in other.head()
        results = []
        exporter = threading.Thread(target=lambda: results.append(one.export(spans)))
        exporter.start()
        wait_until(lambda: one.counted("concurrency") >= 1, 30, "the exporter to be sent away")
    exporter.join()
    assert results == [SUCCESS]
    assert one.stored(spans) == ["span 0"]
