import Testing

@testable import Parquet

@Suite("Writer")
struct ParquetFileWriterTests {
    @Test("pages compressed ahead of time are read as values, and one by one")
    func preencodedPages() throws {
        let schema = try ParquetSchema([.required("payload", .byteArray), .required("n", .int32)])
        let texts = (0..<90).map { Array(String(repeating: "payload \($0) ", count: $0).utf8) }
        let compressor = try ZstdCompressor()
        let pages = try stride(from: 0, to: 90, by: 30).map { start -> EncodedPage in
            var plain: [UInt8] = []
            for text in texts[start..<start + 30] { plain += withUnsafeBytes(of: UInt32(text.count).littleEndian) { Array($0) } + text }
            return try plain.withUnsafeBytes { try EncodedPage.plainByteArray(uncompressed: $0, valueCount: 30, compressor: compressor) }
        }
        var bytes: [UInt8] = []
        let writer = try ParquetFileWriter(schema: schema, compressor: compressor) { bytes.append(contentsOf: $0) }
        try writer.beginRowGroup(rowCount: 90)
        try writer.writePreencodedColumn(pages)
        try (0..<90).map { Int32($0) }.withUnsafeBufferPointer { try writer.writeColumn(.int32($0)) }
        try writer.endRowGroup()
        #expect(try writer.finish() == Int64(bytes.count))
        let file = try ParquetFile.open(MemorySource(bytes))
        #expect(try file.readLeaf(rowGroup: 0, leaf: 0).testValues == texts.map { .bytes($0) })
        #expect(try file.gatherLeaf(rowGroup: 0, leaf: 0, rows: [31, 89]).testValues == [.bytes(texts[31]), .bytes(texts[89])])
        func values(page: Int, upTo count: Int) throws -> [[UInt8]] {
            try file.withPlainByteArrays(rowGroup: 0, leaf: 0, page: page, upTo: count, context: ParquetReadContext()) { values in
                (0..<values.count).map { Array(values[$0]) }
            }
        }
        for count in [0, 1, 29, 30, 31] { #expect(try values(page: 1, upTo: count) == Array(texts[30..<30 + min(count, 30)])) }
        #expect(throws: ParquetError.self) { try values(page: 3, upTo: 1) }
    }

    @Test("blobs lie between row groups and footer, where their offset says")
    func blobs() throws {
        let schema = try ParquetSchema([.required("n", .int32)])
        var bytes: [UInt8] = []
        let writer = try ParquetFileWriter(schema: schema, sortingColumns: [SortingColumn(leafIndex: 0)]) { bytes.append(contentsOf: $0) }
        var offsets: [Int64] = []
        for round in 0..<3 {
            try writer.beginRowGroup(rowCount: 5)
            try [1, 2, 3, 4, 5].withUnsafeBufferPointer { try writer.writeColumn(.int32($0)) }
            try writer.endRowGroup()
            offsets.append(try [UInt8](repeating: UInt8(round), count: 100).withUnsafeBytes { try writer.appendBlob($0) })
        }
        try writer.finish(keyValueMetadata: [("blob", "\(offsets)")])
        let file = try ParquetFile.open(MemorySource(bytes))
        #expect(file.rowGroupCount == 3)
        #expect(file.metadata.value(forKey: "blob") == "\(offsets)")
        #expect(file.metadata.rowGroups[1].sortingColumns == [SortingColumn(leafIndex: 0)])
        for round in 0..<3 {
            #expect(try file.readBlob(offset: offsets[round], byteCount: 100) == [UInt8](repeating: UInt8(round), count: 100))
            #expect(try file.readLeaf(rowGroup: round, leaf: 0).values == .int32([1, 2, 3, 4, 5]))
        }
        #expect(throws: ParquetError.self) { try file.readBlob(offset: offsets[2], byteCount: 1 << 40) }
        #expect(throws: ParquetError.self) { try file.readBlob(offset: -1, byteCount: 1) }
    }

    @Test("values, levels and calls that do not fit are refused, and the writer stays refused")
    func misuse() throws {
        let schema = try ParquetSchema([.optional("n", .int64), .list("l", .required, element: .required("e", .byteArray))])
        func attempt(_ body: (ParquetFileWriter) throws -> Void) throws {
            let writer = try ParquetFileWriter(schema: schema) { _ in }
            let error = #expect(throws: ParquetError.self) {
                try writer.beginRowGroup(rowCount: 3)
                try body(writer)
            }
            #expect(error?.code == .invalidInput)
            #expect(throws: ParquetError.self) { try writer.finish() }
        }
        let three: [Int64] = [1, 2, 3]
        let levels: [UInt8] = [1, 0, 1, 7]
        try three.withUnsafeBufferPointer { values in
            try levels.withUnsafeBufferPointer { levels in
                let good = UnsafeBufferPointer(rebasing: levels[0..<3])
                try attempt { try $0.writeColumn(.int64(values), definitionLevels: good) }
                try attempt { try $0.writeColumn(.int64(values), definitionLevels: levels) }
                try attempt { try $0.writeColumn(.int64(UnsafeBufferPointer(rebasing: values[0..<1])), definitionLevels: good) }
                try attempt { try $0.writeColumn(.int64(UnsafeBufferPointer(rebasing: values[0..<2]))) }
                try attempt { try $0.writeColumn(.double(UnsafeBufferPointer(start: nil, count: 0))) }
                try attempt { try $0.writeColumn(.int64(values), options: ColumnOptions(encoding: .deltaLengthByteArray)) }
                try attempt { try $0.writeColumn(.int64(values), definitionLevels: UnsafeBufferPointer(rebasing: levels[1..<4])) }
                try attempt { try $0.beginRowGroup(rowCount: 1) }
                try attempt { try $0.endRowGroup() }
                try attempt { _ = try $0.appendBlob(UnsafeRawBufferPointer(values)) }
                try attempt { try $0.writePreencodedColumn([]) }
                try attempt { writer in
                    try writer.writeColumn(.int64(values))
                    // Three rows are announced; the levels begin two.
                    let offsets: [UInt32] = [0, 0, 0, 0]
                    try offsets.withUnsafeBufferPointer { offsets in
                        try ([0, 1, 0] as [UInt8]).withUnsafeBufferPointer { repetition in
                            let values = ColumnValues.byteArray(offsets: offsets, bytes: UnsafeRawBufferPointer(start: nil, count: 0))
                            try writer.writeColumn(values, repetitionLevels: repetition)
                        }
                    }
                }
            }
        }
    }

    @Test("offsets that run backwards or past their bytes, and codes outside of the dictionary, are refused")
    func badByteArrays() throws {
        let schema = try ParquetSchema([.required("text", .byteArray)])
        func attempt(_ offsets: [UInt32], codes: [UInt32]? = nil) throws {
            let writer = try ParquetFileWriter(schema: schema) { _ in }
            try writer.beginRowGroup(rowCount: codes?.count ?? offsets.count - 1)
            _ = offsets.withUnsafeBufferPointer { offsets in
                Array("0123456789".utf8).withUnsafeBytes { bytes in
                    guard let codes else {
                        return #expect(throws: ParquetError.self) { try writer.writeColumn(.byteArray(offsets: offsets, bytes: bytes)) }
                    }
                    return codes.withUnsafeBufferPointer { codes in
                        #expect(throws: ParquetError.self) {
                            try writer.writeColumn(.dictionary(codes: codes, offsets: offsets, bytes: bytes))
                        }
                    }
                }
            }
        }
        try attempt([0, 5, 3])
        try attempt([0, 11])
        try attempt([0, 2, 4], codes: [0, 2])
    }

    @Test("an error of the sink ends the file")
    func failingSink() throws {
        struct Full: Error {}
        var room = 4
        let writer = try ParquetFileWriter(schema: ParquetSchema([.required("n", .int32)])) { bytes in
            room -= bytes.count
            if room < 0 { throw Full() }
        }
        try writer.beginRowGroup(rowCount: 1)
        #expect(throws: Full.self) { try [7].withUnsafeBufferPointer { try writer.writeColumn(.int32($0)) } }
        #expect(throws: ParquetError.self) { try writer.endRowGroup() }
    }
}
