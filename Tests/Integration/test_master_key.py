"""The master key is replaced beside a running server under load, the command killed again and again: every secret stays readable."""
import json, random, re, signal, subprocess, threading, time
from harness.accounts import Client, owner, sign_in
from harness.api import API
from harness.server import BINARY
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

ORGANIZATIONS, KILLS = 60, 12


def command(server, *arguments):
    return [str(BINARY), "rotate-master-key", "--data-dir", str(server.data), *arguments]


def verified(server):
    """How many secrets open; the command fails if one does not."""
    run = subprocess.run(command(server, "--verify"), capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    return int(re.search(r"(\d+) stored secrets open", run.stdout)[1])


def stored_hash(server, number):
    """What the project's secret makes of a value: read back from a span that is ingested now."""
    message = ExportTraceServiceRequest()
    span = message.resource_spans.add().scope_spans.add().spans.add(
        trace_id=number.to_bytes(16, "big"), span_id=number.to_bytes(8, "big"), name="hashed", start_time_unix_nano=1_780_000_000_000_000_000,
        end_time_unix_nano=1_780_000_001_000_000_000)
    span.attributes.add(key="user.id").value.string_value = "ada"
    api = API(server.url, server.key)
    assert api.export(message.SerializeToString()).status_code == 200
    return re.search(r"hash:[0-9a-f]{32}", json.dumps(api.trace(f"{number:032x}")))[0]


def keys_of(server):
    """Lines of master.key: one, or two while one key replaces the other."""
    return (server.data / "master.key").read_text().splitlines()


class Load:
    """Goes on storing and replacing secrets and signing in, all of which needs the master key; remembers every answer that was wrong."""

    def __init__(self, server, user, organizations):
        self.server, self.user, self.organizations = server, user, organizations
        self.count, self.faults, self.end = 0, [], threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self):
        while not self.end.is_set():
            organization = self.organizations[self.count % len(self.organizations)]
            path = f"/api/v1/organizations/{organization}/provider-credentials"
            made = self.user.request("POST", path, {"provider": "openai", "name": f"n{self.count}", "secret": f"sk-secret-{self.count:06}"})
            self.expect(made, 201)
            replaced = self.user.request("PUT", f"{path}/{made.json()['id']}", {"secret": f"sk-again-{self.count:06}"})
            self.expect(replaced, 200)
            self.count += 1

    def expect(self, answer, status):
        if answer.status_code != status:
            self.faults.append(f"{answer.status_code} {answer.text}")

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *exception):
        self.end.set()
        self.thread.join(60)


def test_a_rotation_killed_again_and_again_loses_no_secret(make_server):
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    generator = random.Random(seed)
    server = make_server().start()
    user = owner(server)
    organizations = [user.call("POST", "/api/v1/organizations", {"name": f"Team {number}"}, 201)["id"] for number in range(ORGANIZATIONS)]
    Client(server.url, server.key).put_settings(redaction={"keys": [{"glob": "user.id", "action": "hash"}]})
    hashed = stored_hash(server, 1)
    first = keys_of(server)
    began = time.monotonic()
    assert subprocess.run(command(server, "--verify"), capture_output=True).returncode == 0
    duration = time.monotonic() - began
    with Load(server, user, organizations) as load:
        while load.count < ORGANIZATIONS:
            assert not load.faults, load.faults[:3]
        killed = 0
        while killed < KILLS:
            rotation = subprocess.Popen(command(server), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            try:
                # From the first look into the file to the end of the whole work.
                rotation.wait(timeout=generator.uniform(0, 2 * duration))
                assert rotation.returncode == 0, rotation.stderr.read()
            except subprocess.TimeoutExpired:
                rotation.send_signal(signal.SIGKILL)
                rotation.wait()
                killed += 1
            rotation.communicate()
        assert len(keys_of(server)) in (1, 2)
        subprocess.run(command(server), check=True, capture_output=True, timeout=60)
        count = load.count
        while load.count < count + 20:
            assert not load.faults, load.faults[:3]
    assert not load.faults, load.faults[:3]
    assert len(keys_of(server)) == 1 and keys_of(server) != first
    assert verified(server) == load.count
    # The server that ran through all of it, and one that starts with the new key alone.
    for number in (2, 3):
        assert stored_hash(server, number) == hashed
        assert user.is_signed_in() and sign_in(server.url, user.email, user.password).is_signed_in()
        server.stop()
        assert verified(server) == load.count
        server.start()
