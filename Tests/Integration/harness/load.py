"""Load with a memory: threads that post distinct traces from a seed and know of each what the server said."""
import http.client, random, threading
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

WORDS = ["order", "refund", "ticket", "shipment", "invoice", "customer", "agent", "prompt"]


class Request:
    """One trace in one request, made from (seed, number) alone."""

    def __init__(self, seed, number):
        dice = random.Random(f"{seed}/{number}")
        message = ExportTraceServiceRequest()
        resource_spans = message.resource_spans.add()
        attribute = resource_spans.resource.attributes.add(key="service.name")
        attribute.value.string_value = dice.choice(WORDS)
        spans = resource_spans.scope_spans.add().spans
        self.trace_id = dice.getrandbits(128).to_bytes(16, "big").hex()
        root = None
        for _ in range(dice.randint(1, 40)):
            start = 1_700_000_000_000_000_000 + dice.randrange(10**15)
            span = spans.add(trace_id=bytes.fromhex(self.trace_id), span_id=dice.getrandbits(64).to_bytes(8, "big"), name=dice.choice(WORDS),
                             kind=Span.SPAN_KIND_INTERNAL, start_time_unix_nano=start, end_time_unix_nano=start + dice.randrange(10**9))
            if root:
                span.parent_span_id = root
            root = root or span.span_id
            span.attributes.add(key="n").value.int_value = number
            # Some values are long enough to leave their row.
            span.attributes.add(key="text").value.string_value = " ".join(dice.choices(WORDS, k=dice.choice([1, 5, 400])))
        self.number = number
        self.span_ids = sorted(span.span_id.hex() for span in spans)
        self.body = message.SerializeToString()


class Load:
    """Posts requests `first`, `first + 1`, ... from several threads until the connection breaks or it is told to end."""

    def __init__(self, server, seed, first, thread_count=4):
        self.server, self.seed = server, seed
        self.key = server.key
        self.next, self.lock = first, threading.Lock()
        self.acknowledged, self.unanswered, self.refused = [], [], []
        self.progress = threading.Condition(self.lock)
        self.ending = False
        self.threads = [threading.Thread(target=self._post, daemon=True) for _ in range(thread_count)]
        for thread in self.threads:
            thread.start()

    def _post(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        while True:
            with self.lock:
                if self.ending:
                    break
                number, self.next = self.next, self.next + 1
            request = Request(self.seed, number)
            try:
                status = post(connection, self.key, request.body)
            except (OSError, http.client.HTTPException):
                with self.progress:
                    self.unanswered.append(request)
                    self.progress.notify_all()
                break
            with self.progress:
                (self.acknowledged if status == 200 else self.refused).append(request)
                self.progress.notify_all()
        connection.close()

    def wait_for(self, count, seconds=60):
        """Until so many requests were acknowledged, or every thread has lost its connection."""
        with self.progress:
            done = self.progress.wait_for(lambda: len(self.acknowledged) >= count or len(self.unanswered) == len(self.threads), seconds)
        assert done, f"{len(self.acknowledged)} of {count} requests acknowledged in {seconds} s"

    def end(self):
        with self.lock:
            self.ending = True
        for thread in self.threads:
            thread.join()


def post(connection, key, body):
    connection.request("POST", "/v1/traces", body, {"Content-Type": "application/x-protobuf", "Authorization": f"Bearer {key}"})
    response = connection.getresponse()
    response.read()
    return response.status


def spans_of(api, request):
    """The span ids stored for a request's trace, in order, twins and all; None when the trace is unknown."""
    document = api.trace(request.trace_id)
    if document is None:
        return None
    return sorted(span["spanId"] for r in document["resourceSpans"] for s in r["scopeSpans"] for span in s["spans"])


def check(api, acknowledged, unanswered):
    """Every acknowledged request is whole; an unanswered one is whole or absent. Answers the number of spans there are."""
    count = 0
    for request in acknowledged:
        assert spans_of(api, request) == request.span_ids, f"request {request.number} was acknowledged and is not whole"
        count += len(request.span_ids)
    for request in unanswered:
        spans = spans_of(api, request)
        assert spans is None or spans == request.span_ids, f"request {request.number} is there in part"
        count += len(spans or [])
    return count


def send_again(server, requests):
    """What an exporter does with requests it had no answer to."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    for request in requests:
        assert post(connection, server.key, request.body) == 200
    connection.close()
