"""Requests that use every field OTLP has, deterministic from a number: what no SDK sends but any client may."""
import json, struct
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

START = 1_780_000_000_123_456_789


def put_values(attributes, long_text):
    """One attribute of every type, with the values that are easily lost on the way."""
    def add(key):
        return attributes.add(key=key).value
    add("string").string_value = "naïve 漢字 🙂 \u0000 \u2028 \" \\ \x1f </script>"
    add("string.empty").string_value = ""
    add("string.long").string_value = long_text
    add("bool").bool_value = False
    add("int").int_value = -(2**63)
    add("int.large").int_value = 2**63 - 1
    add("int.zero").int_value = 0
    add("double").double_value = -0.0
    add("double.tiny").double_value = 5e-324
    add("double.infinite").double_value = float("-inf")
    add("double.nan").double_value = float("nan")
    add("bytes").bytes_value = bytes(range(256)) * 8
    add("bytes.empty").bytes_value = b""
    add("empty").SetInParent()
    array = add("array").array_value.values
    array.add().string_value = "text"
    array.add().int_value = 2**53 + 1
    array.add()
    array.add().array_value.values.add().bytes_value = b"\xff"
    array.add().kvlist_value.values.add(key="k").value.double_value = 1.5
    add("array.empty").array_value.SetInParent()
    members = add("map").kvlist_value.values
    members.add(key="z").value.string_value = "first"
    members.add(key="a").value.kvlist_value.values.add(key="").value.bool_value = True
    members.add(key="none")
    add("map.empty").kvlist_value.SetInParent()
    # OTLP does not forbid a key that comes twice.
    add("twice").string_value = "one"
    add("twice").int_value = 2
    add("").string_value = "a key without a name"
    add("Upper.Case").string_value = "upper"
    add("upper.case").string_value = "lower"
    # A promoted key with a value of another type than usual.
    add("http.response.status_code").string_value = "two hundred"
    add("gen_ai.input.messages").kvlist_value.values.add(key="role").value.string_value = "user " * 400


def conversation(number, calls=range(8)):
    """Calls of an agent, each with the whole history so far: one trace, in which the same text comes again and again."""
    trace_id = (0xC0117 << 108 | number << 32 | 1).to_bytes(16, "big")
    message = ExportTraceServiceRequest()
    spans = message.resource_spans.add().scope_spans.add().spans
    history = [{"role": "system", "parts": [{"type": "text", "content": "You are \"helpful\" and kind.\n" * 60}]}]
    for call in range(calls.stop):
        history.append({"role": "user" if call % 2 else "tool", "parts": [{"type": "text", "content": f"größer, [{number}] {{{call}}} \\ 日本語 " * (2 + 20 * (call % 3))}]})
        if call not in calls:
            continue
        span = spans.add(trace_id=trace_id, span_id=span_id(number, 100 + call), name="chat", start_time_unix_nano=START + call, end_time_unix_nano=START + call + 9)
        text = json.dumps(history, ensure_ascii=bool(number % 2))
        # Now and then as a sender with a limit cuts it, in the middle of anything.
        span.attributes.add(key="gen_ai.input.messages").value.string_value = text[:len(text) * 2 // 3] if call % 4 == 3 else text
        span.attributes.add(key="gen_ai.system_instructions").value.string_value = "".join(f"Rule {rule}: be kind.\n" for rule in range(150 + call))
    return message


def every_field(number):
    """Two resources, three scopes, seven spans of one trace."""
    trace_id = (0xEEF << 116 | number << 32 | 7).to_bytes(16, "big")
    message = ExportTraceServiceRequest()
    full = message.resource_spans.add(schema_url="https://opentelemetry.io/schemas/1.41.0")
    put_values(full.resource.attributes, "resource " * 300)
    full.resource.attributes.add(key="service.name").value.string_value = "every-field"
    full.resource.dropped_attributes_count = 3
    full.resource.entity_refs.add(schema_url="s", type="service", id_keys=["service.name"], description_keys=["string", "int"])
    scope_spans = full.scope_spans.add(schema_url="https://example.com/scope")
    scope_spans.scope.name, scope_spans.scope.version, scope_spans.scope.dropped_attributes_count = "scope", "1.0", 4
    put_values(scope_spans.scope.attributes, "scope " * 300)

    root = scope_spans.spans.add(
        trace_id=trace_id, span_id=span_id(number, 1), name="root " + "n" * 2000, kind=2, trace_state="vendor=1,other=x:y", flags=0x301, start_time_unix_nano=START,
        end_time_unix_nano=START + 5, dropped_attributes_count=1, dropped_events_count=2, dropped_links_count=2**32 - 1)
    put_values(root.attributes, "prompt " * 1000)
    root.status.code, root.status.message = 2, "a long message " * 200
    for place in range(3):
        event = root.events.add(time_unix_nano=START + place, name=["", "event", "e" * 3000][place], dropped_attributes_count=place)
        if place:
            put_values(event.attributes, "event " * 1000)
    link = root.links.add(trace_id=bytes(range(16)), span_id=bytes(range(8)), trace_state="a=b", dropped_attributes_count=9, flags=0x101)
    put_values(link.attributes, "link " * 1000)
    root.links.add(trace_id=trace_id, span_id=span_id(number, 2))

    plain = scope_spans.spans.add(trace_id=trace_id, span_id=span_id(number, 2), parent_span_id=span_id(number, 1))
    assert not plain.HasField("status")
    unset = scope_spans.spans.add(trace_id=trace_id, span_id=span_id(number, 3), parent_span_id=span_id(number, 1), name="status set to nothing")
    unset.status.SetInParent()
    # A scope without a name, spans without a resource, a parent that never arrives, a kind and a status OTLP does not know.
    full.scope_spans.add().spans.add(trace_id=trace_id, span_id=span_id(number, 4), parent_span_id=b"\xff" * 8, name="orphan", start_time_unix_nano=START + 9)
    bare = message.resource_spans.add().scope_spans.add()
    bare.spans.add(trace_id=trace_id, span_id=span_id(number, 5), name="bare", kind=77, end_time_unix_nano=1).status.code = 88
    # The same key with different types on the spans of one trace.
    for place, value in enumerate((1, 2.5)):
        span = bare.spans.add(trace_id=trace_id, span_id=span_id(number, 6 + place), name="types", start_time_unix_nano=START, end_time_unix_nano=START)
        attribute = span.attributes.add(key="mixed.types").value
        if isinstance(value, int):
            attribute.int_value = value
        else:
            attribute.double_value = value
    return message


def span_id(number, place):
    return struct.pack(">II", number + 1, place)
