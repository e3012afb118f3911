"""Signing in with an OpenID Connect provider that is not ours: oidc-provider-mock, on Authlib."""
import re
from urllib.parse import parse_qs, urlsplit
import oidc_provider_mock, pytest, requests
from harness.ports import free_port
from harness.server import DataDirectory, Server

BEGIN = "/api/v1/auth/openid-connect"
SECRET = "a secret with spaces, %, + and :"


def user(subject, email, verified=True):
    return oidc_provider_mock.User(sub=subject, claims={"email": email, "email_verified": verified, "name": f"Name of {subject}"})


@pytest.fixture(scope="module")
def provider():
    users = (user("owner-1", "owner@localhost"), user("ada-1", "Ada@Example.org"), user("eve-1", "owner@localhost", verified=False))
    with oidc_provider_mock.run_server_in_thread(require_nonce=True, user_claims=users) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(scope="module")
def server(provider):
    directory, port = DataDirectory(), free_port()
    server = Server(
        directory, "--public-url", f"http://127.0.0.1:{port}", "--oidc-issuer", provider, "--oidc-client-id", "spandrel",
        port=port, environment={"SPANDREL_OIDC_CLIENT_SECRET": SECRET})
    try:
        yield server.start()
    finally:
        server.end()
        directory.remove()


class Browser:
    """Follows one redirect at a time and keeps its cookies to itself."""

    def __init__(self, server):
        self.server, self.session = server, requests.Session()
        self.session.trust_env = False

    def begin(self, **parameters):
        """To the provider: its page's address."""
        reply = self.session.get(self.server.url + BEGIN, params=parameters, allow_redirects=False, timeout=60)
        assert reply.status_code == 303, reply.text
        return reply.headers["Location"]

    def consent(self, location, **form):
        """What a person does there: the address the browser is sent back to."""
        assert self.session.get(location, timeout=60).status_code == 200
        reply = self.session.post(location, data=form, allow_redirects=False, timeout=60)
        assert reply.status_code == 302, reply.text
        return reply.headers["Location"]

    def finish(self, callback):
        return self.session.get(callback, allow_redirects=False, timeout=60)

    def sign_in(self, subject, **parameters):
        return self.finish(self.consent(self.begin(**parameters), sub=subject))


def get(server, path, session):
    return requests.get(server.url + path, headers={"Authorization": f"Bearer {session['access_token']}"}, timeout=60)


def kind(reply):
    return reply.status_code, reply.json()["type"].rpartition(":")[2]


def test_the_owner_signs_in_by_the_verified_address_and_again_by_the_subject(server):
    sessions = []
    for _ in range(2):
        reply = Browser(server).sign_in("owner-1")
        assert reply.status_code == 200, reply.text
        assert reply.headers["Cache-Control"] == "no-store"
        sessions.append(reply.json())
    assert sessions[0]["user_id"] == sessions[1]["user_id"]
    assert sessions[0]["token_type"] == "Bearer" and sessions[0]["expires_in"] > 0
    me = get(server, "/api/v1/users/me", sessions[1])
    assert me.status_code == 200 and me.json()["user"]["email"] == "owner@localhost"


def test_an_unverified_address_and_a_stranger_are_not_let_in(server):
    assert kind(Browser(server).sign_in("eve-1")) == (403, "not-invited")
    assert kind(Browser(server).sign_in("nobody-knows-me")) == (403, "not-invited")


def test_a_callback_in_another_browser_twice_or_with_another_state_signs_nobody_in(server):
    browser = Browser(server)
    callback = browser.consent(browser.begin(), sub="owner-1")
    assert kind(Browser(server).finish(callback)) == (400, "sign-in-not-begun")
    assert kind(browser.finish(re.sub(r"state=[^&]*", "state=x", callback))) == (400, "sign-in-not-begun")
    cookies = browser.session.cookies.copy()
    assert browser.finish(callback).status_code == 200
    assert kind(browser.finish(callback)) == (400, "sign-in-not-begun"), "the cookie is gone"
    browser.session.cookies = cookies
    assert kind(browser.finish(callback)) == (400, "sign-in-not-begun"), "it was used"


def test_who_says_no_at_the_provider_is_not_signed_in(server):
    browser = Browser(server)
    assert browser.finish(browser.consent(browser.begin(), action="deny")).status_code in (400, 401)


def test_an_invitation_makes_an_account_of_its_address_only(server):
    owner = Browser(server).sign_in("owner-1").json()
    authorization = {"Authorization": f"Bearer {owner['access_token']}"}
    organization = get(server, "/api/v1/users/me", owner).json()["organizations"][0]["organization_id"]

    def invite(email):
        reply = requests.post(
            f"{server.url}/api/v1/organizations/{organization}/invitations", headers=authorization, json={"email": email, "role": "member"},
            timeout=60)
        assert reply.status_code == 201, reply.text
        return reply.json()["token"]

    assert kind(Browser(server).sign_in("ada-1", invitation=invite("somebody@example.org"))) == (403, "not-invited")
    session = Browser(server).sign_in("ada-1", invitation=invite("ada@example.org"))
    assert session.status_code == 200, session.text
    me = get(server, "/api/v1/users/me", session.json()).json()["user"]
    assert (me["email"], me["name"]) == ("ada@example.org", "Name of ada-1")
    actions = [(entry["action"], entry["outcome"]) for entry in get(server, "/api/v1/audit", owner).json()["data"]]
    assert ("acceptInvitation", "succeeded") in actions


def test_what_one_process_began_the_next_one_finishes(server):
    browser = Browser(server)
    callback = browser.consent(browser.begin(), sub="owner-1")
    assert server.stop() == 0
    server.start()
    assert browser.finish(callback).status_code == 200


def test_neither_codes_nor_states_nor_tokens_are_in_the_log(server):
    browser = Browser(server)
    callback = browser.consent(browser.begin(), sub="owner-1")
    session = browser.finish(callback).json()
    query = parse_qs(urlsplit(callback).query)
    log = server.log()
    assert f"{BEGIN}/callback" in log
    for secret in (query["code"][0], query["state"][0], session["access_token"], session["refresh_token"], SECRET):
        assert secret not in log
