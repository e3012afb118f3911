import Parquet
import Synchronization
import TraceModel

/// The payloads of a segment by their ids.
///
/// Ids ascend through the file. The upper half of an id is the sequence of the segment that first wrote the payload, and a rewrite never
/// changes it: a file that was made of several segments holds ids of several sequences, with gaps where payloads went. The bounds of the
/// row groups' `payload_id` chunks say which row group has an id; where a row group has no gap, the id says the row, else the row group's
/// id column does, which is read once.
final class PayloadFile: Sendable {
    let file: SegmentParquet
    private let groups: [RowGroup]
    private let knownRuns = Mutex<KnownRuns>(KnownRuns())

    struct RowGroup: Sendable {
        var ids: ClosedRange<Int64>
        var rowCount: Int
        /// The pages of the payload column.
        var pages: OffsetIndex

        var hasGaps: Bool { ids.upperBound - ids.lowerBound + 1 != Int64(rowCount) }
    }

    /// Ids without a gap between them, and the row of the first.
    struct IDRun: Sendable {
        var first: Int64
        var row: Int
    }

    /// Bounded: a file that is read all over starts again with an empty memory.
    private struct KnownRuns {
        var byGroup: [Int: [IDRun]] = [:]
        var count = 0
    }

    /// 2 MiB of runs a file: deletions that leave more than that make lookups read the id column again.
    private static let maximumKnownRunCount = 131_072
    static let idLeaf = 0
    static let payloadLeaf = 1

    init(_ file: SegmentParquet) throws {
        self.file = file
        var groups: [RowGroup] = []
        for group in 0..<file.rowGroupCount {
            guard let pages = try file.file.offsetIndex(rowGroup: group, leaf: Self.payloadLeaf), !pages.pages.isEmpty else {
                throw Self.damage("row group \(group) has no offset index")
            }
            let rowCount = file.rowCount(ofRowGroup: group)
            // With bounds that no id has, sums of ids could overflow.
            guard rowCount > 0, let statistics = file.statistics(rowGroup: group, leaf: Self.idLeaf),
                let first = Self.integer(statistics.minimum), let last = Self.integer(statistics.maximum), first >= 0, first <= last,
                last < .max, last - first >= Int64(rowCount - 1),
                groups.last.map({ $0.ids.upperBound < first }) ?? true
            else { throw Self.damage("the ids of row group \(group) have no bounds or do not ascend") }
            groups.append(RowGroup(ids: first...last, rowCount: rowCount, pages: pages))
        }
        self.groups = groups
    }

    private static func integer(_ bytes: [UInt8]?) -> Int64? {
        guard let bytes, bytes.count == 8 else { return nil }
        return bytes.withUnsafeBytes { Int64(littleEndian: $0.loadUnaligned(as: Int64.self)) }
    }

    private static func damage(_ what: String) -> StoreError { StoreError(.corrupt, "a payload file is damaged: \(what)") }

    var rowGroups: [RowGroup] { groups }

    static let coldTier = "cold"
    /// Compressed for long keeping.
    var isCold: Bool { file.keyValue(SegmentKey.payloadTier) == Self.coldTier }

    /// Payloads of one page, by their rows in the row group, which ascend.
    struct PageRead: Sendable {
        var group: Int
        var page: Int
        var firstRow: Int
        var rows: [Int]
    }

    /// The pages in which ids lie that ascend strictly.
    func pageReads(of ids: [Int64], costs: ScanCostCounter) throws -> [PageRead] {
        var reads: [PageRead] = []
        try forEachPage(of: places(of: ids, costs: costs)) { page, places in
            reads.append(PageRead(group: page.group, page: page.page, firstRow: page.firstRow, rows: places.map { $0.row }))
        }
        return reads
    }

    /// The texts of some payloads of a page, copied out of it.
    func unpack(_ read: PageRead, costs: ScanCostCounter) throws -> UnpackedPage {
        var page = UnpackedPage(rows: read.rows)
        guard let last = read.rows.last else { return page }
        try withPage(read.group, read.page, upTo: last - read.firstRow + 1, costs) { payloads in
            for row in read.rows { page.append(payloads[row - read.firstRow]) }
        }
        return page
    }

    /// Calls `body` with the texts of `ids` in ascending order of ids, page by page; the index is that into `ids`. Pages that were
    /// unpacked before are not read again.
    func forEach(
        _ ids: [Int64], unpacked: UnpackedPages? = nil, costs: ScanCostCounter, _ body: (Int, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let order = ids.indices.sorted { ids[$0] < ids[$1] }
        var next = 0
        try forEachPage(of: places(of: order.lazy.map { ids[$0] }, costs: costs)) { page, places in
            defer { next += places.count }
            if let known = unpacked?[page.group, page.page], known.has(places.map { $0.row }) {
                for (offset, place) in places.enumerated() { try known.withText(ofRow: place.row) { try body(order[next + offset], $0) } }
                return
            }
            let last = places.last?.row ?? page.firstRow
            try withPage(page.group, page.page, upTo: last - page.firstRow + 1, costs) { payloads in
                for (offset, place) in places.enumerated() { try body(order[next + offset], payloads[place.row - page.firstRow]) }
            }
        }
    }

    /// Groups places, which ascend, by their pages: all payloads of a page are taken from it at once.
    private func forEachPage(
        of places: [(group: Int, row: Int)],
        _ body: ((group: Int, page: Int, firstRow: Int), ArraySlice<(group: Int, row: Int)>) throws -> Void
    ) rethrows {
        var next = 0
        while next < places.count {
            let (group, row) = places[next]
            let pages = groups[group].pages.pages
            let page = pages.lastIndex { $0.firstRow <= row } ?? 0
            let end = page + 1 < pages.count ? pages[page + 1].firstRow : groups[group].rowCount
            var behind = next
            while behind < places.count, places[behind].group == group, places[behind].row < end { behind += 1 }
            try body((group, page, pages[page].firstRow), places[next..<behind])
            next = behind
        }
    }

    /// Lends the first payloads of a page: the rest is not decompressed.
    private func withPage(
        _ group: Int, _ page: Int, upTo count: Int, _ costs: ScanCostCounter, _ body: (PlainByteArrays) throws -> Void
    ) throws {
        costs.add(bytes: 0, pages: 0, payloadBytes: groups[group].pages.pages[page].byteCount)
        try ReadContextPool.shared.use(costs) { context in
            try file.file.withPlainByteArrays(
                rowGroup: group, leaf: Self.payloadLeaf, page: page, upTo: count, offsetIndex: groups[group].pages, context: context
            ) { payloads in
                guard count <= payloads.count else { throw Self.damage("a page of row group \(group) ends early") }
                try body(payloads)
            }
        }
    }

    /// Row group and row of each id; `ids` ascend.
    private func places(of ids: some Sequence<Int64>, costs: ScanCostCounter) throws -> [(group: Int, row: Int)] {
        var places: [(group: Int, row: Int)] = []
        var group = 0
        var runs: [IDRun] = []
        var runsGroup = -1
        for id in ids {
            while group < groups.count, groups[group].ids.upperBound < id { group += 1 }
            guard group < groups.count, groups[group].ids.contains(id) else { throw Self.missing(id) }
            guard groups[group].hasGaps else {
                places.append((group, Int(id - groups[group].ids.lowerBound)))
                continue
            }
            if runsGroup != group {
                runs = try self.runs(ofRowGroup: group, costs: costs)
                runsGroup = group
            }
            var low = 0, high = runs.count
            while low < high {
                let middle = (low + high) / 2
                if runs[middle].first <= id { low = middle + 1 } else { high = middle }
            }
            let run = runs[low - 1], end = low < runs.count ? runs[low].row : groups[group].rowCount
            guard id - run.first < Int64(end - run.row) else { throw Self.missing(id) }
            places.append((group, run.row + Int(id - run.first)))
        }
        return places
    }

    private static func missing(_ id: Int64) -> StoreError { damage("it has no payload \(id)") }

    /// The ids of a row group as runs, ascending; at least one.
    func runs(ofRowGroup group: Int, costs: ScanCostCounter) throws -> [IDRun] {
        if !groups[group].hasGaps { return [IDRun(first: groups[group].ids.lowerBound, row: 0)] }
        if let known = knownRuns.withLock({ $0.byGroup[group] }) { return known }
        let rowCount = groups[group].rowCount
        let leaf = try file.readLeaf(rowGroup: group, leaf: Self.idLeaf, rows: 0..<rowCount, costs: costs)
        guard case .int64(let ids) = leaf.values, ids.count == rowCount, ids.first == groups[group].ids.lowerBound else {
            throw Self.damage("the ids of row group \(group) are not what its bounds say")
        }
        var runs = [IDRun(first: ids[0], row: 0)]
        for row in 1..<max(1, ids.count) where ids[row] != ids[row - 1] + 1 {
            guard ids[row] > ids[row - 1] else { throw Self.damage("the ids of row group \(group) do not ascend") }
            runs.append(IDRun(first: ids[row], row: row))
        }
        let found = runs
        knownRuns.withLock { known in
            if known.count + found.count > Self.maximumKnownRunCount { known = KnownRuns() }
            guard found.count <= Self.maximumKnownRunCount, known.byGroup[group] == nil else { return }
            known.byGroup[group] = found
            known.count += found.count
        }
        return runs
    }
}
