#!/usr/bin/env python3
"""The peers' side of the benchmark: one OTLP workload in ClickHouse (chdb, on-disk MergeTree, the OpenTelemetry
exporter's schema with promoted GenAI columns) and in DuckDB, both from ready-made Parquet rows, no OTLP decoding.

    peers_columnar.py WORKLOAD_DIR SCRATCH_DIR [--runs 20]    # prints JSON

The output has rows, CPU seconds, bytes a span, the median milliseconds of each query over `--runs` warm runs, the
constants of the questions (drawn from the data), every engine's answers, and exact answers to hold them against.

The eight questions every store is asked: trace_by_id, latency_by_model, tokens_by_day_model, errors_by_service_hour,
attr_eq_newest50, full_text_phrase (newest 50 with three whole words in a row inside gen_ai.input.messages; and its
count), top_users_tokens, slowest20_service. ClickHouse is asked twice: with the exporter's schema, and "tuned"
(ZSTD(3), 4 MiB blocks, ordered by hour and trace).
"""
import argparse, glob, json, os, resource, shutil, statistics, time
import chdb.session
import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from answers import RANK_TOLERANCE

SCHEMA = pa.schema([
    ("Timestamp", pa.int64()), ("TraceId", pa.string()), ("SpanId", pa.string()), ("ParentSpanId", pa.string()), ("SpanName", pa.string()),
    ("SpanKind", pa.int8()), ("ServiceName", pa.string()), ("ResourceAttributes", pa.map_(pa.string(), pa.string())),
    ("SpanAttributes", pa.map_(pa.string(), pa.string())), ("Duration", pa.int64()), ("StatusCode", pa.int8()), ("StatusMessage", pa.string()),
    ("Model", pa.string()), ("InputTokens", pa.int64()), ("OutputTokens", pa.int64())])


def text_of(value):
    member = value.WhichOneof("value")
    if member is None:
        return ""
    if member == "array_value":
        return json.dumps([element.string_value for element in value.array_value.values])
    return str(getattr(value, member))


def write_rows(workload, path):
    """The workload as one Parquet file of ready-made rows, which both engines load."""
    writer = pq.ParquetWriter(path + ".part", SCHEMA, compression="zstd")
    columns = {name: [] for name in SCHEMA.names}
    byte_count = 0

    def flush():
        writer.write_table(pa.table(columns, schema=SCHEMA))
        for column in columns.values():
            column.clear()

    for name in sorted(glob.glob(workload + "/*.pb")):
        with open(name, "rb") as file:
            body = file.read()
        request = ExportTraceServiceRequest.FromString(body)
        byte_count += len(body)
        for resource_spans in request.resource_spans:
            resource_attributes = [(kv.key, text_of(kv.value)) for kv in resource_spans.resource.attributes]
            service = dict(resource_attributes).get("service.name", "")
            for scope_spans in resource_spans.scope_spans:
                for s in scope_spans.spans:
                    attributes = [(kv.key, text_of(kv.value)) for kv in s.attributes]
                    d = dict(attributes)
                    row = (s.start_time_unix_nano, s.trace_id.hex(), s.span_id.hex(), s.parent_span_id.hex(), s.name, s.kind, service,
                           resource_attributes, attributes, s.end_time_unix_nano - s.start_time_unix_nano, s.status.code, s.status.message,
                           d.get("gen_ai.request.model", ""), int(d.get("gen_ai.usage.input_tokens", 0)), int(d.get("gen_ai.usage.output_tokens", 0)))
                    for column, value in zip(SCHEMA.names, row):
                        columns[column].append(value)
        # The texts of an Arrow array are less than 2 GiB.
        if len(columns["TraceId"]) >= 100000 or byte_count >= 512 << 20:
            flush()
            byte_count = 0
    flush()
    writer.close()
    os.rename(path + ".part", path)


def constants(path):
    """A trace, a session and a phrase from the middle of the data."""
    file = pq.ParquetFile(path)
    rows = file.read_row_group(min(3, file.num_row_groups - 1), columns=["TraceId", "SpanAttributes"]).to_pydict()
    attributes = [dict(a) for a in rows["SpanAttributes"]]
    text = next(a["gen_ai.input.messages"] for a in attributes if "gen_ai.input.messages" in a)
    words = text[1500:].split()
    return {
        "trace": rows["TraceId"][777],
        "session": next((a["session.id"] for a in attributes if "session.id" in a), "none"),
        "phrase": next(" ".join(words[i:i + 3]) for i in range(1, len(words)) if all(word.isalpha() for word in words[i:i + 3])),
        "service": "copilot",
    }


def queries(c):
    """name: (ClickHouse, DuckDB)"""
    contains = ("position(SpanAttributes['gen_ai.input.messages'],'%s')>0" % c["phrase"], "contains(SpanAttributes['gen_ai.input.messages'],'%s')" % c["phrase"])
    return {
        "trace_by_id": (f"SELECT * FROM t WHERE TraceId='{c['trace']}'",) * 2,
        "latency_by_model": (
            "SELECT Model,count(),quantiles(0.5,0.95,0.99)(Duration) FROM t WHERE Model!='' GROUP BY Model",
            "SELECT Model,count(*),approx_quantile(Duration,[0.5,0.95,0.99]) FROM t WHERE Model!='' GROUP BY Model"),
        "tokens_by_day_model": (
            "SELECT intDiv(Timestamp,86400000000000) d,Model,sum(InputTokens),sum(OutputTokens) FROM t WHERE Model!='' GROUP BY d,Model ORDER BY d",
            "SELECT Timestamp//86400000000000 d,Model,sum(InputTokens),sum(OutputTokens) FROM t WHERE Model!='' GROUP BY d,Model ORDER BY d"),
        "errors_by_service_hour": (
            "SELECT intDiv(Timestamp,3600000000000) h,ServiceName,countIf(StatusCode=2),count() FROM t GROUP BY h,ServiceName ORDER BY h",
            "SELECT Timestamp//3600000000000 h,ServiceName,count(*) FILTER (StatusCode=2),count(*) FROM t GROUP BY h,ServiceName ORDER BY h"),
        "attr_eq_newest50": (f"SELECT TraceId,SpanName,Duration FROM t WHERE SpanAttributes['session.id']='{c['session']}' ORDER BY Timestamp DESC LIMIT 50",) * 2,
        "full_text_phrase": tuple(f"SELECT TraceId,SpanId FROM t WHERE {where} ORDER BY Timestamp DESC LIMIT 50" for where in contains),
        "full_text_count": (f"SELECT count() FROM t WHERE {contains[0]}", f"SELECT count(*) FROM t WHERE {contains[1]}"),
        "top_users_tokens": ("SELECT SpanAttributes['gen_ai.conversation.id'] u,sum(OutputTokens) o FROM t WHERE Model!='' GROUP BY u ORDER BY o DESC LIMIT 20",) * 2,
        "slowest20_service": (f"SELECT TraceId,SpanName,Duration FROM t WHERE ServiceName='{c['service']}' ORDER BY Duration DESC LIMIT 20",) * 2,
    }


def exact_queries(c):
    """The same questions so asked of DuckDB that every answer can be held against them: exact percentiles, and for the newest and
    the slowest all rows that could stand in the answer, with what they are ordered by in front."""
    ranks = [min(1, rank + off) for rank in (0.5, 0.95, 0.99) for off in (-RANK_TOLERANCE, 0, RANK_TOLERANCE)]
    rest = {
        "latency_by_model": f"SELECT Model,count(*),quantile_cont(Duration,{ranks}) FROM t WHERE Model!='' GROUP BY Model",
        "attr_eq_newest50": f"SELECT Timestamp,TraceId,SpanName,Duration FROM t WHERE SpanAttributes['session.id']='{c['session']}' ORDER BY 1 DESC LIMIT 200",
        "full_text_phrase": f"SELECT Timestamp,TraceId,SpanId FROM t WHERE contains(SpanAttributes['gen_ai.input.messages'],'{c['phrase']}') ORDER BY 1 DESC LIMIT 200",
        "top_users_tokens": "SELECT sum(OutputTokens) o,SpanAttributes['gen_ai.conversation.id'] u,o FROM t WHERE Model!='' GROUP BY u ORDER BY o DESC LIMIT 200",
        "slowest20_service": f"SELECT Duration,TraceId,SpanName,Duration FROM t WHERE ServiceName='{c['service']}' ORDER BY 1 DESC LIMIT 200",
    }
    return {name: rest.get(name, sql) for name, (_, sql) in queries(c).items()}


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def ask(run, asked, runs):
    """Median milliseconds of each query over warm runs, and its rows."""
    times, answers = {}, {}
    for name, sql in asked.items():
        answers[name] = run(sql)
        measured = []
        for _ in range(runs):
            begin = time.perf_counter()
            run(sql)
            measured.append((time.perf_counter() - begin) * 1e3)
        times[name] = round(statistics.median(measured), 2)
    return times, answers


def clickhouse(path, directory, rows, asked, runs, level, order, settings):
    shutil.rmtree(directory, ignore_errors=True)
    session = chdb.session.Session(directory)
    session.query("CREATE DATABASE IF NOT EXISTS b ENGINE=Atomic")
    session.query("USE b")
    z = f"CODEC(ZSTD({level}))"
    session.query(f"""CREATE TABLE t (Timestamp Int64 CODEC(Delta,ZSTD({level})), TraceId String {z}, SpanId String {z}, ParentSpanId String {z},
     SpanName LowCardinality(String), SpanKind Int8, ServiceName LowCardinality(String), ResourceAttributes Map(LowCardinality(String),String) {z},
     SpanAttributes Map(LowCardinality(String),String) {z}, Duration Int64 {z}, StatusCode Int8, StatusMessage String {z},
     Model LowCardinality(String), InputTokens Int64 {z}, OutputTokens Int64 {z},
     INDEX idx_trace TraceId TYPE bloom_filter(0.001) GRANULARITY 1, INDEX idx_attr_v mapValues(SpanAttributes) TYPE bloom_filter(0.01) GRANULARITY 1)
     ENGINE=MergeTree PARTITION BY intDiv(Timestamp,86400000000000) ORDER BY {order} SETTINGS index_granularity=8192{settings}""")
    begin, before = time.perf_counter(), cpu_seconds()
    session.query(f"INSERT INTO t SELECT * FROM file('{os.path.abspath(path)}',Parquet)")
    inserted, after = time.perf_counter(), cpu_seconds()
    session.query("OPTIMIZE TABLE t FINAL")
    merged = cpu_seconds()
    size = float(session.query("SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND table='t'").bytes().decode().strip())
    # The timed run leaves its answer as bytes; rows are made of them once, outside the clock.
    times, replies = ask(lambda sql: session.query(sql, "JSONCompact").bytes(), asked, runs)
    session.close()
    figures = {
        "insert_s": round(inserted - begin, 2), "insert_cpu_s": round(after - before, 2), "spans_per_cpu_s": round(rows / (after - before)),
        "merge_cpu_s": round(merged - after, 2), "spans_per_cpu_s_merged": round(rows / (merged - before)), "bytes_per_span": round(size / rows, 1),
        "query_ms": times}
    return figures, {name: json.loads(reply)["data"] for name, reply in replies.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workload")
    parser.add_argument("scratch")
    parser.add_argument("--runs", type=int, default=20)
    arguments = parser.parse_args()
    os.makedirs(arguments.scratch, exist_ok=True)
    path = os.path.join(arguments.scratch, "spans.parquet")
    if not os.path.exists(path):
        write_rows(arguments.workload, path)
    rows = pq.ParquetFile(path).metadata.num_rows
    c = constants(path)
    asked = queries(c)
    out = {"rows": rows, "constants": c, "parquet_bytes_per_span": round(os.path.getsize(path) / rows, 1), "answers": {}}

    in_clickhouse = {name: pair[0] for name, pair in asked.items()}
    for name, level, order, settings in (
            ("clickhouse", 1, "(ServiceName,SpanName,Timestamp)", ""),
            ("clickhouse_tuned", 3, "(intDiv(Timestamp,3600000000000),TraceId,Timestamp)", ",min_compress_block_size=4194304,max_compress_block_size=4194304")):
        directory = os.path.join(arguments.scratch, name)
        out[name], out["answers"][name] = clickhouse(path, directory, rows, in_clickhouse, arguments.runs, level, order, settings)

    database = os.path.join(arguments.scratch, "spans.duckdb")
    if os.path.exists(database):
        os.remove(database)
    connection = duckdb.connect(database)
    begin, before = time.perf_counter(), cpu_seconds()
    connection.execute(f"CREATE TABLE t AS SELECT * FROM '{path}'")
    connection.execute("CHECKPOINT")
    inserted, after = time.perf_counter(), cpu_seconds()
    times, answers = ask(lambda sql: connection.execute(sql).fetchall(), {name: pair[1] for name, pair in asked.items()}, arguments.runs)
    out["duckdb"] = {
        "insert_s": round(inserted - begin, 2), "insert_cpu_s": round(after - before, 2), "spans_per_cpu_s": round(rows / (after - before)),
        "bytes_per_span": round(os.path.getsize(database) / rows, 1), "query_ms": times}
    out["answers"]["duckdb"] = answers
    out["answers"]["exact"] = {name: connection.execute(sql).fetchall() for name, sql in exact_queries(c).items()}
    connection.close()
    print(json.dumps(out, default=str))


if __name__ == "__main__":
    main()
