"""Reads a file of the Swift writer with every reader there is and compares with the rows it was written from."""
import sys

import duckdb
import pyarrow.parquet as pq

from arrow_rows import rows
from normalize import compare, load


def pyarrow_differences(path, expected):
    file = pq.ParquetFile(path, page_checksum_verification=True)
    table = file.read()
    table.validate(full=True)
    differences = compare("pyarrow", rows(table), expected)
    return differences + statistics_differences(file, table)


def statistics_differences(file, table):
    """Chunk statistics of flat columns, as pyarrow understands them, must enclose the values."""
    differences = 0
    start = 0
    for group in range(file.metadata.num_row_groups):
        metadata = file.metadata.row_group(group)
        for index in range(metadata.num_columns):
            column = metadata.column(index)
            if column.path_in_schema not in table.column_names or column.statistics is None:
                continue
            values = table.column(column.path_in_schema).slice(start, metadata.num_rows)
            statistics = column.statistics
            if statistics.has_null_count and statistics.null_count != values.null_count:
                print(f"{column.path_in_schema}: null count {statistics.null_count}, {values.null_count} nulls")
                differences += 1
            present = [value for value in values.to_pylist() if value is not None]
            if statistics.has_min_max and present and not (statistics.min <= min(present) and max(present) <= statistics.max):
                print(f"{column.path_in_schema}: {statistics.min!r}..{statistics.max!r} does not enclose the values")
                differences += 1
        start += metadata.num_rows
    return differences


def duckdb_differences(path, expected):
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    table = connection.execute(f"select * from read_parquet('{path}')").to_arrow_table()
    differences = compare("duckdb", [microseconds(row) for row in rows(table)], [microseconds(row) for row in expected])
    # Filters go through row group statistics and bloom filters; each value must still be found.
    for column in ("name", "trace_id", "kind", "start_time"):
        for row in expected[:: max(1, len(expected) // 20)]:
            value = row[column]
            if isinstance(value, dict):
                condition = f"\"{column}\" = unhex('{value['hex']}')"
                count = sum(1 for other in expected if other[column] == value)
            elif isinstance(value, str):
                condition = f"\"{column}\" = '{value}'"
                count = sum(1 for other in expected if other[column] == value)
            elif column == "start_time":
                continue
            else:
                condition = f"\"{column}\" = {value}"
                count = sum(1 for other in expected if other[column] == value)
            found = connection.execute(f"select count(*) from read_parquet('{path}') where {condition}").fetchone()[0]
            if found != count:
                print(f"duckdb: {condition}: {found} rows, expected {count}")
                differences += 1
    return differences


def microseconds(row):
    """DuckDB turns nanoseconds with a time zone into microseconds."""
    row = dict(row)
    row["start_time"] = scaled(row["start_time"])
    row["events"] = row["events"] and [event and {**event, "time": scaled(event["time"])} for event in row["events"]]
    return row


def scaled(value):
    return value // 1000 if value > 10**17 else value


def clickhouse_differences(path, expected):
    import chdb

    query = (
        "select count(), sum(kind), countIf(flag), sum(length(name)), sum(length(tags)), sum(length(events)), "
        f"count(parent_span_id), count(`attributes.http.route`), sum(length(attributes)) from file('{path}')"
    )
    found = str(chdb.query(query, "CSV")).strip()
    wanted = ",".join(
        str(value)
        for value in (
            len(expected),
            sum(row["kind"] for row in expected),
            sum(row["flag"] for row in expected),
            sum(len(row["name"].encode()) for row in expected),
            sum(len(row["tags"]) for row in expected),
            sum(len(row["events"] or []) for row in expected),
            sum(row["parent_span_id"] is not None for row in expected),
            sum(row["attributes.http.route"] is not None for row in expected),
            sum(len(row["attributes"]) for row in expected),
        )
    )
    if found != wanted:
        print(f"clickhouse: {found}, expected {wanted}")
        return 1
    return 0


def main():
    path, expected = sys.argv[1], load(sys.argv[2])
    differences = pyarrow_differences(path, expected) + duckdb_differences(path, expected) + clickhouse_differences(path, expected)
    sys.exit(1 if differences else 0)


main()
