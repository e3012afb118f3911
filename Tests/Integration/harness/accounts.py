"""Accounts as a team's own scripts would use them: people who sign in, and what they do to members, keys, settings and credentials.

Signing in costs a hash of a tenth of a second: tests share signed-in users where they can.
"""
import re
import requests
from requests.adapters import HTTPAdapter

PASSWORD = "correct horse battery staple"


class _FromAddress(HTTPAdapter):
    """Connects from a given loopback address."""

    def __init__(self, address):
        self.address = address
        super().__init__()

    def init_poolmanager(self, *arguments, **options):
        super().init_poolmanager(*arguments, source_address=(self.address, 0), **options)


class Client:
    """Requests that show one credential, or none, and name one project, or none."""

    def __init__(self, url, credential=None, project=None, source=None):
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False
        if source:
            self.session.mount("http://", _FromAddress(source))
        if credential:
            self.session.headers["Authorization"] = f"Bearer {credential}"
        if project:
            self.session.headers["Spandrel-Project"] = project

    def request(self, method, path, body=None, **options):
        """The answer as it is; `body` goes as JSON."""
        if body is not None:
            options["json"] = body
        return self.session.request(method, self.url + path, timeout=60, **options)

    def call(self, method, path, body=None, status=200, **options):
        """The JSON of an answer that must have a status; None for one without a body."""
        answer = self.request(method, path, body, **options)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def status(self, method, path, body=None, **options):
        return self.request(method, path, body, **options).status_code

    # Keys

    def create_key(self, *scopes, name="key", **restrictions):
        """The created key's JSON; its secret is the member `key`."""
        return self.call("POST", "/api/v1/api-keys", {"name": name, "scopes": list(scopes), **restrictions}, 201)

    def rotate_key(self, key, overlap_seconds):
        return self.call("POST", f"/api/v1/api-keys/{key['id']}/rotation", {"overlap_seconds": overlap_seconds}, 201)

    def revoke_key(self, key):
        return self.call("DELETE", f"/api/v1/api-keys/{key['id']}")

    def key(self, key):
        """A key as it is listed now."""
        return next(listed for listed in self.call("GET", "/api/v1/api-keys?limit=500")["data"] if listed["id"] == key["id"])

    # Settings

    def settings(self):
        return self.call("GET", "/api/v1/settings")

    def put_settings(self, status=200, version=None, **settings):
        """Replaces all of them; `version` for If-Match."""
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        return self.call("PUT", "/api/v1/settings", settings, status, headers=headers)


class User(Client):
    """Somebody who is signed in."""

    def __init__(self, url, signed_in, email, password, project=None, source=None):
        super().__init__(url, signed_in["access_token"], project, source)
        self.email, self.password, self.project = email, password, project
        self.id, self.session_id = signed_in["user_id"], signed_in["session_id"]
        self.access_token, self.refresh_token = signed_in["access_token"], signed_in["refresh_token"]

    def is_signed_in(self):
        return self.status("GET", "/api/v1/users/me") == 200

    def again(self):
        """A second session of the same person."""
        return sign_in(self.url, self.email, self.password, self.project)


class Member(User):
    """Somebody in an organization."""

    organization = None

    @property
    def organization_path(self):
        return f"/api/v1/organizations/{self.organization}"

    def invite(self, email, role, status=201, **fields):
        return self.call("POST", f"{self.organization_path}/invitations", {"email": email, "role": role, **fields}, status)

    def bring_in(self, email, role, password=PASSWORD):
        """Invites somebody who accepts; answers that member."""
        token = self.invite(email, role)["token"]
        return self.of_the_same(accept(self.url, token, email, password, self.project))

    def of_the_same(self, member):
        member.organization = self.organization
        return member

    def set_role(self, user, role, status=200):
        return self.call("PUT", f"{self.organization_path}/members/{user.id}", {"role": role}, status)

    def remove(self, user, status=204):
        return self.call("DELETE", f"{self.organization_path}/members/{user.id}", status=status)

    def roles(self):
        """E-mail -> role."""
        return {member["email"]: member["role"] for member in self.call("GET", f"{self.organization_path}/members?limit=500")["data"]}

    def create_credential(self, secret, name="credential", status=201, **fields):
        body = {"provider": "openai", "name": name, "secret": secret, **fields}
        return self.call("POST", f"{self.organization_path}/provider-credentials", body, status)


def try_to_sign_in(url, email, password, source=None):
    """The answer to a sign-in, whatever it is. Failures count against the address, too: who needs many gives `source`."""
    return Client(url, source=source).request("POST", "/api/v1/auth/sign-in", {"email": email, "password": password})


def sign_in(url, email, password, project=None, source=None):
    signed_in = Client(url, source=source).call("POST", "/api/v1/auth/sign-in", {"email": email, "password": password})
    return Member(url, signed_in, email, password, project, source)


def accept(url, token, email, password=PASSWORD, project=None):
    """Accepts an invitation with a new account."""
    body = {"token": token, "name": email.partition("@")[0], "password": password}
    return Member(url, Client(url).call("POST", "/api/v1/auth/invitations/accept", body, 201), email, password, project)


def owner(server):
    """The first owner, with the password of credentials.json, in the first project."""
    known = server.credentials
    owner = sign_in(server.url, known["email"], known["password"], known["project_id"])
    owner.organization = owner.call("GET", "/api/v1/users/me")["organizations"][0]["organization_id"]
    return owner


def renew(user):
    """The answer to the exchange of somebody's refresh token."""
    return Client(user.url).request("POST", "/api/v1/auth/refresh", {"refresh_token": user.refresh_token})


def token_of(kind, text):
    """The token of a link in a mail or in the log; `kind` is invite or reset."""
    return re.search(rf"spdrl_{kind}_[0-9a-f]{{64}}", text).group()


def without_id(answer):
    """A problem document without what is different in every one."""
    return {name: value for name, value in answer.json().items() if name != "request_id"}
