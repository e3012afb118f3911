import ByteCoding
import FileSystem
import GenAIConventions
import TraceModel

/// What a store needs to be opened.
package struct StoreConfiguration: Sendable {
    /// The store's own folder (`DATA_DIR/store`).
    package var root: String
    package var fileSystem: any FileSystem
    package var limits: StoreLimits
    package var receiptLimits: ReceiptLimits
    package var disk: DiskLimits
    /// What segments say about the mapping of their spans: another than the current one only in tests of stores that older programs wrote.
    package var mappingVersion: UInt16
    /// Changes the log's limits; the folders and the node's number are set by the store.
    package var configureWAL: @Sendable (inout WALConfiguration) -> Void
    /// Nanoseconds since 1970.
    package var now: @Sendable () -> UInt64
    /// What an operator should know: recovery, damage, failed seals. Never payloads.
    package var log: @Sendable (StoreLogLevel, String) -> Void

    /// Called on the seal queue when memtables were sealed and next to nothing is left in memory: what they held is free.
    package var sealed: @Sendable () -> Void

    /// Called on the seal queue after every memtable that was sealed, or could not be.
    package var memtableSealed: @Sendable (MemtableSeal) -> Void

    package init(root: String, fileSystem: any FileSystem = LocalFileSystem()) {
        self.root = root
        self.fileSystem = fileSystem
        limits = StoreLimits()
        receiptLimits = ReceiptLimits()
        disk = DiskLimits()
        mappingVersion = AttributeMapping.current.version
        configureWAL = { _ in }
        now = { WallClock.nowUnixNano() }
        log = { _, _ in }
        sealed = {}
        memtableSealed = { _ in }
    }
}

/// One memtable's way into a segment.
package struct MemtableSeal: Sendable {
    package var project: ProjectID
    package var spanCount: Int
    package var startTimeUnixNano: UInt64
    package var endTimeUnixNano: UInt64
    /// It stays in memory and will be tried again.
    package var isFailure: Bool
}

package enum StoreLogLevel: Sendable {
    case info
    case warning
    case error
}

/// A decoded request on its way into the store.
package struct AppendRequest: Sendable {
    package var project: ProjectID
    package var batch: SpanBatch
    package var fields: LLMFields
    package var codec: WALEntry.Codec
    /// What the sender will be told; a repetition of the request hears the same.
    package var reply: StoredReply
    /// The first of the refused spans, for the request's receipt.
    package var rejections: [ReceiptRejection]

    package init(
        project: ProjectID, batch: SpanBatch, fields: LLMFields, codec: WALEntry.Codec, reply: StoredReply,
        rejections: [ReceiptRejection] = []
    ) {
        self.project = project
        self.batch = batch
        self.fields = fields
        self.codec = codec
        self.reply = reply
        self.rejections = rejections
    }
}

package struct AppendOutcome: Equatable, Sendable {
    /// The same body was stored within the last 15 minutes; nothing was stored now.
    package var isDuplicate: Bool
    package var reply: StoredReply
    /// Of the entry that is stored: of a duplicate the first one's.
    package var lsn: UInt64
    /// When this request was received, the duplicate itself.
    package var receivedUnixNano: UInt64

    package init(isDuplicate: Bool, reply: StoredReply, lsn: UInt64, receivedUnixNano: UInt64 = 0) {
        self.isDuplicate = isDuplicate
        self.reply = reply
        self.lsn = lsn
        self.receivedUnixNano = receivedUnixNano
    }
}

/// What was published from the request to seal until its answer.
package struct SealReport: Equatable, Sendable {
    package var segmentCount = 0
    package var spanCount = 0
}

package struct RetentionReport: Equatable, Sendable {
    package var droppedSegmentCount = 0
    package var droppedSpanCount = 0
    package var freedByteCount = 0
}

/// Counts for `/metrics`, taken at one moment.
package struct StoreStatistics: Sendable {
    package var memtableCount = 0
    package var memtableRowCount = 0
    package var memtableByteCount = 0
    package var frozenMemtableCount = 0
    package var segmentCount = 0
    package var segmentRowCount = 0
    package var segmentByteCount = 0
    package var appendedSpanCount = 0
    /// Event records: log records stored with their spans.
    package var appendedEventCount = 0
    package var duplicateRequestCount = 0
    package var duplicateSpanCount = 0
    package var sealedSegmentCount = 0
    package var sealFailureCount = 0
    package var damagedSegmentCount = 0
    /// Bytes of segments made of memtables since the start: what compaction's bytes are held against.
    package var sealedByteCount = 0
    /// Rows of segments that no answer contains any more and that a rewrite is to leave out.
    package var maskedRowCount = 0
    package var compaction = CompactionStatistics()
    /// CPU time since the start of what no sender waits for.
    package var backgroundCPUNanoseconds: [BackgroundCPU.Work: UInt64] = [:]
    package var columns = ColumnCacheStatistics()
    package var wal = WALStatistics()
}
