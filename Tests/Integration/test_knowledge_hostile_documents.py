"""Uploads that mean harm: each ends with a clear result or a clear error, in bounded time and memory, and the next one is read as ever."""
import gzip, http.server, json, threading, time, urllib.parse
import pytest
import hostile_archives, hostile_documents
from harness import documents
from harness.accounts import owner
from harness.knowledge import KnowledgeProject, openapi
from harness.workers import WorkerInstallation


@pytest.fixture(scope="module")
def installation():
    with WorkerInstallation(workers=1) as installation:
        yield installation


@pytest.fixture(scope="module")
def project(installation):
    project = KnowledgeProject(owner(installation.server), "hostile")
    # What is made once by the first upload of all is not the first case's.
    project.succeeded(project.upload(project.draft("first"), openapi(10), "openapi", "application/json", "first"))
    return project


class Memory:
    """How much more than before the processes had at their peak, resident; what they share counted for each."""

    def __init__(self, installation):
        self.pids = [installation.server.process.pid, installation.workers[0].process.pid]

    def __enter__(self):
        for pid in self.pids:
            # The peak begins anew from what is there now.
            with open(f"/proc/{pid}/clear_refs", "w") as file:
                file.write("5")
        self.before = self.resident("VmRSS")
        return self

    def resident(self, field):
        total = 0
        for pid in self.pids:
            with open(f"/proc/{pid}/status") as file:
                total += next(int(line.split()[1]) for line in file if line.startswith(field))
        return total / 1024

    def __exit__(self, *_):
        self.mebibytes = self.resident("VmHWM") - self.before


@pytest.mark.parametrize("number, case", [
    pytest.param(number, case, id=case.name, marks=[pytest.mark.soak] if case.is_long else [])
    for number, case in enumerate(hostile_documents.CASES)])
def test_hostile_document(installation, project, number, case):
    content, draft, task = case.bytes(), project.draft(f"draft-{number}"), None
    start = time.monotonic()
    with Memory(installation) as memory:
        answer = project.client.request(
            "POST", f"/api/v1/kb/drafts/{draft}/openapi?document=d", data=content, headers={"Content-Type": case.type, **case.headers})
        if answer.status_code == 202:
            task = project.ended(answer.json()["id"], 10 * case.seconds)
    seconds = time.monotonic() - start
    print(f"{case.name}: {len(content) / 2 ** 20:.1f} MiB, {seconds:.2f} s, {memory.mebibytes:.0f} MiB more")
    if task is None:
        assert answer.status_code == case.state and answer.json()["detail"], answer.text
    else:
        check(task, case)
    assert all(process.poll() is None for process in (installation.server.process, installation.workers[0].process))
    assert seconds <= case.seconds and memory.mebibytes <= case.mebibytes, (seconds, memory.mebibytes)
    if task and task["state"] == "succeeded":
        check_entries(project, draft)
    assert project.show(draft)["version"] == (1 if task and task["state"] == "succeeded" and case.entries else 0)


def check_entries(project, draft):
    """What came in could have been written by hand: the API takes each content as it gives it."""
    copy = project.draft(f"{draft}-copy")
    for key in project.entry_keys(f"drafts/{draft}")[:10]:
        path = f"/api/v1/kb/drafts/{copy}/entries/{urllib.parse.quote(key, safe='')}"
        content = project.entry(f"drafts/{draft}", key)["content"]
        assert project.client.status("PUT", path, content, headers={"If-None-Match": "*"}) == 201, key


def check(task, case):
    assert task["state"] == case.state, task
    told = task["result"] if case.state == "succeeded" else task["error"]
    if case.state == "succeeded":
        assert told["added"] == told["entries"] == case.entries
    said = [told.get("message", "")] + [problem["message"] for problem in told["problems"]]
    assert any(case.says in text for text in said), said[:5]
    if case.state == "failed":
        assert said[0], told
    if case.state == "succeeded" and not case.says:
        assert told["problem_count"] == 0, told["problems"][:3]


@pytest.mark.parametrize("number, case", list(enumerate(hostile_archives.CASES)), ids=[case.name for case in hostile_archives.CASES])
def test_hostile_archive(installation, project, number, case):
    content, draft = case.bytes(), project.draft(f"archive-{number}")
    start = time.monotonic()
    with Memory(installation) as memory:
        task = project.ended(project.upload(draft, content, "markdown", "application/zip", "a"), 10 * case.seconds)
    seconds = time.monotonic() - start
    print(f"{case.name}: {len(content) / 2 ** 20:.1f} MiB, {seconds:.2f} s, {memory.mebibytes:.0f} MiB more")
    assert seconds <= case.seconds and memory.mebibytes <= case.mebibytes, (seconds, memory.mebibytes)
    # An archive with something in front of it may be taken or not.
    assert case.state in (None, task["state"]), task
    told = task["result"] if task["state"] == "succeeded" else task["error"]
    said = [told.get("message", "")] + [problem["message"] for problem in told["problems"]]
    assert any(case.says in text for text in said), said[:5]
    if case.keys is not None:
        assert tuple(sorted(project.entry_keys(f"drafts/{draft}"))) == tuple(sorted(case.keys))
    assert project.active == 0


def test_an_export_leads_nowhere_and_comes_back_the_same(installation, tmp_path):
    project = KnowledgeProject(owner(installation.server), "exported")
    draft = project.draft("odd")
    keys = ["con", "a\\b", "C:x", "x.", ".hidden/.x", "a/b", "a/B", "A/b", "~/x", "-rf *", "ü" * 200, "x" * 500, "*?<>|\"", "/".join("abc" * 20)]
    for key in keys:
        content = {"title": key[:100], "kind": "article", "content": {"markdown": f"---\nnot: a head\n---\n{key}\n"}}
        path = f"/api/v1/kb/drafts/{draft}/entries/{urllib.parse.quote(key, safe='')}"
        assert project.client.status("PUT", path, content, headers={"If-None-Match": "*"}) == 201, key
    project.succeeded(project.promote(draft))
    files = project.export()
    assert len(files) == len({name.lower() for name in files}) == len(keys)
    for name in files:
        parts = name.split("/")
        assert not name.startswith("/") and not {"", ".", ".."} & set(parts) and not set('\\:*?"<>|') & set(name), name
        assert all(len(part.encode()) <= 255 and not part.endswith((" ", ".")) for part in parts), name
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(files[name])
    other = KnowledgeProject(owner(installation.server), "brought in")
    again = other.put_articles(other.draft("again"), [(name, content) for name, content in files.items()])
    assert again["added"] == len(keys) and again["problem_count"] == 0
    for key in keys:
        assert other.entry("drafts/again", key)["content"] == project.entry("active", key)["content"]


class Listener(http.server.BaseHTTPRequestHandler):
    """Whoever follows a reference ends here."""
    asked = []

    def do_GET(self):
        self.asked.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


def test_references_out_of_a_document_are_named_and_never_followed(project, tmp_path):
    secret = tmp_path / "secret.json"
    secret.write_text('{"type": "string", "description": "what is nobody\'s business"}')
    secret.chmod(0o644)
    listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    try:
        places = [f"http://127.0.0.1:{listener.server_port}/schema.json", f"//127.0.0.1:{listener.server_port}/x", f"file://{secret}", str(secret), "../secret.json", "other.yaml#/a"]
        paths = {f"/s{number}": hostile_documents.get({"$ref": place}) for number, place in enumerate(places)}
        paths |= {f"/p{number}": {"get": {"parameters": [{"$ref": place}]}} for number, place in enumerate(places)}
        paths |= {f"/r{number}": {"get": {"responses": {"200": {"$ref": place}}}} for number, place in enumerate(places)}
        paths |= {f"/i{number}": {"$ref": place} for number, place in enumerate(places)}
        document = {"openapi": "3.1.0", "$id": places[0], "jsonSchemaDialect": places[0], "externalDocs": {"url": places[0]}, "paths": paths}
        draft = project.draft("references")
        result = project.succeeded(project.upload(draft, json.dumps(document).encode(), "openapi", "application/json", "d"))
    finally:
        listener.shutdown()
        listener.server_close()
    assert Listener.asked == []
    assert result["entries"] == 3 * len(places) and result["problem_count"] == 4 * len(places)
    for problem in result["problems"]:
        assert problem["pointer"].endswith("/$ref") and any(place in problem["message"] for place in places), problem
    for key in project.entry_keys(f"drafts/{draft}"):
        assert "nobody's business" not in json.dumps(project.entry(f"drafts/{draft}", key))


@pytest.mark.parametrize("encoding", ["gzip", "gzip, gzip", "zstd", "br"])
def test_a_packed_body_is_refused_unread(project, encoding):
    path = f"/api/v1/kb/drafts/{project.draft('packed-' + encoding.replace(', ', '-'))}/openapi?document=d"
    headers = {"Content-Type": "application/json", "Content-Encoding": encoding}
    answer = project.client.request("POST", path, data=gzip.compress(b" " * (1 << 28)), headers=headers)
    assert answer.status_code == 415 and "not compressed" in answer.json()["detail"], answer.text


@pytest.mark.parametrize("path, says", [
    ("jupyter_server/services/api/api.yaml", "Swagger 2.0"), ("tests/specs/self_recursive.yaml", "Swagger 2.0"),
    ("tests/specs/translating_parser/recursive_reference_in_root.spec.yaml", ""),
    ("tests/specs/translating_parser/file_reference_from_root.spec.yaml", "another document"),
    ("tests/specs/translating_parser/nested_recursive_reference_in_file.spec.yaml", "another document"),
    ("tests/specs/issue_51/openapi-part-iso-8859-2.yaml", "not UTF-8"), ("tests/specs/utf8bom.yaml", "no OpenAPI document"),
    ("tests/specs/recursive_objs_definitions.yaml", "no OpenAPI document"),
])
def test_documents_that_others_test_their_readers_with(project, path, says):
    draft = project.draft(path.replace("/", "-").replace("_", "-").lower())
    task = project.ended(project.upload(draft, documents.packaged(path), "openapi", "application/yaml", "d"))
    told = task["result"] or task["error"]
    said = [told.get("message", "")] + [problem["message"] for problem in told["problems"]]
    assert any(says in text for text in said), task
    assert task["state"] == ("succeeded" if says in ("", "another document") else "failed")
