#!/usr/bin/env python3
"""Measures the path from HTTP body to sealed segments and the eight questions, beside ClickHouse and DuckDB in the same run.

    Benchmarks/run [--spans 1000000] [--profile mixed] [--runs 20] [--without-peers]

Steps: write the workload (kept under Benchmarks/.work); for each encoding start a server on an empty directory, send every request once from
4 connections in a closed loop, seal, and read the server's own CPU time, PostgreSQL's included; on the identity-encoded server also measure
memory, bytes on disk, traces and questions; then let the peers load the same spans and answer the same questions, and hold all answers
against exact ones. Prints one JSON object. Exit status 1 when an answer of Spandrel is wrong.
"""
import argparse, gzip, json, os, pathlib, random, shutil, subprocess, sys, threading, time
import zstandard
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "Tests/Integration")]
import answers, processes, questions
from harness.server import DataDirectory, Server

DRIVER = HERE / "LoadDriver/.build/release/LoadDriver"
SUFFIXES = {"identity": ".pb", "gzip": ".pb.gz", "zstd": ".pb.zst"}
CONNECTIONS = 4
TRACE_SAMPLE = 200
IDLE_SECONDS = 10


def say(text):
    print(f"benchmark: {text}", file=sys.stderr, flush=True)


def workload(arguments):
    """The directory of request bodies in all encodings; made once."""
    directory = HERE / ".work" / f"{arguments.profile}-{arguments.spans}"
    done = directory / "workload.json"
    if not done.exists():
        say(f"writing {arguments.spans} spans to {directory}")
        shutil.rmtree(directory, ignore_errors=True)
        # A fixed start: the same bytes every time.
        output = subprocess.run(
            [sys.executable, HERE / "otlp_workload.py", "--spans", str(arguments.spans), "--profile", arguments.profile, "--start", "2026-11-01T00:00:00",
             "--out", directory], check=True, capture_output=True, text=True).stdout
        compressor = zstandard.ZstdCompressor(level=3)
        for file in sorted(directory.glob("*.pb")):
            body = file.read_bytes()
            file.with_suffix(".pb.gz").write_bytes(gzip.compress(body, 6))
            file.with_suffix(".pb.zst").write_bytes(compressor.compress(body))
        done.write_text(output)
    return directory, json.loads(done.read_text())


def sizes(directory):
    found = {}
    for path in (directory / "store").rglob("*"):
        if path.is_file():
            kind = path.relative_to(directory / "store").parts[0]
            found[kind] = found.get(kind, 0) + path.stat().st_size
    return found


def settled(read, seconds=60):
    """Reads a figure until it has stopped falling, once a second; the last one."""
    pause, last = threading.Event(), read()
    for _ in range(seconds):
        pause.wait(1)
        now = read()
        if now >= last * 0.995:
            return now
        last = now
    return last


def ingest(encoding, bodies, spans):
    """A fresh server with the workload in it, sealed, and what that took."""
    directory = DataDirectory(HERE / ".work" / f"data-{encoding}")
    shutil.rmtree(directory.path, ignore_errors=True)
    server = Server(directory).start()
    pid = server.process.pid
    idle_before = settled(lambda: processes.pss_bytes(pid))
    client = questions.Client(server.port, server.key)
    before = processes.cpu_seconds(pid)
    with processes.PeakMemory(pid) as peak:
        begin = time.perf_counter()
        driven = subprocess.run(
            [DRIVER, str(server.port), server.key, bodies, SUFFIXES[encoding], encoding, str(CONNECTIONS)], check=True, capture_output=True, text=True).stdout
        acknowledged = processes.cpu_seconds(pid)
        client.ask("POST", "/api/v1/store/seal", {})
        seconds = time.perf_counter() - begin
        sealed = processes.cpu_seconds(pid)
    load = json.loads(driven)
    figures = {
        "spans_per_cpu_second": round(spans / (sealed - before)), "server_cpu_seconds": round(sealed - before, 2),
        "server_cpu_seconds_at_last_ack": round(acknowledged - before, 2), "seconds": round(seconds, 2), "spans_per_second": round(spans / seconds),
        "ack_ms": load["ack_ms"], "statuses": load["statuses"], "client_cpu_seconds": load["client_cpu_seconds"], "body_bytes": load["bytes"],
        "pss_peak_mib": round(peak.bytes / 2**20), "pss_idle_empty_mib": round(idle_before / 2**20)}
    return server, client, figures


def trace_ids(directory, count):
    """Trace ids from all over the workload."""
    dice = random.Random(1)
    files = sorted(directory.glob("*.pb"))
    found = []
    for file in dice.choices(files, k=count):
        message = ExportTraceServiceRequest.FromString(file.read_bytes())
        spans = [span for r in message.resource_spans for s in r.scope_spans for span in s.spans]
        found.append(dice.choice(spans).trace_id.hex())
    return found


def peers(directory, runs):
    scratch = pathlib.Path(str(directory) + "-peers")
    output = subprocess.run(
        [sys.executable, HERE / "peers_columnar.py", directory, scratch, "--runs", str(runs)], check=True, stdout=subprocess.PIPE, text=True).stdout
    for name in ("clickhouse", "clickhouse_tuned"):
        shutil.rmtree(scratch / name, ignore_errors=True)
    return json.loads(output)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--spans", type=int, default=1_000_000)
    parser.add_argument("--profile", choices=["mixed", "agents"], default="mixed")
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--encodings", default="identity,gzip,zstd")
    parser.add_argument("--without-peers", action="store_true", help="no questions either: their constants come with the peers")
    parser.add_argument("--keep", action="store_true", help="leave the identity data directory under Benchmarks/.work")
    arguments = parser.parse_args()
    directory, made = workload(arguments)
    out = {"workload": made, "profile": arguments.profile, "cores": os.cpu_count(), "connections": CONNECTIONS, "ingest": {}}
    wrong = []
    asked = None if arguments.without_peers else peers(directory, arguments.runs)

    for encoding in arguments.encodings.split(","):
        say(f"{encoding}: sending {made['spans']} spans")
        server, client, figures = ingest(encoding, directory, made["spans"])
        out["ingest"][encoding] = figures
        try:
            if encoding == "identity":
                out["idle_pss_mib"] = round(settled(lambda: processes.pss_bytes(server.process.pid)) / 2**20)
                found = sizes(server.data)
                segments = sum(size for kind, size in found.items() if kind in ("spans", "payloads", "events"))
                out["bytes_per_span_in_segments"] = round(segments / made["spans"], 1)
                out["store_bytes"] = found
                say("reading traces")
                reads = questions.trace_reads(client, trace_ids(directory, TRACE_SAMPLE))
                out["trace_by_id_ms"] = {"p50": round(reads[len(reads) // 2], 2), "p99": round(reads[len(reads) * 99 // 100], 2), "traces": len(reads)}
                if asked:
                    say("asking the eight questions")
                    times, own = questions.measure(client, asked["constants"], arguments.runs)
                    asked["answers"]["spandrel"] = own
                    asked["spandrel"] = {"query_ms": times}
                    out["idle_after_queries_pss_mib"] = round(settled(lambda: processes.pss_bytes(server.process.pid)) / 2**20)
        finally:
            server.stop()
            if not (arguments.keep and encoding == "identity"):
                server.directory.remove()

    if asked:
        exact = asked["answers"].pop("exact")
        engines = [name for name in ("spandrel", "duckdb", "clickhouse", "clickhouse_tuned") if name in asked]
        out["query_ms"] = {question: {engine: asked[engine]["query_ms"][question] for engine in engines} for question in exact}
        out["peers"] = {engine: {key: value for key, value in asked[engine].items() if key != "query_ms"} for engine in engines if engine != "spandrel"}
        out["constants"] = asked["constants"]
        out["percentile_error"] = {}
        for engine in engines:
            for question, answer in asked["answers"][engine].items():
                # The peers' rows of a trace are whole rows; its span ids are their third column.
                answer = [[row[2]] for row in answer] if question == "trace_by_id" and engine != "spandrel" else answer
                tolerance = answers.PERCENTILE_TOLERANCE if engine == "spandrel" else answers.PEERS_PERCENTILE_TOLERANCE
                differences, error = answers.differences(question, answer, exact[question], tolerance)
                if question == "latency_by_model":
                    out["percentile_error"][engine] = round(error, 4)
                wrong += [f"{engine}, {question}: {difference}" for difference in differences]
        out["answers_differ"] = wrong
    print(json.dumps(out, indent=1))
    for line in wrong:
        say(line)
    return 1 if any(line.startswith("spandrel") for line in wrong) else 0


if __name__ == "__main__":
    sys.exit(main())
