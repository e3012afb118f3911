"""A project's settings as its administrator meets them: versions, limits, a quota, origins of browsers, redaction, feature flags."""
import os
import pytest
from google.rpc.status_pb2 import Status
from harness import accounts
from harness.accounts import Client
from harness.api import API
from harness.messages import every_field
from harness.server import wait_until
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

PERMISSION_DENIED, RESOURCE_EXHAUSTED = 7, 8
DEFAULTS = {
    "retention_days": None, "retention_bytes": None, "byte_quota": None, "ingest_requests_per_second": None, "ingest_bytes_per_second": None,
    "redaction": {"mode": "full", "keys": [], "patterns": []}, "default_models": {}, "allowed_origins": [],
}
# Before anybody set anything.
AT_FIRST = {"version": 0, **DEFAULTS, "redaction": {}}
WHOLE = {
    "retention_days": 30, "retention_bytes": 1 << 41, "byte_quota": 1 << 40, "ingest_requests_per_second": 1000, "ingest_bytes_per_second": 1 << 30,
    "redaction": {"mode": "full", "keys": [{"glob": "user.*", "action": "hash"}], "patterns": [{"builtin": "email", "replacement": "[someone]"}, {"name": "badge", "regex": "EMP-[0-9]{6}"}]},
    "default_models": {"chat": "gpt-5-mini"}, "allowed_origins": ["https://app.example", "http://localhost:3000"],
}


@pytest.fixture(scope="module")
def owner(server):
    return accounts.owner(server)


@pytest.fixture
def project(owner):
    """The owner in a project of the test's own."""
    made = owner.call("POST", "/api/v1/projects", {"name": f"settings {os.urandom(4).hex()}"}, 201)
    return owner_in(owner, made["id"])


def owner_in(owner, project):
    client = Client(owner.url, owner.access_token, project)
    client.project, client.organization_path = project, owner.organization_path
    return client


@pytest.fixture
def api(project):
    return API(project.url, project.create_key("ingest", "read", "admin")["key"])


def named_span(number, name, size=0):
    """A request with one span; `size` bytes that nothing compresses in an attribute."""
    message = ExportTraceServiceRequest()
    span = message.resource_spans.add().scope_spans.add().spans.add(
        trace_id=number.to_bytes(16, "big"), span_id=number.to_bytes(8, "big"), name=name, kind=1, start_time_unix_nano=1_780_000_000_000_000_000,
        end_time_unix_nano=1_780_000_001_000_000_000)
    if size:
        span.attributes.add(key="data").value.string_value = os.urandom(size // 2).hex()
    return message.SerializeToString()


# Versions

def test_settings_are_replaced_as_a_whole_and_counted(project):
    assert project.settings() == AT_FIRST
    first = project.put_settings(**WHOLE)
    assert first == {"version": 1, **WHOLE} and project.settings() == first
    assert project.call("GET", f"/api/v1/projects/{project.project}")["retention_days"] == 30
    second = project.put_settings(allowed_origins=WHOLE["allowed_origins"])
    assert second == {"version": 2, **DEFAULTS, "allowed_origins": WHOLE["allowed_origins"]}
    assert project.call("GET", f"/api/v1/projects/{project.project}")["retention_days"] is None


def test_who_read_an_older_version_is_told(project):
    project.put_settings(version=0, retention_days=1)
    refused = project.put_settings(status=412, version=0, retention_days=2)
    assert refused["type"] == "urn:spandrel:problem:changed" and "version 1" in refused["detail"]
    assert project.settings()["retention_days"] == 1
    answer = project.request("PUT", "/api/v1/settings", {"retention_days": 3}, headers={"If-Match": '"1"'})
    assert answer.status_code == 200 and answer.headers["ETag"] == '"2"'
    assert project.request("GET", "/api/v1/settings").headers["ETag"] == '"2"'
    assert project.status("PUT", "/api/v1/settings", {}, headers={"If-Match": "*"}) == 200
    assert project.status("PUT", "/api/v1/settings", {}, headers={"If-Match": "3"}) == 400


@pytest.mark.parametrize("field, value", [
    ("retention_days", 0), ("retention_days", 36_501), ("retention_days", 1.5), ("retention_bytes", 1_048_575), ("byte_quota", 1_048_575), ("byte_quota", -1),
    ("ingest_requests_per_second", 0), ("ingest_bytes_per_second", 1023), ("allowed_origins", ["*"]), ("allowed_origins", ["https://app.example/"]),
    ("allowed_origins", ["https://App.example"]), ("allowed_origins", ["null"]), ("default_models", {"chat": 1}), ("redaction", {"mode": "none"}),
    ("redaction", {"patterns": [{"name": "bad", "regex": "(a"}]}), ("redaction", {"keys": [{"glob": "a"}]}), ("retention", 7),
])
def test_what_means_nothing_is_refused_and_changes_nothing(project, field, value):
    refused = project.put_settings(status=422, **{"byte_quota": 1 << 30, field: value})
    assert refused["errors"][0]["field"].startswith(field), refused
    assert project.settings() == AT_FIRST


# Limits

def test_a_projects_limit_holds_for_all_its_keys_together(project):
    project.put_settings(ingest_requests_per_second=4)
    apis = [API(project.url, project.create_key("ingest", "read")["key"]) for _ in range(2)]
    answers = [apis[number % 2].export(b"") for number in range(12)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert answers[0].status_code == answers[1].status_code == 200 and refused
    assert Status.FromString(refused[0].content).code == RESOURCE_EXHAUSTED
    assert refused[0].headers["RateLimit-Policy"] == '4;w=1;comment="project-requests"' and int(refused[0].headers["Retry-After"]) >= 1
    assert apis[0].request("GET", "/api/v1/traces").status_code == 200, "reading has no part in it"
    project.put_settings()
    assert {api.export(b"").status_code for api in apis * 10} == {200}, "lifted at once"


def test_a_projects_bytes_a_second_are_paid_for_by_waiting(project, api):
    project.put_settings(ingest_bytes_per_second=1024)
    assert api.export(named_span(1, "big", 4096)).status_code == 200
    refused = api.export(b"")
    assert refused.status_code == 429 and refused.headers["RateLimit-Policy"] == '1024;w=1;comment="project-bytes"'
    assert int(refused.headers["Retry-After"]) >= 2
    other = API(project.url, project.create_key("ingest")["key"])
    assert other.export(b"").status_code == 429


def test_a_full_quota_ends_exports_and_nothing_else(server, project, api):
    project.put_settings(byte_quota=1 << 20)
    for number in range(1, 5):
        assert api.export(named_span(number, "bulk", 1 << 20)).status_code == 200
    api.seal()
    wait_until(lambda: api.export(b"").status_code == 403, 30, "the quota to be reached")
    refused = api.export(named_span(9, "late"))
    status = Status.FromString(refused.content)
    assert status.code == RESOURCE_EXHAUSTED and "quota" in status.message and "Retry-After" not in refused.headers
    as_json = api.export(b'{"resourceSpans":[]}', "application/json")
    assert as_json.status_code == 403 and as_json.json()["code"] == RESOURCE_EXHAUSTED
    assert api.span_count({"name": {"_eq": "bulk"}}) == 4
    assert API(server.url, server.key).export(b"").status_code == 200, "other projects have room"
    project.put_settings()
    assert api.export(named_span(10, "late")).status_code == 200


# Browsers

@pytest.fixture
def app():
    """An origin that no project allows yet."""
    return f"https://{os.urandom(4).hex()}.example"


def preflight(client, origin, path="/v1/traces"):
    return client.session.options(client.url + path, headers={
        "Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}, timeout=60)


def from_page(api, origin, method="POST", path="/v1/traces"):
    return api.request(method, path, headers={"Origin": origin, "Content-Type": "application/x-protobuf"})


def test_pages_of_allowed_origins_may_send_and_read_at_once(project, api, app):
    anonymous = Client(project.url)
    assert preflight(anonymous, app).status_code == 403
    assert from_page(api, app).status_code == 403
    project.put_settings(allowed_origins=[app])
    allowed = preflight(anonymous, app)
    assert allowed.status_code == 204 and allowed.headers["Access-Control-Allow-Origin"] == app
    assert "POST" in allowed.headers["Access-Control-Allow-Methods"] and int(allowed.headers["Access-Control-Max-Age"]) > 0
    assert {"authorization", "content-type", "spandrel-project"} <= set(allowed.headers["Access-Control-Allow-Headers"].split(", "))
    assert "Access-Control-Allow-Credentials" not in allowed.headers
    for answer in (from_page(api, app), from_page(api, app, "GET", "/api/v1/traces")):
        assert answer.status_code == 200 and answer.headers["Access-Control-Allow-Origin"] == app
        assert "origin" in answer.headers["Vary"].lower() and "retry-after" in answer.headers["Access-Control-Expose-Headers"]
    project.put_settings()
    assert from_page(api, app).status_code == 403 and preflight(anonymous, app).status_code == 403


def test_pages_of_other_origins_may_not(server, project, api, app):
    project.put_settings(allowed_origins=[app])
    for origin in ("https://other.example", "null", app + ".example", app.replace("https", "http"), app + ":8443"):
        assert preflight(Client(project.url), origin).status_code == 403, origin
        refused = from_page(api, origin)
        assert refused.status_code == 403 and "Access-Control-Allow-Origin" not in refused.headers, origin
        assert Status.FromString(refused.content).code == PERMISSION_DENIED
        refused = from_page(api, origin, "GET", "/api/v1/traces")
        assert refused.status_code == 403 and refused.json()["type"].endswith("origin-not-allowed")
        assert "Access-Control-Allow-Origin" not in refused.headers, origin


def test_an_origin_of_one_project_is_none_of_anothers(server, project, app):
    project.put_settings(allowed_origins=[app])
    assert preflight(Client(project.url), app).status_code == 204, "a preflight shows no key"
    refused = from_page(API(server.url, server.key), app)
    assert refused.status_code == 403 and "Access-Control-Allow-Origin" not in refused.headers


def test_a_page_can_read_why_its_key_was_refused(project, app):
    project.put_settings(allowed_origins=[app])
    answer = from_page(API(project.url, "spdrl_wrong"), app)
    assert answer.status_code == 401 and answer.headers["Access-Control-Allow-Origin"] == app


def test_the_servers_own_pages_are_no_strangers(server, api):
    assert from_page(api, server.url).status_code == 200


# Redaction

SPAN = {"name": "for ada@example.com", "attributes": [{"key": "user.id", "value": {"stringValue": "u-1"}}, {"key": "badge", "value": {"stringValue": "EMP-123456"}}]}


def test_a_preview_shows_what_rules_would_do_and_keeps_nothing(project, api):
    rules = {"keys": [{"glob": "user.*", "action": "drop"}], "patterns": [{"builtin": "email"}]}
    preview = project.call("POST", "/api/v1/redaction/preview", {"span": SPAN, "redaction": rules})
    assert preview["span"]["name"] == "for [email]" and [a["key"] for a in preview["span"]["attributes"]] == ["badge"]
    assert preview["counts"] == {"drop user.*": 1, "email": 1}
    # Without rules of its own it tries those that are in force.
    assert project.call("POST", "/api/v1/redaction/preview", {"span": SPAN})["counts"] == {}
    project.put_settings(redaction=WHOLE["redaction"])
    preview = project.call("POST", "/api/v1/redaction/preview", {"span": SPAN})
    assert preview["span"]["name"] == "for [someone]" and preview["counts"] == {"hash user.*": 1, "email": 1, "badge": 1}
    assert preview["span"]["attributes"][0]["value"]["stringValue"].startswith("hash:")
    assert api.span_count() == 0
    for refused in ({"span": "no span"}, {"span": SPAN, "redaction": {"patterns": [{"name": "bad", "regex": "("}]}}, {}):
        assert project.status("POST", "/api/v1/redaction/preview", refused) == 422


def test_rules_work_from_the_next_export_on(project, api):
    assert api.export(named_span(1, "before ada@example.com")).status_code == 200
    project.put_settings(redaction=WHOLE["redaction"])
    assert api.export(named_span(2, "after ada@example.com")).status_code == 200
    project.put_settings(redaction=None)
    assert api.export(named_span(3, "without ada@example.com")).status_code == 200
    assert names(api) == {"before ada@example.com", "after [someone]", "without ada@example.com"}


def names(api):
    return {row["name"] for row in api.query(select=["name"])["data"]}


# Feature flags

def test_a_feature_is_on_where_it_is_switched_on(owner, project):
    other = owner_in(owner, owner.project)
    path = f"{project.organization_path}/features/new-search"
    def state():
        return [{feature["name"]: feature["is_enabled"] for feature in client.call("GET", "/api/v1/features")["data"]}.get("new-search") for client in (project, other)]
    assert state() == [None, None]
    project.call("PUT", path, {"percentage": 0, "overrides": {project.project: True}})
    assert state() == [True, False]
    project.call("PUT", path, {"percentage": 100, "overrides": {project.project: False}})
    assert state() == [False, True]
    assert {"name": "new-search", "percentage": 100, "overrides": {project.project: False}} in project.call("GET", f"{project.organization_path}/features")["data"]
    project.call("DELETE", path, status=204)
    assert state() == [None, None]
    assert project.status("DELETE", path) == 404 and project.status("PUT", path, {"percentage": 101}) == 422
    viewer = owner.bring_in(f"{os.urandom(4).hex()}@example.com", "viewer")
    assert viewer.status("GET", "/api/v1/features") == 200 and viewer.status("PUT", path, {"percentage": 1}) == 403


# A restart

def test_a_restart_keeps_settings_and_redaction_is_in_force_before_the_first_export(make_server):
    server = make_server().start()
    owner = accounts.owner(server)
    stored = owner.put_settings(**WHOLE)
    assert API(server.url, server.key).export(every_field(1).SerializeToString()).status_code == 200
    server.kill()
    # The first export comes as soon as the port is open, and not when the server says so.
    server.launch()
    api = API(server.url, server.key)
    body = named_span(77, "at once ada@example.com")
    wait_until(lambda: sent(api, body), 60, "the first export")
    assert "at once [someone]" in names(api)
    assert accounts.owner(server).settings() == stored
    assert preflight(Client(server.url), WHOLE["allowed_origins"][0]).status_code == 204 and owner.settings() == stored, "who was signed in still is"
    for file in (server.data / "store").rglob("*"):
        assert not file.is_file() or b"at once ada@example.com" not in file.read_bytes(), file


def sent(api, body):
    try:
        return api.export(body).status_code == 200
    except OSError:
        return False
