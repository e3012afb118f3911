"""Photographs every page of a real server: `python page_images.py FOLDER [NAME...]` (scripts/preview-pages images makes the documentation's
images of them).

The project has the demo's traces, runs and a knowledge base (harness/full_project.py). Each page is photographed as NAME-light.png,
NAME-dark.png, NAME-360.png and NAME-3840.png; what a browser complains of fails the command.
"""
import json, pathlib, sys
from harness.browsers import browsing, sign_in
from harness.full_project import STRANGERS, FullProject
from harness.runs import FINAL
from harness.server import DataDirectory, Server, wait_until
from harness.stand_in import StandIn

VARIANTS = {"light": (1440, 900, "light"), "dark": (1440, 900, "dark"), "360": (360, 780, "light"), "3840": (3840, 2160, "dark")}
NAMES = {
    "/account": "account", "/docs/components": "components", "/health": "health", "/invitation": "invitation", "/new-project": "new-project",
    "/password-reset": "password-reset", "/sign-in": "sign-in", "knowledge/search": "knowledge-search", "knowledge/revisions": "revisions",
    "knowledge/drafts": "drafts", "knowledge/drafts/{name}": "draft", "knowledge/entries/{key}": "entry", "runs/new": "run-new",
    "runs/{run_id}": "run", "sessions/{session_id}": "session", "suites/{suite_id}": "suite", "suites/{suite_id}/cases/{key}": "case",
    "traces/{trace_id}": "trace", "traces/{trace_id}/spans/{span_id}/explain": "explanation", "users/{user_id}": "user"}
REDIRECTS = {"/", "/projects/{project_id}"}


def pages(project):
    """Name of the images -> address."""
    found = {}
    for page, address in project.pages().items():
        if page not in REDIRECTS:
            own = page.removeprefix("/projects/{project_id}/")
            found[NAMES.get(own, own.replace("/", "-"))] = address + ("#token=spdrl_example" if page in ("/invitation", "/password-reset") else "")
    # The demo's hour, without the runs' own traces.
    found |= {"traces": found["traces"] + "?from=-1h&q=service%3Astorefront-web", "overview": found["overview"] + "?from=-1h", "user": found["user"] + "?from=-6h"}
    return found | {"error-404": project.path + "/traces/0af7651916cd43dd8448eb211c80319c"}


def live_run(project):
    """A run that takes as long as it is looked at; answers its address and what ends it."""
    slow = {"name": "gpt-4.1-mini", "kind": "model", "provider": "openai", "model": "gpt-4.1-mini",
            "prompt": "{{input}}\n!stand-in " + json.dumps({"delay_ms": 1500, "pass_rate": 0.9, "otherwise": "Please ask our support."})}
    run = project.call("POST", "/api/v1/runs", {
        "suite": "support answers", "name": "every answer twenty times", "repetitions": 20, "targets": [slow], "metadata": {"branch": "main"},
        "gate": {"minimum_pass_rate": 0.8, "stop_early": False}, "concurrency": 4}, 202)["id"]
    path = f"/api/v1/runs/{run}"
    wait_until(lambda: project.call("GET", path)["counts"]["done"] >= 12, 120, "the run's first answers")

    def end():
        project.user.request("POST", path + "/cancel")
        wait_until(lambda: project.call("GET", path)["state"] in FINAL, 120, "the run's end")
    return f"{project.path}/runs/{run}", end


def photograph(browser, project, addresses, folder, variants=VARIANTS):
    for label, (width, height, scheme) in variants.items():
        options = {"viewport": {"width": width, "height": height}, "color_scheme": scheme, "reduced_motion": "reduce", "locale": "en-GB", "timezone_id": "UTC"}
        inside, outside = browser.open(**options), browser.open(**options)
        known = project.server.credentials
        sign_in(inside, known["email"], known["password"])
        for name, address in addresses.items():
            page = outside if address.partition("#")[0] in STRANGERS else inside
            page.goto("about:blank")
            page.goto(address, wait_until="load")
            # Texts are laid out and charts drawn when they are first seen: two frames later they are.
            page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 150))))")
            page.screenshot(path=folder / f"{name}-{label}.png")
        for page in (inside, outside):
            page.context.close()


def main():
    folder, wanted = pathlib.Path(sys.argv[1]), sys.argv[2:]
    folder.mkdir(parents=True, exist_ok=True)
    directory = DataDirectory()
    server = Server(directory, "--allow-outbound", "127.0.0.0/8")
    try:
        server.start()
        with StandIn() as stand_in, browsing(server.url) as browser:
            project = FullProject(server, stand_in)
            addresses = pages(project)
            photograph(browser, project, {name: address for name, address in addresses.items() if not wanted or name in wanted}, folder)
            if not wanted or "run-live" in wanted:
                for label, variant in VARIANTS.items():
                    address, end = live_run(project)
                    photograph(browser, project, {"run-live": address}, folder, {label: variant})
                    end()
            # The page of a trace that is not there is one of them.
            complaints = [one for one in browser.complaints.all if "404" not in one]
    finally:
        server.end()
        directory.remove()
    sys.exit("\n".join(complaints) or 0)


if __name__ == "__main__":
    main()
