import Synchronization
import TraceModel

/// Finds the rows of a trace in a memtable, and a span that is already there.
///
/// Two open-addressing tables over row numbers: trace id -> the trace's newest row, from which `previousRows` chains back
/// to its first; (trace id, span id) -> the row that holds it. Appends hold the lock for a batch, look-ups for the head of
/// one chain; the chain itself is append-only and needs none.
final class TraceIndex: Sendable {
    fileprivate struct Tables {
        /// Row + 1; 0 is free. At most half are taken.
        var newestRows = [UInt32](repeating: 0, count: 1024)
        var traceCount = 0
        var spanRows = [UInt32](repeating: 0, count: 2048)
        var spanCount = 0
    }

    private let tables = Mutex(Tables())
    /// The trace's row before this one; `UInt32.max` at its first. Written by the memtable's writer.
    let previousRows = AppendOnlyBuffer<UInt32>()
    private let seed: UInt64

    init(seed: UInt64) { self.seed = seed }

    /// Access to the tables for one batch.
    func update(_ rows: MemtableRowIDs, _ body: (inout Writer) -> Void) {
        tables.withLock { tables in
            var writer = Writer(tables: tables, rows: rows, previousRows: previousRows, seed: seed)
            tables = Tables(newestRows: [], traceCount: 0, spanRows: [], spanCount: 0)  // the writer owns the arrays alone
            body(&writer)
            tables = writer.tables
        }
    }

    struct Writer {
        fileprivate var tables: Tables
        fileprivate let rows: MemtableRowIDs
        fileprivate let previousRows: AppendOnlyBuffer<UInt32>
        fileprivate let seed: UInt64

        /// The row that already holds this span.
        func row(trace: TraceID, span: SpanID) -> UInt32? {
            let mask = tables.spanRows.count - 1
            var slot = Int(truncatingIfNeeded: TraceIndex.hash(trace, span, seed)) & mask
            while tables.spanRows[slot] != 0 {
                let row = tables.spanRows[slot] - 1
                if rows.spanID(row) == span, rows.traceID(row) == trace { return row }
                slot = (slot + 1) & mask
            }
            return nil
        }

        /// Enters a new row; a row that held the same span before gives way. `span` is nil for a row that is found by its trace alone.
        mutating func insert(row: UInt32, trace: TraceID, span: SpanID?) {
            if let span { insertSpan(row: row, trace: trace, span: span) }
            if tables.traceCount * 2 >= tables.newestRows.count { growTraces() }
            let traceMask = tables.newestRows.count - 1
            var slot = Int(truncatingIfNeeded: TraceIndex.hash(trace, .none, seed)) & traceMask
            while tables.newestRows[slot] != 0, rows.traceID(tables.newestRows[slot] - 1) != trace { slot = (slot + 1) & traceMask }
            if tables.newestRows[slot] == 0 { tables.traceCount += 1 }
            previousRows.append(tables.newestRows[slot] &- 1)  // 0 - 1 is the end of the chain
            tables.newestRows[slot] = row + 1
        }

        private mutating func insertSpan(row: UInt32, trace: TraceID, span: SpanID) {
            if tables.spanCount * 2 >= tables.spanRows.count { growSpans() }
            let spanMask = tables.spanRows.count - 1
            var slot = Int(truncatingIfNeeded: TraceIndex.hash(trace, span, seed)) & spanMask
            while tables.spanRows[slot] != 0 {
                let other = tables.spanRows[slot] - 1
                if rows.spanID(other) == span, rows.traceID(other) == trace { break }
                slot = (slot + 1) & spanMask
            }
            if tables.spanRows[slot] == 0 { tables.spanCount += 1 }
            tables.spanRows[slot] = row + 1
        }

        private mutating func growSpans() {
            var table = [UInt32](repeating: 0, count: tables.spanRows.count * 4)
            let mask = table.count - 1
            for entry in tables.spanRows where entry != 0 {
                var slot = Int(truncatingIfNeeded: TraceIndex.hash(rows.traceID(entry - 1), rows.spanID(entry - 1), seed)) & mask
                while table[slot] != 0 { slot = (slot + 1) & mask }
                table[slot] = entry
            }
            tables.spanRows = table
        }

        private mutating func growTraces() {
            var table = [UInt32](repeating: 0, count: tables.newestRows.count * 4)
            let mask = table.count - 1
            for entry in tables.newestRows where entry != 0 {
                var slot = Int(truncatingIfNeeded: TraceIndex.hash(rows.traceID(entry - 1), .none, seed)) & mask
                while table[slot] != 0 { slot = (slot + 1) & mask }
                table[slot] = entry
            }
            tables.newestRows = table
        }
    }

    /// The rows of a trace below `end`, ascending.
    func rows(of trace: TraceID, ids: MemtableRowIDs, end: Int) -> [Int32] {
        let newest = tables.withLock { tables -> UInt32? in
            let mask = tables.newestRows.count - 1
            var slot = Int(truncatingIfNeeded: Self.hash(trace, .none, seed)) & mask
            while tables.newestRows[slot] != 0 {
                let row = tables.newestRows[slot] - 1
                if ids.traceID(row) == trace { return row }
                slot = (slot + 1) & mask
            }
            return nil
        }
        guard var row = newest else { return [] }
        var found: [Int32] = []
        while row != .max {
            if row < end { found.append(Int32(row)) }
            row = previousRows[Int(row)]
        }
        found.reverse()
        return found
    }

    @inline(__always)
    fileprivate static func hash(_ trace: TraceID, _ span: SpanID, _ seed: UInt64) -> UInt64 {
        let first = (trace.high ^ seed).multipliedFullWidth(by: trace.low ^ 0x9E37_79B9_7F4A_7C15)
        let second = (first.high ^ first.low ^ span.rawValue).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
        return second.high ^ second.low
    }

    var byteCount: Int { tables.withLock { ($0.newestRows.count + $0.spanRows.count) * 4 } + previousRows.byteCount }
}

/// The id columns of a memtable, as the index compares them.
struct MemtableRowIDs {
    let traceHighs: AppendOnlyBuffer<UInt64>
    let traceLows: AppendOnlyBuffer<UInt64>
    let spanIDs: AppendOnlyBuffer<UInt64>

    @inline(__always)
    func traceID(_ row: UInt32) -> TraceID { TraceID(high: traceHighs[Int(row)], low: traceLows[Int(row)]) }
    @inline(__always)
    func spanID(_ row: UInt32) -> SpanID { SpanID(rawValue: spanIDs[Int(row)]) }
}
