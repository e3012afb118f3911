"""Workers as processes of their own: what they need, what they do, and what they leave alone."""
import json, re, subprocess
import pytest
import requests
from harness.accounts import owner
from harness.cluster import PostgresCluster
from harness.runs import case, every_event, finished, make_suite, roots, target, use_stand_in
from harness.server import BINARY, wait_until
from harness.workers import Worker, WorkerInstallation

CASES = 20
GATE = {"minimum_pass_rate": 0.5, "stop_early": False}


@pytest.fixture(scope="module")
def installation():
    with WorkerInstallation() as installation:
        yield installation


@pytest.fixture(scope="module")
def user(installation, stand_in):
    user = owner(installation.server)
    use_stand_in(user, stand_in)
    make_suite(user, "echo", [case(number, answer=f"answer {number}") for number in range(CASES)])
    return user


def start(user, **more):
    return user.call("POST", "/api/v1/runs", {"suite": "echo", "targets": [target()], "gate": GATE, **more}, 202)["id"]


def test_processes_do_the_runs_of_a_server_that_has_no_worker(user):
    run = finished(user, start(user, repetitions=3))
    assert run["state"] == "finished" and run["verdict"]["result"] == "pass", run
    assert run["counts"] == {"cells": 3 * CASES, "done": 3 * CASES, "passed": 3 * CASES, "failed": 0, "errored": 0}


def test_their_spans_come_to_the_server(user):
    run = start(user, name="traced")
    finished(user, run)
    found = wait_until(lambda: len(found := roots(user, run)) == CASES and found, 60, "the run's traces")
    assert len({trace["trace_id"] for trace in found}) == CASES


def test_a_stopped_worker_ends_what_it_has_begun_and_another_goes_on(installation, user):
    run = start(user, repetitions=20, concurrency=4)
    wait_until(lambda: user.call("GET", f"/api/v1/runs/{run}")["counts"]["done"] > 0, 60, "the first outcomes")
    assert installation.workers[1].stop() == 0
    assert '"message":"stopped"' in installation.workers[1].log()
    assert finished(user, run, 120)["counts"]["done"] == 20 * CASES
    assert {event["data"].get("attempt", 1) for event in every_event(user, run)} == {1}, "nothing was lost"
    installation.workers[1].start()


def test_spans_wait_while_the_server_is_away(installation, user):
    run = start(user, repetitions=30, concurrency=4)
    wait_until(lambda: user.call("GET", f"/api/v1/runs/{run}")["counts"]["done"] > 0, 60, "the first outcomes")
    installation.server.stop()
    # The workers go on: they need PostgreSQL alone.
    wait_until(lambda: any("spans of runs wait" in worker.log() for worker in installation.workers), 60, "waiting spans")
    installation.server.start()
    again = owner(installation.server)
    assert finished(again, run, 120)["counts"]["done"] == 30 * CASES
    found = wait_until(lambda: len(found := roots(again, run)) == 30 * CASES and found, 120, "the run's traces")
    assert len({trace["trace_id"] for trace in found}) == 30 * CASES
    user.session.headers["Authorization"] = again.session.headers["Authorization"]


def test_a_credential_is_made_listed_and_revoked_on_the_command_line(installation, user):
    def spandrel(*arguments):
        done = subprocess.run(
            [str(BINARY), "worker", *arguments, "--data-dir", str(installation.server.data)], stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=60, check=True)
        return done.stdout

    token = re.search(r"spdw_\w{49}", spandrel("create", "by hand")).group()
    listed = [json.loads(line) for line in spandrel("list", "--json").splitlines()]
    made = next(item for item in listed if item["name"] == "by hand")
    assert token not in json.dumps(listed) and made["revoked_at"] is None
    assert export(installation, user, token).status_code == 200
    assert made["id"] in spandrel("revoke", made["id"])
    assert export(installation, user, token).status_code == 401


def export(installation, user, token):
    """An empty export with a worker's token."""
    headers = {"Authorization": f"Bearer {token}", "Spandrel-Project-ID": user.project, "Content-Type": "application/x-protobuf"}
    return requests.post(installation.server.url + "/v1/traces", data=b"", headers=headers, timeout=60)


@pytest.mark.parametrize("wrong, message", [
    (("--credential-file", "/nonexistent"), "does not exist"),
    (("--master-key-file", "/nonexistent"), "master key is missing"),
    (("--concurrency", "0"), "--concurrency"),
])
def test_what_is_missing_is_said(installation, wrong, message):
    worker = installation.make_worker("wrong", *wrong).launch()
    assert worker.wait() != 0
    assert message in worker.log()


def test_a_database_that_is_not_migrated_is_left_as_it_is(installation):
    cluster = PostgresCluster().start()
    try:
        worker = Worker(
            "--database-url", cluster.url, "--server", installation.server.url, "--credential-file", installation.token,
            "--master-key-file", installation.server.data / "master.key").launch()
        assert worker.wait() != 0
        assert "spandrel migrate" in worker.log()
        cluster.execute("DO $$ BEGIN ASSERT to_regclass('spandrel_migrations') IS NULL; END $$")
    finally:
        cluster.remove()


def test_a_worker_never_makes_a_master_key(installation):
    path = installation.directory.parent / "none.key"
    worker = installation.make_worker("keyless", "--master-key-file", path).launch()
    assert worker.wait() != 0
    assert not path.exists()
