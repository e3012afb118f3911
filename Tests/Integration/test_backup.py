"""`spandrel backup` and `spandrel restore`: taken of a server under load, restored beside it, and compared."""
import json, os, random, shutil, subprocess, threading
import pytest
from harness.accounts import owner, sign_in
from harness.api import API
from harness.cluster import PostgresCluster
from harness.load import Load, Request, check
from harness.messages import every_field
from harness.runs import case, make_suite, target, use_stand_in
from harness.server import BINARY, DataDirectory, Server, wait_until
from harness.stand_in import StandIn


def spandrel(*arguments, status=0, **variables):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SPANDREL_")} | variables
    done = subprocess.run([str(BINARY), *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, env=environment)
    assert done.returncode == status, f"{arguments}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def take(server, folder, *arguments):
    return json.loads(spandrel("backup", folder, "--data-dir", server.data, "--json", *arguments).stdout)


def names(folder):
    return sorted(path.name for path in folder.iterdir() if path.name != "LOCK")


class Scores:
    """Writes to PostgreSQL as long as it lives: a score for each trace that was acknowledged."""

    def __init__(self, api, load):
        self.api, self.load, self.written, self.ending = API(api.url, api.key), load, [], threading.Event()
        self.thread = threading.Thread(target=self._write, daemon=True)
        self.thread.start()

    def _write(self):
        while not self.ending.is_set():
            place = len(self.written)
            if place < len(self.load.acknowledged):
                trace = self.load.acknowledged[place].trace_id
                self.api.post("/api/v1/scores", {"name": "number", "value": place, "trace_id": trace}, 201)
                self.written.append(trace)
            else:
                self.ending.wait(0.01)

    def end(self):
        self.ending.set()
        self.thread.join()


def scored(api):
    """The trace of every score, and its value, page by page."""
    found, cursor = [], {}
    while True:
        page = api.get("/api/v1/scores", name="number", limit=500, **cursor)
        found += [(score["value"], score["trace_id"]) for score in page["data"]]
        if not page["next_cursor"]:
            return found
        cursor = {"cursor": page["next_cursor"]}


class Backed:
    """A server that was backed up under load, and what was known when the backup began."""

    def __init__(self, server, slow, folder):
        self.server, self.folder, self.api = server, folder, API(server.url, server.key)
        seed = os.environ.get("SPANDREL_TEST_SEED") or str(random.SystemRandom().randrange(2**32))
        print(f"SPANDREL_TEST_SEED={seed}")
        self.user = owner(server)
        use_stand_in(self.user, slow)
        make_suite(self.user, "slow", [case(number) for number in range(3)])
        self.run = self.user.call(
            "POST", "/api/v1/runs", {"suite": "slow", "name": "under way", "targets": [target()], "concurrency": 1}, 202)["id"]
        wait_until(lambda: self.user.call("GET", f"/api/v1/runs/{self.run}")["state"] == "running", 60, "the run to begin")
        refused = every_field(1)
        refused.resource_spans[0].scope_spans[0].spans[0].span_id = bytes(8)
        assert self.api.export(refused.SerializeToString()).status_code == 200
        wait_until(lambda: self.api.get("/api/v1/quarantine")["counts_by_reason"], 60, "the refused span")
        load = Load(server, seed, 0, thread_count=3)
        scores = Scores(self.api, load)
        try:
            for count in (40, 80, 120):
                load.wait_for(count)
                self.api.seal()
            wait_until(lambda: len(scores.written) > 20, 60, "some scores")
            self.before, self.scored_before = list(load.acknowledged), list(scores.written)
            self.report = take(server, folder, "--include-secrets")
            load.wait_for(len(self.before) + 1)
        finally:
            scores.end()
            load.end()
        assert not load.unanswered and not load.refused
        acknowledged = list(load.acknowledged)
        self.later = acknowledged[len(self.before):]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("backups")


@pytest.fixture(scope="module")
def slow():
    """A provider that does not answer in the time of any test."""
    with StandIn(delay_ms=3_600_000) as slow:
        yield slow


@pytest.fixture(scope="module")
def backed(slow, folder):
    directory = DataDirectory()
    server = Server(directory, "--allow-outbound", "127.0.0.0/8").start()
    try:
        yield Backed(server, slow, folder)
    finally:
        # A drain would wait for the provider.
        server.kill()
        directory.remove()


@pytest.fixture(scope="module")
def restored(backed):
    """A second server on what was restored, with a PostgreSQL of its own."""
    directory = DataDirectory()
    done = spandrel("restore", backed.report["path"], "--data-dir", directory.path)
    assert "spandrel serve --data-dir" in done.stdout and "deleted" in done.stdout
    server = Server(directory, "--allow-outbound", "127.0.0.0/8")
    try:
        yield server.start()
    finally:
        server.end()
        directory.remove()


def test_everything_acknowledged_before_a_backup_is_restored_once(backed, restored):
    api = API(restored.url, backed.server.key)
    # What came in while the backup was taken is there whole or not at all.
    of_load = {"attributes.n": {"_gte": 0}}
    assert api.span_count(of_load) == check(api, backed.before, backed.later)
    assert backed.api.span_count(of_load) == sum(len(request.span_ids) for request in backed.before + backed.later)
    found = scored(api)
    assert len(found) == len(set(found)) and {trace for _, trace in found} >= set(backed.scored_before)
    assert api.get("/api/v1/quarantine")["counts_by_reason"] == {"span_id_zero": 1}
    # Up to the backup's moment both answer the same.
    first_missing = next(number for number in range(10**6) if number not in {request.number for request in backed.before})
    ask = {"filter": {"attributes.n": {"_lt": first_missing}}, "group_by": ["name"], "aggregates": ["count", "min(duration_ms)", "max(duration_ms)"], "order_by": ["name"]}
    assert first_missing > 50 and api.query(**ask) == backed.api.query(**ask)


def test_files_of_a_backup_and_of_a_restored_store_are_sound(backed, restored):
    for data in (backed.report["path"], restored.data):
        found = json.loads(spandrel("inspect", "store", "--data-dir", data, "--json").stdout.splitlines()[-1])
        assert found["is_sound"] and found["segments"] >= 1, found
    checked = json.loads(spandrel("backup", "verify", backed.report["path"], "--json").stdout)
    assert checked["is_sound"] and checked["files"] == backed.report["files"] and not checked["unlisted"]
    assert not list(backed.server.data.glob("backup-staging/store")) and not (restored.data / "restore.json").exists()


def test_a_restored_run_waits_for_a_word_and_sessions_are_over(backed, restored):
    known = backed.server.credentials
    # A session of before is none, and the password is good.
    assert backed.user.call("GET", "/api/v1/users/me")
    user = sign_in(restored.url, known["email"], known["password"], known["project_id"])
    run = user.call("GET", f"/api/v1/runs/{backed.run}")
    assert run["state"] == "paused" and "restored from a backup" in run["state_reason"], run
    assert user.call("POST", f"/api/v1/runs/{backed.run}/cancel")["state"] == "cancelled"
    assert backed.user.call("GET", f"/api/v1/runs/{backed.run}")["state"] == "running"
    # The key of AI providers opens: master.key came along.
    assert "1 stored secrets open" in spandrel("rotate-master-key", "--verify", "--data-dir", restored.data).stdout


def test_a_restored_server_takes_in_and_is_backed_up_itself(backed, restored, tmp_path):
    api = API(restored.url, backed.server.key)
    request = Request("afterwards", 1)
    assert api.export(request.body).status_code == 200
    # The other server's memtables are sealed, and not those of this directory: both have the same node, and keys, and segments of before.
    first = ["--url", backed.server.url, "--api-key", backed.server.key]
    wrong = spandrel("backup", tmp_path / "wrong", "--data-dir", restored.data, *first, status=1)
    assert "not the one of" in wrong.stderr and not names(tmp_path / "wrong")
    report = take(restored, tmp_path / "second")
    assert report["previous"] is None and not report["has_secrets"]
    # With this status it is found.
    spandrel("inspect", "store", "--data-dir", report["path"], "--trace-id", request.trace_id, status=1)
    assert spandrel("backup", "verify", report["path"]).stdout.startswith("sound")


@pytest.fixture(scope="module")
def copies(backed):
    """Two backups as on a disk of their own, with a little between them."""
    folder = backed.folder.parent / "copies"
    first = take(backed.server, folder, "--copy")
    assert backed.api.export(Request("between", 1).body).status_code == 200
    return folder, first, take(backed.server, folder, "--copy")


def test_a_second_backup_shares_what_it_can_with_the_first(backed, copies):
    folder, first, second = copies
    assert first["previous"] is None and first["reused_bytes"] == 0 and first["copied_bytes"] == first["bytes"]
    assert second["previous"] == os.path.basename(first["path"])
    # A segment, the manifest and the tables that changed.
    assert second["reused_bytes"] > 0.5 * second["bytes"] and second["copied_bytes"] < 0.5 * second["bytes"], second
    # On the store's own disk a backup takes hardly more than its tables.
    assert backed.report["linked_bytes"] > 0.5 * backed.report["bytes"]
    # The first may go: what it shared is not its own.
    third = take(backed.server, folder, "--copy", "--keep", "1")
    assert third["removed_old"] == [os.path.basename(first["path"]), os.path.basename(second["path"])]
    assert names(folder) == [os.path.basename(third["path"])]
    assert spandrel("backup", "verify", third["path"]).stdout.startswith("sound")


def test_what_an_interruption_leaves_is_no_backup_and_goes_with_the_next(backed, tmp_path):
    folder = tmp_path / "interrupted"
    first = take(backed.server, folder)
    # Killed at some moment, and as it lies a moment before the end.
    process = subprocess.Popen([str(BINARY), "backup", str(folder), "--data-dir", str(backed.server.data)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    threading.Event().wait(random.uniform(0, 0.3))
    process.kill()
    process.wait()
    half = folder / "2026-01-01T00-00-00Z"
    shutil.copytree(first["path"], half)
    (half / "backup.json").unlink()
    staging = backed.server.data / "backup-staging/store"
    staging.mkdir(exist_ok=True)
    (staging / "left").write_text("x")
    assert "no backup" in spandrel("backup", "verify", half, status=2).stderr
    spandrel("restore", half, "--data-dir", tmp_path / "none", status=1)
    assert not (tmp_path / "none").exists()
    report = take(backed.server, folder)
    assert half.name in report["removed_incomplete"] and not half.exists() and not staging.exists()
    for name in names(folder):
        assert spandrel("backup", "verify", folder / name).stdout.startswith("sound")


def test_a_flipped_bit_is_noticed_and_nothing_of_such_a_backup_is_restored(backed, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(backed.report["path"], copy)
    victims = [next(copy.glob("store/spans/*/*/*.parquet")), copy / "postgres/users.copy", copy / "backup.json"]
    for victim in victims:
        content = victim.read_bytes()
        place = len(content) // 2
        victim.write_bytes(content[:place] + bytes([content[place] ^ 4]) + content[place + 1:])
        assert victim.name in spandrel("backup", "verify", copy, status=1).stdout
        refused = spandrel("restore", copy, "--data-dir", tmp_path / "data", status=1)
        assert victim.name in refused.stderr and not (tmp_path / "data").exists()
        victim.write_bytes(content)
    victims[0].unlink()
    assert "missing" in spandrel("backup", "verify", copy, status=1).stdout


def test_a_restore_writes_over_nothing_and_goes_on_where_it_was_cut(backed, tmp_path):
    path = backed.report["path"]
    (tmp_path / "used").mkdir()
    (tmp_path / "used/mine").write_text("mine")
    assert "not empty" in spandrel("restore", path, "--data-dir", tmp_path / "used", status=1).stderr
    assert "in use" in spandrel("restore", path, "--data-dir", backed.server.data, status=1).stderr
    cluster = PostgresCluster()
    try:
        cluster.start()
        data, url = tmp_path / "data", cluster.url
        # The database is away: the files are there, and no server begins with them.
        cluster.stop("fast")
        spandrel("restore", path, "--data-dir", data, "--database-url", url, status=1)
        assert (data / "restore.json").exists()
        refused = spandrel("serve", "--data-dir", data, "--listen", "127.0.0.1:0", "--database-url", url, status=1)
        assert "half restored" in refused.stderr
        cluster.start()
        spandrel("restore", path, "--data-dir", data, "--database-url", url)
        assert not (data / "restore.json").exists()
        # The same database a second time, for another directory.
        occupied = spandrel("restore", path, "--data-dir", tmp_path / "other", "--database-url", url, status=1)
        assert "database is not empty" in occupied.stderr
        cluster.execute(f"SELECT 1 / (count(*) >= {len(backed.scored_before)})::integer FROM scores")
        cluster.execute("SELECT 1 / (count(*) = 1 AND bool_and(state = 'paused'))::integer FROM runs")
    finally:
        cluster.remove()
