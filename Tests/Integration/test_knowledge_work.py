"""The work on knowledge bases, by worker processes and by the server itself, killed in the midst: uploads, building, gates, promotions. Whatever is killed,
it ends as it would have ended; the active revision is whole at every moment, and as it was until the promotion has succeeded."""
import json, random, threading
import pytest
from harness.accounts import owner
from harness.knowledge import KnowledgeProject, article, openapi
from harness.runs import make_suite, use_stand_in
from harness.server import DataDirectory, Server, wait_until
from harness.stand_in import model
from harness.workers import WorkerInstallation

# Slow enough for a kill to come in the midst.
SLOW = model("text-embedding-3-small", delay_ms=300)
QUICK = "text-embedding-3-small"
# Texts that one call embeds.
BATCH = 64


@pytest.fixture(scope="module")
def installation(stand_in):
    with WorkerInstallation(workers=1, concurrency=4) as installation:
        user = owner(installation.server)
        use_stand_in(user, stand_in)
        yield installation


@pytest.fixture
def worker(installation):
    """The only one; runs again after the test."""
    worker = installation.workers[0]
    if not worker.is_running:
        worker.start()
    yield worker
    if not worker.is_running:
        worker.start()


@pytest.fixture
def make_project(installation):
    def make(name, embedding=None):
        return KnowledgeProject(owner(installation.server), name, embedding)

    return make


def kill_and_restart(worker):
    worker.kill()
    worker.start()


def test_an_upload_whose_worker_is_killed_is_read_by_the_next(make_project, worker):
    project, document = make_project("upload"), openapi(6_000)
    draft = project.draft("many")
    version = project.show(draft)["version"]
    task = project.upload(draft, document, "openapi", "application/json", "many")
    assert project.at_least(task, 1), "it was killed in the midst"
    worker.kill()
    assert project.task(task)["state"] == "running" and project.show(draft)["version"] == version
    worker.start()
    result = project.succeeded(task)
    assert result["added"] == result["entries"] == 6_000 and result["problem_count"] == 0
    assert len(project.entry_keys(f"drafts/{draft}")) == 6_000
    # The same bytes again change nothing.
    again = project.succeeded(project.upload(draft, document, "openapi", "application/json", "many"))
    assert again["unchanged"] == 6_000 and again["draft_version"] == result["draft_version"]


def test_an_upload_can_be_cancelled(make_project, worker):
    project = make_project("cancelled")
    draft = project.draft("many")
    task = project.upload(draft, openapi(10_000), "openapi", "application/json", "many")
    project.at_least(task, 1)
    project.client.call("POST", f"/api/v1/tasks/{task}/cancel")
    assert project.task(task)["state"] == "cancelled"
    # The worker takes the next one.
    assert project.put_articles(draft, [article(1)])["added"] == 1
    assert project.entry_keys(f"drafts/{draft}") == ["articles/article-0001"]


def test_a_broken_document_fails_and_says_where(make_project, worker):
    project = make_project("broken")
    draft = project.draft("broken")
    task = project.ended(project.upload(draft, b'{"openapi": "3.1.0", "paths": {"x": ', "openapi", "application/json", "broken"))
    assert task["state"] == "failed" and task["error"]["problems"][0]["line"] == 1, task
    task = project.ended(project.upload(draft, b"PK\x03\x04 and so on", "markdown", "application/zip", "broken"))
    assert task["state"] == "failed" and task["error"]["message"], task


def test_a_build_whose_worker_is_killed_goes_on_where_it_was(make_project, worker, stand_in):
    project, count = make_project("build", SLOW), 6 * BATCH
    project.put_articles(project.draft("first"), [article(number) for number in range(count)])
    stand_in.reset()
    task = project.promote("first")
    assert project.at_least(task, 2 * BATCH), "it was killed in the midst"
    kill_and_restart(worker)
    assert project.active == 0
    assert project.succeeded(task) == {"revision": 1}
    assert len(project.entry_keys("active")) == count
    # What was saved before the kill was not asked for again; the call under way was.
    assert 6 <= sum(stand_in.calls()["by_model"].values()) <= 7
    answer = project.search("matter17")
    assert answer["revision"] == 1 and answer["mode"] == "hybrid" and answer["unembedded_chunks"] == 0, answer
    assert answer["data"][0]["key"] == "articles/article-0017"
    assert answer["data"][0]["explanation"]["text"]["rank"] == 1


def gate(answer, **more):
    """A run whose model says its prompt back; it passes if the draft's passage is in it."""
    target = {"name": "mini", "kind": "model", "provider": "openai", "model": model("gpt-4.1-mini", **more), "prompt": "{{context}}\n\n{{input}}"}
    return {
        "suite": "gate", "targets": [target], "repetitions": 3, "gate": {"minimum_pass_rate": 0.5, "stop_early": False},
        "scorers": [{"kind": "contains", "any": [answer]}]}


def make_gate(project, answer, **more):
    make_suite(project.client, "gate", [{"key": f"case-{number}", "input": f"What is said about matter{number}?"} for number in range(8)])
    project.client.call("PUT", "/api/v1/kb/settings", {"required_approvals": 0, "gate": gate(answer, **more)})


def gate_run(project):
    runs = project.client.call("GET", "/api/v1/runs")["data"]
    return runs[0] if runs else None


def is_behind_its_gate(project):
    """Nothing is published before its gate has passed, however much was done since."""
    assert project.active == 0 or gate_run(project)["verdict"]["result"] == "pass"


def test_a_gate_whose_worker_is_killed_is_passed_by_the_same_run(make_project, worker):
    project = make_project("gate", QUICK)
    make_gate(project, "something new", delay_ms=1_000)
    project.put_articles(project.draft("first"), [article(number, "something new") for number in range(20)])
    task = project.promote("first")
    run = wait_until(lambda: gate_run(project), 60, "the gate's run")
    wait_until(lambda: gate_run(project)["counts"]["done"] >= 2, 60, "some cells")
    kill_and_restart(worker)
    is_behind_its_gate(project)
    assert project.succeeded(task) == {"revision": 1}
    runs = project.client.call("GET", "/api/v1/runs")["data"]
    assert [found["id"] for found in runs] == [run["id"]], "one gate, one run"
    assert runs[0]["verdict"]["result"] == "pass" and runs[0]["counts"]["errored"] == 0
    view = runs[0]["specification"]["retrieval"]["view"]
    assert view["revision"] == 0 and view["draft_id"]
    # The retrieval is a span of the cell's trace.
    condition = json.dumps({"attributes.spandrel.run.id": {"_eq": run["id"]}})
    traces = wait_until(
        lambda: len(found := project.client.call("GET", f"/api/v1/traces?limit=100&filter={condition}")["data"]) == 24 and found, 60, "traces")
    spans = project.client.call("GET", f"/api/v1/traces/{traces[0]['trace_id']}")["spans"]
    assert any(span["name"] == "retrieval knowledge base" for span in spans), [span["name"] for span in spans]


@pytest.mark.parametrize("answer", ["nowhere to be found"])
def test_a_gate_that_fails_leaves_what_is_active(make_project, worker, answer):
    project = make_project("refused", QUICK)
    project.put_articles(project.draft("first"), [article(number) for number in range(5)])
    assert project.succeeded(project.promote("first")) == {"revision": 1}
    make_gate(project, answer)
    project.put_articles(project.draft("second"), [article(number, "something new") for number in range(5)])
    task = project.ended(project.promote("second"))
    assert task["state"] == "failed" and "the gate's run did not pass" in task["error"]["message"], task
    assert project.active == 1 and project.show("second")["state"] == "approved"
    assert "as usual" in project.search("matter3")["data"][0]["text"]
    # The draft is found by its name beside it.
    found = project.search("matter3", source={"draft": "second"})
    assert "something new" in found["data"][0]["text"] and found["draft_id"]


def test_a_run_whose_draft_is_edited_fails_at_once_and_says_which_version_it_was_of(make_project, worker):
    project = make_project("edited", QUICK)
    make_suite(project.client, "gate", [{"key": f"case-{number}", "input": f"What is said about matter{number}?"} for number in range(20)])
    draft = project.draft("next")
    project.put_articles(draft, [article(number) for number in range(5)])
    version = project.show(draft)["version"]
    asked = {**gate("as usual", delay_ms=500), "concurrency": 1, "retrieval": {"source": {"draft": draft}}}
    run = project.client.call("POST", "/api/v1/runs", asked, 202)["id"]
    wait_until(lambda: gate_run(project)["counts"]["done"] >= 2, 60, "some cells")
    project.put_articles(draft, [article(9)])
    ended = wait_until(lambda: (run := gate_run(project))["state"] not in ("queued", "running") and run, 60, "the run's end")
    assert ended["id"] == run and ended["state"] == "failed" and ended["counts"]["errored"] == 0, ended
    assert f"the run is of version {version}, and the draft has version {version + 1} by now" in ended["state_reason"]


def test_promotions_whose_workers_are_killed_at_any_moment_are_whole(make_project, worker):
    project, seed = make_project("promotions", QUICK), random.randrange(1 << 31)
    print(f"seed {seed}")
    draw, stop, torn, seen = random.Random(seed), threading.Event(), [], set()

    def read():
        """Every article of a revision says what that revision says, and all are there."""
        # As often as many agents ask: each search is a span to be stored, too.
        while not stop.wait(0.05):
            answer = project.search("matter", limit=50, mode="text")
            said = {hit["text"].rsplit("said: ", 1)[-1] for hit in answer["data"]}
            seen.add(answer["revision"])
            if answer["revision"] and (said != {f"state {answer['revision']}."} or len(answer["data"]) != 40):
                torn.append((answer["revision"], said, len(answer["data"])))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for revision in range(1, 5):
            files = [(path, text.replace(f"matter{number}", "matter")) for number in range(40) for path, text in [article(number, f"state {revision}")]]
            project.put_articles(project.draft(f"draft-{revision}"), files)
            task = project.promote(f"draft-{revision}")
            threading.Event().wait(draw.random() * 0.5)
            kill_and_restart(worker)
            assert project.succeeded(task) == {"revision": revision}
    finally:
        stop.set()
        reader.join()
    assert not torn, torn[:3]
    assert project.active == 4 and 4 in seen | {project.search("matter")["revision"]}
    # And back: a revision restored is built and published as well.
    task = project.client.call("POST", "/api/v1/kb/revisions/2/restore", {}, 202)["id"]
    kill_and_restart(worker)
    assert project.succeeded(task) == {"revision": 5}
    assert "state 2" in project.search("matter")["data"][0]["text"]


def test_a_search_is_a_span_of_the_projects_traces(make_project, worker):
    project = make_project("spans")
    project.put_articles(project.draft("first"), [article(number) for number in range(3)])
    project.succeeded(project.promote("first"))
    answer = project.search("matter1")
    assert answer["mode"] == "text" and "default_models.embedding" in answer["mode_reason"]
    condition = json.dumps({"name": {"_eq": "retrieval knowledge base"}})
    # The server brings it itself, and no worker's lease is in the way; but one after the other, behind those of the searches before: up to
    # 2,000 spans wait, which a debug build has taken 26 s for.
    wait_until(lambda: project.client.call("GET", f"/api/v1/traces?filter={condition}")["data"], 60, "the search's span")
    assert project.client.status("POST", "/api/v1/kb/search", {"query": "x", "source": {"revision": 9}}) == 404
    assert project.client.status("POST", "/api/v1/kb/search", {"query": " "}) == 422
    assert project.client.status("POST", "/api/v1/kb/search", {"query": "x", "source": "newest"}) == 422


# The server with a worker of its own, killed with all that it does.


@pytest.fixture(scope="module")
def whole(stand_in):
    """A server that does all work itself."""
    directory = DataDirectory()
    server = Server(directory, "--allow-outbound", "127.0.0.0/8")
    try:
        server.start()
        use_stand_in(owner(server), stand_in)
        yield server
    finally:
        server.end()
        directory.remove()


def kill_server(server, project):
    server.kill()
    server.start()
    project.sign_in(owner(server))


def test_an_upload_whose_server_is_killed_is_read_again(whole):
    project = KnowledgeProject(owner(whole), "upload")
    draft = project.draft("many")
    task = project.upload(draft, openapi(6_000), "openapi", "application/json", "many")
    assert project.under_way(task), "it was killed in the midst"
    kill_server(whole, project)
    assert project.succeeded(task)["added"] == 6_000
    assert len(project.entry_keys(f"drafts/{draft}")) == 6_000 and project.active == 0


def test_a_build_whose_server_is_killed_goes_on_where_it_was(whole, stand_in):
    project, count = KnowledgeProject(owner(whole), "build", SLOW), 6 * BATCH
    project.put_articles(project.draft("first"), [article(number) for number in range(count)])
    stand_in.reset()
    task = project.promote("first")
    assert project.at_least(task, 2 * BATCH), "it was killed in the midst"
    kill_server(whole, project)
    assert project.active == 0
    assert project.succeeded(task) == {"revision": 1}
    assert 6 <= sum(stand_in.calls()["by_model"].values()) <= 7, "only the call under way was made again"
    answer = project.search("matter17")
    assert answer["mode"] == "hybrid" and answer["unembedded_chunks"] == 0 and answer["data"][0]["key"] == "articles/article-0017"


def test_a_gate_whose_server_is_killed_is_passed_by_the_same_run(whole):
    project = KnowledgeProject(owner(whole), "gate", QUICK)
    make_gate(project, "something new", delay_ms=1_000)
    project.put_articles(project.draft("first"), [article(number, "something new") for number in range(20)])
    task = project.promote("first")
    run = wait_until(lambda: gate_run(project), 60, "the gate's run")
    wait_until(lambda: gate_run(project)["counts"]["done"] >= 2, 60, "some cells")
    kill_server(whole, project)
    is_behind_its_gate(project)
    assert project.succeeded(task) == {"revision": 1}
    assert [found["id"] for found in project.client.call("GET", "/api/v1/runs")["data"]] == [run["id"]], "one gate, one run"


def test_a_server_that_is_killed_around_publishing_has_published_or_does_it_again(whole):
    project, seed = KnowledgeProject(owner(whole), "publishing", QUICK), random.randrange(1 << 31)
    print(f"seed {seed}")
    draw, count = random.Random(seed), 200

    def state():
        """The active revision, and what its articles say: all of them, and all the same."""
        active = project.active
        if not active:
            return 0, set()
        said, cursor = [], ""
        while cursor is not None:
            page = project.client.call("GET", f"/api/v1/kb/revisions/{active}/entries?limit=100{cursor}")
            said += [entry["title"] for entry in page["data"]]
            cursor = page["next_cursor"] and "&cursor=" + page["next_cursor"]
        assert len(said) == count
        return active, {title.rsplit(" ", 1)[-1] for title in said}

    for revision in range(1, 5):
        files = [(f"a/{number}.md", f"# Article {number} of state {revision}\n\nText {number}.\n") for number in range(count)]
        project.put_articles(project.draft(f"draft-{revision}"), files)
        task = project.promote(f"draft-{revision}")

        def is_publishing():
            types = [event["type"] for event in project.client.call("GET", f"/api/v1/tasks/{task}/events")["data"]]
            return "promotion.publishing" in types or "task.succeeded" in types

        wait_until(is_publishing, 60, "the last phase")
        # Before the one transaction, in it, or behind it.
        threading.Event().wait(draw.choice([0, 0, 0.005, 0.02, 0.05]))
        kill_server(whole, project)
        active, said = state()
        assert active in (revision - 1, revision) and said == ({str(active)} if active else set())
        assert project.succeeded(task) == {"revision": revision}
        assert state() == (revision, {str(revision)})
        assert project.show(f"draft-{revision}")["state"] == "promoted"
