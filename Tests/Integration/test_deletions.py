"""What users delete is in no answer when the deletion is answered, in no file by the deadline, and in the receipt: a trace, a session, a user's
traces, a project, a trace of which everything a server makes of one is there; also when the server is killed in between."""
import json, os, subprocess, time
import pytest
from harness import accounts, search, segments
from harness.api import API
from harness.server import BINARY, wait_until
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

START = 1_780_000_000_000_000_000
# Not compressible, so that no part of it is shared, and long enough to lie among the payloads.
NOISE = " ".join(f"{(number * 2654435761) % 2**32:08x}" for number in range(400))


def trace_id(number):
    return f"{0xfade_0000_0000_0000_0000_0000_0000_0000 + number:032x}"


def request(number, count=3, session=None, user=None, secret=None):
    """One trace: its second span names session and user, its last one has the secret in a short and in a long value."""
    message = ExportTraceServiceRequest()
    scope = message.resource_spans.add().scope_spans.add()
    for index in range(count):
        start = START + number * 1_000_000_000 + index
        span = scope.spans.add(trace_id=bytes.fromhex(trace_id(number)), span_id=(number * 100 + index + 1).to_bytes(8, "big"), name=f"step {index}",
                               start_time_unix_nano=start, end_time_unix_nano=start + 1_000_000)
        if index:
            span.parent_span_id = (number * 100 + 1).to_bytes(8, "big")
        for key, value in (("session.id", session), ("user.id", user)):
            if value and index == 1:
                span.attributes.add(key=key).value.string_value = value
        if secret and index == count - 1:
            span.attributes.add(key="note").value.string_value = secret
            span.attributes.add(key="gen_ai.prompt").value.string_value = f"{secret} {number} {NOISE} {secret}"
    return message


def export(api, *messages):
    for message in messages:
        assert api.export(message.SerializeToString()).status_code == 200


def inspect(server, *arguments, status=0, proof="--verify-deleted"):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SPANDREL_")}
    done = subprocess.run([str(BINARY), "inspect", "store", *([proof] if proof else []), "--data-dir", str(server.data), *arguments], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=120, env=environment)
    assert done.returncode == status, f"{arguments}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def delete(api, **what):
    """The receipt, once it is in no answer any more."""
    reply = api.request("POST", "/api/v1/deletions", json=what)
    assert reply.status_code in (201, 202), reply.text
    assert reply.headers["location"] == f"/api/v1/deletions/{reply.json()['id']}"
    return wait_until(lambda: (told := receipt(api, reply.json()["id"]))["state"] != "running" and told, 60, "the deletion to be masked")


def receipt(api, id):
    return api.get(f"/api/v1/deletions/{id}")


def found_by_grep(server, secret):
    """Files of the whole data directory, PostgreSQL's too, that have the text as it is, in hex or in base64."""
    patterns = b"\n".join(search.forms(secret))
    return subprocess.run(["grep", "-rlaF", "-f", "-", str(server.data)], input=patterns, capture_output=True).stdout.decode().splitlines()


def found_by_pyarrow(server, secret):
    """Folders of segment files that have the text in any column, as a reader unpacks them that knows nothing of Spandrel."""
    return {kind for kind in ("spans", "payloads") for path in segments.files(server.data, kind) if search.found_in(search.parquet_text(path), {"it": secret})}


def assert_nowhere(server, secret):
    """By grep; and in pages, which are compressed, by the program and by pyarrow."""
    assert found_by_grep(server, secret) == []
    assert found_by_pyarrow(server, secret) == set()
    assert "not found" in inspect(server, "--contains", secret, proof=None)


def await_bytes_gone(server, api, told, path, secret=None):
    """By the deadline, with some air for a machine under load; proven by the program and by grep."""
    done = wait_until(lambda: (now := receipt(api, told["id"]))["state"] == "done" and now, 90, f"the bytes to be gone: {server.log()[-2000:]}")
    assert done["problem"] is None and done["masked_at"] <= done["done_at"]
    path.write_text(json.dumps(done))
    assert "nothing is left" in inspect(server, "--deletion", str(path))
    if secret:
        assert_nowhere(server, secret)
    return done


@pytest.fixture(scope="module")
def deleting(make_module_server_with):
    server = make_module_server_with("--deletion-deadline", "10")
    return server, API(server.url, server.key)


def test_a_users_data_goes_in_whole_traces_from_every_answer_and_every_file(deleting, tmp_path):
    server, api = deleting
    secret = "the prompt of ada, who wants to be forgotten"
    gone, kept = [request(n, session="s-1", user="ada-l", secret=secret) for n in (1, 2)], [request(n, session="s-2", user="bob") for n in (3, 4)]
    # Of both: it goes whole.
    shared = request(5, 4, session="s-2", user="bob")
    shared.resource_spans[0].scope_spans[0].spans[3].attributes.add(key="user.id").value.string_value = "ada-l"
    export(api, *gone, *kept)
    api.seal()
    export(api, shared)
    before = api.span_count()
    assert inspect(server, "--user-id", "ada-l", status=1).count("left: ") > 0
    assert found_by_pyarrow(server, secret) == {"spans", "payloads"}
    told = delete(api, user_id="ada-l")
    assert (told["kind"], told["user_id"], told["session_id"], told["requested_by"]) == ("user", "ada-l", None, told["requested_by"])
    assert (told["deleted"]["spans"], told["deleted"]["traces"], told["deleted"]["events"]) == (3 + 3 + 4, 3, 0)
    assert sorted(told["trace_ids"]) == [trace_id(n) for n in (1, 2, 5)] and not told["is_trace_list_cut"]
    assert api.span_count() == before - 10
    for number in (1, 2, 5):
        assert api.trace(trace_id(number)) is None
        assert api.request("GET", f"/api/v1/traces/{trace_id(number)}/spans").status_code == 404
    ids = {trace_id(number) for number in (1, 2, 5)}
    assert not ids & {trace["trace_id"] for trace in api.get("/api/v1/traces", limit=100)["data"]}
    assert api.request("GET", "/api/v1/sessions/s-1").status_code == 404
    assert api.request("GET", "/api/v1/end-users/ada-l").status_code == 404
    assert "ada-l" not in json.dumps(api.get("/api/v1/end-users", limit=100)) and "s-1" not in json.dumps(api.get("/api/v1/sessions", limit=100))
    for filter in ({"attributes.user.id": {"_eq": "ada-l"}}, {"attributes.note": {"_contains": "forgotten"}}):
        assert api.query(select=["trace_id"], filter=filter)["data"] == []
    exported = api.request("GET", "/api/v1/traces/export", params={"format": "jsonl"}).text
    assert trace_id(3) in exported and not any(id in exported for id in ids)
    done = await_bytes_gone(server, api, told, tmp_path / "receipt.json", secret)
    assert done["deleted"] == told["deleted"] and done["deadline"] == told["deadline"]
    assert [deletion["id"] for deletion in api.get("/api/v1/deletions", limit=1)["data"]] == [told["id"]]
    assert api.get(f"/api/v1/tasks/{told['id']}")["state"] == "succeeded"
    # Again: there is nothing.
    assert delete(api, user_id="ada-l")["deleted"]["spans"] == 0
    # A retry that was on its way brings nothing back. What comes in now is new.
    export(api, gone[0])
    assert api.trace(trace_id(1)) is None
    export(api, request(1, session="s-1", user="ada-l", secret="what ada says now"))
    assert api.trace(trace_id(1)) is not None
    assert "nothing is left" in inspect(server, "--deletion", str(tmp_path / "receipt.json"))
    inspect(server, "--user-id", "ada-l", status=1)


def test_with_a_trace_goes_all_that_is_known_of_it_and_what_people_made_of_it_stays(deleting, tmp_path):
    server, api = deleting
    owner, secret = accounts.owner(server), "a trace with everything, soon without"
    message = request(20, secret=secret)
    # A refused span of the same trace, with the secret, for the quarantine.
    bad = message.resource_spans[0].scope_spans[0].spans.add()
    bad.CopyFrom(message.resource_spans[0].scope_spans[0].spans[2])
    bad.span_id = bytes(8)
    refused = api.export(message.SerializeToString())
    assert refused.status_code == 200
    logs = ExportLogsServiceRequest()
    logs.resource_logs.add().scope_logs.add().log_records.add(
        event_name="gen_ai.choice", trace_id=bytes.fromhex(trace_id(20)), span_id=(2001).to_bytes(8, "big"), time_unix_nano=START,
    ).body.string_value = secret
    assert api.export(logs.SerializeToString(), path="/v1/logs").status_code == 200
    export(api, request(21))
    for number in (20, 20, 21):
        owner.call("POST", "/api/v1/scores", {"name": "n", "passed": True, "trace_id": trace_id(number)}, 201)
    suite = owner.call("POST", "/api/v1/suites", {"name": "of deletions"}, 201)["id"]
    # It quotes nothing that is looked for below: copies stay.
    owner.call("POST", f"/api/v1/suites/{suite}/test-cases", {"put": [{"key": "one", "input": "a copy", "source": {"trace_id": trace_id(20)}}]})
    wait_until(lambda: api.get("/api/v1/quarantine")["data"], 60, "the refused span")
    told = delete(api, trace_id=trace_id(20))
    assert (told["deleted"]["spans"], told["deleted"]["events"], told["deleted"]["traces"], told["deleted"]["refused_spans"]) == (3, 1, 1, 1)
    assert told["removed"]["scores"] == 2 and told["kept"]["test_cases"] == 1
    assert [item["kind"] for item in told["kept"]["items"]] == ["test_case"]
    assert api.get("/api/v1/quarantine")["data"] == []
    assert api.get("/api/v1/scores", trace_id=trace_id(20))["data"] == [] and len(api.get("/api/v1/scores", trace_id=trace_id(21))["data"]) == 1
    await_bytes_gone(server, api, told, tmp_path / "receipt.json", secret)
    assert "nothing is left" in inspect(server, "--trace-id", trace_id(20))
    # The receipt of the export does not name the refused span any more.
    rejections = api.get(f"/api/v1/receipts/{refused.headers['x-spandrel-receipt']}")["rejections"]
    assert [rejection["trace_id"] for rejection in rejections] == [None]


def test_a_whole_project_goes_by_its_name_alone_and_others_keep_theirs(deleting, tmp_path):
    server, api = deleting
    owner, secret = accounts.owner(server), "all of a project"
    project = owner.call("POST", f"{owner.organization_path}/projects", {"name": "to be emptied"}, 201)["id"]
    key = owner.call("POST", f"/api/v1/projects/{project}/api-keys", {"name": "k", "scopes": ["ingest", "read", "admin"]}, 201)["key"]
    other = API(server.url, key)
    export(other, *(request(n, session="s", secret=secret) for n in (40, 41)))
    other.seal()
    before = api.span_count()
    for wrong in ({"project_name": "To be emptied"}, {"project_name": "to be emptied", "user_id": "u"}, {}, {"trace_id": "0" * 32}, {"session_id": ""}):
        assert other.request("POST", "/api/v1/deletions", json=wrong).status_code == 422, wrong
    told = delete(other, project_name="to be emptied")
    assert (told["deleted"]["spans"], told["deleted"]["traces"], told["project_id"]) == (6, None, project)
    assert other.span_count() == 0 and other.get("/api/v1/traces")["data"] == [] and other.get("/api/v1/store/files")["data"] == []
    assert api.span_count() == before
    assert api.request("GET", f"/api/v1/deletions/{told['id']}").status_code == 404
    await_bytes_gone(server, other, told, tmp_path / "receipt.json", secret)
    # Ended with its telemetry in one request: the audit log tells the end of it.
    export(other, request(42, secret=secret))
    assert owner.request("DELETE", f"/api/v1/projects/{project}?delete_telemetry_of=another").status_code == 400
    assert owner.request("DELETE", f"/api/v1/projects/{project}?delete_telemetry_of=to%20be%20emptied").status_code == 200
    def ends():
        entries = owner.call("GET", "/api/v1/audit?action=finishDeletion&limit=100")["data"]
        return len([entry for entry in entries if entry["project_id"] == project]) == 2

    wait_until(ends, 90, "the end of the deletion in the audit log")
    wait_until(lambda: not found_by_grep(server, secret), 60, "the bytes to be gone")
    assert_nowhere(server, secret)


def test_only_who_may_administer_deletes(deleting):
    server, api = deleting
    keys = {scope: api.post("/api/v1/api-keys", {"name": scope, "scopes": [scope]}, 201)["key"] for scope in ("read", "write", "ingest")}
    for scope, key in keys.items():
        assert API(server.url, key).request("POST", "/api/v1/deletions", json={"user_id": "nobody"}).status_code == 403, scope
        assert API(server.url, key).request("GET", "/api/v1/deletions").status_code == 403, scope


def test_the_command_asks_first_and_prints_the_receipt(deleting):
    server, api = deleting
    export(api, request(60, session="by command"))

    def run(*arguments):
        return subprocess.run([str(BINARY), *arguments, "--data-dir", str(server.data)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)

    asked = run("delete", "session", "by command")
    assert asked.returncode != 0 and "--yes" in asked.stderr and api.trace(trace_id(60)) is not None
    done = run("delete", "session", "by command", "--yes")
    assert done.returncode == 0 and "3 spans" in done.stdout and "bytes gone by" in done.stdout, done.stdout + done.stderr
    assert api.trace(trace_id(60)) is None
    listed = run("delete", "show", "--json").stdout.splitlines()
    newest = json.loads(listed[0])
    assert newest["session_id"] == "by command" and newest["id"] in run("delete", "show", newest["id"]).stdout


def test_a_server_that_is_killed_goes_on_with_what_was_asked(make_server, tmp_path):
    secret = "what a killed server must not bring back"
    server = make_server().start()
    api = API(server.url, server.key)
    export(api, *(request(n, session="killed", secret=secret) for n in (80, 81)), request(82))
    told = delete(api, session_id="killed")
    assert told["state"] == "masked" and told["deleted"]["spans"] == 6
    masked = inspect(server, "--session-id", "killed", status=1)
    assert "masked: " in masked and "it is not gone: 0 rows left, 6 masked" in masked
    server.kill()
    # A deletion that is asked for at the very end: whether it was heard or not, asking again completes it.
    server = make_server("--deletion-deadline", "10", directory=server.directory).start()
    api = API(server.url, server.key)
    assert api.span_count() == 3 and api.trace(trace_id(80)) is None
    await_bytes_gone(server, api, told, tmp_path / "receipt.json", secret)
    export(api, request(83, session="killed", secret=secret))
    sent = time.monotonic()
    server_request = subprocess.Popen(
        ["curl", "-s", "-X", "POST", f"{server.url}/api/v1/deletions", "-H", f"Authorization: Bearer {server.key}", "-H", "Content-Type: application/json",
         "-d", '{"session_id": "killed"}'], stdout=subprocess.DEVNULL)
    wait_until(lambda: len(api.get("/api/v1/deletions")["data"]) == 2 or time.monotonic() - sent > 30, 60, "the deletion to be asked for")
    server.kill()
    server_request.wait()
    server = make_server("--deletion-deadline", "10", directory=server.directory).start()
    api = API(server.url, server.key)
    second = wait_until(lambda: (newest := api.get("/api/v1/deletions", limit=1)["data"][0])["state"] != "running" and newest, 60, "it to go on")
    assert second["deleted"]["spans"] == 3 and api.span_count() == 3
    await_bytes_gone(server, api, second, tmp_path / "second.json", secret)
