import Access
import HTTPAPI
import HTTPTesting
import Logging
import Metastore
import Testing
import TraceModel

@testable import Ingest

@Suite("Scores of events in PostgreSQL") struct StoredEvaluationScoresTests {
    private static func score(_ name: String) throws -> EvaluationScore {
        var record = SpanRecord(
            traceID: TraceID(high: 1, low: 2), spanID: SpanID(rawValue: 3), name: EvaluationScore.eventName,
            startTimeUnixNano: 1_790_000_000_000_000_000, endTimeUnixNano: 1_790_000_000_000_000_000)
        record.attributes = [
            KeyValue("gen_ai.evaluation.name", .string("n")), KeyValue("gen_ai.evaluation.score.value", .double(1)),
        ]
        var score = try #require(EvaluationScore(record, author: "key"))
        score.name = name
        return score
    }

    @Test("one that can never be stored holds up neither the others nor their request, which would come again for ever")
    func neverStorable() async throws {
        try await TestInstallation.run { installation, _ in
            let keeper = StoredEvaluationScores(installation.metastore.scores, logger: Logger(label: "test"))
            let project = installation.first.projectID
            for _ in 0..<2 { try await keeper.keep([try Self.score("a"), try Self.score(""), try Self.score("b")], of: project) }
            let stored = try await installation.metastore.scores.list(in: project, page: PageRequest()).items
            #expect(Set(stored.map(\.name)) == ["a", "b"] && stored.count == 2)
            // Of a project that is gone.
            try await keeper.keep([try Self.score("a")], of: ProjectID.make())
        }
    }

    @Test("while PostgreSQL is away the request is to come again")
    func away() async throws {
        try await TestInstallation.run { installation, _ in
            let keeper = StoredEvaluationScores(installation.metastore.scores, logger: Logger(label: "test"))
            await installation.metastore.close()
            await #expect {
                try await keeper.keep([try Self.score("a")], of: installation.first.projectID)
            } throws: {
                ($0 as? IngestError)?.code == .unavailable && ($0 as? IngestError)?.retryAfterSeconds != nil
            }
        }
    }
}
