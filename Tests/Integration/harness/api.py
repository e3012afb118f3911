"""The JSON API and the ingest endpoint as tests use them: thin, so that what a test sends is what stands in the test."""
import hashlib, json, secrets
import requests

PROTOBUF = "application/x-protobuf"
JSON = "application/json"
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def made_up_key():
    """A key of the right form, check and all, that nobody was ever given (Sources/Access/Principals/APIKeySecret.swift)."""
    digits = "".join(secrets.choice(BASE62) for _ in range(43))
    check, text = int.from_bytes(hashlib.sha256(digits.encode()).digest()[:4], "big"), ""
    for _ in range(6):
        check, digit = divmod(check, 62)
        text = BASE62[digit] + text
    return f"spdrl_{digits}{text}"


class API:
    def __init__(self, url, key):
        self.url, self.key = url, key
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"Bearer {key}"

    def request(self, method, path, **options):
        return self.session.request(method, self.url + path, timeout=options.pop("timeout", 60), **options)

    def get(self, path, **parameters):
        """The JSON of a GET that must succeed."""
        reply = self.request("GET", path, params=parameters)
        assert reply.status_code == 200, f"GET {path} {parameters}: {reply.status_code} {reply.text}"
        return reply.json()

    def post(self, path, body=None, status=200):
        reply = self.request("POST", path, json=body if body is not None else {})
        assert reply.status_code == status, f"POST {path} {json.dumps(body)}: {reply.status_code} {reply.text}"
        return reply.json()

    def export(self, body, content_type=PROTOBUF, encoding=None, path="/v1/traces", **options):
        """Posts an export request's bytes; answers the response as it is."""
        headers = {"Content-Type": content_type, **({"Content-Encoding": encoding} if encoding else {}), **options.pop("headers", {})}
        return self.request("POST", path, data=body, headers=headers, **options)

    def seal(self):
        """Seals the memtables; what is answered is published."""
        return self.post("/api/v1/store/seal")

    def query(self, **body):
        return self.post("/api/v1/query", body)

    def span_count(self, filter=None):
        """How many spans the project has, or how many of them a filter lets through."""
        return self.query(aggregates=["count"], **({"filter": filter} if filter else {}))["data"][0]["count"]

    def trace(self, trace_id):
        """A trace as OTLP JSON, or None when there is none."""
        reply = self.request("GET", f"/api/v1/traces/{trace_id}", params={"format": "otlp"})
        if reply.status_code == 404:
            return None
        assert reply.status_code == 200, f"{trace_id}: {reply.status_code} {reply.text}"
        return reply.json()

    def metrics(self):
        """Every sample of /metrics: name with labels -> value."""
        reply = self.request("GET", "/metrics")
        assert reply.status_code == 200, reply.text
        samples = {}
        for line in reply.text.splitlines():
            if line and not line.startswith("#"):
                name, _, value = line.rpartition(" ")
                samples[name] = float(value)
        return samples
