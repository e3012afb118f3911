import Parquet

/// What becomes of the row groups of the segments of a rewrite: copied byte for byte, or merged with others and sorted anew.
///
/// Copied is a row group that is large, of which no row is masked. The rows of all others are put in order together, as a seal does it:
/// cut by start time into row groups of equal size, sorted by (trace id, start time, source) inside.
struct RewritePlan {
    enum Output {
        case copied(source: Int, rowGroup: Int)
        case merged(MergedRowGroup)
    }

    /// Rows of several row groups that become one.
    struct MergedRowGroup {
        struct Piece {
            var source: Int
            var rowGroup: Int
            /// Ascending.
            var rows: [Int32]
        }

        struct Place {
            var piece: Int32
            /// In the piece's rows.
            var index: Int32
        }

        var pieces: [Piece]
        /// In the order of the new row group.
        var order: [Place]
    }

    struct Source {
        let handle: SegmentHandle
        let files: SegmentFiles

        var firstRows: [Int] { (0..<files.spans.rowGroupCount).map { files.firstRow(ofRowGroup: $0) } }
    }

    /// By start time of their first span.
    private(set) var outputs: [Output] = []
    private(set) var minimumStartTimeUnixNano = UInt64.max
    private(set) var maximumStartTimeUnixNano: UInt64 = 0

    private struct Row {
        var high: UInt64
        var low: UInt64
        var start: UInt64
        /// Of `candidates`.
        var candidate: Int32
        var row: Int32
    }

    init(_ sources: [Source], limits: StoreLimits, costs: ScanCostCounter) throws {
        var starts: [UInt64] = []
        var candidates: [(source: Int, rowGroup: Int, rows: [Int32])] = []
        for (index, source) in sources.enumerated() {
            for group in 0..<source.files.spans.rowGroupCount {
                let rowCount = source.files.spans.rowCount(ofRowGroup: group)
                let kept = Self.keptRows(source, group, rowCount)
                if rowCount >= limits.minimumCopiedRowGroupRowCount, kept.count == rowCount {
                    starts.append(try addCopied(index, group, source, costs))
                } else if !kept.isEmpty {
                    candidates.append((index, group, kept))
                }
            }
        }
        let isAlone =
            candidates.count == 1
            && sources[candidates[0].source].files.spans.rowCount(ofRowGroup: candidates[0].rowGroup)
                == candidates[0].rows.count
        if isAlone {
            // There is nothing to merge it with.
            starts.append(try addCopied(candidates[0].source, candidates[0].rowGroup, sources[candidates[0].source], costs))
        } else if !candidates.isEmpty {
            starts += try addMerged(candidates, sources, limits, costs)
        }
        let order = outputs.indices.sorted { (starts[$0], $0) < (starts[$1], $1) }
        outputs = order.map { outputs[$0] }
    }

    /// Every row group stays by itself and in its place, without the rows that are masked.
    init(inPlace source: Source, costs: ScanCostCounter) throws {
        for group in 0..<source.files.spans.rowGroupCount {
            let rowCount = source.files.spans.rowCount(ofRowGroup: group)
            let kept = Self.keptRows(source, group, rowCount)
            if kept.count == rowCount {
                _ = try addCopied(0, group, source, costs)
            } else if !kept.isEmpty {
                let starts = try RowGroupMerger.integers("start_time", source.files, group, kept, costs).map { UInt64(bitPattern: $0) }
                note(starts.min() ?? 0, starts.max() ?? 0)
                let piece = MergedRowGroup.Piece(source: 0, rowGroup: group, rows: kept)
                let order = kept.indices.map { MergedRowGroup.Place(piece: 0, index: Int32($0)) }
                outputs.append(.merged(MergedRowGroup(pieces: [piece], order: order)))
            }
        }
    }

    private static func keptRows(_ source: Source, _ group: Int, _ rowCount: Int) -> [Int32] {
        let first = Int32(source.files.firstRow(ofRowGroup: group))
        let mask = source.handle.mask.drop { $0 < first }.prefix { $0 < first + Int32(rowCount) }
        guard !mask.isEmpty else { return Array(0..<Int32(rowCount)) }
        var isMasked = [Bool](repeating: false, count: rowCount)
        for row in mask { isMasked[Int(row - first)] = true }
        return (0..<Int32(rowCount)).filter { !isMasked[Int($0)] }
    }

    private mutating func note(_ minimum: UInt64, _ maximum: UInt64) {
        minimumStartTimeUnixNano = min(minimumStartTimeUnixNano, minimum)
        maximumStartTimeUnixNano = max(maximumStartTimeUnixNano, maximum)
    }

    /// Answers its first start time.
    private mutating func addCopied(_ index: Int, _ group: Int, _ source: Source, _ costs: ScanCostCounter) throws -> UInt64 {
        outputs.append(.copied(source: index, rowGroup: group))
        let starts = try RowGroupMerger.integers(
            "start_time", source.files, group, (0..<source.files.spans.rowCount(ofRowGroup: group)).map { Int32($0) }, costs)
        let bounds = starts.reduce(into: (UInt64.max, UInt64(0))) { bounds, start in
            let start = UInt64(bitPattern: start)
            bounds = (min(bounds.0, start), max(bounds.1, start))
        }
        note(bounds.0, bounds.1)
        return bounds.0
    }

    private mutating func addMerged(
        _ candidates: [(source: Int, rowGroup: Int, rows: [Int32])], _ sources: [Source], _ limits: StoreLimits, _ costs: ScanCostCounter
    ) throws -> [UInt64] {
        var rows: [Row] = []
        var byteCount: Int64 = 0
        for (number, candidate) in candidates.enumerated() {
            let files = sources[candidate.source].files
            let starts = try RowGroupMerger.integers("start_time", files, candidate.rowGroup, candidate.rows, costs)
            let traces = try files.spans.gatherLeaf(rowGroup: candidate.rowGroup, leaf: 0, rows: candidate.rows, costs: costs)
            guard case .fixedLength(let bytes, 16) = traces.values, bytes.count == candidate.rows.count * 16 else {
                throw StoreError(.corrupt, "the trace ids of a segment have another type")
            }
            bytes.withUnsafeBytes { bytes in
                for (index, row) in candidate.rows.enumerated() {
                    rows.append(
                        Row(
                            high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 16, as: UInt64.self)),
                            low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 16 + 8, as: UInt64.self)),
                            start: UInt64(bitPattern: starts[index]), candidate: Int32(number), row: row))
                }
            }
            let group = files.spans.file.metadata.rowGroups[candidate.rowGroup]
            byteCount += group.totalUncompressedByteCount * Int64(candidate.rows.count) / Int64(max(1, group.rowCount))
        }
        let bytesPerRow = max(1, Int(byteCount) / max(1, rows.count))
        let most = min(limits.maximumRowGroupRowCount, max(4096, limits.maximumRowGroupByteCount / bytesPerRow))
        let groupCount = (rows.count + most - 1) / most
        if groupCount > 1 { rows.sort { ($0.start, $0.candidate, $0.row) < ($1.start, $1.candidate, $1.row) } }
        var starts: [UInt64] = []
        for group in 0..<groupCount {
            var slice = Array(rows[rows.count * group / groupCount..<rows.count * (group + 1) / groupCount])
            slice.sort { ($0.high, $0.low, $0.start, $0.candidate, $0.row) < ($1.high, $1.low, $1.start, $1.candidate, $1.row) }
            let first = slice.min { $0.start < $1.start }?.start ?? 0
            note(first, slice.max { $0.start < $1.start }?.start ?? 0)
            starts.append(first)
            outputs.append(.merged(Self.merged(slice, candidates)))
        }
        return starts
    }

    private static func merged(_ rows: [Row], _ candidates: [(source: Int, rowGroup: Int, rows: [Int32])]) -> MergedRowGroup {
        var wanted = [[Int32]](repeating: [], count: candidates.count)
        for row in rows { wanted[Int(row.candidate)].append(row.row) }
        var pieces: [MergedRowGroup.Piece] = []
        var pieceOfCandidate = [Int32](repeating: -1, count: candidates.count)
        // Where each wanted row stands among those of its piece.
        var indexes = [[Int32]](repeating: [], count: candidates.count)
        for number in wanted.indices where !wanted[number].isEmpty {
            wanted[number].sort()
            pieceOfCandidate[number] = Int32(pieces.count)
            indexes[number] = [Int32](repeating: -1, count: Int(wanted[number][wanted[number].count - 1]) + 1)
            for (index, row) in wanted[number].enumerated() { indexes[number][Int(row)] = Int32(index) }
            pieces.append(.init(source: candidates[number].source, rowGroup: candidates[number].rowGroup, rows: wanted[number]))
        }
        let order = rows.map { row in
            MergedRowGroup.Place(piece: pieceOfCandidate[Int(row.candidate)], index: indexes[Int(row.candidate)][Int(row.row)])
        }
        return MergedRowGroup(pieces: pieces, order: order)
    }

    /// Where the rows go, once the outputs are written one behind the other.
    func mapping(_ sources: [Source]) -> RowMapping {
        var targets: [[RowMapping.RowGroup?]] = sources.map { Array(repeating: nil, count: $0.files.spans.rowGroupCount) }
        func rowCount(_ source: Int, _ group: Int) -> Int { sources[source].files.spans.rowCount(ofRowGroup: group) }
        var base: Int32 = 0
        for output in outputs {
            switch output {
            case .copied(let source, let group):
                targets[source][group] = .moved(to: base)
                base += Int32(rowCount(source, group))
            case .merged(let merged):
                var scattered: [[Int32]] = merged.pieces.map { piece in
                    // Rows of one row group may go to several.
                    if case .scattered(let rows)? = targets[piece.source][piece.rowGroup] { return rows }
                    return Array(repeating: RowMapping.gone, count: rowCount(piece.source, piece.rowGroup))
                }
                for place in merged.order {
                    scattered[Int(place.piece)][Int(merged.pieces[Int(place.piece)].rows[Int(place.index)])] = base
                    base += 1
                }
                for (piece, rows) in zip(merged.pieces, scattered) { targets[piece.source][piece.rowGroup] = .scattered(rows) }
            }
        }
        var mapping = RowMapping()
        for (index, source) in sources.enumerated() {
            for (group, firstRow) in source.firstRows.enumerated() {
                let gone = RowMapping.RowGroup.scattered([])
                mapping.add(targets[index][group] ?? gone, ofRowGroupAt: firstRow, ofSegment: source.handle.descriptor.sequence)
            }
        }
        return mapping
    }
}
