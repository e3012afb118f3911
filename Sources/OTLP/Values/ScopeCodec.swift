import TraceModel

/// What an `InstrumentationScope` message says.
///
///     InstrumentationScope   1 name  2 version  3* attributes  4 dropped_attributes_count
package struct DecodedScope: Equatable, Sendable {
    package var name = ""
    package var version = ""
    package var attributes: [KeyValue] = []
    package var droppedAttributesCount: UInt32 = 0

    package init(name: String = "", version: String = "", attributes: [KeyValue] = [], droppedAttributesCount: UInt32 = 0) {
        self.name = name
        self.version = version
        self.attributes = attributes
        self.droppedAttributesCount = droppedAttributesCount
    }
}

package enum ScopeDecoder {
    /// Reads an encoded `InstrumentationScope`, as `SpanBatch.Scope.encoded` and `SpanRecord.Scope.encoded` hold it.
    package static func decode(_ encoded: UnsafeRawBufferPointer) throws(OTLPError) -> DecodedScope {
        try AttributeValueDecoder.decoding("InstrumentationScope") { () throws(SpanFault) in
            var scope = DecodedScope()
            var cursor = WireCursor(encoded, shift: 0)
            while cursor.hasMore {
                let tag = try cursor.tag()
                switch tag {
                case 1 << 3 | 2: scope.name = AttributeValueDecoder.text(try cursor.message())
                case 2 << 3 | 2: scope.version = AttributeValueDecoder.text(try cursor.message())
                case 3 << 3 | 2: scope.attributes.append(try AttributeValueDecoder.keyValue(try cursor.message(), depth: 0))
                case 4 << 3 | 0: scope.droppedAttributesCount = UInt32(truncatingIfNeeded: try cursor.varint())
                default: try cursor.skip(tag, known: 1...4)
                }
            }
            return scope
        }
    }

    package static func decode(_ encoded: [UInt8]) throws(OTLPError) -> DecodedScope {
        try encoded.withUnsafeBufferPointer { buffer throws(OTLPError) in try decode(UnsafeRawBufferPointer(buffer)) }
    }
}

package enum ScopeEncoder {
    package static func encode(_ scope: DecodedScope) -> [UInt8] {
        var writer = ProtobufWriter()
        writer.string(1, scope.name)
        writer.string(2, scope.version)
        AttributeValueEncoder.keyValues(scope.attributes, field: 3, to: &writer)
        writer.varint(4, UInt64(scope.droppedAttributesCount))
        return writer.bytes
    }
}
