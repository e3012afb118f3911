/// A judgement that a person or an application sends.

import TraceModel

package struct NewScore: Sendable, Equatable {
    package enum Subject: Sendable, Equatable {
        /// What it judges is also the trace of the outcome.
        case outcome(OutcomeID)
        case trace(TraceID, SpanID?)
    }

    package var name: String
    package var source: ScoreRecord.Source
    /// At least one of value, passed and label.
    package var value: Double?
    package var passed: Bool?
    package var label: String?
    package var reason: String
    package var subject: Subject
    /// Who sent it: an e-mail address, or a key's name.
    package var author: String

    package init(
        name: String, source: ScoreRecord.Source, value: Double? = nil, passed: Bool? = nil, label: String? = nil, reason: String = "",
        subject: Subject, author: String
    ) {
        self.name = name
        self.source = source
        self.value = value
        self.passed = passed
        self.label = label
        self.reason = reason
        self.subject = subject
        self.author = author
    }
}

/// Which scores a list shows; all of what is given must hold.
package struct ScoreFilter: Sendable, Equatable {
    package var traceID: TraceID?
    package var spanID: SpanID?
    package var outcomeID: OutcomeID?
    package var name: String?
    package var source: ScoreRecord.Source?

    package init(
        traceID: TraceID? = nil, spanID: SpanID? = nil, outcomeID: OutcomeID? = nil, name: String? = nil,
        source: ScoreRecord.Source? = nil
    ) {
        self.traceID = traceID
        self.spanID = spanID
        self.outcomeID = outcomeID
        self.name = name
        self.source = source
    }
}
