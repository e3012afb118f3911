"""The pages under /docs: every operation is on them, they load nothing from anywhere, and the commands they show run."""
import os, re, subprocess, html
import pytest
from harness.accounts import Client, owner
from harness.features import insert_feature
from harness.server import wait_until


@pytest.fixture(scope="module")
def pages(api):
    index = api.request("GET", "/docs")
    tags = re.findall(r'<a href="/docs/(\w+)" class="plain">', index.text)
    return {"": index, **{tag: api.request("GET", f"/docs/{tag}") for tag in tags}}


def test_every_operation_is_on_the_page_of_its_tag(api, pages):
    document = api.get("/openapi.json")
    assert len(pages) == len(document["tags"]) + 1
    for path, methods in document["paths"].items():
        for operation in methods.values():
            page = pages[operation["tags"][0]].text
            assert f'id="{operation["operationId"]}"' in page and html.escape(path) in page


def test_pages_load_nothing(pages):
    for page in pages.values():
        assert page.status_code == 200 and page.headers["content-type"] == "text/html; charset=utf-8"
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert not re.search(r"<(script|img|iframe|link)|\bsrc=|url\(|@import", page.text)
        assert all(target.startswith(("/", "#")) for target in re.findall(r'href="([^"]*)"', page.text))


@pytest.fixture(scope="module")
def variables(server):
    """What the commands' variables stand for: the owner's tokens and ids, and links made for the ones that use them up."""
    user = owner(server)
    member = user.bring_in("ada@team.example", "member")
    Client(server.url).request("POST", "/api/v1/auth/password-resets", {"email": member.email})
    link = re.compile(r"/password-reset#(spdrl_reset_\w+)")
    wait_until(lambda: link.search(server.log()), 10, "the mail in the log")
    guest = user.invite("guest@team.example", "viewer")
    credential = user.create_credential("sk-documentation", "of the documentation", 201)
    return user, {
        "URL": server.url, "API_KEY": server.key, "ACCESS_TOKEN": user.access_token, "PASSWORD": user.password,
        "REFRESH_TOKEN": user.again().refresh_token, "RESET_TOKEN": link.search(server.log())[1],
        "INVITATION_TOKEN": guest["token"], "MY_INVITATION_TOKEN": user.invite(user.email, "viewer")["token"],
        "ORGANIZATION_ID": user.organization, "PROJECT_ID": user.project, "USER_ID": member.id, "FEATURE": "new-view",
        "CREDENTIAL_ID": credential["id"],
    }


def test_every_command_runs_as_it_stands(pages, variables, server):
    user, named = variables
    named = {**named, "FEATURE_ID": insert_feature(server, user.project)}
    environment = {**os.environ, **{f"SPANDREL_{name}": value for name, value in named.items()}}
    commands = [html.unescape(command) for page in pages.values() for command in re.findall(r'<pre class="example">(.*?)</pre>', page.text, re.S)]
    assert len(commands) >= 3
    for command in commands:
        # A key is rotated once: every command finds another one.
        environment["SPANDREL_API_KEY_ID"] = user.create_key("read")["id"]
        run = subprocess.run(["bash", "-c", command.replace("curl -s", "curl -s --fail-with-body", 1)], env=environment, capture_output=True, text=True)
        assert run.returncode == 0, command + "\n" + run.stdout


def test_an_unknown_tag_is_not_found(api):
    assert api.request("GET", "/docs/Nothing").status_code == 404
