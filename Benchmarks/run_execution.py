#!/usr/bin/env python3
"""What runs cost: cases a second and CPU a case when the provider answers at once; cases a second against one that takes a second;
memory over 100,000 cases; how soon an event is seen by followers, with thousands of others on the counters.

    Benchmarks/run-execution [quick|slow|memory|events ...] [--cases 10000]

Prints one JSON object. Exit status 1 when a bar is missed or a result is not what it should be. The provider's stand-in and this program
are not in the server's figures: those are of the server and its PostgreSQL.
"""
import argparse, json, os, pathlib, subprocess, sys, threading, time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "Tests/Integration")]
import processes
from harness.accounts import owner
from harness.server import DataDirectory, Server, wait_until
from harness.stand_in import StandIn
from harness.workers import WorkerInstallation

CASES_PER_EDIT = 2_000
CASES_PER_SECOND_BAR, CPU_MS_PER_CASE_BAR = 500, 3
SLOW_DELAY_MS, SLOW_CONCURRENCY, SLOW_CASES_PER_SECOND_BAR = 1_000, 256, 250
EVENT_P99_BAR_MS, COUNTING_FOLLOWERS, WHOLE_FOLLOWERS = 1_000, 5_000, 20
MEMORY_CASES, MEMORY_GROWTH_BAR = 100_000, 1.15


class Installation:
    """A server with one worker, a stand-in, and an owner who has a credential for it."""

    def __init__(self, delay_ms=0):
        self.stand_in = StandIn(delay_ms=delay_ms).start()
        self.directory = DataDirectory()
        self.use(Server(self.directory, "--allow-outbound", "127.0.0.0/8").start())

    @classmethod
    def around(cls, server, stand_in):
        """Over a server and a stand-in that somebody else ends."""
        self = cls.__new__(cls)
        self.stand_in = stand_in
        self.use(server)
        return self

    def use(self, server):
        self.server, self.user = server, owner(server)
        # Of the dialects the one whose answers tell no rate limits: those would be kept.
        credential = {"provider": "gemini", "name": "stand-in", "secret": "k-0123456789", "base_url": self.stand_in.url("gemini")}
        self.user.call("POST", f"{self.user.organization_path}/provider-credentials", credential, 201)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.end()
        self.stand_in.end()
        self.directory.remove()

    @property
    def pid(self):
        return self.server.process.pid

    def suite(self, case_count):
        suite = self.user.call("POST", "/api/v1/suites", {"name": f"of {case_count}"}, 201)
        for first in range(0, case_count, CASES_PER_EDIT):
            cases = [case(number) for number in range(first, min(case_count, first + CASES_PER_EDIT))]
            self.user.call("POST", f"/api/v1/suites/{suite['id']}/test-cases", {"put": cases}, 200)
        return suite["name"]

    def start(self, suite, concurrency):
        target = {"name": "mini", "kind": "model", "provider": "gemini", "model": "gemini-2.5-flash"}
        body = {"suite": suite, "targets": [target], "concurrency": concurrency, "gate": {"minimum_pass_rate": 0.5}}
        return self.user.call("POST", "/api/v1/runs", body, 202)["id"]

    def run(self, run):
        return self.user.call("GET", f"/api/v1/runs/{run}")

    def watch(self, run, each=lambda run: None, seconds=1_800):
        """Looks twice a second until the run has ended; answers [(time, cells done)] and the run."""
        looks, deadline, pause = [], time.monotonic() + seconds, threading.Event()
        while True:
            now = self.run(run)
            looks.append((time.monotonic(), now["counts"]["done"]))
            each(now)
            if now["state"] in ("finished", "failed", "cancelled"):
                return looks, now
            if time.monotonic() > deadline:
                raise TimeoutError(f"the run has not ended in {seconds} s: {now['counts']}")
            pause.wait(0.5)


def case(number):
    return {
        "key": f"case-{number:06}", "input": f"Question {number}: what is the capital of the country with the number {number}?",
        "scorers": [{"kind": "contains", "all": [f"number {number}"]}],
    }


def rate(looks, total):
    """Cells a second between the first and the last tenth, where all lanes are busy."""
    inside = [look for look in looks if 0.1 * total <= look[1] <= 0.9 * total]
    if len(inside) < 2:
        return None
    return round((inside[-1][1] - inside[0][1]) / (inside[-1][0] - inside[0][0]), 1)


def is_whole(run, count):
    counts = run["counts"]
    return run["state"] == "finished" and counts["passed"] == counts["cells"] == count and run["verdict"]["result"] == "pass"


def quick(count):
    with Installation() as here:
        suite = here.suite(count)
        cpu, start = processes.cpu_seconds(here.pid), time.monotonic()
        looks, run = here.watch(here.start(suite, 256))
        seconds, cpu = time.monotonic() - start, processes.cpu_seconds(here.pid) - cpu
        per_second, per_case = round(count / seconds, 1), round(cpu / count * 1_000, 3)
        return {
            "cases": count, "seconds": round(seconds, 2), "cases_per_second": per_second, "cases_per_second_when_busy": rate(looks, count),
            "cpu_ms_per_case": per_case, "is_whole": is_whole(run, count),
            "holds": is_whole(run, count) and per_second >= CASES_PER_SECOND_BAR and per_case <= CPU_MS_PER_CASE_BAR,
        }


def slow(count):
    with Installation(SLOW_DELAY_MS) as here:
        suite = here.suite(count)
        start = time.monotonic()
        # The run allows more than the worker's lanes: those are what is measured.
        looks, run = here.watch(here.start(suite, 2 * SLOW_CONCURRENCY))
        per_second = rate(looks, count)
        return {
            "cases": count, "delay_ms": SLOW_DELAY_MS, "lanes": SLOW_CONCURRENCY, "seconds": round(time.monotonic() - start, 2),
            "cases_per_second_when_busy": per_second, "is_whole": is_whole(run, count),
            "holds": is_whole(run, count) and per_second >= SLOW_CASES_PER_SECOND_BAR,
        }


def memory(count):
    """A worker in a process of its own: its peak in the second quarter of the run and in the last, so that what grows with the number of
    cases would show. Told beside it: its peak while it comes to the verdict, which weighs all cases at once, and the server's, whose
    memtables fill up to their limit wherever the spans come from."""
    with WorkerInstallation(workers=1, concurrency=256) as apart, StandIn() as stand_in:
        here = Installation.around(apart.server, stand_in)
        suite = here.suite(count)
        worker = apart.workers[0].process.pid
        quarters, verdict, server = [[], [], [], []], 0, 0

        def look(run):
            nonlocal server, verdict
            done, bytes = run["counts"]["done"], processes.own_pss_bytes(worker)
            if done < count:
                quarters[4 * done // count].append(bytes)
            else:
                verdict = max(verdict, bytes)
            server = max(server, processes.own_pss_bytes(here.pid))

        looks, run = here.watch(here.start(suite, 512), look)
        peaks = [max(quarter, default=0) for quarter in quarters]
        growth = peaks[3] / max(1, peaks[1])
        return {
            "cases": count, "worker_peak_mib_by_quarter": [round(peak / (1 << 20), 1) for peak in peaks], "last_over_second": round(growth, 3),
            "worker_peak_mib_at_the_verdict": round(verdict / (1 << 20), 1),
            "server_peak_mib": round(server / (1 << 20), 1), "cases_per_second_when_busy": rate(looks, count), "is_whole": is_whole(run, count),
            "holds": is_whole(run, count) and growth <= MEMORY_GROWTH_BAR,
        }


def events(count):
    """The run waits, paused, until all followers are there: they are a process of their own, so that their Python slows nobody."""
    with Installation() as here:
        suite = here.suite(count)
        run = here.start(suite, 256)
        wait_until(lambda: here.run(run)["state"] == "running", 60, "the run is planned")
        here.user.call("POST", f"/api/v1/runs/{run}/pause")
        command = [
            sys.executable, str(HERE / "event_followers.py"), f"{here.server.url}/api/v1/runs/{run}/events", here.server.key,
            "--counting", str(COUNTING_FOLLOWERS), "--whole", str(WHOLE_FOLLOWERS)]
        followers = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            if followers.stdout.readline() != "ready\n":
                raise RuntimeError("the followers did not connect")
            cpu = processes.cpu_seconds(here.pid)
            here.user.call("POST", f"/api/v1/runs/{run}/resume")
            looks, ended = here.watch(run)
            seen = json.loads(followers.communicate(timeout=120)[0])
        finally:
            followers.kill()
            followers.wait()
        seen["cases_per_second_when_busy"] = rate(looks, count)
        seen["cpu_ms_per_case"] = round((processes.cpu_seconds(here.pid) - cpu) / count * 1_000, 3)
        seen["is_whole"] = is_whole(ended, count)
        seen["holds"] = (
            seen["is_whole"] and seen["gaps"] == 0 and seen["finished_cases_seen_by_each"] == [count]
            and seen["event_delay_ms"]["p99"] <= EVENT_P99_BAR_MS)
        return seen


def main():
    parts = {"quick": quick, "slow": slow, "memory": memory, "events": events}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"which of {', '.join(parts)}; all of them by default")
    parser.add_argument("--cases", type=int, default=10_000, help="of each part but memory, which has ten times as many")
    arguments = parser.parse_args()
    if wrong := set(arguments.parts) - set(parts):
        parser.error(f"no such part: {', '.join(sorted(wrong))}")
    out = {"cores": os.cpu_count(), "load_average": os.getloadavg()[0]}
    for name in arguments.parts or parts:
        out[name] = parts[name](arguments.cases * (MEMORY_CASES // 10_000 if name == "memory" else 1))
    print(json.dumps(out, indent=1))
    return 0 if all(part["holds"] for part in out.values() if isinstance(part, dict)) else 1


if __name__ == "__main__":
    sys.exit(main())
