/// A request for drafts: of which traces of a project, and of which entries of its knowledge base, a model is to make test cases. It is also a
/// task, of the same id.

import ByteCoding
import EvaluationModel
import PostgresClient
import TraceModel

/// What a request is made from.
package struct NewDraftRequest: Sendable {
    /// Empty: the model finds out by itself what is worth a case.
    package var instruction: String
    /// `provider/model`; nil: the project's.
    package var model: String?
    package var maximumDraftCount: Int
    package var capNanoUSD: Int64
    package var sources: [DraftSource]

    package init(instruction: String, model: String?, maximumDraftCount: Int, capNanoUSD: Int64, sources: [DraftSource]) {
        self.instruction = instruction
        self.model = model
        self.maximumDraftCount = maximumDraftCount
        self.capNanoUSD = capNanoUSD
        self.sources = sources
    }
}

/// What cases are made from: the span of a trace, or an entry.
package struct DraftSource: Sendable, Equatable {
    package let origin: TestCaseSource
    /// JSON text: a `DraftExcerpt`, or an `EntryExcerpt`.
    package let content: [UInt8]

    package init(_ origin: TestCaseSource, content: [UInt8]) {
        self.origin = origin
        self.content = content
    }
}

/// A request as the worker that holds it finds it before each call.
package struct DraftRequest: Sendable, Equatable {
    package let id: TaskID
    package let projectID: ProjectID
    package let suiteID: SuiteID
    package let instruction: String
    package let model: String?
    package let maximumDraftCount: Int
    package let capNanoUSD: Int64
    /// Chosen; and those that are still to be gone through.
    package let sourceCount: Int
    package let openSourceCount: Int
    package let costNanoUSD: Int64
    package let draftCount: Int
    /// JSON text: `[{"trace_id" or "entry", "message"}]`.
    package let problems: [UInt8]
    /// The source that is next; nil: all were gone through.
    package let next: (position: Int, source: DraftSource)?

    package var isCapSpent: Bool { costNanoUSD >= capNanoUSD }

    /// Cases to ask for of the next source: an even share of what is left.
    package var nextDraftCount: Int {
        let left = max(0, maximumDraftCount - draftCount)
        return openSourceCount > 0 ? (left + openSourceCount - 1) / openSourceCount : 0
    }

    package static func == (a: DraftRequest, b: DraftRequest) -> Bool {
        a.id == b.id && a.openSourceCount == b.openSourceCount && a.costNanoUSD == b.costNanoUSD && a.draftCount == b.draftCount
    }

    static let columns = """
        r.id, r.suite_id, s.project_id, r.instruction, r.model, r.maximum_draft_count, r.cap_nano_usd, r.source_count, r.cost_nano_usd,
        r.problems, (SELECT count(*) FROM draft_request_sources o WHERE o.request_id = r.id) AS open_source_count,
        (SELECT count(*) FROM test_case_drafts d WHERE d.request_id = r.id) AS draft_count, n.position, n.source, n.content
        """
    static let tables = """
        draft_requests r JOIN suites s ON s.id = r.suite_id LEFT JOIN LATERAL (
            SELECT position, source, content FROM draft_request_sources WHERE request_id = r.id ORDER BY position LIMIT 1) n ON true
        """

    init(_ row: PostgresRow) throws(PostgresError) {
        id = try row.decode("id")
        projectID = try row.decode("project_id")
        suiteID = try row.decode("suite_id")
        instruction = try row.decode("instruction")
        model = try row.decodeIfPresent("model")
        maximumDraftCount = try row.decode("maximum_draft_count")
        capNanoUSD = try row.decode("cap_nano_usd")
        sourceCount = try row.decode("source_count")
        openSourceCount = try row.decode("open_source_count")
        costNanoUSD = try row.decode("cost_nano_usd")
        draftCount = try row.decode("draft_count")
        problems = try row.decode("problems", as: PostgresJSON.self).bytes
        guard let position = try row.decodeIfPresent("position", as: Int.self) else {
            next = nil
            return
        }
        let content = try row.decode("content", as: PostgresJSON.self).bytes
        next = (
            position,
            DraftSource(try TestCaseSource(try row.decode("source", as: PostgresJSON.self)), content: content)
        )
    }
}

extension TestCaseSource {
    /// As a table keeps it.
    init(_ json: PostgresJSON) throws(PostgresError) {
        guard let value = try? JSONValue.parse(json.bytes), let source = TestCaseSource(json: value) else {
            throw PostgresError(.decoding, "the stored source of a test case cannot be read")
        }
        self = source
    }
}
