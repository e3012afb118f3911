"""The command line against a running server: the same answers as the API, as a table and as JSON, and errors that help."""
import contextlib, http.server, json, os, re, subprocess, threading
import pytest
from harness import otlp
from harness.api import API
from harness.messages import every_field
from harness.server import BINARY, REPOSITORY

TRACE = "5b8efff798038103d269b633813fc60c"


def spandrel(*arguments, status=0, **variables):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SPANDREL_")} | variables
    done = subprocess.run([str(BINARY), *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, env=environment)
    assert done.returncode == status, f"{arguments}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="module")
def shell_commands(server):
    """The commands the server prints at start-up, as a user would copy them."""
    printed = [line.strip() for line in server.lines]
    return [line for line in printed if line.startswith("curl ") or re.match(r"\S*spandrel (trace|query) ", line)]


def test_the_three_commands_of_start_up_work_as_printed(server, api, shell_commands):
    assert len(shell_commands) == 3, server.log()
    outputs = []
    for command in shell_commands:
        done = subprocess.run(["bash", "-c", command], cwd=REPOSITORY, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        outputs.append(done.stdout)
    sent, fetched, asked = outputs
    assert json.loads(sent) == {}
    assert "chat" in fetched
    assert "model" in asked and "p95" in asked and "cost" in asked
    # The model has a price, so the cost is a number.
    row = api.query(filter={"trace_id": {"_eq": TRACE}}, select=["cost", "duration_ms"])["data"][0]
    assert row["cost"] > 0 and row["duration_ms"] == 750


def test_query_as_table_and_as_json_give_what_the_api_gives(server, api):
    assert api.export(every_field(901).SerializeToString()).status_code == 200
    arguments = ["query", "--data-dir", str(server.data), "--group-by", "name", "--aggregates", "count,max(duration)", "--order-by", "name"]
    expected = api.query(group_by=["name"], aggregates=["count", "max(duration)"], order_by=["name"])["data"]
    assert json.loads(spandrel(*arguments, "--json").stdout)["data"] == expected
    table = spandrel(*arguments).stdout
    header = table.splitlines()[0].split()
    assert header == ["name", "count", "max_duration"]
    assert f"{len(expected)} rows" in table
    for row in expected:
        assert (row["name"] or "")[:40] in table


@contextlib.contextmanager
def listener():
    """Another server: answers 401, and keeps what it was sent."""
    seen = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self):
            seen.append(str(self.headers) + self.rfile.read(int(self.headers.get("content-length", 0))).decode())
            self.send_response(401)
            self.send_header("content-length", "0")
            self.end_headers()

        do_GET = do_POST = answer

        def log_message(self, *arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{other.server_address[1]}", seen
        other.shutdown()


def test_what_credentials_json_holds_goes_to_its_own_server_only(server, tmp_path):
    """Run where nobody is signed in, so that the data directory's file is all there is."""
    def run(*arguments, status):
        return spandrel(*arguments, "--data-dir", str(server.data), status=status, XDG_CONFIG_HOME=str(tmp_path))
    with listener() as (url, seen):
        for command in (("login",), ("key", "list"), ("query", "--aggregates", "count")):
            assert f"is for {server.url}" in run(*command, "--url", url, status=1).stderr, command
        assert seen == []
        run("key", "list", "--url", url, "--api-key", "one of its own", status=1)
        assert "one of its own" in seen[0] and server.key not in seen[0]
    assert "id" in run("key", "list", "--url", server.url, status=0).stdout
    assert "Signed in" in run("login", "--url", server.url, status=0).stdout


def test_query_takes_a_whole_query_as_json(server, api):
    body = {"select": ["trace_id", "span_id"], "order_by": ["trace_id", "span_id"], "limit": 3}
    mine = json.loads(spandrel("query", json.dumps(body), "--json", "--url", server.url, "--api-key", server.key).stdout)
    assert mine["data"] == api.query(**body)["data"]


def test_query_explains(server, api):
    api.seal()
    text = spandrel("query", "--data-dir", str(server.data), "--aggregates", "count", "--explain").stdout
    assert "segments" in text and "bytes" in text


def test_trace_as_tree_and_as_json(server, api):
    message = every_field(902)
    assert api.export(message.SerializeToString()).status_code == 200
    trace_id = otlp.trace_ids(message).pop()
    tree = spandrel("trace", trace_id, "--data-dir", str(server.data)).stdout
    assert "orphan" in tree and "status set to nothing" in tree
    document = json.loads(spandrel("trace", trace_id, "--data-dir", str(server.data), "--json").stdout)
    assert document == api.get(f"/api/v1/traces/{trace_id}")


def test_an_explanation_as_text_and_as_json(server, api):
    message = every_field(904)
    assert api.export(message.SerializeToString()).status_code == 200
    trace_id = otlp.trace_ids(message).pop()
    span_id = api.get(f"/api/v1/traces/{trace_id}")["spans"][0]["span_id"]
    text = spandrel("explain", trace_id, span_id, "--data-dir", str(server.data)).stdout
    assert text.startswith("field") and "\nkind " in text and "worked_out" in text and "\ncost: " in text
    document = json.loads(spandrel("explain", trace_id, span_id, "--data-dir", str(server.data), "--json").stdout)
    assert document == api.get(f"/api/v1/traces/{trace_id}/spans/{span_id}/explain")


def test_receipt_as_text_and_as_json(server, api):
    id = api.export(every_field(903).SerializeToString()).headers["x-spandrel-receipt"]
    text = spandrel("receipt", id, "--data-dir", str(server.data)).stdout
    assert text.startswith("stored: ") and "visible since 20" in text
    assert json.loads(spandrel("receipt", id, "--data-dir", str(server.data), "--json").stdout) == api.get(f"/api/v1/receipts/{id}")


def test_a_trace_nobody_sent_is_an_error(server):
    done = spandrel("trace", "f" * 32, "--data-dir", str(server.data), status=1)
    assert "f" * 32 in done.stderr or "trace" in done.stderr
    assert done.stdout == ""


def test_a_mistyped_query_says_where(server):
    done = spandrel("query", "--data-dir", str(server.data), "--filter", '{"durration_ms": {"_gt": 1}}', status=1)
    assert "durration_ms" in done.stderr


def test_a_server_that_is_not_there_is_said(tmp_path):
    done = spandrel("query", "--url", "http://127.0.0.1:9", "--api-key", "none", "--aggregates", "count", status=1)
    assert "127.0.0.1:9" in done.stderr
    done = spandrel("query", "--data-dir", str(tmp_path), "--aggregates", "count", status=1)
    assert "credentials.json" in done.stderr


def test_control_characters_of_strangers_do_not_reach_the_terminal(server, api):
    message = otlp.ExportTraceServiceRequest()
    message.resource_spans.add().scope_spans.add().spans.add(trace_id=b"terminal escapes", span_id=b"12345678", name="\x1b[2J\x1b]0;owned\x07 name", start_time_unix_nano=1)
    assert api.export(message.SerializeToString()).status_code == 200
    trace_id = otlp.trace_ids(message).pop()
    for arguments in (["trace", trace_id], ["query", "--filter", json.dumps({"trace_id": {"_eq": trace_id}}), "--select", "name"]):
        output = spandrel(*arguments, "--data-dir", str(server.data)).stdout
        assert "owned" in output and "\x1b" not in output and "\x07" not in output


def test_demo_fills_a_project_of_its_own_through_the_public_endpoint(make_server):
    server = make_server().start()
    api = API(server.url, server.key)
    before = api.span_count()
    exported = requests_of_route(api)
    output = spandrel("demo", "--data-dir", str(server.data)).stdout
    assert api.span_count() == before
    assert requests_of_route(api) > exported
    projects = {project["name"].lower(): project["id"] for project in api.get("/api/v1/projects")["data"]}
    demo = next(identifier for name, identifier in projects.items() if "demo" in name)
    key = api.post(f"/api/v1/projects/{demo}/api-keys", {"name": "look", "scopes": ["read"]}, status=201)["key"]
    sample = API(server.url, key)
    assert sample.span_count() > 100
    kinds = {row["kind"] for row in sample.query(group_by=["kind"], aggregates=["count"])["data"]}
    assert {"llm", "tool", "agent"} <= kinds
    priced = sample.query(filter={"kind": {"_eq": "llm"}}, group_by=["model"], aggregates=["count", "sum(cost)"])["data"]
    assert priced and all(row["sum_cost"] is None or row["sum_cost"] > 0 for row in priced) and any(row["sum_cost"] for row in priced)
    assert "spandrel" in output


def requests_of_route(api):
    return sum(value for name, value in api.metrics().items() if name.startswith("spandrel_http_requests_total") and '"/v1/traces"' in name)


@pytest.mark.parametrize("command", [[], ["serve"], ["query"], ["trace"], ["demo"]])
def test_help_shows_flags_and_their_environment_variables(command):
    text = spandrel(*command, "--help").stdout
    assert "USAGE" in text
    if command == ["serve"]:
        for flag, variable in (("--data-dir", "SPANDREL_DATA_DIR"), ("--listen", "SPANDREL_LISTEN"), ("--database-url", "SPANDREL_DATABASE_URL")):
            assert flag in text and variable in text


def test_projects_and_keys_are_made_listed_and_ended(server):
    def run(*arguments, status=0):
        return spandrel(*arguments, "--data-dir", str(server.data), status=status)

    made = json.loads(run("project", "create", "From a terminal", "--retention-days", "7", "--json").stdout)
    assert made["retention_days"] == 7
    assert made["id"] in run("project", "list").stdout
    assert "already" in run("project", "create", "From a terminal", status=1).stderr
    created = run("key", "create", "collector", "--scopes", "ingest,read").stdout
    secret = created.splitlines()[-1]
    assert secret.startswith("spdrl_")
    assert API(server.url, secret).query(aggregates=["count"])["data"]
    keys = [json.loads(line) for line in run("key", "list", "--json").stdout.splitlines()]
    prefix = next(key["prefix"] for key in keys if key["name"] == "collector")
    assert secret.startswith(prefix) and secret not in run("key", "list").stdout
    run("key", "revoke", prefix)
    assert API(server.url, secret).request("GET", "/api/v1/traces").status_code == 401
