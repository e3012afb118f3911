import TraceModel

/// What all edits so far add up to. A pure value: an edit applies whole or throws and changes nothing.
package struct ManifestState: Sendable, Equatable {
    package private(set) var segments = ManifestSegments()
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
        try check(edit)
        var changes = SegmentChanges()
        for record in edit.records { apply(record, &changes) }
        segments.apply(changes.all)
    }

    /// Throws where an edit does not fit. Apart from `apply`, which changes the state in place: a copy for every edit would cost more than
    /// the edit where there are a hundred thousand segments.
    package func check(_ edit: ManifestEdit) throws(StoreError) {
        var changes = PendingChanges()
        for record in edit.records { try check(record, &changes) }
    }

    /// What the records before one in its edit do.
    private struct PendingChanges {
        /// Row counts by sequence.
        var added: [UInt64: Int] = [:]
        var dropped: Set<UInt64> = []
        var promoted: [ProjectID: [PromotedKey]] = [:]
    }

    private func rowCount(ofSegment sequence: UInt64, _ changes: PendingChanges) -> Int? {
        changes.added[sequence] ?? (changes.dropped.contains(sequence) ? nil : segments[sequence]?.spanRowCount)
    }

    private func exists(_ sequence: UInt64, _ changes: PendingChanges) -> Bool {
        changes.added[sequence] != nil || !changes.dropped.contains(sequence) && segments.contains(sequence)
    }

    /// What an edit does to segments: they are packed, so it is done to all of them at once.
    private struct SegmentChanges {
        private(set) var all: [SegmentTable.Change] = []
        private var added: [UInt64: SegmentDescriptor] = [:]

        mutating func put(_ segment: SegmentDescriptor) {
            all.append(.put(segment))
            added[segment.sequence] = segment
        }

        mutating func remove(_ segment: SegmentDescriptor) {
            all.append(.remove(segment.place))
            added[segment.sequence] = nil
        }

        /// As the records so far left it.
        func segment(_ sequence: UInt64, _ before: ManifestSegments) -> SegmentDescriptor? { added[sequence] ?? before[sequence] }
    }

    private func check(_ record: ManifestRecord, _ changes: inout PendingChanges) throws(StoreError) {
        switch record {
        case .sealed(_, let lsn) where lsn > WALFileHeader.maximumLSN, .logStart(let lsn) where lsn > WALFileHeader.maximumLSN,
            .highestSealed(let lsn) where lsn > WALFileHeader.maximumLSN:
            throw Self.refusal("LSN \(lsn) is beyond any log's")
        case .addSegment(let segment):
            guard !exists(segment.sequence, changes) else {
                throw Self.refusal("segment \(segment.sequence) is added twice")
            }
            guard segment.sequence < UInt64.max else { throw Self.refusal("segment numbers are used up") }
            changes.added[segment.sequence] = segment.spanRowCount
        case .dropSegment(let sequence):
            guard exists(sequence, changes) else {
                throw Self.refusal("segment \(sequence) is dropped and does not exist")
            }
            if changes.added.removeValue(forKey: sequence) == nil { changes.dropped.insert(sequence) }
        case .rowMask(let sequence, _, let rows):
            guard let rowCount = rowCount(ofSegment: sequence, changes) else {
                throw Self.refusal("rows of segment \(sequence) are masked and it does not exist")
            }
            guard rows.runs.last.map({ Int($0.upperBound) <= rowCount }) ?? true else {
                throw Self.refusal("rows beyond the \(rowCount) of segment \(sequence) are masked")
            }
        case .fieldVersions(let sequence, _, _):
            guard exists(sequence, changes) else {
                throw Self.refusal("the fields of segment \(sequence) have new versions and it does not exist")
            }
        case .promotedKeys(let project, let keys):
            var registry = changes.promoted[project] ?? promotedKeys[project] ?? []
            for key in keys {
                if let known = registry.first(where: { $0.scope == key.scope && $0.key == key.key }) {
                    guard known == key else { throw Self.refusal("the promoted key \(key.key) of project \(project.uuid) would change") }
                } else {
                    registry.append(key)
                }
            }
            changes.promoted[project] = registry
        case .sealed, .logStart, .highestSealed, .recentRequests, .nextSequence: break
        }
    }

    /// A record that was checked.
    private mutating func apply(_ record: ManifestRecord, _ changes: inout SegmentChanges) {
        switch record {
        case .addSegment(let segment):
            changes.put(segment)
            nextSequence = max(nextSequence, segment.sequence + 1)
        case .dropSegment(let sequence):
            if let segment = changes.segment(sequence, segments) { changes.remove(segment) }
            rowMasks[sequence] = nil
        case .sealed(let partition, let lsn):
            highestSealedLSN = max(highestSealedLSN, lsn)
            if lsn >= logStartLSN { sealedLSN[partition] = max(sealedLSN[partition] ?? 0, lsn) }
        case .rowMask(let sequence, let horizonLSN, let rows):
            let mask = rowMasks[sequence] ?? RowMask(rows: RowSet(), horizonLSN: 0)
            rowMasks[sequence] = RowMask(rows: mask.rows.union(rows), horizonLSN: max(mask.horizonLSN, horizonLSN))
        case .recentRequests(let requests):
            recentRequests = RecentRequest.merged(recentRequests, requests)
        case .promotedKeys(let project, let keys):
            if promotedKeys[project] == nil { promotedKeys[project] = [] }
            for key in keys where promotedKeys[project]?.contains(where: { $0.scope == key.scope && $0.key == key.key }) != true {
                promotedKeys[project, default: []].append(key)
            }
        case .nextSequence(let sequence):
            nextSequence = max(nextSequence, sequence)
        case .logStart(let lsn):
            guard lsn > logStartLSN else { break }
            logStartLSN = lsn
            sealedLSN = sealedLSN.filter { $0.value >= lsn }
        case .highestSealed(let lsn):
            highestSealedLSN = max(highestSealedLSN, lsn)
        case .fieldVersions(let sequence, let mapping, let prices):
            guard var segment = changes.segment(sequence, segments) else { break }
            segment.mappingVersion = max(segment.mappingVersion, mapping)
            segment.priceVersion = max(segment.priceVersion, prices)
            changes.put(segment)
        }
    }

    private static func refusal(_ what: String) -> StoreError { StoreError(.invalid, "the manifest edit does not fit: \(what)") }

    /// The edit that makes this state from an empty one. In one order, so that equal states have equal checkpoints.
    package var checkpoint: ManifestEdit {
        var edit = ManifestEdit()
        forEachCheckpointRecord { edit.append($0) }
        return edit
    }

    /// The records of the checkpoint one by one: of a hundred thousand segments their list would be larger than all else.
    func forEachCheckpointRecord(_ body: (ManifestRecord) -> Void) {
        body(.nextSequence(nextSequence))
        body(.logStart(lsn: logStartLSN))
        for segment in segments.values { Self.added(segment).forEach(body) }
        for (sequence, mask) in rowMasks.sorted(by: { $0.key < $1.key }) {
            body(.rowMask(segment: sequence, horizonLSN: mask.horizonLSN, rows: mask.rows))
        }
        for (partition, lsn) in sealedLSN.sorted(by: { $0.key < $1.key }) { body(.sealed(partition, lsn: lsn)) }
        // Keeps the highest LSN when the partition it belonged to is forgotten.
        body(.highestSealed(lsn: highestSealedLSN))
        for (project, keys) in promotedKeys.sorted(by: { $0.key < $1.key }) { body(.promotedKeys(project: project, keys: keys)) }
        if !recentRequests.isEmpty { body(.recentRequests(recentRequests)) }
    }

    /// The records that bring in a segment: programs of before prices had versions read the first as they always did.
    static func added(_ segment: SegmentDescriptor) -> [ManifestRecord] {
        guard segment.priceVersion > 0 else { return [.addSegment(segment)] }
        return [
            .addSegment(segment), .fieldVersions(segment: segment.sequence, mapping: segment.mappingVersion, prices: segment.priceVersion),
        ]
    }

    package func segments(of project: ProjectID) -> [SegmentDescriptor] {
        segments.values.segments(of: project)
    }
}
