"""For the tests that run with the providers' own SDKs, in an environment of their own: `../test_provider_stand_in.py` starts them and
says where the stand-in is."""
import itertools, os, pathlib, sys
import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness.stand_in import StandIn  # noqa: E402

_numbers = itertools.count()


@pytest.fixture(scope="session")
def stand_in():
    running = StandIn()
    running.origin = os.environ["STAND_IN_URL"]
    return running


@pytest.fixture
def key(request):
    """A key of its own for each test, so that no test counts another's calls."""
    return f"{request.node.nodeid}-{next(_numbers)}"
