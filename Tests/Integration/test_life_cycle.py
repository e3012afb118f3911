"""Start, stop and what may happen in between: one server per directory, a drain that loses nothing, a PostgreSQL that dies."""
import json, os, pwd, signal, stat
import pytest
import requests
from harness.api import API
from harness.load import Load, Request, check, send_again
from harness.server import wait_until


def test_first_start_writes_credentials_only_the_owner_can_read(server):
    path = server.data / "credentials.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    credentials = json.loads(path.read_text())
    assert credentials.keys() >= {"url", "project_id", "api_key", "email", "password"}
    assert credentials["url"] == server.url
    assert any(str(path) in line or "credentials.json" in line for line in server.lines)
    assert credentials["api_key"] not in server.log()


def test_the_last_line_of_start_up_says_where_it_listens(make_server):
    server = make_server().start()
    assert [line for line in server.lines if f"listening on {server.url}" in line] == [server.lines[-1]]


def test_a_second_server_on_the_same_directory_is_refused_with_a_clear_message(server, make_server):
    second = make_server(directory=server.directory)
    second.launch()
    assert second.wait() != 0
    assert str(server.data) in second.log()
    assert any(word in second.log().lower() for word in ("in use", "another", "locked"))
    assert API(server.url, server.key).request("GET", "/health/ready").status_code == 200


def test_a_port_in_use_is_said_and_leaves_nothing_running(server, make_server):
    other = make_server(port=server.port)
    other.launch()
    assert other.wait() != 0
    assert str(server.port) in other.log()
    assert other.directory.postmaster() is None


def test_sigterm_under_load_loses_nothing_acknowledged(make_server):
    server = make_server().start()
    load = Load(server, "sigterm", 0)
    load.wait_for(100)
    server.process.send_signal(signal.SIGTERM)
    assert server.wait() == 0, server.log()
    load.end()
    server.start()
    api = API(server.url, server.key)
    unanswered = load.unanswered + load.refused
    count = check(api, load.acknowledged, unanswered)
    assert api.span_count() == count
    send_again(server, unanswered)
    assert api.span_count() == check(api, load.acknowledged + unanswered, [])


def test_sigterm_stops_the_private_postgresql_too(make_server):
    server = make_server().start()
    assert server.directory.postmaster() is not None
    assert server.stop() == 0, server.log()
    assert server.directory.postmaster() is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_as_root_postgresql_runs_under_the_account_postgres(server):
    """Not in a user namespace: those are refused inside a chroot and in many containers."""
    owner = (server.data / "postgres/data").stat().st_uid
    assert owner == pwd.getpwnam("postgres").pw_uid
    assert (server.data / "store").stat().st_mode & 0o077 == 0, "spans are nobody else's business"


def test_keys_and_projects_survive_a_kill_and_a_restart(make_server):
    server = make_server().start()
    api = API(server.url, server.key)
    before = api.get("/api/v1/projects")["data"]
    server.kill()
    server.start()
    assert API(server.url, server.key).get("/api/v1/projects")["data"] == before


def test_a_killed_postgresql_costs_no_span_and_comes_back(make_server):
    """Ingest and queries go on for keys the server knows; readiness says what is wrong until PostgreSQL is back."""
    server = make_server().start()
    api = API(server.url, server.key)
    first, second = Request("postgres", 1), Request("postgres", 2)
    assert api.export(first.body).status_code == 200
    postmaster = server.directory.postmaster()
    os.kill(postmaster, signal.SIGKILL)
    reply = api.export(second.body)
    assert reply.status_code in (200, 503), reply.text
    if reply.status_code == 503:
        assert "Retry-After" in reply.headers
    # Not readiness alone: the killed one's backends may answer for a moment.
    wait_until(lambda: server.directory.postmaster() not in (None, postmaster), 60, "PostgreSQL is started again")
    wait_until(lambda: api.request("GET", "/health/ready").status_code == 200, 60, "readiness after PostgreSQL was killed")
    send_again(server, [second])
    assert api.span_count() == check(api, [first, second], [])
    assert api.get("/api/v1/projects")["data"]


def test_readiness_and_liveness_need_no_key(server):
    for path in ("/health/live", "/health/ready"):
        assert requests.get(server.url + path, timeout=30).status_code == 200


def test_a_data_directory_that_cannot_be_made_is_an_error_not_a_crash(make_server, tmp_path):
    server = make_server()
    server.data.parent.mkdir(exist_ok=True)
    server.data.write_text("a file stands here")
    server.launch()
    assert server.wait() not in (0, -signal.SIGABRT, -signal.SIGSEGV, -signal.SIGILL, -signal.SIGTRAP)
    assert str(server.data) in server.log()
