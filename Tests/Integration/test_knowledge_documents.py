"""OpenAPI documents that no one here wrote, in a knowledge base: every operation comes in whole, problems have their places, the same bytes again
change nothing, and what agents export is a valid document of the same operations, as others' readers and validators see it.

Documents come from packages (`scripts/venv documents`), as files or made by their applications; none is kept in this repository. Those of
large applications are part of `make soak`: each takes minutes to install.
"""
import json, subprocess, urllib.parse
import pytest
from harness import documents
from harness.accounts import owner
from harness.knowledge import KnowledgeProject
from harness.server import REPOSITORY
from harness.workers import WorkerInstallation

AIRFLOW = "airflow/api_fastapi/core_api/openapi"
DOCUMENTS = {
    "fastapi-users": lambda: documents.generated("fastapi_users"),
    "airflow-2": lambda: documents.packaged("airflow/api_connexion/openapi/v1.yaml"),
    "airflow-3": lambda: documents.packaged(f"{AIRFLOW}/v2-rest-api-generated.yaml"),
    "airflow-3-ui": lambda: documents.packaged(f"{AIRFLOW}/_private_ui.yaml"),
    "allauth": lambda: documents.packaged("allauth/headless/spec/doc/openapi.yaml"),
    "localstack": lambda: documents.packaged("localstack/openapi.yaml"),
}
LARGE = ("litellm", "mlflow", "phoenix")
# What their documents leave open or say wrongly; every other problem would be ours.
KNOWN_FAULTS = {
    # Its description is in a file beside it, which is not where OpenAPI lets a reference stand.
    "allauth": ["description.md"],
}


@pytest.fixture(scope="module")
def installation():
    with WorkerInstallation(workers=1) as installation:
        yield installation


@pytest.fixture
def make_project(installation):
    def make(name):
        return KnowledgeProject(owner(installation.server), name)

    return make


@pytest.mark.parametrize("name", [
    # Whose validation alone takes half a minute.
    pytest.param(name, marks=[pytest.mark.soak] if name == "airflow-3" else []) for name in DOCUMENTS])
def test_a_document_of_a_package_comes_in_whole_and_out_again(make_project, name):
    check(make_project(name), name, DOCUMENTS[name]())


@pytest.mark.soak
@pytest.mark.parametrize("name", LARGE)
def test_a_document_of_a_large_application_comes_in_whole_and_out_again(make_project, name):
    subprocess.run([REPOSITORY / "scripts/venv", name], check=True)
    check(make_project(name), name, documents.generated(name, environment=name))


def check(project, name, content):
    document = documents.read(content)
    operations = documents.operations(document)
    kind = "application/json" if content.lstrip()[:1] == b"{" else "application/yaml"
    draft = project.draft("draft")

    result = project.succeeded(project.upload(draft, content, "openapi", kind, name))
    check_problems(content, result)
    assert result["added"] == result["entries"] == len(operations)
    again = project.succeeded(project.upload(draft, content, "openapi", kind, name))
    assert (again["unchanged"], again["draft_version"]) == (len(operations), result["draft_version"])

    copy = project.draft("copy")
    for key in project.entry_keys(f"drafts/{draft}"):
        path, content = f"/api/v1/kb/drafts/{copy}/entries/{urllib.parse.quote(key, safe='')}", project.entry(f"drafts/{draft}", key)["content"]
        assert project.client.status("PUT", path, content, headers={"If-None-Match": "*"}) == 201, key

    project.succeeded(project.promote(draft))
    keys = {f"api/{name}/{method} {path}": (method, path) for method, path in operations}
    assert sorted(project.entry_keys("active")) == sorted(keys)
    for key, place in keys.items():
        operation, item = operations[place]
        entry = project.entry("active", key)
        assert entry["content"]["content"].get("operation_id") == operation.get("operationId")
        documents.Comparison(document, entry["content"]["content"].get("details", {})).check(operation, item)

    exported = project.export()
    assert list(exported) == [f"openapi/{name}.json"]
    out = json.loads(exported[f"openapi/{name}.json"])
    assert {place: operation.get("operationId") for place, (operation, _) in documents.operations(out).items()} \
        == {place: operation.get("operationId") for place, (operation, _) in operations.items()}
    for place, (operation, item) in documents.operations(out).items():
        documents.Comparison(document, {**operation, "components": out.get("components", {})}).check(*operations[place])
    known = KNOWN_FAULTS.get(name, [])
    assert [fault for fault in documents.faults(document) if not any(text in fault for text in known)] == []
    assert documents.faults(out) == []


def check_problems(content, result):
    """Each says where it is, and that is where it is."""
    lines = content.decode().splitlines()
    for problem in result["problems"]:
        assert problem["message"] and problem["pointer"] and problem["line"] <= len(lines), problem
        token = problem["pointer"].rsplit("/", 1)[-1].replace("~1", "/").replace("~0", "~")
        assert token in lines[problem["line"] - 1] or token.isdigit(), problem
