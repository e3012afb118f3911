import Parquet

/// Entries of a leaf below a repeated group, with their levels. Leaves of one list share the arrays of their levels.
struct NestedLeaf {
    enum Values {
        case text(offsets: [UInt32], bytes: [UInt8], ColumnOptions.Encoding)
        /// Texts of which it is known which are equal.
        case dictionary(CodedTexts)
        case int32([Int32])
        case int64([Int64])
        case fixed([UInt8], width: Int)
    }

    var definitionLevels: [UInt8] = []
    var repetitionLevels: [UInt8] = []
    /// Not below anything repeated after all (the type bytes beside a row's map): definition levels only.
    var isFlat = false
    /// Lists of numbers repeat one another: what a conversation refers to, and the next call of it.
    var isRepetitive = false
    var values: Values

    static func text(_ encoding: ColumnOptions.Encoding = .dictionary) -> NestedLeaf {
        NestedLeaf(values: .text(offsets: [0], bytes: [], encoding))
    }

    mutating func entry(definition: UInt8, repetition: UInt8) {
        definitionLevels.append(definition)
        repetitionLevels.append(repetition)
    }

    mutating func append(_ text: some Sequence<UInt8>) {
        guard case .text(var offsets, var bytes, let encoding) = values else { return }
        values = .int32([])  // so that the arrays below have one owner
        bytes.append(contentsOf: text)
        offsets.append(UInt32(bytes.count))
        values = .text(offsets: offsets, bytes: bytes, encoding)
    }

    mutating func append(_ value: Int32) {
        guard case .int32(var all) = values else { return }
        values = .int32([])
        all.append(value)
        values = .int32(all)
    }

    mutating func append(_ value: Int64) {
        guard case .int64(var all) = values else { return }
        values = .int32([])
        all.append(value)
        values = .int64(all)
    }

    mutating func append(fixed bytes: [UInt8]) {
        guard case .fixed(var all, let width) = values else { return }
        values = .int32([])
        all += bytes
        values = .fixed(all, width: width)
    }
}

/// Codes into just the texts that they use.
struct CodedTexts {
    private(set) var codes: [UInt32]
    private(set) var offsets: [UInt32] = [0]
    private(set) var bytes: [UInt8] = []

    /// From codes below `codeCount`, which `text` looks up.
    init(_ codes: [UInt32], codeCount: Int, _ text: (UInt32) -> UnsafeRawBufferPointer) {
        self.codes = codes
        var renamed = [UInt32](repeating: .max, count: codes.isEmpty ? 0 : codeCount)
        for index in codes.indices {
            let code = Int(codes[index])
            if renamed[code] == .max {
                renamed[code] = UInt32(offsets.count - 1)
                bytes.append(contentsOf: text(codes[index]))
                offsets.append(UInt32(bytes.count))
            }
            self.codes[index] = renamed[code]
        }
    }
}

/// The levels that the leaves of one list of structs have in a row group, and which of the memtable's elements they are of.
struct ListLayout {
    private(set) var definitionLevels: [UInt8]
    private(set) var repetitionLevels: [UInt8]
    /// In the order of entries; rows without elements have an entry and none of these.
    private(set) var elements: [UInt32] = []

    /// The lists of `rows`; each memtable row's list ends at its `ends`, where that of the next row starts.
    init(_ rows: [UInt32], ends: AppendOnlyBuffer<UInt32>, elementCount: Int, rowCount: Int) {
        guard elementCount > 0 else {
            definitionLevels = [UInt8](repeating: 0, count: rows.count)
            repetitionLevels = definitionLevels
            return
        }
        let ends = ends.array(0..<rowCount)
        func start(_ row: UInt32) -> Int { row == 0 ? 0 : Int(ends[Int(row) - 1]) }
        var entryCount = 0
        for row in rows { entryCount += max(1, Int(ends[Int(row)]) - start(row)) }
        definitionLevels = [UInt8](repeating: 1, count: entryCount)
        repetitionLevels = [UInt8](repeating: 1, count: entryCount)
        elements.reserveCapacity(entryCount)
        var entry = 0
        for row in rows {
            let first = start(row), end = Int(ends[Int(row)])
            repetitionLevels[entry] = 0
            if first == end { definitionLevels[entry] = 0 }
            for element in first..<end { elements.append(UInt32(truncatingIfNeeded: element)) }
            entry += max(1, end - first)
        }
    }

    /// A required leaf of the elements.
    func leaf(_ values: NestedLeaf.Values) -> NestedLeaf {
        NestedLeaf(definitionLevels: definitionLevels, repetitionLevels: repetitionLevels, values: values)
    }

    /// A leaf that some elements lack.
    func leaf(_ values: NestedLeaf.Values, isPresent: (UInt32) -> Bool) -> NestedLeaf {
        var leaf = leaf(values)
        var element = 0
        for entry in leaf.definitionLevels.indices where leaf.definitionLevels[entry] == 1 {
            if isPresent(elements[element]) { leaf.definitionLevels[entry] = 2 }
            element += 1
        }
        return leaf
    }
}
