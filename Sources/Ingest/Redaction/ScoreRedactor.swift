/// Scores under the redaction rules of their project. They come beside spans by ways of their own and go to PostgreSQL, where no rule would
/// reach them.
///
/// Rules see a score as the event that reports one (`gen_ai.evaluation.result`, docs/logs.md): one rule holds for scores of all ways in.

import OTLP
import TraceModel

/// What a score says, and may therefore hold what nobody may store.
package struct ScoreContent: Equatable, Sendable {
    package var name: String
    package var value: Double?
    package var passed: Bool?
    package var label: String?
    package var reason: String
    /// The sender's own id, by which a score that is sent again is known.
    package var externalID: String?

    package init(
        name: String, value: Double? = nil, passed: Bool? = nil, label: String? = nil, reason: String = "", externalID: String? = nil
    ) {
        self.name = name
        self.value = value
        self.passed = passed
        self.label = label
        self.reason = reason
        self.externalID = externalID
    }
}

struct ScoreRedactor {
    private let program: RedactionProgram
    private var pass: RedactionPass

    private static let nameKey = "gen_ai.evaluation.name", valueKey = "gen_ai.evaluation.score.value"
    private static let labelKey = "gen_ai.evaluation.score.label", reasonKey = "gen_ai.evaluation.explanation"
    /// In place of what must stand there and may not be told.
    private static let mask = String(decoding: RedactionPass.exhaustedMask, as: UTF8.self)

    init(_ program: RedactionProgram, stop: RedactionStop? = nil) {
        self.program = program
        pass = RedactionPass(program, stop: stop)
    }

    var counts: RedactionCounts { pass.counts }

    mutating func redact(_ score: ScoreContent) -> ScoreContent {
        var shown = score
        let name = redact(text: score.name, key: Self.nameKey)
        if name != score.name { shown.name = Self.fit(name ?? Self.mask, RedactionLimits.maximumScoreNameCharacterCount) }
        if let label = score.label {
            let redacted = redact(text: label, key: Self.labelKey)
            if redacted != label { shown.label = redacted.map { Self.fit($0, RedactionLimits.maximumScoreLabelCharacterCount) } }
        }
        let reason = redact(text: score.reason, key: Self.reasonKey) ?? ""
        if reason != score.reason { shown.reason = Self.cut(reason, RedactionLimits.maximumScoreReasonCharacterCount) }
        if let value = score.value, !keeps(value) { shown.value = nil }
        // A score says something: of one that said only what may not be told it is told that it did.
        if shown.value == nil, shown.passed == nil, shown.label == nil { shown.label = Self.mask }
        shown.externalID = score.externalID.map { id in
            // Ids stay apart, which masks would not.
            Array(id.utf8).withUnsafeBytes { pass.replacement(of: $0) == nil ? id : String(decoding: program.digest($0), as: UTF8.self) }
        }
        return shown
    }

    /// Nil: the rules leave it out.
    private mutating func redact(text: String, key: String) -> String? {
        guard !text.isEmpty else { return text }
        return Array(text.utf8).withUnsafeBytes { bytes -> String? in
            switch action(onKey: key) {
            case .drop: return nil
            case .digest: return String(decoding: pass.digest(bytes), as: UTF8.self)
            case .keep:
                guard bytes.count <= pass.maximumValueByteCount else {
                    pass.foundLongValue()
                    return nil
                }
                return pass.replacement(of: bytes).map { String(decoding: $0, as: UTF8.self) } ?? text
            }
        }
    }

    /// A whole number may be one of a card; a hash is no number.
    private mutating func keeps(_ value: Double) -> Bool {
        guard action(onKey: Self.valueKey) == .keep else { return false }
        guard let integer = Int64(exactly: value) else { return true }
        return pass.replacement(of: integer) == nil
    }

    private mutating func action(onKey key: String) -> AttributeAction { Array(key.utf8).withUnsafeBytes { pass.action(onPath: $0) } }

    /// As PostgreSQL's columns of one line take it: masks may be longer than what they hide, and are a project's own text.
    private static func fit(_ text: String, _ count: Int) -> String {
        let line = String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? " " : $0 }))
        let cut = cut(line, count)
        return cut.isEmpty ? mask : cut
    }

    private static func cut(_ text: String, _ count: Int) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(count).map { $0.value == 0 ? "\u{fffd}" : $0 }))
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}

extension Ingestor {
    /// Scores of one request as they may be stored, and written into the audit log. Errors: `unavailable` while the rules cannot be known.
    package func redact(_ scores: [ScoreContent], of project: ProjectID) async throws(IngestError) -> [ScoreContent] {
        guard !scores.isEmpty, let program = try await redaction.program(of: project) else { return scores }
        let byteCount = scores.reduce(0) { $0 + $1.name.utf8.count + ($1.label?.utf8.count ?? 0) + $1.reason.utf8.count }
        let (shown, counts): ([ScoreContent], RedactionCounts)
        if program.isLong(byteCount) {
            (shown, counts) = try await redactionThreads.run { (stop) throws(IngestError) in Self.redact(scores, program, stop) }
        } else {
            (shown, counts) = Self.redact(scores, program, nil)
        }
        program.add(counts)
        metrics.redacted(counts)
        return shown
    }

    private static func redact(
        _ scores: [ScoreContent], _ program: RedactionProgram, _ stop: RedactionStop?
    ) -> ([ScoreContent], RedactionCounts) {
        var redactor = ScoreRedactor(program, stop: stop)
        return (scores.map { redactor.redact($0) }, redactor.counts)
    }
}
