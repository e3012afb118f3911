import Parquet
import TraceModel

/// The payloads of a segment by their ids. A payload's row is the low half of its id, so finding it takes the offset index and
/// one page.
final class PayloadFile: Sendable {
    private let file: SegmentParquet
    private let sequence: UInt64
    /// First row of each row group, and the row behind the last.
    private let firstRows: [Int]
    /// The pages of each row group's payload column.
    private let indexes: [OffsetIndex]

    private static let payloadLeaf = 1

    init(_ file: SegmentParquet, sequence: UInt64) throws {
        self.file = file
        self.sequence = sequence
        var rows = [0]
        for group in 0..<file.rowGroupCount { rows.append(rows[group] + file.rowCount(ofRowGroup: group)) }
        firstRows = rows
        indexes = try (0..<file.rowGroupCount).map { group in
            guard let index = try file.file.offsetIndex(rowGroup: group, leaf: Self.payloadLeaf) else {
                throw StoreError(.corrupt, "the payload file of segment \(sequence) has no offset index")
            }
            return index
        }
    }

    /// Calls `body` with the texts of `ids` in ascending order of ids, page by page; the index is that into `ids`.
    func forEach(_ ids: [Int64], costs: ScanCostCounter, _ body: (Int, UnsafeRawBufferPointer) throws -> Void) throws {
        let order = ids.indices.sorted { ids[$0] < ids[$1] }
        var next = 0
        while next < order.count {
            let row = try self.row(of: ids[order[next]])
            guard let group = firstRows.indices.dropLast().last(where: { firstRows[$0] <= row }), row < firstRows[group + 1] else {
                throw StoreError(.corrupt, "segment \(sequence) has no payload \(ids[order[next]])")
            }
            // All payloads of this page are taken from it at once.
            let pages = indexes[group].pages
            let place = pages.lastIndex { $0.firstRow <= row - firstRows[group] } ?? 0
            let first = firstRows[group] + pages[place].firstRow
            let end = place + 1 < pages.count ? firstRows[group] + pages[place + 1].firstRow : firstRows[group + 1]
            // How far into the page the last wanted payload lies: the rest is not decompressed.
            var last = row
            for index in order[next...] {
                let row = try self.row(of: ids[index])
                guard row < end else { break }
                last = row
            }
            costs.add(bytes: 0, pages: 0, payloadBytes: pages[place].byteCount)
            try ReadContextPool.shared.use(costs) { context in
                try file.file.withPlainByteArrays(
                    rowGroup: group, leaf: Self.payloadLeaf, page: place, upTo: last - first + 1, offsetIndex: indexes[group],
                    context: context
                ) { payloads in
                    guard last - first < payloads.count else {
                        throw StoreError(.corrupt, "a payload page of segment \(sequence) ends early")
                    }
                    while next < order.count {
                        let row = try self.row(of: ids[order[next]])
                        guard row <= last else { break }
                        try body(order[next], payloads[row - first])
                        next += 1
                    }
                }
            }
        }
    }

    private func row(of id: Int64) throws(StoreError) -> Int {
        guard UInt64(bitPattern: id) >> 32 == sequence else {
            throw StoreError(.corrupt, "payload \(id) is referred to from segment \(sequence)")
        }
        return Int(id & 0xffff_ffff)
    }
}
