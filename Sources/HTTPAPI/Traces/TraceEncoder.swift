/// A whole trace as JSON, in tree order. Resources and scopes stand once, spans name them by index: a trace of 100,000 spans
/// has few of either. `?format=otlp` is the form that keeps everything; this one is made to be read.

import ByteCoding
import OTLP
import TraceModel
import TraceQuery

struct TraceEncoder {
    private let trace: Trace
    private var writer = JSONWriter()
    private var resourceIndexes: [SpanRecord.Resource: Int] = [:]
    private var resources: [SpanRecord.Resource] = []
    private var scopeIndexes: [SpanRecord.Scope: Int] = [:]
    private var scopes: [SpanRecord.Scope] = []
    private var services: [String?] = []

    static func encode(_ trace: Trace) throws(OTLPError) -> [UInt8] {
        var encoder = TraceEncoder(trace)
        try encoder.write()
        return encoder.writer.bytes
    }

    private init(_ trace: Trace) {
        self.trace = trace
        writer.bytes.reserveCapacity(trace.spans.count * 1024)
    }

    private mutating func write() throws(OTLPError) {
        let spans = trace.spans
        let start = spans.map(\.startTimeUnixNano).min() ?? 0, end = spans.map(\.endTimeUnixNano).max() ?? 0
        writer.beginObject()
        writer.member("trace_id", trace.traceID.hex)
        writer.member("span_count", spans.count)
        writer.member("error_count", spans.count { $0.status?.code == 2 })
        writer.member("start_time", unixNano: Int64(clamping: start))
        writer.member("end_time", unixNano: Int64(clamping: end))
        writer.member("duration_ms", Double(max(end, start) - start) / 1e6)
        writer.key("spans")
        writer.beginArray()
        for (index, span) in spans.enumerated() { try write(span, depth: trace.depths[index]) }
        writer.endArray()
        try writeResources()
        try writeScopes()
        writer.endObject()
    }

    private mutating func write(_ span: SpanRecord, depth: Int32) throws(OTLPError) {
        let resource = try index(of: span.resource), scope = index(of: span.scope)
        writer.beginObject()
        writer.member("span_id", span.spanID.hex)
        writer.member("parent_span_id", span.parentSpanID.isZero ? nil : span.parentSpanID.hex)
        writer.member("depth", depth)
        writer.spanMembers(span, service: services[resource])
        writer.llmMembers(span.llm)
        write(span.attributes, count: span.droppedAttributesCount)
        writer.key("events")
        writer.beginArray()
        for event in span.events {
            writer.beginObject()
            writer.member("name", event.name)
            writer.member("time", unixNano: Int64(clamping: event.timeUnixNano))
            write(event.attributes, count: event.droppedAttributesCount)
            writer.endObject()
        }
        writer.endArray()
        writer.member("dropped_events_count", span.droppedEventsCount)
        writer.key("links")
        writer.beginArray()
        for link in span.links {
            writer.beginObject()
            writer.member("trace_id", link.traceID.hex)
            writer.member("span_id", link.spanID.hex)
            writer.member("trace_state", link.traceState.isEmpty ? nil : link.traceState)
            writer.member("flags", link.flags)
            write(link.attributes, count: link.droppedAttributesCount)
            writer.endObject()
        }
        writer.endArray()
        writer.member("dropped_links_count", span.droppedLinksCount)
        writer.member("resource_index", resource)
        writer.member("scope_index", scope)
        writer.endObject()
    }

    /// Attributes as one object; of a key that occurs twice, every value.
    private mutating func write(_ attributes: [KeyValue], count dropped: UInt32) {
        writer.key("attributes")
        writer.beginObject()
        for attribute in attributes {
            writer.key(attribute.key)
            writer.attribute(attribute.value)
        }
        writer.endObject()
        writer.member("dropped_attributes_count", dropped)
    }

    // MARK: Shared parts

    private mutating func index(of resource: SpanRecord.Resource) throws(OTLPError) -> Int {
        if let index = resourceIndexes[resource] { return index }
        let service = try resource.encoded.map { bytes throws(OTLPError) in try ResourceDecoder.decode(bytes) }?
            .attributes.first { $0.key == "service.name" }
        resourceIndexes[resource] = resources.count
        resources.append(resource)
        if case .string(let name)? = service?.value { services.append(name) } else { services.append(nil) }
        return resources.count - 1
    }

    private mutating func index(of scope: SpanRecord.Scope) -> Int {
        if let index = scopeIndexes[scope] { return index }
        scopeIndexes[scope] = scopes.count
        scopes.append(scope)
        return scopes.count - 1
    }

    private mutating func writeResources() throws(OTLPError) {
        writer.key("resources")
        writer.beginArray()
        for resource in resources {
            let decoded = try resource.encoded.map { bytes throws(OTLPError) in try ResourceDecoder.decode(bytes) } ?? DecodedResource()
            writer.beginObject()
            write(decoded.attributes, count: decoded.droppedAttributesCount)
            writer.member("schema_url", resource.schemaURL.isEmpty ? nil : resource.schemaURL)
            writer.endObject()
        }
        writer.endArray()
    }

    private mutating func writeScopes() throws(OTLPError) {
        writer.key("scopes")
        writer.beginArray()
        for scope in scopes {
            let decoded = try scope.encoded.map { bytes throws(OTLPError) in try ScopeDecoder.decode(bytes) } ?? DecodedScope()
            writer.beginObject()
            writer.member("name", decoded.name)
            writer.member("version", decoded.version.isEmpty ? nil : decoded.version)
            write(decoded.attributes, count: decoded.droppedAttributesCount)
            writer.member("schema_url", scope.schemaURL.isEmpty ? nil : scope.schemaURL)
            writer.endObject()
        }
        writer.endArray()
    }
}

/// OTLP's enumerations as the words the query API uses; numbers of newer versions as such.
enum SpanWords {
    static func kind(_ number: Int32) -> String {
        switch number {
        case 0: "unspecified"
        case 1: "internal"
        case 2: "server"
        case 3: "client"
        case 4: "producer"
        case 5: "consumer"
        default: String(number)
        }
    }

    static func status(_ number: Int32) -> String {
        switch number {
        case 0: "unset"
        case 1: "ok"
        case 2: "error"
        default: String(number)
        }
    }
}
