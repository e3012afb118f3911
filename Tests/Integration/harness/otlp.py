"""OTLP messages: to and from OTLP JSON, flattened to one record per span, compared up to the order of attributes.

The reference is `opentelemetry-proto`, code the server shares nothing with. OTLP JSON differs from protobuf's own JSON in its
ids (hex, not base64) and its enumerations (numbers).
"""
import base64, json
from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest, ExportTraceServiceResponse
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData

ID_KEYS = {"traceId", "spanId", "parentSpanId"}


def _with_ids(value, convert):
    if isinstance(value, dict):
        return {key: convert(element) if key in ID_KEYS and isinstance(element, str) else _with_ids(element, convert) for key, element in value.items()}
    if isinstance(value, list):
        return [_with_ids(element, convert) for element in value]
    return value


def to_json(message):
    """A request as an OTLP JSON object."""
    return _with_ids(json_format.MessageToDict(message, use_integers_for_enums=True), lambda text: base64.b64decode(text).hex())


def from_json(document):
    """`{"resourceSpans": [...]}` as TracesData. Fails on fields OTLP does not have."""
    converted = _with_ids(document, lambda text: base64.b64encode(bytes.fromhex(text)).decode())
    return json_format.ParseDict(converted, TracesData(), max_recursion_depth=1000)


def ordered(attributes):
    """Attributes as a list in an order of its own: by key, then by value. What lies inside a value keeps its order."""
    return sorted((kv.key, value_bytes(kv.value)) for kv in attributes)


def value_bytes(value):
    """A value to compare by: OTLP makes no difference between a member without a value and one with an empty value."""
    copy = AnyValue()
    copy.CopyFrom(value)
    _present(copy)
    return copy.SerializeToString(deterministic=True)


def _present(value):
    for element in value.array_value.values if value.HasField("array_value") else ():
        _present(element)
    for member in value.kvlist_value.values if value.HasField("kvlist_value") else ():
        member.value.SetInParent()
        _present(member.value)


def event_record(event):
    return {"time": event.time_unix_nano, "name": event.name, "attributes": ordered(event.attributes), "dropped": event.dropped_attributes_count}


def link_record(link):
    return {"trace": link.trace_id.hex(), "span": link.span_id.hex(), "state": link.trace_state, "attributes": ordered(link.attributes),
            "dropped": link.dropped_attributes_count, "flags": link.flags}


def span_record(resource_spans, scope_spans, span):
    """Every field of a span and of what it lies in."""
    resource, scope = resource_spans.resource, scope_spans.scope
    return {
        "resource_attributes": ordered(resource.attributes), "resource_dropped": resource.dropped_attributes_count,
        "entity_refs": [ref.SerializeToString(deterministic=True) for ref in resource.entity_refs], "resource_schema": resource_spans.schema_url,
        "scope": (scope.name, scope.version, scope.dropped_attributes_count), "scope_attributes": ordered(scope.attributes),
        "scope_schema": scope_spans.schema_url,
        "trace": span.trace_id.hex(), "span": span.span_id.hex(), "state": span.trace_state, "parent": span.parent_span_id.hex(),
        "name": span.name, "kind": span.kind, "start": span.start_time_unix_nano, "end": span.end_time_unix_nano,
        "attributes": ordered(span.attributes), "dropped_attributes": span.dropped_attributes_count,
        "events": [event_record(event) for event in span.events], "dropped_events": span.dropped_events_count,
        "links": [link_record(link) for link in span.links], "dropped_links": span.dropped_links_count,
        "status": (span.HasField("status"), span.status.code, span.status.message), "flags": span.flags,
    }


def records(message):
    """span id -> record, for a request or TracesData. A span id that comes twice is an error of the test or of the server."""
    found = {}
    for resource_spans in message.resource_spans:
        for scope_spans in resource_spans.scope_spans:
            for span in scope_spans.spans:
                key = (span.trace_id.hex(), span.span_id.hex())
                assert key not in found, f"span {key} twice"
                found[key] = span_record(resource_spans, scope_spans, span)
    return found


def differences(sent, got):
    """What differs between two sets of records, field by field, as sentences."""
    found = [f"span {key} is missing" for key in sent.keys() - got.keys()] + [f"span {key} was never sent" for key in got.keys() - sent.keys()]
    for key in sent.keys() & got.keys():
        for field, value in sent[key].items():
            if got[key][field] != value:
                found.append(f"span {key}: {field} was {value!r:.600}, is {got[key][field]!r:.600}")
    return found


def trace_ids(message):
    return {span.trace_id.hex() for r in message.resource_spans for s in r.scope_spans for span in s.spans}


def reply(response):
    """The reply to an export in either encoding, as ExportTraceServiceResponse."""
    content_type = response.headers.get("Content-Type", "")
    if content_type.startswith("application/json"):
        return json_format.ParseDict(json.loads(response.text), ExportTraceServiceResponse())
    assert content_type.startswith("application/x-protobuf"), f"{response.status_code} {content_type}: {response.text}"
    return ExportTraceServiceResponse.FromString(response.content)
