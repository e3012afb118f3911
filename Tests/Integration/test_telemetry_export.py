"""The server's own traces and metrics at a collector: what arrives is read with opentelemetry-proto and held against what the server did."""
import http.server, queue, re, socket, subprocess, threading, time
import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from harness import otlp
from harness.api import API
from harness.messages import every_field
from harness.ports import free_port
from harness.server import BINARY, wait_until

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
SERVER_KIND, INTERNAL_KIND, ERROR = 2, 1, 2
SECRET = "a-collectors-secret"


class Collector:
    """A collector of one's own: keeps every request, answers the next of `answers`, or 200 when there is none."""

    def __init__(self):
        self.requests, self.answers = [], queue.SimpleQueue()
        collector = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                status, headers = 200, {}
                if self.path == "/v1/traces":
                    try:
                        status, headers = collector.answers.get_nowait()
                    except queue.Empty:
                        pass
                collector.requests.append((self.path, {name.lower(): text for name, text in self.headers.items()}, body, status))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        self.thread = threading.Thread(target=self.http.serve_forever, daemon=True)
        self.thread.start()

    def bodies(self, path, status=200):
        return [body for sent_path, _, body, answered in list(self.requests) if sent_path == path and answered == status]

    def spans(self):
        """Every span taken, with its resource's attributes."""
        for body in self.bodies("/v1/traces"):
            for resource in otlp.ExportTraceServiceRequest.FromString(body).resource_spans:
                for scope in resource.scope_spans:
                    for span in scope.spans:
                        yield span, attributes(resource.resource)

    def spans_of(self, trace_id):
        return [span for span, _ in self.spans() if span.trace_id.hex() == trace_id]

    def reports(self):
        return [ExportMetricsServiceRequest.FromString(body) for body in self.bodies("/v1/metrics")]

    def close(self):
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()


@pytest.fixture
def collector():
    collector = Collector()
    yield collector
    collector.close()


def value(any_value):
    return getattr(any_value, any_value.WhichOneof("value"))


def attributes(message):
    return {kv.key: value(kv.value) for kv in message.attributes}


def parent(trace_id=TRACE, flags="01"):
    return {"traceparent": f"00-{trace_id}-{PARENT}-{flags}"}


def samples(report):
    """An OTLP report as the samples of Prometheus' text: name with labels -> value."""
    found = {}

    def label(point, *more):
        pairs = [*((kv.key, value(kv.value)) for kv in point.attributes), *more]
        return "{" + ",".join(f'{name}="{text}"' for name, text in pairs) + "}" if pairs else ""

    for metric in report.resource_metrics[0].scope_metrics[0].metrics:
        kind = metric.WhichOneof("data")
        if kind != "gauge":
            assert getattr(metric, kind).aggregation_temporality == 2
        assert kind != "sum" or metric.sum.is_monotonic
        for point in getattr(metric, kind).data_points:
            assert point.time_unix_nano > point.start_time_unix_nano
            if kind != "histogram":
                found[metric.name + label(point)] = point.as_double
                continue
            total = 0
            for count, bound in zip(point.bucket_counts, [*(f"{bound:.15g}" for bound in point.explicit_bounds), "+Inf"], strict=True):
                total += count
                found[metric.name + "_bucket" + label(point, ("le", bound))] = total
            assert total == point.count
            found[metric.name + "_sum" + label(point)] = point.sum
            found[metric.name + "_count" + label(point)] = point.count
    return found


def test_every_request_is_a_span_of_its_callers_trace(collector, make_server):
    server = make_server("--telemetry-endpoint", collector.url, "--telemetry-header", f"x-collector-key: {SECRET}").start()
    api = API(server.url, server.key)
    reply = api.export(every_field(5).SerializeToString(), headers={**parent(), "tracestate": "vendor=1"})
    assert reply.status_code == 200
    assert api.request("GET", "/api/v1/traces/nothing?x=private", headers=parent()).status_code == 400
    assert api.request("GET", "/nowhere/private", headers=parent()).status_code == 404
    # The caller did not sample it.
    assert api.request("GET", "/health/live", headers=parent("5" * 32, "00")).status_code == 200
    api.seal()
    version = api.get("/openapi.json")["info"]["version"]
    assert server.stop() == 0, server.log()

    ingest, malformed, unknown = collector.spans_of(TRACE)
    assert (ingest.name, ingest.kind, ingest.parent_span_id.hex(), ingest.trace_state) == ("exportTraces", SERVER_KIND, PARENT, "vendor=1")
    assert ingest.flags == 0x301 and ingest.status.code == 0
    assert 0 < ingest.end_time_unix_nano - ingest.start_time_unix_nano < 60e9
    found = attributes(ingest)
    assert found.pop("spandrel.project_id") == server.credentials["project_id"]
    assert found == {
        "http.request.method": "POST", "http.route": "/v1/traces", "http.response.status_code": 200, "url.scheme": "http",
        "server.address": "127.0.0.1", "server.port": server.port, "spandrel.request_id": reply.headers["x-request-id"]}
    assert (malformed.name, attributes(malformed)["http.response.status_code"]) == ("getTrace", 400)
    assert (unknown.name, attributes(unknown)["http.response.status_code"]) == ("GET", 404)
    assert collector.spans_of("5" * 32) == []
    seal, = [span for span, _ in collector.spans() if span.name == "sealMemtable"]
    assert seal.kind == INTERNAL_KIND and attributes(seal)["spandrel.span_count"] > 0

    # One instance, of the version the API tells, and nothing of anybody's secrets.
    resources = {tuple(sorted(resource.items())) for _, resource in collector.spans()}
    resource = dict(resources.pop())
    assert not resources
    assert (resource["service.name"], resource["service.version"]) == ("spandrel", version)
    for path, headers, body, _ in collector.requests:
        assert (headers["x-collector-key"], headers["content-type"]) == (SECRET, "application/x-protobuf")
        assert resource["service.instance.id"] in headers["user-agent"] and headers["traceparent"].endswith("-00")
        assert b"private" not in body and server.credentials["api_key"].encode() not in body and SECRET.encode() not in body
    assert SECRET not in server.log()


def test_the_exported_metrics_are_those_of_the_metrics_page(collector, make_server):
    server = make_server("--telemetry-endpoint", collector.url, "--telemetry-metric-interval", "1").start()
    api = API(server.url, server.key)
    assert api.export(every_field(6).SerializeToString()).status_code == 200
    api.seal()
    page = api.metrics()
    # The report after the next was begun when the page had been made.
    count = len(collector.reports())
    wait_until(lambda: len(collector.reports()) >= count + 2, 30, "two more reports")
    again = api.metrics()
    report = samples(collector.reports()[count + 1])
    assert page.keys() - report.keys() == set()
    # Reading the page is a request of its own; the rest of the difference is time.
    moving = re.compile(r'process_|spandrel_telemetry_|.*route="/metrics"|spandrel_http_(requests_in_progress|connections)|spandrel_postgres_|spandrel_disk_|spandrel_store_(.*bytes|background_cpu_seconds)')
    still = {name for name in page if not moving.match(name)}
    assert len(still) > 40
    assert {name: report[name] for name in still} == {name: page[name] for name in still}
    assert report['spandrel_http_requests_total{method="POST",route="/v1/traces",status="200"}'] == 1
    for name in ("process_cpu_seconds_total", "spandrel_telemetry_exported_reports_total"):
        assert page[name] <= report[name] <= again[name]
    metric = {metric.name: metric for metric in collector.reports()[0].resource_metrics[0].scope_metrics[0].metrics}["process_cpu_seconds_total"]
    assert metric.unit == "s" and metric.description


def test_a_second_server_is_a_collector_and_does_not_trace_the_exports(collector, make_server):
    far = make_server("--telemetry-endpoint", collector.url).start()
    near = make_server(
        environment={
            "SPANDREL_TELEMETRY_ENDPOINT": far.url, "SPANDREL_TELEMETRY_HEADERS": f"authorization=Bearer%20{far.key}",
            "SPANDREL_TELEMETRY_SAMPLE_RATIO": "0"}).start()
    assert API(near.url, near.key).request("GET", "/api/v1/projects", headers=parent()).status_code == 200
    assert API(near.url, near.key).request("GET", "/api/v1/projects").status_code == 200
    assert near.stop() == 0, near.log()
    api = API(far.url, far.key)
    (_, record), = otlp.records(otlp.from_json(api.trace(TRACE))).items()
    assert (record["name"], record["parent"]) == ("listProjects", PARENT)
    # Nothing but the sampled request came, and the export it came with is no span of the far server.
    assert api.span_count() == 1
    exports = 'spandrel_http_requests_total{method="POST",route="/v1/traces",status="200"}'
    assert api.metrics()[exports] == 1
    assert far.stop() == 0, far.log()
    names = {span.name for span, _ in collector.spans()}
    assert "getTrace" in names and "exportTraces" not in names


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1.2.3", "[::ffff:127.0.0.1]"])
def test_a_server_pointed_at_itself_refuses_to_start(tmp_path, host):
    port = free_port()
    command = [str(BINARY), "serve", "--data-dir", str(tmp_path / "data"), "--listen", f"127.0.0.1:{port}",
               "--telemetry-endpoint", f"http://{host}:{port}", "--telemetry-header", f"key: {SECRET}"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert "this server itself" in done.stderr and "--telemetry-allow-self" in done.stderr
    assert SECRET not in done.stdout + done.stderr
    assert not (tmp_path / "data").exists()


def test_a_server_that_may_export_to_itself_makes_no_loop(make_server):
    port = free_port()
    server = make_server(
        "--telemetry-endpoint", f"http://127.0.0.1:{port}", "--telemetry-allow-self", "--telemetry-metric-interval", "1",
        port=port)
    server.start()
    # The key is made at the first start: the second knows it.
    server.stop()
    server.arguments += ("--telemetry-header", f"x-api-key: {server.key}")
    server.start()
    api = API(server.url, server.key)
    api.request("GET", "/health/live", headers=parent())
    wait_until(lambda: api.trace(TRACE), 30, "the server's own span")
    names = {row["name"] for row in api.query(select=["name"], limit=1000)["data"]}
    assert "getLiveness" in names and "exportTraces" not in names
    assert server.stop() == 0, server.log()


def test_spans_a_collector_cannot_take_now_come_once_and_late(collector, make_server):
    for answer in [(503, {"Retry-After": "1"}), (429, {}), (502, {})]:
        collector.answers.put(answer)
    server = make_server("--telemetry-endpoint", collector.url).start()
    api = API(server.url, server.key)
    traces = [f"{number:032x}" for number in range(1, 21)]
    for trace_id in traces:
        api.request("GET", "/health/live", headers=parent(trace_id))
    wait_until(lambda: collector.spans_of(traces[-1]), 60, "the spans to be taken")
    assert [len(collector.spans_of(trace_id)) for trace_id in traces] == [1] * len(traces)
    refused = [status for path, _, _, status in collector.requests if path == "/v1/traces" and status != 200]
    assert refused == [503, 429, 502]
    assert api.metrics()['spandrel_telemetry_failed_sends_total{signal="traces"}'] == 3
    wait_until(lambda: "telemetry is exported again" in server.log(), 30, "the log to tell so")
    assert server.log().count("telemetry is not exported") == 1


def test_spans_a_collector_refuses_are_dropped_and_counted(collector, make_server):
    collector.answers.put((400, {}))
    server = make_server("--telemetry-endpoint", collector.url).start()
    api = API(server.url, server.key)
    api.request("GET", "/health/live", headers=parent())
    dropped = 'spandrel_telemetry_dropped_spans_total{reason="refused"}'
    wait_until(lambda: api.metrics()[dropped] > 0, 30, "the batch to be refused")
    assert server.stop() == 0
    assert collector.spans_of(TRACE) == [] and collector.bodies("/v1/traces", status=400)


@pytest.mark.parametrize("is_listening", [False, True])
def test_a_collector_that_does_not_answer_does_not_hold_up_the_end(make_server, is_listening):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        if is_listening:
            silent.listen()
        server = make_server("--telemetry-endpoint", f"http://127.0.0.1:{silent.getsockname()[1]}").start()
        API(server.url, server.key).request("GET", "/health/live", headers=parent())
        start = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - start < 20
        assert re.search('spans of the server itself were not exported".*"spans":"1"', server.log())
