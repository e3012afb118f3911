"""Files of pyarrow, DuckDB and ClickHouse in every encoding, codec and page version our reader knows, flat and nested. Names say who wrote them."""
import random
import sys

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

random.seed(7)
COUNT = 400


def sometimes(make):
    return [None if random.random() < 0.3 else make(row) for row in range(COUNT)]


def text(row):
    return random.choice(["", "ä漢", "prefix-%06d" % row, "n%d" % (row % 11), "x" * random.randrange(90)])


def flat():
    ids = [random.randbytes(16) for _ in range(40)]
    return pa.table(
        {
            "i32": pa.array([random.randrange(-(2**31), 2**31) for _ in range(COUNT)], pa.int32()),
            "i64": pa.array(sometimes(lambda row: random.randrange(-(2**63), 2**63)), pa.int64()),
            "small": pa.array(sometimes(lambda row: row % 5), pa.int64()),
            "f32": pa.array(sometimes(lambda row: row / 8), pa.float32()),
            "f64": pa.array(sometimes(lambda row: random.random()), pa.float64()),
            "bool": pa.array(sometimes(lambda row: row % 3 == 0), pa.bool_()),
            "runs": pa.array([row < 300 for row in range(COUNT)], pa.bool_()),
            "text": pa.array(sometimes(text), pa.string()),
            "all_text": pa.array([text(row) for row in range(COUNT)], pa.string()),
            "raw": pa.array(sometimes(lambda row: random.randbytes(row % 30)), pa.binary()),
            "id": pa.array(sometimes(lambda row: random.choice(ids)), pa.binary(16)),
            "nothing": pa.array([None] * COUNT, pa.string()),
            "time": pa.array([10**18 + row * 12345 for row in range(COUNT)], pa.timestamp("ns", "UTC")),
        }
    )


def nested():
    def element(row):
        return {"time": row, "name": random.choice([None, "a", "bb"]), "attributes": random.choice([None, [], [("k", "v"), ("l", None)]])}

    event = pa.struct([pa.field("time", pa.int64(), False), ("name", pa.string()), ("attributes", pa.map_(pa.string(), pa.string()))])
    return pa.table(
        {
            "list": pa.array(sometimes(lambda row: [random.choice([None, 1, 2]) for _ in range(row % 5)]), pa.list_(pa.int64())),
            "lists": pa.array(sometimes(lambda row: [[text(row)] * (row % 3), None, []][: row % 4]), pa.list_(pa.list_(pa.string()))),
            "map": pa.array([[("k%d" % index, text(row)) for index in range(row % 4)] for row in range(COUNT)], pa.map_(pa.string(), pa.string())),
            "events": pa.array(sometimes(lambda row: [random.choice([None, element(row)]) for _ in range(row % 4)]), pa.list_(event)),
            "struct": pa.array(sometimes(lambda row: {"a": row if row % 2 else None, "b": {"c": text(row)}}),
                               pa.struct([("a", pa.int32()), ("b", pa.struct([("c", pa.string())]))])),
        }
    )


FLAT_ENCODINGS = {
    "plain": None,
    "delta": {"i32": "DELTA_BINARY_PACKED", "i64": "DELTA_BINARY_PACKED", "small": "DELTA_BINARY_PACKED", "text": "DELTA_LENGTH_BYTE_ARRAY",
              "all_text": "DELTA_BYTE_ARRAY", "raw": "DELTA_BYTE_ARRAY", "id": "DELTA_BYTE_ARRAY", "nothing": "DELTA_LENGTH_BYTE_ARRAY", "bool": "RLE",
              "runs": "RLE", "time": "DELTA_BINARY_PACKED", "f32": "BYTE_STREAM_SPLIT", "f64": "BYTE_STREAM_SPLIT"},
    "split": {"i32": "BYTE_STREAM_SPLIT", "i64": "BYTE_STREAM_SPLIT", "f32": "BYTE_STREAM_SPLIT", "f64": "BYTE_STREAM_SPLIT", "id": "BYTE_STREAM_SPLIT",
              "time": "BYTE_STREAM_SPLIT", "text": "DELTA_BYTE_ARRAY", "nothing": "DELTA_BYTE_ARRAY"},
}


def main():
    folder = sys.argv[1]
    for version in ("1.0", "2.0"):
        for codec in ("NONE", "ZSTD", "GZIP", "SNAPPY"):
            common = dict(compression=codec, data_page_version=version, write_page_checksum=True)
            for name, encoding in FLAT_ENCODINGS.items():
                # Whole chunks as one page differ from small pages only in how they are cut.
                for page_size in (200, 1 << 20) if codec == "NONE" else (200,):
                    path = f"{folder}/flat-{name}-{codec}-{version}-{page_size}.parquet"
                    pq.write_table(flat(), path, use_dictionary=False, column_encoding=encoding, data_page_size=page_size, row_group_size=300,
                                   write_page_index=page_size == 200, **common)
            for index in (False, True):
                pq.write_table(flat(), f"{folder}/flat-dictionary-{codec}-{version}-{index}.parquet", data_page_size=100, write_page_index=index, **common)
                pq.write_table(nested(), f"{folder}/nested-{codec}-{version}-{index}.parquet", data_page_size=150, write_page_index=index, **common)
            # A dictionary that grows too large: the chunk goes on without it.
            pq.write_table(flat(), f"{folder}/flat-fallback-{codec}-{version}.parquet", dictionary_pagesize_limit=300, data_page_size=100, write_batch_size=50,
                           **common)
            pq.write_table(nested(), f"{folder}/nested-plain-{codec}-{version}.parquet", use_dictionary=False, row_group_size=123, **common)
    pq.write_table(flat().slice(0, 0), f"{folder}/empty.parquet")
    pq.write_table(flat().slice(0, 1), f"{folder}/one.parquet", use_deprecated_int96_timestamps=False)
    duckdb_files(folder)
    clickhouse_files(folder)


def duckdb_files(folder):
    """V1 has PLAIN and dictionaries; V2 the DELTA encodings and BYTE_STREAM_SPLIT where a dictionary does not pay."""
    connection = duckdb.connect()
    # DuckDB has no bytes of a fixed length and no nanoseconds with a time zone.
    for shape, table in (("flat", flat().drop_columns(["id", "time"])), ("nested", nested())):
        connection.register(shape, table)
        for version in ("V1", "V2"):
            for codec in ("UNCOMPRESSED", "ZSTD", "GZIP", "SNAPPY"):
                for limit in ("", ", DICTIONARY_SIZE_LIMIT 1"):
                    name = f"duckdb-{shape}-{version}-{codec}{'-plain' if limit else ''}"
                    connection.execute(
                        f"COPY {shape} TO '{folder}/{name}.parquet' (FORMAT parquet, PARQUET_VERSION {version}, COMPRESSION {codec}, ROW_GROUP_SIZE 2048{limit})")
    # Larger than one of its vectors, so that a row group has several pages' worth of rows.
    connection.execute(f"""COPY (SELECT range AS number, range % 7 = 0 AS flag, range / 3.0 AS ratio, 'text-' || (range * 7919 % 5003) AS text,
        CASE WHEN range % 3 = 0 THEN NULL ELSE [range, NULL, range + 1] END AS list FROM range(20000))
        TO '{folder}/duckdb-large.parquet' (FORMAT parquet, PARQUET_VERSION V2, COMPRESSION ZSTD, ROW_GROUP_SIZE 6144)""")


def clickhouse_files(folder):
    from chdb import session

    client = session.Session()
    # Written from what pyarrow wrote: nullable columns stay nullable, lists, maps and structs come along. ClickHouse calls all its bytes text.
    for shape, table in (("flat", flat().drop_columns(["nothing", "raw"])), ("nested", nested())):
        source = f"{folder}/{shape}.source"
        pq.write_table(table, source)
        for codec in ("none", "zstd", "gzip", "snappy"):
            for version in ("1.0", "2.latest"):
                for custom in (0, 1):
                    target = f"{folder}/clickhouse-{shape}-{codec}-{version}-{custom}.parquet"
                    client.query(
                        f"INSERT INTO FUNCTION file('{target}', Parquet) SELECT * FROM file('{source}', Parquet) SETTINGS "
                        f"output_format_parquet_compression_method = '{codec}', output_format_parquet_version = '{version}', "
                        f"output_format_parquet_use_custom_encoder = {custom}, output_format_parquet_data_page_size = 1000, "
                        "output_format_parquet_row_group_size = 150, engine_file_truncate_on_insert = 1")


main()
