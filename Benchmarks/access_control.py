#!/usr/bin/env python3
"""What access control costs: CPU of authenticating, authorizing and limiting a request; latency of API calls at a steady rate; sign-in
beside the password hash alone.

    Benchmarks/access-control [--rate 200] [--seconds 30] [--calls 1000000]

Prints one JSON object. Exit status 1 when a bar is missed or an answer is not what it should be.
"""
import argparse, collections, http.client, json, os, pathlib, subprocess, sys, threading, time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "Tests/Integration")]
import open_loop, processes
from harness.load import Request
from harness.server import DataDirectory, Server

ACCESS_COST = HERE.parent / ".build/release/AccessCost"
TRACES, KEYS, PROJECTS = 500, 40, 10
P99_BAR_MS = 10
WARM_UP_SECONDS = 3
SIGN_INS = 40
NOTHING = "getLiveness"
PASSWORD_LANES = 2  # AccessLimits.passwordLaneCount


def access_cost(*arguments):
    done = subprocess.run([ACCESS_COST, *map(str, arguments)], stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout), done.returncode == 0


class Client:
    """Posts on one kept-alive connection."""

    def __init__(self, server):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
        self.key = server.key

    def post(self, path, body, status=200, content_type="application/json"):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.connection.request("POST", path, body, {"Authorization": f"Bearer {self.key}", "Content-Type": content_type})
        response = self.connection.getresponse()
        content = response.read()
        if response.status != status:
            raise RuntimeError(f"POST {path}: {response.status} {content[:500]!r}")
        return json.loads(content) if content_type == "application/json" else content


def prepare(server):
    """A small installation: projects, keys, and traces of which half are sealed. Answers keys and trace ids."""
    client = Client(server)
    requests = [Request("access", number) for number in range(TRACES)]
    for number, request in enumerate(requests):
        client.post("/v1/traces", request.body, content_type="application/x-protobuf")
        if number == TRACES // 2:
            client.post("/api/v1/store/seal", {})
    for number in range(PROJECTS):
        client.post("/api/v1/projects", {"name": f"project {number}"}, status=201)
    terms = {"scopes": ["read", "admin"], "reaches_organization": True}
    made = [client.post("/api/v1/api-keys", {"name": f"key {number}", **terms}, status=201) for number in range(KEYS)]
    return [key["key"] for key in made], [request.trace_id for request in requests]


def operations(project, traces):
    """name -> (status, what makes method, path and body). Five are answered from PostgreSQL, three from the store; the first does nothing
    and tells what machine and client make of it."""
    return {
        NOTHING: (200, lambda dice: ("GET", "/health/live", b"")),
        "listProjects": (200, lambda dice: ("GET", "/api/v1/projects", b"")),
        "getProject": (200, lambda dice: ("GET", f"/api/v1/projects/{project}", b"")),
        "listAPIKeys": (200, lambda dice: ("GET", "/api/v1/api-keys?limit=20", b"")),
        "getTask": (404, lambda dice: ("GET", "/api/v1/tasks/01890a5d-ac96-774b-bcce-b302099a8057", b"")),
        "listPrices": (200, lambda dice: ("GET", "/api/v1/prices?model=gpt-5-mini", b"")),
        "getTrace": (200, lambda dice: ("GET", f"/api/v1/traces/{dice.choice(traces)}", b"")),
        "listTraces": (200, lambda dice: ("GET", "/api/v1/traces?limit=20", b"")),
        "query": (200, lambda dice: ("POST", "/api/v1/query", b'{"aggregates":["count","p95(duration_ms)"],"group_by":["service"]}')),
    }


def latency(server, keys, traces, rate, seconds):
    table = operations(server.credentials["project_id"], traces)
    names = list(table)

    def choose(dice):
        name = dice.choice(names)
        method, path, body = table[name][1](dice)
        return name, open_loop.request_bytes(method, path, dice.choice(keys), body)

    open_loop.run(server.port, rate, WARM_UP_SECONDS, choose, seed=2)
    pid = server.process.pid
    before, own = processes.cpu_seconds(pid), time.process_time()
    answers = open_loop.run(server.port, rate, seconds, choose)
    cpu = processes.cpu_seconds(pid) - before
    wrong = collections.Counter((answer.name, answer.status) for answer in answers if answer.status != table[answer.name][0])
    by_name = {name: open_loop.percentiles([answer.seconds for answer in answers if answer.name == name]) for name in names}
    return {
        "rate": rate, "seconds": seconds, "requests": len(answers), "ms": open_loop.percentiles([answer.seconds for answer in answers if answer.name != NOTHING]),
        "ms_by_operation": by_name, "sent_late_ms": open_loop.percentiles([answer.late_seconds for answer in answers]),
        "server_cpu_ms_per_request": round(cpu / len(answers) * 1000, 3), "server_cores": round(cpu / seconds, 3),
        "client_cores": round((time.process_time() - own) / seconds, 3), "wrong": [[*key, count] for key, count in wrong.items()]}


def sign_in(server):
    """Right passwords one after another, and as many at once as there are threads for hashing; each beside the hash alone."""
    credentials = server.credentials
    body = {"email": credentials["email"], "password": credentials["password"]}

    def sign_in_often(count):
        client, seconds = Client(server), []
        for _ in range(count):
            begin = time.perf_counter()
            client.post("/api/v1/auth/sign-in", body)
            seconds.append(time.perf_counter() - begin)
        return seconds

    sign_in_often(1)
    one_by_one = sign_in_often(SIGN_INS)
    begin = time.perf_counter()
    threads = [threading.Thread(target=sign_in_often, args=(SIGN_INS // PASSWORD_LANES,)) for _ in range(PASSWORD_LANES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    per_second = SIGN_INS // PASSWORD_LANES * PASSWORD_LANES / (time.perf_counter() - begin)
    hashes, _ = access_cost("passwords", SIGN_INS, PASSWORD_LANES)
    ms = open_loop.percentiles(one_by_one)
    return {"ms": ms, "hash_alone_ms": hashes["ms"], "per_second": round(per_second, 2), "hashes_alone_per_second": hashes["per_second"],
            "over_the_hash_ms": round(ms["p50"] - hashes["ms"]["p50"], 2)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--calls", type=int, default=1_000_000)
    arguments = parser.parse_args()
    cost, is_cheap = access_cost("calls", arguments.calls)
    directory = DataDirectory()
    server = Server(directory)
    try:
        server.start()
        keys, traces = prepare(server)
        out = {"cores": os.cpu_count(), "load_average": os.getloadavg()[0], "access": cost}
        out["api"] = latency(server, keys, traces, arguments.rate, arguments.seconds)
        out["sign_in"] = sign_in(server)
    finally:
        server.end()
        directory.remove()
    print(json.dumps(out, indent=1))
    return 0 if is_cheap and out["api"]["ms"]["p99"] <= P99_BAR_MS and not out["api"]["wrong"] else 1


if __name__ == "__main__":
    sys.exit(main())
