"""Spans that were refused: told by reason, taken in after all once they can be, deleted, of one project only, across restarts, and from
files as a disk may leave them."""
import base64, json, os, time
import pytest
from harness import otlp, refused_files
from harness.accounts import Client, owner
from harness.api import API, JSON, PROTOBUF
from harness.page_figures import nanoseconds
from harness.server import wait_until
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

START = 1_780_000_000_000_000_000
ATTRIBUTES = 1_024
PYTHON, GO = "OTel-OTLP-Exporter-Python/1.45.2", "OTel OTLP Exporter Go/1.38.0"
NOTHING = {"stored_spans": 0, "already_stored_spans": 0, "refused_again_spans": 0, "not_replayable_spans": 0, "remaining_spans": 0, "stopped_because": None}


def request(trace, spans, service="checkout"):
    """Spans as (number, how many attributes); half of what is over the limit begins with `noise.`."""
    message = ExportTraceServiceRequest()
    resource_spans = message.resource_spans.add(schema_url="https://example.com/resource")
    resource_spans.resource.attributes.add(key="service.name").value.string_value = service
    scope_spans = resource_spans.scope_spans.add(schema_url="https://example.com/scope")
    scope_spans.scope.name, scope_spans.scope.version = "checkout.orders", "2.1"
    for number, count in spans:
        span = scope_spans.spans.add(
            trace_id=trace.to_bytes(16, "big"), span_id=number.to_bytes(8, "big"), name=f"order {number}", kind=2, start_time_unix_nano=START + number,
            end_time_unix_nano=START + number + 1_000_000)
        for place in range(count):
            span.attributes.add(key=f"noise.{place}" if place >= ATTRIBUTES else f"key.{place}").value.int_value = place
    return message


def refuse(api, message, content_type=PROTOBUF, exporter=PYTHON):
    body = message.SerializeToString() if content_type != JSON else json.dumps(otlp.to_json(message)).encode()
    answer = api.export(body, content_type, headers={"User-Agent": exporter})
    assert answer.status_code == 200, answer.text
    return otlp.reply(answer).partial_success.rejected_spans


def group(api, reason):
    return next((group for group in api.get("/api/v1/quarantine")["groups"] if group["reason"] == reason), None)


def replay(api, status=200, **selection):
    return api.post("/api/v1/quarantine/replay", selection, status)


def kept(api, count):
    """Refused spans are written behind the answer."""
    wait_until(lambda: sum(api.get("/api/v1/quarantine")["counts_by_reason"].values()) == count, 60, f"{count} refused spans")


@pytest.fixture
def project(make_server):
    server = make_server().start()
    return server, API(server.url, server.key)


def test_refused_spans_are_told_by_reason_and_page_by_page(project):
    server, api = project
    before = time.time_ns()
    assert refuse(api, request(1, [(number, ATTRIBUTES + 1) for number in (1, 2, 3)])) == 3
    assert refuse(api, request(1, [(4, ATTRIBUTES + 1), (0, 1)]), JSON, GO) == 2
    kept(api, 5)
    answer, after = api.get("/api/v1/quarantine"), time.time_ns()
    assert answer["counts_by_reason"] == {"too_many_attributes": 4, "span_id_zero": 1}
    many, zero = answer["groups"]
    assert (many["reason"], many["count"], many["replayable_count"]) == ("too_many_attributes", 4, 4) and "1024 attributes" in many["explanation"]
    assert many["exporters"] == [{"name": PYTHON, "count": 3}, {"name": GO, "count": 1}] and zero["exporters"] == [{"name": GO, "count": 1}]
    first, last = (nanoseconds(many[name]) for name in ("first_seen_at", "last_seen_at"))
    assert before <= first < last <= after and nanoseconds(zero["first_seen_at"]) == nanoseconds(zero["last_seen_at"])
    assert many["sample"]["exporter"] == GO and many["sample"]["is_cut"] and b"order 4" in base64.b64decode(many["sample"]["source_base64"])
    # Pages stay what they were while others come in.
    page = api.get("/api/v1/quarantine", limit=2)
    seen = [span["id"] for span in page["data"]]
    assert refuse(api, request(2, [(9, ATTRIBUTES + 1)])) == 1
    kept(api, 6)
    while page["next_cursor"]:
        page = api.get("/api/v1/quarantine", limit=2, cursor=page["next_cursor"])
        seen += [span["id"] for span in page["data"]]
    assert seen == [span["id"] for span in answer["data"]] and len(set(seen)) == 5
    only = api.get("/api/v1/quarantine", reason="span_id_zero")
    assert [span["reason"] for span in only["data"]] == ["span_id_zero"] and len(only["groups"]) == 2
    for bad in ({"reason": "'; --"}, {"cursor": "x"}, {"cursor": "-1"}, {"limit": 0}):
        assert api.request("GET", "/api/v1/quarantine", params=bad).status_code == 400, bad


def test_what_was_refused_is_taken_in_after_all(project):
    """A rule drops the attributes that are too many. It holds behind the decoder, so the request is refused; the quarantine keeps what the
    rule leaves, which is not too much."""
    server, api = project
    user = owner(server)
    user.put_settings(redaction={"keys": [{"glob": "noise.*", "action": "drop"}]})
    other = user.call("POST", f"{user.organization_path}/projects", {"name": "other"}, 201)["id"]
    others = API(server.url, user.call("POST", f"/api/v1/projects/{other}/api-keys", {"name": "k", "scopes": ["ingest", "read", "write"]}, 201)["key"])
    assert refuse(api, request(1, [(1, 3), (2, ATTRIBUTES + 5), (3, ATTRIBUTES + 9), (0, 1)])) == 3
    assert refuse(api, request(1, [(4, ATTRIBUTES + 2)], service="shop"), JSON, GO) == 1
    assert refuse(others, request(1, [(2, ATTRIBUTES + 5)])) == 1
    kept(api, 4)
    kept(others, 1)
    assert api.span_count() == 1

    reader = API(server.url, user.create_key("read", "ingest")["key"])
    viewer = user.bring_in("viewer@example.com", "viewer")
    for refused in (reader.request("POST", "/api/v1/quarantine/replay", json={}), viewer.request("POST", "/api/v1/quarantine/replay", {}),
                    reader.request("DELETE", "/api/v1/quarantine"), viewer.request("DELETE", "/api/v1/quarantine")):
        assert refused.status_code == 403, refused.text
    assert Client(server.url).status("POST", "/api/v1/quarantine/replay", {}) == 401
    for bad in ({"reason": 5}, {"reason": "A"}, {"ids": []}, {"ids": "1"}, {"ids": [1]}, {"ids": ["x"]}, {"rule": "x"}):
        assert api.request("POST", "/api/v1/quarantine/replay", json=bad).status_code == 422, bad

    assert replay(api, reason="span_id_zero") == NOTHING | {"refused_again_spans": 1}
    third = next(span["id"] for span in api.get("/api/v1/quarantine")["data"] if b"order 3" in base64.b64decode(span["source_base64"]))
    assert replay(api, ids=[third]) == NOTHING | {"stored_spans": 1}
    assert replay(api, ids=[third]) == NOTHING
    assert replay(api) == NOTHING | {"stored_spans": 2, "refused_again_spans": 1}
    assert api.get("/api/v1/quarantine")["counts_by_reason"] == {"span_id_zero": 1}
    assert sorted(row["name"] for row in api.query(select=["name"], limit=10)["data"]) == ["order 1", "order 2", "order 3", "order 4"]
    services = {row["service"]: row["count"] for row in api.query(group_by=["service"], aggregates=["count"])["data"]}
    assert services == {"checkout": 3, "shop": 1}
    trace = otlp.from_json(api.trace(f"{1:032x}"))
    for resource_spans in trace.resource_spans:
        assert resource_spans.schema_url == "https://example.com/resource"
        for scope_spans in resource_spans.scope_spans:
            assert (scope_spans.scope.name, scope_spans.scope.version, scope_spans.schema_url) == ("checkout.orders", "2.1", "https://example.com/scope")
            assert all(len(span.attributes) in (3, ATTRIBUTES) for span in scope_spans.spans)
    # Nothing of the other project moved.
    assert others.span_count() == 0 and others.get("/api/v1/quarantine")["counts_by_reason"] == {"too_many_attributes": 1}
    samples = api.metrics()
    assert samples["spandrel_quarantine_replayed_spans_total"] == 3
    entries = [entry for entry in user.call("GET", "/api/v1/audit?action=replayQuarantine")["data"] if entry["outcome"] == "succeeded"]
    assert len(entries) == 4 and entries[-1]["after"] == {"reason": "span_id_zero", "ids": None} and entries[1]["after"] == {"reason": None, "ids": 1}

    # It survives being killed, and being sealed.
    api.seal()
    server.kill()
    server.start()
    api = API(server.url, server.key)
    assert api.span_count() == 4 and replay(api) == NOTHING | {"refused_again_spans": 1}
    admin = owner(server)
    assert admin.call("DELETE", "/api/v1/quarantine?reason=trace_id_zero") == {"deleted_spans": 0}
    assert admin.call("DELETE", "/api/v1/quarantine?reason=span_id_zero") == {"deleted_spans": 1}
    assert api.get("/api/v1/quarantine")["groups"] == [] and api.metrics()['spandrel_quarantine_lost_spans_total{cause="deleted"}'] == 1
    entries = admin.call("GET", "/api/v1/audit?action=deleteQuarantine")["data"]
    assert [entry["after"]["reason"] for entry in entries if entry["outcome"] == "succeeded"] == ["span_id_zero", "trace_id_zero"]


def test_a_span_that_came_again_meanwhile_is_not_stored_twice(project):
    server, api = project
    owner(server).put_settings(redaction={"keys": [{"glob": "noise.*", "action": "drop"}]})
    assert refuse(api, request(1, [(1, ATTRIBUTES + 5), (2, ATTRIBUTES + 5)])) == 2
    # Its sender was mended and sends it once more.
    assert refuse(api, request(1, [(1, ATTRIBUTES)])) == 0
    api.seal()
    kept(api, 2)
    assert replay(api) == NOTHING | {"stored_spans": 1, "already_stored_spans": 1}
    assert api.span_count() == 2 and api.get("/api/v1/quarantine")["data"] == []


def test_a_replay_ends_at_the_quota_and_says_so(project):
    server, api = project
    user = owner(server)
    user.put_settings(redaction={"keys": [{"glob": "noise.*", "action": "drop"}]})
    assert refuse(api, request(1, [(1, ATTRIBUTES + 5), (2, 1)])) == 1
    kept(api, 1)
    # More than the smallest quota, and nothing that could be packed.
    large = request(8, [(8, 1)])
    large.resource_spans[0].scope_spans[0].spans[0].attributes.add(key="noise").value.bytes_value = os.urandom(3 << 20)
    assert refuse(api, large) == 0
    api.seal()
    user.put_settings(byte_quota=1 << 20, redaction={"keys": [{"glob": "noise.*", "action": "drop"}]})
    wait_until(lambda: api.export(request(9, [(9, 1)]).SerializeToString()).status_code == 403, 60, "the quota")
    refused = api.request("POST", "/api/v1/quarantine/replay", json={})
    assert refused.status_code == 403 and refused.json()["type"].endswith("quota-reached"), refused.text
    kept(api, 1)


def test_spans_that_are_taken_by_now_come_in_from_an_older_servers_files(project):
    """As after an update: ten thousand that the server before this one refused."""
    server, api = project
    number, received = 1_790_000_000, time.time_ns() - 3_600_000_000_000
    server.stop()
    records, places = [], iter(range(10_000))
    for part in range(10):
        message = request(0x700 + part, [(1_000 * part + place + 1, 2) for place in range(1_000)], service=f"service {part}").resource_spans[0]
        scope_spans = message.scope_spans[0]
        records.append(refused_files.origin(
            PYTHON, message.resource.SerializeToString(), message.schema_url.encode(), scope_spans.scope.SerializeToString(), scope_spans.schema_url.encode()))
        for span in scope_spans.spans:
            place = next(places)
            records.append(refused_files.span((number << 24) + place, received + place, "too_many_attributes", span.SerializeToString()))
    refused_files.write(server.data, server.credentials["project_id"], number, records, received)
    refused_files.write(
        server.data, server.credentials["project_id"], 7,
        [refused_files.first_version_span(received, "span_id_zero", b"{}", refused_files.JSON)], received, version=1)
    server.start()
    api = API(server.url, server.key)
    answer = api.get("/api/v1/quarantine", limit=200)
    assert answer["counts_by_reason"] == {"too_many_attributes": 10_000, "span_id_zero": 1} and len(answer["data"]) == 200
    assert group(api, "span_id_zero")["replayable_count"] == 0 and group(api, "too_many_attributes")["replayable_count"] == 10_000
    assert replay(api) == NOTHING | {"stored_spans": 10_000, "not_replayable_spans": 1}
    assert api.span_count() == 10_000 and api.get("/api/v1/quarantine")["counts_by_reason"] == {"span_id_zero": 1}
    assert api.span_count({"service": {"_eq": "service 7"}}) == 1_000
    server.kill()
    server.start()
    api = API(server.url, server.key)
    assert api.span_count() == 10_000 and replay(api) == NOTHING | {"not_replayable_spans": 1}


def test_damaged_files_cost_what_is_damaged(project):
    server, api = project
    number, received, project_id = 1_790_000_000, time.time_ns(), server.credentials["project_id"]
    server.stop()
    span = request(1, [(1, 2)]).resource_spans[0].scope_spans[0].spans[0].SerializeToString()
    good = [refused_files.span((number << 24) + place, received, "malformed", span.replace(b"order 1", b"order %d" % place)) for place in range(6)]
    broken = good[2][:-1] + bytes([good[2][-1] ^ 1])
    origin = refused_files.origin("x", b"", None, b"", None)
    refused_files.write(server.data, project_id, number, [origin, *good[:2], broken, good[3], origin, good[4], good[5][:-9]], received)
    refused_files.write(server.data, project_id, number + 1, [b"\xff" * 5_000], received)
    (server.data / "store/quarantine/spans" / f"project={project_id}" / f"{number + 2:016d}.rejected").write_bytes(b"")
    (server.data / "store/quarantine/spans" / f"project={project_id}" / "99999999999999999999999.rejected").write_bytes(b"SPNDLREJ")
    (server.data / "store/quarantine/spans/project=nobody").mkdir()
    server.start()
    api = API(server.url, server.key)
    spans = api.get("/api/v1/quarantine")["data"]
    assert [(int(span["id"]) & 0xFFFFFF, span["is_replayable"]) for span in spans] == [(4, True), (3, False), (1, True), (0, True)]
    # Three versions of one span: they have the same ids and times.
    answer = replay(api)
    assert answer["stored_spans"] == 3 and answer["not_replayable_spans"] == 1 and api.span_count() == 1
    # A span that is refused now is kept beside them, and all of it can be deleted.
    assert refuse(api, request(1, [(0, 1)])) == 1
    kept(api, 2)
    assert owner(server).call("DELETE", "/api/v1/quarantine") == {"deleted_spans": 2}
    assert api.get("/api/v1/quarantine")["groups"] == []
    assert api.metrics()['spandrel_quarantine_lost_spans_total{cause="damaged"}'] >= 3
