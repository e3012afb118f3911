"""The provider stand-in speaks as providers do: their own SDKs from PyPI call it, and take its answers, streams, usage and errors for true.

The SDKs live in an environment of their own (`scripts/venv providers`), as their dependencies are many and newer; their tests are in
`provider_sdks/`, a file for each.
"""
import os, pathlib, subprocess
import pytest
from harness.server import REPOSITORY
from harness.stand_in import StandIn

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


def test_sigterm_ends_it():
    with StandIn() as running:
        assert running.stop() == 0
