"""The eight questions as Spandrel is asked them: over HTTP, whole answers, on one kept-alive connection."""
import json, re, socket, statistics, sys, time


class Client:
    """One connection that stays open. Reads an answer's bytes and of its head the status and the length: `http.client` takes 0.1 to 0.2 ms an
    answer for the other headers, which is a tenth of what is measured."""

    def __init__(self, port, key):
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=120)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.headers = f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"

    def ask(self, method, path, body=None):
        """The reply's bytes; decoding them is no part of what is measured."""
        sent = json.dumps(body).encode() if body is not None else b""
        self.connection.sendall(f"{method} {path} HTTP/1.1\r\n{self.headers}Content-Length: {len(sent)}\r\n\r\n".encode() + sent)
        received = self._receive(bytearray(), 1)
        while (end := received.find(b"\r\n\r\n")) < 0:
            received = self._receive(received, len(received) + 1)
        head = bytes(received[:end])
        length = int(re.search(rb"(?i)\r\ncontent-length: *(\d+)", head).group(1))
        content = bytes(self._receive(received, end + 4 + length)[end + 4:])
        status = int(head.split(b" ", 2)[1])
        if status != 200:
            raise RuntimeError(f"{method} {path} {body}: {status} {content[:500]!r}")
        return content

    def _receive(self, received, count):
        """Reads until so many bytes are there."""
        while len(received) < count:
            part = self.connection.recv(1 << 16)
            if not part:
                raise ConnectionError("the server has closed the connection")
            received += part
        return received


def requests(c):
    """name: (method, path, body). `c` are the constants the peers were asked with."""
    contains = {"attributes.gen_ai.input.messages": {"_contains": c["phrase"]}}
    has_model = {"request_model": {"_is_null": False}}
    query = {
        "latency_by_model": {"filter": has_model, "group_by": ["request_model"], "aggregates": ["count", "p50(duration)", "p95(duration)", "p99(duration)"]},
        "tokens_by_day_model": {"filter": has_model, "group_by": ["request_model"], "bucket": "1d", "aggregates": ["sum(input_tokens)", "sum(output_tokens)"]},
        "errors_by_service_hour": {"group_by": ["service"], "bucket": "1h", "aggregates": ["error_count", "count"]},
        "attr_eq_newest50": {"filter": {"attributes.session.id": {"_eq": c["session"]}}, "select": ["trace_id", "name", "duration"], "order_by": ["-start_time"], "limit": 50},
        "full_text_phrase": {"filter": contains, "select": ["trace_id", "span_id"], "order_by": ["-start_time"], "limit": 50},
        "full_text_count": {"filter": contains, "aggregates": ["count"]},
        "top_users_tokens": {"filter": has_model, "group_by": ["attributes.gen_ai.conversation.id"], "aggregates": ["sum(output_tokens)"], "order_by": ["-sum_output_tokens"], "limit": 20},
        "slowest20_service": {"filter": {"service": {"_eq": c["service"]}}, "select": ["trace_id", "name", "duration"], "order_by": ["-duration"], "limit": 20},
    }
    asked = {name: ("POST", "/api/v1/query", {"timeout_ms": 60000, "limit": 10000, **body}) for name, body in query.items()}
    return {"trace_by_id": ("GET", f"/api/v1/traces/{c['trace']}?format=otlp", None), **asked}


def seconds_since_1970(text):
    """A time of the answer, which is whole seconds here."""
    return int(time.mktime(time.strptime(text[:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone)


def rows(name, content):
    """An answer as the rows the peers give."""
    document = json.loads(content)
    if name == "trace_by_id":
        return [[span["spanId"]] for r in document["resourceSpans"] for s in r["scopeSpans"] for span in s["spans"]]
    data = document["data"]
    if name == "latency_by_model":
        return [[row["request_model"], row["count"], [row["p50_duration"], row["p95_duration"], row["p99_duration"]]] for row in data]
    if name == "tokens_by_day_model":
        return [[seconds_since_1970(row["bucket"]) // 86400, row["request_model"], row["sum_input_tokens"] or 0, row["sum_output_tokens"] or 0] for row in data]
    if name == "errors_by_service_hour":
        return [[seconds_since_1970(row["bucket"]) // 3600, row["service"], row["error_count"], row["count"]] for row in data]
    if name == "full_text_count":
        return [[data[0]["count"]]]
    columns = {
        "attr_eq_newest50": ["trace_id", "name", "duration"], "full_text_phrase": ["trace_id", "span_id"], "slowest20_service": ["trace_id", "name", "duration"],
        "top_users_tokens": ["attributes.gen_ai.conversation.id", "sum_output_tokens"]}[name]
    return [[row[column] for column in columns] for row in data]


def measure(client, c, runs):
    """(median milliseconds of each question over warm runs, rows of each). A question that fails has no rows, and is told apart by that."""
    times, answers = {}, {}
    for name, request in requests(c).items():
        try:
            answers[name] = rows(name, client.ask(*request))
        except RuntimeError as error:
            print(f"benchmark: {error}", file=sys.stderr)
            times[name], answers[name] = None, []
            continue
        measured = []
        for _ in range(runs):
            begin = time.perf_counter()
            client.ask(*request)
            measured.append((time.perf_counter() - begin) * 1e3)
        times[name] = round(statistics.median(measured), 2)
    return times, answers


def trace_reads(client, trace_ids):
    """Milliseconds of reading each of many traces once more, sorted."""
    for trace_id in trace_ids:
        client.ask("GET", f"/api/v1/traces/{trace_id}")
    measured = []
    for trace_id in trace_ids:
        begin = time.perf_counter()
        client.ask("GET", f"/api/v1/traces/{trace_id}")
        measured.append((time.perf_counter() - begin) * 1e3)
    return sorted(measured)
