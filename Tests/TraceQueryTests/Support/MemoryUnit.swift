import SpanStore
import Synchronization
import TraceModel

@testable import TraceQuery

/// A unit over an array of spans: plain, so that it can be trusted.
struct MemoryUnit: ScanUnit {
    let spans: [TestSpan]
    var maskedRows: [Int32] = []
    var isSealed = true
    var segmentSequence: UInt64? = 1
    var number: UInt64 = 0
    var hasZones = true
    /// Whether whole columns lie decoded in memory.
    var knowsColumns = false
    let project = ProjectID(high: 1, low: 1)
    let reads = ReadLog()

    final class ReadLog: Sendable {
        private let columns = Mutex<[ScanColumn: Int]>([:])
        func add(_ column: ScanColumn, _ count: Int) { columns.withLock { $0[column, default: 0] += count } }
        func count(_ column: ScanColumn) -> Int { columns.withLock { $0[column] ?? 0 } }
    }

    init(_ spans: [TestSpan]) { self.spans = spans }

    var rowCount: Int { spans.count }
    var identity: ScanUnitIdentity { ScanUnitIdentity(segmentSequence: segmentSequence, number: number) }
    var attributeKeys: [String] { Array(Set(spans.flatMap { $0.record.attributes.map(\.key) })) }

    func zone(of column: ScanColumn) -> ColumnZone? {
        guard hasZones, !spans.isEmpty else { return nil }
        switch column {
        case .traceID, .spanID, .parentSpanID, .tags, .input, .output: return nil
        default: break
        }
        let values = spans.map { $0.value(of: column) }
        let nullCount = values.count { $0 == nil }
        switch vector(values) {
        case .int64(let numbers, _):
            let present = zip(values, numbers).filter { $0.0 != nil }.map(\.1)
            return ColumnZone(
                minimum: present.min().map(ZoneValue.int64), maximum: present.max().map(ZoneValue.int64), nullCount: nullCount)
        case .double(let numbers, _):
            let present = zip(values, numbers).filter { $0.0 != nil }.map(\.1)
            return ColumnZone(
                minimum: present.min().map(ZoneValue.double), maximum: present.max().map(ZoneValue.double), nullCount: nullCount)
        case .dictionary:
            let texts = values.compactMap { value -> [UInt8]? in if case .string(let text)? = value { Array(text.utf8) } else { nil } }
            guard let low = texts.min(by: { $0.lexicographicallyPrecedes($1) }),
                let high = texts.max(by: { $0.lexicographicallyPrecedes($1) })
            else { return nil }
            // Cut short, as long statistics are: a lower bound, and an upper bound with its last byte raised.
            var upper = Array(high.prefix(4))
            if high.count > 4 { upper[3] += 1 }
            return ColumnZone(minimum: .text(Array(low.prefix(4))), maximum: .text(upper), nullCount: nullCount)
        default: return nil
        }
    }

    func mayContain(_ text: String, in column: ScanColumn) throws -> Bool { spans.contains { $0.value(of: column) == .string(text) } }
    func mayContain(trace: TraceID) throws -> Bool { spans.contains { $0.record.traceID == trace } }

    func rows(ofTrace trace: TraceID) throws -> [Int32] {
        spans.indices.filter { spans[$0].record.traceID == trace }.map(Int32.init)
    }

    func known(_ column: ScanColumn) -> ColumnVector? { knowsColumns ? self.column(column, spans) : nil }

    func read(_ column: ScanColumn, rows: Range<Int>) throws -> ColumnVector {
        reads.add(column, rows.count)
        return self.column(column, spans[rows])
    }

    func gather(_ column: ScanColumn, rows: [Int32]) throws -> ColumnVector {
        reads.add(column, rows.count)
        return self.column(column, rows.map { spans[Int($0)] })
    }

    private func column(_ column: ScanColumn, _ spans: some Collection<TestSpan>) -> ColumnVector {
        switch column {
        case .traceID: .traceIDs(spans.map(\.record.traceID))
        case .spanID: .spanIDs(spans.map(\.record.spanID))
        case .parentSpanID: .spanIDs(spans.map(\.record.parentSpanID))
        case .tags, .input, .output: .attributes(spans.map { $0.value(of: column) })
        case .attribute, .resourceAttribute: vector(spans.map { $0.value(of: column) })
        default: typed(column, spans.map { $0.value(of: column) })
        }
    }

    /// Columns with a type of their own keep it when all values are null.
    private func typed(_ column: ScanColumn, _ values: [AttributeValue?]) -> ColumnVector {
        switch column {
        case .cost, .reportedCost: doubles(values)
        case .startTime, .duration, .spanKind, .flags, .statusCode, .inputTokens, .outputTokens, .cacheReadTokens, .cacheWriteTokens,
            .reasoningTokens:
            integers(values)
        default: texts(values)
        }
    }

    private func vector(_ values: [AttributeValue?]) -> ColumnVector {
        let present = values.compactMap { $0 }
        if present.allSatisfy({ if case .int = $0 { true } else { false } }) { return integers(values) }
        if present.allSatisfy({ if case .double = $0 { true } else { false } }) { return doubles(values) }
        if present.allSatisfy({ if case .string = $0 { true } else { false } }) { return texts(values) }
        if present.allSatisfy({ if case .bool = $0 { true } else { false } }) {
            return .boolean(values.map { $0 == .bool(true) }, validity(values))
        }
        return .attributes(values)
    }

    private func validity(_ values: [AttributeValue?]) -> Validity {
        let flags = values.map { $0 != nil }
        return flags.allSatisfy { $0 } ? .all : flags.contains(true) ? .some(flags) : .none
    }

    private func integers(_ values: [AttributeValue?]) -> ColumnVector {
        .int64(values.map { if case .int(let number)? = $0 { number } else { 0 } }, validity(values))
    }

    private func doubles(_ values: [AttributeValue?]) -> ColumnVector {
        .double(values.map { if case .double(let number)? = $0 { number } else { 0 } }, validity(values))
    }

    private func texts(_ values: [AttributeValue?]) -> ColumnVector {
        var dictionary = TextDictionary()
        var codes: [String: UInt32] = [:]
        return .dictionary(
            values.map { value in
                guard case .string(let text)? = value else { return TextDictionary.null }
                if let code = codes[text] { return code }
                let code = Array(text.utf8).withUnsafeBytes { dictionary.append($0) }
                codes[text] = code
                return code
            }, dictionary)
    }

    func forEachText(in column: ScanColumn, rows: [Int32], _ body: (Int32, UnsafeRawBufferPointer) throws -> Void) throws {
        reads.add(column, rows.count)
        // As a store does: short texts first, then those that lie elsewhere.
        for row in rows.filter({ $0 % 3 != 0 }) + rows.filter({ $0 % 3 == 0 }) {
            guard var text = spans[Int(row)].text(of: column) else { continue }
            try text.withUTF8 { try body(row, UnsafeRawBufferPointer($0)) }
        }
    }

    func records(at rows: [Int32]) throws -> [SpanRecord] { rows.map { spans[Int($0)].record } }
}

struct MemorySnapshot: StoreSnapshot {
    var project = ProjectID(high: 1, low: 1)
    var units: [any ScanUnit]
    var cost = ScanCost()

    init(_ units: [MemoryUnit]) { self.units = units }

    /// What a query may see.
    var visible: [TestSpan] {
        units.flatMap { unit -> [TestSpan] in
            guard let unit = unit as? MemoryUnit else { return [] }
            let masked = Set(unit.maskedRows)
            return unit.spans.indices.filter { !masked.contains(Int32($0)) }.map { unit.spans[$0] }
        }
    }
}
