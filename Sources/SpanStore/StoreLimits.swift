import Parquet

/// What the store refuses or bounds, and why.
package struct StoreLimits: Sendable {
    /// Typed attribute columns of a project: readers pay for every column in the footer, writers a little per row.
    package static let maximumPromotedKeyCount = 128

    /// A longer attribute value goes to the payload file: scans of the narrow columns never pay for a prompt.
    package static let maximumInlineValueByteCount = 1024

    /// Rows of a row group: large enough that dictionaries and footers pay off, small enough that a lookup decodes little.
    package var maximumRowGroupRowCount = 131_072

    /// Bytes of a row group: narrow columns in memory for spans, as stored for payloads.
    package var maximumRowGroupByteCount = 64 << 20

    /// Rows of a data page: a lookup in the middle of a row group decodes at most this many.
    package static let maximumPageRowCount = 8_192

    /// Payload text of one page before compression: repeats of a prompt fall into one window, one read stays near 1 ms.
    package static let payloadPageByteCount = 2 << 20

    /// Rows of a memtable: four row groups, then it is sealed.
    package var maximumMemtableRowCount = 4 * 131_072

    /// Memory of one memtable, compressed payloads included, before it is sealed.
    package var maximumMemtableByteCount = 128 << 20

    /// Memory of all memtables, those being sealed included. Over it appends answer busy: sealing has fallen behind and
    /// exporters shall slow down rather than the process grow.
    package var maximumMemtablesByteCount = 512 << 20

    /// A memtable is sealed when its first row has waited this long: the WAL covers it, but a replay has to be short.
    package var maximumMemtableAgeSeconds = 600

    /// How long an identical body is recognised, and a repeated span of a live memtable counted once.
    package static let deduplicationWindowNanoseconds: UInt64 = 15 * 60 * 1_000_000_000

    /// Compression of payload pages: level 3 keeps a fifth less than level 1 for 0.7 us a span. Prose and JSON repeat themselves in long
    /// stretches, so a larger table for long matches and a small one, of 7 bytes and more, for short ones keep as little in 7 % less time.
    package static let payloadCompression = ZstdParameters(level: 3, hashLog: 18, chainLog: 12, minimumMatch: 7)

    /// Decoded columns kept for the next query: those of the two million spans or so that a dashboard looks at.
    package var maximumColumnCacheByteCount = 192 << 20

    /// A decoded column that nobody asked for so long goes: an idle server is a small one.
    static let maximumUnusedColumnNanoseconds: UInt64 = 5 * 60 * 1_000_000_000

    /// Columns of row groups that were asked for once and are remembered, to be kept the second time: about a hundred bytes each.
    static let maximumSeenColumnCount = 8_192

    package init() {}
}
