"""Every kind of request at once, from threads that note of each what came back, how long it took, and in which phase of the test it ran.

    ingest    distinct traces, each thread with a key of its own
    trace     an acknowledged trace, whole
    query     the number of spans, never less than what was acknowledged before the question
    user      the traces of a project, with a user's access token
    control   what is answered from PostgreSQL: projects, keys, tasks, prices, settings, the audit log, a user's own account
    sign-in   the right password
    stranger  keys that are well formed and nobody's
    ready     /health/ready
"""
import collections, http.client, itertools, json, random, threading, time
from harness.api import made_up_key
from harness.load import Request

Ask = collections.namedtuple("Ask", "kind operation method path key body content_type project", defaults=(None, None, "application/json", None))
Sample = collections.namedtuple("Sample", "kind operation phase seconds status retry_after text")

# Between two exports of a thread, at least: no more traces than can be read back in a moment.
INGEST_PAUSE_SECONDS = 0.1


class MixedLoad:
    def __init__(self, server, seed, keys, project, user=None, pause_seconds=0.02):
        """`keys`: scope -> keys of the project `project`; `ingest` and `read` get a thread per key. `user`: e-mail address, password and
        access token of one who may read there. `pause_seconds`: between two requests of a thread, as this is load and no race of refusals."""
        self.server, self.seed, self.keys, self.project, self.user = server, seed, keys, project, user
        self.pause_seconds = pause_seconds
        self.changed = threading.Condition()
        self.samples, self.phase, self.phase_number, self.phase_begin = [], "up", 0, 0
        self.acknowledged, self.span_count, self.created_keys = [], 0, []
        self.numbers = itertools.count()
        self.ending = threading.Event()
        self.failures = []
        workers = [(self.ingest, key) for key in keys["ingest"]] + [(self.trace, key) for key in keys["read"]]
        workers += [(self.query, keys["read"][0])] + [(self.control, keys["admin"][0])] * 2 + [(self.stranger, None), (self.ready, None)]
        workers += [(self.user_reads, user[2]), (self.sign_in, None)] if user else []
        self.kinds = {"ingest", "trace", "query", "control", "stranger", "ready"} | ({"user", "sign-in"} if user else set())
        self.threads = [threading.Thread(target=self._work, args=(work(key),), daemon=True) for work, key in workers]
        for thread in self.threads:
            thread.start()

    # Phases

    def enter(self, phase):
        with self.changed:
            self.phase, self.phase_number = phase, self.phase_number + 1
            self.phase_begin = len(self.samples)

    def of_phase(self):
        """The samples of requests that began and ended in the phase that is on."""
        with self.changed:
            return [sample for sample in self.samples[self.phase_begin:] if sample.phase == self.phase]

    def wait_for(self, count, seconds=60):
        """Until every kind of request was answered so many times within the phase that is on; signing in, which takes long, twice."""
        def done():
            seen = collections.Counter(sample.kind for sample in self.samples[self.phase_begin:] if sample.phase == self.phase)
            return self.failures or all(seen[kind] >= (min(count, 2) if kind == "sign-in" else count) for kind in self.kinds)
        with self.changed:
            assert self.changed.wait_for(done, seconds), f"not {count} answers of every kind within {seconds} s of the phase {self.phase}"
        assert not self.failures, self.failures

    def end(self):
        self.ending.set()
        for thread in self.threads:
            thread.join()
        assert not self.failures, self.failures

    # One thread

    def _work(self, requests):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        try:
            reply = None
            while not self.ending.is_set():
                ask = requests.send(reply)
                headers = {"Authorization": f"Bearer {ask.key}", "Content-Type": ask.body and ask.content_type, "Spandrel-Project": ask.project}
                headers = {name: value for name, value in headers.items() if value and value != "Bearer None"}
                number, begin = self.phase_number, time.monotonic()
                connection.request(ask.method, ask.path, ask.body, headers)
                response = connection.getresponse()
                reply = response.status, response.read()
                self._note(number, Sample(ask.kind, ask.operation, None, time.monotonic() - begin, response.status, response.getheader("Retry-After"),
                                          reply[1][:400] if response.status >= 300 else b""))
                self.ending.wait(max(self.pause_seconds, INGEST_PAUSE_SECONDS) if ask.kind == "ingest" else self.pause_seconds)
            requests.send(reply)
        except Exception as error:  # Whatever it is, the test tells it.
            with self.changed:
                self.failures.append(f"{requests.__name__}: {error!r}")
                self.changed.notify_all()
        finally:
            connection.close()

    def _note(self, number, sample):
        with self.changed:
            self.samples.append(sample._replace(phase=self.phase if number == self.phase_number else "between"))
            self.changed.notify_all()

    # What the threads ask for: generators that are sent (status, body) of their last request.

    def ingest(self, key):
        while True:
            request = Request(self.seed, next(self.numbers))
            status, _ = yield Ask("ingest", "export", "POST", "/v1/traces", key, request.body, "application/x-protobuf")
            if status == 200:
                with self.changed:
                    self.acknowledged.append(request)
                    self.span_count += len(request.span_ids)

    def trace(self, key):
        dice = random.Random(f"{self.seed}/{key}")
        while True:
            with self.changed:
                assert self.changed.wait_for(lambda: self.acknowledged, 60), "no request was acknowledged"
                request = dice.choice(self.acknowledged)
            status, body = yield Ask("trace", "getTrace", "GET", f"/api/v1/traces/{request.trace_id}?format=otlp", key)
            if status == 200:
                spans = [span["spanId"] for r in json.loads(body)["resourceSpans"] for s in r["scopeSpans"] for span in s["spans"]]
                assert sorted(spans) == request.span_ids, f"request {request.number} was acknowledged and is not whole"

    def query(self, key):
        while True:
            with self.changed:
                least = self.span_count
            status, body = yield Ask("query", "query", "POST", "/api/v1/query", key, b'{"aggregates":["count"]}')
            if status == 200:
                count = json.loads(body)["data"][0]["count"]
                assert count >= least, f"{count} spans, after {least} were acknowledged"

    def user_reads(self, token):
        while True:
            yield Ask("user", "listTraces", "GET", "/api/v1/traces?limit=5", token, project=self.project)

    def control(self, key):
        reading = self.keys["read"][0]
        for turn in itertools.count():
            yield Ask("control", "listProjects", "GET", "/api/v1/projects", key)
            yield Ask("control", "getProject", "GET", f"/api/v1/projects/{self.project}", key)
            yield Ask("control", "listAPIKeys", "GET", "/api/v1/api-keys?limit=5", key)
            yield Ask("control", "getTask", "GET", "/api/v1/tasks/01890a5d-ac96-774b-bcce-b302099a8057", reading)
            yield Ask("control", "listPrices", "GET", "/api/v1/prices?model=gpt-5-mini", reading)
            yield Ask("control", "getSettings", "GET", "/api/v1/settings", reading)
            yield Ask("control", "listAuditEntries", "GET", "/api/v1/audit?limit=5", key)
            if self.user:
                yield Ask("control", "getMe", "GET", "/api/v1/users/me", self.user[2])
            if turn % 4 == 0:
                name = json.dumps({"name": f"made under load {turn}", "scopes": ["read"]}).encode()
                status, body = yield Ask("control", "createAPIKey", "POST", "/api/v1/api-keys", key, name)
                if status == 201:
                    with self.changed:
                        self.created_keys.append(json.loads(body))

    def sign_in(self, _):
        body = json.dumps({"email": self.user[0], "password": self.user[1]}).encode()
        while True:
            yield Ask("sign-in", "signIn", "POST", "/api/v1/auth/sign-in", None, body)

    def stranger(self, _):
        for turn in itertools.count():
            if turn % 2:
                yield Ask("stranger", "listTraces", "GET", "/api/v1/traces", made_up_key())
            else:
                yield Ask("stranger", "export", "POST", "/v1/traces", made_up_key(), Request("stranger", turn).body, "application/x-protobuf")

    def ready(self, _):
        while True:
            yield Ask("ready", "getReadiness", "GET", "/health/ready")
