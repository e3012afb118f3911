"""Applications instrumented with the real OpenTelemetry SDK: every span is found again with every field equal, from memory, from sealed
segments, and after a restart."""
import base64, os, pathlib, subprocess, sys
import pytest
from harness import otlp
from harness.api import API
from harness.server import wait_until

APPLICATIONS = pathlib.Path(__file__).parent / "applications"
BEARER, BASIC, BARE, X_API_KEY, API_KEY = "bearer", "basic", "bare", "x-api-key", "api-key"


def header(style, key):
    """How users write the key into OTEL_EXPORTER_OTLP_HEADERS."""
    return {
        BEARER: f"Authorization=Bearer%20{key}", BASIC: "Authorization=Basic%20" + base64.b64encode(f"public:{key}".encode()).decode().replace("=", "%3D"),
        BARE: f"Authorization={key}", X_API_KEY: f"x-api-key={key}", API_KEY: f"api-key={key}",
    }[style]


def run_application(name, server, directory, exporter="protobuf", compression="none", prefix="", auth=BEARER):
    """Runs an application against the server and answers what it sent."""
    sent = directory / "sent.pb"
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("OTEL_")}, "EXPORTER": exporter, "SENT_FILE": str(sent),
        "OTEL_EXPORTER_OTLP_ENDPOINT": server.grpc_url if exporter == "grpc" else server.url + prefix, "OTEL_EXPORTER_OTLP_HEADERS": header(auth, server.key),
        "OTEL_BSP_SCHEDULE_DELAY": "50", **({} if compression == "none" else {"OTEL_EXPORTER_OTLP_COMPRESSION": compression})}
    done = subprocess.run(
        [sys.executable, str(APPLICATIONS / f"{name}.py")], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "Failed to export" not in done.stderr, done.stderr
    return otlp.ExportTraceServiceRequest.FromString(sent.read_bytes())


def stored(api, message):
    """What the server answers for every trace of a message."""
    found = {}
    for trace_id in otlp.trace_ids(message):
        document = api.trace(trace_id)
        assert document is not None, f"trace {trace_id} is not there"
        found.update(otlp.records(otlp.from_json(document)))
    return found


@pytest.mark.parametrize("application", ["every_field", "agent"])
@pytest.mark.parametrize(
    "exporter, compression, prefix, auth",
    [
        ("protobuf", "none", "", BEARER), ("protobuf", "gzip", "", X_API_KEY), ("json", "none", "", BEARER), ("json", "gzip", "", API_KEY),
        ("protobuf", "none", "/otel", BARE), ("protobuf", "gzip", "/api/public/otel", BASIC),
        ("grpc", "none", "", BEARER), ("grpc", "gzip", "", X_API_KEY),
    ])
def test_every_span_is_found_again_with_every_field_equal(server, api, tmp_path, application, exporter, compression, prefix, auth):
    sent = run_application(application, server, tmp_path, exporter, compression, prefix, auth)
    expected = otlp.records(sent)
    assert len(expected) > 10
    # The exporter had its 200 before the application ended, so everything is visible now.
    assert otlp.differences(expected, stored(api, sent)) == []
    api.seal()
    assert otlp.differences(expected, stored(api, sent)) == []


def test_spans_are_the_same_after_a_restart_from_the_log_and_from_segments(make_server, tmp_path):
    server = make_server().start()
    api = API(server.url, server.key)
    sealed = run_application("every_field", server, tmp_path)
    api.seal()
    in_log = run_application("agent", server, tmp_path)
    assert server.stop() == 0, server.log()
    server.start()
    for message in (sealed, in_log):
        assert otlp.differences(otlp.records(message), stored(api, message)) == []


def test_the_agents_llm_fields_are_there_to_ask_for(server, api, tmp_path):
    sent = run_application("agent", server, tmp_path)
    sessions = {value for record in otlp.records(sent).values() for key, value in record["attributes"] if key == "gen_ai.conversation.id"}
    assert len(sessions) == 12
    for seal in (False, True):
        if seal:
            api.seal()
        trace_id = sorted(otlp.trace_ids(sent))[0]
        rows = api.query(
            filter={"trace_id": {"_eq": trace_id}, "kind": {"_eq": "llm"}},
            select=["model", "request_model", "response_model", "provider", "input_tokens", "output_tokens", "cache_read_tokens", "session_id", "error_type"],
            order_by=["input_tokens"])["data"]
        assert [row["input_tokens"] for row in rows] == [1001, 1002, 1003, 1004]
        assert [row["output_tokens"] for row in rows] == [50, 100, 150, 200]
        assert {row["cache_read_tokens"] for row in rows} == {128}
        assert {(row["provider"], row["request_model"], row["model"]) for row in rows} == {("openai", "gpt-4.1-mini", "gpt-4.1-mini-2025-04-14")}
        assert [row["error_type"] for row in rows] == [None, None, "RateLimitError", None]


def test_an_exporter_waits_out_a_restart_and_loses_nothing(make_server, tmp_path):
    """The SDK retries connection errors: a server that comes back within its budget has every span once."""
    server = make_server().start()
    api = API(server.url, server.key)
    assert server.stop() == 0, server.log()
    sent_file = tmp_path / "sent.pb"
    environment = {**os.environ, "EXPORTER": "protobuf", "SENT_FILE": str(sent_file), "OTEL_EXPORTER_OTLP_ENDPOINT": server.url,
                   "OTEL_EXPORTER_OTLP_HEADERS": header(BEARER, server.key), "OTEL_EXPORTER_OTLP_TIMEOUT": "60"}
    with open(tmp_path / "log", "w+") as log:
        application = subprocess.Popen([sys.executable, str(APPLICATIONS / "every_field.py")], env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_until(lambda: "retrying" in (tmp_path / "log").read_text() or application.poll() is not None, 30, "the exporter to meet a closed port")
        server.start()
        assert application.wait(90) == 0, (tmp_path / "log").read_text()
    sent = otlp.ExportTraceServiceRequest.FromString(sent_file.read_bytes())
    assert otlp.differences(otlp.records(sent), stored(api, sent)) == []
