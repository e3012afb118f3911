"""Cells that a program beside the code under test does over HTTP: leased, answered, scored by the server's worker."""
import pytest
from harness.accounts import owner
from harness.server import wait_until

CASES = {"one": "1", "two": "2", "three": "3"}


@pytest.fixture(scope="module")
def user(server):
    user = owner(server)
    suite = user.call("POST", "/api/v1/suites", {"name": "numbers"}, 201)["id"]
    cases = [{"key": key, "input": key, "expected": expected, "scorers": [{"kind": "exact"}]} for key, expected in CASES.items()]
    user.call("POST", f"/api/v1/suites/{suite}/test-cases", {"put": cases})
    return user


class Run:
    """An exec run and the requests about its cells."""

    def __init__(self, user):
        self.user = user
        self.path = "/api/v1/runs/" + user.call("POST", "/api/v1/runs", {"suite": "numbers", "targets": [{"name": "code", "kind": "exec"}]}, 202)["id"]
        wait_until(lambda: self.now()["state"] == "running", 10, "the run's plan")

    def now(self):
        return self.user.call("GET", self.path)

    def lease(self, capacity=100):
        return self.user.call("POST", self.path + "/exec/lease", {"holder": "test", "capacity": capacity})["cells"]

    def submit(self, outputs):
        """`outputs`: (cell, members) of each."""
        body = {"outputs": [{"job": cell["job"], "lease": cell["lease"], **members} for cell, members in outputs]}
        return self.user.call("POST", self.path + "/exec/outputs", body)["accepted"]

    def finished(self):
        return wait_until(lambda: (run := self.now())["state"] == "finished" and run, 30, "the run's end")

    def outcomes(self, query=""):
        return {outcome["key"]: outcome for outcome in self.user.call("GET", f"{self.path}/outcomes?order=key{query}")["data"]}


def test_what_a_command_answers_is_scored_and_what_it_cannot_is_no_trial(user):
    run = Run(user)
    cells = {cell["key"]: cell for cell in run.lease()}
    assert set(cells) == set(CASES) and all(cell["prompt"][0]["content"] == key for key, cell in cells.items())
    answers = {
        "one": {"text": "1", "duration_nano": 5_000_000}, "two": {"text": "22\0"}, "three": {"error": {"message": "no module"}, "exit_status": 2},
    }
    assert run.submit((cells[key], answer) for key, answer in answers.items()) == sorted(cell["job"] for cell in cells.values())
    counts = run.finished()["counts"]
    assert (counts["passed"], counts["failed"], counts["errored"]) == (1, 1, 1)
    outcomes = run.outcomes()
    assert {key: outcome["result"] for key, outcome in outcomes.items()} == {"one": "passed", "two": "failed", "three": "errored"}
    assert outcomes["one"]["duration_ms"] == 5
    assert outcomes["three"]["error"] == {"kind": "command", "message": "no module (exit status 2)"}
    details = user.call("GET", f"{run.path}/outcomes/{outcomes['one']['id']}")
    assert details["output"]["text"] == "1" and [attempt["worker"] for attempt in details["attempts"]][0] == "test"


def test_cells_of_a_program_that_is_not_heard_of_go_to_another(user):
    run = Run(user)
    dead = run.lease(1)
    alive = wait_until(lambda: [cell for cell in run.lease() if cell["job"] == dead[0]["job"]] or None, 60, "the lease's end")
    assert alive[0]["attempt"] == 2
    assert run.submit([(dead[0], {"text": "late"})]) == []
    assert len(run.submit([(alive[0], {"text": CASES[alive[0]["key"]]})])) == 1
    outcome = wait_until(lambda: run.outcomes("&result=passed").get(alive[0]["key"]), 30, "the outcome")
    assert outcome["attempt_count"] >= 2
    user.call("POST", run.path + "/cancel")


def test_a_case_is_done_again_by_the_program_that_did_it(user):
    run = Run(user)
    cells = run.lease(2)
    run.submit([(cells[0], {"text": "wrong"})])
    key = cells[0]["key"]
    wait_until(lambda: key in run.outcomes(), 30, "the outcome")
    assert user.call("POST", run.path + "/requeue", {"key": key})["requeued"] == 1
    assert key not in run.outcomes() and run.outcomes("&superseded=true")[key]["superseded_at"]
    # With the one that is still held, these are all.
    rest = [cells[1], *run.lease()]
    assert {cell["key"] for cell in rest} == set(CASES)
    run.submit((cell, {"text": CASES[cell["key"]]}) for cell in rest)
    assert run.finished()["counts"]["passed"] == len(CASES)
