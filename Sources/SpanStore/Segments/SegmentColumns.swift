import Parquet

/// Turns values in row order into what a Parquet column chunk wants: present values, definition levels, a dictionary of
/// just the texts in use.
///
/// A column of a memtable comes in two steps: `place` puts what some rows have at their places in the row group, a `writePlaced` brings
/// together what is there and writes it. Scratch memory is kept from column to column and from row group to row group; it belongs to one
/// writer of a file, and so to one thread.
final class SegmentColumns {
    let writer: ParquetFileWriter

    /// Of the column being placed: 1 for rows with a value, and of these the value.
    private var levels: [UInt8] = []
    private var placedCodes: [UInt32] = []
    private var placedBits: [UInt64] = []
    /// By code its place in the dictionary being made; all null between two columns.
    private var renamed: [UInt32] = []
    /// By place in the dictionary the code.
    private var entries: [UInt32] = []
    private var offsets: [UInt32] = []
    private let bytes = ScratchBytes()

    static let null = UInt32.max

    init(writer: ParquetFileWriter) { self.writer = writer }

    /// Texts that repeat a lot get a dictionary. Where an entry stands for fewer than eight values, or the dictionary would outgrow
    /// a megabyte, lengths and bytes one behind the other take no more (repeats lie close together in a trace, and zstd finds
    /// them), and a point read does not have to decode a dictionary of which it needs one entry.
    private static func mayWantDictionary(entryCount: Int, valueCount: Int) -> Bool { entryCount <= 1024 || entryCount * 8 <= valueCount }
    private static let maximumDictionaryByteCount = 1 << 20

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

    // MARK: Placing

    private func beginPlacing(rowCount: Int) {
        if levels.count != rowCount { levels = [UInt8](repeating: 0, count: rowCount) }
        levels.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    }

    /// Codes of a sparse column: `places` has each memtable row's place in the row group, `SegmentOrder.absent` for rows of other groups.
    func place(_ rows: AppendOnlyBuffer<UInt32>, codes: AppendOnlyBuffer<UInt32>, at places: [UInt32], rowCount: Int) {
        beginPlacing(rowCount: rowCount)
        if placedCodes.count < rowCount { placedCodes = [UInt32](repeating: 0, count: rowCount) }
        Self.scatter(rows, codes, places, &levels, &placedCodes) { $0 }
    }

    /// Bits of a sparse column as codes.
    func place(_ rows: AppendOnlyBuffer<UInt32>, bitsAsCodes bits: AppendOnlyBuffer<UInt64>, at places: [UInt32], rowCount: Int) {
        beginPlacing(rowCount: rowCount)
        if placedCodes.count < rowCount { placedCodes = [UInt32](repeating: 0, count: rowCount) }
        Self.scatter(rows, bits, places, &levels, &placedCodes) { UInt32(truncatingIfNeeded: $0) }
    }

    func place(_ rows: AppendOnlyBuffer<UInt32>, bits: AppendOnlyBuffer<UInt64>, at places: [UInt32], rowCount: Int) {
        beginPlacing(rowCount: rowCount)
        if placedBits.count < rowCount { placedBits = [UInt64](repeating: 0, count: rowCount) }
        Self.scatter(rows, bits, places, &levels, &placedBits) { $0 }
    }

    /// A code for every row, `null` where it has no value.
    func place(codes: [UInt32]) { place(codes) { $0 } }

    /// What `renaming` makes of a code for every row.
    func place(codes: [UInt32], renaming: [UInt32]) { place(codes) { renaming[Int($0)] } }

    @inline(__always)
    private func place(_ codes: [UInt32], _ convert: (UInt32) -> UInt32) {
        if levels.count != codes.count { levels = [UInt8](repeating: 0, count: codes.count) }
        if placedCodes.count < codes.count { placedCodes = [UInt32](repeating: 0, count: codes.count) }
        levels.withUnsafeMutableBufferPointer { levels in
            placedCodes.withUnsafeMutableBufferPointer { placed in
                codes.withUnsafeBufferPointer { codes in
                    // Both have room for every code.
                    for row in 0..<codes.count {
                        let code = convert(codes[row])
                        levels[row] = code == Self.null ? 0 : 1
                        placed[row] = code
                    }
                }
            }
        }
    }

    @inline(__always)
    private static func scatter<From: BitwiseCopyable, To: BitwiseCopyable>(
        _ rows: AppendOnlyBuffer<UInt32>, _ values: AppendOnlyBuffer<From>, _ places: [UInt32], _ levels: inout [UInt8],
        _ placed: inout [To],
        _ convert: (From) -> To
    ) {
        levels.withUnsafeMutableBufferPointer { levels in
            placed.withUnsafeMutableBufferPointer { placed in
                places.withUnsafeBufferPointer { places in
                    rows.forEachStretch(with: values, 0..<rows.count) { cellRows, values in
                        // A cell's row is one of the memtable's, for each of which there is a place; places are below the row group's row
                        // count, which both targets have.
                        for cell in 0..<cellRows.count {
                            let place = places[Int(cellRows[cell])]
                            if place != SegmentOrder.absent {
                                placed[Int(place)] = convert(values[cell])
                                levels[Int(place)] = 1
                            }
                        }
                    }
                }
            }
        }
    }

    /// Moves what is placed to the front, in row order. Answers how many values there are.
    private static func collect<Value: BitwiseCopyable>(_ levels: [UInt8], _ placed: inout [Value]) -> Int {
        levels.withUnsafeBytes { levels in
            placed.withUnsafeMutableBufferPointer { placed in
                let rowCount = levels.count
                var present = 0
                var row = 0
                // `present` never overtakes `row`, and words are read below `rowCount` only.
                while row &+ 8 <= rowCount {
                    var word = UInt64(littleEndian: levels.loadUnaligned(fromByteOffset: row, as: UInt64.self))
                    if word == 0x0101_0101_0101_0101 {
                        if present != row { for index in 0..<8 { placed[present &+ index] = placed[row &+ index] } }
                        present &+= 8
                    } else {
                        while word != 0 {
                            placed[present] = placed[row &+ word.trailingZeroBitCount / 8]
                            present &+= 1
                            word &= word &- 1
                        }
                    }
                    row &+= 8
                }
                while row < rowCount {
                    if levels[row] != 0 {
                        placed[present] = placed[row]
                        present &+= 1
                    }
                    row &+= 1
                }
                return present
            }
        }
    }

    // MARK: Text

    /// One code per row (`null` where absent) into texts that `text` looks up; `codeCount` bounds the codes.
    func writeText(codes: [UInt32], codeCount: Int, isOptional: Bool = true, _ text: (UInt32) -> UnsafeRawBufferPointer) throws {
        place(codes: codes)
        try writePlacedText(codeCount: codeCount, isOptional: isOptional, text)
    }

    /// The codes that were placed last. `text` answers the same for a code however often it is asked.
    func writePlacedText(codeCount: Int, isOptional: Bool = true, _ text: (UInt32) -> UnsafeRawBufferPointer) throws {
        let count = Self.collect(levels, &placedCodes)
        if renamed.count < codeCount { renamed.append(contentsOf: repeatElement(Self.null, count: codeCount - renamed.count)) }
        if try !writeDictionary(count, isOptional, mayGiveUp: true, text) {
            let byteCount = placedCodes.withUnsafeBufferPointer { codes in
                var total = 0
                for index in 0..<count { total += text(codes[index]).count }
                return total
            }
            // Offsets are of 32 bits: so much text is written as a dictionary whatever it holds.
            if byteCount > 1 << 30 {
                _ = try writeDictionary(count, isOptional, mayGiveUp: false, text)
            } else {
                try writeTexts(count, byteCount: byteCount, isOptional, text)
            }
        }
    }

    /// Renames codes to places in a dictionary, and writes it unless it would be too large: then nothing is written, and codes are as they
    /// were.
    private func writeDictionary(
        _ count: Int, _ isOptional: Bool, mayGiveUp: Bool, _ text: (UInt32) -> UnsafeRawBufferPointer
    ) throws -> Bool {
        entries.removeAll(keepingCapacity: true)
        defer { for code in entries { renamed[Int(code)] = Self.null } }
        let isFull = renamed.withUnsafeMutableBufferPointer { renamed in
            placedCodes.withUnsafeBufferPointer { codes in
                // Codes are below the count that the caller gave, and `renamed` has as many places.
                for index in 0..<count where renamed[Int(codes[index])] == Self.null {
                    renamed[Int(codes[index])] = UInt32(truncatingIfNeeded: entries.count)
                    entries.append(codes[index])
                    if mayGiveUp, !Self.mayWantDictionary(entryCount: entries.count, valueCount: count) { return true }
                }
                return false
            }
        }
        guard !isFull else { return false }
        var byteCount = 0
        for code in entries { byteCount += text(code).count }
        if mayGiveUp, byteCount > Self.maximumDictionaryByteCount { return false }
        renamed.withUnsafeBufferPointer { renamed in
            placedCodes.withUnsafeMutableBufferPointer { codes in
                for index in 0..<count { codes[index] = renamed[Int(codes[index])] }
            }
        }
        put(entries, byteCount: byteCount, text)
        try placedCodes.withUnsafeBufferPointer { codes in
            try offsets.withUnsafeBufferPointer { offsets in
                try write(
                    .dictionary(
                        codes: UnsafeBufferPointer(rebasing: codes[..<count]), offsets: offsets, bytes: bytes.prefix(byteCount)),
                    count, isOptional, ColumnOptions(encoding: .dictionary))
            }
        }
        return true
    }

    /// Most differ: the bytes one behind the other. Where there is much text, larger pages let repeats be found. Level 2 keeps 3 % more of
    /// such text than level 3, in a sixth less time; of ids and the like it keeps more than level 1.
    private func writeTexts(
        _ count: Int, byteCount: Int, _ isOptional: Bool, _ text: (UInt32) -> UnsafeRawBufferPointer
    ) throws {
        let options = ColumnOptions(
            encoding: .deltaLengthByteArray, compression: .zstd(level: byteCount >= 64 * count ? 2 : 1),
            pageByteCount: byteCount > 4 << 20 ? 256 << 10 : 64 << 10)
        put(placedCodes[..<count], byteCount: byteCount, text)
        try offsets.withUnsafeBufferPointer { offsets in
            try write(.byteArray(offsets: offsets, bytes: bytes.prefix(byteCount)), count, isOptional, options)
        }
    }

    /// Puts texts one behind the other into `bytes`, with their `offsets`; together they have `byteCount` bytes.
    private func put(_ codes: some Collection<UInt32>, byteCount: Int, _ text: (UInt32) -> UnsafeRawBufferPointer) {
        var offsets = self.offsets
        self.offsets = []  // so that the local one has one owner
        offsets.removeAll(keepingCapacity: true)
        offsets.reserveCapacity(codes.count + 1)
        offsets.append(0)
        let target = bytes.room(byteCount)
        var filled = 0
        for code in codes {
            let text = text(code)
            precondition(text.count <= byteCount - filled)
            if let base = text.baseAddress { target.advanced(by: filled).copyMemory(from: base, byteCount: text.count) }
            filled += text.count
            offsets.append(UInt32(truncatingIfNeeded: filled))
        }
        self.offsets = offsets
    }

    // MARK: Numbers

    func write(_ values: [Int64], options: ColumnOptions) throws {
        try values.withUnsafeBufferPointer { try writer.writeColumn(.int64($0), options: options) }
    }

    func write(_ values: [Int32], options: ColumnOptions) throws {
        try values.withUnsafeBufferPointer { try writer.writeColumn(.int32($0), options: options) }
    }

    func writeFixed(_ values: [UInt8], width: Int, options: ColumnOptions) throws {
        try values.withUnsafeBytes { try writer.writeColumn(.fixedLength($0, width: width), options: options) }
    }

    /// Present values beside one level per row.
    func writeOptional(_ values: [Int32], levels: [UInt8], options: ColumnOptions) throws {
        try values.withUnsafeBufferPointer { values in
            try levels.withUnsafeBufferPointer { try writer.writeColumn(.int32(values), definitionLevels: $0, options: options) }
        }
    }

    func writeOptionalFixed(_ values: [UInt8], width: Int, levels: [UInt8], options: ColumnOptions) throws {
        try values.withUnsafeBytes { values in
            try levels.withUnsafeBufferPointer {
                try writer.writeColumn(.fixedLength(values, width: width), definitionLevels: $0, options: options)
            }
        }
    }

    /// The bits that were placed last.
    func writePlacedNumbers(as type: PhysicalType) throws {
        let count = Self.collect(levels, &placedBits)
        try placedBits.withUnsafeBufferPointer { try writeNumbers(UnsafeBufferPointer(rebasing: $0[..<count]), levels: levels, as: type) }
    }

    /// Bit patterns at some rows, as the physical type of the column.
    func writeOptionalNumbers(_ values: [UInt64], levels: [UInt8], as type: PhysicalType) throws {
        try values.withUnsafeBufferPointer { try writeNumbers($0, levels: levels, as: type) }
    }

    private func writeNumbers(_ values: UnsafeBufferPointer<UInt64>, levels: [UInt8], as type: PhysicalType) throws {
        try levels.withUnsafeBufferPointer { levels in
            switch type {
            // Rebound to types of the same size and alignment, of which every bit pattern is a value.
            case .double:
                try values.withMemoryRebound(to: Double.self) {
                    try writer.writeColumn(.double($0), definitionLevels: levels, options: ColumnOptions(encoding: .dictionary))
                }
            case .boolean:
                try values.map { $0 != 0 }.withUnsafeBufferPointer {
                    try writer.writeColumn(.boolean($0), definitionLevels: levels, options: ColumnOptions(encoding: .plain))
                }
            default:
                try values.withMemoryRebound(to: Int64.self) {
                    try writer.writeColumn(.int64($0), definitionLevels: levels, options: ColumnOptions(encoding: .deltaBinaryPacked))
                }
            }
        }
    }

    // MARK: Lists

    /// Numbers as they are: a run of them that came before is found again, which bit-packed differences would hide.
    private static let repetitive = ColumnOptions(encoding: .plain, compression: .zstd(level: 2), pageByteCount: 256 << 10)

    /// A leaf inside lists: entries with both levels; texts in a dictionary where it pays.
    func writeNested(_ leaf: NestedLeaf) throws {
        try leaf.definitionLevels.withUnsafeBufferPointer { definition in
            try leaf.repetitionLevels.withUnsafeBufferPointer { repetitionLevels in
                let repetition = leaf.isFlat ? nil : repetitionLevels
                func write(_ values: ColumnValues, _ options: ColumnOptions) throws {
                    try writer.writeColumn(values, definitionLevels: definition, repetitionLevels: repetition, options: options)
                }
                let numbers = leaf.isRepetitive ? Self.repetitive : ColumnOptions(encoding: .deltaBinaryPacked)
                switch leaf.values {
                case .text(let offsets, let bytes, let encoding):
                    try offsets.withUnsafeBufferPointer { offsets in
                        try bytes.withUnsafeBytes { bytes in
                            try write(.byteArray(offsets: offsets, bytes: bytes), ColumnOptions(encoding: encoding))
                        }
                    }
                case .dictionary(let texts):
                    let isSmall = texts.bytes.count + 4 * texts.offsets.count <= Self.maximumDictionaryByteCount
                    try texts.codes.withUnsafeBufferPointer { codes in
                        try texts.offsets.withUnsafeBufferPointer { offsets in
                            try texts.bytes.withUnsafeBytes { bytes in
                                try write(
                                    .dictionary(codes: codes, offsets: offsets, bytes: bytes),
                                    ColumnOptions(encoding: isSmall ? .dictionary : .plain))
                            }
                        }
                    }
                case .int32(let values): try values.withUnsafeBufferPointer { try write(.int32($0), numbers) }
                case .int64(let values): try values.withUnsafeBufferPointer { try write(.int64($0), numbers) }
                case .fixed(let values, let width):
                    try values.withUnsafeBytes { try write(.fixedLength($0, width: width), ColumnOptions(encoding: .plain)) }
                }
            }
        }
    }

    private func write(_ values: ColumnValues, _ count: Int, _ isOptional: Bool, _ options: ColumnOptions) throws {
        guard isOptional, count < levels.count else { return try writer.writeColumn(values, options: options) }
        try levels.withUnsafeBufferPointer { try writer.writeColumn(values, definitionLevels: $0, options: options) }
    }
}

/// Memory for bytes that grows and is kept. What was in it before is rubbish.
final class ScratchBytes {
    private var storage = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 16)

    deinit { storage.deallocate() }

    /// Room for so many bytes, valid until the next call.
    func room(_ byteCount: Int) -> UnsafeMutableRawPointer {
        if byteCount > storage.count {
            let larger = max(byteCount, storage.count * 2)
            storage.deallocate()
            storage = .allocate(byteCount: larger, alignment: 16)
        }
        return storage.baseAddress.unsafelyUnwrapped  // it is never empty
    }

    /// The first bytes, of those that there is room for.
    func prefix(_ byteCount: Int) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: storage[..<byteCount]) }
}
