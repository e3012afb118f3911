"""Schemathesis over the whole served document: no 500, no status, header, type or body that it does not tell of.

It runs in an environment of its own (`scripts/venv schemathesis`), as it brings its own pytest. The seed is fixed, so a failure comes again;
its report names the request as a curl command.
"""
import subprocess
import pytest
from harness.server import REPOSITORY

SCHEMATHESIS = REPOSITORY / ".venv/schemathesis/bin/schemathesis"
SEED = "20261121"
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance"
SHORT_SECONDS, LONG_SECONDS = 60, 1200


def explore(server, seconds):
    run = subprocess.run(
        [SCHEMATHESIS, "run", f"{server.url}/openapi.json", "--seed", SEED, "--max-time", str(seconds), "--checks", CHECKS,
         "--header", f"Authorization: Bearer {server.key}", "--warnings", "off"],
        capture_output=True, text=True, timeout=seconds + 300)
    assert run.returncode == 0, run.stdout[-20_000:] + run.stderr[-2_000:]
    assert "No issues found" in run.stdout


def test_answers_are_those_the_document_promises(server):
    explore(server, SHORT_SECONDS)


@pytest.mark.soak
def test_answers_are_those_the_document_promises_for_a_long_time(server):
    explore(server, LONG_SECONDS)
