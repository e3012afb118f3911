import Parquet

/// What the store refuses or bounds, and why.
package struct StoreLimits: Sendable {
    /// Typed attribute columns of a project: readers pay for every column in the footer, writers a little per row.
    package static let maximumPromotedKeyCount = 128

    /// A longer attribute value goes to the payload file: scans of the narrow columns never pay for a prompt.
    package static let maximumInlineValueByteCount = 1024

    /// The same for what people and models said and what tools were given and answered (`PayloadKeys`): nobody groups by it, and an agent
    /// sends it again with its next call, where it costs next to nothing beside its first copy.
    package static let maximumInlineContentByteCount = 256

    /// Rows of a row group: large enough that dictionaries and footers pay off, small enough that a lookup decodes little.
    package var maximumRowGroupRowCount = 131_072

    /// Bytes of a row group: narrow columns in memory for spans, as stored for payloads.
    package var maximumRowGroupByteCount = 64 << 20

    /// Payload text of one page before compression: repeats of a prompt fall into one window, one read stays near 1 ms.
    package static let payloadPageByteCount = 2 << 20

    /// Raw bytes of payload pages kept to compare new texts with, of all memtables together: some 25,000 calls of agents, far more than run
    /// at a time.
    package var recentPayloadByteCount = 64 << 20

    /// Rows of a memtable: four row groups, then it is sealed.
    package var maximumMemtableRowCount = 4 * 131_072

    /// Memory of one memtable, compressed payloads included, before it is sealed.
    package var maximumMemtableByteCount = 128 << 20

    /// Memory of all memtables, those being sealed included. Over it appends answer busy: sealing has fallen behind and
    /// exporters shall slow down rather than the process grow.
    package var maximumMemtablesByteCount = 512 << 20

    /// A memtable is sealed when its first row has waited this long: the WAL covers it, but a replay has to be short.
    package var maximumMemtableAgeSeconds = 600

    /// A memtable of less waits until its day is over, as long as log and memory allow: a file of a few spans is footer for the most part,
    /// and of ten thousand projects most send no more than that.
    package var smallMemtableByteCount = 1 << 20

    /// Small memtables whose day is over are sealed within this time, each project at a moment of its own: thousands at midnight would hold
    /// up everybody else's seals.
    package var sealJitterSeconds = 3_600

    /// Small memtables wait no longer while all memtables hold more than this: the oldest are sealed, so that projects that send much have
    /// the memory.
    package var waitingMemtablesByteCount = 256 << 20

    /// How long an identical body is recognised, and a repeated span of a live memtable counted once.
    package static let deduplicationWindowNanoseconds: UInt64 = 15 * 60 * 1_000_000_000

    /// Compression of payload pages: level 3 keeps a fifth less than level 1 for 0.7 us a span. Prose and JSON repeat themselves in long
    /// stretches, so a larger table for long matches and a small one, of 7 bytes and more, for short ones keep as little in 7 % less time.
    package static let payloadCompression = ZstdParameters(level: 3, hashLog: 18, chainLog: 12, minimumMatch: 7)

    /// Compression of payloads of days that are long over, in pages four times as large: a quarter less than `payloadCompression` leaves,
    /// for four times its CPU. A trace's payloads take 2 ms more to read, on the average half of a page.
    package static let coldPayloadCompression = ZstdParameters(level: 9, longWindowLog: 23)

    /// Uncompressed bytes of a page of cold payloads: the whole window. Pages of 16 MiB keep 7 % less and take twice as long to read.
    package var coldPageByteCount = 8 << 20

    /// Payloads are cold so many days after the last of their days: traces are mostly looked at in the week they came in.
    package var coldDayCount: Int32 = 7

    /// Payload files below this are left as they are: there is little to win, and not much to find repeats in.
    package var minimumColdByteCount = 16 << 20

    /// The store is idle where less than this came in a second, over `idleSpanSeconds`: a fiftieth of what one processor takes in.
    package var maximumIdleByteRate = 1 << 20

    /// See `maximumIdleByteRate`.
    package var idleSpanSeconds = 10

    /// A row group of at least this many rows is copied by a rewrite, bytes as they are; smaller ones are merged. Copying those, too, would
    /// keep the 200-row groups of slow projects for ever.
    package var minimumCopiedRowGroupRowCount = 32_768

    /// What one rewrite reads at most, both files of each segment: it needs as much free disk, and is all one can lose by a crash.
    package var maximumRewriteByteCount = 512 << 20

    /// Rows one rewrite reads at most: it keeps about 40 bytes of each in memory that is not in a copied row group.
    package var maximumRewriteRowCount = 16 * 131_072

    /// While a day lasts, segments are only merged into one that is so many times larger than the largest of them: a byte is rewritten
    /// twice a day at most, also for a project that is sealed every ten minutes (8 x 8 x 2.25 = 144).
    package var compactionGrowthFactor = 8.0

    /// The same once the day is over: what stays are few segments, each at least twice as large as all smaller ones together.
    package var finalCompactionGrowthFactor = 1.5

    /// Days of a project that holds less a day, on the average of those that would lie together, are merged with one another: a file a
    /// day of ten thousand projects would be millions.
    package var maximumSharedDayByteCount = 16 << 20

    /// Days that lie together are at most this part of the days a project is kept, and segments of several days this part of its bytes:
    /// what shares a segment goes with the youngest of it.
    package var sharedRetentionPart = 10

    /// The growth of segments of several days while days still come: rewritten twice in a month, and once more when it is over.
    package var sharedCompactionGrowthFactor = 4.0

    /// A segment is left alone for so long after its last row came in: whoever follows what comes in still has it in memory, and would
    /// find it again in a merged segment.
    package var minimumCompactionAgeSeconds = 60

    /// Bytes of deleted rows are gone from the store's files within this time: a rewrite begins at half of it, whatever the segment's size.
    package var maximumMaskAgeSeconds = 3_600

    /// After a rewrite that failed none is tried for this long: a full disk has other things to do.
    package var compactionRetrySeconds = 60

    /// Rows whose fields are worked out together when a newer mapping or newer prices are applied: a trace is not parted, unless it has
    /// more bytes than the next limit.
    static let revisedRowCount = 8_192

    /// Bytes of long values that are read for it at a time: most spans need none.
    var revisedByteCount = 32 << 20

    /// Bytes of the mapped texts of one row group: a segment with more keeps its fields as they are.
    static let maximumRevisedTextByteCount = 256 << 20

    /// Models that a reapplication tells apart in its report; costs of the others are added up as one.
    static let maximumRevisedModelCount = 1_000

    /// Spans that a reapplication shows with old and new values.
    static let revisedSampleCount = 20

    /// Bytes of a text value in that sample.
    static let revisedSampleTextByteCount = 200

    /// Decoded columns kept for the next query: those of the two million spans or so that a dashboard looks at.
    package var maximumColumnCacheByteCount = 192 << 20

    /// A decoded column that nobody asked for so long goes: an idle server is a small one.
    static let maximumUnusedColumnNanoseconds: UInt64 = 5 * 60 * 1_000_000_000

    /// Between two looks for receipts and refused spans that have outlived their project's retention: a look goes through all projects.
    static let smallExpirySeconds = 600

    /// Files of a segment that nobody reads for so long are closed.
    static let maximumUnusedFileNanoseconds: UInt64 = 5 * 60 * 1_000_000_000

    /// Segments of which more than a packed descriptor is kept: what is asked for at a time, some 10 MB.
    static let maximumLoadedSegmentCount = 16_384

    /// Between two looks for such files.
    static let unusedFileLookNanoseconds: UInt64 = 60 * 1_000_000_000

    /// Columns of row groups that were asked for once and are remembered, to be kept the second time: about a hundred bytes each.
    static let maximumSeenColumnCount = 8_192

    package init() {}
}
