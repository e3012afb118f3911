"""What an API key may be held to: networks, rates, concurrency, an end; and which check answers when several would refuse."""
import datetime, re
import pytest
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from harness.accounts import Client
from harness.messages import every_field
from harness.raw import Connection
from harness.server import wait_until

PROTOBUF = {"Content-Type": "application/x-protobuf"}
PERMISSION_DENIED, RESOURCE_EXHAUSTED, UNAVAILABLE, UNAUTHENTICATED = 7, 8, 14, 16
EVERY_SCOPE = ["ingest", "read", "write", "run", "admin"]


@pytest.fixture(scope="module")
def first(server):
    """The first key, which makes the others."""
    return Client(server.url, server.key)


@pytest.fixture(scope="module")
def make(server, first):
    """Makes a key and answers a client that shows it."""
    def make(*scopes, source=None, **restrictions):
        created = first.create_key(*(scopes or EVERY_SCOPE), **restrictions)
        client = Client(server.url, created["key"], source=source)
        client.created = created
        return client
    return make


def export(client, body=b"", headers=PROTOBUF):
    return client.session.post(client.url + "/v1/traces", data=body, headers=headers, timeout=60)


def listed(client):
    """A request of the JSON API that a key with the scope `read` may make."""
    return client.request("GET", "/api/v1/traces?limit=1")


def problem(answer):
    return answer.json()["type"].removeprefix("urn:spandrel:problem:")


def after(seconds):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


# Networks

def test_a_key_works_from_its_networks_only(server, make):
    here = make(allowed_networks=["127.0.0.2/32", "10.0.0.0/8"])
    assert here.created["allowed_networks"] == ["127.0.0.2/32", "10.0.0.0/8"]
    there = Client(server.url, here.created["key"], source="127.0.0.2")
    for _ in range(2):
        refused = listed(here)
        assert refused.status_code == 403 and problem(refused) == "network-not-allowed"
        refused = export(here)
        assert refused.status_code == 403 and Status.FromString(refused.content).code == PERMISSION_DENIED
        assert listed(there).status_code == 200 and export(there).status_code == 200


@pytest.mark.parametrize("network", ["not a network", "10.0.0.0/33", "", "10.0.0.1/8/8", "'; DROP TABLE api_keys; --"])
def test_what_is_no_network_is_refused(first, network):
    answer = first.request("POST", "/api/v1/api-keys", {"name": "n", "scopes": ["read"], "allowed_networks": [network]})
    assert answer.status_code == 422 and "allowed_networks" in answer.json()["errors"][0]["field"], answer.text


# Rates

def until_refused(send, maximum=60):
    """Answers up to the first that is no 200; that one is the last."""
    answers = []
    while not answers or answers[-1].status_code == 200:
        assert len(answers) < maximum, "nothing was refused"
        answers.append(send())
    return answers


def check_limit(answer, limit, kind):
    """The headers of a limit that is reached."""
    headers = answer.headers
    assert (headers["RateLimit-Limit"], headers["RateLimit-Remaining"]) == (str(limit), "0")
    assert headers["RateLimit-Policy"] == f'{limit};w=1;comment="{kind}"'
    assert int(headers["Retry-After"]) >= 1 and int(headers["RateLimit-Reset"]) >= 1


def test_requests_a_second_are_limited_and_counted_down(make):
    client = make(requests_per_second=3)
    *taken, refused = until_refused(lambda: listed(client))
    assert [answer.headers["RateLimit-Remaining"] for answer in taken[:3]] == ["2", "1", "0"]
    assert all(answer.headers["RateLimit-Limit"] == "3" for answer in taken)
    assert refused.status_code == 429 and problem(refused) == "rate-limited"
    check_limit(refused, 3, "key-requests")
    assert "3 requests/s" in refused.json()["detail"]
    wait_until(lambda: listed(client).status_code == 200, 5, "room for a request")


def test_exporters_are_told_of_a_limit_in_their_own_words(make):
    client = make(requests_per_second=2)
    for headers, read in ((PROTOBUF, Status.FromString), ({"Content-Type": "application/json"}, None)):
        body = b"" if read else b"{}"
        refused = until_refused(lambda: export(client, body, headers))[-1]
        assert refused.status_code == 429
        check_limit(refused, 2, "key-requests")
        if read:
            status = read(refused.content)
            assert status.code == RESOURCE_EXHAUSTED and "2 requests/s" in status.message
            retry = RetryInfo()
            assert status.details[0].Unpack(retry) and retry.retry_delay.seconds == int(refused.headers["Retry-After"])
        else:
            assert refused.json()["code"] == RESOURCE_EXHAUSTED and refused.json()["message"]


def test_bytes_a_second_are_paid_for_by_waiting(make):
    body = every_field(9001).SerializeToString()
    limit = len(body) // 3
    client = make(bytes_per_second=limit)
    assert export(client, body).status_code == 200
    refused = export(client)
    assert refused.status_code == 429
    check_limit(refused, limit, "key-bytes")
    assert int(refused.headers["Retry-After"]) >= 2, "three seconds' worth was sent"
    assert listed(client).status_code == 429, "the limit is the key's, whatever it asks for"
    wait_until(lambda: export(client).status_code == 200, 10, "room for a request")


def test_one_keys_limit_is_not_anothers(make):
    limited, other = make(requests_per_second=1), make(requests_per_second=1)
    until_refused(lambda: listed(limited))
    assert listed(other).status_code == 200


HELD = {"/api/v1/query": "application/json", "/v1/traces": "application/x-protobuf"}


def hold(connection, client, path):
    """A request whose body does not come. The server asks for the body once the request is counted in."""
    connection.send(
        f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {HELD[path]}\r\nAuthorization: Bearer {client.created['key']}\r\n"
        "Expect: 100-continue\r\nContent-Length: 1000\r\n\r\n".encode())
    assert connection.head().startswith(b"HTTP/1.1 100")


@pytest.mark.parametrize("path", HELD)
def test_requests_at_once_are_limited(server, make, path):
    client = make(maximum_concurrency=1)
    with Connection(server.port) as held:
        hold(held, client, path)
        refused = listed(client)
        assert refused.status_code == 503 and problem(refused) == "too-many-requests-at-once" and int(refused.headers["Retry-After"]) >= 1
        refused = export(client)
        assert refused.status_code == 503 and int(refused.headers["Retry-After"]) >= 1
        assert Status.FromString(refused.content).code == UNAVAILABLE
        held.reset()
    wait_until(lambda: listed(client).status_code == 200, 10, "the held request to be over")
    assert [listed(client).status_code for _ in range(5)] == [200] * 5


# An end

def test_a_key_ends_when_it_was_to_end(make):
    client = make(expires_at=after(2))
    assert listed(client).status_code == 200
    wait_until(lambda: listed(client).status_code == 401, 10, "the key to expire")
    assert "expired" in listed(client).json()["detail"]
    refused = export(client)
    assert refused.status_code == 401 and Status.FromString(refused.content).code == UNAUTHENTICATED


def test_a_key_cannot_end_before_it_begins(first):
    answer = first.request("POST", "/api/v1/api-keys", {"name": "n", "scopes": ["read"], "expires_at": after(-60)})
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "expires_at"


def test_a_revoked_key_ends_at_once(first, make):
    client = make()
    assert listed(client).status_code == 200
    assert first.revoke_key(client.created)["revoked_at"]
    assert listed(client).status_code == 401 and export(client).status_code == 401


def test_rotation_lets_both_keys_work_for_a_while(server, first, make):
    old = make("read", "ingest", name="rotated", requests_per_second=1000, allowed_networks=["127.0.0.0/8"])
    assert listed(old).status_code == 200
    rotated = first.rotate_key(old.created, 2)
    new = Client(server.url, rotated["key"])
    same = ("name", "scopes", "requests_per_second", "allowed_networks", "project_id")
    assert {name: rotated[name] for name in same} == {name: old.created[name] for name in same}
    assert rotated["key"] != old.created["key"] and rotated["id"] != old.created["id"]
    shown = first.key(old.created)
    assert shown["replaced_by"] == rotated["id"] and shown["expires_at"] and "key" not in shown
    assert listed(old).status_code == listed(new).status_code == 200
    wait_until(lambda: listed(old).status_code == 401, 10, "the old key to end")
    assert listed(new).status_code == 200


def test_rotation_without_overlap_ends_the_old_key_at_once(server, first, make):
    old = make("read")
    assert listed(old).status_code == 200
    rotated = first.rotate_key(old.created, 0)
    assert listed(old).status_code == 401
    assert listed(Client(server.url, rotated["key"])).status_code == 200


@pytest.mark.soak
def test_a_keys_last_use_is_noted_within_a_minute(first, make):
    client = make()
    assert first.key(client.created)["last_used_at"] is None
    assert listed(client).status_code == 200
    wait_until(lambda: first.key(client.created)["last_used_at"], 75, "the last use")


# The order of checks

def test_the_network_comes_before_everything_the_key_lacks(server, first, make):
    lacking = make("read", allowed_networks=["127.0.0.2/32"])
    assert problem(lacking.request("PUT", "/api/v1/settings", {})) == "network-not-allowed"
    expired = make(allowed_networks=["127.0.0.2/32"], expires_at=after(1))
    wait_until(lambda: listed(Client(server.url, expired.created["key"], source="127.0.0.2")).status_code == 401, 10, "the key to expire")
    assert listed(expired).status_code == 403
    foreign = {"Spandrel-Project": "01890000-0000-7000-8000-000000000000"}
    assert lacking.request("GET", "/api/v1/traces", headers=foreign).status_code == 403


def test_an_unknown_path_comes_before_the_credentials(server):
    assert Client(server.url).status("GET", "/api/v1/nothing") == 404
    assert Client(server.url, "spdrl_nonsense").status("GET", "/api/v1/nothing") == 404


def test_the_credentials_come_before_the_project(server, first):
    other = first.call("POST", "/api/v1/projects", {"name": "not yours"}, 201)["id"]
    for credential in (None, "spdrl_nonsense"):
        anonymous = Client(server.url, credential)
        for project in (other, other[:-4] + "ffff", "nonsense"):
            assert anonymous.status("GET", f"/api/v1/projects/{project}") == 401
            assert anonymous.status("GET", "/api/v1/traces", headers={"Spandrel-Project": project}) == 401


def test_the_project_comes_before_the_scope(first, make):
    other = first.call("POST", "/api/v1/projects", {"name": "nor this"}, 201)["id"]
    ingest = make("ingest")
    foreign, unknown = (ingest.request("GET", f"/api/v1/projects/{project}") for project in (other, other[:-4] + "ffff"))
    assert foreign.status_code == unknown.status_code == 404
    assert re.sub(r'"request_id":"[^"]*"', "", foreign.text) == re.sub(r'"request_id":"[^"]*"', "", unknown.text)


def test_the_scope_comes_before_the_limits(make):
    client = make("read", requests_per_second=1)
    assert {client.status("PUT", "/api/v1/settings", {}) for _ in range(5)} == {403}
    assert listed(client).status_code == 200, "what was not allowed did not count"


def test_concurrency_comes_before_the_rate(server, make):
    client = make(maximum_concurrency=1, requests_per_second=1)
    with Connection(server.port) as held:
        hold(held, client, "/api/v1/query")
        assert {listed(client).status_code for _ in range(3)} == {503}


def test_the_limits_come_before_parameters_and_body(make):
    def nonsense(client):
        json_body, text_body = {"Content-Type": "application/json"}, {"Content-Type": "text/plain"}
        yield client.request("GET", "/api/v1/traces?nonsense=1")
        yield client.session.post(client.url + "/api/v1/query", data=b"no JSON", headers=json_body, timeout=60)
        yield client.session.post(client.url + "/api/v1/query", data=b"{}", headers=text_body, timeout=60)
        yield export(client, b"no protobuf")
        yield export(client, headers=text_body)
    limited = make(bytes_per_second=100)
    # Ten seconds' worth.
    assert export(limited, bytes(1000)).status_code == 400
    assert [answer.status_code for answer in nonsense(limited)] == [429] * 5
    assert [answer.status_code for answer in nonsense(make())] == [400, 400, 415, 400, 415]
