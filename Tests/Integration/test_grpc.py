"""OTLP/gRPC beside what exporters do in test_export_outcomes.py: what a call is answered, byte for byte, and how long a client may go on."""
import base64
import grpc
import pytest
from google.rpc.error_details_pb2 import RetryInfo
from harness import accounts, otlp
from harness.api import API
from harness.grpc_calls import EXPORT_TRACES, call, frame
from harness.messages import every_field
from harness.raw import Connection
from harness.server import wait_until

INVALID, DEADLINE, DENIED, EXHAUSTED, UNIMPLEMENTED, UNAVAILABLE, UNAUTHENTICATED = 3, 4, 7, 8, 12, 14, 16


@pytest.fixture(scope="module")
def user(module_server):
    return accounts.owner(module_server)


def stored(server, number):
    api = API(server.url, server.key)
    message = every_field(number)
    return api.query(filter={"trace_id": {"_eq": sorted(otlp.trace_ids(message))[0]}}, aggregates=["count"])["data"][0]["count"]


def test_a_call_is_answered_with_one_message_and_its_status_behind(module_server):
    message = every_field(1)
    answer = call(module_server.grpc_port, frame(message.SerializeToString()), key=module_server.key)
    assert (answer.http_status, answer.status, answer.body or b"") == (200, 0, b"")
    assert answer.fields["content-type"] == "application/grpc"
    assert stored(module_server, 1) == sum(len(scope.spans) for resource in message.resource_spans for scope in resource.scope_spans)


@pytest.mark.parametrize("style", ["Bearer {}", "{}", "Basic"])
def test_metadata_carry_the_key_as_headers_do(module_server, style):
    key = module_server.key
    value = "Basic " + base64.b64encode(f"public:{key}".encode()).decode() if style == "Basic" else style.format(key)
    assert call(module_server.grpc_port, frame(b""), f"authorization: {value}").status == 0
    assert call(module_server.grpc_port, frame(b""), f"x-api-key: {key}").status == 0


def test_who_may_not_export_is_told_so_and_stores_nothing(module_server, user):
    body = frame(every_field(2).SerializeToString())
    answers = [call(module_server.grpc_port, body), call(module_server.grpc_port, body, key="nonsense"),
               call(module_server.grpc_port, body, key=user.create_key("read", "admin")["key"])]
    assert [answer.status for answer in answers] == [UNAUTHENTICATED, UNAUTHENTICATED, DENIED]
    for answer in answers:
        assert answer.http_status == 200 and answer.body is None
        assert answer.message and (answer.details.code, answer.details.message) == (answer.status, answer.message)
    assert stored(module_server, 2) == 0


def test_a_delay_is_told_in_both_places(module_server, user):
    key = user.create_key("ingest", requests_per_second=1)["key"]
    refused = next(answer for answer in (call(module_server.grpc_port, frame(b""), key=key) for _ in range(50)) if answer.status)
    assert refused.status == EXHAUSTED
    in_details, by_itself, text = RetryInfo(), RetryInfo(), refused.fields["google.rpc.retryinfo-bin"]
    assert refused.details.details[0].Unpack(in_details)
    by_itself.ParseFromString(base64.b64decode(text + "=" * (-len(text) % 4)))
    assert in_details == by_itself and by_itself.retry_delay.seconds >= 1
    assert refused.fields["ratelimit-limit"] == "1"


def test_other_methods_and_services_are_unimplemented(module_server):
    with grpc.insecure_channel(f"127.0.0.1:{module_server.grpc_port}") as channel:
        for path in ("/opentelemetry.proto.collector.trace.v1.TraceService/Import", "/grpc.health.v1.Health/Check", "/x/y"):
            with pytest.raises(grpc.RpcError) as failure:
                channel.unary_unary(path)(b"", timeout=30, metadata=[("authorization", f"Bearer {module_server.key}")])
            assert failure.value.code() == grpc.StatusCode.UNIMPLEMENTED, path


def test_pages_and_the_api_are_not_on_this_port(module_server):
    for path in ("/", "/v1/traces", "/api/v1/query", "/metrics"):
        assert call(module_server.grpc_port, b"{}", key=module_server.key, path=path, content_type="application/json").http_status == 404
    assert call(module_server.grpc_port, frame(b""), key=module_server.key, content_type="application/x-protobuf").http_status == 415


def test_what_nobody_waits_for_is_not_begun(module_server):
    body = frame(every_field(3).SerializeToString())
    late = call(module_server.grpc_port, body, "grpc-timeout: 1n", key=module_server.key)
    assert late.status == DEADLINE and stored(module_server, 3) == 0
    assert call(module_server.grpc_port, body, "grpc-timeout: 30S", key=module_server.key).status == 0
    assert stored(module_server, 3) > 0
    assert call(module_server.grpc_port, body, "grpc-timeout: soon", key=module_server.key).status == INVALID


def test_a_client_that_exports_as_fast_as_it_can_is_not_sent_away(module_server):
    """gRPC clients ping with the answers they read: thousands of control frames on one connection are honest here."""
    with grpc.insecure_channel(f"127.0.0.1:{module_server.grpc_port}") as channel:
        export = channel.unary_unary(EXPORT_TRACES)
        metadata = [("authorization", f"Bearer {module_server.key}")]
        for _ in range(10):
            for reply in [export.future(b"", timeout=60, metadata=metadata) for _ in range(100)]:
                assert reply.result() == b""


def test_a_client_comes_back_to_a_server_that_was_stopped(make_server):
    server = make_server().start()
    with grpc.insecure_channel(f"127.0.0.1:{server.grpc_port}") as channel:
        export, metadata = channel.unary_unary(EXPORT_TRACES), [("authorization", f"Bearer {server.key}")]
        assert export(every_field(4).SerializeToString(), timeout=60, metadata=metadata) == b""
        assert server.stop() == 0, "an open connection does not hold the server up"
        with pytest.raises(grpc.RpcError) as failure:
            export(every_field(5).SerializeToString(), timeout=10, metadata=metadata)
        assert failure.value.code() == grpc.StatusCode.UNAVAILABLE
        server.start()
        assert export(every_field(5).SerializeToString(), timeout=60, metadata=metadata, wait_for_ready=True) == b""
    assert stored(server, 4) > 0 and stored(server, 5) > 0


def test_a_silent_connection_and_one_that_is_no_http2_are_closed(module_server):
    with Connection(module_server.grpc_port) as connection:
        connection.send(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        with pytest.raises((EOFError, ConnectionResetError)):
            while True:
                connection._receive()


def test_the_log_names_the_status_of_a_refused_call(module_server):
    answer = call(module_server.grpc_port, frame(b""))
    assert answer.status == UNAUTHENTICATED
    request = answer.fields["x-request-id"]
    line = wait_until(lambda: next((line for line in list(module_server.lines) if request in line), None), 20, "its line in the log")
    assert '"grpc_status":"16"' in line or '"grpc_status":16' in line
