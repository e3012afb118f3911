/// The tree of columns of a file, and its leaves with the levels that nesting gives them.
///
/// A definition level counts how many optional or repeated ancestors of a value (itself included) are present; a repetition level
/// says at which repeated ancestor a new element starts (0 = a new row). Both are bounded by the leaf's maxima below.
package struct ParquetSchema: Equatable, Sendable {
    package let columns: [Node]
    /// In the order in which column chunks lie in a row group.
    package let leaves: [Leaf]

    package init(_ columns: [Node]) throws(ParquetError) {
        self.columns = columns
        var collector = LeafCollector()
        for column in columns { try collector.add(column, path: [], definition: 0, repetition: 0, depth: 1) }
        leaves = collector.leaves
    }

    package struct Node: Equatable, Sendable {
        package var name: String
        package var repetition: Repetition
        package var content: Content

        package init(name: String, repetition: Repetition, content: Content) {
            self.name = name
            self.repetition = repetition
            self.content = content
        }
    }

    package enum Content: Equatable, Sendable {
        case leaf(PhysicalType, LogicalType)
        case group([Node], GroupAnnotation)
    }

    package enum GroupAnnotation: Equatable, Sendable {
        case none
        case list
        case map
    }

    package struct Leaf: Equatable, Sendable {
        package let index: Int
        /// One name per level of the tree. A name may contain dots, so paths are never joined.
        package let path: [String]
        package let type: PhysicalType
        package let logicalType: LogicalType
        package let repetition: Repetition
        package let maximumDefinitionLevel: Int
        package let maximumRepetitionLevel: Int

        /// At most one value a row: row `r` is entry `r`.
        package var isFlat: Bool { maximumRepetitionLevel == 0 }
    }

    /// The leaf at a path; a column without groups has a path of one name.
    package func leaf(at path: [String]) -> Leaf? { leaves.first { $0.path == path } }

    private struct LeafCollector {
        var leaves: [Leaf] = []
        var nodeCount = 0

        mutating func add(_ node: Node, path: [String], definition: Int, repetition: Int, depth: Int) throws(ParquetError) {
            nodeCount += 1
            guard depth <= ParquetLimits.maximumSchemaDepth, nodeCount <= ParquetLimits.maximumSchemaNodeCount else {
                throw .limit("the schema has too many levels or nodes")
            }
            let path = path + [node.name]
            let definition = definition + (node.repetition == .required ? 0 : 1)
            let repetition = repetition + (node.repetition == .repeated ? 1 : 0)
            switch node.content {
            case .leaf(let type, let logicalType):
                leaves.append(
                    Leaf(
                        index: leaves.count, path: path, type: type, logicalType: logicalType, repetition: node.repetition,
                        maximumDefinitionLevel: definition, maximumRepetitionLevel: repetition))
            case .group(let children, _):
                guard !children.isEmpty else { throw .unsupported("a group without columns: \(path)") }
                for child in children {
                    try add(child, path: path, definition: definition, repetition: repetition, depth: depth + 1)
                }
            }
        }
    }
}

/// Shorthands that spell a schema the way it reads in the format's documentation.
extension ParquetSchema.Node {
    package static func required(_ name: String, _ type: PhysicalType, _ logicalType: LogicalType = .none) -> Self {
        Self(name: name, repetition: .required, content: .leaf(type, logicalType))
    }

    package static func optional(_ name: String, _ type: PhysicalType, _ logicalType: LogicalType = .none) -> Self {
        Self(name: name, repetition: .optional, content: .leaf(type, logicalType))
    }

    package static func group(_ name: String, _ repetition: Repetition = .required, _ children: [Self]) -> Self {
        Self(name: name, repetition: repetition, content: .group(children, .none))
    }

    /// `group name (LIST) { repeated group list { element } }`. The element's own name becomes `element`, as the format asks.
    package static func list(_ name: String, _ repetition: Repetition = .optional, element: Self) -> Self {
        var element = element
        element.name = "element"
        let entries = Self(name: "list", repetition: .repeated, content: .group([element], .none))
        return Self(name: name, repetition: repetition, content: .group([entries], .list))
    }

    /// `group name (MAP) { repeated group key_value { required binary key (STRING); value } }`, and further leaves beside the value
    /// where `value` is a group. The value's own name becomes `value`.
    package static func map(_ name: String, _ repetition: Repetition = .optional, value: Self) -> Self {
        var value = value
        value.name = "value"
        let entries = Self(
            name: "key_value", repetition: .repeated, content: .group([.required("key", .byteArray, .string), value], .none))
        return Self(name: name, repetition: repetition, content: .group([entries], .map))
    }
}
