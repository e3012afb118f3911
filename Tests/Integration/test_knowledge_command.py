"""`spandrel kb` against a real server: a knowledge base as files, from pull to promotion, by several people, with Git's ways of going wrong."""
import http.server, json, os, random, shutil, signal, string, subprocess, threading
import pytest
from harness.accounts import owner
from harness.knowledge import KnowledgeProject, openapi
from harness.knowledge_files import Checkout
from harness.runs import make_suite, use_stand_in
from harness.server import BINARY, wait_until

TABLES = """
CREATE TABLE public.customers (id bigint PRIMARY KEY, name text NOT NULL DEFAULT 'nobody');
CREATE TABLE public.orders (id bigint PRIMARY KEY, number text UNIQUE, customer_id bigint REFERENCES public.customers (id));
COMMENT ON TABLE public.orders IS 'One row for each order.';
"""


@pytest.fixture(scope="module")
def user(module_server, stand_in):
    user = owner(module_server)
    use_stand_in(user, stand_in)
    return user


@pytest.fixture
def project(user, request):
    return KnowledgeProject(user, request.node.name[:60])


@pytest.fixture
def checkout(project, tmp_path):
    return Checkout(project, tmp_path / "kb")


@pytest.fixture
def other(project, tmp_path):
    """Somebody else's."""
    return Checkout(project, tmp_path / "other", name="somebody-else")


def publish(checkout, draft):
    """Pushes, promotes, pulls."""
    checkout.run("push", "--draft", draft)
    done = checkout.run("promote", "--draft", draft, "--wait")
    assert done.stdout.startswith("promoted: revision "), done.stdout
    checkout.run("pull")


def start(checkout, **articles):
    """A first revision of these articles, pulled."""
    checkout.run("pull")
    for name, text in articles.items():
        checkout.article(f"{name}.md", text)
    publish(checkout, "first")


LINES = "".join(f"line {number}\n" for number in range(1, 10))


# From files to what is active, and back


def test_the_life_of_a_change(project, checkout):
    assert "revision 0" in checkout.run("pull").stderr
    assert "nothing to do" in checkout.run("push", "--draft", "none").stderr
    assert project.client.status("GET", "/api/v1/kb/drafts/none") == 404
    checkout.article("refunds/policy.md", "# Refunds\n\nWithin 14 days.\n", title="Refunds")
    assert checkout.run("diff", status=1).stdout == (
        "--- /dev/null\n+++ b/refunds/policy.md\n@@ -0,0 +1,6 @@\n+---\n+title: Refunds\n+---\n+# Refunds\n+\n+Within 14 days.\n")
    done = checkout.run("push", "--draft", "refunds", "--message", "How refunds go")
    assert done.stdout == "added refunds/policy\n"
    shown = project.show("refunds")
    assert shown["description"] == "How refunds go" and shown["changes"] == {"added": 1, "changed": 0, "removed": 0}
    # Again nothing is to be done, and nothing is.
    state = checkout.state
    assert "nothing to do" in checkout.run("push", "--draft", "refunds").stderr
    assert project.show("refunds") == shown and checkout.state == state
    assert checkout.run("diff", "--draft", "refunds").stdout == ""
    done = checkout.run("promote", "--draft", "refunds", "--wait", "--message", "As decided")
    assert done.stdout == "promoted: revision 1\n"
    assert checkout.run("promote", "--draft", "refunds", "--wait").stdout == "promoted: revision 1\n"
    assert project.client.call("GET", "/api/v1/kb/revisions/1")["message"] == "As decided"
    before = checkout.files()
    assert "the folder has revision 1" in checkout.run("pull").stderr
    assert checkout.files() == before and json.loads(checkout.state)["revision"] == 1
    checkout.run("diff")
    # A change and a removal.
    checkout.article("refunds/policy.md", "# Refunds\n\nWithin 30 days.\n", title="Refunds")
    checkout.article("shipping.md", "x")
    publish(checkout, "more")
    (checkout.path / "refunds/policy.md").unlink()
    assert checkout.run("push", "--draft", "less").stdout == "removed refunds/policy\n"
    checkout.run("promote", "--draft", "less", "--wait")
    assert project.entry_keys("active") == ["shipping"]
    # Revision 2 again, as files.
    checkout.run("pull")
    checkout.run("pull", "--revision", "2")
    assert "Within 30 days." in checkout.read("refunds/policy.md")
    checkout.run("pull")
    assert list(checkout.files()) == ["shipping.md"] and not (checkout.path / "refunds").exists()


def test_entries_of_all_kinds_come_and_go_unchanged(project, checkout, other):
    draft = project.draft("imports")
    project.succeeded(project.upload(draft, openapi(40), "openapi", "application/json", "many"))
    project.client.call("POST", f"/api/v1/kb/drafts/{draft}/tables", data=TABLES.encode(), headers={"Content-Type": "application/sql"})
    seed = random.randrange(1 << 31)
    print(f"seed {seed}")
    draw = random.Random(seed)
    letters = string.ascii_letters + " .:#-'\"|>&*!%@`{}[]~éß🙂\u00a0\ufeff"
    for number in range(40):
        word = lambda least=1: "".join(draw.choices(letters, k=draw.randint(least, 12)))
        text = "".join(draw.choices(letters + "\n\n\t\u0001\u2028", k=draw.randint(0, 200)))
        key = f"random {number}/{word()}".strip().replace("/.", "/x")
        body = {"title": word().strip() or "t", "kind": "article", "tags": [word().strip() or "t" for _ in range(draw.randint(0, 3))],
                "content": {"markdown": text}}
        path = f"/api/v1/kb/drafts/{draft}/entries/" + "".join(f"%{byte:02X}" for byte in key.encode())
        project.client.call("PUT", path, body, 201, headers={"If-None-Match": "*"})
    count = len(project.entry_keys(f"drafts/{draft}"))
    checkout.run("pull", "--draft", draft)
    assert len(checkout.files()) == count and "nothing to do" in checkout.run("push", "--draft", draft).stderr
    project.succeeded(project.promote(draft))
    other.run("pull")
    assert other.files() == checkout.files()
    assert "nothing to do" in other.run("push", "--draft", "again").stderr
    other.run("diff")
    # Into another, empty project: every entry has the hash that it had.
    copy = KnowledgeProject(project.user, "a copy of all")
    third = Checkout(copy, other.path.parent / "third")
    shutil.copytree(other.path, third.path, ignore=shutil.ignore_patterns(".spandrel-kb.json"))
    third.run("push", "--draft", "all")
    hashes = [{entry["key"]: entry["hash"] for entry in client.call("GET", f"/api/v1/kb/{path}/entries?limit=500")["data"]}
              for client, path in ((project.client, "active"), (copy.client, "drafts/all"))]
    assert hashes[0] == hashes[1] and len(hashes[0]) == count


def test_an_article_that_becomes_a_table_has_another_file(project, checkout, other):
    start(checkout, orders="x")
    other.run("pull")
    (checkout.path / "orders.md").unlink()
    checkout.write("orders.yaml", "title: Orders\nkind: table\ncontent:\n  name: orders\n  columns:\n    - name: id\n      type: int\n")
    assert checkout.run("push", "--draft", "table").stdout == "changed orders\n"
    checkout.run("promote", "--draft", "table", "--wait")
    other.run("pull")
    assert list(other.files()) == ["orders.yaml"]


# Several hands


def test_a_pull_overwrites_nothing_that_was_changed_here(project, checkout, other):
    start(checkout, a="1\n", b="1\n", c="1\n")
    other.run("pull")
    other.article("a.md", "2\n")
    (other.path / "b.md").unlink()
    publish(other, "second")
    checkout.article("a.md", "mine\n")
    checkout.article("c.md", "mine\n")
    checkout.article("own.md", "mine\n")
    before, state = checkout.files(), checkout.state
    done = checkout.run("pull", status=1)
    assert "a.md: was changed here and there" in done.stderr and "c.md" not in done.stderr
    assert checkout.files() == before and checkout.state == state, "nothing was written"
    checkout.article("a.md", "2\n")
    assert "2 entries were changed here and stay" in checkout.run("pull").stderr
    assert sorted(checkout.files()) == ["a.md", "c.md", "own.md"] and checkout.read("c.md").endswith("mine\n")
    # What was removed here and changed there is named, too; by force everything is as it is there, but for what only is here.
    (checkout.path / "a.md").unlink()
    other.article("a.md", "3\n")
    publish(other, "third")
    assert "a: was removed here and changed there" in checkout.run("pull", status=1).stderr
    checkout.run("pull", "--force")
    assert checkout.read("a.md").endswith("3\n") and checkout.read("c.md").endswith("1\n") and checkout.read("own.md").endswith("mine\n")


def test_what_became_active_meanwhile_is_merged_and_conflicts_are_named(project, checkout, other):
    start(checkout, a=LINES, b=LINES)
    other.run("pull")
    other.article("a.md", LINES.replace("line 9", "theirs"))
    other.article("b.md", LINES.replace("line 1\n", "theirs\n"))
    publish(other, "second")
    checkout.article("a.md", LINES.replace("line 1\n", "ours\n"))
    assert checkout.run("push", "--draft", "ours").stdout == "changed a (merged with revision 2)\n"
    merged = project.client.call("GET", "/api/v1/kb/drafts/ours/entries/a")["content"]["content"]["markdown"]
    assert merged == LINES.replace("line 1\n", "ours\n").replace("line 9", "theirs")
    assert "nothing to do" in checkout.run("push", "--draft", "ours").stderr
    version = project.show("ours")["version"]
    checkout.article("b.md", LINES.replace("line 1\n", "ours\n"))
    done = checkout.run("push", "--draft", "ours", status=1)
    assert "conflict: b: was changed here and in revision 2: content.markdown" in done.stderr
    assert project.show("ours")["version"] == version, "nothing was pushed"
    # By force the folder counts where there is a conflict, and there alone.
    assert checkout.run("push", "--draft", "ours", "--force").stdout == "changed b (merged with revision 2)\n"
    texts = {key: project.client.call("GET", f"/api/v1/kb/drafts/ours/entries/{key}")["content"]["content"]["markdown"] for key in "ab"}
    assert texts == {"a": merged, "b": LINES.replace("line 1\n", "ours\n")}


def test_a_draft_is_rebased_when_something_else_became_active(project, checkout, other):
    start(checkout, a=LINES, b=LINES)
    other.run("pull")
    checkout.article("a.md", LINES.replace("line 1\n", "ours\n"))
    checkout.article("b.md", LINES.replace("line 1\n", "ours\n"))
    checkout.run("push", "--draft", "ours")
    other.article("a.md", LINES.replace("line 9", "theirs"))
    publish(other, "theirs")
    done = checkout.run("push", "--draft", "ours")
    assert "was rebased onto revision 2" in done.stderr and "nothing to do" in done.stderr
    # And goes on from there.
    checkout.article("a.md", LINES.replace("line 1\n", "ours again\n"))
    assert checkout.run("push", "--draft", "ours").stdout == "changed a (merged with revision 2)\n"
    other.article("b.md", LINES.replace("line 1\n", "theirs\n"))
    publish(other, "more-of-theirs")
    assert "conflict: b: was changed here and in revision 3" in checkout.run("push", "--draft", "ours", status=1).stderr
    # Git's way out: what is active comes into the folder, somebody merges, and the folder is right.
    mine = checkout.files()
    checkout.run("pull", "--force")
    for path, content in mine.items():
        (checkout.path / path).write_bytes(content)
    checkout.article("a.md", LINES.replace("line 1\n", "ours again\n").replace("line 9", "theirs"))
    checkout.article("b.md", LINES.replace("line 1\n", "both\n"))
    done = checkout.run("push", "--draft", "ours")
    assert "was rebased onto revision 3" in done.stderr
    texts = {key: project.client.call("GET", f"/api/v1/kb/drafts/ours/entries/{key}")["content"]["content"]["markdown"] for key in "ab"}
    assert texts["b"] == LINES.replace("line 1\n", "both\n")
    assert texts["a"] == LINES.replace("line 1\n", "ours again\n").replace("line 9", "theirs")
    assert checkout.run("promote", "--draft", "ours", "--wait").stdout == "promoted: revision 4\n"


def test_by_force_a_rebase_of_more_conflicts_than_one_answer_names_comes_to_its_end(project, checkout):
    names = [f"many/{number:04}.md" for number in range(510)]
    write = lambda draft, text: project.put_articles(draft, [(name, f"---\ntitle: T\n---\n{text}\n") for name in names])
    write(project.draft("first"), "first")
    project.succeeded(project.promote("first"))
    checkout.run("pull")
    write(project.draft("ours"), "ours")
    write(project.draft("theirs"), "theirs")
    project.succeeded(project.promote("theirs"))
    for name in names:
        checkout.article(name, "folder\n")
    assert "conflict: many/0000" in checkout.run("push", "--draft", "ours", status=1).stderr
    done = checkout.run("push", "--draft", "ours", "--force")
    assert "was rebased onto revision 2" in done.stderr, done.stderr
    for key in ("many/0000", "many/0509"):
        assert project.entry("drafts/ours", key)["content"]["content"]["markdown"] == "folder\n"


def test_what_somebody_else_wrote_in_the_draft_stays(project, checkout, other):
    start(checkout, a="1\n", b="1\n")
    other.run("pull")
    checkout.article("a.md", "ours\n")
    checkout.run("push", "--draft", "ours")
    other.article("a.md", "theirs\n")
    other.article("b.md", "theirs\n")
    done = other.run("push", "--draft", "ours", status=1)
    assert "conflict: a: somebody else changed it in the draft" in done.stderr and "Nothing was pushed" in done.stderr
    other.run("push", "--draft", "ours", "--force")
    checkout.article("a.md", "ours again\n")
    assert "conflict: a" in checkout.run("push", "--draft", "ours", status=1).stderr
    checkout.article("a.md", "ours\n")
    # Brought into the folder it is changed and taken back.
    checkout.run("pull", "--draft", "ours")
    assert checkout.read("a.md").endswith("theirs\n")
    checkout.article("a.md", "1\n")
    assert checkout.run("push", "--draft", "ours").stdout == "changed a\n"
    assert project.show("ours")["changes"] == {"added": 0, "changed": 1, "removed": 0}


def test_two_pushes_at_once_lose_nothing(project, checkout, other):
    start(checkout, shared="1\n")
    other.run("pull")
    for number in range(30):
        checkout.article(f"ours-{number:02}.md", "x\n")
        other.article(f"theirs-{number:02}.md", "x\n")
        for folder in (checkout, other):
            folder.article(f"same-{number:02}.md", "x\n")
    checkout.article("shared.md", "ours\n")
    other.article("shared.md", "theirs\n")
    both = [folder.start("push", "--draft", "both") for folder in (checkout, other)]
    told = [push.communicate(timeout=120) for push in both]
    # One of them was first with what both have otherwise; the other was told so.
    assert sorted(push.returncode for push in both) == [0, 1], told
    assert sum("conflict: shared" in err for _, err in told) == 1
    checkout.run("push", "--draft", "both", "--force")
    other_keys = {key for key in project.entry_keys("drafts/both") if key.startswith("theirs")}
    if len(other_keys) < 30:
        other.article("shared.md", "ours\n")
        other.run("push", "--draft", "both")
    assert len(project.entry_keys("drafts/both")) == 91
    # In one folder they come one after the other.
    both = [checkout.start("push", "--draft", "both") for _ in range(4)]
    for push in both:
        out, err = push.communicate(timeout=120)
        assert push.returncode == 0 or "another spandrel works in the folder" in err, err


# Reviews and gates


def test_a_review_is_waited_for_and_a_change_takes_the_draft_back(project, checkout, user):
    start(checkout, a="1\n")
    project.client.call("PUT", "/api/v1/kb/settings", {"required_approvals": 1})
    checkout.article("a.md", "2\n")
    checkout.run("push", "--draft", "reviewed")
    done = checkout.run("promote", "--draft", "reviewed", status=1)
    assert "was submitted" in done.stderr and "0 of 1 approvals" in done.stderr
    checkout.article("a.md", "3\n")
    assert "--withdraw takes it back" in checkout.run("push", "--draft", "reviewed", status=1).stderr
    assert "nothing to do" not in checkout.run("push", "--draft", "reviewed", "--withdraw").stderr
    waiting = checkout.start("promote", "--draft", "reviewed", "--wait")
    wait_until(lambda: project.show("reviewed")["state"] == "in_review", 60, "the submission")
    version = project.show("reviewed")["version"]
    review = {"version": version, "decision": "request_changes", "comment": "Say more."}
    project.client.call("POST", "/api/v1/kb/drafts/reviewed/review", review)
    out, err = waiting.communicate(timeout=60)
    assert waiting.returncode == 1 and "asks for changes: Say more." in err, err
    waiting = checkout.start("promote", "--draft", "reviewed", "--wait")
    wait_until(lambda: project.show("reviewed")["state"] == "in_review", 60, "the submission")
    version = project.show("reviewed")["version"]
    project.client.call("POST", "/api/v1/kb/drafts/reviewed/review", {"version": version, "decision": "approve"})
    out, err = waiting.communicate(timeout=60)
    assert waiting.returncode == 0 and out == "promoted: revision 2\n", err


def test_a_draft_that_was_overtaken_is_brought_up_to_date_before_it_is_promoted(project, checkout, other):
    start(checkout, a="1\n", b="1\n")
    other.run("pull")
    checkout.article("a.md", "2\n")
    checkout.run("push", "--draft", "late")
    project.client.call("POST", "/api/v1/kb/drafts/late/submit")
    other.article("b.md", "2\n")
    publish(other, "early")
    assert "spandrel kb push --draft late --withdraw" in checkout.run("promote", "--draft", "late", status=1).stderr
    done = checkout.run("push", "--draft", "late", "--withdraw")
    assert "was approved, and was taken back" in done.stderr and "rebased onto revision 2" in done.stderr and done.stdout == ""
    assert checkout.run("promote", "--draft", "late", "--wait").stdout == "promoted: revision 3\n"
    checkout.run("pull")
    assert checkout.read("a.md").endswith("2\n") and checkout.read("b.md").endswith("2\n")


def make_gate(project, answers, threshold):
    make_suite(project.client, "gate", [{"key": f"case-{number}", "input": f"What of matter {number}?"} for number in range(8)])
    gate = {
        "suite": "gate", "repetitions": 3, "gate": threshold, "scorers": [{"kind": "contains", "any": answers}],
        "targets": [{"name": "mini", "kind": "model", "provider": "openai", "model": "gpt-4.1-mini", "prompt": "{{context}}\n\n{{input}}"}]}
    project.client.call("PUT", "/api/v1/kb/settings", {"required_approvals": 0, "gate": gate})


@pytest.mark.parametrize("answers,status,word", [
    (["something new"], 0, "promoted: revision 2"),
    (["nowhere to be found"], 100, "did not pass"),
    # As many right as must be: eight cases say nothing of the rest.
    ([f"What of matter {number}?" for number in range(4)], 101, "has not enough evidence"),
])
def test_the_gate_decides_the_exit_status(project, checkout, answers, status, word):
    start(checkout, a="About matter: as usual.\n")
    make_gate(project, answers, {"minimum_pass_rate": 0.5, "stop_early": False})
    checkout.article("a.md", "About matter: something new.\n")
    checkout.run("push", "--draft", "gated")
    done = checkout.run("promote", "--draft", "gated", "--wait", status=status)
    assert word in done.stdout and "gate: run " in done.stderr, done
    assert project.active == (2 if status == 0 else 1)


def test_an_interrupted_wait_leaves_the_promotion_going(project, checkout):
    project.client.put_settings(default_models={"embedding": "openai/text-embedding-3-small"})
    checkout.run("pull")
    for number in range(5):
        checkout.article(f"a{number}.md", f"text {number}\n")
    checkout.run("push", "--draft", "kept")
    project.client.call("PUT", "/api/v1/kb/settings", {"required_approvals": 1})
    waiting = checkout.start("promote", "--draft", "kept", "--wait")
    wait_until(lambda: project.show("kept")["state"] == "in_review", 60, "the submission")
    # It has said so once it minds signals.
    while "is in review" not in waiting.stderr.readline():
        pass
    waiting.send_signal(signal.SIGINT)
    out, err = waiting.communicate(timeout=60)
    assert waiting.returncode == 130 and "kb promote --draft kept --wait" in err
    version = project.show("kept")["version"]
    project.client.call("POST", "/api/v1/kb/drafts/kept/review", {"version": version, "decision": "approve"})
    assert checkout.run("promote", "--draft", "kept", "--wait").stdout == "promoted: revision 1\n"


# What can be wrong here


def test_problems_of_files_are_named_with_their_places_before_anything_is_sent(project, checkout):
    checkout.run("pull")
    checkout.write("a.md", "---\ntitle: T\ntag: x\n---\n")
    checkout.write("b/c.yaml", "title: T\nkind: table\ncontent:\n  name: t\n  columns:\n    - typ: int\n")
    checkout.write("d.md", b"\xff\xfe".decode("latin-1"))
    (checkout.path / "e.md").write_bytes(b"caf\xe9")
    (checkout.path / "f.md").symlink_to("/etc/passwd")
    for verb, status in (("push", 1), ("diff", 2), ("pull", 1)):
        done = checkout.run(verb, *(["--draft", "x"] if verb == "push" else []), status=status)
        assert "f.md: is a symbolic link" in done.stderr
    (checkout.path / "f.md").unlink()
    done = checkout.run("push", "--draft", "x", status=1)
    for place in ("a.md:3:1: tag:", "b/c.yaml:6", "e.md:1:4"):
        assert place in done.stderr, done.stderr
    assert project.client.status("GET", "/api/v1/kb/drafts/x") == 404


@pytest.mark.parametrize("arguments", [
    ["push"], ["push", "--draft", "../x"], ["push", "--draft", "A"], ["pull", "--draft", "a", "--revision", "1"], ["pull", "--revision", "-1"],
    ["promote"], ["promote", "--draft", ""], ["pull", "--dir", ""], ["frobnicate"],
])
def test_wrong_usage_ends_with_2(arguments):
    done = subprocess.run([str(BINARY), "kb", *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and "Error: " in done.stderr


def test_a_folder_of_another_project_is_not_pushed(project, checkout, user):
    start(checkout, a="1\n")
    stranger = KnowledgeProject(user, "a stranger's")
    there = Checkout(stranger, checkout.path)
    assert "is it another project?" in there.run("push", "--draft", "x", status=1).stderr
    there.path = checkout.path.parent / "nowhere"
    assert "there is no folder" in there.run("push", "--draft", "x", status=1).stderr


def test_an_interrupted_pull_is_done_by_the_next(project, checkout, other):
    checkout.run("pull")
    for number in range(400):
        checkout.article(f"a/{number:03}.md", f"text {number}\n")
    publish(checkout, "many")
    for attempt in range(5):
        pull = other.start("pull")
        pull.stdout.readline()
        pull.send_signal(signal.SIGINT if attempt % 2 else signal.SIGKILL)
        pull.communicate(timeout=60)
        assert pull.returncode != 0 or other.files() == checkout.files()
        if pull.returncode != 0:
            assert not (other.path / ".spandrel-kb.json").exists(), "what it remembers comes last"
    other.run("pull")
    assert other.files() == checkout.files() and other.state == checkout.state


def test_a_folder_that_vanishes_or_cannot_be_written_is_told(project, checkout, other):
    start(checkout, **{f"a{number}": "x" for number in range(50)})
    other.path.mkdir()
    (other.path / "a7.md").mkdir()
    done = other.run("pull", status=1)
    assert "a7.md: is no file but a link or a folder" in done.stderr and not (other.path / ".spandrel-kb.json").exists()
    (other.path / "a7.md").rmdir()
    pull = other.start("pull")
    shutil.rmtree(other.path, ignore_errors=True)
    out, err = pull.communicate(timeout=60)
    assert pull.returncode in (0, 1) and (pull.returncode == 0 or "Error: " in err), err
    other.run("pull")
    assert other.files() == checkout.files()


# A server that means harm


class HostileServer:
    """Answers with these entries as the active revision."""

    def __init__(self, entries, contents=None, cursor=None):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                if self.path.endswith("/active"):
                    answer = {"revision": 1, "entry_count": 1}
                elif "/entries?" in self.path:
                    answer = {"revision": 1, "data": entries, "next_cursor": cursor}
                else:
                    answer = contents or {}
                content = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def run(self, *arguments):
        environment = {**os.environ, "SPANDREL_URL": f"http://127.0.0.1:{self.server.server_address[1]}", "SPANDREL_API_KEY": "spdrl_x"}
        return subprocess.run(
            [str(BINARY), "kb", *arguments], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)

    def pull(self, path):
        return self.run("pull", "--dir", str(path))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def listed(key, hash="0" * 64, kind="article"):
    return {"key": key, "hash": hash, "kind": kind, "title": "T", "tags": []}


@pytest.mark.parametrize("entries,word", [
    ([listed("../../evil")], "none can be called"), ([listed("a/../../evil")], "none can be called"), ([listed("a\x00b")], "none can be called"),
    ([listed("x" * 513)], "none can be called"), ([listed("esc\x1b[2J")], "none can be called"), ([listed("b"), listed("a")], "in no order"),
    ([listed("a"), listed("a")], "in no order"), ([listed("a", hash="x")], "does not say"), ([listed("a", kind="x")], "does not say"),
    ([{}], "none can be called"), (["x"], "none can be called"), ([listed("a")], "cannot be read"),
])
def test_a_hostile_servers_entries_are_refused(tmp_path, entries, word):
    with HostileServer(entries) as server:
        done = server.pull(tmp_path / "kb")
    assert done.returncode == 1 and word in done.stderr and "\x1b" not in done.stderr, done.stderr
    assert os.listdir(tmp_path) == ["kb"] and os.listdir(tmp_path / "kb") == []


def test_what_a_hostile_server_says_moves_no_cursor(tmp_path):
    def answer(status, body):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def log_message(self, *_):
                pass

        return Handler

    with HostileServer([]) as server:
        server.server.RequestHandlerClass = answer(403, {"detail": "\x1b[2Jgone\u202e\x07", "errors": [{"field": "\x1b[1m", "message": "\x9b"}]})
        for command in (["pull", "--dir", str(tmp_path / "kb")], ["promote", "--draft", "x"]):
            done = server.run(*command)
            assert done.returncode == 1 and "gone" in done.stderr and not set("\x1b\x07\x9b\u202e") & set(done.stderr), done.stderr
        server.server.RequestHandlerClass = answer(200, {"id": "../../x", "name": "x", "state": "in_review", "base_revision": 0})
        done = server.run("promote", "--draft", "x")
        assert done.returncode == 1 and "has no id" in done.stderr


def test_an_entry_that_is_not_what_its_hash_says_is_refused(tmp_path):
    content = {"content": {"title": "T", "kind": "article", "tags": [], "content": {"markdown": "evil"}}}
    with HostileServer([listed("/etc/passwd")], content) as server:
        done = server.pull(tmp_path / "kb")
    assert done.returncode == 1 and "is being changed" in done.stderr


def test_a_list_without_an_end_is_given_up(tmp_path):
    with HostileServer([listed("a")], cursor="again") as server:
        done = server.pull(tmp_path / "kb")
    assert done.returncode == 1 and "in no order" in done.stderr
    with HostileServer([], cursor="again") as server:
        done = server.pull(tmp_path / "kb")
    assert done.returncode == 1 and "has no end" in done.stderr
