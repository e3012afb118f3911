"""Schemathesis over the whole served document, as an API key and as a signed-in owner: no 500, no status, header, type or body that it
does not tell of.

It runs in an environment of its own (`scripts/venv schemathesis`), as it brings its own pytest. The seed is fixed, so a failure comes again;
its report names the request as a curl command.
"""
import os, subprocess
import pytest
from harness import accounts
from harness.server import REPOSITORY

SCHEMATHESIS = REPOSITORY / ".venv/schemathesis/bin/schemathesis"
HOOKS = REPOSITORY / "Tests/Integration/schemathesis_hooks.py"
SEED = "20261121"
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance"
# A signed-in owner's access token lives 15 minutes: the long run is cut short before.
SHORT_SECONDS, LONG_SECONDS, LONG_SECONDS_OF_OWNER = 36, 1200, 840
# They end the session or the project that all requests are made with; afterwards nothing but refusals would be explored. The tests of
# accounts and the walks over every route have them.
ENDING = ["signOut", "signOutEverywhere", "endMySession", "changePassword", "archiveProject", "leaveOrganization"]


def explore(server, seconds, headers, without=()):
    run = subprocess.run(
        [SCHEMATHESIS, "run", f"{server.url}/openapi.json", "--seed", SEED, "--max-time", str(seconds), "--checks", CHECKS, "--warnings", "off",
         *(argument for name, value in headers.items() for argument in ("--header", f"{name}: {value}")),
         *(argument for operation in without for argument in ("--exclude-operation-id", operation))],
        env={**os.environ, "SCHEMATHESIS_HOOKS": str(HOOKS)}, capture_output=True, text=True, timeout=seconds + 300)
    assert run.returncode == 0, run.stdout[-20_000:] + run.stderr[-2_000:]
    assert "No issues found" in run.stdout


def explore_as_key(server, seconds):
    explore(server, seconds, {"Authorization": f"Bearer {server.key}"})


def explore_as_owner(server, seconds):
    owner = accounts.owner(server)
    explore(server, seconds, {"Authorization": f"Bearer {owner.access_token}", "Spandrel-Project": owner.project}, ENDING)
    assert owner.is_signed_in() and owner.status("GET", "/api/v1/settings") == 200


def test_answers_to_a_key_are_those_the_document_promises(server):
    explore_as_key(server, SHORT_SECONDS)


def test_answers_to_an_owner_are_those_the_document_promises(make_server):
    explore_as_owner(make_server().start(), SHORT_SECONDS)


@pytest.mark.soak
def test_answers_to_a_key_are_those_the_document_promises_for_a_long_time(server):
    explore_as_key(server, LONG_SECONDS)


@pytest.mark.soak
def test_answers_to_an_owner_are_those_the_document_promises_for_a_long_time(make_server):
    explore_as_owner(make_server().start(), LONG_SECONDS_OF_OWNER)
