"""The way back: any earlier revision becomes active again over HTTP, whole, gated as the settings say, told to whoever listens."""
import json, threading
import pytest
from websockets.sync.client import connect
from harness.accounts import owner
from harness.knowledge import KnowledgeProject
from harness.runs import make_suite, use_stand_in
from harness.server import wait_until

KB = "/api/v1/kb"


@pytest.fixture(scope="module")
def user(module_server, stand_in):
    user = owner(module_server)
    use_stand_in(user, stand_in)
    return user


@pytest.fixture
def project(user, request):
    return KnowledgeProject(user, request.node.name[:60])


def article(text):
    return {"title": "T", "kind": "article", "tags": [], "content": {"markdown": text}}


def promote(project, draft, **articles):
    """None: the entry is removed."""
    project.draft(draft)
    for key, text in articles.items():
        path = f"{KB}/drafts/{draft}/entries/{key}"
        if text is None:
            project.client.call("DELETE", path, status=204, headers={"If-Match": "*"})
        else:
            known = project.client.status("GET", path) == 200
            condition = {"If-Match": "*"} if known else {"If-None-Match": "*"}
            project.client.call("PUT", path, article(text), 200 if known else 201, headers=condition)
    return project.succeeded(project.promote(draft))["revision"]


def entries(project, path):
    """The revision that was seen, and every entry's hash, two at a time."""
    found, cursor = {}, ""
    while True:
        page = project.client.call("GET", f"{KB}/{path}/entries?limit=2{cursor}")
        found |= {entry["key"]: entry["hash"] for entry in page["data"]}
        if not page["next_cursor"]:
            return page["revision"], found
        cursor = "&cursor=" + page["next_cursor"]


def heard(project, task, into):
    """Every message of a task's WebSocket."""
    key = project.client.create_key("read")["key"]
    url = project.client.url.replace("http", "ws", 1) + f"/api/v1/tasks/{task}/events?after=0"
    with connect(url, subprotocols=["spandrel.v1"], additional_headers={"Authorization": f"Bearer {key}"}) as socket:
        for text in socket:
            into.append(json.loads(text))


def test_any_earlier_revision_becomes_active_again_whole(project):
    for revision in range(1, 5):
        changes = {f"all-{number}": f"state {revision}\n" for number in range(5)} | {f"since-{revision}": "x\n"}
        if revision > 1:
            changes |= {f"since-{revision - 1}": None}
        assert promote(project, f"draft-{revision}", **changes) == revision
    states = {number: entries(project, f"revisions/{number}")[1] for number in range(1, 5)}
    waiting = project.draft("waiting")
    project.client.call("PUT", f"{KB}/drafts/{waiting}/entries/own", article("own"), 201, headers={"If-None-Match": "*"})
    stop, torn, seen = threading.Event(), [], set()

    def read():
        while not stop.is_set():
            revision, found = entries(project, "active")
            seen.add(revision)
            # Those that are made meanwhile say what the one says that was restored.
            if found != states.get(revision, found) or found not in states.values():
                torn.append((revision, found))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    messages = {}
    try:
        for number, restored in ((5, 1), (6, 4), (7, 2), (8, 3)):
            task = project.client.call("POST", f"{KB}/revisions/{restored}/restore", {"message": f"Back to {restored}."}, 202)
            assert task["kind"] == "knowledge_promotion"
            assert project.succeeded(task["id"]) == {"revision": number}
            heard(project, task["id"], messages.setdefault(number, []))
            assert entries(project, "active") == (number, states[restored])
            shown = project.client.call("GET", f"{KB}/active")
            assert shown["promoted"]["restored_revision"] == restored and shown["promoted"]["message"] == f"Back to {restored}."
            assert shown["entry_count"] == 6
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert not torn, torn[:3]
    # What was is as it was, and history is linear.
    for number in range(1, 5):
        assert entries(project, f"revisions/{number}") == (number, states[number])
    assert [one["revision"] for one in project.client.call("GET", f"{KB}/revisions")["data"]] == list(range(8, 0, -1))
    # The WebSocket told it, to the end.
    for number, told in messages.items():
        types = [message["type"] for message in told]
        assert types[0] == "hello" and types[-1] == "task.succeeded" and told[-1]["data"]["result"] == {"revision": number}, told
    # An entry that came and went says so.
    history = project.client.call("GET", f"{KB}/entries/since-1/history")["data"]
    assert [(event["revision"], event["change"], event["restored_revision"]) for event in history] == [
        (6, "removed", 4), (5, "added", 1), (2, "removed", None), (1, "added", None)]
    # Every one is in the audit log.
    audit = project.client.call("GET", "/api/v1/audit?limit=500")["data"]
    assert sum(entry["action"] == "restoreKnowledgeRevision" for entry in audit) == 4
    # A draft that was open meanwhile is rebased before it goes on.
    project.client.call("POST", f"{KB}/drafts/{waiting}/submit")
    refused = project.client.call("POST", f"{KB}/drafts/{waiting}/promote", {}, 409)
    assert refused["errors"][0]["field"] == "base_moved"
    # What is active already is not restored; who may not promote may not go back.
    assert project.client.status("POST", f"{KB}/revisions/8/restore", {}) == 409
    assert project.client.status("POST", f"{KB}/revisions/9/restore", {}) == 404
    key = project.client.create_key("read", "write")["key"]
    assert type(project.client)(project.client.url, key).status("POST", f"{KB}/revisions/1/restore", {}) == 403


def test_the_gate_is_asked_before_the_way_back_as_well(project):
    assert promote(project, "one", policy="About matter: old.\n") == 1
    assert promote(project, "two", policy="About matter: new.\n", more="x\n") == 2
    assert promote(project, "three", policy="About matter: newest.\n") == 3
    make_suite(project.client, "gate", [{"key": f"case-{number}", "input": f"What of matter {number}?"} for number in range(6)])
    gate = {
        "suite": "gate", "repetitions": 3, "gate": {"minimum_pass_rate": 0.5, "stop_early": False},
        "scorers": [{"kind": "contains", "any": ["About matter: old."]}],
        "targets": [{"name": "mini", "kind": "model", "provider": "openai", "model": "gpt-4.1-mini", "prompt": "{{context}}\n\n{{input}}"}]}
    project.client.call("PUT", f"{KB}/settings", {"required_approvals": 2, "gate": gate})
    before = entries(project, "active")
    task = project.ended(project.client.call("POST", f"{KB}/revisions/2/restore", {}, 202)["id"])
    assert task["state"] == "failed" and "the gate's run did not pass" in task["error"]["message"]
    run = project.client.call("GET", f"/api/v1/runs/{task['error']['run_id']}")
    assert run["verdict"]["result"] == "fail" and run["specification"]["retrieval"]["view"]["revision"] == 2
    assert entries(project, "active") == before
    # The run's prompts saw what was to become active: this one passes, and needs no approval.
    assert project.succeeded(project.client.call("POST", f"{KB}/revisions/1/restore", {}, 202)["id"]) == {"revision": 4}
    assert entries(project, "active")[1] == entries(project, "revisions/1")[1]
    assert wait_until(lambda: project.search("matter")["revision"] == 4, 30, "the search to see it")
