/// One node of the schema as it lies in the footer: the tree in depth-first order, each group saying how many children follow.
struct SchemaElement {
    var name: String
    var type: PhysicalType?
    var repetition: Repetition?
    var childCount: Int?
    var logicalType: LogicalType = .none
    var annotation: ParquetSchema.GroupAnnotation = .none

    static func flatten(_ schema: ParquetSchema) -> [SchemaElement] {
        var elements = [SchemaElement(name: "schema", childCount: schema.columns.count)]
        for column in schema.columns { append(column, to: &elements) }
        return elements
    }

    private static func append(_ node: ParquetSchema.Node, to elements: inout [SchemaElement]) {
        switch node.content {
        case .leaf(let type, let logicalType):
            elements.append(SchemaElement(name: node.name, type: type, repetition: node.repetition, logicalType: logicalType))
        case .group(let children, let annotation):
            elements.append(
                SchemaElement(name: node.name, repetition: node.repetition, childCount: children.count, annotation: annotation))
            for child in children { append(child, to: &elements) }
        }
    }

    func encode(to writer: inout ThriftCompactWriter) {
        writer.structElement { writer in
            if let type {
                writer.i32(1, type.thriftValue)
                if case .fixedLengthByteArray(let width) = type { writer.i32(2, Int32(width)) }
            }
            if let repetition { writer.i32(3, repetition.rawValue) }
            writer.binary(4, name.utf8)
            if let childCount { writer.i32(5, Int32(childCount)) }
            if let convertedType { writer.i32(6, convertedType) }
            encodeLogicalType(to: &writer)
        }
    }

    /// The older annotation, for readers that do not know logical types: UTF8, MAP, LIST.
    private var convertedType: Int32? {
        switch (logicalType, annotation) {
        case (.string, _): 0
        case (_, .map): 1
        case (_, .list): 3
        default: nil
        }
    }

    private func encodeLogicalType(to writer: inout ThriftCompactWriter) {
        switch annotation {
        case .map: writer.structure(10) { $0.structure(2) { _ in } }
        case .list: writer.structure(10) { $0.structure(3) { _ in } }
        case .none: break
        }
        switch logicalType {
        case .string: writer.structure(10) { $0.structure(1) { _ in } }
        case .timestampNanosecondsUTC:
            writer.structure(10) {
                $0.structure(8) {
                    $0.bool(1, true)
                    $0.structure(2) { $0.structure(3) { _ in } }
                }
            }
        case .none, .other: break
        }
    }
}
