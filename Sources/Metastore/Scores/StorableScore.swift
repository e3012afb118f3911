/// A score as PostgreSQL takes it. What a scorer, a judge or the target under test wrote may be anything; a row is not.

import ByteCoding
import EvaluationModel

/// Texts without U+0000, which PostgreSQL cannot store; a name without control characters; a value that can be squared and summed;
/// an error where the scorer said nothing at all.
struct StorableScore: Sendable, Equatable {
    let name: String
    let value: Double?
    let passed: Bool?
    let label: String?
    let reason: String
    let error: String?
    let kind: String
    let model: String?
    /// JSON text.
    let details: String?
    let costNanoUSD: Int64

    /// Characters of a name.
    private static let maximumNameCharacterCount = 100

    static func name(_ name: String) -> String {
        String(name.unicodeScalars.prefix(maximumNameCharacterCount).map { $0.isControl ? " " : Character($0) })
    }

    init(_ score: Score) {
        let name = Self.name(score.name)
        self.name = name.isEmpty ? score.origin.name : name
        value = score.value.flatMap { value in
            let limit = MetastoreLimits.maximumScoreMagnitude
            return value.isNaN ? nil : min(max(value, -limit), limit)
        }
        passed = score.passed
        label = score.label?.withoutNUL
        reason = score.reason.withoutNUL
        let saidNothing = value == nil && passed == nil && (label ?? "").isEmpty
        // Never empty, as that stands for none.
        let message = score.error.map { $0.message.isEmpty ? "the scorer failed" : $0.message.withoutNUL }
        error = message ?? (saidNothing ? "the scorer gave neither a value nor a verdict" : nil)
        kind = score.origin.name
        model = score.usage?.model.withoutNUL
        details = score.details.map { String(decoding: $0.bytes, as: UTF8.self) }
        costNanoUSD = score.usage?.cost?.spentNanoUSD ?? 0
    }
}

extension Unicode.Scalar {
    /// As PostgreSQL's `[[:cntrl:]]` in UTF-8.
    fileprivate var isControl: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}

extension String {
    /// U+FFFD in the place of each U+0000.
    var withoutNUL: String {
        utf8.contains(0) ? String(String.UnicodeScalarView(unicodeScalars.map { $0.value == 0 ? "\u{fffd}" : $0 })) : self
    }
}
