import TraceModel

/// An export request of spans as they were received, under the owner they were received with: the way back into the decoder.
package enum OwnedSpansEncoder {
    /// An `ExportTraceServiceRequest` in protobuf of `Span` messages.
    ///
    /// - Parameter identity: tells it apart from a request that says the same; decoders pass over it.
    package static func protobuf(_ spans: [[UInt8]], of owner: SpanOwner, identity: [UInt8] = []) -> [UInt8] {
        var writer = ProtobufWriter()
        let resourceSpans = writer.begin(1)
        if let resource = owner.resource { writer.content(1, resource) }
        let scopeSpans = writer.begin(2)
        if let scope = owner.scope { writer.content(1, scope) }
        for span in spans { writer.content(2, span) }
        if let url = owner.scopeSchemaURL { writer.content(3, url) }
        writer.end(scopeSpans)
        if let url = owner.resourceSchemaURL { writer.content(3, url) }
        writer.end(resourceSpans)
        if !identity.isEmpty { writer.content(RequestIdentity.field, identity) }
        return writer.bytes
    }

    /// The same in JSON, of the spans' objects.
    package static func json(_ spans: [[UInt8]], of owner: SpanOwner, identity: [UInt8] = []) -> [UInt8] {
        var text: [UInt8] = []
        text.append(contentsOf: #"{"resourceSpans":[{"#.utf8)
        func member(_ name: String, _ value: [UInt8]?) {
            guard let value else { return }
            text.append(contentsOf: "\"\(name)\":".utf8)
            text.append(contentsOf: value)
            text.append(UInt8(ascii: ","))
        }
        member("resource", owner.resource)
        member("schemaUrl", owner.resourceSchemaURL)
        text.append(contentsOf: #""scopeSpans":[{"#.utf8)
        member("scope", owner.scope)
        member("schemaUrl", owner.scopeSchemaURL)
        text.append(contentsOf: #""spans":["#.utf8)
        for (number, span) in spans.enumerated() {
            if number > 0 { text.append(UInt8(ascii: ",")) }
            text.append(contentsOf: span)
        }
        text.append(contentsOf: "]}]}]".utf8)
        if !identity.isEmpty { text.append(contentsOf: ",\"identity\":\(identity)".utf8) }
        text.append(UInt8(ascii: "}"))
        return text
    }
}
