"""Uses everything the OpenTelemetry API lets an application say about a span."""
import random
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode, TraceFlags, TraceState, set_span_in_context
import instrumented

VALUES = {
    "string": "text", "string.empty": "", "string.unicode": "naïve 漢字 🙂 \u0000 \u2028 \" \\ </script>", "string.lines": "a\nb\r\n\tc",
    "string.long": "0123456789abcdef" * 4096, "bool.true": True, "bool.false": False, "int": 42, "int.zero": 0, "int.negative": -1,
    "int.largest": 2**63 - 1, "int.smallest": -(2**63), "double": 0.1, "double.whole": 3.0, "double.negative.zero": -0.0, "double.tiny": 5e-324,
    "double.huge": 1.7976931348623157e308, "double.infinite": float("inf"), "double.minus.infinite": float("-inf"), "double.nan": float("nan"),
    "bytes": bytes(range(256)), "bytes.empty": b"", "empty": None, "strings": ["a", "", "c"], "bools": [True, False], "ints": [1, -2, 2**53 + 1],
    "doubles": [0.5, 1e300], "array.empty": [], "array.mixed": ["a", 1, 2.5, True, None, b"\x00\xff", ["deeper", [["still"]]], {"k": 1}],
    "map": {"a": 1, "b": {"c": [1, {"d": "e"}], "f": None}, "g": b"\x01"}, "map.empty": {}, "Mixed.Case": "Upper", "mixed.case": "lower",
    "key with spaces": 1, "schlüssel": "ß", "http.route": "/orders/{id}", "http.response.status_code": 200, "url.path": "/orders/7",
}


def main():
    processors = instrumented.set_up(**{"service.name": "every-field", "service.version": "1.2.3", "answer": 42, "nested": {"list": [1, 2.5, "x"]}})
    tracer = trace.get_tracer("every.field", "9.9", schema_url="https://opentelemetry.io/schemas/1.40.0", attributes={"scope.attribute": "kept", "n": 7})
    remote = SpanContext(random.getrandbits(128), random.getrandbits(64), True, TraceFlags(1), TraceState([("vendor", "1"), ("other", "x:y")]))

    with tracer.start_as_current_span("root", kind=SpanKind.SERVER, attributes=VALUES) as root:
        root.add_event("plain")
        root.add_event("with attributes", VALUES, timestamp=1_700_000_000_000_000_001)
        root.record_exception(ValueError("what went wrong"))
        root.set_status(Status(StatusCode.ERROR, "it failed: ünïcode"))
        for kind in SpanKind:
            with tracer.start_as_current_span(f"kind {kind.name}", kind=kind) as span:
                span.set_status(Status(StatusCode.OK))
        links = [Link(remote, VALUES), Link(root.get_span_context(), {})]
        with tracer.start_as_current_span("links", links=links):
            with tracer.start_as_current_span(""):
                pass
    # A parent in another process, with trace state and flags.
    with tracer.start_as_current_span("remote parent", context=set_span_in_context(trace.NonRecordingSpan(remote))):
        with trace.get_tracer("another.scope").start_as_current_span("child in another scope"):
            pass
    # Times an application may set itself: years ago, and end before start.
    tracer.start_span("old", start_time=1_000_000_001).end(2_000_000_002)
    tracer.start_span("backwards", start_time=1_700_000_000_000_000_000).end(1_699_999_999_000_000_000)
    # A resource and scope without names.
    bare = TracerProvider(resource=Resource({}))
    for processor in processors:
        bare.add_span_processor(processor)
    bare.get_tracer("").start_span("nameless").end()
    instrumented.tear_down()


if __name__ == "__main__":
    main()
