/// Holds a whole file that `ParquetFileWriter` made against itself: page checksums, and everything that has none.
///
/// Parquet's checksums cover the bytes of pages, not the headers of pages, the footer or the indexes. Those are made again from what was
/// read of them and from the values, and compared with what the file has: a bit that is not as it was written is found wherever it lies.
/// One page, one dictionary, and the bounds of one chunk's pages are in memory at a time.
package struct ParquetInspection {
    package let file: ParquetFile
    private var findings: [ParquetFinding] = []
    let context = ParquetReadContext()

    /// Errors: what keeps the footer from being read.
    package init(_ source: any ParquetSource) throws(ParquetError) { file = try ParquetFile.open(source, context: context) }

    /// What was found since the last call.
    package mutating func takeFindings() -> [ParquetFinding] {
        defer { findings = [] }
        return findings
    }

    mutating func found(_ message: String, at byteOffset: Int64? = nil, isHarmless: Bool = false) {
        findings.append(ParquetFinding(message, at: byteOffset, isHarmless: isHarmless))
    }

    // MARK: Layout

    /// The first bytes, the footer, and that chunks, filters and indexes fill the file without gap or overlap.
    package mutating func checkLayout() throws(ParquetError) {
        let magic = ParquetFileWriter.magic
        guard try context.read(file.source, at: 0, byteCount: magic.count).elementsEqual(magic) else {
            return found("the file does not begin with PAR1", at: 0)
        }
        let end = try checkFooter()
        var regions: [(start: Int64, end: Int64)] = []
        for group in file.metadata.rowGroups {
            for chunk in group.columns {
                regions.append((chunk.startOffset, chunk.startOffset + chunk.compressedByteCount))
                for region in [chunk.bloomFilter, chunk.offsetIndex, chunk.columnIndex] {
                    if let region, let byteCount = region.byteCount { regions.append((region.offset, region.offset + Int64(byteCount))) }
                }
            }
        }
        var position = Int64(magic.count)
        for region in regions.sorted(by: { $0.start < $1.start }) {
            if region.start < position { found("two structures overlap", at: region.start) }
            if region.start > position {
                found("\(region.start - position) bytes belong to nothing that the footer names", at: position, isHarmless: true)
            }
            position = max(position, region.end)
        }
        if position < end { found("\(end - position) bytes belong to nothing that the footer names", at: position, isHarmless: true) }
        if position > end { found("structures reach into the footer", at: end) }
    }

    /// Answers where the footer begins.
    private mutating func checkFooter() throws(ParquetError) -> Int64 {
        let byteCount = Int64(file.source.byteCount)
        let tail = try context.read(file.source, at: byteCount - 8, byteCount: 8)
        let footerByteCount = Int(UInt32(littleEndian: tail.loadUnaligned(as: UInt32.self)))
        let start = byteCount - 8 - Int64(footerByteCount)
        let footer = try context.read(file.source, at: start, byteCount: footerByteCount)
        if !footer.elementsEqual(file.metadata.encode()) {
            found("the footer is not as it was written: it reads, and would be written otherwise", at: start)
        }
        if file.metadata.createdBy != ParquetFileWriter.createdBy {
            found("the file says that \(file.metadata.createdBy) wrote it", at: start)
        }
        return start
    }

    /// Sums of a row group over its chunks, and what it says it is sorted by.
    package mutating func checkRowGroup(_ index: Int, sortedBy leaves: [Int]) {
        let group = file.metadata.rowGroups[index]
        let name = "row group \(index)"
        if group.totalUncompressedByteCount != group.columns.reduce(0, { $0 + $1.uncompressedByteCount })
            || group.totalCompressedByteCount != group.columns.reduce(0, { $0 + $1.compressedByteCount })
            || group.fileOffset != group.columns.first?.startOffset ?? 0
        {
            found("\(name): its sizes are not those of its chunks")
        }
        if group.sortingColumns != leaves.map({ SortingColumn(leafIndex: $0) }) { found("\(name): it names other columns as sorted") }
    }

    // MARK: Chunks

    /// Reads every page of a chunk and hands its rows out. Errors of `body` are passed on; those of the file become findings.
    package mutating func checkChunk(
        rowGroup: Int, leaf leafIndex: Int, _ body: (Range<Int>, DecodedLeaf) throws -> Void
    ) throws {
        let chunk = file.metadata.rowGroups[rowGroup].columns[leafIndex]
        let name = "row group \(rowGroup), column \(file.schema.leaves[leafIndex].path.joined(separator: "/"))"
        var check: ChunkCheck
        do throws(ParquetError) {
            check = try ChunkCheck(file, rowGroup: rowGroup, leaf: leafIndex, context: context)
        } catch {
            return try failed(error, name, chunk.startOffset)
        }
        for page in check.offsetIndex.pages.indices {
            let offset = check.offsetIndex.pages[page].offset
            let decoded: DecodedLeaf
            do throws(ParquetError) { decoded = try check.read(page) } catch {
                try failed(error, name, offset)
                check.isIncomplete = true
                continue
            }
            try body(check.rows(of: page), decoded)
        }
        do throws(ParquetError) { try check.finish() } catch { try failed(error, name, chunk.startOffset) }
        findings += check.findings.map { ParquetFinding("\(name): \($0.message)", at: $0.byteOffset, isHarmless: $0.isHarmless) }
    }

    /// A source that fails is no damage of the file.
    private mutating func failed(_ error: ParquetError, _ name: String, _ byteOffset: Int64) throws(ParquetError) {
        if error.code == .source { throw error }
        found("\(name): \(error.message)", at: byteOffset)
    }
}
