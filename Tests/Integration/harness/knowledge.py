"""A project's knowledge base over HTTP: drafts, uploads, promotions, what agents see."""
import io, json, urllib.parse, zipfile
from harness.accounts import Client
from harness.server import wait_until

ENDED = ("succeeded", "failed", "cancelled")


def article(number, said="as usual"):
    """A file of a folder of Markdown: path and text."""
    return f"articles/article-{number:04}.md", f"# Article {number}\n\nAbout matter{number} it is said: {said}.\n"


def archive(files):
    """A zip of (path, text)."""
    bytes = io.BytesIO()
    with zipfile.ZipFile(bytes, "w", zipfile.ZIP_DEFLATED) as zip:
        for path, text in files:
            zip.writestr(path, text)
    return bytes.getvalue()


def openapi(operations):
    """An OpenAPI document with so many operations, which share schemas."""
    item = {"type": "object", "properties": {f"field_{number}": {"type": "string", "description": f"Field {number}."} for number in range(20)}}
    paths = {
        f"/resource-{number}": {"get": {
            "operationId": f"get_{number}", "summary": f"Get resource {number}",
            "responses": {"200": {"description": "OK", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Item"}}}}}}}
        for number in range(operations)}
    return json.dumps({
        "openapi": "3.1.0", "info": {"title": "Many", "version": "1"}, "paths": paths, "components": {"schemas": {"Item": item}}}).encode()


class KnowledgeProject:
    """A project of its own. `user`: an owner of its organization, who is signed in."""

    def __init__(self, user, name, embedding=None):
        self.user = user
        self.id = user.call("POST", f"{user.organization_path}/projects", {"name": name}, 201)["id"]
        self.sign_in(user)
        if embedding:
            self.client.put_settings(default_models={"embedding": f"openai/{embedding}"})

    def sign_in(self, user):
        self.client = Client(user.url, user.access_token, self.id)

    # Drafts

    def draft(self, name):
        self.client.call("POST", "/api/v1/kb/drafts", {"name": name}, 201)
        return name

    def show(self, draft):
        return self.client.call("GET", f"/api/v1/kb/drafts/{draft}")

    def upload(self, draft, bytes, form, type, document):
        """The task's id."""
        return self.client.call(
            "POST", f"/api/v1/kb/drafts/{draft}/{form}?document={document}", status=202, data=bytes, headers={"Content-Type": type})["id"]

    def put_articles(self, draft, files, document="folder"):
        task = self.ended(self.upload(draft, archive(files), "markdown", "application/zip", document))
        assert task["state"] == "succeeded", task
        return task["result"]

    def promote(self, draft):
        """Submitted, and on its way; the task's id."""
        self.client.call("POST", f"/api/v1/kb/drafts/{draft}/submit")
        return self.client.call("POST", f"/api/v1/kb/drafts/{draft}/promote", {}, 202)["id"]

    def entry_keys(self, path):
        """Of `active`, `revisions/N`, `drafts/NAME`, page by page."""
        keys, cursor = [], ""
        while True:
            page = self.client.call("GET", f"/api/v1/kb/{path}/entries?limit=500{cursor}")
            keys += [entry["key"] for entry in page["data"]]
            if not page["next_cursor"]:
                return keys
            cursor = "&cursor=" + page["next_cursor"]

    def entry(self, path, key):
        return self.client.call("GET", f"/api/v1/kb/{path}/entries/{urllib.parse.quote(key, safe='')}")

    def export(self):
        """The files of what is active: path -> bytes."""
        answer = self.client.request("GET", "/api/v1/kb/active/export")
        assert answer.status_code == 200, answer.text
        with zipfile.ZipFile(io.BytesIO(answer.content)) as zip:
            return {name: zip.read(name) for name in zip.namelist()}

    @property
    def active(self):
        return self.client.call("GET", "/api/v1/kb/active")["revision"]

    def search(self, query, **more):
        return self.client.call("POST", "/api/v1/kb/search", {"query": query, **more})

    # Tasks

    def task(self, id):
        return self.client.call("GET", f"/api/v1/tasks/{id}")

    def ended(self, id, seconds=120):
        return wait_until(lambda: (task := self.task(id))["state"] in ENDED and task, seconds, "the task's end")

    def succeeded(self, id, seconds=120):
        task = self.ended(id, seconds)
        assert task["state"] == "succeeded", task
        return task["result"]

    def under_way(self, id, seconds=60):
        """Until a worker has it; answers whether it has not ended by then."""
        return wait_until(lambda: (state := self.task(id)["state"]) != "queued" and state, seconds, "a worker") not in ENDED

    def at_least(self, id, done, seconds=60):
        """Until so much is done; answers whether it is still under way."""
        task = wait_until(
            lambda: ((task := self.task(id))["state"] in ENDED or task["progress"]["done"] >= done) and task, seconds, f"{done} done")
        return task["state"] not in ENDED
