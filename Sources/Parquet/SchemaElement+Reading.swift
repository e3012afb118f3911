/// SchemaElements of a footer back to the tree.
extension SchemaElement {
    init(from reader: inout ThriftCompactReader) throws(ParquetError) {
        var thriftType: Int32?
        var typeLength: Int32?
        var name: String?
        var convertedType: Int32?
        var element = SchemaElement(name: "")
        try reader.structure { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1: thriftType = try reader.i32(field)
            case 2: typeLength = try reader.i32(field)
            case 3:
                guard let repetition = Repetition(rawValue: try reader.i32(field)) else {
                    throw .corrupt("unknown repetition in the schema")
                }
                element.repetition = repetition
            case 4: name = try reader.text(field)
            case 5:
                guard let count = Int(exactly: try reader.i32(field)), count >= 0 else {
                    throw .corrupt("negative child count in the schema")
                }
                element.childCount = count
            case 6: convertedType = try reader.i32(field)
            case 10: try element.readLogicalType(&reader, field)
            default: try reader.skip(field)
            }
        }
        guard let name else { throw .corrupt("a schema element without a name") }
        element.name = name
        if let thriftType { element.type = try PhysicalType(thriftValue: thriftType, typeLength: typeLength) }
        element.apply(convertedType: convertedType)
        self = element
    }

    /// The older annotation counts where the newer one is missing.
    private mutating func apply(convertedType: Int32?) {
        guard let convertedType else { return }
        switch convertedType {
        case 0 where logicalType == .none: logicalType = .string
        case 1, 2: annotation = .map
        case 3: annotation = .list
        default: if logicalType == .none, type != nil { logicalType = .other }
        }
    }

    private mutating func readLogicalType(
        _ reader: inout ThriftCompactReader, _ field: ThriftCompactReader.Field
    ) throws(ParquetError) {
        var found = LogicalType.none
        var group = ParquetSchema.GroupAnnotation.none
        try reader.structure(field) { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1:
                found = .string
                try reader.skip(field)
            case 2:
                group = .map
                try reader.skip(field)
            case 3:
                group = .list
                try reader.skip(field)
            case 8: found = try Self.timestamp(&reader, field)
            default:
                found = .other
                try reader.skip(field)
            }
        }
        logicalType = found
        annotation = group
    }

    private static func timestamp(
        _ reader: inout ThriftCompactReader, _ field: ThriftCompactReader.Field
    ) throws(ParquetError) -> LogicalType {
        var isUTC = false
        var isNanoseconds = false
        try reader.structure(field) { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1: isUTC = try reader.bool(field)
            case 2:
                try reader.structure(field) { (reader, unit) throws(ParquetError) in
                    isNanoseconds = unit.id == 3
                    try reader.skip(unit)
                }
            default: try reader.skip(field)
            }
        }
        return isUTC && isNanoseconds ? .timestampNanosecondsUTC : .other
    }
}

extension ParquetSchema {
    /// Builds the tree from its depth-first list. The list decides how deep it goes, so depth is held against the limit on the way.
    init(elements: [SchemaElement]) throws(ParquetError) {
        guard let root = elements.first, let count = root.childCount, count > 0 else { throw .corrupt("the schema has no columns") }
        var position = 1
        var columns: [Node] = []
        for _ in 0..<count { columns.append(try Self.node(elements, &position, depth: 1)) }
        guard position == elements.count else { throw .corrupt("the schema has elements outside of its tree") }
        try self.init(columns)
    }

    private static func node(_ elements: [SchemaElement], _ position: inout Int, depth: Int) throws(ParquetError) -> Node {
        guard depth <= ParquetLimits.maximumSchemaDepth else { throw .limit("the schema has too many levels") }
        guard position < elements.count else { throw .corrupt("the schema is cut short") }
        let element = elements[position]
        position += 1
        guard let repetition = element.repetition else { throw .corrupt("a schema element without repetition: \(element.name)") }
        if let type = element.type {
            return Node(name: element.name, repetition: repetition, content: .leaf(type, element.logicalType))
        }
        guard let count = element.childCount, count > 0 else { throw .corrupt("a group without columns: \(element.name)") }
        var children: [Node] = []
        for _ in 0..<count { children.append(try node(elements, &position, depth: depth + 1)) }
        return Node(name: element.name, repetition: repetition, content: .group(children, element.annotation))
    }
}
