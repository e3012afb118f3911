"""`spandrel inspect` on a real data directory: beside its server, after its end, and with bytes flipped."""
import json, os, shutil, subprocess
import pytest
from harness import segments
from harness.load import Request
from harness.messages import every_field
from harness.server import BINARY

SECRET = "the needle in the prompt " * 80


def inspect(*arguments, status=0):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SPANDREL_")}
    done = subprocess.run([str(BINARY), "inspect", *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, env=environment)
    assert done.returncode == status, f"{arguments}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def report(data, *arguments, status=0):
    return json.loads(inspect(*arguments, "--json", "--data-dir", str(data), status=status).splitlines()[-1])


@pytest.fixture(scope="module")
def store(server, api):
    """Two sealed segments with payloads, and spans that are only in the log."""
    for part in range(2):
        message = every_field(4000 + part)
        message.resource_spans[0].scope_spans[0].spans[0].attributes.add(key="gen_ai.output.messages").value.string_value = SECRET
        assert api.export(message.SerializeToString()).status_code == 200
        for number in range(20):
            assert api.export(Request("inspected", 100 * part + number).body).status_code == 200
        api.seal()
    assert api.export(every_field(4100).SerializeToString()).status_code == 200
    return server.data


@pytest.fixture
def copy(store, tmp_path):
    """The store's files, for a test to change."""
    shutil.copytree(store / "store", tmp_path / "store")
    return tmp_path


def test_a_store_is_sound_beside_its_running_server(store):
    found = report(store, "store")
    assert found["is_sound"] and found["segments"] >= 2 and found["unsealed_entries"] >= 1
    assert found["log"]["ended_in_order"] is False
    assert "sound: no damage found" in inspect("store", "--data-dir", str(store))


def test_every_part_can_be_listed(store):
    def listed(*arguments):
        lines = inspect(*arguments, "--json", "--dump", "--data-dir", str(store)).splitlines()
        return [json.loads(line) for line in lines]

    entries = [item for item in listed("wal") if "lsn" in item and "file" in item]
    assert [entry["lsn"] for entry in entries] == list(range(1, len(entries) + 1)) and len(entries) > 40
    rows = [item for item in listed("segment", "1") if "trace_id" in item]
    assert len(rows) == sum(len(segments.by_pyarrow(path)) for path in segments.files(store, "spans") if path.stem.endswith("0001"))
    assert {item["record"] for item in listed("manifest") if "record" in item} >= {"addSegment", "sealed"}


def test_a_flipped_bit_is_found_and_repaired(copy):
    spans = segments.files(copy, "spans")[0]
    content = bytearray(spans.read_bytes())
    content[len(content) // 3] ^= 4
    spans.write_bytes(content)
    found = report(copy, "store", status=1)
    assert found["damage_count"] >= 1 and {finding["segment"] for finding in found["findings"] if finding["severity"] == "damage"} == {1}
    report(copy, "segment", str(spans), status=1)
    repaired = report(copy, "store", "--repair")
    assert repaired["segments_put_aside"] == [1] and repaired["rows_put_aside"] > 0
    kept = sorted(path.name for path in (copy / "store/quarantine/segments").iterdir())
    assert kept == [f"{1:016}.json", f"{1:016}.payloads.parquet", f"{1:016}.spans.parquet"]
    assert json.loads((copy / "store/quarantine/segments" / kept[0]).read_text())["findings"]
    assert report(copy, "store")["is_sound"]


def test_repair_refuses_while_a_server_has_the_directory(store):
    inspect("store", "--repair", "--data-dir", str(store), status=2)


def test_what_is_left_of_a_text_or_a_trace_is_named(store):
    found = report(store, "store", "--contains", "needle in the prompt", status=1)
    assert {hit["kind"] for hit in found["hits"]} >= {"log", "segment"}
    assert any(hit["file"].startswith("payloads/") for hit in found["hits"])
    assert not report(store, "store", "--contains", "nobody ever sent this")["is_found"]
    trace = segments.by_pyarrow(segments.files(store, "spans")[0])[0]["trace_id"].hex()
    assert any("trace_id" in hit["place"] for hit in report(store, "store", "--trace-id", trace, status=1)["hits"])
    assert not report(store, "store", "--trace-id", "0123456789abcdef" * 2)["is_found"]


def test_wrong_calls_and_missing_directories_end_with_2(tmp_path):
    inspect("store", "--data-dir", str(tmp_path / "none"), status=2)
    inspect("store", "--contains", "abc", status=2)
    inspect("store", "--trace-id", "12", status=2)
    inspect("store", "--repair", "--contains", "abcd", status=2)
    inspect("segment", str(tmp_path / "none.parquet"), status=2)
