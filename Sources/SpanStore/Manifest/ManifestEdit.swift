import TraceModel

/// One step of the store's state: takes effect whole or not at all. Swapping memtables for a segment, or segments for their
/// compaction, is one edit.
package struct ManifestEdit: Hashable, Sendable {
    package var records: [ManifestRecord]

    package init(_ records: [ManifestRecord] = []) { self.records = records }

    package mutating func append(_ record: ManifestRecord) { records.append(record) }
    mutating func append(contentsOf records: [ManifestRecord]) { self.records += records }
}

/// What an edit is made of. Encoding: `ManifestRecordCoding`.
package enum ManifestRecord: Hashable, Sendable {
    case addSegment(SegmentDescriptor)
    /// The segment and its mask go; its files may be removed once the edit is durable and no reader holds them.
    case dropSegment(sequence: UInt64)
    /// Every entry of the partition up to the LSN is in published segments.
    case sealed(PartitionID, lsn: UInt64)
    /// Masks these rows too; horizons take the higher one.
    case rowMask(segment: UInt64, horizonLSN: UInt64, rows: RowSet)
    /// Requests stored lately whose log entries may go. They are forgotten by age.
    case recentRequests([RecentRequest])
    /// Adds keys to a project's registry. A key that is there already must be the same.
    case promotedKeys(project: ProjectID, keys: [PromotedKey])
    /// Segments are numbered from here. Never falls.
    case nextSequence(UInt64)
    /// The log's files hold nothing below this LSN any more: sealed LSNs below it are forgotten. Never falls.
    case logStart(lsn: UInt64)
    /// Some partition was sealed up to here once. Never falls. Needed by checkpoints, when the partition is forgotten.
    case highestSealed(lsn: UInt64)
    /// The mapped fields of the segment are what this mapping and, unless it is 0, these prices make of its spans. Neither ever falls.
    case fieldVersions(segment: UInt64, mapping: UInt16, prices: UInt64)
}
