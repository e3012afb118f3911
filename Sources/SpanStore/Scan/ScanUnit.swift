import TraceModel

/// What a scan reads at a time: a row group of a sealed segment, or a memtable up to the row that was visible when the
/// snapshot was taken. Immutable as seen from here, so any thread may read any unit.
///
/// Rows are numbered from 0. Rows that are masked (deleted, superseded, event records) are still numbered; `visibleRows` leaves them
/// out, and no answer may count them or list them. Event records are asked for by name, by those who show a span whole.
package protocol ScanUnit: Sendable {
    var project: ProjectID { get }
    var rowCount: Int { get }
    /// Whether rows lie in a segment (and cost reads) or in memory.
    var isSealed: Bool { get }
    /// Numbers the segment across the store; nil for a memtable. Units of one segment share it.
    var segmentSequence: UInt64? { get }
    /// For whoever keeps what was made of rows: a unit with the same identity has the same rows, or more of them behind.
    var identity: ScanUnitIdentity { get }

    /// The masked rows, ascending; empty for most units.
    var maskedRows: [Int32] { get throws }

    /// Those of the masked rows that are event records (and not deleted), ascending; empty for most units. A row has the trace and span id of
    /// the span it belongs to.
    var eventRows: [Int32] { get throws }

    /// Smallest and largest value and the number of nulls, where known without reading data.
    func zone(of column: ScanColumn) -> ColumnZone?

    /// False only if no row of the unit can have this text in the column. Reads the dictionary at most.
    func mayContain(_ text: String, in column: ScanColumn) throws -> Bool

    /// False only if no row belongs to the trace: bloom filter, then nothing else.
    func mayContain(trace: TraceID) throws -> Bool

    /// The rows of a trace, ascending, found through the order of rows and the page index or the memtable's index.
    func rows(ofTrace trace: TraceID) throws -> [Int32]

    /// The whole column, if it lies in memory decoded: then there is no need to gather.
    func known(_ column: ScanColumn) -> ColumnVector?

    /// Whether the column was asked for before, so that reading it whole would keep it in memory. Remembers that it was asked for.
    func isWorthKeeping(_ column: ScanColumn) -> Bool

    /// A contiguous piece of one column.
    func read(_ column: ScanColumn, rows: Range<Int>) throws -> ColumnVector

    /// One column at chosen rows (ascending), decoding only the pages they lie in: late materialisation.
    func gather(_ column: ScanColumn, rows: [Int32]) throws -> ColumnVector

    /// The texts of one column at chosen rows (ascending), payloads included, without making a `String` of each.
    /// Rows without a text are passed over; the others come in the order in which their texts lie, which is not that of the
    /// rows. For `_contains` and its kin over prompts. Array and key-value values come as
    /// their JSON.
    func forEachText(in column: ScanColumn, rows: [Int32], _ body: (Int32, UnsafeRawBufferPointer) throws -> Void) throws

    /// The same of several columns, each text with the place of its column in the list: what lies together is read once for all of them.
    func forEachText(in columns: [ScanColumn], rows: [Int32], _ body: (Int, Int32, UnsafeRawBufferPointer) throws -> Void) throws

    /// Whole spans at chosen rows (ascending), payloads in their place.
    func records(at rows: [Int32]) throws -> [SpanRecord]

    /// Every attribute key that occurs in the unit, as far as known without a scan.
    var attributeKeys: [String] { get }
}

extension ScanUnit {
    package var eventRows: [Int32] { [] }

    package func known(_ column: ScanColumn) -> ColumnVector? { nil }
    package func isWorthKeeping(_ column: ScanColumn) -> Bool { false }

    /// For units whose columns lie apart.
    package func forEachText(
        in columns: [ScanColumn], rows: [Int32], _ body: (Int, Int32, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        for (place, column) in columns.enumerated() { try forEachText(in: column, rows: rows) { row, text in try body(place, row, text) } }
    }
}

/// Tells the units of a store apart, for as long as the process lives.
package struct ScanUnitIdentity: Hashable, Sendable {
    /// Nil for a memtable.
    package var segmentSequence: UInt64?
    /// Of the row group in its segment, or of the memtable.
    package var number: UInt64

    package init(segmentSequence: UInt64?, number: UInt64) {
        self.segmentSequence = segmentSequence
        self.number = number
    }
}

/// What a column chunk is known to hold.
package struct ColumnZone: Equatable, Sendable {
    package var minimum: ZoneValue?
    package var maximum: ZoneValue?
    /// Nil when not known.
    package var nullCount: Int?

    package init(minimum: ZoneValue?, maximum: ZoneValue?, nullCount: Int?) {
        self.minimum = minimum
        self.maximum = maximum
        self.nullCount = nullCount
    }
}

package enum ZoneValue: Equatable, Sendable {
    case int64(Int64)
    case double(Double)
    /// May be cut short: a minimum is then a lower, a maximum an upper bound.
    case text([UInt8])
}

/// Bytes that reads of a snapshot have cost, counted for `explain` and for the metrics. Shared by the units of one
/// snapshot and safe to add to from any thread.
package struct ScanCost: Equatable, Sendable {
    package var bytesRead = 0
    package var pagesRead = 0
    package var payloadBytesRead = 0

    package init() {}
}

/// A fixed view of one project's rows: every segment and memtable that was published when it was taken, in one step.
/// Holding it keeps the files it needs.
package protocol StoreSnapshot: Sendable {
    var project: ProjectID { get }
    /// Newest receive day first; within a day the memtable first.
    var units: [any ScanUnit] { get }
    /// What reads through this snapshot have cost so far.
    var cost: ScanCost { get }
}
