"""The knowledge base over HTTP, by the server as it is shipped: drafts by many hands at once, reviews, uploads, tables of a live database."""
import concurrent.futures, json, socket, struct, urllib.parse
import pytest
from harness.accounts import Client, owner
from harness.api import API
from harness.cluster import PostgresCluster
from harness.server import wait_until

KB = "/api/v1/kb"


@pytest.fixture(scope="module")
def cluster():
    cluster = PostgresCluster()
    try:
        yield cluster.start()
    finally:
        cluster.remove()


@pytest.fixture
def server(make_server):
    return make_server("--allow-outbound", "127.0.0.0/8", keeps_log=True).start()


@pytest.fixture
def user(server):
    return owner(server)


def article(text, title="T", **more):
    return {"title": title, "kind": "article", "content": {"markdown": text}, **more}


def entry_path(draft, key):
    return f"{KB}/drafts/{draft}/entries/{urllib.parse.quote(key, safe='')}"


def put(user, draft, key, text, **headers):
    return user.request("PUT", entry_path(draft, key), article(text), headers=headers or {"If-None-Match": "*"})


def draft(user, name, **articles):
    user.call("POST", f"{KB}/drafts", {"name": name}, 201)
    for key, text in articles.items():
        assert put(user, name, key, text).status_code == 201
    return f"{KB}/drafts/{name}"


def test_of_twenty_editors_none_overwrites_another_unseen(server, user):
    path = draft(user, "counted", counter="0\n")
    tries = []

    def increment(number):
        client = Client(server.url, user.access_token, user.project)
        for _ in range(5):
            while True:
                shown = client.request("GET", entry_path("counted", "counter"))
                count = int(shown.json()["content"]["content"]["markdown"])
                answer = put(client, "counted", "counter", f"{count + 1}\n", **{"If-Match": shown.headers["ETag"]})
                tries.append(answer.status_code)
                if answer.status_code == 200:
                    break
                assert answer.status_code == 412, answer.text

    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        list(pool.map(increment, range(20)))
    assert user.call("GET", entry_path("counted", "counter"))["content"]["content"]["markdown"] == "100\n"
    assert tries.count(200) == 100 and user.call("GET", path)["version"] == 101


def test_the_steps_of_a_draft_are_events_of_its_task_and_entries_of_the_audit_log(user):
    user.call("PUT", f"{KB}/settings", {"required_approvals": 1})
    path = draft(user, "steps", a="1\n")
    user.call("POST", f"{path}/submit")
    member = user.bring_in("reviewer@team.example", "member")
    shown = member.call("POST", f"{path}/review", {"version": 1, "decision": "approve", "comment": "Good."})
    assert shown["state"] == "approved" and shown["reviews"][0]["comment"] == "Good."
    events = user.call("GET", f"/api/v1/tasks/{shown['id']}/events")["data"]
    types = [event["type"] for event in events]
    assert [t for t in types if t.startswith("draft.")] == ["draft.changed", "draft.submitted", "draft.reviewed", "draft.approved"]
    actions = [entry["action"] for entry in user.call("GET", "/api/v1/audit?limit=500")["data"]]
    for action in ("createKnowledgeDraft", "putKnowledgeDraftEntry", "submitKnowledgeDraft", "reviewKnowledgeDraft", "replaceKnowledgeSettings"):
        assert action in actions


def waiters(server):
    return API(server.url, server.key).metrics()["spandrel_knowledge_waiters"]


def test_a_client_that_waits_and_leaves_holds_nothing(server, user):
    waiting = []
    for _ in range(20):
        connection = socket.create_connection(("127.0.0.1", server.port))
        connection.sendall(f"GET {KB}/active?after=0&wait=50 HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {server.key}\r\n\r\n".encode())
        waiting.append(connection)
    wait_until(lambda: waiters(server) == 20, 10, "them to wait")
    assert user.call("GET", f"{KB}/active")["revision"] == 0
    for connection in waiting:
        # A reset: a client that closes in order may still read.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    wait_until(lambda: waiters(server) == 0, 20, "them to be gone")


def test_a_server_that_closes_answers_those_who_wait(server, user):
    with concurrent.futures.ThreadPoolExecutor() as pool:
        waiting = pool.submit(user.request, "GET", f"{KB}/active?after=0&wait=50")
        wait_until(lambda: waiters(server) == 1, 10, "it to wait")
        server.stop()
        assert waiting.result(30).json()["revision"] == 0


def test_tables_of_a_live_database_come_into_a_draft_and_its_password_goes_nowhere(server, user, cluster):
    cluster.execute("CREATE SCHEMA shop; CREATE TABLE shop.orders (id bigint PRIMARY KEY, total numeric(10,2) NOT NULL); COMMENT ON TABLE shop.orders IS 'What was bought'")
    path = draft(user, "tables")
    done = user.call("POST", f"{path}/tables/postgresql", {"connection_string": cluster.url, "schemas": ["shop"]})
    assert done["added_count"] == 1 and done["problems"] == []
    entry = user.call("GET", entry_path("tables", "tables/shop.orders"))
    assert entry["content"]["content"]["description"] == "What was bought"
    assert [column["type"] for column in entry["content"]["content"]["columns"]] == ["bigint", "numeric(10,2)"]
    again = user.call("POST", f"{path}/tables/postgresql", {"connection_string": cluster.url, "schemas": ["shop"]})
    assert again["unchanged_count"] == 1 and again["draft_version"] == done["draft_version"]

    wrong = cluster.url.replace(cluster.password, cluster.password + "x")
    for refused in (wrong, cluster.url.replace(str(cluster.port), "1"), cluster.url.replace("127.0.0.1", "10.1.2.3"), f"host=/tmp password={cluster.password}"):
        answer = user.request("POST", f"{path}/tables/postgresql", {"connection_string": refused})
        assert answer.status_code == 422 and cluster.password not in answer.text, answer.text
    log = json.dumps(user.call("GET", "/api/v1/audit?limit=500"))
    server.stop()
    assert cluster.password not in log and cluster.password not in server.log_path.read_text()
    for file in server.data.rglob("*"):
        if file.is_file() and not file.is_symlink():
            assert cluster.password.encode() not in file.read_bytes(), file


def test_an_upload_of_the_size_that_is_taken_waits_for_a_worker_and_a_larger_one_is_refused(user):
    path = draft(user, "large")
    headers = {"Content-Type": "application/json"}
    whole = b'{"openapi": "3.1.0", "x": "' + b"a" * ((32 << 20) - 30) + b'"}'
    answer = user.request("POST", f"{path}/openapi?document=large", data=whole[:32 << 20], headers=headers)
    assert answer.status_code == 202 and answer.json()["kind"] == "knowledge_upload", answer.text
    answer = user.request("POST", f"{path}/openapi?document=large", data=whole + b" " * 32, headers=headers)
    assert answer.status_code == 413, answer.text
