"""docs/exporters.md: every program in it runs as it stands, in an environment of its SDK, and its span arrives. What the page to connect shows
agrees with it."""
import html, os, re, subprocess, sys
import pytest
from harness.browsers import PageClient
from harness.server import REPOSITORY

DOCUMENT = (REPOSITORY / "docs/exporters.md").read_text()
SECTIONS = {section.partition("\n")[0]: section for section in DOCUMENT.split("\n## ")[1:]}
VARIABLES, PROGRAM = r"```text\n(.*?)```", r"```python\n(.*?)```"
SENDS = r"<!-- ([\w -]+) sends: (.+) -->"
RUNS = [(title, venv, re.search(SENDS, section)[2]) for title, section in SECTIONS.items() if re.search(SENDS, section)
        for venv in re.search(SENDS, section)[1].split()]
SECONDS = 300


def block(pattern, title):
    return re.search(pattern, SECTIONS[title], re.S)[1]


def filled(text, server):
    """As a reader fills it in."""
    return text.replace("http://127.0.0.1:4318", server.url).replace("http://127.0.0.1:4317", server.grpc_url).replace("YOUR_KEY", server.key)


def test_every_section_has_a_program_or_the_variables_of_one_that_has():
    for title, section in SECTIONS.items():
        same = re.search(r"<!-- as: (.+) -->", section)
        assert re.search(SENDS, section) or block(VARIABLES, title) == block(VARIABLES, same[1]), title
    assert {venv for _, venv, _ in RUNS} >= {"integration", "otel-genai", "openinference", "traceloop", "langfuse3", "langfuse4", "exporters"}


@pytest.fixture(scope="module")
def finished(server, stand_in, tmp_path_factory):
    """By section and environment the process that ran the program, and what it wrote; all run at once."""
    directory = tmp_path_factory.mktemp("snippets")
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy") and not name.startswith("OTEL_")}
    running = {}
    for number, (title, venv, _) in enumerate(RUNS):
        variables = dict(line.split("=", 1) for line in filled(block(VARIABLES, title), server).splitlines())
        environment = {
            **kept, "OPENAI_BASE_URL": stand_in.url("openai"), "OPENAI_API_KEY": "key", "TRACELOOP_TELEMETRY": "false", "HOME": str(directory), **variables}
        program, log = directory / f"{number}.py", directory / f"{number}.log"
        program.write_text(filled(block(PROGRAM, title), server))
        with open(log, "w") as output:
            running[title, venv] = log, subprocess.Popen(
                [REPOSITORY / f".venv/{venv}/bin/python", program], env=environment, cwd=directory, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        return {key: (process.wait(SECONDS), log.read_text()) for key, (log, process) in running.items()}
    finally:
        for _, process in running.values():
            process.kill()
            process.wait()


@pytest.mark.parametrize("title, venv, name", RUNS, ids=[f"{title} ({venv})" for title, venv, _ in RUNS])
def test_a_program_of_the_document_sends_its_span(api, finished, title, venv, name):
    status, log = finished[title, venv]
    assert status == 0, log
    # One of each environment that runs it.
    assert api.span_count({"name": {"_eq": name}}) == sum(1 for _, _, other in RUNS if other == name), log


@pytest.fixture(scope="module")
def page(server):
    client = PageClient(server.url)
    assert client.sign_in(server.credentials).status_code == 303
    return client.get(f"/projects/{server.credentials['project_id']}/connect").text


def shown(markup):
    """The text of a piece of a page."""
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


def snippets(page):
    """Of the page to connect, by language."""
    found = re.findall(r'<div id="snippet-(\w+)".*?<pre>(.*?)</pre>', page, re.S)
    return {language: shown(code) for language, code in found}


def test_the_page_to_connect_says_the_same(server, page):
    variables = filled(block(VARIABLES, "Any OpenTelemetry SDK"), server).replace(server.key, "YOUR_API_KEY").splitlines()
    assert set(variables) <= set(shown(page).splitlines())
    for language, code in snippets(page).items():
        if "OTEL_EXPORTER_OTLP_ENDPOINT" in code:
            assert {line.removeprefix("export ") for line in code.splitlines()} >= set(variables), language
        else:
            assert f"{server.url}/v1/traces" in code and "x-api-key" in code and "YOUR_API_KEY" in code, language


@pytest.mark.parametrize("language, command", [("python", [sys.executable, "-c"]), ("curl", ["bash", "-c"])])
def test_a_snippet_of_the_page_to_connect_sends_its_span(server, api, page, language, command):
    before = api.span_count({"name": {"_eq": "hello"}})
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy") and not name.startswith("OTEL_")}
    run = subprocess.run(
        [*command, snippets(page)[language].replace("YOUR_API_KEY", server.key)], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=SECONDS)
    assert run.returncode == 0, run.stderr
    assert api.span_count({"name": {"_eq": "hello"}}) == before + 1, run.stdout + run.stderr
