import TraceModel

/// What all edits so far add up to. A pure value: an edit applies whole or throws and changes nothing.
package struct ManifestState: Sendable, Equatable {
    /// By sequence.
    package private(set) var segments: [UInt64: SegmentDescriptor] = [:]
    /// By the segment's sequence; only segments that have masked rows.
    package private(set) var rowMasks: [UInt64: RowMask] = [:]
    package private(set) var sealedLSN: [PartitionID: UInt64] = [:]
    /// In the order of their LSNs; none much older than the youngest.
    package private(set) var recentRequests: [RecentRequest] = []
    package private(set) var promotedKeys: [ProjectID: [PromotedKey]] = [:]
    package private(set) var nextSequence: UInt64 = 1
    package private(set) var logStartLSN: UInt64 = 0
    /// The highest LSN that was ever sealed: the log goes on above it even if its files are gone.
    package private(set) var highestSealedLSN: UInt64 = 0

    package init() {}

    package mutating func apply(_ edit: ManifestEdit) throws(StoreError) {
        var next = self
        for record in edit.records { try next.apply(record) }
        self = next
    }

    private mutating func apply(_ record: ManifestRecord) throws(StoreError) {
        switch record {
        case .sealed(_, let lsn) where lsn > WALFileHeader.maximumLSN, .logStart(let lsn) where lsn > WALFileHeader.maximumLSN,
            .highestSealed(let lsn) where lsn > WALFileHeader.maximumLSN:
            throw Self.refusal("LSN \(lsn) is beyond any log's")
        case .addSegment(let segment):
            guard segments.updateValue(segment, forKey: segment.sequence) == nil else {
                throw Self.refusal("segment \(segment.sequence) is added twice")
            }
            guard segment.sequence < UInt64.max else { throw Self.refusal("segment numbers are used up") }
            nextSequence = max(nextSequence, segment.sequence + 1)
        case .dropSegment(let sequence):
            guard segments.removeValue(forKey: sequence) != nil else {
                throw Self.refusal("segment \(sequence) is dropped and does not exist")
            }
            rowMasks[sequence] = nil
        case .sealed(let partition, let lsn):
            highestSealedLSN = max(highestSealedLSN, lsn)
            if lsn >= logStartLSN { sealedLSN[partition] = max(sealedLSN[partition] ?? 0, lsn) }
        case .rowMask(let sequence, let horizonLSN, let rows):
            guard let segment = segments[sequence] else {
                throw Self.refusal("rows of segment \(sequence) are masked and it does not exist")
            }
            guard rows.runs.last.map({ Int($0.upperBound) <= segment.spanRowCount }) ?? true else {
                throw Self.refusal("rows beyond the \(segment.spanRowCount) of segment \(sequence) are masked")
            }
            let mask = rowMasks[sequence] ?? RowMask(rows: RowSet(), horizonLSN: 0)
            rowMasks[sequence] = RowMask(rows: mask.rows.union(rows), horizonLSN: max(mask.horizonLSN, horizonLSN))
        case .recentRequests(let requests):
            recentRequests = RecentRequest.merged(recentRequests, requests)
        case .promotedKeys(let project, let keys):
            try promote(keys, in: project)
        case .nextSequence(let sequence):
            nextSequence = max(nextSequence, sequence)
        case .logStart(let lsn):
            logStartLSN = max(logStartLSN, lsn)
            sealedLSN = sealedLSN.filter { $0.value >= logStartLSN }
        case .highestSealed(let lsn):
            highestSealedLSN = max(highestSealedLSN, lsn)
        }
    }

    private mutating func promote(_ keys: [PromotedKey], in project: ProjectID) throws(StoreError) {
        var registry = promotedKeys[project] ?? []
        for key in keys {
            if let known = registry.first(where: { $0.scope == key.scope && $0.key == key.key }) {
                guard known == key else { throw Self.refusal("the promoted key \(key.key) of project \(project.uuid) would change") }
            } else {
                registry.append(key)
            }
        }
        promotedKeys[project] = registry
    }

    private static func refusal(_ what: String) -> StoreError { StoreError(.invalid, "the manifest edit does not fit: \(what)") }

    /// The edit that makes this state from an empty one. Sorted, so that equal states have equal checkpoints.
    package var checkpoint: ManifestEdit {
        var edit = ManifestEdit([.nextSequence(nextSequence), .logStart(lsn: logStartLSN)])
        for segment in segments.values.sorted(by: { $0.sequence < $1.sequence }) { edit.append(.addSegment(segment)) }
        for (sequence, mask) in rowMasks.sorted(by: { $0.key < $1.key }) {
            edit.append(.rowMask(segment: sequence, horizonLSN: mask.horizonLSN, rows: mask.rows))
        }
        for (partition, lsn) in sealedLSN.sorted(by: { $0.key < $1.key }) { edit.append(.sealed(partition, lsn: lsn)) }
        // Keeps the highest LSN when the partition it belonged to is forgotten.
        edit.append(.highestSealed(lsn: highestSealedLSN))
        for (project, keys) in promotedKeys.sorted(by: { $0.key < $1.key }) { edit.append(.promotedKeys(project: project, keys: keys)) }
        if !recentRequests.isEmpty { edit.append(.recentRequests(recentRequests)) }
        return edit
    }

    package func segments(of project: ProjectID) -> [SegmentDescriptor] {
        segments.values.filter { $0.project == project }.sorted { $0.sequence < $1.sequence }
    }
}
