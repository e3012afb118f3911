/// A judgement that an application reports as an event of the span it judges (`gen_ai.evaluation.result`): stored as an event like any
/// other, and kept as a score too.

import OTLP
import TraceModel

package struct EvaluationScore: Sendable, Equatable {
    package var name: String
    package var value: Double?
    package var label: String?
    package var reason: String
    /// The evaluation itself failed: there is neither value nor label.
    package var error: String?
    package var traceID: TraceID
    package var spanID: SpanID
    package var timeUnixNano: UInt64
    package var author: String

    static let eventName = "gen_ai.evaluation.result"

    /// Of what is stored of a request: after its project's redaction rules.
    static func all(in batch: SpanBatch, author: String) -> [EvaluationScore] {
        let name = Array(eventName.utf8)
        guard batch.names.contains(where: { batch.bytes[$0.indices].elementsEqual(name) }), let records = try? batch.records() else {
            return []
        }
        return records.compactMap { EvaluationScore($0, author: author) }
    }

    /// Nil for another event, and for one that names no evaluation or says nothing of it: that is shown as an event only.
    init?(_ record: SpanRecord, author: String) {
        guard record.name == Self.eventName, let name = record.text("gen_ai.evaluation.name"), !name.isEmpty else { return nil }
        self.name = name
        value = record.number("gen_ai.evaluation.score.value")
        label = record.text("gen_ai.evaluation.score.label").flatMap { $0.isEmpty ? nil : $0 }
        reason = record.text("gen_ai.evaluation.explanation") ?? ""
        error = value == nil && label == nil ? record.text("error.type").flatMap { $0.isEmpty ? nil : $0 } : nil
        guard value != nil || label != nil || error != nil else { return nil }
        traceID = record.traceID
        spanID = record.spanID
        timeUnixNano = record.startTimeUnixNano
        self.author = author
    }
}

extension SpanRecord {
    fileprivate func text(_ key: String) -> String? {
        guard case .string(let text)? = attributes.first(where: { $0.key == key })?.value else { return nil }
        return text
    }

    fileprivate func number(_ key: String) -> Double? {
        switch attributes.first(where: { $0.key == key })?.value {
        case .double(let number)? where number.isFinite: number
        case .int(let number)?: Double(number)
        case .bool(let flag)?: flag ? 1 : 0
        default: nil
        }
    }
}

/// Where scores of events go. Keeping one again, as when a request is repeated, changes nothing.
package protocol EvaluationScoreKeeper: Sendable {
    func keep(_ scores: [EvaluationScore], of project: ProjectID) async throws(IngestError)
}

/// Keeps none: the events alone are stored.
package struct NoEvaluationScores: EvaluationScoreKeeper {
    package init() {}
    package func keep(_ scores: [EvaluationScore], of project: ProjectID) async throws(IngestError) {}
}
