"""Requests made by hand that use every field of OTLP: what comes out as OTLP JSON equals what went in, whatever the encoding, in memory
and sealed."""
import gzip, json, zlib
import pytest
import zstandard
from harness import otlp
from harness.api import JSON, PROTOBUF
from harness.messages import every_field

ENCODINGS = {
    None: lambda body: body, "identity": lambda body: body, "gzip": gzip.compress, "zstd": zstandard.ZstdCompressor().compress, "deflate": zlib.compress,
}


@pytest.mark.parametrize("content_type", [PROTOBUF, JSON])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_field_survives(api, content_type, encoding):
    number = 100 * (content_type == JSON) + list(ENCODINGS).index(encoding)
    message = every_field(number)
    body = message.SerializeToString() if content_type == PROTOBUF else json.dumps(otlp.to_json(message)).encode()
    response = api.export(ENCODINGS[encoding](body), content_type, encoding)
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"].startswith(content_type)
    assert not otlp.reply(response).HasField("partial_success")
    trace_id = otlp.trace_ids(message).pop()
    for seal in (False, True):
        if seal:
            api.seal()
        assert otlp.differences(otlp.records(message), otlp.records(otlp.from_json(api.trace(trace_id)))) == []


def test_json_as_other_clients_write_it(api):
    """Numbers where strings are due and the other way round, upper-case ids, enumerations by name, null for absent, keys nobody knows."""
    trace_id = "ABCDEF0000000000000000000000ABCD"
    document = {"resourceSpans": [{"resource": None, "unknown": {"deep": [1, {}]}, "scopeSpans": [{"spans": [{
        "traceId": trace_id, "spanId": "00000000000000AA", "parentSpanId": "", "name": "by hand", "kind": "SPAN_KIND_CLIENT", "startTimeUnixNano": 1780000000000000000,
        "endTimeUnixNano": "1780000000000000001", "flags": "257", "droppedEventsCount": "3", "events": None, "links": [], "traceState": None,
        "status": {"code": "STATUS_CODE_ERROR"},
        "attributes": [{"key": "i", "value": {"intValue": 7}}, {"key": "d", "value": {"doubleValue": "NaN"}}, {"key": "e", "value": None}, {"key": "e2", "value": {}}]}]}]}]}
    response = api.export(json.dumps(document), JSON + "; charset=utf-8")
    assert response.status_code == 200, response.text
    span = api.trace(trace_id.lower())["resourceSpans"][0]["scopeSpans"][0]["spans"][0]
    got = otlp.from_json({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}).resource_spans[0].scope_spans[0].spans[0]
    assert (got.kind, got.status.code, got.flags, got.dropped_events_count) == (3, 2, 257, 3)
    assert (got.start_time_unix_nano, got.end_time_unix_nano, got.parent_span_id) == (1780000000000000000, 1780000000000000001, b"")
    values = {kv.key: kv.value.WhichOneof("value") for kv in got.attributes}
    assert values == {"i": "int_value", "d": "double_value", "e": None, "e2": None}


def test_a_trace_over_many_requests_comes_back_as_one(api):
    """Spans of one trace in memory and in two segments, sent children first."""
    sent = otlp.ExportTraceServiceRequest()
    for place in range(3):
        message = otlp.ExportTraceServiceRequest()
        span = message.resource_spans.add().scope_spans.add().spans.add(
            trace_id=b"many requests..!", span_id=bytes([place + 1] * 8), name=f"part {place}", start_time_unix_nano=10 - place, end_time_unix_nano=20)
        if place < 2:
            span.parent_span_id = bytes([place + 2] * 8)
        assert api.export(message.SerializeToString()).status_code == 200
        sent.MergeFrom(message)
        if place < 2:
            api.seal()
    trace_id = b"many requests..!".hex()
    assert otlp.differences(otlp.records(sent), otlp.records(otlp.from_json(api.trace(trace_id)))) == []
    assert [span["name"] for span in api.get(f"/api/v1/traces/{trace_id}")["spans"]] == ["part 2", "part 1", "part 0"]
