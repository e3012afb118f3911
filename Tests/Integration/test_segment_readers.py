"""Sealed segments are plain Parquet: pyarrow and DuckDB, which know nothing of Spandrel, read rows equal to what was sent."""
import json, shutil, tarfile, time
import duckdb
import pyarrow.parquet as pq
import pytest
from harness import manifest, otlp, segments
from harness.api import API, JSON
from harness.load import Request
from harness.messages import conversation, every_field
from harness.server import REPOSITORY
from test_mapping import Sender

READERS = {
    "pyarrow": lambda data: segments.records(segments.spans_by_pyarrow(data), segments.payloads_by_pyarrow(data)),
    "duckdb": lambda data: segments.records(segments.spans_by_duckdb(data), segments.payloads_by_duckdb(data)),
}


def send_everything(api):
    """Every field of OTLP in both formats, plain load, and an LLM application's spans, over three segments."""
    sent = otlp.ExportTraceServiceRequest()
    for part in range(3):
        for number in range(4):
            message = every_field(10 * part + number)
            as_json = number % 2 == 1
            body = json.dumps(otlp.to_json(message)) if as_json else message.SerializeToString()
            assert api.export(body, **({"content_type": JSON} if as_json else {})).status_code == 200
            sent.MergeFrom(message)
        for number in (part, 10):
            # A conversation of this segment alone, and one that goes on over all of them.
            message = conversation(number, range(8 * part, 8 * part + 8) if number == 10 else range(8))
            assert api.export(message.SerializeToString()).status_code == 200
            sent.MergeFrom(message)
        for number in range(60):
            body = Request("segments", 100 * part + number).body
            assert api.export(body).status_code == 200
            sent.MergeFrom(otlp.ExportTraceServiceRequest.FromString(body))
        report = api.seal()
        assert report["segment_count"] >= 1 and report["span_count"] > 0, report
    return sent


@pytest.fixture(scope="module")
def sealed(server, api):
    return send_everything(api)


@pytest.mark.parametrize("reader", READERS)
def test_another_reader_finds_every_span_with_every_field(server, sealed, reader):
    expected = otlp.records(sealed)
    assert len(expected) > 1000
    assert otlp.differences(expected, READERS[reader](server.data)) == []


def test_the_list_of_files_names_every_file_and_its_rows(server, api, sealed):
    listed = api.get("/api/v1/store/files")["data"]
    assert len(listed) >= 3
    on_disk = {str(path.relative_to(server.data / "store")): path for path in segments.files(server.data, "spans") + segments.files(server.data, "payloads")}
    named = {path for file in listed for path in (file["spans_path"], file["payloads_path"]) if path}
    assert {path.removeprefix("store/") for path in named} == set(on_disk)
    for file in listed:
        metadata = pq.read_metadata(on_disk[file["spans_path"].removeprefix("store/")])
        assert metadata.num_rows == file["span_count"] and metadata.num_row_groups == file["row_group_count"]


def test_segments_have_the_order_and_the_indexes_they_promise(server, sealed):
    for path in segments.files(server.data, "spans"):
        file = pq.ParquetFile(path)
        metadata = file.metadata
        described = {key.decode(): value.decode() for key, value in metadata.metadata.items()}
        assert described["spandrel.format_version"] == "3"
        assert described["spandrel.project"] in str(path) and described["spandrel.received"] in str(path)
        for group in range(metadata.num_row_groups):
            assert metadata.row_group(group).num_rows <= 131_072
            ids = metadata.row_group(group).column(0)
            assert ids.path_in_schema == "trace_id" and ids.has_offset_index and ids.has_column_index
            assert [column.column_index for column in metadata.row_group(group).sorting_columns] == [0, metadata.schema.names.index("start_time")]
            table = segments.by_pyarrow(path) if metadata.num_row_groups == 1 else []
            keys = [(row["trace_id"], row["start_time"]) for row in table]
            assert keys == sorted(keys)


def test_pages_have_checksums_that_hold(server, sealed):
    for path in segments.files(server.data, "spans") + segments.files(server.data, "payloads"):
        assert pq.read_table(path, partitioning=None, page_checksum_verification=True).num_rows > 0


def test_parent_row_leads_to_the_parent(server, sealed):
    for path in segments.files(server.data, "spans"):
        rows = segments.by_pyarrow(path)
        linked = 0
        for place, row in enumerate(rows):
            if row["parent_row"] is not None:
                parent = rows[place - row["parent_row"]]
                assert (parent["trace_id"], parent["span_id"]) == (row["trace_id"], row["parent_span_id"])
                linked += 1
        assert linked > len(rows) / 2


def test_duckdb_answers_as_the_query_api_does(server, api, sealed):
    """The same question of both: a count and a sum by service, through the column names they share."""
    positive = {"duration": {"_gte": 0}}
    mine = api.query(filter=positive, group_by=["service"], aggregates=["count", "sum(duration)"])["data"]
    theirs = duckdb.execute(
        """SELECT "resource.service.name", count(*), sum(duration)::BIGINT FROM read_parquet(?, union_by_name = true) WHERE duration >= 0 GROUP BY 1""",
        [[str(path) for path in segments.files(server.data, "spans")]]).fetchall()
    assert sorted(((row["service"] or "", row["count"], row["sum_duration"]) for row in mine)) == sorted((name or "", count, total) for name, count, total in theirs)


def test_the_query_of_the_documentation_runs(server, sealed):
    page = (REPOSITORY / "docs/segment-format.md").read_text()
    sql = "\n".join(line[4:] for line in page.partition("## Reading it elsewhere")[2].splitlines() if line.startswith("    "))
    statement = sql.split(";")[0].replace("received=2026-11-20", "received=*").replace("'store/", f"'{server.data}/store/")
    rows = duckdb.execute(statement).fetchall()
    assert len(rows) >= 10 and len({row[0] for row in rows}) <= 10


def test_sql_alone_puts_long_values_together(server, sealed):
    texts = segments.texts_by_duckdb(server.data)
    rows, payloads = segments.spans_by_pyarrow(server.data), segments.payloads_by_pyarrow(server.data)
    expected = {
        (row["trace_id"].hex(), row["span_id"].hex(), place): text
        for row in rows for place, (_, text) in segments.payload_texts(row, payloads).items()}
    assert len(expected) > 100 and texts == expected
    assert any(len([piece for piece in row["payloads"] if piece["place"] == "attributes.gen_ai.input.messages"]) > 1 for row in rows)


def test_what_is_sent_again_is_stored_once(server, sealed):
    """The conversations' histories are quadratic; what is stored of them is not."""
    payloads = segments.payloads_by_pyarrow(server.data)
    pieces = [
        piece for row in segments.spans_by_pyarrow(server.data) for piece in row["payloads"] if piece["place"] == "attributes.gen_ai.input.messages"]
    parts = {piece["payload_id"] + number for piece in pieces for number in range(piece["part_count"] or 1)}
    stored, referred = sum(len(payloads[part].encode()) for part in parts), sum(piece["byte_count"] for piece in pieces)
    assert 0 < stored * 2 < referred


def test_files_that_are_not_whole_are_never_named_parquet(server, api, make_server):
    """A server that dies while sealing leaves nothing that a reader would take for a segment."""
    victim = make_server().start()
    mine = API(victim.url, victim.key)
    for number in range(40):
        assert mine.export(Request("half", number).body).status_code == 200
    mine.seal()
    victim.kill()
    for path in segments.files(victim.data, "spans") + segments.files(victim.data, "payloads"):
        pq.read_table(path, partitioning=None)


def rows_by_place(data):
    """Every row of the spans files by its segment and number, as the ids of its span."""
    return {(int(path.stem), place): (row["trace_id"].hex(), row["span_id"].hex())
            for path in segments.files(data, "spans") for place, row in enumerate(segments.by_pyarrow(path))}


def test_segments_that_were_merged_without_masked_rows_read_the_same(make_server, tmp_path):
    """Two segments of an earlier day and program: a few rows of the first are masked, and the server makes one segment of what is left."""
    with tarfile.open(REPOSITORY / "Tests/Golden/v1/store.tar.xz") as tar:
        tar.extraction_filter = getattr(tarfile, "data_filter", None)
        tar.extractall(tmp_path)
    old = segments.files(tmp_path, "spans")
    assert [int(path.stem) for path in old] == [1, 2]
    manifest.mask_rows(tmp_path, 1, [(0, 20), (30, 1)])
    places = rows_by_place(tmp_path)
    masked = {places[1, row] for row in [*range(20), 30]}
    before = {name: read(tmp_path) for name, read in READERS.items()}
    assert masked < before["pyarrow"].keys()
    server = make_server().start()
    assert server.stop() == 0, server.log()
    shutil.rmtree(server.data / "store")
    shutil.move(tmp_path / "store", server.data / "store")
    server.start()
    deadline = time.monotonic() + 60
    while {1, 2} & {int(path.stem) for path in segments.files(server.data, "spans")} and time.monotonic() < deadline:
        time.sleep(0.1)
    assert server.stop() == 0, server.log()
    for name, read in READERS.items():
        expected = {key: record for key, record in before[name].items() if key not in masked}
        assert 0 < len(expected) == len(before[name]) - len(masked)
        # What lay in the log is sealed meanwhile.
        got = {key: record for key, record in read(server.data).items() if key in before[name]}
        assert otlp.differences(expected, got) == [], name
    rows = [row for path in segments.files(server.data, "spans") for row in segments.by_pyarrow(path)]
    assert len(rows) >= len(places) - len(masked) and {row["record"] for row in rows} == {"span"}
    referred = {reference["payload_id"] for row in rows for reference in row["payloads"]}
    assert referred and referred <= set(segments.payloads_by_pyarrow(server.data))
    for path in segments.files(server.data, "spans") + segments.files(server.data, "payloads"):
        assert pq.read_table(path, partitioning=None, page_checksum_verification=True).num_rows > 0


def every_column(rows):
    """Rows as they are read, by span and kind of record, without the column that prices change."""
    return {(row["trace_id"], row["span_id"], row["record"], row["start_time"]): {name: value for name, value in row.items() if name != "cost"} for row in rows}


def test_segments_that_were_priced_anew_read_the_same_but_for_their_costs(server, api, sealed):
    """Other readers find each column of a rewritten pair as it was, but for the one that changes."""
    usage = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "nobody's", "gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 10}
    Sender(server).send(*[(number, 0, number * 100, 10, usage) for number in range(1, 31)])
    # Long values, events, links and every type of attribute beside them.
    for message in (every_field(91), conversation(91, range(8))):
        assert api.export(message.SerializeToString()).status_code == 200
    api.seal()
    readers = {
        "pyarrow": lambda data: (segments.spans_by_pyarrow(data), segments.payloads_by_pyarrow(data)),
        "duckdb": lambda data: (segments.spans_by_duckdb(data), segments.payloads_by_duckdb(data)),
        "clickhouse": segments.by_clickhouse_whole,
    }
    before = {name: read(server.data) for name, read in readers.items()}
    assert len(before["clickhouse"][0]) == len(before["pyarrow"][0]) and before["clickhouse"][1].keys() == before["pyarrow"][1].keys()
    names = {path.name for path in segments.files(server.data, "spans")}
    project = server.credentials["project_id"]
    price = {"model_pattern": "/.*/", "effective_from": "1970-01-01T00:00:00Z", "input_per_million": 123, "output_per_million": 456}
    answer = api.request("PUT", f"/api/v1/projects/{project}/prices", json={"prices": [price]})
    assert answer.status_code == 200, answer.text
    task = api.post("/api/v1/prices/reapply", {}, status=202)
    deadline = time.monotonic() + 60
    while (found := api.get(f"/api/v1/tasks/{task['id']}"))["state"] in ("queued", "running") and time.monotonic() < deadline:
        time.sleep(0.1)
    assert found["state"] == "succeeded" and found["result"]["changed_spans"] == 30, found
    assert found["result"]["rewritten_segments"] == 1 and len(names - {path.name for path in segments.files(server.data, "spans")}) == 1
    for name, read in readers.items():
        rows, payloads = read(server.data)
        assert every_column(rows) == every_column(before[name][0]), name
        assert payloads == before[name][1], name
        costs = [[row["cost"] for row in sorted(each, key=lambda row: (row["trace_id"], row["span_id"], row["start_time"]))] for each in (before[name][0], rows)]
        assert costs[0] != costs[1] and sum(cost or 0 for cost in costs[1]) == pytest.approx(sum(cost or 0 for cost in costs[0])
            + found["result"]["after"]["cost"] - found["result"]["before"]["cost"], rel=1e-9)
    for path in segments.files(server.data, "spans") + segments.files(server.data, "payloads"):
        assert pq.read_table(path, partitioning=None, page_checksum_verification=True).num_rows > 0
