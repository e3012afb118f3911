"""`spandrel run` and a server that is broken or means harm: the command line neither crashes nor hangs, and can always be stopped."""
import http.server, json, os, signal, subprocess, threading
import pytest
from harness.server import BINARY

RUN = "01a1ff10-b475-72fc-ad6e-538aad399643"
MOST = 2**63 - 1


def ended_run(**changes):
    counts = {"cells": 2, "done": 2, "passed": 2, "failed": 0, "errored": 0}
    return {
        "id": RUN, "name": "n", "suite_id": RUN, "state": "finished", "counts": counts, "cost_usd": 0,
        "specification": {"targets": [{"name": "t", "kind": "http"}], "repetitions": 1}, "verdict": {"result": "pass", "targets": []}, **changes}


class HostileServer:
    """Answers every question about a run with what it is told to; a list of outcomes that is None never comes."""

    def __init__(self, run, messages=(), outcomes=None):
        self.asked_for_outcomes, self.release = threading.Event(), threading.Event()
        this = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                kind, content = "application/json", json.dumps(run).encode()
                if "/events" in self.path:
                    kind, content = "text/event-stream", "".join(f"data: {json.dumps(message)}\n\n" for message in messages).encode()
                elif "/outcomes" in self.path:
                    this.asked_for_outcomes.set()
                    if outcomes is None:
                        this.release.wait(60)
                        return
                    content = json.dumps(outcomes).encode()
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def follow(self, *arguments):
        environment = {**os.environ, "SPANDREL_URL": f"http://127.0.0.1:{self.server.server_address[1]}", "SPANDREL_API_KEY": "spdrl_x"}
        return subprocess.Popen(
            [str(BINARY), "run", "follow", RUN, *map(str, arguments)], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.release.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.mark.parametrize("count", [MOST, -MOST - 1])
def test_counts_that_are_none_crash_nothing(count, tmp_path):
    counts = dict.fromkeys(("cells", "done", "passed", "failed", "errored"), count)
    told = {"total": count, "run": {**counts, "state": "running"}, "estimated_seconds_left": -1e308}
    judged = dict.fromkeys(
        ("cases", "cases_passed", "cases_failed", "cases_undecided", "passed", "failed", "errored", "pending", "flaky_cases"), count)
    flaky = [{"key": "k", "passed": count, "failed": count}]
    target = {
        "target": "t", "result": "fail", "reasons": ["r"], "stopped_early": False, "counts": judged, "rules": [], "flaky_cases": flaky, "pairing": None}
    run = ended_run(counts=counts, verdict={"result": "fail", "targets": [target, target]}, cost_usd=1e308, input_tokens=count)
    run["specification"]["repetitions"] = count
    outcome = {"id": "a", "key": "k", "result": "failed", "repetition": count, "duration_ms": 1e300}
    messages = [{"v": 1, "sequence": 1, "type": "progress", "data": told}]
    with HostileServer(run, messages, {"data": [outcome], "next_cursor": None}) as server:
        process = server.follow("--junit", tmp_path / "a.xml", "--summary", tmp_path / "a.md")
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 100, errors


def test_a_list_that_does_not_go_on_is_not_read_for_ever(tmp_path):
    with HostileServer(ended_run(), outcomes={"data": [], "next_cursor": "again"}) as server:
        process = server.follow("--junit", tmp_path / "a.xml")
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 1 and "does not go on" in errors
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_while_it_waits_for_what_the_reports_need(number, tmp_path):
    with HostileServer(ended_run()) as server:
        process = server.follow("--junit", tmp_path / "a.xml")
        assert server.asked_for_outcomes.wait(30)
        process.send_signal(number)
        _, errors = process.communicate(timeout=15)
        assert process.returncode == 128 + number, errors
        assert "run follow" in errors and list(tmp_path.iterdir()) == []
