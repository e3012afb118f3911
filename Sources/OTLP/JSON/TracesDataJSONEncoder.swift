import ByteCoding
import TraceModel

/// `SpanRecord`s -> OTLP/JSON `TracesData`, `{"resourceSpans":[...]}`: the form in which traces leave for other tools, and which
/// this room's own decoder takes back without loss.
///
/// Spans are grouped by resource and scope, groups in the order of their first span. Scalars with their type's default are
/// left out; 64-bit integers are strings, enums numbers, ids hex.
package enum TracesDataJSONEncoder {
    package static func encode(_ records: [SpanRecord]) -> [UInt8] {
        var writer = JSONWriter(reserving: records.count * 1024)
        writer.beginObject()
        writer.key("resourceSpans")
        writer.beginArray()
        for resourceGroup in groups(of: records.indices, by: { records[$0].resource }) {
            write(resourceSpans: resourceGroup, of: records, to: &writer)
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    /// Indices with equal keys together, each group in its order.
    private static func groups<Key: Hashable>(of indices: some Sequence<Int>, by key: (Int) -> Key) -> [(key: Key, indices: [Int])] {
        var groups: [(key: Key, indices: [Int])] = []
        var groupByKey: [Key: Int] = [:]
        for index in indices {
            let key = key(index)
            // Neighbours mostly share their key: comparing with the last group spares hashing a whole resource per span.
            if let last = groups.indices.last, groups[last].key == key {
                groups[last].indices.append(index)
            } else if let group = groupByKey[key] {
                groups[group].indices.append(index)
            } else {
                groupByKey[key] = groups.count
                groups.append((key, [index]))
            }
        }
        return groups
    }

    private static func write(
        resourceSpans group: (key: SpanRecord.Resource, indices: [Int]), of records: [SpanRecord], to writer: inout JSONWriter
    ) {
        writer.beginObject()
        if let encoded = group.key.encoded {
            writer.key("resource")
            write(resource: encoded, to: &writer)
        }
        writer.key("scopeSpans")
        writer.beginArray()
        for scopeGroup in groups(of: group.indices, by: { records[$0].scope }) {
            writer.beginObject()
            if let encoded = scopeGroup.key.encoded {
                writer.key("scope")
                write(scope: encoded, to: &writer)
            }
            writer.key("spans")
            writer.beginArray()
            for index in scopeGroup.indices { write(records[index], to: &writer) }
            writer.endArray()
            if !scopeGroup.key.schemaURL.isEmpty { writer.member("schemaUrl", scopeGroup.key.schemaURL) }
            writer.endObject()
        }
        writer.endArray()
        if !group.key.schemaURL.isEmpty { writer.member("schemaUrl", group.key.schemaURL) }
        writer.endObject()
    }

    /// A resource that cannot be read, which a decoder never lets through, is written without content: its spans are worth more.
    private static func write(resource encoded: [UInt8], to writer: inout JSONWriter) {
        let resource = (try? ResourceDecoder.decode(encoded)) ?? DecodedResource()
        writer.beginObject()
        write(attributes: resource.attributes, resource.droppedAttributesCount, to: &writer)
        if !resource.entityRefs.isEmpty {
            writer.key("entityRefs")
            writer.beginArray()
            for entity in resource.entityRefs {
                writer.beginObject()
                write("schemaUrl", entity.schemaURL, to: &writer)
                write("type", entity.type, to: &writer)
                write("idKeys", entity.idKeys, to: &writer)
                write("descriptionKeys", entity.descriptionKeys, to: &writer)
                writer.endObject()
            }
            writer.endArray()
        }
        writer.endObject()
    }

    private static func write(scope encoded: [UInt8], to writer: inout JSONWriter) {
        let scope = (try? ScopeDecoder.decode(encoded)) ?? DecodedScope()
        writer.beginObject()
        write("name", scope.name, to: &writer)
        write("version", scope.version, to: &writer)
        write(attributes: scope.attributes, scope.droppedAttributesCount, to: &writer)
        writer.endObject()
    }

    private static func write(_ span: SpanRecord, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("traceId", span.traceID.hex)
        writer.member("spanId", span.spanID.hex)
        write("traceState", span.traceState, to: &writer)
        if !span.parentSpanID.isZero { writer.member("parentSpanId", span.parentSpanID.hex) }
        writer.member("name", span.name)
        write("kind", span.kind, to: &writer)
        write(time: "startTimeUnixNano", span.startTimeUnixNano, to: &writer)
        write(time: "endTimeUnixNano", span.endTimeUnixNano, to: &writer)
        write(attributes: span.attributes, span.droppedAttributesCount, to: &writer)
        if !span.events.isEmpty {
            writer.key("events")
            writer.beginArray()
            for event in span.events {
                writer.beginObject()
                write(time: "timeUnixNano", event.timeUnixNano, to: &writer)
                writer.member("name", event.name)
                write(attributes: event.attributes, event.droppedAttributesCount, to: &writer)
                writer.endObject()
            }
            writer.endArray()
        }
        write("droppedEventsCount", span.droppedEventsCount, to: &writer)
        if !span.links.isEmpty {
            writer.key("links")
            writer.beginArray()
            for link in span.links {
                writer.beginObject()
                writer.member("traceId", link.traceID.hex)
                writer.member("spanId", link.spanID.hex)
                write("traceState", link.traceState, to: &writer)
                write(attributes: link.attributes, link.droppedAttributesCount, to: &writer)
                write("flags", link.flags, to: &writer)
                writer.endObject()
            }
            writer.endArray()
        }
        write("droppedLinksCount", span.droppedLinksCount, to: &writer)
        if let status = span.status {
            writer.key("status")
            writer.beginObject()
            write("message", status.message, to: &writer)
            write("code", status.code, to: &writer)
            writer.endObject()
        }
        write("flags", span.flags, to: &writer)
        writer.endObject()
    }

    // MARK: Members that are left out at their default

    private static func write(attributes: [KeyValue], _ droppedAttributesCount: UInt32, to writer: inout JSONWriter) {
        if !attributes.isEmpty {
            writer.key("attributes")
            AttributeValueJSON.writeOTLP(attributes, to: &writer)
        }
        write("droppedAttributesCount", droppedAttributesCount, to: &writer)
    }

    private static func write(_ name: String, _ text: String, to writer: inout JSONWriter) {
        if !text.isEmpty { writer.member(name, text) }
    }

    private static func write(_ name: String, _ value: UInt32, to writer: inout JSONWriter) {
        if value != 0 { writer.member(name, Int(value)) }
    }

    private static func write(_ name: String, _ value: Int32, to writer: inout JSONWriter) {
        if value != 0 { writer.member(name, Int(value)) }
    }

    private static func write(_ name: String, _ texts: [String], to writer: inout JSONWriter) {
        if texts.isEmpty { return }
        writer.key(name)
        writer.beginArray()
        for text in texts { writer.string(text) }
        writer.endArray()
    }

    /// Times are written even when zero: readers that compute with them expect them.
    private static func write(time name: String, _ unixNano: UInt64, to writer: inout JSONWriter) {
        writer.key(name)
        writer.quotedInteger(unixNano)
    }
}
