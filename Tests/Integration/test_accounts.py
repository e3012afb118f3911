"""A team on one server, as its people live it: invited, signed in, promoted, locked out, signed out; and those who only pretend."""
import json, re, statistics, time
import pytest
from google.rpc.status_pb2 import Status
from harness import accounts, tokens
from harness.accounts import Client, PASSWORD
from harness.mail import MailServer
from harness.server import REPOSITORY, wait_until

WRONG = "not the password at all"


@pytest.fixture(scope="module")
def owner(server):
    return accounts.owner(server)


@pytest.fixture(scope="module")
def viewer(owner):
    return owner.bring_in("viewer@example.com", "viewer")


@pytest.fixture(scope="module")
def admin(owner):
    return owner.bring_in("admin@example.com", "admin")


def token_of(kind, text):
    return re.search(rf"spdrl_{kind}_[0-9a-f]{{64}}", text).group()


# Coming in

def test_an_invitation_is_a_link_that_makes_one_account(server, owner):
    made = owner.invite("Ada@Example.com", "member")
    assert made["email"] == "ada@example.com" and not made["is_mailed"] and made["accepted_at"] is None
    assert made["url"].startswith(server.url + "/") and made["url"].endswith("#" + made["token"])
    ada = accounts.accept(server.url, made["token"], "ada@example.com")
    me = ada.call("GET", "/api/v1/users/me")
    assert (me["user"]["email"], me["user"]["name"]) == ("ada@example.com", "ada")
    assert [(entry["organization_id"], entry["role"]) for entry in me["organizations"]] == [(owner.organization, "member")]
    assert owner.roles()["ada@example.com"] == "member"
    again = Client(server.url).request(
        "POST", "/api/v1/auth/invitations/accept", {"token": made["token"], "name": "Eve", "password": PASSWORD})
    assert again.status_code == 404, again.text
    assert accounts.sign_in(server.url, "ada@example.com", PASSWORD).is_signed_in()


def test_without_a_mail_server_an_invitation_is_in_the_log_too(server, owner):
    token = owner.invite("log@example.com", "member")["token"]
    wait_until(lambda: token in server.log(), 10, "the invitation's link in the log")


def test_a_revoked_invitation_opens_nothing(server, owner):
    made = owner.invite("late@example.com", "member")
    assert owner.call("DELETE", f"{owner.organization_path}/invitations/{made['id']}")["revoked_at"]
    body = {"token": made["token"], "name": "Late", "password": PASSWORD}
    assert Client(server.url).status("POST", "/api/v1/auth/invitations/accept", body) == 404


def test_a_short_password_is_refused_and_leaves_the_invitation_open(server, owner):
    token = owner.invite("short@example.com", "viewer")["token"]
    answer = Client(server.url).request("POST", "/api/v1/auth/invitations/accept", {"token": token, "name": "S", "password": "short"})
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "password"
    accounts.accept(server.url, token, "short@example.com")


def test_somebody_with_an_account_accepts_signed_in(server, owner):
    bob = owner.bring_in("bob@example.com", "viewer")
    organization = owner.call("POST", "/api/v1/organizations", {"name": "Second"}, 201)
    path = f"/api/v1/organizations/{organization['id']}/invitations"
    token = owner.call("POST", path, {"email": bob.email, "role": "member"}, 201)["token"]
    body = {"token": token, "name": "Bob", "password": PASSWORD}
    assert Client(server.url).status("POST", "/api/v1/auth/invitations/accept", body) == 409
    bob.call("POST", "/api/v1/users/me/invitations", {"token": token})
    assert {entry["role"] for entry in bob.call("GET", "/api/v1/users/me")["organizations"]} == {"viewer", "member"}


# Roles

def changing_operations():
    """Every operation of openapi/ that changes something and is not about the caller's own account: (method, path)."""
    found = []
    for file in sorted((REPOSITORY / "openapi").glob("*.json")):
        for path, methods in json.loads(file.read_text()).get("paths", {}).items():
            for method, operation in methods.items():
                permission = operation.get("x-permission", "public")
                # These post what they ask; they change nothing.
                reads = operation["operationId"] in ("query", "previewRedaction")
                if method in ("post", "put", "patch", "delete") and permission not in ("public", "signed-in") and not reads:
                    found.append((method.upper(), path))
    return found


@pytest.mark.parametrize("method, path", changing_operations(), ids=lambda value: value)
def test_a_viewer_changes_nothing(owner, viewer, method, path):
    ids = {"organization_id": owner.organization, "project_id": owner.project, "user_id": owner.id}
    path = re.sub(r"\{(\w+)\}", lambda match: ids.get(match[1], owner.id), path)
    answer = viewer.request(method, path, {})
    assert answer.status_code == 403, answer.text
    if path.endswith("/v1/traces"):
        assert answer.json()["code"] == 7 and answer.json()["message"]
    else:
        assert answer.json()["type"] == "urn:spandrel:problem:not-permitted"


def test_a_new_role_works_from_the_next_request_on(owner):
    carol = owner.bring_in("carol@example.com", "viewer")
    body = {"name": "carol's", "scopes": ["read"]}
    assert carol.status("POST", "/api/v1/api-keys", body) == 403
    owner.set_role(carol, "admin")
    assert carol.status("POST", "/api/v1/api-keys", body) == 201
    owner.set_role(carol, "member")
    assert carol.status("POST", "/api/v1/api-keys", body) == 403
    assert carol.request("POST", "/v1/traces", {}).status_code == 200
    owner.remove(carol)
    assert not carol.is_signed_in()


def test_an_admin_neither_makes_nor_touches_owners(owner, admin, viewer):
    assert "not-permitted" in admin.set_role(viewer, "owner", 403)["type"]
    admin.set_role(owner, "viewer", 403)
    admin.remove(owner, 403)
    admin.invite("mine@example.com", "owner", 403)
    assert owner.roles()[owner.email] == "owner"


def test_the_last_owner_stays(owner, admin):
    assert owner.set_role(owner, "viewer", 409)["status"] == 409
    assert owner.remove(owner, 409)["status"] == 409
    owner.set_role(admin, "owner")
    owner.set_role(admin, "admin")
    assert owner.roles()[owner.email] == "owner"


def test_a_role_in_one_project_is_none_in_another(server, owner):
    other = owner.call("POST", "/api/v1/projects", {"name": "other"}, 201)["id"]
    token = owner.invite("dave@example.com", "member", project_id=owner.project)["token"]
    dave = accounts.accept(server.url, token, "dave@example.com", project=owner.project)
    assert dave.status("GET", "/api/v1/settings") == 200
    foreign = dave.request("GET", "/api/v1/settings", headers={"Spandrel-Project": other})
    unknown = dave.request("GET", "/api/v1/settings", headers={"Spandrel-Project": other[:-4] + "ffff"})
    assert foreign.status_code == unknown.status_code == 404
    assert without_id(foreign) == without_id(unknown)


# Sessions

def test_sessions_are_listed_and_ended_one_by_one(owner):
    first = owner.bring_in("erin@example.com", "viewer")
    second = first.again()
    listed = {session["id"]: session["is_current"] for session in first.call("GET", "/api/v1/users/me/sessions")["data"]}
    assert listed == {first.session_id: True, second.session_id: False}
    first.call("DELETE", f"/api/v1/users/me/sessions/{second.session_id}", status=204)
    assert not second.is_signed_in() and first.is_signed_in()
    assert renew(second).status_code == 401
    assert first.status("DELETE", f"/api/v1/users/me/sessions/{owner.session_id}") == 404
    assert owner.is_signed_in()


def test_signing_out_ends_the_access_token_at_once(owner):
    user = owner.again()
    assert user.is_signed_in()
    user.call("POST", "/api/v1/auth/sign-out", status=204)
    assert not user.is_signed_in() and renew(user).status_code == 401
    assert owner.is_signed_in()


def test_signing_out_everywhere_ends_every_access_token_at_once(owner):
    first = owner.bring_in("frank@example.com", "viewer")
    second = first.again()
    assert first.is_signed_in() and second.is_signed_in()
    second.call("POST", "/api/v1/auth/sign-out-everywhere", status=204)
    assert not first.is_signed_in() and not second.is_signed_in()
    assert renew(first).status_code == renew(second).status_code == 401


def renew(user, token=None):
    return Client(user.url).request("POST", "/api/v1/auth/refresh", {"refresh_token": token or user.refresh_token})


def test_a_refresh_token_works_once_and_the_second_time_ends_the_session(owner):
    user = owner.again()
    renewed = accounts.User(user.url, renew(user).json(), user.email, user.password)
    assert renewed.session_id == user.session_id and renewed.refresh_token != user.refresh_token
    assert renewed.is_signed_in() and user.is_signed_in()
    assert renew(user).status_code == 401
    assert not renewed.is_signed_in() and not user.is_signed_in()
    assert renew(renewed).status_code == 401
    assert owner.is_signed_in()


# Passwords

def test_a_password_is_reset_by_the_link_in_the_log(server, owner):
    grace = owner.bring_in("grace@example.com", "viewer")
    anonymous = Client(server.url)
    known = anonymous.request("POST", "/api/v1/auth/password-resets", {"email": grace.email})
    unknown = anonymous.request("POST", "/api/v1/auth/password-resets", {"email": "nobody@example.com"})
    assert known.status_code == unknown.status_code == 202 and known.content == unknown.content
    wait_until(lambda: "spdrl_reset_" in server.log(), 10, "the link in the log")
    line = next(line for line in reversed(server.log().splitlines()) if "spdrl_reset_" in line)
    assert grace.email in line
    body = {"token": token_of("reset", line), "password": "a quite different password"}
    assert anonymous.status("POST", "/api/v1/auth/password-resets/confirm", {**body, "password": "short"}) == 422
    anonymous.call("POST", "/api/v1/auth/password-resets/confirm", body, 204)
    assert not grace.is_signed_in() and renew(grace).status_code == 401
    assert accounts.try_to_sign_in(server.url, grace.email, grace.password).status_code == 401
    assert accounts.sign_in(server.url, grace.email, body["password"]).is_signed_in()
    assert anonymous.status("POST", "/api/v1/auth/password-resets/confirm", body) == 404
    assert "nobody@example.com" not in server.log()


def test_a_changed_password_ends_the_other_sessions(owner):
    here = owner.bring_in("heidi@example.com", "viewer")
    there = here.again()
    change = {"current_password": WRONG, "new_password": "yet another password"}
    assert here.status("PUT", "/api/v1/users/me/password", change) == 401
    here.call("PUT", "/api/v1/users/me/password", {**change, "current_password": here.password}, 204)
    assert here.is_signed_in() and not there.is_signed_in()
    assert accounts.try_to_sign_in(here.url, here.email, here.password).status_code == 401


def test_guessing_is_locked_out_and_told_for_how_long(server, owner):
    ivan = owner.bring_in("ivan@example.com", "viewer")
    answers = [accounts.try_to_sign_in(server.url, ivan.email, f"{WRONG} {number}", "127.0.0.9") for number in range(7)]
    statuses = [answer.status_code for answer in answers]
    assert statuses[0] == 401 and statuses[-1] == 429, statuses
    assert statuses == sorted(statuses), "401 until the lock-out, 429 from then on"
    assert int(answers[-1].headers["Retry-After"]) >= 1 and answers[-1].json()["type"].endswith(":locked-out")
    assert accounts.try_to_sign_in(server.url, ivan.email, ivan.password).status_code == 429
    # Others sign in meanwhile, and the locked out one goes on where they are.
    assert owner.again().is_signed_in() and ivan.is_signed_in()
    wait_until(lambda: accounts.try_to_sign_in(server.url, ivan.email, ivan.password).status_code == 200, 10, "the end of the lock-out")


def without_id(answer):
    """A problem document without what is different in every one."""
    return {name: value for name, value in answer.json().items() if name != "request_id"}


def test_a_wrong_user_and_a_wrong_password_look_the_same(server, owner):
    judy = owner.bring_in("judy@example.com", "viewer")
    unknown, wrong = timed(lambda: [accounts.try_to_sign_in(server.url, email, WRONG) for email in ("no.judy@example.com", judy.email)])[0]
    assert unknown.status_code == wrong.status_code == 401 and without_id(unknown) == without_id(wrong)
    different = {"x-request-id", "date", "content-length"}
    assert [header for header in unknown.headers.items() if header[0].lower() not in different] == [
        header for header in wrong.headers.items() if header[0].lower() not in different]
    # A busy machine may shift one round's medians; a check that is left out shifts every round's.
    for _ in range(3):
        medians = [statistics.median(times) for times in sign_in_times(server, judy)]
        if abs(medians[0] - medians[1]) < 0.2 * min(medians):
            return
    pytest.fail(f"medians of wrong user and wrong password: {medians}")


def sign_in_times(server, user, count=30):
    """Seconds of sign-ins with an unknown address and with a wrong password, in turn; a right one now and then keeps the lock-out away."""
    unknown, wrong = [], []
    for number in range(count):
        if number % 4 == 0:
            assert accounts.try_to_sign_in(server.url, user.email, user.password).status_code == 200
        source = f"127.1.{time.monotonic_ns() % 250}.{number + 1}"
        for email, times in ((f"nobody.{time.monotonic_ns()}@example.com", unknown), (user.email, wrong)):
            answer, seconds = timed(lambda: accounts.try_to_sign_in(server.url, email, WRONG, source))
            assert answer.status_code == 401, answer.text
            times.append(seconds)
    return unknown, wrong


def timed(body):
    start = time.perf_counter()
    return body(), time.perf_counter() - start


# Forged access tokens

OWN_KEY = 0x5EED << 200 | 1


def forgeries(genuine):
    """Name -> token, made by somebody who has one genuine token."""
    header, claims, signature = tokens.parts(genuine)
    now = int(time.time())
    own = tokens.ecdsa_signer(OWN_KEY)
    own_public = tokens.multiply(OWN_KEY, tokens.G)
    head, body, tail = genuine.split(".")
    made = {f"alg {name}": tokens.token({**header, "alg": name}, claims, lambda _: b"") for name in ("none", "None", "NONE", "")}
    made |= {f"alg {name} with the genuine signature": tokens.token({**header, "alg": name}, claims, lambda _: signature) for name in ("none", "ES384", "RS256")}
    for number, public in enumerate(tokens.public_keys(genuine)):
        for form, key in enumerate(tokens.forms(public)):
            made[f"HS256 under the public key {number}, form {form}"] = tokens.token({**header, "alg": "HS256"}, claims, tokens.hmac_signer(key))
    for guess in (b"", b"secret", header["kid"].encode(), b"spandrel", bytes(32)):
        made[f"HS256 under {guess}"] = tokens.token({**header, "alg": "HS256"}, claims, tokens.hmac_signer(guess))
    for name, changed in {
        "another key": header, "another key of its own name": {**header, "kid": "mine"}, "another key that comes along": {**header, "jwk": tokens.jwk(own_public)},
        "another key at a URL": {**header, "jku": "http://127.0.0.1:1/keys"}, "no key's name": {key: header[key] for key in ("alg", "typ")},
    }.items():
        made[name] = tokens.token(changed, claims, own)
    for name, changed in {
        "expired": {"iat": now - 3600, "exp": now - 2700}, "another audience": {"aud": "another-api"}, "another issuer": {"iss": "another"},
        "no expiry": {"exp": 2**53}, "issued tomorrow": {"iat": now + 86_400, "exp": now + 87_000}, "another user": {"sub": claims["sid"]},
    }.items():
        made[name] = tokens.token(header, {**claims, **changed}, own)
        made[f"{name}, genuine signature"] = tokens.token(header, {**claims, **changed}, lambda _: signature)
    made["a signature of zeros"] = f"{head}.{body}.{tokens.encode(bytes(64))}"
    made["r and s of the order"] = f"{head}.{body}.{tokens.encode(tokens.N.to_bytes(32, 'big') * 2)}"
    made["no signature"] = f"{head}.{body}."
    made["two parts"] = f"{head}.{body}"
    made["half a signature"] = f"{head}.{body}.{tail[:43]}"
    made["a changed bit"] = f"{head}.{body}.{tokens.encode(bytes([signature[0] ^ 1]) + signature[1:])}"
    made["header and claims exchanged"] = f"{body}.{head}.{tail}"
    return made


def test_forged_access_tokens_open_nothing(server, owner):
    genuine = owner.access_token
    header, claims, _ = tokens.parts(genuine)
    assert header["alg"] == "ES256" and claims["exp"] - claims["iat"] == 900
    # The forger's tools are right: they find the key that a token was signed under, and theirs would verify.
    assert all(tokens.verifies(public, genuine) for public in tokens.public_keys(genuine))
    for name, forged in forgeries(genuine).items():
        for path in ("/api/v1/users/me", "/api/v1/settings"):
            answer = Client(server.url, forged, owner.project).request("GET", path)
            assert answer.status_code == 401 and answer.headers["WWW-Authenticate"] == "Bearer", f"{name}: {answer.status_code} {answer.text}"
        export = Client(server.url, forged, owner.project).session.post(
            server.url + "/v1/traces", data=b"", headers={"Content-Type": "application/x-protobuf"}, timeout=30)
        assert export.status_code == 401 and Status.FromString(export.content).code == 16, name
    assert owner.is_signed_in()


def test_one_kind_of_token_is_not_another(server, owner):
    assert Client(server.url, owner.refresh_token).status("GET", "/api/v1/users/me") == 401
    anonymous = Client(server.url)
    assert anonymous.status("POST", "/api/v1/auth/refresh", {"refresh_token": "x"}) == 401
    assert anonymous.status("POST", "/api/v1/auth/refresh", {"refresh_token": server.key}) == 401
    invitation = owner.invite("kind@example.com", "viewer")["token"]
    assert anonymous.status("POST", "/api/v1/auth/refresh", {"refresh_token": invitation}) == 401
    body = {"token": invitation, "password": PASSWORD}
    assert anonymous.status("POST", "/api/v1/auth/password-resets/confirm", body) == 404
    assert Client(server.url, server.key).status("GET", "/api/v1/users/me") == 403, "a key is nobody's account"


# Mail

def test_with_a_mail_server_links_are_mailed_and_not_logged(make_server):
    with MailServer() as mails:
        server = make_server(*mails.arguments, "--public-url", "https://traces.example.com/").start()
        owner = accounts.owner(server)
        made = owner.invite("kim@example.com", "member")
        text = mails.mail_to("kim@example.com")
        assert made["is_mailed"] and f"https://traces.example.com/invitation#{made['token']}" in text and made["url"] in text
        kim = accounts.accept(server.url, token_of("invite", text), "kim@example.com")
        anonymous = Client(server.url)
        assert anonymous.status("POST", "/api/v1/auth/password-resets", {"email": "nobody@example.com"}) == 202
        assert anonymous.status("POST", "/api/v1/auth/password-resets", {"email": kim.email}) == 202
        text = mails.mail_to(kim.email, 2)
        token = token_of("reset", text)
        assert f"https://traces.example.com/password-reset#{token}" in text
        anonymous.call("POST", "/api/v1/auth/password-resets/confirm", {"token": token, "password": "mailed password"}, 204)
        assert accounts.sign_in(server.url, kim.email, "mailed password").is_signed_in()
        assert [mail["To"] for mail in mails.mails] == ["kim@example.com"] * 2
        assert {mail["From"].addresses[0].addr_spec for mail in mails.mails} == {"a@example.com"}
        assert token not in server.log() and made["token"] not in server.log()


def test_a_mail_server_that_is_away_costs_the_mail_and_nothing_else(make_server):
    with MailServer() as mails:
        arguments = mails.arguments
    server = make_server(*arguments).start()
    owner = accounts.owner(server)
    made = owner.invite("lee@example.com", "member")
    wait_until(lambda: "a mail was not sent" in server.log(), 30, "the failure in the log")
    assert made["token"] not in server.log()
    assert accounts.accept(server.url, made["token"], "lee@example.com").is_signed_in()
