#!/usr/bin/env python3
"""Everything a stranger may send, and what comes of it: one table, run by `test_hostile_inputs.py` against a real server and rendered to
docs/hostile-inputs.md.

    hostile_inputs.py        # prints the page
"""
import dataclasses, gzip, json, socket, struct, typing, zlib
from google.rpc.error_details_pb2 import BadRequest
from harness import otlp
from harness.api import JSON, PROTOBUF
from harness.grpc_calls import EXPORT_LOGS, EXPORT_TRACES, call, frame
from harness.raw import Connection

MIB, INVALID_ARGUMENT = 1 << 20, 3
NOW = 1_790_000_000_000_000_000


@dataclasses.dataclass
class Case:
    name: str
    what: str
    # Performs the request and answers (status, content type, body bytes); None as status where the connection is closed without an answer,
    # a negative one is gRPC's.
    send: typing.Callable
    status: int | None
    # A piece of the answer's text, as it stands in the page; "" for the empty success.
    says: str
    stored: int
    # The sample of /metrics that grows, and by how much; None where nothing is counted.
    counter: str | None = None
    delta: int = 1
    rejected: int = 0
    # Looks at what was stored: (api, trace id of this case).
    afterwards: typing.Callable | None = None


# Messages. `serial` makes every case's ids its own.

class Builder:
    """Requests with ids no other case has."""

    def __init__(self, serial, server, api, other_api, reader_key):
        self.serial, self.server, self.api, self.other_api, self.reader_key = serial, server, api, other_api, reader_key
        self.trace_id = (0xBAD << 112 | serial << 64 | 1).to_bytes(16, "big")

    def span(self, number=1, **fields):
        message = otlp.ExportTraceServiceRequest()
        self.add(message, number, **fields)
        return message

    def add(self, message, number, **fields):
        if not message.resource_spans:
            message.resource_spans.add().scope_spans.add()
        values = {"trace_id": self.trace_id, "span_id": struct.pack(">Q", number), "name": f"span {number}", "kind": 1, "start_time_unix_nano": NOW,
                  "end_time_unix_nano": NOW + 1000, **fields}
        return message.resource_spans[0].scope_spans[0].spans.add(**values)

    def raw_span(self, extra):
        """A request with one good span and one whose bytes end in `extra`."""
        good = self.span(1).SerializeToString()
        bad = self.span(2).resource_spans[0].scope_spans[0].spans[0].SerializeToString() + extra
        return good + field(1, field(2, field(2, bad)))

    def export(self, body, content_type=PROTOBUF, encoding=None, api=None, path="/v1/traces", headers=None):
        if isinstance(body, otlp.ExportTraceServiceRequest):
            body = body.SerializeToString()
        response = (api or self.api).export(body, content_type, encoding, path, headers=headers or {})
        return response.status_code, response.headers.get("Content-Type", ""), response.content

    def export_with_key(self, key):
        return self.export(self.span(), headers={"Authorization": key} if key else {"Authorization": ""})

    def logs(self, body, content_type=PROTOBUF, encoding=None, path="/v1/logs"):
        return self.export(body, content_type, encoding, path=path)

    def json(self, document):
        return self.export(json.dumps(document) if not isinstance(document, (bytes, str)) else document, JSON)

    def json_span(self, **fields):
        return {"resourceSpans": [{"scopeSpans": [{"spans": [
            {"traceId": self.trace_id.hex(), "spanId": "0000000000000001", "name": "span 1", "kind": 1, "startTimeUnixNano": str(NOW), "endTimeUnixNano": str(NOW + 1000),
             **fields}]}]}]}

    def grpc(self, body, *headers, key=None, path=EXPORT_TRACES):
        """All bytes of a call; answers gRPC's status, negative, and its words."""
        answer = call(self.server.grpc_port, body, *headers, key=self.api.key if key is None else key, path=path)
        if answer.status == 0:
            return answer.http_status, PROTOBUF, answer.body or b""
        assert answer.http_status == 200 and answer.details.message == answer.message, answer
        if answer.status == INVALID_ARGUMENT:
            # Which field is at fault, as OTLP wants it said.
            violations = BadRequest()
            assert answer.details.details[0].Unpack(violations) and [each.description for each in violations.field_violations] == [answer.message], answer
        return -answer.status, "application/grpc", answer.message.encode()

    def langfuse(self, body, headers=None):
        """A batch of Langfuse's events."""
        return self.export(body if isinstance(body, (bytes, str)) else json.dumps(body), JSON, path="/api/public/ingestion", headers=headers)

    def grpc_logs(self, body, *headers, **options):
        return self.grpc(body, *headers, path=EXPORT_LOGS, **options)

    def scores(self, body, headers=None):
        """A score of Langfuse's, or a list of them."""
        return self.export(body if isinstance(body, (bytes, str)) else json.dumps(body), JSON, path="/api/public/scores", headers=headers)

    def score(self, **fields):
        return {"id": f"score {self.serial}", "traceId": self.trace_id.hex(), "name": "accuracy", "value": 1, **fields}

    def langfuse_event(self, number=1, kind="span-create", **fields):
        body = {"id": f"{number:016x}", "traceId": self.trace_id.hex(), "name": f"span {number}", "startTime": "2026-11-22T10:00:00Z", **fields}
        return {"id": f"event {number}", "type": kind, "timestamp": "2026-11-22T10:00:00Z", "body": body}

    def connect(self):
        return Connection(self.server.port)

    def head(self, length, *headers, path="/v1/traces"):
        lines = [f"POST {path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {self.api.key}", f"Content-Type: {PROTOBUF}", *headers]
        if length is not None:
            lines.append(f"Content-Length: {length}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out + bytes([value]))


def field(number, content):
    return varint(number << 3 | 2) + varint(len(content)) + content


def nested_value(depth):
    """A value whose string lies in `depth` arrays."""
    value = field(1, b"deep")
    for _ in range(depth):
        value = field(5, field(1, value))
    return value


def nested(depth):
    """An attribute with such a value."""
    return field(9, field(1, b"nested") + field(2, nested_value(depth)))


def nested_json(depth):
    value = '{"stringValue":"deep"}'
    for _ in range(depth):
        value = '{"arrayValue":{"values":[' + value + "]}}"
    return value


def attribute_count(count):
    return b"".join(field(9, field(1, b"key.%d" % n) + field(2, field(1, b"v"))) for n in range(count))


def attribute(key, value):
    return field(9, field(1, key) + field(2, field(1, value)))


def bomb_gzip(size):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(b"\0" * MIB) for _ in range(size // MIB)) + packer.flush()


def bomb_zstd(size):
    import zstandard
    return zstandard.ZstdCompressor(level=3).compress(b"\0" * size)


# Raw connections.

def half_closed(b):
    """The client has said all it has to say, and listens."""
    body = b.span().SerializeToString()
    with b.connect() as connection:
        connection.send(b.head(len(body)) + body)
        connection.shutdown_sending()
        return connection.response()


def half_closed_within_a_body(b):
    with b.connect() as connection:
        connection.send(b.head(1000) + b"0123456789")
        connection.shutdown_sending()
        return connection.response_or_close()


def slow_body(b):
    """Byte by byte: slow, and honest."""
    body = b.span().SerializeToString()
    with b.connect() as connection:
        connection.send(b.head(len(body)))
        for place in range(len(body)):
            connection.send(body[place:place + 1])
        return connection.response()


def chunked(b, size):
    with b.connect() as connection:
        connection.send(b.head(None, "Transfer-Encoding: chunked"))
        piece = b"\0" * MIB
        try:
            for _ in range(size // MIB):
                connection.send(b"%x\r\n" % len(piece) + piece + b"\r\n")
            connection.send(b"0\r\n\r\n")
        except (BrokenPipeError, ConnectionResetError):
            pass
        return connection.response()


def upgrade_then_another(b):
    """What `curl --http2` sends. The request after it must be answered as well, on this connection or a new one."""
    body = b.span().SerializeToString()
    with b.connect() as connection:
        connection.send(b.head(len(body), "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__") + body)
        first = connection.response()
        assert first[0] == 200, first
        if connection.closed_by_server():
            return b.export(b.span(2))
        body = b.span(2).SerializeToString()
        connection.send(b.head(len(body)) + body)
        return connection.response()


def upgrade_on_a_kept_alive_connection(b):
    body = b.span().SerializeToString()
    with b.connect() as connection:
        connection.send(b.head(len(body)) + body)
        assert connection.response()[0] == 200
        body = b.span(2).SerializeToString()
        connection.send(b.head(len(body), "Connection: Upgrade", "Upgrade: h2c") + body)
        return connection.response()


def expect_continue(b):
    body = b.span().SerializeToString()
    with b.connect() as connection:
        connection.send(b.head(len(body), "Expect: 100-continue"))
        assert connection.head().startswith(b"HTTP/1.1 100")
        connection.send(body)
        return connection.response()


def expect_continue_refused(b):
    """A body that is too large is refused before it is sent."""
    with b.connect() as connection:
        connection.send(b.head(100 * MIB, "Expect: 100-continue"))
        return connection.response()


def raw(b, data):
    with b.connect() as connection:
        connection.send(data)
        return connection.response_or_close()


def pipelined(b):
    first, second = b.span(1).SerializeToString(), b.span(2).SerializeToString()
    with b.connect() as connection:
        connection.send(b.head(len(first)) + first + b.head(len(second)) + second)
        assert connection.response()[0] == 200
        return connection.response()


def reset_mid_body(b):
    with b.connect() as connection:
        connection.send(b.head(100_000) + b"\x0a\xff")
        connection.reset()
    return b.export(b.span())


def duplicate_span(b, first, second):
    assert b.export(b.span(name="first", end_time_unix_nano=NOW + first))[0] == 200
    return b.export(b.span(name="second", end_time_unix_nano=NOW + second))


# What was stored.

def named(name):
    def check(api, trace_id):
        assert only_span(api, trace_id)["name"] == name
    return check


def spans(api, trace_id):
    document = api.trace(trace_id)
    return [span for r in document["resourceSpans"] for s in r["scopeSpans"] for span in s["spans"]]


def only_span(api, trace_id):
    found = spans(api, trace_id)
    assert len(found) == 1, found
    return found[0]


def text_is_replaced(api, trace_id):
    assert only_span(api, trace_id)["name"] == "bad \ufffd\ufffd end"


def times_are(start, end):
    def check(api, trace_id):
        span = only_span(api, trace_id)
        assert (int(span.get("startTimeUnixNano", 0)), int(span.get("endTimeUnixNano", 0))) == (start, end)
    return check


def value_is_whole(size):
    def check(api, trace_id):
        for seal in (False, True):
            if seal:
                api.seal()
            value = only_span(api, trace_id)["attributes"][0]["value"]["stringValue"]
            assert len(value) == size and value == "x" * size
    return check


def first_is_kept(api, trace_id):
    assert [span["spanId"] for span in spans(api, trace_id)] == ["0000000000000001"]


def depth_is(depth):
    def check(api, trace_id):
        value, found = only_span_with_nested(api, trace_id), 0
        while "arrayValue" in value:
            value, found = value["arrayValue"]["values"][0], found + 1
        assert found == depth and value == {"stringValue": "deep"}
    return check


def only_span_with_nested(api, trace_id):
    return next(a["value"] for span in spans(api, trace_id) for a in span.get("attributes", []) if a["key"] == "nested")


def other_project_has_it(b):
    status = b.export(b.span(), api=b.other_api)
    assert b.api.trace(b.trace_id.hex()) is None
    assert len(spans(b.other_api, b.trace_id.hex())) == 1
    return status


def read_with_the_key_of_another_project(b):
    assert b.export(b.span())[0] == 200
    response = b.other_api.request("GET", f"/api/v1/traces/{b.trace_id.hex()}")
    return response.status_code, response.headers["Content-Type"], response.content


REJECTED = 'spandrel_ingest_rejected_spans_total{reason="%s"}'
REFUSED = 'spandrel_ingest_requests_total{outcome="%s"}'
STORED_RECORDS, RECEIVED_RECORDS = "spandrel_ingest_stored_log_records_total", "spandrel_ingest_received_log_records_total"
TEN_THOUSAND = 10_000

CASES = [
    # Who asks.
    Case("no key", "no `Authorization` and no other key header", lambda b: b.export_with_key(None), 401, "", 0, REFUSED % "unauthenticated"),
    Case("wrong key", "a key that never existed", lambda b: b.export_with_key("Bearer sp_nobody"), 401, "", 0, REFUSED % "unauthenticated"),
    Case("key that is not text", "bytes over 0x7f as the key", lambda b: raw(b, b"POST /v1/traces HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff\xfe\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n"), 401, "", 0, REFUSED % "unauthenticated"),
    Case("key of another project", "a span sent with another project's key: it is in that project and not in this one", other_project_has_it, 200, "", 0),
    Case("reading with the key of another project", "the trace of one project asked for with the key of another: as if it did not exist", read_with_the_key_of_another_project, 404, "trace", 1),
    Case("key without the scope", "a key that may only read", lambda b: b.export(b.span(), headers={"Authorization": f"Bearer {b.reader_key}"}), 403, "scope", 0, REFUSED % "missing_scope"),
    # Bodies that are no request.
    Case("empty body", "no bytes: an empty request", lambda b: b.export(b""), 200, "", 0),
    Case("truncated protobuf", "a request cut in the middle of a span", lambda b: b.export(b.span().SerializeToString()[:-20]), 400, "", 0, REFUSED % "malformed_body"),
    Case("not protobuf", "a page of HTML as protobuf", lambda b: b.export(b"<html><body>Not found</body></html>"), 400, "", 0, REFUSED % "malformed_body"),
    Case("length past the end of the body", "resource_spans says it is 2 GiB long", lambda b: b.export(b"\x0a" + varint(2 << 30) + b"abc"), 400, "", 0, REFUSED % "malformed_body"),
    Case("varint of 11 bytes at the top", "a length that does not end", lambda b: b.export(b"\x0a" + b"\x80" * 11 + b"\x01"), 400, "", 0, REFUSED % "malformed_body"),
    Case("invalid JSON", "a body cut in the middle", lambda b: b.json(json.dumps(b.json_span())[:-9]), 400, "", 0, REFUSED % "malformed_body"),
    Case("JSON of another shape", "an array instead of an object", lambda b: b.json("[]"), 400, "", 0, REFUSED % "malformed_body"),
    Case("deep JSON", "100,000 opening brackets", lambda b: b.json("[" * 100_000), 400, "", 0, REFUSED % "malformed_body"),
    Case("empty JSON", "`{}`: an empty request", lambda b: b.json("{}"), 200, "", 0),
    # Headers that do not fit.
    Case("wrong content type", "`text/plain`", lambda b: b.export(b.span(), "text/plain"), 415, "application/x-protobuf", 0, REFUSED % "unsupported_content_type"),
    Case("content type with parameters", "`application/x-protobuf; charset=utf-8`", lambda b: b.export(b.span(), PROTOBUF + "; charset=utf-8"), 200, "", 1),
    Case("unknown content encoding", "`br`", lambda b: b.export(b.span(), encoding="br"), 415, "zstd", 0, REFUSED % "unsupported_encoding"),
    Case("content encoding that is not true", "says gzip, is plain", lambda b: b.export(b.span(), encoding="gzip"), 400, "", 0, REFUSED % "malformed_compression"),
    Case("truncated gzip", "cut before its end", lambda b: b.export(gzip.compress(b.span().SerializeToString())[:-9], encoding="gzip"), 400, "", 0, REFUSED % "malformed_compression"),
    # Size.
    Case("zip bomb, gzip", "256 MiB of zeros in 255 KiB of gzip", lambda b: b.export(bomb_gzip(256 * MIB), encoding="gzip"), 413, "", 0, REFUSED % "too_large"),
    Case("zip bomb, zstd", "256 MiB of zeros in a few KiB of zstd", lambda b: b.export(bomb_zstd(256 * MIB), encoding="zstd"), 413, "", 0, REFUSED % "too_large"),
    Case("65 MiB body", "one MiB over the limit, with its length", lambda b: b.export(b"\0" * (65 * MIB)), 413, "", 0, REFUSED % "too_large"),
    Case("65 MiB body, chunked", "one MiB over the limit, its length not told", lambda b: chunked(b, 65 * MIB), 413, "", 0, REFUSED % "too_large"),
    Case("31 MiB value", "an attribute of 31 MiB: kept whole, in memory and sealed", lambda b: b.export(one_span_with(b, attribute(b"large", b"x" * (31 * MIB)))), 200, "", 1, afterwards=value_is_whole(31 * MIB)),
    Case("33 MiB value", "an attribute of 33 MiB beside a good span", lambda b: b.export(b.raw_span(attribute(b"large", b"x" * (33 * MIB)))), 200, "", 1, REJECTED % "value_too_large", rejected=1, afterwards=first_is_kept),
    Case("1,024 attributes", "as many as a span may have", lambda b: b.export(one_span_with(b, attribute_count(1024))), 200, "", 1),
    Case("10,000 attributes", "in one of two spans", lambda b: b.export(b.raw_span(attribute_count(TEN_THOUSAND))), 200, "attributes", 1, REJECTED % "too_many_attributes", rejected=1, afterwards=first_is_kept),
    Case("key of 257 bytes", "in one of two spans", lambda b: b.export(b.raw_span(attribute(b"k" * 257, b"v"))), 200, "", 1, REJECTED % "key_too_long", rejected=1, afterwards=first_is_kept),
    Case("64-level nested value", "as deep as a value may be", lambda b: b.export(one_span_with(b, nested(64))), 200, "", 1, afterwards=depth_is(64)),
    Case("65-level nested value", "in one of two spans", lambda b: b.export(b.raw_span(nested(65))), 200, "", 1, REJECTED % "nesting_too_deep", rejected=1, afterwards=first_is_kept),
    Case("10,000-level nested value", "in one of two spans", lambda b: b.export(b.raw_span(nested(10_000))), 200, "", 1, REJECTED % "nesting_too_deep", rejected=1, afterwards=first_is_kept),
    Case("64-level nested value, JSON", "as deep as a value may be", lambda b: b.json(json.dumps(b.json_span(attributes=[{"key": "nested", "value": "@"}])).replace('"@"', nested_json(64))), 200, "", 1, afterwards=depth_is(64)),
    Case("65-level nested value, JSON", "too deep", lambda b: b.json(json.dumps(b.json_span(attributes=[{"key": "nested", "value": "@"}])).replace('"@"', nested_json(65))), 200, "", 0, REJECTED % "nesting_too_deep", rejected=1),
    # Spans that cannot be what they say.
    Case("trace id of zeros", "in one of two spans", lambda b: b.export(two(b, trace_id=bytes(16))), 200, "trace", 1, REJECTED % "trace_id_zero", rejected=1, afterwards=first_is_kept),
    Case("span id of zeros", "in one of two spans", lambda b: b.export(two(b, span_id=bytes(8))), 200, "span", 1, REJECTED % "span_id_zero", rejected=1, afterwards=first_is_kept),
    Case("trace id of 15 bytes", "in one of two spans", lambda b: b.export(two(b, trace_id=bytes(range(1, 16)))), 200, "16", 1, REJECTED % "trace_id_length", rejected=1, afterwards=first_is_kept),
    Case("span id of 9 bytes", "in one of two spans", lambda b: b.export(two(b, span_id=bytes(range(1, 10)))), 200, "8", 1, REJECTED % "span_id_length", rejected=1, afterwards=first_is_kept),
    Case("no ids", "log records posted to the trace path look like this", lambda b: b.export(two(b, trace_id=b"", span_id=b"")), 200, "", 1, REJECTED % "trace_id_length", rejected=1, afterwards=first_is_kept),
    Case("parent id of 3 bytes", "in one of two spans", lambda b: b.export(two(b, parent_span_id=b"abc")), 200, "", 1, REJECTED % "parent_span_id_length", rejected=1, afterwards=first_is_kept),
    Case("wrong wire type", "a span's name as a varint, in one of two spans", lambda b: b.export(b.raw_span(varint(5 << 3) + b"\x07")), 200, "", 1, REJECTED % "malformed", rejected=1, afterwards=first_is_kept),
    Case("wire type 7", "which does not exist, in one of two spans", lambda b: b.export(b.raw_span(b"\x4f\x01")), 200, "", 1, REJECTED % "malformed", rejected=1, afterwards=first_is_kept),
    Case("varint of 11 bytes in a span", "in one of two spans", lambda b: b.export(b.raw_span(varint(6 << 3) + b"\x80" * 10 + b"\x01")), 200, "", 1, REJECTED % "malformed", rejected=1, afterwards=first_is_kept),
    Case("length past the end in a span", "in one of two spans", lambda b: b.export(b.raw_span(varint(5 << 3 | 2) + b"\x7fabc")), 200, "", 1, REJECTED % "malformed", rejected=1, afterwards=first_is_kept),
    Case("invalid UTF-8", "in a span's name: replaced by U+FFFD, and said", lambda b: b.export(one_span_with(b, field(5, b"bad \xff\xfe end"))), 200, "UTF-8", 1, "spandrel_ingest_replaced_strings_total", afterwards=text_is_replaced),
    Case("attributes as a JSON object", "what people write by hand", lambda b: b.json(b.json_span(attributes={"a": "b"})), 200, "", 0, REJECTED % "malformed", rejected=1),
    Case("unknown JSON keys", "ignored, snake_case ones too", lambda b: b.json(b.json_span(trace_id="x", nothing=[1, {"a": None}])), 200, "", 1),
    # Times.
    Case("end before start", "stored as sent", lambda b: b.export(b.span(start_time_unix_nano=NOW, end_time_unix_nano=NOW - 5_000_000_000)), 200, "", 1, afterwards=times_are(NOW, NOW - 5_000_000_000)),
    Case("times 0", "stored as sent", lambda b: b.export(b.span(start_time_unix_nano=0, end_time_unix_nano=0)), 200, "", 1, afterwards=times_are(0, 0)),
    Case("year 2200", "stored as sent", lambda b: b.export(b.span(start_time_unix_nano=7_258_118_400 * 10**9, end_time_unix_nano=7_258_118_401 * 10**9)), 200, "", 1, afterwards=times_are(7_258_118_400 * 10**9, 7_258_118_401 * 10**9)),
    Case("a start past 2^63", "the year 2262 in nanoseconds, in one of two spans", lambda b: b.export(two(b, start_time_unix_nano=2**63)), 200, "", 1, REJECTED % "time_out_of_range", rejected=1, afterwards=first_is_kept),
    # Repetition.
    Case("duplicate request", "the same bytes twice: stored once, answered alike", lambda b: (b.export(b.span()), b.export(b.span()))[1], 200, "", 1, "spandrel_ingest_duplicate_requests_total"),
    Case("duplicate request, compressed", "the same request plain and as gzip", lambda b: (b.export(b.span()), b.export(gzip.compress(b.span().SerializeToString()), encoding="gzip"))[1], 200, "", 1, "spandrel_ingest_duplicate_requests_total"),
    Case("duplicate span", "the same trace and span id in two requests: the one with the later end counts", lambda b: duplicate_span(b, 1000, 2000), 200, "", 1, afterwards=named("second")),
    Case("duplicate span, out of order", "the one that ends later came first", lambda b: duplicate_span(b, 2000, 1000), 200, "", 1, afterwards=named("first")),
    # gRPC.
    Case("gRPC: no message", "the body of a call is empty", lambda b: b.grpc(b""), -3, "", 0, REFUSED % "malformed_grpc"),
    Case("gRPC: half a prefix", "three bytes", lambda b: b.grpc(b"\0\0\0"), -3, "", 0, REFUSED % "malformed_grpc"),
    Case("gRPC: message shorter than its length", "which says 4 GiB", lambda b: b.grpc(b"\0\xff\xff\xff\xff" + b.span().SerializeToString()), -3, "exactly one", 0, REFUSED % "malformed_grpc"),
    Case("gRPC: two messages", "in a call that takes one", lambda b: b.grpc(2 * frame(b.span().SerializeToString())), -3, "exactly one", 0, REFUSED % "malformed_grpc"),
    Case("gRPC: unknown flag", "2 before the length", lambda b: b.grpc(b"\2" + frame(b.span().SerializeToString())[1:]), -3, "flag", 0, REFUSED % "malformed_grpc"),
    Case("gRPC: compressed without an encoding", "the flag says so, no header does", lambda b: b.grpc(frame(b.span().SerializeToString(), True)), -13, "grpc-encoding", 0, REFUSED % "malformed_grpc"),
    Case("gRPC: unknown encoding", "`snappy`", lambda b: b.grpc(frame(b.span().SerializeToString()), "grpc-encoding: snappy"), -12, "zstd", 0, REFUSED % "unsupported_encoding"),
    Case("gRPC: gzip that is none", "in a frame that is right", lambda b: b.grpc(frame(b.span().SerializeToString(), True), "grpc-encoding: gzip"), -3, "", 0, REFUSED % "malformed_compression"),
    Case("gRPC: zip bomb", "256 MiB of zeros in 255 KiB of gzip", lambda b: b.grpc(frame(bomb_gzip(256 * MIB), True), "grpc-encoding: gzip"), -8, "", 0, REFUSED % "too_large"),
    Case("gRPC: 65 MiB message", "one MiB over the limit", lambda b: b.grpc(frame(b"\0" * (65 * MIB))), -8, "", 0, REFUSED % "too_large"),
    Case("gRPC: not protobuf", "a page", lambda b: b.grpc(frame(b"<html></html>")), -3, "", 0, REFUSED % "malformed_body"),
    Case("gRPC: no key", "nothing of the message is read", lambda b: b.grpc(frame(b.span().SerializeToString()), key=""), -16, "", 0, REFUSED % "unauthenticated"),
    Case("gRPC: a deadline that is no time", "`grpc-timeout: 5 minutes`", lambda b: b.grpc(frame(b.span().SerializeToString()), "grpc-timeout: 5 minutes"), -3, "grpc-timeout", 0, REFUSED % "malformed_grpc"),
    Case("gRPC: trace id of zeros", "in one of two spans", lambda b: b.grpc(frame(two(b, trace_id=bytes(16)).SerializeToString())), 200, "trace", 1, REJECTED % "trace_id_zero", rejected=1, afterwards=first_is_kept),
    # Log records and metrics: what is stored of them is no span.
    Case("logs: no ids", "a GenAI event that belongs to no span, beside one that does", lambda b: b.logs(log_request(event(b), field(12, b"gen_ai.choice"))), 200, "1 trace_id_length", 0, STORED_RECORDS, rejected=1),
    Case("logs: trace id of zeros", "beside a good event", lambda b: b.logs(log_request(event(b), event(b, trace=bytes(16)))), 200, "1 trace_id_zero", 0, STORED_RECORDS, rejected=1),
    Case("logs: not GenAI", "lines of a program's log", lambda b: b.logs(log_request(*[field(3, b"INFO") + field(5, field(1, b"started"))] * 1000)), 200, "1000 of kinds that are not stored", 0, RECEIVED_RECORDS, 1000, rejected=1000),
    Case("logs: 65-level nested body", "beside a good event", lambda b: b.logs(log_request(event(b), event(b, body=field(5, nested_value(65))))), 200, "1 nesting_too_deep", 0, STORED_RECORDS, rejected=1),
    Case("logs: 1,025 attributes", "beside a good event", lambda b: b.logs(log_request(event(b), event(b, more=field(6, field(1, b"k")) * 1025))), 200, "1 too_many_attributes", 0, STORED_RECORDS, rejected=1),
    Case("logs: wrong wire type", "a body as a varint, beside a good event", lambda b: b.logs(log_request(event(b), event(b, body=b"\x28\x01"))), 200, "1 malformed", 0, STORED_RECORDS, rejected=1),
    Case("logs: spans", "a request of spans at the path of logs", lambda b: b.logs(b.span().SerializeToString()), 200, "1 of kinds that are not stored", 0, RECEIVED_RECORDS, rejected=1),
    Case("logs: not protobuf", "a page of HTML", lambda b: b.logs(b"<html><body>Not found</body></html>"), 400, "", 0, REFUSED % "malformed_body"),
    Case("logs: invalid JSON", "a body cut in the middle", lambda b: b.logs('{"resourceLogs":[{"scopeLogs":[{"logRec', JSON), 400, "", 0, REFUSED % "malformed_body"),
    Case("logs: zip bomb", "256 MiB of zeros in 255 KiB of gzip", lambda b: b.logs(bomb_gzip(256 * MIB), encoding="gzip"), 413, "", 0, REFUSED % "too_large"),
    Case("gRPC logs: no ids", "a GenAI event that belongs to no span, beside one that does", lambda b: b.grpc_logs(frame(log_request(event(b), field(12, b"gen_ai.choice")))), 200, "1 trace_id_length", 0, STORED_RECORDS, rejected=1),
    Case("gRPC logs: not GenAI", "lines of a program's log", lambda b: b.grpc_logs(frame(log_request(*[field(3, b"INFO") + field(5, field(1, b"started"))] * 1000))), 200, "1000 of kinds that are not stored", 0, RECEIVED_RECORDS, 1000, rejected=1000),
    Case("gRPC logs: 65-level nested body", "beside a good event", lambda b: b.grpc_logs(frame(log_request(event(b), event(b, body=field(5, nested_value(65)))))), 200, "1 nesting_too_deep", 0, STORED_RECORDS, rejected=1),
    Case("gRPC logs: no message", "the body of a call is empty", lambda b: b.grpc_logs(b""), -3, "", 0, REFUSED % "malformed_grpc"),
    Case("gRPC logs: message shorter than its length", "which says 4 GiB", lambda b: b.grpc_logs(b"\0\xff\xff\xff\xff" + log_request(event(b))), -3, "exactly one", 0, REFUSED % "malformed_grpc"),
    Case("gRPC logs: not protobuf", "a page", lambda b: b.grpc_logs(frame(b"<html></html>")), -3, "", 0, REFUSED % "malformed_body"),
    Case("gRPC logs: zip bomb", "256 MiB of zeros in 255 KiB of gzip", lambda b: b.grpc_logs(frame(bomb_gzip(256 * MIB), True), "grpc-encoding: gzip"), -8, "", 0, REFUSED % "too_large"),
    Case("gRPC logs: no key", "nothing of the message is read", lambda b: b.grpc_logs(frame(log_request(event(b))), key=""), -16, "", 0, REFUSED % "unauthenticated"),
    Case("metrics: not protobuf", "a page of HTML", lambda b: b.logs(b"<html><body>Not found</body></html>", path="/v1/metrics"), 400, "", 0, REFUSED % "malformed_body"),
    Case("metrics: deep JSON", "100,000 opening brackets", lambda b: b.logs('{"resourceMetrics":' + "[" * 100_000, JSON, path="/v1/metrics"), 400, "", 0, REFUSED % "malformed_body"),
    # Langfuse's own way in.
    Case("Langfuse: no key", "nothing of the batch is read", lambda b: b.langfuse({"batch": [b.langfuse_event()]}, {"Authorization": ""}), 401, "API key", 0),
    Case("Langfuse: key without the scope", "a key that may only read", lambda b: b.langfuse({"batch": [b.langfuse_event()]}, {"Authorization": f"Bearer {b.reader_key}"}), 403, "ingest", 0),
    Case("Langfuse: a batch of 4 MB", "half a megabyte over the limit", lambda b: b.langfuse({"batch": [b.langfuse_event(input="x" * 4_000_000)]}), 413, "3500000", 0),
    Case("Langfuse: 1,001 events", "one over the limit", lambda b: b.langfuse({"batch": [{}] * 1001}), 413, "1000", 0),
    Case("Langfuse: deep JSON", "100,000 opening brackets", lambda b: b.langfuse('{"batch":' + "[" * 100_000), 400, "JSON", 0),
    Case("Langfuse: a batch that is none", "an object in place of the list", lambda b: b.langfuse({"batch": {}}), 400, "batch", 0),
    Case("Langfuse: a time that is none", "in one of two events", lambda b: b.langfuse({"batch": [b.langfuse_event(1), b.langfuse_event(2, startTime="then")]}), 207, "startTime", 1, afterwards=named("span 1")),
    Case("Langfuse: an end before the stored one", "in a later event", lambda b: b.langfuse({"batch": [b.langfuse_event(endTime="2026-11-22T10:00:09Z"), b.langfuse_event(kind="span-update", endTime="2026-11-22T10:00:08Z")]}), 207, "later end", 1),
    Case("Langfuse: events that are none", "numbers, lists and objects without a type", lambda b: b.langfuse({"batch": [1, [], {}, {"type": 5}]}), 207, "object", 0),
    Case("Langfuse: scores without a key", "nothing of them is read", lambda b: b.scores([b.score()], {"Authorization": ""}), 401, "API key", 0),
    Case("Langfuse: scores with a key that reads", "a key without the scope write", lambda b: b.scores([b.score()], {"Authorization": f"Bearer {b.reader_key}"}), 403, "write", 0),
    Case("Langfuse: 1,001 scores", "one over the limit", lambda b: b.scores([{}] * 1001), 413, "1000", 0),
    Case("Langfuse: a body of 2 MiB of scores", "over what bodies of the API may have", lambda b: b.scores([b.score(comment="x" * (2 * MIB))]), 413, "bytes", 0),
    Case("Langfuse: scores in deep JSON", "100,000 opening brackets", lambda b: b.scores("[" * 100_000), 400, "JSON", 0),
    Case("Langfuse: a score that is none", "a text", lambda b: b.scores('"good"'), 400, "object", 0),
    Case("Langfuse: a score of nothing", "without a trace", lambda b: b.scores(b.score(traceId=None)), 400, "traceId", 0),
    Case("Langfuse: a score beyond numbers", "a value of 1e400, which is infinite", lambda b: b.scores(json.dumps(b.score()).replace('"value": 1', '"value": 1e400')), 400, "doubles", 0),
    Case("Langfuse: a score with control characters", "U+0000 in its name", lambda b: b.scores(b.score(name="a\0b")), 400, "name", 0),
    Case("Langfuse: scores that are none", "beside a good one", lambda b: b.scores([b.score(), 1, [], {}, b.score(id="x" * 201), b.score(id="y", dataType="TEXT")]), 207, "object", 0),
    # Connections.
    Case("half-closed connection", "the client shuts down its side after the request, and waits", half_closed, 200, "", 1),
    Case("half-closed in the middle of a body", "it will never be whole", half_closed_within_a_body, 400, "", 0, REFUSED % "malformed_http"),
    Case("slow client", "the body byte by byte", slow_body, 200, "", 1),
    Case("connection reset in a body", "the next client is served", reset_mid_body, 200, "", 1),
    Case("Upgrade: h2c", "and a second request behind it", upgrade_then_another, 200, "", 2),
    Case("Upgrade: h2c on a kept-alive connection", "as its second request", upgrade_on_a_kept_alive_connection, 200, "", 2),
    Case("Expect: 100-continue", "the body follows the 100", expect_continue, 200, "", 1),
    Case("Expect: 100-continue, too large", "refused before the body is sent", expect_continue_refused, 413, "", 0, REFUSED % "too_large"),
    Case("pipelined requests", "two at once on one connection", pipelined, 200, "", 2),
    Case("not HTTP", "a TLS hello on the plain port", lambda b: raw(b, bytes.fromhex("1603010200010001fc0303") + bytes(500)), 400, "", 0),
    Case("length and chunks at once", "how requests are smuggled past proxies", lambda b: raw(b, b.head(5, "Transfer-Encoding: chunked") + b"0\r\n\r\n"), 400, "", 0),
    Case("negative length", "`Content-Length: -1`", lambda b: raw(b, b.head(-1)), 400, "", 0),
    Case("head of a megabyte", "one header of 1 MiB", lambda b: raw(b, b.head(0, "X: " + "y" * MIB)), 431, "", 0),
]


def event(b, *, trace=None, **fields):
    """A `LogRecord` of a GenAI event of this case's trace, as bytes; `trace`: another id. `fields`: more bytes by field name."""
    name = field(12, fields.pop("name", b"gen_ai.choice"))
    return name + field(9, b.trace_id if trace is None else trace) + field(10, struct.pack(">Q", 1)) + b"".join(fields.values())


def log_request(*records):
    return field(1, field(2, b"".join(field(2, record) for record in records)))


def one_span_with(b, extra):
    """A request with one span whose bytes end in `extra`."""
    span = b.span(1).resource_spans[0].scope_spans[0].spans[0].SerializeToString() + extra
    return field(1, field(2, field(2, span)))


def two(b, **fields):
    """A good span and one with the given fields."""
    message = b.span(1)
    b.add(message, 2, **fields)
    return message


def page():
    lines = [
        "# Hostile inputs", "",
        "What a stranger may send and what comes of it. Every row is a test: `Tests/Integration/test_hostile_inputs.py` runs the table",
        "`Tests/Integration/hostile_inputs.py` against a real server, and fails when this page, which is made from it, is out of date:", "",
        "    .venv/integration/bin/python Tests/Integration/hostile_inputs.py > docs/hostile-inputs.md", "",
        "*Answer* is the HTTP status and what its body says: `{}` is the empty success of OTLP; *partial* is a 200 whose `partial_success`",
        "counts the rejected spans and names the reason; every error is a `google.rpc.Status` in the request's own encoding, over gRPC in the",
        "trailers with its `grpc-status`; Langfuse's path answers problem documents, and 207 with what is wrong with single events. *Stored* is how",
        "many spans the project has more than before. *Counter* is the sample of `/metrics` that grows.", "",
        "| input | answer | stored | counter |", "|---|---|---|---|"]
    for case in CASES:
        lines.append(f"| **{case.name}**: {case.what} | {answer(case)} | {case.stored} | {counter(case)} |")
    return "\n".join(lines) + "\n"


def answer(case):
    if case.status is None:
        return "the connection is closed"
    if case.status < 0:
        return f"gRPC {-case.status}, names the {case.says}" if case.says else f"gRPC {-case.status}"
    if case.rejected:
        return f"{case.status}, partial: {case.rejected} rejected"
    if case.status == 200:
        return "200, with a warning" if case.says else "200 `{}`"
    return f"{case.status}, names the {case.says}" if case.says else str(case.status)


def counter(case):
    return f"`{case.counter}`" if case.counter else ""


if __name__ == "__main__":
    print(page(), end="")
