"""Servers for tests. Every one has a data directory and a loopback port of its own and is gone when its test or module is."""
import collections, os
import pytest
from harness.api import API
from harness.server import BINARY, DataDirectory, Server
from harness.stand_in import StandIn

SOAK = os.environ.get("SPANDREL_SOAK") == "1"
# The files that take longest, most of them with few tests: begun first, none of them is what one worker is still at when the others have
# nothing left to do. Those that wait stand between those that compute.
LONGEST = ["test_schema", "test_hostile_inputs", "test_knowledge_work", "test_browser_pages", "test_crash", "test_page_figures", "test_run_command",
           "test_secrets", "test_provider_calls", "test_exporter_snippets"]


def pytest_configure(config):
    if not BINARY.exists():
        pytest.exit(f"{BINARY} is not built: make build", returncode=2)


def pytest_collection_modifyitems(config, items):
    """`make soak` runs the tests marked so, `make test` the others; the longest files first, then those with most tests."""
    chosen = [item for item in items if (item.get_closest_marker("soak") is not None) == SOAK]
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    counts = collections.Counter(item.path for item in chosen)
    place = {path: (LONGEST.index(path.stem) if path.stem in LONGEST else len(LONGEST), -count, path) for path, count in counts.items()}
    items[:] = sorted(chosen, key=lambda item: place[item.path])


@pytest.fixture
def make_server():
    """Makes servers that a test starts, kills and starts again; `make_server(directory=...)` puts one on a directory in use."""
    servers, directories = [], []

    def make(*arguments, directory=None, **options):
        if directory is None:
            directory = DataDirectory()
            directories.append(directory)
        server = Server(directory, *arguments, **options)
        servers.append(server)
        return server

    yield make
    for server in servers:
        server.end()
    for directory in directories:
        directory.remove()


@pytest.fixture(scope="module")
def server():
    """One server for the tests of a module."""
    directory = DataDirectory()
    server = Server(directory)
    try:
        yield server.start()
    finally:
        server.end()
        directory.remove()


@pytest.fixture(scope="module")
def api(server):
    return API(server.url, server.key)


@pytest.fixture(scope="module")
def make_module_server_with():
    """Makes servers that live as long as their module, with arguments of their own."""
    servers = []

    def make(*arguments, **options):
        server = Server(DataDirectory(), *arguments, **options)
        servers.append(server)
        return server.start()

    yield make
    for server in servers:
        server.end()
        server.directory.remove()


@pytest.fixture(scope="module")
def make_module_server(make_module_server_with):
    """Makes servers that live as long as their module, and answers their API."""
    def make():
        server = make_module_server_with()
        return API(server.url, server.key)

    return make


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A failed test shows the last lines of its server."""
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        for name, value in getattr(item, "funcargs", {}).items():
            if isinstance(value, Server):
                report.sections.append((f"log of {name}", "\n".join(list(value.lines)[-60:])))


@pytest.fixture(scope="module")
def stand_in():
    """Providers that all tests of a file call."""
    with StandIn() as stand_in:
        yield stand_in


@pytest.fixture(scope="module")
def module_server(make_module_server_with):
    """One server for all tests of a file, which may call the stand-in."""
    return make_module_server_with("--allow-outbound", "127.0.0.0/8")
