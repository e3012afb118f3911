"""OTLP JSON written by hand, as small as a test needs it: spans of now, told by name and attributes."""
import secrets, time


def value(of):
    if isinstance(of, bool):
        return {"boolValue": of}
    if isinstance(of, int):
        return {"intValue": str(of)}
    if isinstance(of, list):
        return {"arrayValue": {"values": [value(element) for element in of]}}
    return {"stringValue": of}


def attributes(members):
    return [{"key": key, "value": value(member)} for key, member in members.items()]


def span(name, trace=None, parent=None, at_ms=0, lasts_ms=250, status=None, events=(), **members):
    """A span that began `at_ms` after a moment ago; `members`: attributes, with `__` in place of dots."""
    start = time.time_ns() - 5_000_000_000 + at_ms * 1_000_000
    return {
        "traceId": trace or secrets.token_hex(16), "spanId": secrets.token_hex(8), **({"parentSpanId": parent} if parent else {}), "name": name,
        "startTimeUnixNano": str(start), "endTimeUnixNano": str(start + lasts_ms * 1_000_000),
        "attributes": attributes({key.replace("__", "."): member for key, member in members.items()}),
        **({"status": {"code": 2, "message": status}} if status else {}),
        "events": [{"timeUnixNano": str(start), "name": event, "attributes": attributes(more)} for event, more in events],
    }


def request(*spans, resource=None):
    return {"resourceSpans": [{
        "resource": {"attributes": attributes(resource or {"service.name": "support"})}, "scopeSpans": [{"scope": {"name": "tests"}, "spans": list(spans)}]}]}
