#!/usr/bin/env python3
"""What it costs a server to take the same spans over OTLP/HTTP as protobuf, over OTLP/HTTP as JSON and over OTLP/gRPC, and how much of its
CPU goes into the mapping of attributes to LLM fields.

    Benchmarks/protocols [--spans 60000] [--profile mixed] [--rounds 5]

Each round starts a server a protocol on an empty directory and sends every request once from 4 connections in a closed loop; the protocols
take turns, in the opposite order every second round, and are compared within each round, so that a machine that is busy or slow is so for all
of them; what is said is the median over the rounds. Rates are of the server's CPU seconds up to the last answer; spans are few enough that
nothing is sealed meanwhile, which would cost all protocols the same. Then the HTTP server is sampled by its CPU clock (perf) while it takes the spans: samples with a frame of GenAIConventions are the mapping, prices
included. Prints one JSON object, and its figures beside their bars to standard error. Exit status 1 when a bar is missed.
"""
import argparse, base64, collections, concurrent.futures, json, os, pathlib, shutil, statistics, subprocess, sys, tempfile, threading
from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest, ExportTraceServiceResponse
import grpc

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "Tests/Integration")]
import processes
from harness.accounts import Client
from harness.grpc_calls import EXPORT_TRACES
from harness.server import DataDirectory, Server

DRIVER = HERE / "LoadDriver/.build/release/LoadDriver"
CONNECTIONS = 4
BARS = {"grpc_of_http_spans_per_cpu_second": (">=", 0.8), "json_of_protobuf_bytes_per_cpu_second": (">=", 0.25), "mapping_share_of_cpu": ("<=", 0.15)}
SAMPLES_PER_SECOND = 4_999
# Of symbols of a Swift module: its name with its length before it.
MAPPING = "16GenAIConventions"


def say(text):
    print(f"protocols: {text}", file=sys.stderr, flush=True)


def workload(spans, profile):
    """The directory of request bodies as protobuf and as JSON; made once."""
    directory = HERE / ".work" / f"protocols-{profile}-{spans}"
    if (directory / "workload.json").exists():
        return directory
    say(f"writing {spans} spans to {directory}")
    shutil.rmtree(directory, ignore_errors=True)
    made = subprocess.run(
        [sys.executable, HERE / "otlp_workload.py", "--spans", str(spans), "--profile", profile, "--start", "2026-11-01T00:00:00", "--out", directory],
        check=True, capture_output=True, text=True).stdout
    for file in directory.glob("*.pb"):
        file.with_suffix(".json").write_text(json.dumps(as_json(ExportTraceServiceRequest.FromString(file.read_bytes())), separators=(",", ":")))
    (directory / "workload.json").write_text(made)
    return directory


def as_json(request):
    """OTLP's JSON: protobuf's, with ids in hexadecimal."""
    found = MessageToDict(request, use_integers_for_enums=True)
    for resource in found["resourceSpans"]:
        for scope in resource["scopeSpans"]:
            for span in scope["spans"]:
                for one in (span, *span.get("links", ())):
                    for name in ("traceId", "spanId", "parentSpanId"):
                        if name in one:
                            one[name] = base64.b64decode(one[name]).hex()
    return found


def over_http(suffix):
    def send(server, directory):
        driven = subprocess.run(
            [DRIVER, str(server.port), server.key, directory, suffix, "identity", str(CONNECTIONS)], check=True, capture_output=True, text=True).stdout
        assert list(json.loads(driven)["statuses"]) == ["200"], driven
    return send


def over_grpc(server, directory):
    bodies = [file.read_bytes() for file in sorted(directory.glob("*.pb"))]

    def send(part):
        # A connection each, as four exporters would have.
        options = [("grpc.use_local_subchannel_pool", 1)]
        with grpc.insecure_channel(f"127.0.0.1:{server.grpc_port}", options=options) as channel:
            export = channel.unary_unary(EXPORT_TRACES, request_serializer=bytes, response_deserializer=ExportTraceServiceResponse.FromString)
            for body in part:
                answer = export(body, metadata=[("authorization", f"Bearer {server.key}")], timeout=60)
                assert not answer.partial_success.rejected_spans
    with concurrent.futures.ThreadPoolExecutor(CONNECTIONS) as threads:
        list(threads.map(send, [bodies[place::CONNECTIONS] for place in range(CONNECTIONS)]))


PROTOCOLS = {"http_protobuf": (over_http(".pb"), "*.pb"), "http_json": (over_http(".json"), "*.json"), "grpc": (over_grpc, "*.pb")}


def served(directory, spans, work):
    """`work` of a fresh server, which has all spans afterwards."""
    with tempfile.TemporaryDirectory(dir=HERE / ".work") as place:
        os.chmod(place, 0o755)
        server = Server(DataDirectory(pathlib.Path(place) / "data")).start()
        try:
            answer = work(server)
            client = Client(server.url, server.key)
            found = client.call("POST", "/api/v1/query", {"from": "2026-01-01T00:00:00Z", "aggregates": [{"function": "count", "as": "count"}]}, 200)
            assert found["data"][0]["count"] == spans, found
            return answer
        finally:
            server.stop()


def cpu_seconds(protocol, directory, spans):
    send, _ = PROTOCOLS[protocol]

    def work(server):
        before = processes.cpu_seconds(server.process.pid)
        send(server, directory)
        return processes.cpu_seconds(server.process.pid) - before
    return served(directory, spans, work)


def mapping_share(directory, spans):
    """The share of the server's own CPU samples, without PostgreSQL's, that have a frame of the mapping."""
    send, _ = PROTOCOLS["http_protobuf"]
    samples = directory / "perf.data"

    def work(server):
        perf = subprocess.Popen(
            ["perf", "record", "--quiet", "--event", "cpu-clock", "--freq", str(SAMPLES_PER_SECOND), "--call-graph", "fp", "--pid", str(server.process.pid),
             "--output", samples], stdin=subprocess.DEVNULL)
        try:
            send(server, directory)
        finally:
            perf.send_signal(2)
            perf.wait()
    served(directory, spans, work)
    script = subprocess.Popen(["perf", "script", "--input", samples, "--fields", "ip,sym", "--no-demangle"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    counts, frames = collections.Counter(), []
    for line in (*script.stdout, "\n"):
        if line.strip():
            frames.append(line)
        elif frames:
            counts["all"] += 1
            counts["mapping"] += any(MAPPING in frame for frame in frames)
            frames = []
    assert counts["all"] > 200 and counts["mapping"], counts
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--spans", type=int, default=60_000)
    parser.add_argument("--profile", choices=["mixed", "agents"], default="mixed")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    directory = workload(arguments.spans, arguments.profile)
    spans = json.loads((directory / "workload.json").read_text())["spans"]
    size = {name: sum(file.stat().st_size for file in directory.glob(files)) for name, (_, files) in PROTOCOLS.items()}
    taken = {name: [] for name in PROTOCOLS}
    for number in range(arguments.rounds):
        for name in list(PROTOCOLS)[::-1 if number % 2 else 1]:
            taken[name].append(cpu_seconds(name, directory, spans))
            say(f"round {number + 1}, {name}: {taken[name][-1]:.2f} CPU s")
    median = {name: statistics.median(seconds) for name, seconds in taken.items()}
    counts = mapping_share(directory, spans)
    rates = {name: statistics.median(http / other for http, other in zip(taken["http_protobuf"], seconds)) for name, seconds in taken.items()}
    figures = {
        "grpc_of_http_spans_per_cpu_second": round(rates["grpc"], 3),
        "json_of_protobuf_bytes_per_cpu_second": round(rates["http_json"] * size["http_json"] / size["http_protobuf"], 3),
        "mapping_share_of_cpu": round(counts["mapping"] / counts["all"], 3)}
    print(json.dumps({
        "spans": spans, "profile": arguments.profile, "body_bytes": size, "server_cpu_seconds": taken,
        "spans_per_cpu_second": {name: round(spans / seconds) for name, seconds in median.items()}, "samples": counts, **figures}, indent=1))
    missed = []
    for name, (relation, bar) in BARS.items():
        holds = figures[name] >= bar if relation == ">=" else figures[name] <= bar
        say(f"{name} {figures[name]} ({relation} {bar}){'' if holds else '  MISSED'}")
        missed += [] if holds else [name]
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
