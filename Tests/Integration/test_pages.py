"""Pages over HTTP: what their answers say to browsers, cookies with and without TLS, what other sites' pages cannot do, what no page holds."""
import re
import pytest
from harness.accounts import Client
from harness.browsers import PageClient
from test_tls import certificate, folder, secure  # noqa: F401  (fixtures)

POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
          "form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
PAGES = ["overview", "connect", "traces", "sessions", "users", "runs", "runs/new", "suites", "knowledge", "knowledge/drafts", "knowledge/revisions",
         "knowledge/search", "settings/general", "settings/members", "settings/keys", "settings/redaction", "settings/providers", "settings/prices",
         "settings/audit", "settings/quarantine"]


@pytest.fixture(scope="module")
def browser(server):
    client = PageClient(server.url)
    assert client.sign_in(server.credentials).status_code == 303
    return client


@pytest.fixture(scope="module")
def project(server):
    return f"/projects/{server.credentials['project_id']}"


@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_what_may_run_in_it_and_holds_no_secret(server, browser, project, page):
    answer = browser.get(f"{project}/{page}")
    assert answer.status_code == 200, answer.text[:500]
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["cache-control"] == "no-store" and answer.headers["referrer-policy"] == "same-origin"
    assert "<script>" not in answer.text and " style=" not in answer.text and not re.search(r"\son[a-z]+=", answer.text)
    token = browser.session.cookies["spandrel_session"]
    for secret in (token, server.key, server.credentials["password"]):
        assert secret not in answer.text, f"{page} shows a secret"


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_is_led_to_the_sign_in_page_and_back(server, project, page):
    stranger = PageClient(server.url)
    answer = stranger.get(f"{project}/{page}")
    assert answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?next=%2Fprojects%2F")
    back = stranger.post("/sign-in", {**sign_in_form(server), "next": f"{project}/{page}"})
    assert back.status_code == 303 and back.headers["location"] == f"{project}/{page}"


def sign_in_form(server):
    return {"email": server.credentials["email"], "password": server.credentials["password"]}


def test_the_cookie_is_closed_to_scripts_and_other_sites(server):
    cookie = PageClient(server.url).sign_in(server.credentials).headers["set-cookie"]
    assert re.fullmatch(r"spandrel_session=spdrl_browser_[0-9a-f]{64}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax", cookie)


def test_behind_tls_the_cookie_is_for_tls_and_this_host_alone(secure, certificate):  # noqa: F811
    client = PageClient(secure.url, verify=str(certificate))
    cookie = client.sign_in(secure.credentials).headers["set-cookie"]
    assert re.fullmatch(r"__Host-spandrel_session=spdrl_browser_[0-9a-f]{64}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure", cookie)
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize("headers", [
    {"Sec_Fetch_Site": None}, {"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"}, {"Sec_Fetch_Site": None, "Origin": "null"},
    {"Sec_Fetch_Site": None, "Origin": "http://evil.example"}, {"Sec_Fetch_Site": "cross-site", "Origin": "http://127.0.0.1"}])
def test_pages_of_other_sites_change_nothing(server, browser, headers):
    for path in ("/sign-in", "/sign-out"):
        refused = PageClient(server.url).post(path, sign_in_form(server), **headers)
        assert refused.status_code == 403 and "set-cookie" not in refused.headers
    # With the victim's own cookie, which a forged request would carry.
    for path in ("/sign-out", "/api/v1/auth/sign-out-everywhere", f"/api/v1/projects/{server.credentials['project_id']}/api-keys"):
        assert browser.post(path, **headers).status_code == 403
    assert browser.get("/account").status_code == 200


def test_signing_out_ends_the_session_and_signing_out_everywhere_ends_all(make_server):
    # A server of its own: the other tests share one that stays signed in.
    server = make_server().start()
    first, second = PageClient(server.url), PageClient(server.url)
    for client in (first, second):
        client.sign_in(server.credentials)
    kept = dict(first.session.cookies)
    assert first.post("/sign-out").headers["location"] == "/sign-in"
    first.session.cookies.update(kept)
    assert first.get("/account").headers["location"].startswith("/sign-in"), "the token itself has ended"
    assert second.post("/api/v1/auth/sign-out-everywhere").status_code == 204
    assert second.get("/account").status_code == 303


def test_a_wrong_password_is_told_on_the_page_and_repeated_nowhere(server):
    client = PageClient(server.url)
    answer = client.post("/sign-in", {"email": server.credentials["email"], "password": "very wrong <script>"})
    assert answer.status_code == 401 and "very wrong" not in answer.text and "set-cookie" not in answer.headers
    assert server.credentials["email"] in answer.text
    assert "very wrong" not in server.log()


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\t/evil.example"])
def test_signing_in_leads_to_pages_of_this_server_alone(server, place):
    answer = PageClient(server.url).post("/sign-in", {**sign_in_form(server), "next": place})
    assert answer.status_code == 303 and answer.headers["location"] == "/"


def test_what_is_not_there_is_a_page_for_people_and_a_document_for_programs(server, browser, project):
    nobodys = "/projects/01a1fd22-0000-7000-8000-000000000000/traces"
    for path in (f"{project}/nothing", "/nothing", nobodys):
        page = browser.get(path)
        assert page.status_code == 404 and page.headers["content-type"].startswith("text/html")
    for path in (f"{project}/nothing", "/nothing", "/api/v1/nothing"):
        assert Client(server.url, server.key).request("GET", path).headers["content-type"] == "application/problem+json"


def test_assets_are_packed_and_kept_and_the_first_page_is_small(server):
    client = PageClient(server.url)
    page = client.get("/sign-in")
    total = len(page.content)
    for path in set(re.findall(r'(?:href|src)="(/assets/[^"#]+)"', page.text)):
        asset = client.get(path, stream=True)
        assert asset.headers["cache-control"] == "public, max-age=31536000, immutable", path
        assert asset.headers["content-encoding"] == "gzip" or int(asset.headers["content-length"]) < 1024, path
        total += int(asset.headers["content-length"])
    assert total < 100 * 1024


def test_no_token_of_a_session_is_in_the_log(server):
    client = PageClient(server.url)
    client.sign_in(server.credentials)
    token = client.session.cookies["spandrel_session"]
    client.get("/account")
    client.get(f"/{token}")
    assert token not in server.log()
