import Parquet

/// Turns values in row order into what a Parquet column chunk wants: present values, definition levels, a dictionary of
/// just the texts in use. Scratch memory is kept from column to column and belongs to one segment writer.
struct SegmentColumns {
    let writer: ParquetFileWriter

    private var levels: [UInt8] = []
    private var codes: [UInt32] = []
    private var renamed: [UInt32] = []
    private var offsets: [UInt32] = []
    private var bytes: [UInt8] = []

    static let null = UInt32.max

    init(writer: ParquetFileWriter) { self.writer = writer }

    /// Texts that repeat a lot get a dictionary. Where an entry stands for fewer than eight values, or the dictionary would outgrow
    /// a megabyte, lengths and bytes one behind the other take no more (repeats lie close together in a trace, and zstd finds
    /// them), and a point read does not have to decode a dictionary of which it needs one entry.
    private static func wantsDictionary(entryCount: Int, valueCount: Int, byteCount: Int) -> Bool {
        byteCount <= 1 << 20 && (entryCount <= 1024 || entryCount * 8 <= valueCount)
    }

    /// How a flat leaf of numbers or ids is laid out, wherever its rows come from. Texts choose by what they hold, leaves inside lists are
    /// all alike.
    static func options(of leaf: ParquetSchema.Leaf) -> ColumnOptions {
        switch leaf.path[0] {
        case "trace_id": ColumnOptions(encoding: .plain, maximumPageRowCount: 4096)
        case "span_id": ColumnOptions(encoding: .plain, compression: .uncompressed, writesStatistics: false)
        case "parent_span_id": ColumnOptions(encoding: .plain, writesStatistics: false)
        case "parent_row": ColumnOptions(encoding: .deltaBinaryPacked, writesStatistics: false)
        case "duration": ColumnOptions(encoding: .byteStreamSplit)
        case "start_time", "flags", "dropped_attributes_count", "dropped_events_count", "dropped_links_count":
            ColumnOptions(encoding: .deltaBinaryPacked, compression: .uncompressed)
        default:
            switch leaf.type {
            case .int32, .int64: ColumnOptions(encoding: .deltaBinaryPacked)
            case .double: ColumnOptions(encoding: .dictionary)
            default: ColumnOptions(encoding: .plain)
            }
        }
    }

    // MARK: Text

    /// One code per row (`null` where absent) into texts that `text` looks up; `codeCount` bounds the codes.
    mutating func writeText(
        codes rowCodes: [UInt32], codeCount: Int, isOptional: Bool = true, isText: Bool = true, _ text: (UInt32) -> UnsafeRawBufferPointer
    ) throws {
        renamed.removeAll(keepingCapacity: true)
        renamed.append(contentsOf: repeatElement(Self.null, count: codeCount))
        offsets.removeAll(keepingCapacity: true)
        offsets.append(0)
        bytes.removeAll(keepingCapacity: true)
        var presentBytes = 0
        var present = 0
        levels = [UInt8](unsafeUninitializedCapacity: rowCodes.count) { levels, initialized in
            codes = [UInt32](unsafeUninitializedCapacity: rowCodes.count) { codes, initialized in
                renamed.withUnsafeMutableBufferPointer { renamed in
                    for row in 0..<rowCodes.count {
                        let code = rowCodes[row]
                        if code == Self.null {
                            levels[row] = 0
                            continue
                        }
                        levels[row] = 1
                        var local = renamed[Int(code)]
                        if local == Self.null {
                            local = UInt32(offsets.count - 1)
                            renamed[Int(code)] = local
                            bytes.append(contentsOf: text(code))
                            offsets.append(UInt32(bytes.count))
                        }
                        codes[present] = local
                        present &+= 1
                        presentBytes &+= Int(offsets[Int(local) + 1] &- offsets[Int(local)])
                    }
                }
                initialized = present
            }
            initialized = rowCodes.count
        }
        if Self.wantsDictionary(entryCount: offsets.count - 1, valueCount: codes.count, byteCount: bytes.count) || presentBytes > 1 << 30 {
            try codes.withUnsafeBufferPointer { codes in
                try offsets.withUnsafeBufferPointer { offsets in
                    try bytes.withUnsafeBytes { bytes in
                        try write(
                            .dictionary(codes: codes, offsets: offsets, bytes: bytes), isOptional, ColumnOptions(encoding: .dictionary))
                    }
                }
            }
            return
        }
        // Most differ: the bytes one behind the other. Where there is much text, larger pages let repeats be found.
        let options =
            presentBytes > 4 << 20
            ? ColumnOptions(encoding: .deltaLengthByteArray, compression: .zstd(level: 3), pageByteCount: 512 << 10)
            : ColumnOptions(encoding: .deltaLengthByteArray)
        if codes.count == offsets.count - 1, codes.last.map({ Int($0) == codes.count - 1 }) ?? true {
            // Each code once, so the entries lie in row order already.
            try offsets.withUnsafeBufferPointer { offsets in
                try bytes.withUnsafeBytes { bytes in try write(.byteArray(offsets: offsets, bytes: bytes), isOptional, options) }
            }
            return
        }
        var expandedOffsets: [UInt32] = [0]
        expandedOffsets.reserveCapacity(codes.count + 1)
        var expanded: [UInt8] = []
        expanded.reserveCapacity(presentBytes)
        bytes.withUnsafeBytes { bytes in
            for code in codes {
                expanded.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[Int(offsets[Int(code)])..<Int(offsets[Int(code) + 1])]))
                expandedOffsets.append(UInt32(expanded.count))
            }
        }
        try expandedOffsets.withUnsafeBufferPointer { offsets in
            try expanded.withUnsafeBytes { bytes in try write(.byteArray(offsets: offsets, bytes: bytes), isOptional, options) }
        }
    }

    // MARK: Numbers

    mutating func write(_ values: [Int64], options: ColumnOptions) throws {
        try values.withUnsafeBufferPointer { try writer.writeColumn(.int64($0), options: options) }
    }

    mutating func write(_ values: [Int32], options: ColumnOptions) throws {
        try values.withUnsafeBufferPointer { try writer.writeColumn(.int32($0), options: options) }
    }

    mutating func writeFixed(_ values: [UInt8], width: Int, options: ColumnOptions) throws {
        try values.withUnsafeBytes { try writer.writeColumn(.fixedLength($0, width: width), options: options) }
    }

    /// Present values beside one level per row.
    mutating func writeOptional(_ values: [Int32], levels: [UInt8], options: ColumnOptions) throws {
        try values.withUnsafeBufferPointer { values in
            try levels.withUnsafeBufferPointer { try writer.writeColumn(.int32(values), definitionLevels: $0, options: options) }
        }
    }

    mutating func writeOptionalFixed(_ values: [UInt8], width: Int, levels: [UInt8], options: ColumnOptions) throws {
        try values.withUnsafeBytes { values in
            try levels.withUnsafeBufferPointer {
                try writer.writeColumn(.fixedLength(values, width: width), definitionLevels: $0, options: options)
            }
        }
    }

    /// Bit patterns at some rows, as the physical type of the column.
    mutating func writeOptionalNumbers(_ values: [UInt64], levels: [UInt8], as type: PhysicalType) throws {
        try levels.withUnsafeBufferPointer { levels in
            switch type {
            case .double:
                try values.map { Double(bitPattern: $0) }.withUnsafeBufferPointer {
                    try writer.writeColumn(.double($0), definitionLevels: levels, options: ColumnOptions(encoding: .dictionary))
                }
            case .boolean:
                try values.map { $0 != 0 }.withUnsafeBufferPointer {
                    try writer.writeColumn(.boolean($0), definitionLevels: levels, options: ColumnOptions(encoding: .plain))
                }
            default:
                try values.map { Int64(bitPattern: $0) }.withUnsafeBufferPointer {
                    try writer.writeColumn(.int64($0), definitionLevels: levels, options: ColumnOptions(encoding: .deltaBinaryPacked))
                }
            }
        }
    }

    /// Numbers as they are: a run of them that came before is found again, which bit-packed differences would hide.
    private static let repetitive = ColumnOptions(encoding: .plain, compression: .zstd(level: 3), pageByteCount: 256 << 10)

    /// A leaf inside lists: entries with both levels; texts in a dictionary where it pays.
    mutating func writeNested(_ leaf: NestedLeaf) throws {
        try leaf.definitionLevels.withUnsafeBufferPointer { definition in
            try leaf.repetitionLevels.withUnsafeBufferPointer { repetitionLevels in
                let repetition = leaf.isFlat ? nil : repetitionLevels
                switch leaf.values {
                case .text(let offsets, let bytes, let encoding):
                    try offsets.withUnsafeBufferPointer { offsets in
                        try bytes.withUnsafeBytes { bytes in
                            try writer.writeColumn(
                                .byteArray(offsets: offsets, bytes: bytes), definitionLevels: definition, repetitionLevels: repetition,
                                options: ColumnOptions(encoding: encoding))
                        }
                    }
                case .int32(let values):
                    try values.withUnsafeBufferPointer {
                        try writer.writeColumn(
                            .int32($0), definitionLevels: definition, repetitionLevels: repetition,
                            options: leaf.isRepetitive ? Self.repetitive : ColumnOptions(encoding: .deltaBinaryPacked))
                    }
                case .int64(let values):
                    try values.withUnsafeBufferPointer {
                        try writer.writeColumn(
                            .int64($0), definitionLevels: definition, repetitionLevels: repetition,
                            options: leaf.isRepetitive ? Self.repetitive : ColumnOptions(encoding: .deltaBinaryPacked))
                    }
                case .fixed(let values, let width):
                    try values.withUnsafeBytes {
                        try writer.writeColumn(
                            .fixedLength($0, width: width), definitionLevels: definition, repetitionLevels: repetition,
                            options: ColumnOptions(encoding: .plain))
                    }
                }
            }
        }
    }

    private func write(_ values: ColumnValues, _ isOptional: Bool, _ options: ColumnOptions) throws {
        guard isOptional else { return try writer.writeColumn(values, options: options) }
        try levels.withUnsafeBufferPointer { try writer.writeColumn(values, definitionLevels: $0, options: options) }
    }
}

/// Entries of a leaf below a repeated group, with their levels.
struct NestedLeaf {
    enum Values {
        case text(offsets: [UInt32], bytes: [UInt8], ColumnOptions.Encoding)
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

    /// Rows whose list is absent.
    mutating func absentEntries(_ count: Int) {
        definitionLevels.append(contentsOf: repeatElement(0, count: count))
        repetitionLevels.append(contentsOf: repeatElement(0, count: count))
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

/// The leaves of one list of structs: they share their levels.
struct NestedColumns {
    var leaves: [NestedLeaf]

    init(_ leaves: [NestedLeaf]) { self.leaves = leaves }

    mutating func appendAbsentRows(_ count: Int) {
        for index in leaves.indices { leaves[index].absentEntries(count) }
    }

    /// A row without elements.
    mutating func appendAbsentRow() {
        for index in leaves.indices { leaves[index].entry(definition: 0, repetition: 0) }
    }

    /// The levels of an element; its values follow. An optional leaf that is null here stays one level below.
    mutating func beginElement(repetition: UInt8, nullable: Int? = nil, isNull: Bool = false) {
        for index in leaves.indices {
            let definition: UInt8 = index == nullable ? (isNull ? 1 : 2) : 1
            leaves[index].entry(definition: definition, repetition: repetition)
        }
    }
}
