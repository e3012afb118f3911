import Testing
import TraceModel

@testable import Ingest

/// What is said of a span in pieces, put together.
@Suite struct SpanVersionTests {
    private static let start: UInt64 = 1_790_000_000_000_000_000

    private static func said(
        _ name: String = "", start: UInt64 = 0, end: UInt64 = 0, parent: UInt64 = 0, _ attributes: [(String, String)] = []
    ) -> SpanChange {
        var span = SpanRecord(
            traceID: TraceID(high: 1, low: 2), spanID: SpanID(rawValue: 3), name: name, startTimeUnixNano: start, endTimeUnixNano: end)
        span.parentSpanID = SpanID(rawValue: parent)
        span.attributes = attributes.map { KeyValue($0.0, .string($0.1)) }
        return SpanChange(said: span, timeUnixNano: Self.start + 7, fallbackName: "span")
    }

    private static func said(_ attributes: [(String, String)]) -> SpanChange { said("", attributes) }

    private static func texts(_ record: SpanRecord?) -> [String] {
        (record?.attributes ?? []).map { attribute in
            guard case .string(let text) = attribute.value else { return attribute.key }
            return "\(attribute.key)=\(text)"
        }
    }

    @Test("what is said first makes a span without a length; later words add to it, replace what they name, and end it")
    func pieces() throws {
        var version = SpanVersion(stored: nil)
        try version.apply(Self.said("ask", start: Self.start, parent: 9, [("in", "question"), ("level", "a")]))
        #expect(version.isNew && version.record?.durationNano == 0)
        try version.apply(Self.said(end: Self.start + 5_000_000, [("out", "answer"), ("level", "b")]))
        let record = try #require(version.record)
        #expect(record.name == "ask" && record.parentSpanID.rawValue == 9 && record.startTimeUnixNano == Self.start)
        #expect(record.durationNano == 5_000_000 && Self.texts(record) == ["in=question", "level=b", "out=answer"])
        var again = SpanVersion(stored: record)
        try again.apply(Self.said("ask", start: Self.start, [("in", "question")]))
        try again.apply(Self.said(end: Self.start + 5_000_000, [("out", "answer"), ("level", "b")]))
        #expect(!again.isNew && again.record == record, "a repeat says nothing new")
    }

    @Test("a version that says something new always ends after the one before, so that it counts")
    func order() throws {
        var stored: SpanRecord?
        for number in 0..<1_000 {
            var version = SpanVersion(stored: stored)
            let end = number < 500 ? 0 : Self.start + 1_000_000
            try version.apply(Self.said("s", start: Self.start, end: end, [("step", "\(number)")]))
            let record = try #require(version.record)
            #expect(version.isNew && Self.texts(record) == ["step=\(number)"])
            if let stored { #expect(record.endTimeUnixNano > stored.endTimeUnixNano) }
            stored = record
        }
        #expect(try #require(stored).endTimeUnixNano < Self.start + 1_001_000, "it stays the end that was said, to the microsecond")
    }

    @Test("an end is not moved back: the change is refused whole")
    func end() throws {
        var version = SpanVersion(stored: nil)
        try version.apply(Self.said("s", start: Self.start, end: Self.start + 10_000))
        let before = version.record
        #expect(throws: SpanChangeRefusal.self) { try version.apply(Self.said(end: Self.start + 8_999, [("a", "b")])) }
        #expect(version.record == before)
        try version.apply(Self.said(end: Self.start + 9_001, [("a", "b")]))
        #expect(version.record?.endTimeUnixNano == Self.start + 10_001)
    }

    @Test("where nobody says when it began or what it is called, the time of the event and the kind stand in, until somebody does")
    func fallbacks() throws {
        var version = SpanVersion(stored: nil)
        try version.apply(Self.said(end: 0, [("out", "x")]))
        #expect(version.record?.name == "span" && version.record?.startTimeUnixNano == Self.start + 7)
        try version.apply(Self.said("named", start: Self.start))
        #expect(version.record?.name == "named" && version.record?.startTimeUnixNano == Self.start)
        var ended = SpanVersion(stored: nil)
        try ended.apply(Self.said(end: Self.start + 3))
        #expect(ended.record?.startTimeUnixNano == Self.start + 3 && ended.record?.durationNano == 0)
    }

    @Test("a span of a thousand keys that is said in as many pieces is not gone through for each of them")
    func manyPieces() throws {
        let keys = (0..<1_024).map { "key \($0)" }
        var version = SpanVersion(stored: nil)
        try version.apply(Self.said("s", start: Self.start, keys.map { ($0, "first") }))
        let clock = ContinuousClock()
        let elapsed = try clock.measure {
            for round in 0..<20 { for key in keys { try version.apply(Self.said([(key, "\(round)")])) } }
        }
        #expect(Self.texts(version.record) == keys.map { "\($0)=19" })
        // 20,480 pieces: going through all keys for each would take minutes.
        #expect(elapsed < .seconds(20))
        let before = version.record
        for key in keys { try version.apply(Self.said([(key, "19")])) }
        #expect(version.record == before, "what is said again is nothing new")
    }

    @Test("of keys that are stored twice the last value stays, in the place of the first, once anything is said")
    func repeatedKeys() throws {
        var stored = Self.said("s", start: Self.start, end: Self.start + 5, [("a", "1"), ("b", "2"), ("a", "3")]).said
        stored.traceState = "x=y"
        var version = SpanVersion(stored: stored)
        #expect(!version.isNew && version.record == stored)
        try version.apply(Self.said([("c", "4")]))
        #expect(version.isNew && Self.texts(version.record) == ["a=3", "b=2", "c=4"] && version.record?.traceState == "x=y")
    }
}
