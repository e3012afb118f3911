import TraceModel

/// What a `Resource` message says.
///
///     Resource    1* attributes  2 dropped_attributes_count  3* entity_refs
///     EntityRef   1 schema_url  2 type  3* id_keys  4* description_keys
package struct DecodedResource: Equatable, Sendable {
    package var attributes: [KeyValue] = []
    package var droppedAttributesCount: UInt32 = 0
    package var entityRefs: [EntityRef] = []

    package init(attributes: [KeyValue] = [], droppedAttributesCount: UInt32 = 0, entityRefs: [EntityRef] = []) {
        self.attributes = attributes
        self.droppedAttributesCount = droppedAttributesCount
        self.entityRefs = entityRefs
    }

    /// Which attributes identify and describe one entity of the resource.
    package struct EntityRef: Equatable, Sendable {
        package var schemaURL = ""
        package var type = ""
        package var idKeys: [String] = []
        package var descriptionKeys: [String] = []

        package init(schemaURL: String = "", type: String = "", idKeys: [String] = [], descriptionKeys: [String] = []) {
            self.schemaURL = schemaURL
            self.type = type
            self.idKeys = idKeys
            self.descriptionKeys = descriptionKeys
        }
    }
}

package enum ResourceDecoder {
    /// Reads an encoded `Resource`, as `SpanBatch.Resource.encoded` and `SpanRecord.Resource.encoded` hold it.
    package static func decode(_ encoded: UnsafeRawBufferPointer) throws(OTLPError) -> DecodedResource {
        try AttributeValueDecoder.decoding("Resource") { () throws(SpanFault) in
            var resource = DecodedResource()
            var cursor = WireCursor(encoded, shift: 0)
            while cursor.hasMore {
                let tag = try cursor.tag()
                switch tag {
                case 1 << 3 | 2: resource.attributes.append(try AttributeValueDecoder.keyValue(try cursor.message(), depth: 0))
                case 2 << 3 | 0: resource.droppedAttributesCount = UInt32(truncatingIfNeeded: try cursor.varint())
                case 3 << 3 | 2: resource.entityRefs.append(try entityRef(try cursor.message()))
                default: try cursor.skip(tag, known: 1...3)
                }
            }
            return resource
        }
    }

    package static func decode(_ encoded: [UInt8]) throws(OTLPError) -> DecodedResource {
        try encoded.withUnsafeBufferPointer { buffer throws(OTLPError) in try decode(UnsafeRawBufferPointer(buffer)) }
    }

    private static func entityRef(_ message: WireCursor) throws(SpanFault) -> DecodedResource.EntityRef {
        var cursor = message
        var entity = DecodedResource.EntityRef()
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 1 << 3 | 2: entity.schemaURL = AttributeValueDecoder.text(try cursor.message())
            case 2 << 3 | 2: entity.type = AttributeValueDecoder.text(try cursor.message())
            case 3 << 3 | 2: entity.idKeys.append(AttributeValueDecoder.text(try cursor.message()))
            case 4 << 3 | 2: entity.descriptionKeys.append(AttributeValueDecoder.text(try cursor.message()))
            default: try cursor.skip(tag, known: 1...4)
            }
        }
        return entity
    }
}

package enum ResourceEncoder {
    package static func encode(_ resource: DecodedResource) -> [UInt8] {
        var writer = ProtobufWriter()
        AttributeValueEncoder.keyValues(resource.attributes, field: 1, to: &writer)
        writer.varint(2, UInt64(resource.droppedAttributesCount))
        for entity in resource.entityRefs {
            writer.message(3) { writer in
                writer.string(1, entity.schemaURL)
                writer.string(2, entity.type)
                for key in entity.idKeys { writer.message(3) { $0.append(key) } }
                for key in entity.descriptionKeys { writer.message(4) { $0.append(key) } }
            }
        }
        return writer.bytes
    }
}
