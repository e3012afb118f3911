"""Runs the table of hostile inputs against a real server: status, body, spans stored, counter, and that the server is as well as before."""
import base64, json
import pytest
from google.rpc.status_pb2 import Status
from harness import otlp
from harness.api import API, PROTOBUF
from harness.raw import Connection
from harness.server import REPOSITORY
import hostile_inputs


@pytest.fixture(scope="module")
def slow_head(server):
    """A client that trickles a request's head, opened before everything else so that its time runs out meanwhile."""
    with Connection(server.port, seconds=180) as connection:
        connection.send(b"POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        yield connection


@pytest.fixture(scope="module")
def other_api(server, api):
    """A second project of the same server."""
    project = api.post("/api/v1/projects", {"name": "another"}, status=201)
    key = api.post(f"/api/v1/projects/{project['id']}/api-keys", {"name": "another", "scopes": ["ingest", "read"]}, status=201)
    return API(server.url, key["key"])


@pytest.fixture(scope="module")
def reader_key(api):
    """A key of the first project that may read and not ingest."""
    return api.post("/api/v1/api-keys", {"name": "reader", "scopes": ["read"]}, status=201)["key"]


@pytest.mark.parametrize("serial, case", list(enumerate(hostile_inputs.CASES, 1)), ids=[case.name for case in hostile_inputs.CASES])
def test_hostile_input(serial, case, slow_head, server, api, other_api, reader_key):
    builder = hostile_inputs.Builder(serial, server, api, other_api, reader_key)
    stored_before, metrics_before = api.span_count(), api.metrics()
    status, content_type, body = case.send(builder)
    assert status == case.status, body[:500]
    if status == 200:
        check_success(case, content_type, body)
    elif status is not None and status < 0:
        assert body and case.says in body.decode()
    elif status is not None and content_type == PROTOBUF:
        error = Status.FromString(body)
        assert error.message and case.says in error.message, error
    elif status is not None:
        document = json.loads(body)
        # Of a batch of events what is wrong with some of them.
        text = document.get("message") or document.get("detail") or "; ".join(error["message"] for error in document["errors"])
        assert text and case.says in text, document
    assert api.span_count() - stored_before == case.stored
    if case.counter:
        assert api.metrics().get(case.counter, 0) - metrics_before.get(case.counter, 0) == case.delta, case.counter
    if case.afterwards:
        case.afterwards(api, builder.trace_id.hex())
    assert server.process.poll() is None, server.log()


def check_success(case, content_type, body):
    reply = otlp.ExportTraceServiceResponse()
    if content_type.startswith("application/json"):
        document = json.loads(body)
        assert case.rejected or case.says or document == {}
        otlp.json_format.ParseDict(document, reply)
    else:
        assert case.rejected or case.says or body == b""
        reply.ParseFromString(body)
    assert reply.partial_success.rejected_spans == case.rejected
    assert bool(reply.partial_success.error_message) == bool(case.rejected or case.says)
    assert case.says in reply.partial_success.error_message


def test_rejected_spans_are_in_the_quarantine_with_their_reason(server, api, other_api, reader_key):
    builder = hostile_inputs.Builder(4000, server, api, other_api, reader_key)
    builder.export(hostile_inputs.two(builder, trace_id=bytes(16)))
    page = api.get("/api/v1/quarantine", limit=1)
    newest = page["data"][0]
    assert (newest["reason"], newest["format"]) == ("trace_id_zero", "protobuf")
    # The span as it came: what lies there can be sent again.
    source = base64.b64decode(newest["source_base64"])
    assert len(source) == newest["source_bytes"] and b"span 2" in source
    # Every rejection of the table is there too.
    for reason, count in page["counts_by_reason"].items():
        rows = sum(case.rejected for case in hostile_inputs.CASES if case.counter == hostile_inputs.REJECTED % reason)
        assert count == rows + (reason == "trace_id_zero"), reason


def test_a_head_that_trickles_is_cut_off(slow_head):
    """Its time has been running since before the first row of the table."""
    assert slow_head.response_or_close()[0] in (None, 400, 408)


def test_the_page_is_up_to_date():
    assert (REPOSITORY / "docs/hostile-inputs.md").read_text() == hostile_inputs.page()
