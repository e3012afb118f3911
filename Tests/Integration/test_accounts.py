"""A team on one server, as its people live it: invited, signed in, promoted, signed out; with and without a mail server."""
import json, re
import pytest
from harness import accounts
from harness.accounts import Client, PASSWORD, renew, token_of
from harness.mail import MailServer
from harness.server import REPOSITORY, wait_until


@pytest.fixture(scope="module")
def owner(server):
    return accounts.owner(server)


@pytest.fixture(scope="module")
def viewer(owner):
    return owner.bring_in("viewer@example.com", "viewer")


@pytest.fixture(scope="module")
def admin(owner):
    return owner.bring_in("admin@example.com", "admin")


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
                # These post what they ask; they change nothing. Who may cancel a task depends on its kind, and whoever reads tasks may learn
                # that there is none: TaskCancelRouteTests.
                reads = operation["operationId"] in ("query", "searchKnowledge", "previewRedaction", "createTicket", "cancelTask")
                if method in ("post", "put", "patch", "delete") and permission not in ("public", "signed-in") and not reads:
                    found.append((method.upper(), path))
    return found


@pytest.mark.parametrize("method, path", changing_operations(), ids=lambda value: value)
def test_a_viewer_changes_nothing(owner, viewer, method, path):
    ids = {"organization_id": owner.organization, "project_id": owner.project, "user_id": owner.id}
    path = re.sub(r"\{(\w+)\}", lambda match: ids.get(match[1], owner.id), path)
    answer = viewer.request(method, path, {})
    assert answer.status_code == 403, answer.text
    if path.endswith(("/v1/traces", "/v1/logs", "/v1/metrics")):
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
    assert carol.status("GET", "/api/v1/settings") == 401
    assert carol.is_signed_in(), "what is her own stays"


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
    assert accounts.without_id(foreign) == accounts.without_id(unknown)


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


def test_a_refresh_token_works_once_and_the_second_time_ends_the_session(owner):
    user = owner.again()
    renewed = accounts.User(user.url, renew(user).json(), user.email, user.password)
    assert renewed.session_id == user.session_id and renewed.refresh_token != user.refresh_token
    assert renewed.is_signed_in() and user.is_signed_in()
    assert renew(user).status_code == 401
    assert not renewed.is_signed_in() and not user.is_signed_in()
    assert renew(renewed).status_code == 401
    assert owner.is_signed_in()


# Mail

def test_with_a_mail_server_links_are_mailed_and_not_logged(make_server):
    with MailServer() as mails:
        server = make_server(*mails.arguments, "--public-url", "https://traces.example.com/").start()
        owner = accounts.owner(server)
        made = owner.invite("kim@example.com", "member")
        text = mails.mail_to("kim@example.com")
        invitation = token_of("invite", text)
        assert made["is_mailed"] and f"https://traces.example.com/invitation#{invitation}" in text
        assert "token" not in made and "url" not in made, "nobody but the invited sees it"
        kim = accounts.accept(server.url, invitation, "kim@example.com")
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
        assert token not in server.log() and invitation not in server.log()


def test_a_mail_server_that_is_away_costs_the_mail_and_nothing_else(make_server):
    with MailServer() as mails:
        arguments = mails.arguments
    server = make_server(*arguments).start()
    owner = accounts.owner(server)
    made = owner.invite("lee@example.com", "member")
    wait_until(lambda: "a mail was not sent" in server.log(), 30, "the failure in the log")
    assert made["is_mailed"] and "token" not in made and "spdrl_invite_" not in server.log()
    assert owner.call("DELETE", f"{owner.organization_path}/invitations/{made['id']}")["revoked_at"]
