"""Texts that would be SQL if anybody pasted them into some, in every text field of every operation of openapi/: stored and shown again as
they are, or refused; and afterwards everything is there.

`STORED` and `REFUSED` together name every text member of every body: one that openapi/ gets new fails here until it stands in either.
"""
import json, re, subprocess, urllib.parse
import pytest
from harness import accounts
from harness.accounts import Client, PASSWORD
from harness.api import API
from harness.features import insert_feature
from harness.server import REPOSITORY, wait_until
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

TEXTS = [
    "'; DROP TABLE users; --", '"; DELETE FROM api_keys; --', "x' OR '1'='1", "$1", "\\'; SELECT pg_sleep(9); --", "%s%n{0}${x}",
    "'||(SELECT password_hash FROM users LIMIT 1)||'", "E'\\x41'", "/**/UNION/**/SELECT/**/NULL--", "o'brien", "NULL", "ünï'cødé 漢字 🙂",
]


def sql(server, query):
    """What the database itself says; one line a row."""
    socket = server.data / "postgres/sock"
    return subprocess.run(
        ["psql", "--host", socket, "--username", "spandrel", "--dbname", "spandrel", "-XAt", "--command", query], check=True, capture_output=True,
        text=True).stdout.rstrip("\n")


class Team:
    """What the requests of the tables are made with."""

    def __init__(self, server):
        self.server, self.owner = server, accounts.owner(server)
        self.api = API(server.url, server.key)
        self.anonymous = Client(server.url)
        self.number = 0
        self.export("asked", key="gen_ai.prompt")
        self.asked = {"trace_id": f"{self.number:032x}", "span_id": "01" * 8}
        # Searches are spans, too: of a project of their own.
        other = self.owner.call("POST", f"{self.owner.organization_path}/projects", {"name": "searches"}, 201)["id"]
        self.searcher = Client(server.url, self.owner.access_token, other)

    def unused(self):
        self.number += 1
        return self.number

    def post(self, path, body, **options):
        return self.owner.request("POST", path, body, **options)

    def put(self, path, body, **options):
        return self.owner.request("PUT", path, body, **options)

    @property
    def organization(self):
        return self.owner.organization_path

    @property
    def project(self):
        return f"/api/v1/projects/{self.owner.project}"

    def listed(self, path, field):
        return [item[field] for item in self.owner.call("GET", f"{path}?limit=500")["data"]]

    def me(self):
        return self.owner.call("GET", "/api/v1/users/me")["user"]

    def credential(self, **fields):
        body = {"provider": "openai", "name": f"c {self.unused()}", "secret": "sk-0123456789", **fields}
        return self.post(f"{self.organization}/provider-credentials", body)

    def price(self, **fields):
        price = {"model_pattern": f"m{self.unused()}", "effective_from": "2026-01-01T00:00:00Z", "input_per_million": 1, "output_per_million": 1, **fields}
        return self.post("/api/v1/prices", {"prices": [price]})

    def prices(self, field):
        return [price[field] for price in self.owner.call("GET", "/api/v1/prices")["data"]]

    def own_price(self, owner, **fields):
        price = {"model_pattern": f"m{self.unused()}", "effective_from": "2026-01-01T00:00:00Z", "input_per_million": 1, "output_per_million": 1, **fields}
        return self.put(owner + "/prices", {"prices": [price]})

    def own_prices(self, owner, field):
        return [price[field] for price in self.owner.call("GET", owner + "/prices")["data"]]

    def settings(self, **fields):
        return self.put("/api/v1/settings", fields)

    def invitation(self):
        email = f"guest{self.unused()}@example.com"
        return email, self.owner.invite(email, "viewer")["token"]

    def accept(self, **fields):
        email, token = self.invitation()
        self.last_email = email
        return self.anonymous.request("POST", "/api/v1/auth/invitations/accept", {"token": token, "name": "G", "password": PASSWORD, **fields})

    def name_of_last(self):
        return {m["email"]: m["name"] for m in self.owner.call("GET", f"{self.organization}/members?limit=500")["data"]}[self.last_email]

    def suite(self, **fields):
        return self.post("/api/v1/suites", {"name": f"s {self.unused()}", **fields})

    def suite_path(self):
        """Of a suite with a case."""
        path = f"/api/v1/suites/{self.suite().json()['id']}"
        assert self.edit(path, put=[case()]).status_code == 200
        return path

    def edit(self, path, **fields):
        return self.post(path + "/test-cases", fields)

    def put_case(self, **fields):
        """Sends a case into a new suite."""
        self.last_suite = f"/api/v1/suites/{self.suite().json()['id']}"
        return self.edit(self.last_suite, put=[case(**fields)])

    def case_of_last(self):
        return self.owner.call("GET", self.last_suite + "/test-cases")["data"][0]["content"]

    def run(self, **fields):
        suite = self.owner.call("GET", self.suite_path())["id"]
        return self.post("/api/v1/runs", {"suite": suite, "targets": [exec_target()], **fields})

    def estimate(self, **fields):
        suite = self.owner.call("GET", self.suite_path())["id"]
        return self.post("/api/v1/runs/estimate", {"suite": suite, "targets": [exec_target()], **fields})

    def planned_run(self):
        path = f"/api/v1/runs/{self.run().json()['id']}"
        wait_until(lambda: self.owner.call("GET", path)["state"] == "running", 10, "the run's plan")
        return path

    def lease(self, holder):
        return self.post(self.planned_run() + "/exec/lease", {"holder": holder})

    def holder_of(self, leased):
        return sql(self.server, f"SELECT worker FROM jobs WHERE id = {leased['cells'][0]['job']}")

    def submit(self, **output):
        run = self.planned_run()
        cell = self.post(run + "/exec/lease", {"holder": "h"}).json()["cells"][0]
        # Outputs are taken in and wait: workers make no spans of them.
        assert self.post(run + "/pause", None).status_code == 200
        return self.post(run + "/exec/outputs", {"outputs": [{"job": cell["job"], "lease": cell["lease"], **output}]})

    def checkpoint_of(self, submitted):
        [job] = submitted["accepted"]
        return json.loads(sql(self.server, f"SELECT checkpoint FROM jobs WHERE id = {job}"))

    def langfuse_score(self, place, member, text):
        self.last_trace = f"{self.unused():032x}"
        score = {"name": "n", "value": 1, "traceId": self.last_trace, member: text}
        return self.post("/api/public/scores", [score] if place else score)

    def langfuse_event(self, comment, **fields):
        self.last_trace = f"{self.unused():032x}"
        body = {"id": self.last_trace, "name": "n", "value": 1, "traceId": self.last_trace, "comment": comment}
        return self.post("/api/public/ingestion", {"batch": [{"id": "e", "type": "score-create", "body": body, **fields}]})

    def langfuse_score_again(self):
        return self.owner.call("GET", f"/api/v1/scores?trace_id={self.last_trace}")["data"][0]

    def rule(self, **fields):
        scorers = [{"kind": "latency", "maximum_ms": 100}]
        return self.post("/api/v1/score-rules", {"name": f"rule {self.unused()}", "enabled": False, "scorers": scorers, **fields})

    def rule_again(self, rule):
        """As it is shown; renamed then, so that its name is free for the next."""
        path = f"/api/v1/score-rules/{rule['id']}"
        shown = self.owner.call("GET", path)
        self.owner.call("PATCH", path, {"name": f"rule {self.unused()}"})
        return shown

    def change_rule(self, **fields):
        return self.owner.request("PATCH", f"/api/v1/score-rules/{self.rule().json()['id']}", fields)

    def backfill(self, **fields):
        return self.post("/api/v1/scores/backfill", {"scorers": [{"kind": "latency", "maximum_ms": 100}], **fields})

    def score(self, **fields):
        return self.post("/api/v1/scores", {"name": "n", "passed": True, "trace_id": f"{7:032x}", **fields})

    def score_again(self, made):
        return next(score for score in self.owner.call("GET", "/api/v1/scores?limit=500")["data"] if score["id"] == made["id"])

    def feature_path(self):
        return f"/api/v1/trace-features/{insert_feature(self.server, self.owner.project)}"

    def specification(self, run):
        return self.owner.call("GET", f"/api/v1/runs/{run['id']}")["specification"]

    def from_span(self, **fields):
        """A case of a new suite, made from the span that was asked something."""
        suite = self.suite().json()["id"]
        return self.post(f"/api/v1/suites/{suite}/test-cases/from-span", {**self.asked, **fields})

    def drafts(self, **fields):
        """Cases to be drafted, by a model that nobody has a credential for."""
        return self.post(f"{self.suite_path()}/drafts", {"trace_ids": [self.asked["trace_id"]], "model": "xai/grok-none", **fields})

    def search(self, **fields):
        return self.searcher.request("POST", "/api/v1/kb/search", {"query": "x", **fields})

    def instruction_of(self, task):
        return sql(self.server, f"SELECT instruction FROM draft_requests WHERE id = '{task['id']}'")

    def model_of(self, task):
        return sql(self.server, f"SELECT model FROM draft_requests WHERE id = '{task['id']}'").removeprefix("none/")

    def accept_draft(self, **fields):
        """A draft that is in the database already, accepted with edits."""
        path = self.suite_path()
        task, suite = self.post(f"{path}/drafts", {"trace_ids": [self.asked["trace_id"]], "model": "xai/grok-none"}).json()["id"], path.split("/")[-1]
        draft = f"019a0000-0000-7000-8000-{self.unused():012x}"
        sql(self.server, f"""INSERT INTO test_case_drafts (id, suite_id, request_id, key, content, source) VALUES
            ('{draft}', '{suite}', '{task}', 'drafted', '{{"key": "drafted", "input": {{"variables": {{"input": "i"}}}}}}',
            '{{"trace_id": "{"01" * 16}", "span_id": "{"01" * 8}"}}')""")
        return self.post(f"{path}/drafts/{draft}/accept", fields)

    def kb_draft(self, **fields):
        return self.post("/api/v1/kb/drafts", {"name": f"d{self.unused()}", **fields})

    def kb_draft_path(self):
        """Of a draft with an entry, which the key wrote."""
        path = f"/api/v1/kb/drafts/{self.kb_draft().json()['name']}"
        answer = self.api.request("PUT", f"{path}/entries/{self.unused()}", json=article(), headers={"If-None-Match": "*"})
        assert answer.status_code == 201, answer.text
        return path

    def kb_entry(self, key="k", **fields):
        """Puts an entry into a new draft."""
        self.last_entry = f"/api/v1/kb/drafts/{self.kb_draft().json()['name']}/entries/{urllib.parse.quote(key, safe='')}"
        return self.put(self.last_entry, article(**fields), headers={"If-None-Match": "*"})

    def kb_content_of_last(self):
        return self.owner.call("GET", self.last_entry)["content"]

    def kb_review(self, **fields):
        self.owner.call("PUT", "/api/v1/kb/settings", {"required_approvals": 1})
        path = self.kb_draft_path()
        assert self.api.request("POST", path + "/submit").status_code == 200
        self.owner.call("PUT", "/api/v1/kb/settings", {})
        return self.post(path + "/review", {"version": 1, "decision": "request_changes", **fields})

    def kb_promote(self, **fields):
        """One at a time: whatever is under way is cancelled first."""
        for promotion in sql(self.server, "SELECT id FROM knowledge_promotions WHERE phase <> 'ended'").split():
            self.post(f"/api/v1/tasks/{promotion}/cancel", None)
        path = self.kb_draft_path()
        assert self.post(path + "/submit", None).status_code == 200
        return self.post(path + "/promote", fields)

    def kb_catalog(self, **fields):
        return self.post(self.kb_draft_path() + "/tables/postgresql", {"connection_string": "host=127.0.0.1", **fields})

    def export(self, text, key=None):
        self.owner.put_settings()
        message = ExportTraceServiceRequest()
        span = message.resource_spans.add().scope_spans.add().spans.add(
            trace_id=self.unused().to_bytes(16, "big"), span_id=b"\1" * 8, name=text, start_time_unix_nano=1_780_000_000_000_000_000, end_time_unix_nano=1_780_000_000_000_000_001)
        span.attributes.add(key=key or text).value.string_value = text
        return self.api.export(message.SerializeToString())

    def export_logs(self, text):
        self.owner.put_settings()
        message = ExportLogsServiceRequest()
        record = message.resource_logs.add().scope_logs.add().log_records.add(
            trace_id=self.unused().to_bytes(16, "big"), span_id=b"\1" * 8, event_name="gen_ai.evaluation.result", time_unix_nano=1_780_000_000_000_000_000)
        for key in ("gen_ai.evaluation.name", "gen_ai.evaluation.score.label", "gen_ai.evaluation.explanation"):
            record.attributes.add(key=key).value.string_value = text
        return self.api.export(message.SerializeToString(), path="/v1/logs")

    def event_score(self, text):
        """The score that was made of an event: its texts as PostgreSQL can hold them."""
        score, = self.owner.call("GET", f"/api/v1/scores?trace_id={self.number:032x}")["data"]
        return text if (score["reason"], score["label"]) == (text.replace("\0", "\ufffd"),) * 2 else None

    def span(self, text):
        rows = self.api.query(select=["name"], filter={"name": {"_eq": text}})["data"]
        trace = self.api.trace(f"{self.number:032x}")
        attribute = trace["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["attributes"][0]
        return rows[0]["name"] if {attribute["key"], attribute["value"]["stringValue"]} == {text} else None


def redaction(**rules):
    return {"mode": "full", "keys": [], "patterns": [], **rules}


def case(**fields):
    return {"key": "k", "input": "i", **fields}


def article(**fields):
    return {"title": "t", "kind": "article", "content": {"markdown": "m"}, **fields}


def exec_target(**fields):
    """Cells of such a target wait for a command line: no worker makes spans of them."""
    return {"name": "code", "kind": "exec", **fields}


# (operation, member) -> (sends it, reads it back from the answer or from elsewhere).
STORED = {
    ("createOrganization", "name"): (lambda t, x: t.post("/api/v1/organizations", {"name": x}), lambda t, a, x: t.owner.call("GET", f"/api/v1/organizations/{a['id']}")["name"]),
    ("updateOrganization", "name"): (lambda t, x: t.owner.request("PATCH", t.organization, {"name": x}), lambda t, a, x: t.owner.call("GET", t.organization)["name"]),
    ("createProject", "name"): (lambda t, x: t.post("/api/v1/projects", {"name": x}), lambda t, a, x: t.owner.call("GET", f"/api/v1/projects/{a['id']}")["name"]),
    ("createOrganizationProject", "name"): (lambda t, x: t.post(t.organization + "/projects", {"name": x + "?"}), lambda t, a, x: t.owner.call("GET", f"/api/v1/projects/{a['id']}")["name"][:-1]),
    ("updateProject", "name"): (lambda t, x: t.owner.request("PATCH", t.project, {"name": x + "!"}), lambda t, a, x: t.owner.call("GET", t.project)["name"][:-1]),
    ("createAPIKey", "name"): (lambda t, x: t.post("/api/v1/api-keys", {"name": x, "scopes": ["read"]}), lambda t, a, x: t.owner.key(a)["name"]),
    ("createProjectAPIKey", "name"): (lambda t, x: t.post(t.project + "/api-keys", {"name": x, "scopes": ["read"]}), lambda t, a, x: t.owner.key(a)["name"]),
    ("createProviderCredential", "name"): (lambda t, x: t.credential(name=x), lambda t, a, x: x if x in t.listed(t.organization + "/provider-credentials", "name") else None),
    ("createProviderCredential", "base_url"): (lambda t, x: t.credential(base_url=f"https://203.0.113.9/{x}"), lambda t, a, x: a["base_url"].removeprefix("https://203.0.113.9/")),
    # Addresses are kept in lower case.
    ("createInvitation", "email"): (lambda t, x: t.post(t.organization + "/invitations", {"email": f"{x}@example.com", "role": "viewer"}), lambda t, a, x: x if a["email"] == f"{x.lower()}@example.com" else None),
    ("acceptInvitation", "name"): (lambda t, x: t.accept(name=x), lambda t, a, x: t.name_of_last()),
    ("updateMe", "name"): (lambda t, x: t.owner.request("PATCH", "/api/v1/users/me", {"name": x}), lambda t, a, x: t.me()["name"]),
    ("updateMe", "profile{}"): (lambda t, x: t.owner.request("PATCH", "/api/v1/users/me", {"profile": {x: [x]}}), lambda t, a, x: t.me()["profile"][x][0]),
    ("updateMe", "settings{}"): (lambda t, x: t.owner.request("PATCH", "/api/v1/users/me", {"settings": {x: {x: x}}}), lambda t, a, x: t.me()["settings"][x][x]),
    ("sendFeedback", "message"): (lambda t, x: t.post("/api/v1/users/me/feedback", {"message": x}), lambda t, a, x: sql(t.server, f"SELECT message FROM feedback WHERE id = '{a['id']}'")),
    ("createWorkerCredential", "name"): (lambda t, x: t.post("/api/v1/worker-credentials", {"name": x}), lambda t, a, x: x if x in t.listed("/api/v1/worker-credentials", "name") else None),
    ("addPrices", "prices[].provider"): (lambda t, x: t.price(provider=x), lambda t, a, x: x if x in t.prices("provider") else None),
    ("addPrices", "prices[].model_pattern"): (lambda t, x: t.price(model_pattern=x), lambda t, a, x: x if x in t.prices("model_pattern") else None),
    ("addPrices", "prices[].source"): (lambda t, x: t.price(source=x), lambda t, a, x: x if x in t.prices("source") else None),
    **{(f"replace{infix}Prices", f"prices[].{field}"): (
        lambda t, x, owner=owner, field=field: t.own_price(getattr(t, owner), **{field: x}),
        lambda t, a, x, owner=owner, field=field: x if x in t.own_prices(getattr(t, owner), field) else None)
       for infix, owner in (("Organization", "organization"), ("Project", "project")) for field in ("provider", "model_pattern", "source")},
    ("replaceSettings", "default_models{}"): (lambda t, x: t.settings(default_models={x: x}), lambda t, a, x: t.owner.settings()["default_models"][x]),
    ("replaceSettings", "redaction{} name"): (lambda t, x: t.settings(redaction=redaction(patterns=[{"name": x, "regex": "a"}])), lambda t, a, x: t.owner.settings()["redaction"]["patterns"][0]["name"]),
    ("replaceSettings", "redaction{} regex"): (lambda t, x: t.settings(redaction=redaction(patterns=[{"name": "n", "regex": re.escape(x)}])), lambda t, a, x: re.sub(r"\\(.)", r"\1", t.owner.settings()["redaction"]["patterns"][0]["regex"])),
    ("replaceSettings", "redaction{} replacement"): (lambda t, x: t.settings(redaction=redaction(patterns=[{"builtin": "ip", "replacement": x}])), lambda t, a, x: t.owner.settings()["redaction"]["patterns"][0]["replacement"]),
    ("replaceSettings", "redaction{} glob"): (lambda t, x: t.settings(redaction=redaction(keys=[{"glob": x, "action": "drop"}])), lambda t, a, x: t.owner.settings()["redaction"]["keys"][0]["glob"]),
    ("setFeatureFlag", "{feature}"): (lambda t, x: t.put(f"{t.organization}/features/{urllib.parse.quote(x, safe='')}", {"percentage": 1}), lambda t, a, x: a["name"]),
    ("createSuite", "name"): (lambda t, x: t.suite(name=x), lambda t, a, x: t.owner.call("GET", f"/api/v1/suites/{a['id']}")["name"]),
    ("createSuite", "description"): (lambda t, x: t.suite(description=x), lambda t, a, x: t.owner.call("GET", f"/api/v1/suites/{a['id']}")["description"]),
    ("updateSuite", "name"): (lambda t, x: t.owner.request("PATCH", t.suite_path(), {"name": x + "!"}), lambda t, a, x: t.owner.call("GET", f"/api/v1/suites/{a['id']}")["name"][:-1]),
    ("updateSuite", "description"): (lambda t, x: t.owner.request("PATCH", t.suite_path(), {"description": x}), lambda t, a, x: t.owner.call("GET", f"/api/v1/suites/{a['id']}")["description"]),
    ("editTestCases", "message"): (lambda t, x: t.edit(t.suite_path(), put=[case(key="2")], message=x), lambda t, a, x: a["version"]["message"]),
    ("editTestCases", "put[]{} key"): (lambda t, x: t.put_case(key=x), lambda t, a, x: t.owner.call("GET", f"{t.last_suite}/test-cases/{urllib.parse.quote(x, safe='')}")["test_case"]["content"]["key"]),
    ("editTestCases", "put[]{} input"): (lambda t, x: t.put_case(input={"variables": {x: x}}), lambda t, a, x: t.case_of_last()["input"]["variables"][x]),
    ("editTestCases", "put[]{} expected"): (lambda t, x: t.put_case(expected={x: [x]}), lambda t, a, x: t.case_of_last()["expected"][x][0]),
    ("editTestCases", "put[]{} tags"): (lambda t, x: t.put_case(tags=[x], split=x), lambda t, a, x: x if (c := t.case_of_last())["tags"] == [x] and c["split"] == x else None),
    ("editTestCases", "put[]{} metadata"): (lambda t, x: t.put_case(metadata={x: x}), lambda t, a, x: t.case_of_last()["metadata"][x]),
    ("startRun", "name"): (lambda t, x: t.run(name=x), lambda t, a, x: t.specification(a)["name"]),
    # A branch that has no run is no fault.
    ("startRun", "baseline"): (lambda t, x: t.run(baseline=x), lambda t, a, x: t.specification(a)["baseline"]),
    ("startRun", "metadata{}"): (lambda t, x: t.run(metadata={x: {x: x}}), lambda t, a, x: t.specification(a)["metadata"][x][x]),
    ("startRun", "tags[]"): (lambda t, x: t.run(tags=[x]), lambda t, a, x: t.specification(a)["tags"][0]),
    ("startRun", "split"): (lambda t, x: t.run(split=x), lambda t, a, x: t.specification(a)["split"]),
    ("startRun", "retrieval.tags[]"): (lambda t, x: t.run(retrieval={"tags": [x]}), lambda t, a, x: t.specification(a)["retrieval"]["tags"][0]),
    ("startRun", "retrieval.embedding_model"): (lambda t, x: t.run(retrieval={"embedding_model": x}), lambda t, a, x: t.specification(a)["retrieval"]["embedding_model"]),
    ("startRun", "scorers[]{}"): (lambda t, x: t.run(scorers=[{"kind": "contains", "name": x, "all": [x]}]), lambda t, a, x: t.specification(a)["scorers"][0]["all"][0]),
    ("startRun", "targets[]{}"): (lambda t, x: t.run(targets=[exec_target(name=x)]), lambda t, a, x: t.specification(a)["targets"][0]["name"]),
    ("createTestCaseFromSpan", "key"): (lambda t, x: t.from_span(key=x), lambda t, a, x: a["test_case"]["content"]["key"]),
    ("createTestCaseFromSpan", "expected"): (lambda t, x: t.from_span(expected={x: x}), lambda t, a, x: a["test_case"]["content"]["expected"][x]),
    ("createTestCaseFromSpan", "scorers[]{}"): (lambda t, x: t.from_span(scorers=[{"kind": "contains", "all": [x]}]), lambda t, a, x: a["test_case"]["content"]["scorers"][0]["all"][0]),
    ("createTestCaseFromSpan", "tags[]"): (lambda t, x: t.from_span(tags=[x]), lambda t, a, x: a["test_case"]["content"]["tags"][0]),
    ("createTestCaseFromSpan", "split"): (lambda t, x: t.from_span(split=x), lambda t, a, x: a["test_case"]["content"]["split"]),
    ("createTestCaseFromSpan", "metadata{}"): (lambda t, x: t.from_span(metadata={x: x}), lambda t, a, x: a["test_case"]["content"]["metadata"][x]),
    ("createScoreRule", "name"): (lambda t, x: t.rule(name=x), lambda t, a, x: t.rule_again(a)["name"]),
    ("createScoreRule", "filter{}"): (lambda t, x: t.rule(filter={"service": x}), lambda t, a, x: t.rule_again(a)["filter"]["service"]),
    ("createScoreRule", "scorers[]{}"): (lambda t, x: t.rule(scorers=[{"kind": "contains", "name": x, "all": [x]}]), lambda t, a, x: t.rule_again(a)["scorers"][0]["all"][0]),
    ("updateScoreRule", "name"): (lambda t, x: t.change_rule(name=x), lambda t, a, x: t.rule_again(a)["name"]),
    ("updateScoreRule", "filter{}"): (lambda t, x: t.change_rule(filter={"service": x}), lambda t, a, x: t.rule_again(a)["filter"]["service"]),
    ("updateScoreRule", "scorers[]{}"): (lambda t, x: t.change_rule(scorers=[{"kind": "contains", "name": x, "all": [x]}]), lambda t, a, x: t.rule_again(a)["scorers"][0]["all"][0]),
    ("requestDrafts", "instruction"): (lambda t, x: t.drafts(instruction=x), lambda t, a, x: t.instruction_of(a)),
    ("requestDrafts", "model"): (lambda t, x: t.drafts(model="none/" + x), lambda t, a, x: t.model_of(a)),
    ("acceptDraft", "key"): (lambda t, x: t.accept_draft(key=x), lambda t, a, x: a["draft"]["key"]),
    ("acceptDraft", "content{}"): (lambda t, x: t.accept_draft(content=case(key="edited", metadata={x: x})), lambda t, a, x: a["draft"]["content"]["metadata"][x]),
    ("createScore", "name"): (lambda t, x: t.score(name=x), lambda t, a, x: t.score_again(a)["name"]),
    ("createScore", "label"): (lambda t, x: t.score(label=x), lambda t, a, x: t.score_again(a)["label"]),
    **{("createLangfuseScores", place + member): (lambda t, x, member=member, place=place: t.langfuse_score(place, member, x), lambda t, a, x, read=read: t.langfuse_score_again()[read])
       for place in ("", "[].") for member, read in (("name", "name"), ("value", "label"), ("comment", "reason"))},
    ("ingestLangfuseEvents", "batch[].body{}"): (lambda t, x: t.langfuse_event(x), lambda t, a, x: t.langfuse_score_again()["reason"]),
    ("ingestLangfuseEvents", "batch[].id"): (lambda t, x: t.langfuse_event("c", id=x), lambda t, a, x: a["successes"][0]["id"]),
    ("createDeletion", "session_id"): (lambda t, x: t.post("/api/v1/deletions", {"session_id": x}), lambda t, a, x: a["session_id"]),
    ("createDeletion", "user_id"): (lambda t, x: t.post("/api/v1/deletions", {"user_id": x}), lambda t, a, x: a["user_id"]),
    ("createScore", "reason"): (lambda t, x: t.score(reason=x), lambda t, a, x: t.score_again(a)["reason"]),
    ("leaseExecCells", "holder"): (lambda t, x: t.lease(x), lambda t, a, x: t.holder_of(a)),
    ("submitExecOutputs", "outputs[].text"): (lambda t, x: t.submit(text=x), lambda t, a, x: t.checkpoint_of(a)["text"]),
    ("submitExecOutputs", "outputs[].error.message"): (lambda t, x: t.submit(error={"message": x}), lambda t, a, x: t.checkpoint_of(a)["error"]["message"]),
    ("updateTraceFeature", "name"): (lambda t, x: t.owner.request("PATCH", t.feature_path(), {"name": x}), lambda t, a, x: t.owner.call("GET", f"/api/v1/trace-features/{a['id']}")["name"]),
    ("updateTraceFeature", "description"): (lambda t, x: t.owner.request("PATCH", t.feature_path(), {"description": x}), lambda t, a, x: t.owner.call("GET", f"/api/v1/trace-features/{a['id']}")["description"]),
    ("replaceFeatureSchedule", "filter{}"): (lambda t, x: t.put("/api/v1/feature-schedule", {"is_enabled": False, "filter": {"service": x}}), lambda t, a, x: t.owner.call("GET", "/api/v1/feature-schedule")["filter"]["service"]),
    ("createKnowledgeDraft", "description"): (lambda t, x: t.kb_draft(description=x), lambda t, a, x: t.owner.call("GET", f"/api/v1/kb/drafts/{a['id']}")["description"]),
    ("updateKnowledgeDraft", "description"): (lambda t, x: t.owner.request("PATCH", t.kb_draft_path(), {"description": x}), lambda t, a, x: t.owner.call("GET", f"/api/v1/kb/drafts/{a['id']}")["description"]),
    ("putKnowledgeDraftEntry", "{key}"): (lambda t, x: t.kb_entry(key=x), lambda t, a, x: t.owner.call("GET", t.last_entry)["key"]),
    ("putKnowledgeDraftEntry", "title"): (lambda t, x: t.kb_entry(title=x), lambda t, a, x: t.kb_content_of_last()["title"]),
    ("putKnowledgeDraftEntry", "tags[]"): (lambda t, x: t.kb_entry(tags=[x]), lambda t, a, x: t.kb_content_of_last()["tags"][0]),
    ("putKnowledgeDraftEntry", "content{}"): (lambda t, x: t.kb_entry(content={"markdown": x}), lambda t, a, x: t.kb_content_of_last()["content"]["markdown"]),
    ("reviewKnowledgeDraft", "comment"): (lambda t, x: t.kb_review(comment=x), lambda t, a, x: a["reviews"][0]["comment"]),
    ("promoteKnowledgeDraft", "message"): (lambda t, x: t.kb_promote(message=x), lambda t, a, x: sql(t.server, f"SELECT message FROM knowledge_promotions WHERE id = '{a['id']}'")),
    ("signIn", "User-Agent"): (
        lambda t, x: t.anonymous.request("POST", "/api/v1/auth/sign-in", {"email": t.owner.email, "password": t.owner.password}, headers={"User-Agent": x.encode()}),
        lambda t, a, x: x if x in t.listed("/api/v1/users/me/sessions", "user_agent") else None),
    ("exportTraces", "{}"): (lambda t, x: t.export(x), lambda t, a, x: t.span(x)),
    ("exportLogs", "{}"): (lambda t, x: t.export_logs(x), lambda t, a, x: t.event_score(x)),
    ("previewRedaction", "span{}"): (lambda t, x: t.post("/api/v1/redaction/preview", {"span": {"name": x}, "redaction": {}}), lambda t, a, x: a["span"]["name"]),
}


def body(method, path, member=None, anonymous=True, **others):
    """Sends a body with the text as one member."""
    def send(team, text):
        return (team.anonymous if anonymous else team.owner).request(method, path.format(organization=team.organization), {**others, member: text})
    return send


# (operation, member) -> (sends it, the statuses it may have). Nothing of these is shown again, or nothing but a form of its own is taken.
REFUSED = {
    ("signIn", "email"): (body("POST", "/api/v1/auth/sign-in", "email", password=PASSWORD), {401, 429}),
    ("signIn", "password"): (body("POST", "/api/v1/auth/sign-in", "password", email="nobody@example.com"), {401, 429}),
    ("refreshSession", "refresh_token"): (body("POST", "/api/v1/auth/refresh", "refresh_token"), {401}),
    ("requestPasswordReset", "email"): (body("POST", "/api/v1/auth/password-resets", "email"), {202}),
    ("resetPassword", "token"): (body("POST", "/api/v1/auth/password-resets/confirm", "token", password=PASSWORD), {404}),
    ("resetPassword", "password"): (body("POST", "/api/v1/auth/password-resets/confirm", "password", token="x"), {404, 422}),
    ("acceptInvitation", "token"): (body("POST", "/api/v1/auth/invitations/accept", "token", name="N", password=PASSWORD), {404}),
    ("acceptInvitationAsMe", "token"): (body("POST", "/api/v1/users/me/invitations", "token", False), {404}),
    ("changePassword", "current_password"): (body("PUT", "/api/v1/users/me/password", "current_password", False, new_password=PASSWORD), {401}),
    ("changePassword", "new_password"): (body("PUT", "/api/v1/users/me/password", "new_password", False, current_password="x"), {401, 422}),
    ("replayQuarantine", "reason"): (lambda t, x: t.post("/api/v1/quarantine/replay", {"reason": x}), {422}),
    ("createDeletion", "trace_id"): (lambda t, x: t.post("/api/v1/deletions", {"trace_id": x}), {422}),
    ("createDeletion", "project_name"): (lambda t, x: t.post("/api/v1/deletions", {"project_name": x}), {422}),
    ("replayQuarantine", "ids[]"): (lambda t, x: t.post("/api/v1/quarantine/replay", {"ids": [x]}), {422}),
    ("createAPIKey", "allowed_networks[]"): (lambda t, x: t.post("/api/v1/api-keys", {"name": "n", "scopes": ["read"], "allowed_networks": [x]}), {422}),
    ("createAPIKey", "further_projects[]"): (lambda t, x: t.post("/api/v1/api-keys", {"name": "n", "scopes": ["read"], "further_projects": [x]}), {422}),
    ("createProjectAPIKey", "further_projects[]"): (lambda t, x: t.post(t.project + "/api-keys", {"name": "n", "scopes": ["read"], "further_projects": [x]}), {422}),
    ("createProjectAPIKey", "allowed_networks[]"): (lambda t, x: t.post(t.project + "/api-keys", {"name": "n", "scopes": ["read"], "allowed_networks": [x]}), {422}),
    # A secret is any printable text; it is sealed, and shown to nobody.
    ("createProviderCredential", "secret"): (lambda t, x: t.credential(secret=x), {201, 422}),
    ("replaceProviderCredential", "secret"): (lambda t, x: t.put(f"{t.organization}/provider-credentials/{t.credential().json()['id']}", {"secret": x}), {200, 422}),
    ("setFeatureFlag", "overrides{}"): (lambda t, x: t.put(f"{t.organization}/features/f", {"percentage": 1, "overrides": {x: True}}), {422}),
    ("replaceSettings", "allowed_origins[]"): (lambda t, x: t.settings(allowed_origins=[f"https://{x}"]), {422}),
    ("replaceSettings", "redaction{}"): (lambda t, x: t.settings(redaction={x: x}), {422}),
    ("previewRedaction", "redaction{}"): (lambda t, x: t.post("/api/v1/redaction/preview", {"span": {}, "redaction": {x: x}}), {422}),
    ("editTestCases", "remove[]"): (lambda t, x: t.edit(t.suite_path(), remove=[x]), {200}),
    ("requeueTestCase", "key"): (lambda t, x: t.post(t.planned_run() + "/requeue", {"key": x}), {200}),
    ("createTestCaseFromSpan", "trace_id"): (lambda t, x: t.from_span(trace_id=x), {422}),
    ("createTestCaseFromSpan", "span_id"): (lambda t, x: t.from_span(span_id=x), {422}),
    ("startBackfill", "filter{}"): (lambda t, x: t.backfill(filter={x: {"_eq": x}}), {400, 422}),
    ("startBackfill", "scorers[]{}"): (lambda t, x: t.backfill(scorers=[{"kind": x}]), {422}),
    ("startBackfill", "from"): (lambda t, x: t.backfill(**{"from": x}), {422}),
    ("startBackfill", "to"): (lambda t, x: t.backfill(to=x), {422}),
    **{(operation, member): (lambda t, x, path=path, member=member: t.post(path, {"dry_run": True, member: x}), {422})
       for operation, path in (("reapplyMapping", "/api/v1/mappings/reapply"), ("reapplyPrices", "/api/v1/prices/reapply"))
       for member in ("received_from", "received_to")},
    ("requestDrafts", "trace_ids[]"): (lambda t, x: t.drafts(trace_ids=[x]), {422}),
    ("requestDrafts", "entry_keys[]"): (lambda t, x: t.drafts(entry_keys=[x]), {422}),
    ("requestDrafts", "entry_source.draft"): (lambda t, x: t.drafts(entry_keys=["a"], entry_source={"draft": x}), {404}),
    ("searchKnowledge", "query"): (lambda t, x: t.search(query=x), {200}),
    ("searchKnowledge", "embedding_model"): (lambda t, x: t.search(embedding_model=x), {200}),
    ("searchKnowledge", "source.draft"): (lambda t, x: t.search(source={"draft": x}), {404}),
    ("searchKnowledge", "tags[]"): (lambda t, x: t.search(tags=[x]), {200}),
    ("searchKnowledge", "trace_id"): (lambda t, x: t.search(trace_id=x), {422}),
    ("searchKnowledge", "span_id"): (lambda t, x: t.search(trace_id=f"{7:032x}", span_id=x), {422}),
    # Ids of scores, traces and observations may be any text; another score under an id that is taken is refused.
    **{("createLangfuseScores", place + member): (lambda t, x, member=member, place=place: t.langfuse_score(place, member, x), {200, 202, 207, 409})
       for place in ("", "[].") for member in ("id", "traceId", "observationId")},
    ("ingestLangfuseEvents", "batch[].type"): (lambda t, x: t.langfuse_event("c", type=x), {207}),
    ("ingestLangfuseEvents", "metadata{}"): (lambda t, x: t.post("/api/public/ingestion", {"batch": [], "metadata": {"sdk_name": x}}), {207}),
    ("createScore", "trace_id"): (lambda t, x: t.score(trace_id=x), {422}),
    ("createScore", "span_id"): (lambda t, x: t.score(span_id=x), {422}),
    ("startRun", "retrieval.source.draft"): (lambda t, x: t.run(retrieval={"source": {"draft": x}}), {422}),
    ("startRun", "suite"): (lambda t, x: t.post("/api/v1/runs", {"suite": x, "targets": [exec_target()]}), {422}),
    ("startFeatureAnalysis", "filter{}"): (lambda t, x: t.post("/api/v1/feature-analyses", {"start": "2026-01-01T00:00:00Z", "end": "2026-01-02T00:00:00Z", "filter": {x: {"_eq": x}}}), {422}),
    ("replaceKnowledgeSettings", "gate{}"): (lambda t, x: t.put("/api/v1/kb/settings", {"gate": {x: x}}), {422}),
    ("createKnowledgeDraft", "name"): (lambda t, x: t.kb_draft(name=x), {422}),
    ("updateKnowledgeDraft", "name"): (lambda t, x: t.owner.request("PATCH", t.kb_draft_path(), {"name": x}), {422}),
    ("putKnowledgeDraftEntry", "source.trace_id"): (lambda t, x: t.kb_entry(source={"trace_id": x}), {422}),
    ("putKnowledgeDraftEntry", "source.span_id"): (lambda t, x: t.kb_entry(source={"trace_id": f"{7:032x}", "span_id": x}), {422}),
    ("rebaseKnowledgeDraft", "resolutions{}"): (lambda t, x: t.post(t.kb_draft_path() + "/rebase", {"resolutions": {x: x}}), {422}),
    ("uploadKnowledgeOpenAPI", "{}"): (lambda t, x: t.post(t.kb_draft_path() + "/openapi?document=d", {x: x}), {202}),
    ("importKnowledgeTablesFromPostgreSQL", "connection_string"): (lambda t, x: t.kb_catalog(connection_string=x), {422}),
    # The host is refused first.
    ("importKnowledgeTablesFromPostgreSQL", "schemas[]"): (lambda t, x: t.kb_catalog(schemas=[x]), {422}),
    ("startRun", "gate{}"): (lambda t, x: t.run(gate={x: x}), {422}),
    ("exportMetrics", "{}"): (lambda t, x: t.post("/v1/metrics", {"resourceMetrics": [{"scopeMetrics": [{"metrics": [{"name": x, "gauge": {"dataPoints": [{x: x}]}}]}]}]}), {200}),
    ("query", "filter{}"): (lambda t, x: t.post("/api/v1/query", {"filter": {x: {"_eq": x}}}), {400}),
    ("query", "aggregates[].as"): (lambda t, x: t.post("/api/v1/query", {"aggregates": [{"function": "max", "field": "duration_ms", "as": x}]}), {200, 400}),
    ("query", "aggregates[].function"): (lambda t, x: t.post("/api/v1/query", {"aggregates": [{"function": x, "field": "duration_ms"}]}), {400}),
    ("query", "aggregates[].field"): (lambda t, x: t.post("/api/v1/query", {"aggregates": [{"function": "max", "field": x}]}), {400}),
} | {
    ("query", field): (lambda t, x, field=field: t.post("/api/v1/query", {"aggregates": ["count"], field.removesuffix("[]"): [x] if field.endswith("[]") else x}), {400})
    for field in ("from", "to", "select[]", "group_by[]", "aggregates[]", "bucket", "order_by", "order_by[]", "cursor")
} | {
    # As startRun takes them; nothing of them is stored.
    ("estimateRun", member): (lambda t, x, fields=fields: t.estimate(**fields(x)), {200, 422})
    for member, fields in {
        "suite": lambda x: {"suite": x}, "name": lambda x: {"name": x}, "baseline": lambda x: {"baseline": x}, "split": lambda x: {"split": x},
        "tags[]": lambda x: {"tags": [x]}, "metadata{}": lambda x: {"metadata": {x: {x: x}}}, "gate{}": lambda x: {"gate": {x: x}},
        "targets[]{}": lambda x: {"targets": [exec_target(name=x)]}, "scorers[]{}": lambda x: {"scorers": [{"kind": "contains", "name": x, "all": [x]}]},
        "retrieval.tags[]": lambda x: {"retrieval": {"tags": [x]}}, "retrieval.embedding_model": lambda x: {"retrieval": {"embedding_model": x}},
        "retrieval.source.draft": lambda x: {"retrieval": {"source": {"draft": x}}},
    }.items()
}
# These have a form and refuse other texts.
FORMED = {("setFeatureFlag", "{feature}"), ("createInvitation", "email"), ("createProviderCredential", "base_url"), ("addPrices", "prices[].model_pattern"),
          ("replaceOrganizationPrices", "prices[].model_pattern"), ("replaceProjectPrices", "prices[].model_pattern")}
# Each request costs a hash of a password.
COSTLY = {"signIn", "changePassword", "acceptInvitation"}
# Of these one of several equal operations is tried, or the value is the bytes of a password, which are hashed and never part of a statement.
ALIKE = {
    *((f"export{signal}Under{prefix}", "{}") for signal in ("Traces", "Logs", "Metrics") for prefix in ("OTel", "APIPublic")), ("acceptInvitation", "password"), ("restoreKnowledgeRevision", "message"),
}


def documents():
    return [json.loads(file.read_text()) for file in sorted((REPOSITORY / "openapi").glob("*.json"))]


def operations():
    for document in documents():
        for path, methods in document.get("paths", {}).items():
            for method, operation in methods.items():
                yield method.upper(), path, operation


def text_members():
    """(operation, member) of every text that a JSON body may hold, ids and times apart."""
    schemas = {name: schema for document in documents() for name, schema in document.get("components", {}).get("schemas", {}).items()}

    def walk(schema, path):
        schema = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
        kinds = schema.get("type", [])
        kinds = kinds if isinstance(kinds, list) else [kinds]
        for choice in schema.get("oneOf", []) + schema.get("anyOf", []):
            yield from walk(choice, path)
        if "string" in kinds and "enum" not in schema and schema.get("format") not in ("uuid", "date-time"):
            yield path
        if "array" in kinds:
            yield from walk(schema.get("items", {}), path + "[]")
        if "object" in kinds and "properties" not in schema:
            yield path + "{}"
        for name, member in schema.get("properties", {}).items():
            yield from walk(member, f"{path}.{name}" if path else name)

    for _, _, operation in operations():
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content:
            yield from ((operation["operationId"], member) for member in walk(content["schema"], ""))


def texts(operation):
    return TEXTS[::3] if operation in COSTLY else TEXTS


@pytest.fixture(scope="module")
def team(server):
    return Team(server)


@pytest.fixture(scope="module", autouse=True)
def everything_is_there_afterwards(server):
    """Tables, their owners' rows, and a server that works."""
    tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1"
    counts = "SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM api_keys), (SELECT count(*) FROM audit_entries), (SELECT count(*) FROM organizations)"
    before = sql(server, tables), sql(server, counts).split("|")
    assert len(before[0].splitlines()) > 20
    yield
    assert sql(server, tables) == before[0]
    assert all(int(now) > int(then) for now, then in zip(sql(server, counts).split("|"), before[1]))
    assert sql(server, "SELECT count(*) FROM audit_entries WHERE action = 'updateOrganization'") == str(len(TEXTS))
    assert accounts.owner(server).is_signed_in() and API(server.url, server.key).span_count() == len(TEXTS) + 1
    assert server.process.poll() is None


def test_the_tables_name_every_text_of_every_body():
    known = {(operation, member.split(" ")[0]) for operation, member in STORED | REFUSED} | ALIKE
    assert sorted(set(text_members()) - known) == []


@pytest.mark.parametrize("operation, member", STORED, ids=map(" ".join, STORED))
def test_what_is_stored_is_shown_as_it_was_sent(team, operation, member):
    send, read = STORED[operation, member]
    taken = 0
    for text in texts(operation):
        answer = send(team, text)
        assert answer.status_code in (200, 201, 202, 207, 422), f"{text}: {answer.status_code} {answer.text}"
        if answer.status_code != 422:
            taken += 1
            shown = read(team, answer.json() if answer.headers["Content-Type"] == "application/json" else None, text)
            assert shown == text, f"{text} became {shown}"
    assert taken == len(texts(operation)) or (operation, member) in FORMED


@pytest.mark.parametrize("operation, member", REFUSED, ids=map(" ".join, REFUSED))
def test_what_is_not_shown_is_only_a_text_as_well(team, operation, member):
    send, statuses = REFUSED[operation, member]
    for text in texts(operation):
        answer = send(team, text)
        assert answer.status_code in statuses, f"{text}: {answer.status_code} {answer.text}"


def test_parameters_are_only_texts_as_well(team):
    """Every path and query parameter that is a text, of every operation."""
    tried = 0
    ids = {"organization_id": team.owner.organization, "project_id": team.owner.project, "name": team.kb_draft().json()["name"]}
    for method, path, operation in operations():
        for parameter in operation.get("parameters", []):
            if "$ref" in parameter or parameter["in"] == "header" or parameter["schema"].get("type") != "string":
                continue
            for text in TEXTS:
                name, quoted = parameter["name"], urllib.parse.quote(text, safe="")
                filled = re.sub(r"\{(\w+)\}", lambda match: quoted if match[1] == name else ids.get(match[1], team.owner.id), path)
                # An entry is replaced, or taken out, only by who says what is there: nothing is.
                body, headers = (None, {}) if method == "GET" else ({}, {"If-Match": "*"})
                answer = team.owner.request(method, filled + (f"?{name}={quoted}" if parameter["in"] == "query" else ""), body, headers=headers)
                assert answer.status_code in (200, 400, 404, 412, 422), f"{method} {filled} {name}: {answer.status_code} {answer.text}"
                tried += 1
    assert tried > 50 * len(TEXTS)
