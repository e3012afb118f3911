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

    init(stored: SpanRecord?) { record = stored }

    mutating func apply(_ change: SpanChange) throws(SpanChangeRefusal) {
        let said = change.said
        guard let stored = record else {
            var first = said
            if first.name.isEmpty { first.name = change.fallbackName }
            if first.startTimeUnixNano == 0 {
                first.startTimeUnixNano = first.endTimeUnixNano == 0 ? change.timeUnixNano : first.endTimeUnixNano
            }
            if first.endTimeUnixNano == 0 { first.endTimeUnixNano = first.startTimeUnixNano }
            first.attributes = Self.merged([], said.attributes)
            record = first
            isNew = true
            return
        }
        var version = stored
        if !said.name.isEmpty { version.name = said.name }
        if !said.parentSpanID.isZero { version.parentSpanID = said.parentSpanID }
        if said.startTimeUnixNano != 0 { version.startTimeUnixNano = said.startTimeUnixNano }
        if let status = said.status { version.status = status }
        version.attributes = Self.merged(stored.attributes, said.attributes)
        let end = try Self.end(of: said, after: stored, begins: version.startTimeUnixNano)
        version.endTimeUnixNano = end
        // Who sent it plays no part: a repeat by another version of an SDK says nothing new.
        guard version != stored else { return }
        if version.endTimeUnixNano == stored.endTimeUnixNano { version.endTimeUnixNano += 1 }
        version.resource = said.resource
        version.scope = said.scope
        record = version
        isNew = true
    }

    /// When a version ends, before a nanosecond is added: never before the stored one, which would count in its place.
    private static func end(of said: SpanRecord, after stored: SpanRecord, begins start: UInt64) throws(SpanChangeRefusal) -> UInt64 {
        guard said.endTimeUnixNano != 0 else { return max(stored.endTimeUnixNano, start) }
        if said.endTimeUnixNano >= stored.endTimeUnixNano { return said.endTimeUnixNano }
        guard stored.endTimeUnixNano - said.endTimeUnixNano <= versionSpanNano else {
            throw SpanChangeRefusal(message: "it is stored with a later end, and an end is not moved back")
        }
        return stored.endTimeUnixNano
    }

    /// Of each key the last value, in the place of the first.
    private static func merged(_ stored: [KeyValue], _ said: [KeyValue]) -> [KeyValue] {
        var attributes: [KeyValue] = [], places: [String: Int] = [:]
        attributes.reserveCapacity(stored.count + said.count)
        for attribute in stored + said {
            if let place = places[attribute.key] {
                attributes[place] = attribute
            } else {
                places[attribute.key] = attributes.count
                attributes.append(attribute)
            }
        }
        return attributes
    }
}
