import Parquet
import TraceModel

/// The entries of a nested leaf, row by row: levels turned into ranges once, so that what reads lists need not know them.
struct NestedRows {
    /// For each selected row the entries that belong to it (at least one each, an absent list included).
    let rows: [Range<Int>]
    /// For each entry the index of its value; -1 where the leaf is null or the list absent.
    let values: [Int32]
    let leaf: DecodedLeaf

    init(_ leaf: DecodedLeaf, maximumDefinitionLevel: Int) {
        self.leaf = leaf
        let repetition = leaf.repetitionLevels ?? []
        let entryCount = leaf.repetitionLevels?.count ?? leaf.rowCount
        var rows: [Range<Int>] = []
        rows.reserveCapacity(leaf.rowCount)
        var start = 0
        for entry in 1..<max(1, entryCount) where repetition.isEmpty || repetition[entry] == 0 {
            rows.append(start..<entry)
            start = entry
        }
        if entryCount > 0 { rows.append(start..<entryCount) }
        self.rows = rows
        var next: Int32 = 0
        values = (0..<entryCount).map { entry in
            guard leaf.definitionLevels.map({ Int($0[entry]) == maximumDefinitionLevel }) ?? true else { return -1 }
            defer { next += 1 }
            return next
        }
    }

    func definition(_ entry: Int) -> Int { Int(leaf.definitionLevels?[entry] ?? 0) }
    func repetition(_ entry: Int) -> Int { Int(leaf.repetitionLevels?[entry] ?? 0) }

    /// The text of an entry, borrowed for the call; nil when it has none.
    func withText<R>(_ entry: Int, _ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R? {
        let value = values[entry]
        guard value >= 0 else { return nil }
        return try leaf.withText(Int(value), body)
    }

    func string(_ entry: Int) -> String? { withText(entry) { String(decoding: $0, as: UTF8.self) } }
    func bytes(_ entry: Int) -> [UInt8]? { withText(entry) { Array($0) } }
    func integer(_ entry: Int) -> Int64? { values[entry] < 0 ? nil : leaf.integer(Int(values[entry])) }
}

extension DecodedLeaf {
    /// The text of the present value `index`, borrowed.
    func withText<R>(_ index: Int, _ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        func slice(_ offsets: [UInt32], _ bytes: [UInt8], _ place: Int) throws -> R {
            try bytes.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[Int(offsets[place])..<Int(offsets[place + 1])])) }
        }
        switch values {
        case .byteArray(let offsets, let bytes): return try slice(offsets, bytes, index)
        case .dictionary(let codes, let offsets, let bytes): return try slice(offsets, bytes, Int(codes[index]))
        case .fixedLength(let bytes, let width):
            return try bytes.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[index * width..<(index + 1) * width])) }
        case .int32, .int64, .double, .boolean: return try body(UnsafeRawBufferPointer(start: nil, count: 0))
        }
    }

    func integer(_ index: Int) -> Int64 {
        switch values {
        case .int32(let values): Int64(values[index])
        case .int64(let values): values[index]
        case .boolean(let values): values[index] ? 1 : 0
        case .double, .byteArray, .dictionary, .fixedLength: 0
        }
    }
}
