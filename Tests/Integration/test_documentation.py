"""The pages under /docs: every operation is on them, they load nothing from anywhere, and the commands they show run."""
import json, os, re, subprocess, html, uuid
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


TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


def export_span(user):
    """A span with a question and its answer."""
    attributes = [{"key": f"gen_ai.{name}.messages", "value": {"stringValue": json.dumps([{"role": role, "content": text}])}}
                  for name, role, text in (("input", "user", "What is the capital of France?"), ("output", "assistant", "Paris."))]
    span = {"traceId": TRACE, "spanId": SPAN, "name": "chat", "startTimeUnixNano": "1790000000000000000", "endTimeUnixNano": "1790000000500000000",
            "attributes": attributes}
    user.call("POST", "/v1/traces", {"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]})


@pytest.fixture(scope="module")
def variables(server):
    """What the commands' variables stand for: the owner's tokens and ids, and links made for the ones that use them up."""
    user = owner(server)
    member = user.bring_in("ada@team.example", "member")
    Client(server.url).request("POST", "/api/v1/auth/password-resets", {"email": member.email})
    link = re.compile(r"/password-reset#(spdrl_reset_\w+)")
    wait_until(lambda: link.search(server.log()), 10, "the mail in the log")
    scorers = [{"kind": "latency", "maximum_ms": 2000}]
    rule = user.call("POST", "/api/v1/score-rules", {"name": "of the documentation", "scorers": scorers, "enabled": False}, 201)["id"]
    guest = user.invite("guest@team.example", "viewer")
    # Nobody has this name: the run that is started there does not leave the machine.
    credential = user.create_credential("sk-documentation", "of the documentation", 201, base_url="https://provider.invalid/v1")
    suite = user.call("POST", "/api/v1/suites", {"name": "of the documentation"}, 201)["id"]
    user.call("POST", f"/api/v1/suites/{suite}/test-cases", {"put": [{"key": "one", "input": "1?"}]})
    run = user.call("POST", "/api/v1/runs", {"suite": suite, "targets": [{"name": "code", "kind": "exec"}]}, 202)["id"]
    wait_until(lambda: user.call("GET", f"/api/v1/runs/{run}")["state"] == "running", 10, "the run's plan")
    export_span(user)
    return user, {
        "URL": server.url, "API_KEY": server.key, "ACCESS_TOKEN": user.access_token, "PASSWORD": user.password,
        "REFRESH_TOKEN": user.again().refresh_token, "RESET_TOKEN": link.search(server.log())[1],
        "INVITATION_TOKEN": guest["token"], "MY_INVITATION_TOKEN": user.invite(user.email, "viewer")["token"],
        "ORGANIZATION_ID": user.organization, "PROJECT_ID": user.project, "USER_ID": member.id, "FEATURE": "new-view",
        "CREDENTIAL_ID": credential["id"], "SUITE_ID": suite, "RUN_ID": run, "TRACE_ID": TRACE, "SPAN_ID": SPAN, "RULE_ID": rule,
    }


def insert_draft(server, user, suite):
    """A draft that waits for a person; answers its id. Drafts are decided once: each command finds another."""
    task = user.call("POST", f"/api/v1/suites/{suite}/drafts", {"trace_ids": [TRACE], "model": "xai/none"}, 202)["id"]
    draft = str(uuid.UUID(int=uuid.uuid4().int & ~(0xF << 76) | 7 << 76))
    content = json.dumps({"key": "drafted", "input": {"messages": [{"role": "user", "content": "What is the capital of Peru?"}]}})
    source = json.dumps({"trace_id": TRACE, "span_id": SPAN})
    query = f"""INSERT INTO test_case_drafts (id, suite_id, request_id, key, content, source)
        VALUES ('{draft}', '{suite}', '{task}', 'drafted', '{content}', '{source}')"""
    subprocess.run(["psql", "--host", server.data / "postgres/sock", "--username", "spandrel", "--dbname", "spandrel", "-Xq", "--command", query], check=True)
    return draft


def test_every_command_runs_as_it_stands(pages, variables, server):
    user, named = variables
    named = {**named, "FEATURE_ID": insert_feature(server, user.project)}
    environment = {**os.environ, **{f"SPANDREL_{name}": value for name, value in named.items()}}
    commands = [html.unescape(command) for page in pages.values() for command in re.findall(r'<pre class="example">(.*?)</pre>', page.text, re.S)]
    assert len(commands) >= 3
    for command in commands:
        # A key is rotated once: every command finds another one.
        environment["SPANDREL_API_KEY_ID"] = user.create_key("read")["id"]
        if "SPANDREL_DRAFT_ID" in command:
            environment["SPANDREL_DRAFT_ID"] = insert_draft(server, user, named["SUITE_ID"])
        run = subprocess.run(["bash", "-c", command.replace("curl -s", "curl -s --fail-with-body", 1)], env=environment, capture_output=True, text=True)
        assert run.returncode == 0, command + "\n" + run.stdout


def test_an_unknown_tag_is_not_found(api):
    assert api.request("GET", "/docs/Nothing").status_code == 404
