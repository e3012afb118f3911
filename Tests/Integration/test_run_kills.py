"""kill -9 in the midst of runs: of workers, of the server, of the command line that started the run, in any order. Whatever is killed, a run ends
as it would have ended, and whoever waits for it hears the same verdict.

Each run is started by `spandrel run --wait` in a process of its own, and watched from outside: counted outcomes, events, verdict, traces, what the command
printed and its exit status. A schedule of kills is drawn from a seed that is printed:

    SPANDREL_KILL_SEED=7 pytest Tests/Integration/test_run_kills.py        the schedules of seed 7, 8, ...

Two schedules in the usual run, a hundred with SPANDREL_SOAK=1.
"""
import collections, os, random
import pytest
import requests
from harness.accounts import owner
from harness.command_line import Following
from harness.runs import FINAL, case, every_event, make_suite, roots, use_stand_in
from harness.server import BINARY, wait_until
from harness.stand_in import StandIn
from harness.workers import WorkerInstallation

CASES, REPETITIONS = 30, 4
CELLS = CASES * REPETITIONS
# Some cases are answered wrongly every time: the verdict has something to say.
WRONG = {3, 11, 19}
ARGUMENTS = (
    "--suite", "echo", "--target", "openai/gpt-4.1-mini", "--repetitions", str(REPETITIONS), "--concurrency", "8",
    "--gate", "min_pass_rate=0.5,stop_early=false", "--wait", "--json")
# A dead worker's cells wait for the end of their leases, a server's start for recovery.
SECONDS = 180
# Of a dead worker's cells, as docs/limits.md has it.
LEASE_SECONDS = 15
FIRST_SEED = int(os.environ.get("SPANDREL_KILL_SEED", random.randrange(1 << 31)))


class KilledRun:
    """A run that goes on while things are killed, and what came of it."""

    def __init__(self, installation):
        self.installation = installation
        self.sign_in()
        # The command line that started the run, and those that followed it after a kill; the last one lives.
        self.commands = [Following(installation.server, *ARGUMENTS)]
        advice = wait_until(self.commands[0].advice, SECONDS, "the run's start")
        assert advice[:3] == [str(BINARY), "run", "follow"], advice
        self.id = advice[3]
        # What a client has seen; it asks for what came after the last of these.
        self.events = []

    def sign_in(self):
        """Sessions outlive the server, this one is kept for fifteen minutes: a long soak signs in anew."""
        self.user = owner(self.installation.server)

    def kill_command(self):
        self.commands[-1].kill()

    def follow_again(self):
        """As the command said when it started the run."""
        _, *verb, run = self.commands[0].advice()
        self.commands.append(Following(self.installation.server, run, "--json", verb=verb))

    def follow(self):
        """Reads on behind the last event; nothing while the server is away."""
        after = self.events[-1]["sequence"] if self.events else 0
        try:
            self.events += self.user.call("GET", f"/api/v1/runs/{self.id}/events?limit=500&after={after}")["data"]
        except requests.ConnectionError:
            return

    def done_count(self):
        self.follow()
        return sum(event["type"] == "case.finished" for event in self.events)

    def attempts(self):
        return {event["data"]["attempt"] for event in self.events if event["type"] == "case.started"}

    def is_final(self):
        self.follow()
        return any(event["type"] in [f"run.{state}" for state in FINAL] for event in self.events)

    def await_outcomes(self, count):
        """Until so many outcomes were told; they may be all."""
        wait_until(lambda: self.done_count() >= count or self.is_final(), SECONDS, f"{count} outcomes")

    def end(self):
        """The run as the server has it, once the command line has ended, too."""
        wait_until(self.is_final, SECONDS, "the run's end")
        self.status = self.commands[-1].wait(SECONDS)
        return self.user.call("GET", f"/api/v1/runs/{self.id}")


def check(run, record, undisturbed):
    """What must hold of a run whatever was killed."""
    assert record["state"] == "finished", record
    wrong = len(WRONG) * REPETITIONS
    assert record["counts"] == {"cells": CELLS, "done": CELLS, "passed": CELLS - wrong, "failed": wrong, "errored": 0}
    assert record["verdict"] == undisturbed["verdict"]
    # Events: what was read across the kills is what is there, without a gap.
    assert [event["sequence"] for event in run.events] == list(range(1, len(run.events) + 1))
    assert every_event(run.user, run.id) == run.events
    # The command line: each that was killed told the events up to there, the last one all of them, the verdict, and its status.
    *killed, last = run.commands
    for command in killed:
        assert command.events() == run.events[:len(command.events())]
    assert last.events() == run.events
    assert last.messages()[-1]["id"] == run.id and last.messages()[-1]["verdict"] == undisturbed["verdict"]
    assert run.status == 0, "".join(last.err)
    # Every case has one counted outcome per repetition.
    finished = [event["data"] for event in run.events if event["type"] == "case.finished"]
    cells = collections.Counter((event["key"], event["target"], event["repetition"]) for event in finished)
    assert len(cells) == CELLS and set(cells.values()) == {1}
    # Each outcome's trace is in the store exactly once, with the spans of one attempt.
    traces = {event["trace_id"] for event in finished}
    assert len(traces) == CELLS
    found = wait_until(lambda: len(found := roots(run.user, run.id)) >= CELLS and found, SECONDS, "the run's traces")
    assert sorted(trace["trace_id"] for trace in found) == sorted(traces)
    assert {trace["span_count"] for trace in found} == {2}


@pytest.fixture(scope="module")
def stand_in():
    # Slow enough for a kill to come in the midst, quick enough for many of them.
    with StandIn(delay_ms=100) as stand_in:
        yield stand_in


@pytest.fixture(scope="module")
def installation(stand_in):
    with WorkerInstallation(workers=2, concurrency=4) as installation:
        user = owner(installation.server)
        use_stand_in(user, stand_in)
        make_suite(user, "echo", [case(number, answer="wrong" if number in WRONG else f"answer {number}") for number in range(CASES)])
        yield installation


@pytest.fixture(scope="module")
def undisturbed(installation):
    run = KilledRun(installation)
    record = run.end()
    check(run, record, record)
    return record


def test_a_killed_worker_costs_nothing_but_time(installation, undisturbed):
    # Now and then the killed one has no cell at that moment.
    for _ in range(3):
        run = KilledRun(installation)
        run.await_outcomes(CELLS // 4)
        installation.workers[0].kill()
        # Its cells are somebody else's once their leases have ended; the rest is for a machine with other things to do.
        wait_until(lambda: run.is_final() or run.attempts() == {1, 2}, LEASE_SECONDS + 60, "the lost cells")
        installation.workers[0].start()
        check(run, run.end(), undisturbed)
        if run.attempts() == {1, 2}:
            return
    assert False, "no kill met a worker at work"


def test_while_the_server_is_dead_the_workers_go_on(installation, undisturbed):
    run = KilledRun(installation)
    run.await_outcomes(CELLS // 4)
    seen = run.done_count()
    installation.server.kill()
    installation.server.start()
    run.sign_in()
    check(run, run.end(), undisturbed)
    assert seen < CELLS, "the server was killed in the midst"


def test_all_workers_dead_the_run_waits_for_new_ones(installation, undisturbed):
    run = KilledRun(installation)
    run.await_outcomes(CELLS // 4)
    for worker in installation.workers:
        worker.kill()
    assert not run.is_final()
    for worker in installation.workers:
        worker.start()
    check(run, run.end(), undisturbed)


def test_a_worker_the_server_and_the_command_line_killed_in_one_run(installation, undisturbed):
    run = KilledRun(installation)
    run.await_outcomes(CELLS // 6)
    # The run cannot end before this worker's leases do: whatever is killed now is killed in the midst.
    installation.workers[0].kill()
    run.await_outcomes(CELLS // 3)
    run.kill_command()
    run.await_outcomes(CELLS // 2)
    assert not run.is_final() and CELLS // 2 <= run.done_count() < CELLS
    installation.server.kill()
    # All three are dead, and the worker that is left goes on.
    installation.server.start()
    run.sign_in()
    run.follow_again()
    installation.workers[0].start()
    check(run, run.end(), undisturbed)
    assert run.attempts() == {1, 2}
    told = sum(event["type"] == "case.finished" for event in run.commands[0].events())
    assert 0 < told < CELLS, "the command line was killed in the midst"


class Schedule:
    """Kills drawn from a seed: who, after how many outcomes, and after how many more it is started again."""

    def __init__(self, seed):
        draw = random.Random(seed)
        # A cell may be lost four times before it counts as errored: fewer kills of workers than that.
        kills = draw.randint(1, 4)
        victims = ("worker 0", "worker 1", "server", "command line")
        self.steps = sorted(
            (draw.randrange(1, CELLS), draw.choice(victims), draw.choice((0, 0, draw.randrange(1, CELLS // 4)))) for _ in range(kills))

    def __str__(self):
        return ", ".join(f"{victim} at {count}, back after {pause} more" for count, victim, pause in self.steps)


def play(installation, run, schedule):
    for count, victim, pause in schedule.steps:
        run.await_outcomes(count)
        if victim == "server":
            # With the server away nobody sees outcomes: it comes back at once.
            installation.server.kill()
            installation.server.start()
            run.sign_in()
            continue
        worker = None if victim == "command line" else installation.workers[int(victim[-1])]
        worker.kill() if worker else run.kill_command()
        if pause:
            run.await_outcomes(min(CELLS, count + pause))
        worker.start() if worker else run.follow_again()


def try_schedule(installation, undisturbed, seed):
    schedule = Schedule(seed)
    print(f"SPANDREL_KILL_SEED={seed}: {schedule}")
    run = KilledRun(installation)
    play(installation, run, schedule)
    check(run, run.end(), undisturbed)


@pytest.mark.parametrize("number", range(2))
def test_random_kills(installation, undisturbed, number):
    try_schedule(installation, undisturbed, FIRST_SEED + number)


@pytest.mark.soak
@pytest.mark.parametrize("number", range(100))
def test_many_random_kills(installation, undisturbed, number):
    try_schedule(installation, undisturbed, FIRST_SEED + number)
