"""Every kind of secret is made, used, mistyped and put in the wrong place; then it is nowhere but in the one answer that showed it."""
import base64, os, signal
import pytest
from harness import accounts, search
from harness.accounts import Client
from harness.api import API
from harness.mail import MailServer
from harness.messages import every_field
from harness.server import wait_until

MARKER = "a name that is found"
# Where each secret is allowed to lie: its file in the data directory.
AT_HOME = {"credentials.json": {"the owner's first password", "the first key"}, "master.key": {"the master key", "the master key's bytes"}}

# A query's own words are quoted to whoever wrote them, and kept nowhere.
QUOTING = {"POST /api/v1/query 400", "POST /api/v1/query 415", "GET /api/v1/traces 400"}


class Secrets(dict):
    """Name -> secret; and which of them an answer showed, once, when they were made."""

    def __init__(self):
        super().__init__()
        self.shown = []

    def keep(self, name, value, shown=False):
        assert len(value) >= 8 and name not in self
        self[name] = value
        self.shown += [name] * shown
        return value

    def keep_session(self, name, user):
        self.keep(f"{name}'s access token", user.access_token, True)
        self.keep(f"{name}'s refresh token", user.refresh_token, True)
        return user


def mistyped(text):
    """A key with one character changed in its middle."""
    place = len(text) // 2
    return text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1:]


def use_rightly(server, secrets, mails):
    """Makes one of every kind and does with it what it is for. Answers the owner."""
    known = server.credentials
    secrets.keep("the owner's first password", known["password"])
    secrets.keep("the first key", known["api_key"])
    master = (server.data / "master.key").read_text().split()[1]
    secrets.keep("the master key", master)
    secrets.keep("the master key's bytes", base64.b64decode(master + "="))
    owner = secrets.keep_session("the owner", accounts.owner(server))

    owner.call("PATCH", owner.organization_path, {"name": MARKER})
    key = owner.create_key("ingest", "read", "write", "run", "admin", name=MARKER)
    secrets.keep("a key", key["key"], True)
    rotated = owner.rotate_key(key, 60)
    secrets.keep("the key after it", rotated["key"], True)
    for secret in (key["key"], rotated["key"]):
        api = API(server.url, secret)
        assert api.export(every_field(len(secrets)).SerializeToString()).status_code == 200 and api.span_count() > 0

    made = owner.create_credential(secrets.keep("a provider's key", "sk-proj-" + os.urandom(24).hex()))
    secrets.keep("the provider's next key", "sk-ant-" + os.urandom(24).hex())
    owner.call("PUT", f"{owner.organization_path}/provider-credentials/{made['id']}", {"secret": secrets["the provider's next key"]})
    owner.call("GET", f"{owner.organization_path}/provider-credentials")

    owner.invite("guest@example.com", "admin")
    token = secrets.keep("an invitation", accounts.token_of("invite", mails.mail_to("guest@example.com")))
    password = secrets.keep("a guest's password", "guest " + os.urandom(12).hex())
    guest = secrets.keep_session("the guest", accounts.accept(server.url, token, "guest@example.com", password, owner.project))
    renewed = Client(server.url).call("POST", "/api/v1/auth/refresh", {"refresh_token": guest.refresh_token})
    renewed = accounts.Member(server.url, renewed, guest.email, password, owner.project)
    secrets.keep_session("the guest again", renewed)
    Client(server.url).call("POST", "/api/v1/auth/password-resets", {"email": guest.email}, 202)
    reset = secrets.keep("a reset", mails.mail_to(guest.email, 2).partition("#")[2].split()[0])
    secrets.keep("a reset password", "reset " + os.urandom(12).hex())
    Client(server.url).call("POST", "/api/v1/auth/password-resets/confirm", {"token": reset, "password": secrets["a reset password"]}, 204)
    guest = secrets.keep_session("the guest at last", accounts.sign_in(server.url, guest.email, secrets["a reset password"], owner.project))
    change = {"current_password": secrets["a reset password"], "new_password": secrets.keep("a changed password", "changed " + os.urandom(12).hex())}
    guest.call("PUT", "/api/v1/users/me/password", change, 204)
    owner.invite("late@example.com", "viewer")
    secrets.keep("an open invitation", accounts.token_of("invite", mails.mail_to("late@example.com")))
    return owner


def use_wrongly(server, secrets, owner):
    """Each secret where it opens nothing: mistyped, in other headers, in wrong fields, in queries and paths."""
    anonymous = Client(server.url)
    for name in ("a key", "the key after it"):
        secrets.keep(f"{name}, mistyped", mistyped(secrets[name]))
    secrets.keep("a password, mistyped", mistyped(secrets["a changed password"]))
    for name, secret in list(secrets.items()):
        if isinstance(secret, bytes):
            continue
        basic = base64.b64encode(f"user:{secret}".encode()).decode()
        for headers in (
            {"Authorization": f"Bearer {secret}"}, {"Authorization": secret}, {"Authorization": f"Basic {basic}"}, {"Authorization": f"Token {secret}"},
            {"x-api-key": secret}, {"api-key": secret}, {"api_key": secret}, {"Cookie": f"session={secret}"}, {"Proxy-Authorization": secret},
            {"Spandrel-Project": secret}, {"Origin": f"https://{secret}"}, {"Content-Type": f"text/{secret}"}, {"Content-Encoding": secret},
        ):
            for method, path in (("GET", "/api/v1/users/me"), ("POST", "/v1/traces"), ("POST", "/api/v1/query")):
                anonymous.session.request(method, server.url + path, headers=headers, data=b"{}" if method == "POST" else None, timeout=60)
                owner.session.request(method, server.url + path, headers=headers, data=b"{}" if method == "POST" else None, timeout=60)
        for method, path in (
            ("GET", f"/api/v1/{secret}"), ("GET", f"/api/v1/traces/{secret}"), ("GET", f"/api/v1/sessions/{secret}"), ("DELETE", f"/api/v1/api-keys/{secret}"),
            ("GET", f"/api/v1/projects/{secret}"), ("GET", f"/api/v1/traces?limit={secret}"), ("GET", f"/api/v1/traces?cursor={secret}"),
            ("GET", f"/api/v1/traces?filter={secret}"), ("GET", f"/api/v1/traces?from={secret}"), ("GET", f"/api/v1/traces?sort={secret}"),
            ("GET", f"/api/v1/api-keys?cursor={secret}"), ("GET", f"/api/v1/audit?since={secret}"), ("GET", f"/api/v1/audit?user_id={secret}"),
            ("GET", f"/api/v1/traces?api_key={secret}"), ("DELETE", f"{owner.organization_path}/features/{secret}"),
        ):
            owner.request(method, path)
            anonymous.request(method, path)
        for method, path, body in wrong_bodies(owner, secret):
            (anonymous if "auth/" in path else owner).request(method, path, body)
        # Each of these costs a hash: what people mistake for each other will do.
        if "password" in name or name in ("a key", "a provider's key"):
            # From an address of its own: a lock-out would end the round.
            visitor = Client(server.url, source=f"127.3.0.{len(secrets) + list(secrets).index(name)}")
            for method, path, body in wrong_passwords(secret):
                (visitor if "auth/" in path else owner).request(method, path, body)
        owner.session.post(server.url + "/api/v1/query", data=f'{{"filter": {secret}'.encode(), headers={"Content-Type": "application/json"}, timeout=60)
        for content_type in ("application/json", "application/x-protobuf"):
            owner.session.post(server.url + "/v1/traces", data=f"{secret}".encode(), headers={"Content-Type": content_type}, timeout=60)


def wrong_bodies(owner, secret):
    """(method, path, body) of requests that are refused, with the secret in a field that is for something else."""
    organization = owner.organization_path
    yield "POST", "/api/v1/auth/password-resets", {"email": secret}
    yield "POST", "/api/v1/auth/password-resets/confirm", {"token": secret, "password": secret}
    yield "POST", "/api/v1/auth/refresh", {"refresh_token": secret + "0"}
    yield "POST", "/api/v1/auth/invitations/accept", {"token": secret + "0", "name": "N", "password": secret}
    yield "POST", "/api/v1/users/me/invitations", {"token": secret + "0"}
    yield "POST", "/api/v1/api-keys", {"name": "n", "scopes": [secret]}
    yield "POST", "/api/v1/api-keys", {"name": "n", "scopes": ["read"], "allowed_networks": [secret]}
    yield "POST", "/api/v1/api-keys", {"name": "n", "scopes": ["read"], "expires_at": secret}
    yield "POST", f"{organization}/invitations", {"email": secret, "role": "viewer"}
    yield "POST", f"{organization}/invitations", {"email": "x@example.com", "role": secret}
    yield "POST", f"{organization}/provider-credentials", {"provider": secret, "name": "n", "secret": secret}
    yield "POST", f"{organization}/provider-credentials", {"provider": "openai", "name": "n", "secret": f"{secret} with a space"}
    yield "POST", f"{organization}/provider-credentials", {"provider": "openai", "name": "n", "base_url": secret, "secret": secret}
    yield "POST", f"{organization}/provider-credentials", {"provider": "openai", "name": "n", "base_url": f"http://user:{secret}@127.0.0.1/", "secret": secret}
    yield "PUT", "/api/v1/settings", {"retention_days": secret}
    yield "PUT", "/api/v1/settings", {"allowed_origins": [secret]}
    yield "PUT", "/api/v1/settings", {"default_models": secret}
    yield "PUT", "/api/v1/settings", {"redaction": {"mode": secret}}
    yield "PUT", "/api/v1/settings", {"redaction": {"keys": [{"glob": "a", "action": secret}]}}
    yield "PUT", "/api/v1/settings", {"redaction": {"patterns": [{"builtin": secret}]}}
    yield "PUT", "/api/v1/settings", {"redaction": {"patterns": [{"name": "n", "regex": f"({secret}"}]}}
    yield "POST", "/api/v1/query", {"filter": {"name": {secret: 1}}}
    yield "POST", "/api/v1/query", {"select": [secret]}
    yield "POST", "/api/v1/query", {"aggregates": [secret]}
    yield "POST", "/api/v1/query", {"from": secret}
    yield "POST", "/api/v1/query", {"cursor": secret}


def wrong_passwords(secret):
    """The same with fields whose check costs a hash."""
    yield "POST", "/api/v1/auth/sign-in", {"email": secret, "password": "something else"}
    yield "POST", "/api/v1/auth/sign-in", {"email": f"{secret}@example.com", "password": secret}
    yield "POST", "/api/v1/auth/sign-in", {"email": "guest@example.com", "password": secret + "x"}
    yield "PUT", "/api/v1/users/me/password", {"current_password": secret + "x", "new_password": secret}


@pytest.fixture(scope="module")
def run(make_module_server_with):
    """The whole story, once: (secrets, recorder, stopped server)."""
    secrets = Secrets()
    with pytest.MonkeyPatch.context() as monkeypatch, MailServer() as mails:
        server = make_module_server_with("--log-level", "trace", *mails.arguments, keeps_log=True)
        recorder = search.Recorder(monkeypatch)
        owner = use_rightly(server, secrets, mails)
        use_wrongly(server, secrets, owner)
        API(server.url, server.key).seal()
        provoke_failures(server, secrets, owner)
        assert server.stop() == 0
    return secrets, recorder, server


def provoke_failures(server, secrets, owner):
    """5xx: PostgreSQL dies while secrets of all kinds are on their way, until somebody was told so."""
    statuses = set()

    def fail():
        postmaster = server.directory.postmaster()
        os.kill(postmaster, signal.SIGKILL)
        statuses.add(accounts.try_to_sign_in(server.url, owner.email, owner.password, "127.4.0.1").status_code)
        for method, path, body in (*wrong_bodies(owner, secrets["a provider's key"]), *wrong_passwords(secrets["a changed password"])):
            statuses.add((Client(server.url) if "auth/" in path else owner).status(method, path, body))
        for secret in secrets.values():
            if isinstance(secret, str):
                statuses.add(Client(server.url, mistyped(secret)).status("GET", "/api/v1/api-keys"))
        wait_until(lambda: server.directory.postmaster() not in (None, postmaster), 60, "PostgreSQL is started again")
        wait_until(lambda: Client(server.url).status("GET", "/health/ready") == 200, 60, "readiness after PostgreSQL was killed")
        return 503 in statuses

    wait_until(fail, 60, f"503, instead of {statuses}")


def log_lines(server):
    return server.log_path.read_text().splitlines()


def test_the_search_finds_what_is_there(run):
    """What was stored on purpose is found: the search looks where things are."""
    _, recorder, server = run
    hits = search.found_in_files(server.data, {"marker": MARKER, "span": "a key without a name", "long": "prompt prompt prompt prompt"})
    for name, place in (("marker", "postgres/data/base/"), ("marker", "postgres/data/pg_wal/"), ("span", "store/"), ("long", ".parquet")):
        assert any(hit == name and place in path for path, hit in hits), (name, place, hits)
    assert search.count_files(server.data) > 500
    assert [hit for hit in recorder.found({"marker": MARKER}) if hit[0].startswith("PATCH")]
    for text in ("p%40ss:word", "sk-proj-0123456789abcdef"):
        for inside in (text, base64.b64encode(b"x" + text.encode()).decode(), base64.b64encode(b"xy" + text.encode() + b"z").decode(), text.encode().hex()):
            assert search.found_in(f"..{inside}..", {"it": text}) == ["it"], inside


def test_no_secret_is_in_any_file(run):
    secrets, _, server = run
    hits = [(path, name) for path, name in search.found_in_files(server.data, secrets) if name not in AT_HOME.get(path, ())]
    assert hits == []


def test_no_secret_is_in_the_log(run):
    secrets, _, server = run
    assert len(log_lines(server)) > 1000
    found = [f"{name}: {line[:300]}" for line in log_lines(server) for name in search.found_in(line, secrets)]
    assert found == [], f"{len(found)} lines"


def test_secrets_are_in_the_one_answer_that_shows_them(run):
    secrets, recorder, _ = run
    assert {answer.status_code for _, answer in recorder.answers} >= {200, 201, 202, 204, 400, 401, 403, 404, 415, 422, 503}
    hits = recorder.found(secrets)
    for name in secrets:
        places = [place for place, hit in hits if hit == name and place not in QUOTING]
        assert len(places) == (name in secrets.shown), (name, places)
