import Parquet

/// The payloads that kept rows of a segment refer to, as runs of ids: what a rewrite takes along.
struct PayloadIDs: Sendable {
    /// Ascending, not touching each other.
    private(set) var runs: [Range<Int64>] = []

    /// Any order, overlapping.
    init(_ ranges: [Range<Int64>]) {
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
            if let last = runs.last, range.lowerBound <= last.upperBound {
                runs[runs.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                runs.append(range)
            }
        }
    }

    func contains(_ id: Int64) -> Bool {
        var low = 0, high = runs.count
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].upperBound <= id { low = middle + 1 } else { high = middle }
        }
        return low < runs.count && runs[low].contains(id)
    }

    /// Ids of both.
    func intersection(_ other: PayloadIDs) -> [Int64] { runs.flatMap { $0.filter { other.contains($0) } } }

    /// What rows of a row group refer to. A reference names one payload, or as many as its `part_count` says.
    static func referred(
        from rows: [Int32], ofRowGroup group: Int, _ files: SegmentFiles, _ costs: ScanCostCounter
    ) throws -> [Range<Int64>] {
        func leaf(_ name: String) throws -> NestedRows? {
            guard let index = files.leaf(at: ["payloads", "list", "element", name]) else { return nil }
            return NestedRows(
                try files.spans.gatherLeaf(rowGroup: group, leaf: index, rows: rows, costs: costs),
                maximumDefinitionLevel: files.spans.schema.leaves[index].maximumDefinitionLevel)
        }
        guard let ids = try leaf("payload_id") else { throw StoreError(.corrupt, "a segment has no column payloads.payload_id") }
        let counts = try leaf("part_count")
        return ids.rows.indices.flatMap { row in
            ids.rows[row].compactMap { entry -> Range<Int64>? in
                guard let id = ids.integer(entry) else { return nil }
                let count = max(1, counts?.integer(entry) ?? 1)
                let (end, overflows) = id.addingReportingOverflow(count)
                return overflows ? id..<id : id..<end
            }
        }
    }
}
