/// The filter of a rule or backfill as the parts that must all hold, each with its words: so that a decision can say which did not.

import ByteCoding
import TraceQuery

package struct SpanFilter: Sendable {
    package enum Purpose: Sendable {
        /// Holds for whatever comes in: a rule that met the calls it makes would never end.
        case rule
        case backfill
    }

    struct Part: Sendable {
        let filter: Filter
        /// Of a span for which it does not hold.
        let reason: String
    }

    let parts: [Part]

    /// Throws `QueryError` for what is no filter.
    package init(json: JSONValue, for purpose: Purpose) throws(QueryError) {
        // As a whole first: errors name their place in what the user wrote.
        _ = try FilterParser.parse(json)
        var parts: [Part] = []
        let asksForOwn = Self.names(json).contains { $0 == "scope.name" || $0.hasPrefix("attributes.spandrel.") }
        let excluded: [String] =
            switch purpose {
            case .rule: asksForOwn ? [OwnScopes.scorers, OwnScopes.drafts] : [OwnScopes.scorers, OwnScopes.drafts, OwnScopes.runs]
            case .backfill: asksForOwn ? [] : [OwnScopes.scorers, OwnScopes.drafts, OwnScopes.runs]
            }
        if !excluded.isEmpty {
            let scope = Filter.or([
                .condition(.scopeName, .isNull(true)),
                .not(.condition(.scopeName, .among(excluded.map { .text($0) }))),
            ])
            parts.append(Part(filter: scope, reason: "it is a span of Spandrel's own calls"))
        }
        for part in Self.conjuncts(json) {
            let text = String(decoding: part.bytes, as: UTF8.self).quoted(SpanScoringLimits.quotedByteCount)
            parts.append(Part(filter: try FilterParser.parse(part), reason: "\(text) does not hold"))
        }
        self.parts = parts
    }

    /// All of it as one filter.
    var whole: Filter { .and(parts.map(\.filter)) }

    /// Members of an object, and elements of its `_and`, mean "and".
    private static func conjuncts(_ json: JSONValue) -> [JSONValue] {
        (json.objectValue ?? []).flatMap { member -> [JSONValue] in
            if member.key == "_and", let elements = member.value.arrayValue { return elements.flatMap(conjuncts) }
            return [.object([member])]
        }
    }

    /// Every key that stands anywhere in it.
    private static func names(_ json: JSONValue) -> [String] {
        switch json {
        case .object(let members): members.flatMap { [$0.key] + names($0.value) }
        case .array(let elements): elements.flatMap(names)
        default: []
        }
    }
}

/// The scopes under which workers write spans.
package enum OwnScopes {
    package static let runs = "spandrel.runs"
    package static let scorers = "spandrel.scorers"
    package static let drafts = "spandrel.drafts"
}

extension String {
    /// Within so many bytes, with `...` where it was cut.
    fileprivate func quoted(_ maximum: Int) -> String {
        guard utf8.count > maximum else { return self }
        return String(decoding: utf8.prefix(maximum), as: UTF8.self) + "..."
    }
}
