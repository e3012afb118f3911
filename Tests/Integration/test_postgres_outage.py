"""PostgreSQL stopped and started again under load: a real server that the test owns, given to Spandrel with --database-url.

What goes on all the while: ingest with known keys and everything read from the store with known keys. What needs PostgreSQL answers 503
with Retry-After, within a bounded time. Nothing restarts Spandrel, and a little after PostgreSQL is back all is as before.
"""
import json, os, random, time
import pyarrow.parquet as pq
import pytest
from harness.api import API
from harness.cluster import PostgresCluster
from harness.mixed_load import MixedLoad
from harness.segments import files
from harness.server import wait_until
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

pytestmark = pytest.mark.alone

ROUNDS, SOAK_ROUNDS = 5, 50
# Until what needs PostgreSQL is refused: a caller waits 5 s for a connection at the longest (PostgresLimits.maximumWaitMilliseconds).
REFUSAL_SECONDS = 6
# Once a connection was refused four times in a row the next callers do not wait.
LATER_REFUSAL_SECONDS = 1
# From PostgreSQL taking connections again until all is well: the longest back-off is 2 s (PostgresLimits.maximumBackOffMilliseconds).
RESUME_SECONDS = 5
# What needs no PostgreSQL, while it is away as while it is there.
STORE_SECONDS = 5
# A check of a key counts for a minute without PostgreSQL being asked (AccessLimits.positiveLifetimeNanoseconds).
CHECK_LIFETIME_SECONDS = 60

NEED_POSTGRES = ("control", "sign-in", "stranger", "ready")
WHEN_UP = {"listProjects": 200, "getProject": 200, "listAPIKeys": 200, "getTask": 404, "listPrices": 200, "getSettings": 200, "listAuditEntries": 200,
           "getMe": 200, "createAPIKey": 201, "signIn": 200, "listTraces": 401, "export": 401, "getReadiness": 200}


@pytest.fixture
def cluster():
    cluster = PostgresCluster()
    try:
        yield cluster.start()
    finally:
        cluster.remove()


def seed_of_this_run():
    seed = os.environ.get("SPANDREL_TEST_SEED") or str(random.SystemRandom().randrange(2**32))
    print(f"SPANDREL_TEST_SEED={seed}")
    return seed


def make_keys(api, **counts):
    """scope -> keys with that scope alone; those with `admin` reach the organization, and have `read` to give to others."""
    more = {"admin": {"scopes": ["admin", "read"], "reaches_organization": True}}
    return {scope: [api.post("/api/v1/api-keys", {"name": f"{scope} {n}", "scopes": [scope], **more.get(scope, {})}, status=201)["key"]
                    for n in range(count)]
            for scope, count in counts.items()}


def start(make_server, cluster):
    server = make_server("--database-url", cluster.url, keeps_log=True).start()
    return server, API(server.url, server.key)


def needs_postgres(sample):
    return sample.kind in NEED_POSTGRES


def check_refused(samples):
    """PostgreSQL was away from the first of them to the last."""
    for sample in samples:
        if needs_postgres(sample):
            assert sample.status == 503 and int(sample.retry_after) >= 1, sample
    for kind in NEED_POSTGRES:
        later = [sample for sample in samples if sample.kind == kind][5:]
        assert all(sample.seconds <= LATER_REFUSAL_SECONDS for sample in later), max(later, key=lambda sample: sample.seconds)


def check_answered(samples):
    """PostgreSQL was there from the first of them to the last."""
    for sample in samples:
        if needs_postgres(sample):
            assert sample.status == WHEN_UP[sample.operation], sample


def check_whatever_happens(samples):
    """What holds at any moment, the moments of stopping and starting among them."""
    for sample in samples:
        if needs_postgres(sample):
            assert sample.status in (WHEN_UP[sample.operation], 503), sample
            assert sample.status != 503 or int(sample.retry_after) >= 1, sample
            assert sample.seconds <= REFUSAL_SECONDS, sample
        else:
            assert sample.status == 200, sample
            assert sample.seconds <= STORE_SECONDS, sample


def is_well(api, project):
    """Whether Spandrel says that it is ready; then a request that PostgreSQL answers has to succeed."""
    if api.request("GET", "/health/ready").status_code != 200:
        return False
    assert api.request("GET", f"/api/v1/projects/{project}").status_code == 200, "ready, and PostgreSQL is not asked"
    return True


def check_nothing_secret(server, cluster, secrets):
    log = server.log_path.read_text()
    assert "no connection to PostgreSQL" in log, "the log says what was wrong"
    for secret in [cluster.password, *secrets]:
        assert secret not in log
        assert not secret.startswith("spdrl_") or secret[12:] not in log


def outages(make_server, cluster, rounds):
    seed = seed_of_this_run()
    plan = random.Random(seed)
    server, api = start(make_server, cluster)
    project = server.credentials["project_id"]
    keys = make_keys(api, ingest=4, read=2, admin=1)
    for key in sum(keys.values(), []):
        API(server.url, key).request("GET", "/api/v1/traces")  # From now on the key is known, whatever it may.
    email, password = server.credentials["email"], server.credentials["password"]
    token = api.post("/api/v1/auth/sign-in", {"email": email, "password": password})["access_token"]
    load = MixedLoad(server, seed, keys, project, user=(email, password, token))
    resumed = []
    for turn in range(rounds):
        load.wait_for(plan.randint(3, 15))
        check_answered(load.of_phase())
        load.enter("stopping")
        cluster.stop(["immediate", "fast"][turn % 2])
        load.enter("down")
        load.wait_for(plan.randint(6, 25))
        check_refused(load.of_phase())
        load.enter("starting")
        cluster.start()
        begin = time.monotonic()
        wait_until(lambda: is_well(api, project), RESUME_SECONDS, "Spandrel to work with PostgreSQL again")
        resumed.append(time.monotonic() - begin)
        load.enter("up")
    load.wait_for(10)
    check_answered(load.of_phase())
    load.end()
    check_whatever_happens(load.samples)
    assert api.span_count() == load.span_count
    api.seal()
    assert stored(server.data) == [(request.trace_id, span) for request in by_trace(load.acknowledged) for span in request.span_ids]
    check_created_keys(api, server, load.created_keys)
    assert server.process.poll() is None
    assert server.stop() == 0, server.log()
    check_nothing_secret(server, cluster, [server.key, password, token, *sum(keys.values(), []), *(key["key"] for key in load.created_keys)])
    report(load, resumed)


def by_trace(requests):
    return sorted(requests, key=lambda request: request.trace_id)


def stored(data):
    """Every (trace, span) in the segments, in order, twins and all: what was acknowledged is whole there, and once."""
    tables = [pq.read_table(path, columns=["trace_id", "span_id"], partitioning=None) for path in files(data, "spans")]
    return sorted((trace.hex(), span.hex()) for table in tables for trace, span in zip(table["trace_id"].to_pylist(), table["span_id"].to_pylist()))


def check_created_keys(api, server, created):
    """What PostgreSQL's crash did not stop from being answered with 201 is there."""
    listed, cursor = set(), None
    while True:
        page = api.get("/api/v1/api-keys", limit=100, **({"cursor": cursor} if cursor else {}))
        listed |= {key["id"] for key in page["data"]}
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert {key["id"] for key in created} <= listed
    for key in created[-5:]:
        assert API(server.url, key["key"]).request("GET", "/api/v1/traces").status_code == 200


def report(load, resumed):
    """Shown with -s: what the bounds above are to be compared with."""
    worst = {kind: round(max(sample.seconds for sample in load.samples if sample.kind == kind), 3) for kind in sorted(load.kinds)}
    print(json.dumps({"requests": len(load.samples), "worst_seconds": worst, "resumed_seconds": round(max(resumed), 3)}))


def test_five_outages_of_postgresql_under_load_stop_neither_ingest_nor_reading(make_server, cluster):
    outages(make_server, cluster, ROUNDS)


@pytest.mark.soak
def test_fifty_outages_of_postgresql_under_load_stop_neither_ingest_nor_reading(make_server, cluster):
    outages(make_server, cluster, SOAK_ROUNDS)


def timed(call):
    begin = time.monotonic()
    answer = call()
    return answer, time.monotonic() - begin


def frozen(make_server, cluster, seconds):
    """PostgreSQL takes connections and keeps silent: no error tells anybody that it is away."""
    server, api = start(make_server, cluster)
    keys = make_keys(api, ingest=1, read=2)
    sender, reader, idle = (API(server.url, key) for key in keys["ingest"] + keys["read"])
    body = ExportTraceServiceRequest().SerializeToString()
    assert sender.export(body).status_code == 200
    assert reader.request("GET", "/api/v1/traces").status_code == idle.request("GET", "/api/v1/traces").status_code == 200
    project = server.credentials["project_id"]
    cluster.freeze()
    end = time.monotonic() + seconds
    count = 0
    while count < 3 or time.monotonic() < end:
        for call, status, limit in ((lambda: sender.export(body), 200, STORE_SECONDS), (lambda: reader.request("GET", "/api/v1/traces"), 200, STORE_SECONDS),
                                    (lambda: api.request("GET", f"/api/v1/projects/{project}"), 503, REFUSAL_SECONDS),
                                    (lambda: api.request("GET", "/health/ready"), 503, REFUSAL_SECONDS)):
            answer, duration = timed(call)
            assert answer.status_code == status, answer.text
            assert duration <= limit, (duration, answer.text)
            assert status == 200 or int(answer.headers["Retry-After"]) >= 1
        count += 1
    # A check too old by now, of a key that nobody used meanwhile.
    answer, duration = timed(lambda: idle.request("GET", "/api/v1/traces"))
    assert answer.status_code == 200 and duration <= STORE_SECONDS
    cluster.thaw()
    wait_until(lambda: is_well(api, project), RESUME_SECONDS, "Spandrel to work with PostgreSQL again")
    assert sender.export(body).status_code == 200
    assert server.stop() == 0, server.log()


def test_a_frozen_postgresql_stops_neither_ingest_nor_reading(make_server, cluster):
    frozen(make_server, cluster, 0)


@pytest.mark.soak
def test_a_postgresql_frozen_for_longer_than_checks_last_stops_neither_ingest_nor_reading(make_server, cluster):
    frozen(make_server, cluster, CHECK_LIFETIME_SECONDS + 15)


@pytest.mark.soak
def test_in_a_long_outage_a_key_goes_on_though_its_last_check_is_too_old(make_server, cluster):
    """For a minute nobody would have asked PostgreSQL anyway; after it the caches hold. A key that is used and one that lay idle."""
    server, api = start(make_server, cluster)
    used, idle = (API(server.url, key) for key in make_keys(api, read=2)["read"])
    assert used.request("GET", "/api/v1/traces").status_code == idle.request("GET", "/api/v1/traces").status_code == 200
    cluster.stop("fast")
    end = time.monotonic() + CHECK_LIFETIME_SECONDS + 15

    def goes_on():
        begin = time.monotonic()
        assert used.request("GET", "/api/v1/traces").status_code == 200
        assert time.monotonic() - begin <= STORE_SECONDS
        return time.monotonic() > end

    wait_until(goes_on, CHECK_LIFETIME_SECONDS + 30, "a check to be too old")
    assert idle.request("GET", "/api/v1/traces").status_code == 200
    assert api.request("GET", "/health/ready").status_code == 503
