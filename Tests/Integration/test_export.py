"""`spandrel export` and `spandrel import`: what was sent comes back from a file, and into another project."""
import json, os, subprocess
import pyarrow.parquet as pq
import pytest
from harness import otlp, segments
from harness.api import API
from harness.load import Request
from harness.messages import every_field
from harness.server import BINARY

LONG = "what stands in a payloads file " * 100


def spandrel(*arguments, status=0, cwd=None):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SPANDREL_")}
    done = subprocess.run([str(BINARY), *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, env=environment, cwd=cwd)
    assert done.returncode == status, f"{arguments}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="module")
def sent(server, api):
    """Every field, plain load and a long prompt; half of it sealed."""
    message = otlp.ExportTraceServiceRequest()
    for number in range(3):
        message.MergeFrom(every_field(5000 + number))
    message.resource_spans[0].scope_spans[0].spans[0].attributes.add(key="gen_ai.output.messages").value.string_value = LONG
    assert api.export(message.SerializeToString()).status_code == 200
    api.seal()
    for number in range(10):
        body = Request("exported", number).body
        assert api.export(body).status_code == 200
        message.MergeFrom(otlp.ExportTraceServiceRequest.FromString(body))
    return message


@pytest.fixture(scope="module")
def empty(server, api):
    """A project without spans, and a key for it."""
    def make(name):
        project = api.post("/api/v1/projects", {"name": name}, status=201)["id"]
        key = api.post(f"/api/v1/projects/{project}/api-keys", {"name": name, "scopes": ["ingest", "read"]}, status=201)["key"]
        return API(server.url, key)
    return make


def lines(text):
    """Only a line feed ends a line: other separators of Unicode stand in texts as they are."""
    return [line for line in text.split("\n") if line]


def of_lines(text):
    found = {}
    for line in lines(text):
        found |= otlp.records(otlp.from_json(json.loads(line)))
    return found


def test_json_lines_have_every_span_and_come_back_into_another_project(server, api, sent, empty, tmp_path):
    path = tmp_path / "traces.jsonl"
    told = spandrel("export", "--data-dir", str(server.data), "--output", str(path)).stdout
    assert "traces" in told and not (tmp_path / "traces.jsonl.partial").exists()
    exported = of_lines(path.read_text())
    assert otlp.differences(otlp.records(sent), exported) == []
    assert len(exported) == api.span_count()
    other = empty("Imported lines")
    arguments = ["import", str(path), "--url", server.url, "--api-key", other.key, "--checkpoint", str(tmp_path / "checkpoint")]
    assert "requests of 1 files sent" in spandrel(*arguments).stdout
    assert other.span_count() == len(exported) and not (tmp_path / "checkpoint").exists()
    # Once more at once: every request is recognised.
    spandrel(*arguments)
    assert other.span_count() == len(exported)


def test_one_parquet_file_has_every_span_with_long_values_and_costs(server, api, sent, empty, tmp_path):
    path = tmp_path / "traces.parquet"
    spandrel("export", "--data-dir", str(server.data), "--format", "parquet", "--output", str(path))
    rows = segments.by_pyarrow(path)
    assert len(rows) == api.span_count()
    exported = segments.records(rows, {})
    assert otlp.differences(otlp.records(sent), exported) == []
    assert LONG in {row["attributes.gen_ai.output.messages"] for row in rows}
    costs = {row["span_id"]: row["cost"] for row in api.query(select=["span_id", "cost"], filter={"cost": {"_is_null": False}}, limit=10000)["data"]}
    assert {row["span_id"].hex(): row["cost"] for row in rows if row["cost"] is not None} == costs
    assert pq.read_table(path, page_checksum_verification=True).num_rows == len(rows)
    other = empty("Imported file")
    spandrel("import", str(path), "--url", server.url, "--api-key", other.key, cwd=tmp_path)
    assert other.span_count() == len(rows)


def test_a_filter_chooses_whole_traces(server, api, sent):
    row = api.query(select=["trace_id", "span_id"], filter={"name": {"_is_null": False}}, limit=1)["data"][0]
    condition = json.dumps({"span_id": {"_eq": row["span_id"]}})
    exported = spandrel("export", "--data-dir", str(server.data), "--filter", condition, "--output", "-").stdout
    assert len(lines(exported)) == 1
    assert len(of_lines(exported)) == api.span_count({"trace_id": {"_eq": row["trace_id"]}})


def test_segments_are_imported_with_their_payloads(server, api, sent, empty, tmp_path):
    api.seal()
    files = segments.files(server.data, "spans")
    project = next(path for path in files if LONG in {payload for payload in segments.payloads_by_pyarrow(server.data).values()})
    other = empty("Imported segments")
    own = [path for path in files if project.parts[-3] == path.parts[-3]]
    spandrel("import", *map(str, own), *map(str, segments.files(server.data, "payloads")), "--url", server.url, "--api-key", other.key, cwd=tmp_path)
    assert other.span_count() == sum(pq.read_metadata(path).num_rows for path in own)
    assert other.span_count({"attributes.gen_ai.output.messages": {"_eq": LONG}}) == 1


def test_an_interrupted_import_goes_on_where_it_was(server, api, sent, empty, tmp_path):
    """The checkpoint is as an interruption leaves it: two lines were acknowledged."""
    requests = [json.dumps(otlp.to_json(otlp.ExportTraceServiceRequest.FromString(Request("resumed", number).body))) for number in range(4)]
    path, checkpoint = tmp_path / "lines.jsonl", tmp_path / "checkpoint"
    path.write_text("\n".join(requests) + "\n")
    other = empty("Resumed")
    arguments = ["import", str(path), "--url", server.url, "--checkpoint", str(checkpoint)]
    size = path.stat().st_size
    behind = len(requests[0]) + len(requests[1]) + 2
    checkpoint.write_text(json.dumps({"server": server.url, "files": {str(path): {"bytes": size, "position": behind}}}))
    spandrel(*arguments, "--api-key", other.key)
    rest = [otlp.ExportTraceServiceRequest.FromString(Request("resumed", number).body) for number in (2, 3)]
    assert other.span_count() == sum(len(otlp.records(message)) for message in rest)
    # A key that may not send: nothing is sent, and the checkpoint of what was acknowledged stays.
    assert "401" in spandrel(*arguments, "--api-key", "spdrl_wrong", status=1).stderr
    # One that is of another server is not taken for this one's.
    checkpoint.write_text(json.dumps({"server": "http://127.0.0.1:1", "files": {}}))
    assert "--checkpoint" in spandrel(*arguments, "--api-key", other.key, status=1).stderr


def test_a_line_that_is_no_request_is_named_and_the_others_are_sent(server, sent, empty, tmp_path):
    good = [json.dumps(otlp.to_json(otlp.ExportTraceServiceRequest.FromString(Request("mixed", number).body))) for number in range(2)]
    path = tmp_path / "mixed.jsonl"
    path.write_text("\n".join([good[0], '{"resourceSpans": 7}', good[1]]) + "\n")
    other = empty("Mixed")
    done = spandrel("import", str(path), "--url", server.url, "--api-key", other.key, status=1, cwd=tmp_path)
    assert "400" in done.stderr and "2 requests" in done.stdout
    assert other.span_count() > 0


def test_wrong_calls_end_with_2(tmp_path):
    spandrel("export", "--output", "-", "--format", "parquet", status=2)
    spandrel("export", "--output", "x", "--filter", "{", status=2)
    spandrel("import", status=2)
