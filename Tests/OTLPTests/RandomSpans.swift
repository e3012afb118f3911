import OTLP
import SeededRandom
import Testing
import TraceModel

/// Random values and spans for property tests. `withSeed` prints the seed on failure.
struct RandomSpans: RandomNumberGenerator {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func next() -> UInt64 { generator.next() }

    mutating func int(_ range: Range<Int>) -> Int { Int.random(in: range, using: &self) }
    mutating func chance(_ oneIn: Int) -> Bool { int(0..<oneIn) == 0 }

    /// Texts with quotes, control characters, escapes and scalars of every UTF-8 length.
    mutating func text() -> String {
        let pieces = [
            "a", "key", "\"", "\\", "\n", "\u{1}", "\u{7f}", "é", "€", "😀", "\u{FFFD}", "/", " ", "gen_ai.", "\u{0}",
            "longer plain text of a span",
        ]
        return (0..<int(0..<6)).map { _ in pieces[int(0..<pieces.count)] }.joined()
    }

    mutating func value(depth: Int = 0) -> AttributeValue {
        switch int(0..<(depth < 5 ? 8 : 6)) {
        case 0: .string(text())
        case 1: .bool(chance(2))
        case 2: .int([0, 1, -1, .max, .min, Int64(truncatingIfNeeded: next())][int(0..<6)])
        case 3: .double([0, -0.0, 1.5, 1e300, .leastNonzeroMagnitude, .infinity, -.infinity, 3, 0.1][int(0..<9)])
        case 4: .bytes((0..<int(0..<9)).map { _ in UInt8(truncatingIfNeeded: next()) })
        case 5: .empty
        case 6: .array((0..<int(0..<4)).map { _ in value(depth: depth + 1) })
        default: .keyValueList(keyValues(depth: depth + 1))
        }
    }

    mutating func keyValues(depth: Int = 0) -> [KeyValue] { (0..<int(0..<5)).map { _ in KeyValue(text(), value(depth: depth)) } }

    mutating func time() -> UInt64 { [0, 1, UInt64(Int64.max), next() >> 1][int(0..<4)] }
    mutating func count() -> UInt32 { chance(2) ? 0 : UInt32(truncatingIfNeeded: next()) }

    mutating func span() -> SpanRecord {
        var record = SpanRecord(
            traceID: TraceID(high: next() | 1, low: next()), spanID: SpanID(rawValue: next() | 1), name: text(), startTimeUnixNano: time(),
            endTimeUnixNano: time())
        record.parentSpanID = chance(3) ? .none : SpanID(rawValue: next() | 1)
        record.traceState = text()
        record.flags = count()
        record.kind = Int32(int(-2..<9))
        record.attributes = keyValues()
        record.droppedAttributesCount = count()
        record.events = (0..<int(0..<3)).map { _ in
            SpanRecord.Event(timeUnixNano: time(), name: text(), attributes: keyValues(), droppedAttributesCount: count())
        }
        record.droppedEventsCount = count()
        record.links = (0..<int(0..<3)).map { _ in
            SpanRecord.Link(
                traceID: TraceID(high: next(), low: next()), spanID: SpanID(rawValue: next()), traceState: text(), attributes: keyValues(),
                droppedAttributesCount: count(), flags: count())
        }
        record.droppedLinksCount = count()
        record.status = chance(3) ? nil : SpanRecord.Status(code: Int32(int(0..<4)), message: text())
        return record
    }
}
