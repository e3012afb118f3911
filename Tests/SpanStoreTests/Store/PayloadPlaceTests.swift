import Testing
import TraceModel

@testable import SpanStore

@Suite("Places of payloads") struct PayloadPlaceTests {
    @Test(
        "a long value comes back under its key whatever the key begins with",
        arguments: ["k", "", "a.b", "\u{301}", "\u{711}x", "\u{fe0f}"])
    func keys(key: String) {
        var record = SpanRecord(
            traceID: TraceID(high: 1, low: 2), spanID: SpanID(rawValue: 3), name: "n", startTimeUnixNano: 1, endTimeUnixNano: 2)
        record.events = [.init(timeUnixNano: 1, name: "e", attributes: [], droppedAttributesCount: 0)]
        for place in ["attributes.\(key)", "events.0.attributes.\(key)", "events.7.attributes.\(key)", "links.0.attributes.\(key)"] {
            PayloadPlace.put(.string(place), at: place, into: &record)
        }
        #expect(record.attributes == [KeyValue(key, .string("attributes.\(key)"))])
        #expect(record.events[0].attributes == [KeyValue(key, .string("events.0.attributes.\(key)"))])
    }
}
