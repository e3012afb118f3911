import Synchronization
import TraceModel

/// Finds the rows of a trace in a memtable, and a span that is already there.
///
/// Two tables: trace id -> the trace's newest row, from which `previousRows` chains back to its first; (trace id, span id) -> the row that
/// holds it. Appends hold the lock for a batch, look-ups for the head of one chain; the chain itself is append-only and needs none.
final class TraceIndex: Sendable {
    fileprivate struct Tables: ~Copyable {
        var newestRows = RowTable(slotCount: 32)
        var spanRows = RowTable(slotCount: 64)
        /// Of what was read to have it in the caches: kept, so that the compiler does not leave the reading out.
        var warmed: UInt64 = 0
    }

    private let tables = Mutex(Tables())
    /// The trace's row before this one; `UInt32.max` at its first. Written by the memtable's writer.
    let previousRows = AppendOnlyBuffer<UInt32>()
    private let seed: UInt64

    init(seed: UInt64) { self.seed = seed }

    /// Enters spans of a batch with the lock held: `body` is called with each of `count` positions, in order.
    ///
    /// Both tables lie all over memory, and each look at them would wait for it. So the places of a stretch of spans are read
    /// first, one independent of the other, which the processor does side by side.
    func update(
        _ rows: MemtableRowIDs, traces: [TraceID], spans: [SpanID], _ body: (_ position: Int, _ index: inout Writer) -> Void
    ) {
        tables.withLock { tables in
            var writer = Writer(tables: consume tables, rows: rows, previousRows: previousRows, seed: seed)
            var position = 0
            while position < traces.count {
                let end = min(position + Self.stretch, traces.count)
                writer.warm(traces, spans, position..<end)
                while position < end {
                    body(position, &writer)
                    position += 1
                }
            }
            tables = writer.end()
        }
    }

    /// Their places fit into the smallest cache.
    private static let stretch = 256

    struct Writer: ~Copyable {
        fileprivate var tables: Tables
        fileprivate let rows: MemtableRowIDs
        fileprivate let previousRows: AppendOnlyBuffer<UInt32>
        fileprivate let seed: UInt64

        fileprivate consuming func end() -> Tables { tables }

        fileprivate mutating func warm(_ traces: [TraceID], _ spans: [SpanID], _ range: Range<Int>) {
            tables.spanRows.reserve(range.count)
            var read: UInt64 = 0
            for position in range {
                let trace = TraceIndex.hash(traces[position], seed)
                read ^= tables.spanRows.first(TraceIndex.hash(trace, spans[position]))
                let newest = UInt32(truncatingIfNeeded: tables.newestRows.first(TraceIndex.hash(trace, .none)))
                // The row of this trace or of another one; in either case one of the memtable.
                if newest != 0 { read ^= rows.traceHighs[Int(newest &- 1)] ^ rows.traceLows[Int(newest &- 1)] }
            }
            tables.warmed = read
        }

        /// The row that already holds this span.
        @inline(__always)
        func row(trace: TraceID, span: SpanID) -> UInt32? {
            let rows = self.rows
            return tables.spanRows.row(TraceIndex.hash(TraceIndex.hash(trace, seed), span)) {
                rows.spanID($0) == span && rows.traceID($0) == trace
            }
        }

        /// Enters a new row; a row that held the same span before gives way. `span` is nil for a row that is found by its trace alone.
        @inline(__always)
        mutating func insert(row: UInt32, trace: TraceID, span: SpanID?) {
            let rows = self.rows, hash = TraceIndex.hash(trace, seed)
            if let span {
                tables.spanRows.reserve(1)
                _ = tables.spanRows.put(row, TraceIndex.hash(hash, span)) { rows.spanID($0) == span && rows.traceID($0) == trace }
            }
            tables.newestRows.reserve(1)
            let newest = tables.newestRows.put(row, TraceIndex.hash(hash, .none)) { rows.traceID($0) == trace }
            previousRows.append(newest ?? .max)
        }
    }

    /// The rows of a trace below `end`, ascending.
    func rows(of trace: TraceID, ids: MemtableRowIDs, end: Int) -> [Int32] {
        let newest = tables.withLock { tables in
            tables.newestRows.row(Self.hash(Self.hash(trace, seed), .none)) { ids.traceID($0) == trace }
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
    fileprivate static func hash(_ trace: TraceID, _ seed: UInt64) -> UInt64 {
        let product = (trace.high ^ seed).multipliedFullWidth(by: trace.low ^ 0x9E37_79B9_7F4A_7C15)
        return product.high ^ product.low
    }

    /// Of a span by its trace's; `.none` for the trace itself.
    @inline(__always)
    fileprivate static func hash(_ trace: UInt64, _ span: SpanID) -> UInt64 {
        let product = (trace ^ span.rawValue).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
        return product.high ^ product.low
    }

    var byteCount: Int { tables.withLock { $0.newestRows.byteCount + $0.spanRows.byteCount } + previousRows.byteCount }
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
