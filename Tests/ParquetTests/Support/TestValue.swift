@testable import Parquet

/// A row, or any part of one, as nested values: what a reader of the file should see.
enum TestValue: Equatable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case double(Double)
    case bytes([UInt8])
    /// The elements of something repeated.
    case list([TestValue])
    /// One value per child, in the schema's order.
    case group([TestValue])

    /// Equality in which NaN equals itself.
    static func == (a: TestValue, b: TestValue) -> Bool {
        switch (a, b) {
        case (.null, .null): true
        case (.boolean(let a), .boolean(let b)): a == b
        case (.integer(let a), .integer(let b)): a == b
        case (.double(let a), .double(let b)): a == b || (a.isNaN && b.isNaN)
        case (.bytes(let a), .bytes(let b)): a == b
        case (.list(let a), .list(let b)), (.group(let a), .group(let b)): a == b
        default: false
        }
    }
}

/// One leaf's entries: what shredding makes of rows, and what assembling makes rows of.
struct ShreddedLeaf {
    var definition: [UInt8] = []
    var repetition: [UInt8] = []
    var values: [TestValue] = []
}

/// Rows to levels and values, as Dremel has it.
struct Shredder {
    private(set) var leaves: [ShreddedLeaf]
    private let schema: ParquetSchema
    private var nextLeaf = 0

    init(schema: ParquetSchema) {
        self.schema = schema
        leaves = schema.leaves.map { _ in ShreddedLeaf() }
    }

    mutating func add(row: [TestValue]) {
        nextLeaf = 0
        for (column, value) in zip(schema.columns, row) { add(column, value, repetition: 0, definition: 0, depth: 0) }
    }

    private mutating func add(_ node: ParquetSchema.Node, _ value: TestValue, repetition: UInt8, definition: UInt8, depth: UInt8) {
        switch (node.repetition, value) {
        case (.required, _): addContent(node, value, repetition: repetition, definition: definition, depth: depth)
        case (.optional, .null): addNulls(node, repetition: repetition, definition: definition)
        case (.optional, _): addContent(node, value, repetition: repetition, definition: definition + 1, depth: depth)
        case (.repeated, .list(let elements)) where !elements.isEmpty:
            let first = nextLeaf
            for (index, element) in elements.enumerated() {
                nextLeaf = first
                addContent(node, element, repetition: index == 0 ? repetition : depth + 1, definition: definition + 1, depth: depth + 1)
            }
        case (.repeated, _): addNulls(node, repetition: repetition, definition: definition)
        }
    }

    private mutating func addContent(_ node: ParquetSchema.Node, _ value: TestValue, repetition: UInt8, definition: UInt8, depth: UInt8) {
        guard case .group(let children, _) = node.content else {
            append(repetition, definition)
            leaves[nextLeaf].values.append(value)
            nextLeaf += 1
            return
        }
        guard case .group(let values) = value else { preconditionFailure("a group's value is a group") }
        for (child, value) in zip(children, values) { add(child, value, repetition: repetition, definition: definition, depth: depth) }
    }

    private mutating func addNulls(_ node: ParquetSchema.Node, repetition: UInt8, definition: UInt8) {
        guard case .group(let children, _) = node.content else {
            append(repetition, definition)
            nextLeaf += 1
            return
        }
        for child in children { addNulls(child, repetition: repetition, definition: definition) }
    }

    private mutating func append(_ repetition: UInt8, _ definition: UInt8) {
        leaves[nextLeaf].repetition.append(repetition)
        leaves[nextLeaf].definition.append(definition)
    }
}

/// Levels and values back to rows.
struct Assembler {
    private let schema: ParquetSchema
    private let leaves: [ShreddedLeaf]
    private var entries: [Int]
    private var values: [Int]
    private var nextLeaf = 0

    init(schema: ParquetSchema, leaves: [ShreddedLeaf]) {
        self.schema = schema
        self.leaves = leaves
        entries = leaves.map { _ in 0 }
        values = entries
    }

    mutating func rows(_ count: Int) -> [[TestValue]] {
        (0..<count).map { _ in
            nextLeaf = 0
            return schema.columns.map { assemble($0, definition: 0, depth: 0) }
        }
    }

    private mutating func assemble(_ node: ParquetSchema.Node, definition: UInt8, depth: UInt8) -> TestValue {
        guard node.repetition != .required else { return content(node, definition: definition, depth: depth) }
        guard leaves[nextLeaf].definition[entries[nextLeaf]] > definition else {
            passNulls(node)
            return node.repetition == .optional ? .null : .list([])
        }
        guard node.repetition == .repeated else { return content(node, definition: definition + 1, depth: depth) }
        let first = nextLeaf
        var elements: [TestValue] = []
        repeat {
            nextLeaf = first
            elements.append(content(node, definition: definition + 1, depth: depth + 1))
        } while entries[first] < leaves[first].repetition.count && leaves[first].repetition[entries[first]] == depth + 1
        return .list(elements)
    }

    private mutating func content(_ node: ParquetSchema.Node, definition: UInt8, depth: UInt8) -> TestValue {
        if case .group(let children, _) = node.content {
            return .group(children.map { assemble($0, definition: definition, depth: depth) })
        }
        defer {
            entries[nextLeaf] += 1
            values[nextLeaf] += 1
            nextLeaf += 1
        }
        return leaves[nextLeaf].values[values[nextLeaf]]
    }

    private mutating func passNulls(_ node: ParquetSchema.Node) {
        if case .group(let children, _) = node.content {
            for child in children { passNulls(child) }
        } else {
            entries[nextLeaf] += 1
            nextLeaf += 1
        }
    }
}

extension DecodedLeaf {
    /// The values one by one, dictionaries looked up.
    var testValues: [TestValue] {
        func slices(_ offsets: [UInt32], _ bytes: [UInt8]) -> [TestValue] {
            (0..<max(0, offsets.count - 1)).map { .bytes(Array(bytes[Int(offsets[$0])..<Int(offsets[$0 + 1])])) }
        }
        switch values {
        case .boolean(let values): return values.map { .boolean($0) }
        case .int32(let values): return values.map { .integer(Int64($0)) }
        case .int64(let values): return values.map { .integer($0) }
        case .double(let values): return values.map { .double($0) }
        case .fixedLength(let bytes, let width):
            return stride(from: 0, to: bytes.count, by: width).map { .bytes(Array(bytes[$0..<$0 + width])) }
        case .byteArray(let offsets, let bytes): return slices(offsets, bytes)
        case .dictionary(let codes, let offsets, let bytes):
            let entries = slices(offsets, bytes)
            return codes.map { entries[Int($0)] }
        }
    }

    var shredded: ShreddedLeaf {
        let count = definitionLevels?.count ?? repetitionLevels?.count ?? rowCount
        return ShreddedLeaf(
            definition: definitionLevels ?? Array(repeating: UInt8(maximumDefinitionLevel), count: count),
            repetition: repetitionLevels ?? Array(repeating: 0, count: count), values: testValues)
    }
}
