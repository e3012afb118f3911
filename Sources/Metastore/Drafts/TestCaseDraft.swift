/// A test case that a model wrote, until a person accepts or drops it, and what became of it.

import EvaluationModel
import PostgresClient
import TraceModel

package struct TestCaseDraftID: EntityID {
    package let high: UInt64
    package let low: UInt64
    package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }
}

package struct TestCaseDraft: Sendable, Equatable {
    package enum State: String, Sendable, Equatable, CaseIterable { case proposed, accepted, dropped }

    package let id: TestCaseDraftID
    package let suiteID: SuiteID
    package let requestID: TaskID
    package let key: String
    /// JSON text of a `TestCaseContent`.
    package let content: [UInt8]
    /// What it was made from.
    package let source: TestCaseSource
    package let state: State
    /// The suite's version that the case came with; of an accepted draft.
    package let acceptedVersion: Int?
    package let decidedBy: String?
    package let decidedTimeUnixNano: Int64?
    package let createdTimeUnixNano: Int64

    static let columns = """
        id, suite_id, request_id, key, content, source, state, accepted_version, decided_by, decided_at, created_at
        """

    init(_ row: PostgresRow) throws(PostgresError) {
        let name: String = try row.decode("state")
        guard let state = State(rawValue: name) else { throw PostgresError(.decoding, "\(name) is no state of a draft") }
        id = try row.decode("id")
        suiteID = try row.decode("suite_id")
        requestID = try row.decode("request_id")
        key = try row.decode("key")
        content = try row.decode("content", as: PostgresJSON.self).bytes
        source = try TestCaseSource(try row.decode("source", as: PostgresJSON.self))
        self.state = state
        acceptedVersion = try row.decodeIfPresent("accepted_version")
        decidedBy = try row.decodeIfPresent("decided_by")
        decidedTimeUnixNano = try row.unixNanoIfPresent("decided_at")
        createdTimeUnixNano = try row.unixNano("created_at")
    }
}

/// What deciding on a draft came to.
package enum DraftDecision: Sendable, Equatable {
    /// `edit`: what became of the suite; nil for a draft that was dropped.
    case decided(TestCaseDraft, edit: SuiteEditResult?)
    /// Somebody decided before.
    case wasDecided(TestCaseDraft.State)
    /// The suite's newest version has a case of this key.
    case keyIsTaken
    case notFound
}
