"""The provider stand-in speaks as providers do: their own SDKs from PyPI call it, and take its answers, streams, usage and errors for true.

The SDKs live in an environment of their own (`scripts/venv providers`), as their dependencies are many and newer; their tests are in
`provider_sdks/`, a file for each.
"""
import contextlib, json, os, pathlib, re, resource, socket, subprocess, time
import pytest
from harness.server import REPOSITORY, wait_until
from harness.stand_in import DIRECT, StandIn

PYTHON = REPOSITORY / ".venv/providers/bin/python"
TESTS = pathlib.Path(__file__).parent / "provider_sdks"
SECONDS = 300


@pytest.fixture(scope="module")
def stand_in():
    with StandIn() as running:
        yield running


@pytest.mark.parametrize("sdk", sorted(path.stem for path in TESTS.glob("*_sdk.py")))
def test_sdk_takes_the_stand_in_for_its_provider(stand_in, sdk):
    # A proxy of the machine would be asked for the loopback address, too.
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    run = subprocess.run(
        [PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", TESTS, "--confcutdir", TESTS, "-c", os.devnull, TESTS / f"{sdk}.py"],
        env={**environment, "STAND_IN_URL": stand_in.origin}, cwd=TESTS, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS)
    assert run.returncode == 0, run.stdout[-20_000:] + run.stderr[-2_000:]


def test_it_is_as_slow_as_told():
    def seconds(slow, name):
        body = json.dumps({"model": name, "messages": [{"role": "user", "content": "x"}]}).encode()
        begin = time.monotonic()
        DIRECT.open(slow.url("compatible") + "/chat/completions", data=body, timeout=20).read()
        return time.monotonic() - begin

    with StandIn(delay_ms=300) as slow:
        assert seconds(slow, "stand-in") >= 0.3
        assert seconds(slow, "stand-in;delay_ms=0") < 0.3


def test_it_holds_ten_thousand_calls_on_one_thread_and_notices_who_leaves(stand_in):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    count = min(10_000, hard - 500)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    body = b'{"model": "held;fault=silence", "messages": [{"role": "user", "content": "x"}]}'
    request = b"POST /compatible/v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    port = int(stand_in.origin.rpartition(":")[2])

    def held():
        return stand_in.calls()["concurrency_by_model"]["held"]["in_progress"]

    with contextlib.ExitStack() as connections:
        for _ in range(count):
            connections.enter_context(socket.create_connection(("127.0.0.1", port))).sendall(request)
        wait_until(lambda: held() == count, 30, "every call to be held")
        status = pathlib.Path(f"/proc/{stand_in.process.pid}/status").read_text()
        # The one that waits for signals, the event loop.
        assert int(re.search(r"Threads:\s+(\d+)", status)[1]) == 2
    wait_until(lambda: held() == 0, 30, "every departure to be noticed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_sigterm_ends_it():
    with StandIn() as running:
        assert running.stop() == 0
