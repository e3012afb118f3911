/// What a client says of a span in pieces, as Langfuse's older SDKs do: first that it began, later how it ended. Each piece becomes a
/// version of the span that has everything said so far. The store knows versions already: of two the one that ends later counts.
///
///     stored   input, model, 10:00:00.000000000 - 10:00:00.000000000     begun: as long as no end is known it has no length
///     change   output, usage                    - 10:00:04.200000000
///     version  input, model, output, usage, 10:00:00.000000000 - 10:00:04.200000000

import TraceModel

package struct SpanChange: Sendable, Equatable {
    /// What is said. Left open where it says nothing: an empty name, times and a parent of zero, no status. Attributes replace those of the
    /// same key.
    package var said: SpanRecord
    /// When it was said: where nobody says when the span began.
    package var timeUnixNano: UInt64
    /// What it is called where nobody says so.
    package var fallbackName: String

    package init(said: SpanRecord, timeUnixNano: UInt64, fallbackName: String) {
        self.said = said
        self.timeUnixNano = timeUnixNano
        self.fallbackName = fallbackName
    }
}

/// Why a change is not taken.
package struct SpanChangeRefusal: Error, Sendable, Equatable {
    package let message: String
}

/// A span that a change makes another version of.
struct SpanVersion {
    /// nil before anything was said.
    private(set) var record: SpanRecord?
    /// Whether it differs from what is stored.
    private(set) var isNew = false

    /// Nanoseconds by which a version may end before the stored one and still be the same end: each version of one end ends a nanosecond
    /// after the one before, so that it counts. Clients tell ends to the microsecond, and change a span a few times.
    static let versionSpanNano: UInt64 = 1_000

    /// Where each key lies among the attributes: a span that is said in a thousand pieces is not gone through for each of them.
    private var places: [String: Int] = [:]
    private var hasPlaces = false

    init(stored: SpanRecord?) { record = stored }

    mutating func apply(_ change: SpanChange) throws(SpanChangeRefusal) {
        let said = change.said
        // Nothing here may hold the record itself: its attributes would be copied for the first that changes.
        guard let storedStart = record?.startTimeUnixNano, let storedEnd = record?.endTimeUnixNano else {
            var first = said
            if first.name.isEmpty { first.name = change.fallbackName }
            if first.startTimeUnixNano == 0 {
                first.startTimeUnixNano = first.endTimeUnixNano == 0 ? change.timeUnixNano : first.endTimeUnixNano
            }
            if first.endTimeUnixNano == 0 { first.endTimeUnixNano = first.startTimeUnixNano }
            first.attributes = []
            record = first
            _ = merge(said.attributes)
            isNew = true
            return
        }
        let start = said.startTimeUnixNano == 0 ? storedStart : said.startTimeUnixNano
        let end = try Self.end(of: said, after: storedEnd, begins: start)
        var isOther = end != storedEnd
        func set<Value: Equatable>(_ member: WritableKeyPath<SpanRecord, Value>, _ value: Value) {
            guard record?[keyPath: member] != value else { return }
            record?[keyPath: member] = value
            isOther = true
        }
        if !said.name.isEmpty { set(\.name, said.name) }
        if !said.parentSpanID.isZero { set(\.parentSpanID, said.parentSpanID) }
        set(\.startTimeUnixNano, start)
        if said.status != nil { set(\.status, said.status) }
        if merge(said.attributes) { isOther = true }
        // Who sent it plays no part: a repeat by another version of an SDK says nothing new.
        guard isOther else { return }
        record?.endTimeUnixNano = end == storedEnd ? end + 1 : end
        record?.resource = said.resource
        record?.scope = said.scope
        isNew = true
    }

    /// When a version ends, before a nanosecond is added: never before the stored one, which would count in its place.
    private static func end(of said: SpanRecord, after storedEnd: UInt64, begins start: UInt64) throws(SpanChangeRefusal) -> UInt64 {
        guard said.endTimeUnixNano != 0 else { return max(storedEnd, start) }
        if said.endTimeUnixNano >= storedEnd { return said.endTimeUnixNano }
        guard storedEnd - said.endTimeUnixNano <= versionSpanNano else {
            throw SpanChangeRefusal(message: "it is stored with a later end, and an end is not moved back")
        }
        return storedEnd
    }

    /// Of each key the last value, in the place of the first. Whether that changes anything.
    private mutating func merge(_ said: [KeyValue]) -> Bool {
        var isOther = false
        if !hasPlaces {
            hasPlaces = true
            let stored = record?.attributes ?? []
            record?.attributes = []
            for attribute in stored { add(attribute) }
            isOther = record?.attributes.count != stored.count
        }
        for attribute in said { if add(attribute) { isOther = true } }
        return isOther
    }

    /// Whether the attribute is another one than was there.
    @discardableResult
    private mutating func add(_ attribute: KeyValue) -> Bool {
        guard let place = places[attribute.key] else {
            places[attribute.key] = record?.attributes.count
            record?.attributes.append(attribute)
            return true
        }
        guard record?.attributes[place] != attribute else { return false }
        record?.attributes[place] = attribute
        return true
    }
}
