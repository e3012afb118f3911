/// The limits of the write-ahead log, each with its reason, and where it lies.
package struct WALConfiguration: Sendable {
    /// The folder of the log's files (`wal/` of the data directory).
    package var directory: String
    /// Where damaged ranges and entries that crash the replay are copied (`quarantine/`).
    package var quarantineDirectory: String
    /// Names the node in every file header, so that files of two nodes are never mixed up unnoticed.
    package var nodeID: UInt64
    /// Size of one file. Large, so that rotation is rare; small against the cap, so that recycling has something to turn.
    package var fileByteCount = 256 << 20
    /// All files together. Bounds disk use and the time a replay takes; when it is reached, requests are refused until
    /// the partitions that pin the oldest file are sealed.
    package var maximumTotalByteCount = 1 << 30
    /// Entries written by one fdatasync. Bounds the wait of the first in a group and the memory of a replay.
    package var maximumGroupByteCount = 16 << 20
    /// Bodies waiting for the log. What lies above is refused as busy: waiting longer than a client's timeout helps nobody.
    package var maximumQueuedByteCount = 256 << 20
    /// Written by one call, and held in memory for it: what four exporters send at a time, so that most groups are one write.
    package var writeByteCount = 4 << 20
    /// What one partition has in a file up to which it is copied rather than sealed: a few hundred spans, a segment that compaction would soon
    /// merge.
    package var maximumCopiedShareByteCount = 256 << 10
    /// Of all partitions of a file together: one group. A sixteenth of a file bounds what is written twice.
    package var maximumCopiedByteCount = 16 << 20
    /// Where a group does not fit in what exists of a new file, zeros are written first, up to a multiple of this, so that its fdatasync changes
    /// no metadata. A recycled file needs none.
    package var zeroStepByteCount = 4 << 20
    /// While nothing waits, zeros are written this far ahead, so that groups seldom have to: what eight exporters send at a time. 0: never.
    package var zeroAheadByteCount = 8 << 20

    /// Overwrites what a deletion has left in its files whenever nothing else is to be done. Off, it waits for a file to be used again, or
    /// for `SpanStore.settle`: tests that want the same calls in the same order.
    package var scrubsByItself = true

    package init(directory: String, quarantineDirectory: String, nodeID: UInt64) {
        self.directory = directory
        self.quarantineDirectory = quarantineDirectory
        self.nodeID = nodeID
    }

    /// A body: a quarter of a file (64 MiB, the largest request), so that a rotation wastes little.
    package var maximumBodyByteCount: Int { fileByteCount / 4 }
    /// An entry with its header, enrichment, rejected ordinals and reply: a body and a quarter of one.
    package var maximumEntryByteCount: Int { maximumBodyByteCount + maximumBodyByteCount / 4 }
}
