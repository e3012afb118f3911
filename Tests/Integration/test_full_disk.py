"""A disk that fills up under a real server: what gives way, in which order, and that all is well again when there is room.

`--disk-capacity-mb` is the disk here: what the store may take. What a device without a free byte does is in the store's unit tests."""
import base64, os
import pytest
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from harness import accounts
from harness.accounts import Client
from harness.api import API
from harness.grpc_calls import call, frame
from harness.server import DataDirectory, Server, wait_until
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

# What comes in until the disk is looked at again has to be less than this.
CAPACITY = 160 << 20
UNAVAILABLE = 14


@pytest.fixture(scope="module")
def small_server():
    directory = DataDirectory()
    server = Server(directory, "--disk-capacity-mb", str(CAPACITY >> 20), "--disk-ballast-mb", "16")
    try:
        yield server.start()
    finally:
        server.end()
        directory.remove()


def large_request(number):
    """Four spans with a megabyte each that nothing compresses by more than a half."""
    message = ExportTraceServiceRequest()
    scope = message.resource_spans.add().scope_spans.add()
    for index in range(4):
        span = scope.spans.add(
            trace_id=(number + 1).to_bytes(16, "big"), span_id=(4 * number + index + 1).to_bytes(8, "big"), name="bulk", kind=1,
            start_time_unix_nano=1_780_000_000_000_000_000, end_time_unix_nano=1_780_000_001_000_000_000)
        span.attributes.add(key="data").value.string_value = os.urandom(1 << 19).hex()
    return message.SerializeToString()


def taken_again(api):
    """Whether the store takes spans again by itself. It looks at the disk every second, and needs two looks to give up a log."""
    try:
        return wait_until(lambda: api.metrics()["spandrel_disk_level"] < 3, 5, "spans to be taken")
    except TimeoutError:
        return api.metrics()["spandrel_store_segment_bytes"] < 0.8 * CAPACITY


def test_spans_are_refused_before_the_disk_is_full_and_taken_again_when_there_is_room(small_server):
    api = API(small_server.url, small_server.key)
    ballast = small_server.data / "store" / "ballast"
    wait_until(lambda: ballast.exists() and ballast.stat().st_size == CAPACITY // 64, 60, "the ballast to be written")
    assert ballast.stat().st_blocks * 512 >= CAPACITY // 64, "it takes blocks"
    assert api.metrics()["spandrel_disk_level"] == 0

    # Until it is the segments that fill the disk: a log that takes much of it is given up first, and then spans are taken again.
    stored = 0
    for number in range(200):
        if api.export(large_request(number)).status_code == 200:
            stored += 4
            api.seal()
        elif not taken_again(api):
            break
    # An answer that is no success is false: in a list it is not.
    [refused] = wait_until(
        lambda: [answer for answer in [api.export(large_request(100))] if answer.status_code == 503], 60, "spans to be refused")
    assert int(refused.headers["Retry-After"]) >= 1 and Status.FromString(refused.content).code == UNAVAILABLE
    over_grpc = call(small_server.grpc_port, frame(large_request(101)), key=small_server.key)
    retry = RetryInfo()
    assert over_grpc.status == UNAVAILABLE and over_grpc.details.details[0].Unpack(retry) and retry.retry_delay.seconds >= 1
    assert base64.b64decode(over_grpc.fields["google.rpc.retryinfo-bin"] + "==")

    readiness = api.request("GET", "/health/ready")
    assert readiness.status_code == 503 and "spans are refused" in readiness.json()["checks"]["disk"]
    assert api.request("GET", "/health/live").status_code == 200
    owner = accounts.owner(small_server)
    project = Client(owner.url, owner.access_token, small_server.credentials["project_id"])
    disk = project.call("GET", "/api/v1/health")["disk"]
    assert disk["level"] == "refusing" and disk["capacity_bytes"] == CAPACITY and disk["refused_requests"] >= 2 and disk["dropped_segments"] == 0
    assert api.metrics()["spandrel_disk_level"] == 3
    # Reading goes on, and nothing that was acknowledged has gone.
    assert api.span_count({"name": {"_eq": "bulk"}}) >= stored
    told = sum("level refusing" in line for line in small_server.lines)
    assert told >= 1 and api.export(large_request(102)).status_code == 503
    assert sum("level refusing" in line for line in small_server.lines) == told, "told once for all that are refused"

    project.put_settings(retention_bytes=1 << 20)
    wait_until(lambda: api.export(large_request(200)).status_code == 200, 120, "retention to make room")
    wait_until(lambda: api.metrics()["spandrel_disk_level"] == 0, 150, "all of what is due to go")
    assert api.span_count({"name": {"_eq": "bulk"}}) < stored
    wait_until(lambda: api.request("GET", "/health/ready").status_code == 200, 60, "the server to be ready again")
    assert any("level normal" in line for line in small_server.lines)
