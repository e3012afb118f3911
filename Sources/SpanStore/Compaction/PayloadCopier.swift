import Parquet

/// Writes the payload file of a rewrite: the payloads that are still referred to, under the ids they have, in ascending order.
///
/// A page all of whose payloads are kept is copied as it is compressed; another is decompressed, thinned out and compressed again. Payloads
/// for long keeping are all compressed again, several pages as one. No page holds payloads of two sequences, and payloads of one sequence
/// are in one file only, so pages of several files never overlap.
struct PayloadCopier {
    struct Source {
        var file: PayloadFile
        /// Nil: all.
        var kept: PayloadIDs?

        /// How its pages are compressed that are not copied.
        var compression: ZstdParameters { file.isCold ? StoreLimits.coldPayloadCompression : StoreLimits.payloadCompression }
    }

    let sources: [Source]
    /// Pages become as large as those of cold payloads, and are compressed like them.
    let isForLongKeeping: Bool
    let limits: StoreLimits
    let check: () throws -> Void
    let costs: ScanCostCounter
    private(set) var copiedPageCount = 0
    private(set) var filteredPageCount = 0
    private(set) var coldPageCount = 0

    init(
        _ sources: [Source], isForLongKeeping: Bool, limits: StoreLimits, check: @escaping () throws -> Void, costs: ScanCostCounter
    ) {
        self.sources = sources
        self.isForLongKeeping = isForLongKeeping
        self.limits = limits
        self.check = check
        self.costs = costs
    }

    private struct Page {
        var source: Int
        var rowGroup: Int
        var page: Int
        var ids: [Int64]
    }

    /// Pages of which something is kept; ids of what is.
    private func pages() throws -> [Page] {
        var pages: [Page] = []
        for (index, source) in sources.enumerated() {
            for (number, group) in source.file.rowGroups.enumerated() {
                let runs = try source.file.runs(ofRowGroup: number, costs: costs)
                var run = 0
                for (place, location) in group.pages.pages.enumerated() {
                    let end = place + 1 < group.pages.pages.count ? group.pages.pages[place + 1].firstRow : group.rowCount
                    let ids = (location.firstRow..<end).map { row -> Int64 in
                        while run + 1 < runs.count, runs[run + 1].row <= row { run += 1 }
                        return runs[run].first + Int64(row - runs[run].row)
                    }
                    if source.kept.map({ kept in ids.contains { kept.contains($0) } }) ?? true {
                        pages.append(Page(source: index, rowGroup: number, page: place, ids: ids))
                    }
                }
            }
        }
        pages.sort { ($0.ids.first ?? 0) < ($1.ids.first ?? 0) }
        for (page, next) in zip(pages, pages.dropFirst()) where (page.ids.last ?? 0) >= (next.ids.first ?? 0) {
            throw StoreError(.corrupt, "two payload files hold payloads of the same sequence")
        }
        return pages
    }

    /// Writes row groups; answers how many payloads there are. With none nothing is written.
    mutating func write(_ begin: () throws -> ParquetFileWriter) throws -> Int {
        var writer: ParquetFileWriter?
        var group: [EncodedPage] = [], ids: [Int64] = []
        var byteCount = 0, count = 0
        let compressor = try ZstdCompressor(), maximumRowGroupByteCount = limits.maximumRowGroupByteCount
        func flush() throws {
            guard !group.isEmpty else { return }
            let target = try writer ?? begin()
            writer = target
            try target.beginRowGroup(rowCount: ids.count)
            try ids.withUnsafeBufferPointer { try target.writeColumn(.int64($0), options: ColumnOptions(encoding: .deltaBinaryPacked)) }
            try target.writePreencodedColumn(group)
            try target.endRowGroup()
            count += ids.count
            (group, ids, byteCount) = ([], [], 0)
        }
        func put(_ page: EncodedPage, _ kept: [Int64]) throws {
            if !group.isEmpty, byteCount + page.compressed.count > maximumRowGroupByteCount { try flush() }
            group.append(page)
            ids += kept
            byteCount += page.compressed.count
        }
        if isForLongKeeping {
            try repack(compressor, put)
        } else {
            for page in try pages() {
                try check()
                let (encoded, kept) = try read(page, compressor)
                try put(encoded, kept)
            }
        }
        try flush()
        return count
    }

    private mutating func read(_ page: Page, _ compressor: ZstdCompressor) throws -> (EncodedPage, [Int64]) {
        let source = sources[page.source], file = source.file.file.file
        let index = source.file.rowGroups[page.rowGroup].pages
        let places = page.ids.indices.filter { source.kept?.contains(page.ids[$0]) ?? true }
        if places.count == page.ids.count {
            copiedPageCount += 1
            let encoded = try ReadContextPool.shared.use(costs) {
                try file.encodedPage(
                    rowGroup: page.rowGroup, leaf: PayloadFile.payloadLeaf, page: page.page, offsetIndex: index, context: $0)
            }
            guard encoded.valueCount == page.ids.count else { throw StoreError(.corrupt, "a payload page has another number of payloads") }
            return (encoded, page.ids)
        }
        filteredPageCount += 1
        var raw: [UInt8] = []
        let kept = try append(page, places, to: &raw)
        return (try Self.encode(raw, kept.count, compressor, source.compression), kept)
    }

    /// Pages of one sequence, one behind the other, as large ones.
    private mutating func repack(_ compressor: ZstdCompressor, _ put: (EncodedPage, [Int64]) throws -> Void) throws {
        var raw: [UInt8] = [], ids: [Int64] = []
        func pack() throws {
            guard !ids.isEmpty else { return }
            coldPageCount += 1
            try put(Self.encode(raw, ids.count, compressor, StoreLimits.coldPayloadCompression), ids)
            raw.removeAll(keepingCapacity: true)
            ids.removeAll(keepingCapacity: true)
        }
        for page in try pages() {
            try check()
            if let last = ids.last, let next = page.ids.first, last >> 32 != next >> 32 { try pack() }
            let kept = sources[page.source].kept
            ids += try append(page, page.ids.indices.filter { kept?.contains(page.ids[$0]) ?? true }, to: &raw)
            // Four pages of a seal are a little more than one of these.
            if raw.count >= limits.coldPageByteCount / 8 * 7 { try pack() }
        }
        try pack()
    }

    /// Appends payloads of a page in PLAIN form; answers their ids.
    private func append(_ page: Page, _ places: [Int], to raw: inout [UInt8]) throws -> [Int64] {
        let source = sources[page.source], file = source.file.file.file
        try ReadContextPool.shared.use(costs) { context in
            try file.withPlainByteArrays(
                rowGroup: page.rowGroup, leaf: PayloadFile.payloadLeaf, page: page.page, upTo: page.ids.count,
                offsetIndex: source.file.rowGroups[page.rowGroup].pages, context: context
            ) { payloads in
                guard payloads.count == page.ids.count else { throw StoreError(.corrupt, "a payload page ends early") }
                for place in places {
                    withUnsafeBytes(of: UInt32(payloads[place].count).littleEndian) { raw.append(contentsOf: $0) }
                    raw.append(contentsOf: payloads[place])
                }
            }
        }
        return places.map { page.ids[$0] }
    }

    private static func encode(
        _ raw: [UInt8], _ count: Int, _ compressor: ZstdCompressor, _ parameters: ZstdParameters
    ) throws -> EncodedPage {
        try raw.withUnsafeBytes {
            try EncodedPage.plainByteArray(uncompressed: $0, valueCount: count, compressor: compressor, parameters: parameters)
        }
    }
}
