"""Sealed segments read by other people's Parquet readers and put back together as docs/segment-format.md says, with no code of the server.

`spans_by_pyarrow` and `spans_by_duckdb` answer rows as Python values; `record` makes of one row what `otlp.span_record` makes of a span.
"""
import base64, json, math, struct, subprocess
import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from google.protobuf import json_format
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValueList
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from harness import otlp
from harness.server import REPOSITORY

SPAN, RESOURCE = "attributes.", "resource."


def files(data, kind):
    return sorted((data / "store" / kind).glob("project=*/received=*/*.parquet"))


# Reading

def without_times(kind):
    """Timestamps as the integers they are: Python's own times have no nanoseconds."""
    if pa.types.is_timestamp(kind):
        return pa.int64()
    if pa.types.is_list(kind):
        return pa.list_(pa.field(kind.value_field.name, without_times(kind.value_type), kind.value_field.nullable))
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(field.name, without_times(field.type), field.nullable) for field in kind])
    return kind


def by_pyarrow(path):
    table = pq.read_table(path, partitioning=None)
    return table.cast(pa.schema([pa.field(field.name, without_times(field.type), field.nullable) for field in table.schema])).to_pylist()


def spans_by_pyarrow(data):
    return [row for path in files(data, "spans") for row in by_pyarrow(path)]


def payloads_by_pyarrow(data):
    return {row["payload_id"]: row["payload"] for path in files(data, "payloads") for row in by_pyarrow(path)}


def spans_by_duckdb(data):
    """Every file through one query, as a user would write it: columns by name, missing ones null."""
    connection = duckdb.connect()
    cursor = connection.execute(
        """SELECT * REPLACE (epoch_ns(start_time) AS start_time,
             list_transform(events, lambda e: {'time': epoch_ns(e.time), 'name': e.name, 'attributes': e.attributes, 'attribute_types': e.attribute_types,
                                               'attributes_duplicate': e.attributes_duplicate, 'dropped_attributes_count': e.dropped_attributes_count}) AS events)
           FROM read_parquet(?, union_by_name = true, hive_partitioning = false)""", [[str(path) for path in files(data, "spans")]])
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row)) for row in cursor.fetchall()]


def payloads_by_duckdb(data):
    found = files(data, "payloads")
    return dict(duckdb.execute("SELECT payload_id, payload FROM read_parquet(?)", [[str(path) for path in found]]).fetchall()) if found else {}


# In the environment of the benchmarks, where chdb is. Bytes come as they are, so what is printed is not UTF-8.
CLICKHOUSE = """
import sys
from chdb import query
for path in sys.argv[1:]:
    print(query(f"SELECT * FROM file('{path}', Parquet) FORMAT JSONEachRow SETTINGS output_format_json_quote_64bit_integers = 0", "JSONEachRow").bytes().decode("latin-1"), end="")
    print("end of file")
"""


def by_clickhouse(paths):
    """The rows of each file: bytes and texts as Latin-1, times as ClickHouse writes them."""
    python = REPOSITORY / ".venv/benchmarks/bin/python"
    run = subprocess.run([python, "-c", CLICKHOUSE, *map(str, paths)], stdin=subprocess.DEVNULL, capture_output=True, timeout=120, env={"PYTHONIOENCODING": "utf-8"})
    assert run.returncode == 0, run.stderr.decode()
    rows, result = [], []
    for line in run.stdout.decode().split("\n"):
        if line == "end of file":
            result.append(rows)
            rows = []
        elif line:
            rows.append(json.loads(line))
    assert len(result) == len(paths)
    return result


def by_clickhouse_whole(data):
    """Rows of all spans files, columns that a file lacks null, and the payloads."""
    paths = {kind: files(data, kind) for kind in ("spans", "payloads")}
    tables = by_clickhouse(paths["spans"] + paths["payloads"])
    spans = [row for table in tables[: len(paths["spans"])] for row in table]
    names = dict.fromkeys(name for row in spans for name in row)
    payloads = {row["payload_id"]: row["payload"] for table in tables[len(paths["spans"]):] for row in table}
    return [{name: row.get(name) for name in names} for row in spans], payloads


def texts_by_duckdb(data):
    """(trace, span, place) -> text of every long value, put together by SQL alone."""
    rows = duckdb.execute(
        """WITH pieces AS (
             SELECT trace_id, span_id, unnest(payloads) AS piece, generate_subscripts(payloads, 1) AS number FROM read_parquet(?, union_by_name = true)),
           parts AS (
             SELECT trace_id, span_id, piece.place AS place, number,
                    unnest(range(piece.payload_id, piece.payload_id + coalesce(piece.part_count, 1))) AS payload_id FROM pieces)
           SELECT trace_id, span_id, place, string_agg(payload, '' ORDER BY number, payload_id) FROM parts JOIN read_parquet(?) USING (payload_id) GROUP BY ALL""",
        [[str(path) for path in files(data, kind)] for kind in ("spans", "payloads")]).fetchall()
    return {(trace.hex(), span.hex(), place): text for trace, span, place, text in rows}


# Putting back together

def entries(pairs):
    """A map's entries: pyarrow gives pairs, DuckDB a dictionary."""
    return list(pairs.items()) if isinstance(pairs, dict) else list(pairs)


def any_value(kind, text):
    """A text and its type byte as AnyValue."""
    value = AnyValue()
    if kind == 0:
        value.string_value = text
    elif kind == 1:
        value.bool_value = {"true": True, "false": False}[text]
    elif kind == 2:
        value.int_value = int(text)
    elif kind == 3:
        value.double_value = float(text)
    elif kind == 4:
        value.bytes_value = base64.b64decode(text, validate=True)
    elif kind in (5, 6):
        value = plain_json(json.loads(text))
        assert value.WhichOneof("value") == {5: "array_value", 6: "kvlist_value"}[kind]
    elif kind == 7:
        assert text == ""
    elif kind == 8:
        value = json_format.Parse(text, AnyValue(), max_recursion_depth=1000)
    else:
        raise AssertionError(f"type byte {kind}")
    return value


def plain_json(document):
    value = AnyValue()
    if isinstance(document, bool):
        value.bool_value = document
    elif isinstance(document, str):
        value.string_value = document
    elif isinstance(document, int):
        value.int_value = document
    elif isinstance(document, float):
        value.double_value = document
    elif isinstance(document, list):
        value.array_value.SetInParent()
        for element in document:
            value.array_value.values.append(plain_json(element))
    elif isinstance(document, dict):
        value.kvlist_value.SetInParent()
        for key, element in document.items():
            value.kvlist_value.values.add(key=key).value.CopyFrom(plain_json(element))
    return value


def typed(value):
    """A promoted column's value as AnyValue."""
    result = AnyValue()
    if isinstance(value, bool):
        result.bool_value = value
    elif isinstance(value, int):
        result.int_value = value
    elif isinstance(value, float):
        result.double_value = value
    else:
        result.string_value = value
    return result


def attributes_of(pairs, types, duplicates):
    """A map, its type bytes and its duplicates as a list of (key, AnyValue)."""
    found = entries(pairs)
    kinds = types if types is not None else bytes(len(found))
    assert len(kinds) == len(found), "as many type bytes as entries"
    result = [(key, any_value(kind, text)) for (key, text), kind in zip(found, kinds)]
    if duplicates is not None:
        result += [(kv.key, kv.value) for kv in KeyValueList.FromString(duplicates).values]
    return result


def payload_texts(row, payloads):
    """place -> type byte and text of the row's long values, put together from their pieces."""
    found = {}
    for piece in row["payloads"]:
        first, count = piece["payload_id"], piece.get("part_count")
        text = "".join(payloads[identifier] for identifier in range(first, first + (1 if count is None else count)))
        assert len(text.encode()) == piece["byte_count"]
        kind, before = found.get(piece["place"], (piece["type"], ""))
        assert kind == piece["type"] and (before == "" or count is not None), "only pieces share a place"
        found[piece["place"]] = (kind, before + text)
    return found


def payload_values(row, payloads):
    """place -> AnyValue of the row's long values."""
    return {place: any_value(kind, text) for place, (kind, text) in payload_texts(row, payloads).items()}


def ordered(pairs):
    return sorted((key, otlp.value_bytes(value)) for key, value in pairs)


def record(row, payloads):
    """One row and the payloads of its segment as every field of the span."""
    long_values = payload_values(row, payloads)

    def at(prefix):
        return [(place[len(prefix):], value) for place, value in long_values.items() if place.startswith(prefix)]

    promoted = [(name[len(SPAN):], typed(value)) for name, value in row.items() if name.startswith(SPAN) and value is not None]
    resource = Resource.FromString(row["resource"]) if row["resource"] is not None else Resource()
    scope = InstrumentationScope.FromString(row["scope"]) if row["scope"] is not None else InstrumentationScope()
    check_resource_columns(row, resource)
    assert (row["scope.name"] or "", row["scope.version"] or "") == (scope.name, scope.version)
    return {
        "resource_attributes": otlp.ordered(resource.attributes), "resource_dropped": resource.dropped_attributes_count,
        "entity_refs": [ref.SerializeToString(deterministic=True) for ref in resource.entity_refs], "resource_schema": row["resource_schema_url"] or "",
        "scope": (scope.name, scope.version, scope.dropped_attributes_count), "scope_attributes": otlp.ordered(scope.attributes),
        "scope_schema": row["scope_schema_url"] or "",
        "trace": row["trace_id"].hex(), "span": row["span_id"].hex(), "state": row["trace_state"] or "",
        "parent": row["parent_span_id"].hex() if row["parent_span_id"] is not None else "",
        "name": row["name"], "kind": row["span_kind"], "start": row["start_time"], "end": row["start_time"] + row["duration"],
        "attributes": ordered(promoted + attributes_of(row["attributes"], row["attribute_types"], row["attributes_duplicate"]) + at(SPAN)),
        "dropped_attributes": unsigned(row["dropped_attributes_count"]),
        "events": [
            {"time": event["time"], "name": event["name"], "dropped": unsigned(event["dropped_attributes_count"]),
             "attributes": ordered(attributes_of(event["attributes"], event["attribute_types"], event["attributes_duplicate"]) + at(f"events.{place}.attributes."))}
            for place, event in enumerate(row["events"])],
        "dropped_events": unsigned(row["dropped_events_count"]),
        "links": [
            {"trace": link["trace_id"].hex(), "span": link["span_id"].hex(), "state": link["trace_state"], "dropped": unsigned(link["dropped_attributes_count"]),
             "flags": unsigned(link["flags"]),
             "attributes": ordered(attributes_of(link["attributes"], link["attribute_types"], link["attributes_duplicate"]) + at(f"links.{place}.attributes."))}
            for place, link in enumerate(row["links"])],
        "dropped_links": unsigned(row["dropped_links_count"]),
        "status": (row["status_code"] is not None, row["status_code"] or 0, row["status_message"] or ""), "flags": unsigned(row["flags"]),
    }


def unsigned(value):
    """OTLP's 32-bit counts and flags lie in INT32."""
    return value & 0xFFFFFFFF


def check_resource_columns(row, resource):
    """The resource's columns and map say what the encoded resource says, long values left out."""
    columns = {name[len(RESOURCE):]: typed(value) for name, value in row.items() if name.startswith(RESOURCE) and value is not None}
    for key, value in attributes_of(row["resource_attributes"], row["resource_attribute_types"], None):
        assert key not in columns, f"resource attribute {key} twice"
        columns[key] = value
    given = {}
    for attribute in resource.attributes:
        given.setdefault(attribute.key, attribute.value)
    for key, value in columns.items():
        assert key in given and otlp.value_bytes(value) == otlp.value_bytes(given[key]), f"resource attribute {key}"
    for key, value in given.items():
        assert key in columns or value.ByteSize() > 1000, f"resource attribute {key} has no place of its own"


def records(rows, payloads):
    """(trace, span) -> record of every row."""
    found = {}
    for row in rows:
        key = (row["trace_id"].hex(), row["span_id"].hex())
        assert key not in found, f"span {key} twice"
        found[key] = record(row, payloads)
    return found
