"""What was written once stays readable: a store of every format version is opened and read whole."""
import json, lzma, shutil, subprocess, tarfile
import pytest
from harness import otlp
from harness.api import API
from harness.server import REPOSITORY

VERSIONS = sorted((REPOSITORY / "Tests/Golden").glob("v*"))


def test_there_is_a_golden_store():
    assert VERSIONS


@pytest.mark.parametrize("golden", VERSIONS, ids=lambda path: path.name)
def test_a_store_of_an_earlier_day_is_read_whole(make_server, golden):
    with lzma.open(golden / "expected.json.xz", "rt", encoding="utf-8") as file:
        expected = json.load(file)
    server = make_server().start()
    # The store names its project; PostgreSQL is told of it before the store is put in place.
    socket = next((server.data / "postgres").rglob(".s.PGSQL.*[0-9]")).parent
    project = expected["project_id"]
    statement = f"INSERT INTO projects (id, organization_id, name) SELECT '{project}', id, 'golden' FROM organizations LIMIT 1"
    done = subprocess.run(
        ["psql", "-X", "-v", "ON_ERROR_STOP=1", "-h", str(socket), "-U", "spandrel", "-d", "spandrel", "-c", statement], stdin=subprocess.DEVNULL,
        capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    key = API(server.url, server.key).post(f"/api/v1/projects/{project}/api-keys", {"name": "golden", "scopes": ["read", "ingest", "admin"]}, status=201)
    assert server.stop() == 0, server.log()
    shutil.rmtree(server.data / "store")
    with tarfile.open(golden / "store.tar.xz") as tar:
        tar.extraction_filter = getattr(tarfile, "data_filter", None)
        tar.extractall(server.data)
    server.start()
    api = API(server.url, key["key"])
    sent = otlp.from_json({"resourceSpans": expected["resourceSpans"]})
    records = otlp.records(sent)
    for seal in (False, True):
        if seal:
            api.seal()
        assert api.span_count() == expected["span_count"] == len(records)
        got = {}
        for trace_id in otlp.trace_ids(sent):
            got.update(otlp.records(otlp.from_json(api.trace(trace_id))))
        assert otlp.differences(records, got) == []
        rows = api.query(filter={"kind": {"_eq": "llm"}}, group_by=["model"], aggregates=["count", "sum(input_tokens)", "sum(cache_read_tokens)"])["data"]
        assert [(row["model"], row["count"], row["sum_cache_read_tokens"]) for row in rows] == [("gpt-4.1", 60, 6000)]
