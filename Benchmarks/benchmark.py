#!/usr/bin/env python3
"""Measures the path from HTTP body to sealed segments and the eight questions, beside ClickHouse and DuckDB in the same run.

    Benchmarks/run [--spans 1000000] [--profile mixed] [--runs 20] [--without-peers]

Steps: write the workload (kept under Benchmarks/.work); for each encoding start a server on an empty directory, send every request once from
4 connections in a closed loop, seal, and read the server's own CPU time, PostgreSQL's included; on the identity-encoded server also let it
merge what it sealed, and measure memory, bytes on disk, traces and questions; then let the peers load the same spans and answer the same
questions, and hold all answers against exact ones. On servers of their own: acknowledgements in an open loop at half the rate of the closed one, and
how long a start takes that reads the log of a killed one. Prints one JSON object. Exit status 1 when an answer of Spandrel is wrong.
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
# An open loop must not wait for its own connections.
OPEN_CONNECTIONS = 64
TRACE_SAMPLE = 1_000
# Segments are merged once their last row is a minute old, within the five seconds of the next look.
MERGE_SECONDS = 70
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


def metrics(server):
    """Every sample of /metrics: name with labels -> value. On a connection of its own: one that is quiet is closed."""
    lines = questions.Client(server.port, server.key).ask("GET", "/metrics").decode().splitlines()
    samples = (line.rpartition(" ") for line in lines if line and not line.startswith("#"))
    return {name: float(value) for name, _, value in samples}


def background_seconds(server):
    """CPU of the store's work that no sender waits for, as the server counts it."""
    return sum(value for name, value in metrics(server).items() if name.startswith("spandrel_store_background_cpu_seconds_total{"))


def fresh(name):
    directory = DataDirectory(HERE / ".work" / f"data-{name}")
    shutil.rmtree(directory.path, ignore_errors=True)
    return Server(directory).start()


def merged(server, spans, before, sealed):
    """CPU once the merges that are due have been done, a look of the server at its segments later than the last one."""
    pause, rewrites, quiet, begin = threading.Event(), -1, 0, time.perf_counter()
    pause.wait(MERGE_SECONDS)
    while quiet < 3:
        pause.wait(5)
        now = metrics(server)["spandrel_store_rewrites_total"]
        rewrites, quiet = now, quiet + 1 if now == rewrites else 0
    # What the server takes while it does nothing is not the merges'.
    at, waited = processes.cpu_seconds(server.process.pid), time.perf_counter() - begin
    pause.wait(IDLE_SECONDS)
    idle = (processes.cpu_seconds(server.process.pid) - at) / IDLE_SECONDS
    cpu = sealed - before + max(0, at - sealed - idle * waited)
    return {"spans_per_cpu_second_merged": round(spans / cpu), "rewrites": int(rewrites), "idle_cpu_share": round(idle, 4)}


def open_loop(bodies, rate):
    """Acknowledgements at this rate of requests, timed from when each was due."""
    server = fresh("open-loop")
    try:
        driven = subprocess.run(
            [DRIVER, str(server.port), server.key, bodies, ".pb", "identity", str(OPEN_CONNECTIONS), str(rate)], check=True, capture_output=True,
            text=True).stdout
    finally:
        server.stop()
        server.directory.remove()
    load = json.loads(driven)
    return {"requests_per_second": round(rate, 1), "ack_ms": load["ack_ms"], "statuses": load["statuses"]}


def recovery(bodies):
    """Kills a server in the middle of its load, and times the next start beside one that finds an empty log."""
    server = fresh("recovery")
    try:
        server.stop()
        begin = time.perf_counter()
        server = Server(server.directory).start()
        empty = time.perf_counter() - begin
        driver = subprocess.Popen(
            [DRIVER, str(server.port), server.key, bodies, ".pb", "identity", str(CONNECTIONS)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        held = 0
        while driver.poll() is None:
            held = metrics(server)["spandrel_wal_bytes_in_use"]
            if held >= 400 << 20:
                break
        server.kill()
        driver.wait()
        begin = time.perf_counter()
        server = Server(server.directory).start()
        seconds = time.perf_counter() - begin
    finally:
        server.stop()
        server.directory.remove()
    return {"log_mib": round(held / 2**20), "start_s": round(seconds, 2), "start_with_empty_log_s": round(empty, 2),
            "s_per_gib": round((seconds - empty) / (held / 2**30), 2)}


def ingest(encoding, bodies, spans):
    """A fresh server with the workload in it, sealed, and what that took."""
    server = fresh(encoding)
    pid = server.process.pid
    idle_before = settled(lambda: processes.pss_bytes(pid))
    client = questions.Client(server.port, server.key)
    before, background_before = processes.cpu_seconds(pid), background_seconds(server)
    with processes.PeakMemory(pid) as peak:
        begin = time.perf_counter()
        driven = subprocess.run(
            [DRIVER, str(server.port), server.key, bodies, SUFFIXES[encoding], encoding, str(CONNECTIONS)], check=True, capture_output=True, text=True).stdout
        acknowledged, background = processes.cpu_seconds(pid), background_seconds(server)
        client.ask("POST", "/api/v1/store/seal", {})
        seconds = time.perf_counter() - begin
        sealed = processes.cpu_seconds(pid)
    load = json.loads(driven)
    at_ack = acknowledged - before - (background - background_before)
    figures = {
        "spans_per_cpu_second": round(spans / (sealed - before)), "server_cpu_seconds": round(sealed - before, 2),
        "server_cpu_seconds_at_last_ack": round(acknowledged - before, 2), "spans_per_cpu_second_at_ack": round(spans / at_ack),
        "server_cpu_seconds_at_ack": round(at_ack, 2), "seconds": round(seconds, 2), "spans_per_second": round(spans / seconds),
        "ack_ms": load["ack_ms"], "statuses": load["statuses"], "client_cpu_seconds": load["client_cpu_seconds"], "body_bytes": load["bytes"],
        "pss_peak_mib": round(peak.bytes / 2**20), "pss_idle_empty_mib": round(idle_before / 2**20)}
    if encoding == "identity":
        figures |= merged(server, spans, before, sealed)
    # The server has closed the connection that nothing was asked on.
    return server, questions.Client(server.port, server.key), figures


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
    if not DRIVER.exists():
        sys.exit(f"benchmark: no {DRIVER}; run Benchmarks/run, which builds it")
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

    if "identity" in out["ingest"]:
        closed = out["ingest"]["identity"]
        say("sending in an open loop")
        out["open_loop"] = open_loop(directory, closed["spans_per_second"] / made["spans"] * made["requests"] / 2)
        say("starting after a kill")
        out["recovery"] = recovery(directory)

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
