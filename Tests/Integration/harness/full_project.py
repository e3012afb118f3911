"""A project in which every page has something to show: the demo's traces, runs with a baseline, a knowledge base, members, keys, prices.

`FullProject.pages()` answers an address for each page that the server has (`documents/pages.txt`): tests look at all of them, and the
images of the documentation are made of them.
"""
import json, pathlib, urllib.parse
from harness.accounts import owner
from harness.knowledge import ENDED
from harness.runs import finished, use_stand_in
from harness.server import wait_until

PAGES = (pathlib.Path(__file__).resolve().parents[1] / "documents/pages.txt").read_text().split()

QUESTIONS = [
    ("refund-after-31-days", "Can I still return the lamp after 31 days?", "refunds"), ("refund-opened-box", "The box is open. Do I get my money back?", "refunds"),
    ("late-parcel", "My parcel is a week late. What now?", "shipping"), ("wrong-size", "The shoes are too small, can I change them?", "refunds"),
    ("gift-card-balance", "How much is left on my gift card?", "payments"), ("invoice-copy", "I need a copy of my invoice.", "payments"),
    ("cancel-order", "Please cancel the order I made an hour ago.", "orders"), ("change-address", "Can it go to my office instead?", "shipping"),
    ("broken-on-arrival", "The vase arrived in pieces.", "refunds"), ("discount-code", "The code SPRING does not work.", "payments"),
    ("store-hours", "Until when is the shop open on Saturday?", "other"), ("delete-account", "Delete my account and everything you know of me.", "other"),
]
ARTICLES = {
    "refunds/policy": ("Refunds", "# Refunds\n\nWithin **30 days** of delivery, for everything but food.\n\n- The box may be open.\n- Postage is refunded if the fault is ours.\n"),
    "shipping/delays": ("Late parcels", "# Late parcels\n\nA parcel that is five days late is looked for; after ten it is sent again.\n"),
    "payments/gift-cards": ("Gift cards", "# Gift cards\n\nThe balance is on the card's page. Cards do not expire.\n"),
    "orders/cancelling": ("Cancelling an order", "# Cancelling\n\nAn order can be cancelled until it leaves the warehouse.\n"),
}


class FullProject:
    def __init__(self, server, stand_in):
        self.server = server
        self.user = owner(server)
        self.path = f"/projects/{self.user.project}"
        self.fill_traces()
        use_stand_in(self.user, stand_in)
        self.run_suite()
        self.write_articles()
        self.invite()

    def call(self, *arguments, **options):
        return self.user.call(*arguments, **options)

    def fill_traces(self):
        self.call("POST", f"/api/v1/projects/{self.user.project}/demo-traces", status=201)
        refused = {"traceId": "0" * 32, "spanId": "0" * 16, "name": "without ids", "startTimeUnixNano": "1795000000000000000", "endTimeUnixNano": "1795000000250000000"}
        sent = self.user.request(
            "POST", "/v1/traces", {"resourceSpans": [{"scopeSpans": [{"spans": [refused]}]}]}, headers={"x-api-key": self.server.key, "Authorization": ""})
        assert sent.status_code == 200, sent.text
        found = self.call("POST", "/api/v1/query", {
            "select": ["trace_id", "span_id", "session_id", "user_id"], "order_by": ["-total_tokens"], "limit": 1,
            "filter": {"kind": "llm", "session_id": {"_is_null": False}, "user_id": {"_is_null": False}}})["data"]
        if not found:
            found = self.call("POST", "/api/v1/query", {"select": ["trace_id", "span_id"], "filter": {"kind": "llm"}, "order_by": ["-total_tokens"], "limit": 1})["data"]
        self.call_span = found[0]
        # Of the trace that has a user and a session somewhere.
        row = next(row for row in self.call("GET", "/api/v1/traces?limit=500&sort=-total_tokens")["data"] if row["session_id"] and row["user_id"])
        self.session, self.end_user = row["session_id"], row["user_id"]

    def run_suite(self):
        self.suite = self.call("POST", "/api/v1/suites", {"name": "support answers", "description": "What the support agent must be able to say."}, 201)["id"]
        cases = [{"key": key, "input": text, "expected": " ".join(text.split("?")[0].rstrip(".").split()[-2:]), "tags": [tag], "scorers": [{"kind": "contains"}]} for key, text, tag in QUESTIONS]
        self.call("POST", f"/api/v1/suites/{self.suite}/test-cases", {"put": cases, "message": "what customers asked in May"})
        runs = []
        for name, branch, share in (("before", "main", 0.9), ("shorter system text", "short-prompt", 0.78)):
            targets = [
                {"name": model, "kind": "model", "provider": "openai", "model": model,
                 "prompt": "{{input}}\n!stand-in " + json.dumps({"pass_rate": share - 0.02 * place, "otherwise": "Please ask our support.", "seed": 7 + place})}
                for place, model in enumerate(("gpt-4.1-mini", "gpt-4.1"))]
            body = {
                "suite": "support answers", "name": name, "targets": targets, "repetitions": 5, "metadata": {"branch": branch},
                "gate": {"minimum_pass_rate": 0.8, "maximum_regression": 0.1, "stop_early": False}, **({"baseline": runs[0]} if runs else {})}
            if not runs:
                del body["gate"]["maximum_regression"]
            runs.append(finished(self.user, self.call("POST", "/api/v1/runs", body, 202)["id"], 120)["id"])
        self.run = runs[-1]
        self.outcome = self.call("GET", f"/api/v1/runs/{self.run}/outcomes?result=failed&limit=1")["data"][0]["id"]

    def write_articles(self):
        self.draft("opening", "The first articles", ARTICLES)
        self.promote("opening")
        longer = {"refunds/policy": ("Refunds", ARTICLES["refunds/policy"][1].replace("30 days", "60 days") + "- Until Christmas there is no limit.\n")}
        self.draft("christmas", "Longer refunds until Christmas", longer)
        self.call("POST", "/api/v1/kb/drafts/christmas/submit")

    def draft(self, name, description, articles):
        self.call("POST", "/api/v1/kb/drafts", {"name": name, "description": description}, 201)
        for key, (title, text) in articles.items():
            path = f"/api/v1/kb/drafts/{name}/entries/{urllib.parse.quote(key, safe='')}"
            known = self.user.request("GET", path)
            match = {"If-Match": known.headers["ETag"]} if known.ok and "ETag" in known.headers else {"If-None-Match": "*"}
            entry = {"kind": "article", "title": title, "tags": [key.split("/")[0]], "content": {"markdown": text}}
            written = self.user.request("PUT", path, entry, headers=match)
            assert written.ok, written.text

    def promote(self, draft):
        self.call("POST", f"/api/v1/kb/drafts/{draft}/submit")
        task = self.call("POST", f"/api/v1/kb/drafts/{draft}/promote", {"message": "What customers ask most."}, 202)["id"]
        done = wait_until(lambda: (found := self.call("GET", f"/api/v1/tasks/{task}"))["state"] in ENDED and found, 120, "the promotion")
        assert done["state"] == "succeeded", done

    def invite(self):
        self.user.bring_in("grace@example.com", "member")
        self.user.invite("edsger@example.com", "viewer")
        self.user.create_key("ingest", name="production exporter")

    def pages(self):
        """Page -> its address here. Those in `STRANGERS` are for who is not signed in."""
        quoted = lambda text: urllib.parse.quote(text, safe="")
        known = {
            "{trace_id}/spans/{span_id}": self.call_span["trace_id"] + "/spans/" + self.call_span["span_id"],
            "{trace_id}": self.call_span["trace_id"] + "?span=" + self.call_span["span_id"], "{session_id}": quoted(self.session),
            "{user_id}": quoted(self.end_user), "{run_id}": f"{self.run}?outcome={self.outcome}", "{suite_id}/cases/{key}": f"{self.suite}/cases/refund-after-31-days",
            "{suite_id}": self.suite, "entries/{key}": "entries/" + quoted("refunds/policy"), "{draft}": "christmas?key=" + quoted("refunds/policy"),
            "{name}": "christmas?key=" + quoted("refunds/policy")}
        pages = {}
        for page in PAGES:
            address = page.replace("/projects/{project_id}", self.path)
            for name, value in known.items():
                address = address.replace(name, value)
            pages[page] = address
        search = "/projects/{project_id}/knowledge/search"
        pages[search] += "?query=" + quoted("gift cards") + "&mode=text"
        return pages


STRANGERS = {"/sign-in", "/invitation", "/password-reset"}
