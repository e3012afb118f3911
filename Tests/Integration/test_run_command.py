"""`spandrel run` against a real server and a provider's stand-in: exit statuses, reports, following through restarts, signals, `--exec`."""
import contextlib, json, os, pty, re, signal, subprocess, sys, time
import pytest
from junitparser import JUnitXml, Properties
from harness.accounts import owner
from harness.command_line import Following, command, environment
from harness.server import BINARY, REPOSITORY, wait_until
from harness.stand_in import directive

CASES = 12
TARGET = "openai/gpt-4.1-mini"
HOSTILE = 'nul \x00 esc \x1b[2J bell \x07 ]]> <b> & "q" | `c` @all \ufffe\uffff 🙂 \u202e\r\n# h'


@pytest.fixture(scope="module")
def user(module_server, stand_in):
    """The owner, with a credential that leads to the stand-in."""
    user = owner(module_server)
    credential = {"provider": "openai", "name": "stand-in", "secret": "sk-0123456789", "base_url": stand_in.url("openai")}
    user.call("POST", f"{user.organization_path}/provider-credentials", credential, 201)
    return user


def case(number, wrong=(), scorers=({"kind": "exact"},), **steering):
    answer = steering.pop("answer", "wrong" if number in wrong else f"answer {number}")
    return {
        "key": f"case-{number:03}", "input": f"question {number} " + directive(answer=answer, **steering),
        "expected": f"answer {number}", "scorers": list(scorers),
    }


@pytest.fixture(scope="module")
def make_suite(user):
    """Makes a suite of a name once."""
    made = set()

    def make(name, cases):
        if name not in made:
            suite = user.call("POST", "/api/v1/suites", {"name": name}, 201)["id"]
            user.call("POST", f"/api/v1/suites/{suite}/test-cases", {"put": cases}, 200)
            made.add(name)
        return name

    return make


@pytest.fixture(scope="module")
def good(make_suite):
    return make_suite("good", [case(number) for number in range(CASES)])


@pytest.fixture(scope="module")
def bad(make_suite):
    return make_suite("bad", [case(number, wrong=range(CASES // 2)) for number in range(CASES)])


@pytest.fixture(scope="module")
def slow(make_suite):
    """Takes some seconds with two calls at a time."""
    return make_suite("slow", [case(number, delay_ms=400) for number in range(20)])


def run(server, *arguments, status=0, verb=("run",), variables=None, **options):
    done = subprocess.run(
        command(server, *arguments, verb=verb), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=180,
        env=environment(**(variables or {})), **options)
    assert done.returncode == status, f"{arguments}: exit {done.returncode}\n{done.stdout}\n{done.stderr}\n{server.log()[-3000:]}"
    return done


# Exit statuses


def test_a_run_without_waiting_prints_its_id_and_how_to_follow_it(module_server, user, good):
    done = run(module_server, "--suite", good, "--target", TARGET)
    run_id = done.stdout.strip()
    assert re.fullmatch(r"[0-9a-f-]{36}", run_id) and f"run follow {run_id}" in done.stderr
    followed = run(module_server, run_id, verb=("run", "follow"))
    assert followed.stdout.startswith(f"pass: {good}, run {run_id}")
    shown = run(module_server, run_id, verb=("run", "show")).stdout
    assert shown.startswith("pass: ") and "12 passed" in shown
    assert run_id in run(module_server, verb=("run", "list")).stdout


def test_a_run_that_passes_ends_with_0(module_server, good):
    assert "pass: good" in run(module_server, "--suite", good, "--target", TARGET, "--wait").stdout


def test_a_gate_that_is_missed_ends_with_100_and_names_the_cases(module_server, bad):
    done = run(module_server, "--suite", bad, "--target", TARGET, "--wait", "--gate", "min_pass_rate=0.99", status=100)
    assert done.stdout.startswith("fail: bad") and "failed case-003: exact:" in done.stderr


def test_without_a_gate_nothing_may_fail(module_server, bad):
    run(module_server, "--suite", bad, "--target", TARGET, "--wait", status=100)


def test_too_little_evidence_ends_with_101(module_server, bad):
    done = run(module_server, "--suite", bad, "--target", TARGET, "--wait", "--gate", "min_pass_rate=0.5", status=101)
    assert done.stdout.startswith("not enough evidence: bad")


def test_a_run_that_cannot_be_done_ends_with_1(module_server, good):
    done = run(module_server, "--suite", good, "--target", "anthropic/claude-x", "--wait", status=1)
    assert done.stdout.startswith("failed: good") and "anthropic" in done.stdout
    assert "no suite" in run(module_server, "--suite", "nothing", "--target", TARGET, status=1).stderr


@pytest.mark.parametrize("arguments", [
    ["--suite", "x"], ["--target", TARGET], ["--suite", "x", "--suite-file", "y", "--target", TARGET], ["--suite", "x", "--target", "gpt"],
    ["--suite", "x", "--target", "nobody/gpt"], ["--suite", "x", "--target", TARGET, "--gate", "pass_rate=1"],
    ["--suite", "x", "--target", TARGET, "--repetitions", "0"], ["--suite", "x", "--exec", "a | b"], ["--suite", "x", "--exec", "'a"],
    ["--suite", "x", "--target", "@/nowhere.json"], ["--frobnicate"],
])
def test_wrong_usage_ends_with_2_before_anything_is_sent(module_server, arguments):
    done = run(module_server, *arguments, status=2)
    assert done.stderr.startswith("Error: ") and done.stdout == ""


def test_several_targets_are_judged_each(module_server, user, good, tmp_path):
    target = {"name": "warm", "kind": "model", "provider": "openai", "model": "gpt-4.1", "parameters": {"temperature": 1}}
    (tmp_path / "t.json").write_text(json.dumps([target]))
    done = run(module_server, "--suite", good, "--target", f"{TARGET},openai/gpt-4.1-nano", "--target", f"@{tmp_path / 't.json'}", "--wait",
               "--repetitions", "2", "--name", "three")
    for name in (TARGET, "openai/gpt-4.1-nano", "warm"):
        assert f"{name}: pass; 24 passed" in done.stdout


def test_the_ci_system_tells_branch_and_commit_and_baselines_are_found_by_the_branch(module_server, user, make_suite):
    suite = make_suite("baseline", [case(number) for number in range(40)])
    gitHub = {"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_SHA": "c0ffee", "GITHUB_REF_NAME": "main"}
    first = json.loads(run(module_server, "--suite", suite, "--target", TARGET, "--json", variables=gitHub).stdout)
    assert first["specification"]["metadata"] == {"branch": "main", "commit": "c0ffee"}
    run(module_server, first["id"], verb=("run", "follow"))
    done = run(module_server, "--suite", suite, "--target", TARGET, "--wait", "--json", "--baseline", "main", "--gate", "max_regression=0.2",
               "--branch", "fix", "--commit", "1234", "--idempotency-key", "job-1")
    ended = json.loads(done.stdout.splitlines()[-1])
    assert ended["baseline_run_id"] == first["id"] and ended["specification"]["metadata"] == {"branch": "fix", "commit": "1234"}
    again = run(module_server, "--suite", suite, "--target", TARGET, "--baseline", "main", "--gate", "max_regression=0.2",
                "--branch", "fix", "--commit", "1234", "--idempotency-key", "job-1")
    assert again.stdout.strip() == ended["id"]


# Following


def test_every_event_is_seen_once_and_in_order(module_server, good):
    done = run(module_server, "--suite", good, "--target", TARGET, "--wait", "--json")
    *messages, ended = [json.loads(line) for line in done.stdout.splitlines()]
    events = [message["sequence"] for message in messages if message["type"] not in ("hello", "progress")]
    assert events == list(range(1, len(events) + 1)) and ended["state"] == "finished"
    assert sum(message["type"] == "case.finished" for message in messages) == CASES


def test_a_log_has_lines_and_no_control_characters(module_server, slow):
    done = run(module_server, "--suite", slow, "--target", TARGET, "--concurrency", "4", "--wait")
    assert "run is running" in done.stderr and re.search(r"^\d+/20  \d+ passed", done.stderr, re.M)
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", done.stderr + done.stdout)


def test_a_terminal_has_a_bar_that_is_drawn_a_few_times_a_second(module_server, slow):
    controller, terminal = pty.openpty()
    process = subprocess.Popen(
        command(module_server, "--suite", slow, "--target", TARGET, "--concurrency", "4", "--wait"), stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=terminal, env=environment(TERM="xterm"))
    os.close(terminal)
    shown, start = b"", time.monotonic()
    with contextlib.suppress(OSError):
        while data := os.read(controller, 65536):
            shown += data
    seconds = time.monotonic() - start
    os.close(controller)
    assert process.wait(60) == 0
    bars = shown.count(b"\r[")
    assert b"20/20  20 passed" in shown and 2 <= bars <= 4 * seconds + 2, shown[-400:]


@pytest.mark.parametrize("number, status", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_command_leaves_the_run_going_and_says_how_to_follow_it(module_server, user, slow, number, status):
    with Following(module_server, "--suite", slow, "--target", TARGET, "--concurrency", "2", "--wait") as following:
        wait_until(lambda: any("run is running" in line for line in following.err), 30, "the run to be followed")
        following.process.send_signal(number)
        assert following.wait(20) == status
    words = "".join(following.err)
    run_id = re.search(r"run follow ([0-9a-f-]{36})", words)[1]
    assert "The run goes on" in words
    assert user.call("GET", f"/api/v1/runs/{run_id}")["state"] == "running"
    assert "pass: slow" in run(module_server, run_id, verb=("run", "follow")).stdout


def test_a_killed_command_costs_nothing_as_the_run_can_be_followed_again(module_server, user, slow):
    with Following(module_server, "--suite", slow, "--target", TARGET, "--concurrency", "4", "--wait", "--json") as following:
        wait_until(lambda: any(m["type"] == "case.finished" for m in following.messages()), 30, "a result")
        run_id = following.messages()[0]["task_id"]
        following.process.kill()
    done = run(module_server, run_id, "--json", verb=("run", "follow"))
    *messages, ended = [json.loads(line) for line in done.stdout.splitlines()]
    events = [message["sequence"] for message in messages if message["type"] not in ("hello", "progress")]
    assert events == list(range(1, len(events) + 1)) and ended["counts"]["passed"] == 20


def test_a_server_that_is_killed_and_started_again_is_followed_on(make_server, stand_in):
    """In a server of its own: it is killed in the middle of a run, twice."""
    server = make_server("--allow-outbound", "127.0.0.0/8").start()
    user = owner(server)
    credential = {"provider": "openai", "name": "stand-in", "secret": "sk-0123456789", "base_url": stand_in.url("openai")}
    user.call("POST", f"{user.organization_path}/provider-credentials", credential, 201)
    suite = user.call("POST", "/api/v1/suites", {"name": "long"}, 201)["id"]
    user.call("POST", f"/api/v1/suites/{suite}/test-cases", {"put": [case(number, delay_ms=300) for number in range(40)]}, 200)
    with Following(server, "--suite", "long", "--target", TARGET, "--concurrency", "4", "--wait", "--json") as following:
        for count in (4, 16):
            wait_until(lambda: sum(m["type"] == "case.finished" for m in following.messages()) >= count, 60, f"{count} results")
            server.kill()
            assert following.process.poll() is None
            server.start()
        assert following.wait(150) == 0, "".join(following.err) + server.log()
    *messages, ended = following.messages()
    events = [message["sequence"] for message in messages if message["type"] not in ("hello", "progress")]
    assert events == list(range(1, len(events) + 1)), "the stream has a gap or repeats itself"
    assert ended["counts"] == {"cells": 40, "done": 40, "passed": 40, "failed": 0, "errored": 0}


# Steering


def test_runs_are_paused_resumed_changed_and_cancelled(module_server, user, slow):
    run_id = run(module_server, "--suite", slow, "--target", TARGET, "--concurrency", "1").stdout.strip()
    wait_until(lambda: user.call("GET", f"/api/v1/runs/{run_id}")["state"] == "running", 30, "the run's begin")
    assert "paused" in run(module_server, run_id, verb=("run", "pause")).stdout
    assert "running" in run(module_server, run_id, verb=("run", "resume")).stdout
    run(module_server, run_id, "--concurrency", "2", verb=("run", "update"))
    assert user.call("GET", f"/api/v1/runs/{run_id}")["concurrency"] == 2
    with Following(module_server, run_id, verb=("run", "follow")) as following:
        wait_until(lambda: following.err, 30, "the follower")
        assert "cancelled" in run(module_server, run_id, verb=("run", "cancel")).stdout
        assert following.wait(30) == 1
    assert "".join(following.out).startswith("cancelled: slow")


# Reports


@pytest.fixture(scope="module")
def hostile(make_suite):
    """Keys, answers and reasons full of what XML, Markdown and terminals take amiss."""
    cases = [
        {"key": "key ]]> <&\"'> | `x` 🙂 \u202e", "input": "q " + directive(answer=HOSTILE), "expected": "Paris", "scorers": [{"kind": "exact"}]},
        {"key": "long", "input": "q " + directive(answer="y" * 100_000), "expected": "Paris", "scorers": [{"kind": "exact"}]},
        {"key": "surrogates", "input": "q " + directive(answer='{"text": "\\ud800 \\udfff \\ud83d\\ude42"}'), "expected": "x", "scorers": [{"kind": "json_equal"}]},
        case(1), case(2),
    ]
    return make_suite("hostile ]]> | <b> 🙂", cases)


def test_junit_is_read_by_others_whatever_the_model_wrote(module_server, hostile, tmp_path):
    out = tmp_path / "out.xml"
    run(module_server, "--suite", hostile, "--target", TARGET, "--repetitions", "2", "--junit", str(out), status=100)
    assert list(tmp_path.iterdir()) == [out]
    xml = JUnitXml.fromfile(str(out))
    assert (xml.tests, xml.failures, xml.errors) == (5, 3, 0) and xml.name == hostile
    suite, = xml
    assert suite.name == TARGET and suite.tests == 5 and suite.time > 0
    assert {p.name: p.value for p in suite.properties()}["verdict"] == "fail"
    cases = {found.name: found for found in suite}
    assert len(cases) == 5 and not cases["case-001"].result
    strange = next(found for name, found in cases.items() if name.startswith("key ]]> <&\"'> | `x` 🙂"))
    failure, = strange.result
    assert failure.message.startswith("0 of 2 passed, 2 failed: exact:") and "repetition 2: failed" in failure.text
    assert "]]> <b> & \"q\"" in strange.system_out and "/api/v1/traces/" in strange.system_out and "🙂" in strange.system_out
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", out.read_text())
    assert 10_000 < len(cases["long"].system_out) < 20_000
    # Escapes in a text are text: nobody makes half characters of them.
    assert "\\ud800 \\udfff \\ud83d" in cases["surrogates"].system_out
    properties = {p.name: p.value for p in strange.child(Properties)}
    assert properties["failed"] == "2" and properties["trace"].startswith(module_server.url) and "score.exact" in properties


def test_a_summary_is_markdown_that_the_model_cannot_break(module_server, hostile, tmp_path):
    out = tmp_path / "out.md"
    run(module_server, "--suite", hostile, "--target", TARGET, "--summary", str(out), status=100)
    text = out.read_text()
    assert text.startswith("## ❌ ") and "Cases that did not pass: 3" in text and "<b>" not in text
    tables = [line for line in text.splitlines() if line.startswith("| ")]
    assert {line.count("|") for line in tables} == {8, 6}
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", text) and "@all" not in text
    trace, = set(re.findall(r"/api/v1/traces/([0-9a-f]{32})", tables[-1]))
    assert "test case" in wait_until(
        lambda: subprocess.run(command(module_server, trace, verb=("trace",)), capture_output=True, text=True, env=environment()).stdout, 20, "the trace")


def test_a_step_summary_of_github_is_added_to(module_server, good, tmp_path):
    out = tmp_path / "step.md"
    out.write_text("before\n")
    run(module_server, "--suite", good, "--target", TARGET, "--summary", str(out), variables={"GITHUB_STEP_SUMMARY": str(out)})
    assert out.read_text().startswith("before\n## ✅ good: pass")


def test_reports_of_a_run_that_failed_are_written_too_and_where_they_cannot_be_it_is_told(module_server, good, tmp_path):
    out = tmp_path / "out.xml"
    run(module_server, "--suite", good, "--target", "anthropic/claude-x", "--junit", str(out), status=1)
    assert JUnitXml.fromfile(str(out)).tests == 0
    done = run(module_server, "--suite", good, "--target", TARGET, "--junit", "/nowhere/out.xml", status=1)
    assert "/nowhere/out.xml cannot be written" in done.stderr and "pass: good" in done.stdout


def test_reports_are_read_page_by_page(module_server, make_suite, tmp_path):
    """More outcomes than a page has, of two targets."""
    suite = make_suite("pages", [case(number, wrong=range(0, 400, 7)) for number in range(400)])
    out, summary = tmp_path / "out.xml", tmp_path / "out.md"
    run(module_server, "--suite", suite, "--target", f"{TARGET},openai/other", "--repetitions", "2", "--junit", str(out), "--summary", str(summary), status=100)
    xml = JUnitXml.fromfile(str(out))
    assert [(s.name, s.tests, s.failures) for s in xml] == [(TARGET, 400, 58), ("openai/other", 400, 58)]
    assert all([found.name for found in suite] == [f"case-{number:03}" for number in range(400)] for suite in xml)
    assert "Cases that did not pass: 116" in summary.read_text() and "and 66 more" in summary.read_text()


# The command beside the code under test


ANSWER = """
import json, os, pathlib, sys, time
case = json.load(sys.stdin)
text = case["input"]["variables"]["input"] if isinstance(case["input"], dict) else case["input"]
number = int(text.split()[1])
assert os.environ["SPANDREL_CASE_KEY"] == case["key"] == f"case-{number:03}" and os.environ["SPANDREL_RUN_ID"] == case["run_id"]
if len(sys.argv) > 1:
    with open(sys.argv[1], "a") as log:
        log.write(f"{number} {os.getpid()}\\n")
if len(sys.argv) > 2:
    time.sleep(float(sys.argv[2]))
if number == 3:
    print("a traceback", file=sys.stderr)
    sys.exit(7)
print("wrong" if number == 5 else f"answer {number}")
"""


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    path = tmp_path_factory.mktemp("exec") / "answer.py"
    path.write_text(ANSWER)
    return f"{sys.executable} {path}"


def test_a_command_answers_the_cases(module_server, user, good, answer, tmp_path):
    out, log = tmp_path / "out.xml", tmp_path / "log"
    run(module_server, "--suite", good, "--exec", f"{answer} {log}", "--exec-concurrency", "3", "--junit", str(out),
        "--gate", "min_pass_rate=0.99,max_error_rate=0.2", status=100)
    assert sorted(int(line.split()[0]) for line in log.read_text().splitlines()) == list(range(CASES))
    suite, = JUnitXml.fromfile(str(out))
    cases = {found.name: found for found in suite}
    assert (suite.name, suite.tests, suite.failures, suite.errors) == ("exec", CASES, 1, 1)
    error, = cases["case-003"].result
    assert "status 7" in error.message and "a traceback" in error.text
    assert "wrong" in cases["case-005"].system_out and cases["case-001"].time > 0


def test_a_command_beside_models_is_one_of_the_targets(module_server, good, answer):
    done = run(module_server, "--suite", good, "--target", TARGET, "--exec", answer, "--gate", "min_pass_rate=0.3,max_error_rate=0.2", "--wait")
    assert f"{TARGET}: pass; 12 passed" in done.stdout and "exec: pass; 10 passed, 1 failed, 1 errored" in done.stdout


def test_a_command_that_is_not_there_starts_no_run(module_server, good):
    assert "no program" in run(module_server, "--suite", good, "--exec", "frobnicate-nothing", status=1).stderr


def test_an_interrupted_command_line_gives_its_cases_back_and_leaves_no_process(module_server, user, make_suite, answer, tmp_path):
    suite, log = make_suite("left", [case(number) for number in range(20, 26)]), tmp_path / "log"
    with Following(module_server, "--suite", suite, "--exec", f"{answer} {log} 300", "--exec-concurrency", "2") as following:
        wait_until(lambda: log.exists() and len(log.read_text().splitlines()) == 2, 30, "two commands")
        following.process.send_signal(signal.SIGINT)
        assert following.wait(30) == 130
    words = "".join(following.err)
    run_id = re.search(r"run follow ([0-9a-f-]{36}) --exec", words)[1]
    for line in log.read_text().splitlines():
        with pytest.raises(ProcessLookupError):
            os.kill(int(line.split()[1]), 0)
    assert "exec: pass; 6 passed" in run(module_server, run_id, "--exec", answer, verb=("run", "follow")).stdout
    outcomes = user.call("GET", f"/api/v1/runs/{run_id}/outcomes")["data"]
    attempts = [user.call("GET", f"/api/v1/runs/{run_id}/outcomes/{outcome['id']}")["attempts"] for outcome in outcomes]
    # What is given back costs no attempt, and nothing waited for a lease to run out: one attempt by a command, one by a worker.
    assert all([(one["number"], one["result"]) for one in those] == [(1, "succeeded"), (2, "succeeded")] for those in attempts), attempts


def test_a_command_that_takes_too_long_is_an_error_of_its_case(module_server, make_suite, answer, tmp_path):
    suite = make_suite("late", [case(30)])
    done = run(module_server, "--suite", suite, "--exec", f"{answer} {tmp_path / 'log'} 60", "--exec-timeout", "1", status=101)
    assert "took longer than 1 s" in done.stderr


def test_a_shell_is_one_when_it_is_asked_for(module_server, make_suite):
    suite = make_suite("shell", [{"key": "a", "input": "q", "expected": "Q-a", "scorers": [{"kind": "exact"}]}])
    run(module_server, "--suite", suite, "--exec", "sh -c 'cat > /dev/null; echo q-$SPANDREL_CASE_KEY | sed s/q/Q/'")


def test_spans_of_the_code_under_test_join_the_trace_of_their_case(module_server, user, make_suite):
    scorers = [{"kind": "contains"}]
    suite = make_suite("traced", [{"key": "a", "input": "q", "expected": "00-", "scorers": scorers}])
    done = run(module_server, "--suite", suite, "--exec", "printenv TRACEPARENT", "--json")
    run_id = json.loads(done.stdout.splitlines()[-1])["id"]
    listed, = user.call("GET", f"/api/v1/runs/{run_id}/outcomes")["data"]
    outcome = user.call("GET", f"/api/v1/runs/{run_id}/outcomes/{listed['id']}")
    assert outcome["output"]["text"] == f"00-{outcome['trace_id']}-{outcome['span_id']}-01"


def test_commands_outlive_a_restart_of_the_server(make_server, answer, tmp_path):
    server, log = make_server().start(), tmp_path / "log"
    user = owner(server)
    suite = user.call("POST", "/api/v1/suites", {"name": "e"}, 201)["id"]
    user.call("POST", f"/api/v1/suites/{suite}/test-cases", {"put": [case(number) for number in range(40, 60)]}, 200)
    with Following(server, "--suite", "e", "--exec", f"{answer} {log} 0.5", "--exec-concurrency", "2") as following:
        wait_until(lambda: log.exists() and len(log.read_text().splitlines()) >= 4, 30, "some commands")
        server.kill()
        server.start()
        assert following.wait(120) == 0, "".join(following.err) + server.log()
    assert "20 passed" in "".join(following.out)


# Suite files


SUITE = """
name: from-a-file
defaults: {scorers: [{kind: exact}]}
cases:
"""


def suite_file(path, answers):
    lines = [f"  - {{key: k{number}, input: {json.dumps('q ' + directive(answer=answer))}, expected: right}}" for number, answer in enumerate(answers)]
    path.write_text(SUITE + "\n".join(lines) + "\n")
    return path


def test_a_suite_file_becomes_a_version_when_it_changed(module_server, tmp_path):
    file = suite_file(tmp_path / "suite.yaml", ["right"] * 3)
    first = run(module_server, "--suite-file", str(file), "--target", TARGET, "--wait")
    assert "suite from-a-file, version 1: 3 added" in first.stderr and first.stdout.startswith("pass: from-a-file")
    again = run(module_server, "--suite-file", str(file), "--target", TARGET, "--wait")
    assert "suite from-a-file, version 1\n" in again.stderr
    suite_file(file, ["right", "wrong"])
    changed = run(module_server, "--suite-file", str(file), "--target", TARGET, "--wait", status=100)
    assert "version 2: 1 changed, 1 removed" in changed.stderr and "failed k1: exact:" in changed.stderr


def test_a_suite_file_may_come_from_standard_input(module_server, tmp_path):
    with suite_file(tmp_path / "suite.yaml", ["right"]).open() as file:
        done = subprocess.run(command(module_server, "--suite-file", "-", "--target", TARGET, "--wait"), stdin=file, capture_output=True, text=True,
                              timeout=60, env=environment())
    assert done.returncode == 0, done.stderr


def test_a_suite_file_that_is_none_is_told_with_its_lines(module_server, tmp_path):
    (tmp_path / "suite.yaml").write_text("name: broken\ncases:\n  - {key: a, input: x, scorers: [{kind: nothing}]}\n")
    done = run(module_server, "--suite-file", str(tmp_path / "suite.yaml"), "--target", TARGET, status=1)
    assert "the run could not be started" in done.stderr and "line 3" in done.stderr
    run(module_server, "--suite-file", str(tmp_path / "nothing.yaml"), "--target", TARGET, status=2)


def test_the_workflow_for_github_runs_as_it_stands(module_server, tmp_path):
    """Its `spandrel run` step, in bash, with what GitHub would fill in. Without a run of main there is nothing to compare with: 101."""
    workflow = (REPOSITORY / "docs/examples/github-actions.yml").read_text()
    script = re.search(r"( +)(spandrel run (?:.*\\\n)+.*)", workflow)[2]
    script = re.sub(r"\$\{\{[^}]*\}\}", "7", script)
    (tmp_path / "tests").mkdir()
    suite_file(tmp_path / "tests/geography.yaml", ["right"] * 40)
    (tmp_path / "spandrel").symlink_to(BINARY)
    variables = environment(
        PATH=f"{tmp_path}:{os.environ['PATH']}", CI="true", GITHUB_ACTIONS="true", GITHUB_REF_NAME="main", GITHUB_SHA="c0ffee",
        GITHUB_STEP_SUMMARY=str(tmp_path / "step.md"), SPANDREL_URL=module_server.url, SPANDREL_API_KEY=module_server.key)
    for attempt, status in ((1, 101), (2, 0)):
        done = subprocess.run(["bash", "-ec", script.replace('"7-7-', f'"7-{attempt}-')], cwd=tmp_path, env=variables, capture_output=True, text=True, timeout=120)
        assert done.returncode == status, done.stdout + done.stderr
    assert JUnitXml.fromfile(str(tmp_path / "test-cases.xml")).tests == 40
    assert (tmp_path / "step.md").read_text().count("## ") == 2
