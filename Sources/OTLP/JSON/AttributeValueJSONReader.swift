import ByteCoding
import TraceModel

/// OTLP's JSON for attribute values -> `AttributeValue`: lists inside spans, and resources and scopes.
///
///     KeyValue    {"key": "...", "value": AnyValue}
///     AnyValue    one of stringValue boolValue intValue doubleValue arrayValue{values} kvlistValue{values} bytesValue; {} is empty
extension OTLPJSONReader {
    /// Reads an `AnyValue` object. `depth` counts the lists around it.
    mutating func anyValue(depth: Int, maximumDepth: Int) throws(SpanFault) -> AttributeValue {
        var value = AttributeValue.empty
        try beginObject()
        while let key = try nextKey() {
            if matches(key, "stringValue") {
                value = .string(try text())
            } else if matches(key, "intValue") {
                value = .int(try int64())
            } else if matches(key, "boolValue") {
                value = .bool(try bool())
            } else if matches(key, "doubleValue") {
                value = .double(try double())
            } else if matches(key, "bytesValue") {
                value = .bytes(try base64())
            } else if matches(key, "arrayValue") {
                value = try list(.array, depth: depth + 1, maximumDepth: maximumDepth)
            } else if matches(key, "kvlistValue") {
                value = try list(.keyValueList, depth: depth + 1, maximumDepth: maximumDepth)
            } else {
                try skipValue()
            }
        }
        return value
    }

    /// Reads an `ArrayValue` or `KeyValueList` object. `depth` counts this list.
    mutating func list(_ type: AttributeType, depth: Int, maximumDepth: Int) throws(SpanFault) -> AttributeValue {
        if depth > maximumDepth { throw SpanFault(.nestingTooDeep) }
        var elements: [AttributeValue] = []
        var members: [KeyValue] = []
        try beginObject()
        while let key = try nextKey() {
            guard matches(key, "values") else {
                try skipValue()
                continue
            }
            if type == .keyValueList {
                members += try keyValues(depth: depth, maximumDepth: maximumDepth)
                continue
            }
            try beginArray()
            while try nextElement() { elements.append(try anyValue(depth: depth, maximumDepth: maximumDepth)) }
        }
        return type == .array ? .array(elements) : .keyValueList(members)
    }

    /// Reads an array of `KeyValue` objects.
    mutating func keyValues(depth: Int, maximumDepth: Int) throws(SpanFault) -> [KeyValue] {
        var members: [KeyValue] = []
        try beginArray()
        while try nextElement() {
            var member = KeyValue("", .empty)
            try beginObject()
            while let key = try nextKey() {
                if matches(key, "key") {
                    member.key = try text()
                } else if matches(key, "value") {
                    member.value = try anyValue(depth: depth, maximumDepth: maximumDepth)
                } else {
                    try skipValue()
                }
            }
            members.append(member)
        }
        return members
    }

    /// Reads a `Resource` object.
    mutating func resource(maximumDepth: Int) throws(SpanFault) -> DecodedResource {
        var resource = DecodedResource()
        try beginObject()
        while let key = try nextKey() {
            if matches(key, "attributes") {
                resource.attributes += try keyValues(depth: 0, maximumDepth: maximumDepth)
            } else if matches(key, "droppedAttributesCount") {
                resource.droppedAttributesCount = try uint32()
            } else if matches(key, "entityRefs") {
                try beginArray()
                while try nextElement() { resource.entityRefs.append(try entityRef()) }
            } else {
                try skipValue()
            }
        }
        return resource
    }

    private mutating func entityRef() throws(SpanFault) -> DecodedResource.EntityRef {
        var entity = DecodedResource.EntityRef()
        try beginObject()
        while let key = try nextKey() {
            if matches(key, "schemaUrl") {
                entity.schemaURL = try text()
            } else if matches(key, "type") {
                entity.type = try text()
            } else if matches(key, "idKeys") {
                entity.idKeys += try texts()
            } else if matches(key, "descriptionKeys") {
                entity.descriptionKeys += try texts()
            } else {
                try skipValue()
            }
        }
        return entity
    }

    private mutating func texts() throws(SpanFault) -> [String] {
        var texts: [String] = []
        try beginArray()
        while try nextElement() { texts.append(try text()) }
        return texts
    }

    /// Reads an `InstrumentationScope` object.
    mutating func scope(maximumDepth: Int) throws(SpanFault) -> DecodedScope {
        var scope = DecodedScope()
        try beginObject()
        while let key = try nextKey() {
            if matches(key, "name") {
                scope.name = try text()
            } else if matches(key, "version") {
                scope.version = try text()
            } else if matches(key, "attributes") {
                scope.attributes += try keyValues(depth: 0, maximumDepth: maximumDepth)
            } else if matches(key, "droppedAttributesCount") {
                scope.droppedAttributesCount = try uint32()
            } else {
                try skipValue()
            }
        }
        return scope
    }
}
