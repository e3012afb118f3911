"""Runs of a suite against the stand-in: what tests of runs, workers and kills share."""
import json
from harness.server import wait_until
from harness.stand_in import directive

FINAL = ("finished", "failed", "cancelled")


def use_stand_in(user, stand_in, dialect="openai"):
    """The organization's calls of this provider go to the stand-in."""
    credential = {"provider": dialect, "name": "stand-in", "secret": "sk-0123456789", "base_url": stand_in.url(dialect)}
    return user.call("POST", f"{user.organization_path}/provider-credentials", credential, 201)


def make_suite(user, name, cases):
    suite = user.call("POST", "/api/v1/suites", {"name": name}, 201)["id"]
    edited = user.call("POST", f"/api/v1/suites/{suite}/test-cases", {"put": cases}, 200)
    assert edited["added_count"] == len(cases), edited
    return suite


def case(number, **steering):
    return {
        "key": f"case-{number:03}", "input": f"question {number} " + directive(**steering),
        "expected": f"answer {number}", "scorers": [{"kind": "exact"}],
    }


def target(**more):
    return {"name": "mini", "kind": "model", "provider": "openai", "model": "gpt-4.1-mini", **more}


def finished(user, run, seconds=60):
    return wait_until(
        lambda: (found := user.call("GET", f"/api/v1/runs/{run}"))["state"] in FINAL and found, seconds, "the run's end")


def every_event(user, run):
    """All events of a run, page by page."""
    events = []
    while True:
        page = user.call("GET", f"/api/v1/runs/{run}/events?limit=500&after={events[-1]['sequence'] if events else 0}")["data"]
        if not page:
            return events
        events += page


def roots(user, run):
    """The traces of a run as they are listed, page by page."""
    found, cursor = [], ""
    condition = json.dumps({"attributes.spandrel.run.id": {"_eq": run}})
    while True:
        page = user.call("GET", f"/api/v1/traces?limit=100&filter={condition}{cursor}")
        found += page["data"]
        if not page["next_cursor"]:
            return found
        cursor = "&cursor=" + page["next_cursor"]
