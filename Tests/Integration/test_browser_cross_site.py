"""Pages of another origin in a browser whose owner is signed in: what they try changes nothing."""
import contextlib, http.server, threading
import pytest
from harness.accounts import owner
from harness.browsers import browsing, sign_in
from harness.ports import free_port

PAGE = """<!doctype html><title>A prize</title>
<form id="sign-out" method="post" action="{url}/sign-out"></form>
<form id="everywhere" method="post" action="{url}/api/v1/auth/sign-out-everywhere"></form>
<form id="sign-in" method="post" action="{url}/sign-in"><input name="email" value="{email}"><input name="password" value="{password}"></form>
<form id="key" method="post" enctype="text/plain" action="{url}/api/v1/projects/{project}/api-keys">
<input name='{{"name": "stolen", "scopes": ["admin"], "x": "' value='"}}'></form>
<iframe id="frame" src="{url}/account"></iframe>"""


@contextlib.contextmanager
def another_origin(text):
    """A site on a port of its own: another origin, of which browsers send the cookies of ours all the same."""
    class Site(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = text.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", free_port()), Site) as site:
        thread = threading.Thread(target=site.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{site.server_port}/"
        site.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def victim(server):
    """The victim's page of the other site, opened anew for each test."""
    known = server.credentials
    text = PAGE.format(url=server.url, email=known["email"], password=known["password"], project=known["project_id"])
    with another_origin(text) as origin, browsing(server.url) as browser:
        page = browser.open()
        sign_in(page, known["email"], known["password"])
        yield page, origin


def keys(server):
    return sorted(key["name"] for key in owner(server).call("GET", "/api/v1/api-keys?limit=500")["data"])


def is_signed_in(page, server):
    page.goto(server.url + "/account")
    return page.url == server.url + "/account"


@pytest.mark.parametrize("form", ["sign-out", "everywhere", "sign-in", "key"])
def test_a_form_of_another_origin_is_refused(server, victim, form):
    page, origin = victim
    before = keys(server)
    page.goto(origin)
    with page.expect_response(lambda response: response.request.method == "POST") as answered, page.expect_navigation():
        page.evaluate("id => document.getElementById(id).submit()", form)
    assert answered.value.status == 403
    assert "set-cookie" not in answered.value.headers
    if form != "sign-in":
        assert "spandrel_session=" in answered.value.request.all_headers()["cookie"], "the browser did send the victim's cookie"
    assert keys(server) == before
    assert is_signed_in(page, server)


def test_a_script_of_another_origin_neither_changes_nor_reads(server, victim):
    page, origin = victim
    before = keys(server)
    page.goto(origin)
    asked = page.evaluate("""async ([url, project]) => {
        const answers = [];
        for (const [path, options] of [
            [`/api/v1/projects/${project}/api-keys`, {method: "POST", body: '{"name": "stolen", "scopes": ["admin"]}'}],
            [`/api/v1/projects/${project}/api-keys`, {method: "POST", mode: "no-cors", body: '{"name": "stolen", "scopes": ["admin"]}'}],
            ["/api/v1/users/me", {}], ["/account", {}],
        ]) answers.push(await fetch(url + path, {credentials: "include", ...options}).then(reply => reply.type, () => "refused"));
        return answers;
    }""", [server.url, server.credentials["project_id"]])
    assert asked == ["refused", "opaque", "refused", "refused"]
    assert keys(server) == before
    assert is_signed_in(page, server)


def test_a_web_socket_of_another_origin_is_not_opened(server, victim):
    page, origin = victim
    page.goto(origin)
    ended = page.evaluate("""url => new Promise(resolve => {
        const socket = new WebSocket(url, ["spandrel.v1"]);
        socket.onopen = () => resolve("opened");
        socket.onerror = () => resolve("refused");
    })""", server.url.replace("http", "ws") + f"/projects/{server.credentials['project_id']}/api/v1/events?topic=traces")
    assert ended == "refused"
    # The same from a page of ours.
    page.goto(server.url + "/account")
    assert page.evaluate("""url => new Promise(resolve => {
        const socket = new WebSocket(url, ["spandrel.v1"]);
        socket.onopen = () => resolve("opened");
        socket.onerror = () => resolve("refused");
    })""", server.url.replace("http", "ws") + f"/projects/{server.credentials['project_id']}/api/v1/events?topic=traces") == "opened"


def test_no_page_is_shown_in_a_frame_of_another_origin(victim):
    page, origin = victim
    page.goto(origin)
    frame = page.locator("#frame").element_handle().content_frame()
    frame.wait_for_load_state()
    assert frame.get_by_role("heading", name="Account").count() == 0
