import PostgresClient
import Testing
import TraceModel

@testable import Metastore

@Suite("Scores of people and applications")
struct ScoreGivenTests {
    private static let trace = TraceID(high: 5, low: 6), span = SpanID(rawValue: 7)

    private func score(_ name: String, _ subject: NewScore.Subject, value: Double? = 1) -> NewScore {
        NewScore(name: name, source: .person, value: value, subject: subject, author: "ada@team.example")
    }

    @Test("they are of a trace, a span, or an outcome of the project, whose trace they take over; each is an entry of the log")
    func subjects() async throws {
        let test = try await TestRuns.open(caseCount: 1), scores = test.test.metastore.scores
        let run = try await test.start(try TestRuns.specification()).id
        try await test.record(try await test.runs.leaseCells(worker: "w", capacity: 1))
        let outcome = try #require(try await test.runs.outcomes(of: run, in: test.project, page: try PageRequest(limit: 1)).items.first)
        let ofTrace = try await scores.create(score("t", .trace(Self.trace, nil)), in: test.project, audit: test.audit)
        #expect(ofTrace?.traceID == Self.trace && ofTrace?.spanID == nil && ofTrace?.author == "ada@team.example")
        let ofSpan = try await scores.create(score("s", .trace(Self.trace, Self.span)), in: test.project, audit: test.audit)
        #expect(ofSpan?.spanID == Self.span && ofSpan?.value == 1 && ofSpan?.passed == nil && ofSpan?.reason == "")
        let ofOutcome = try await scores.create(score("o", .outcome(outcome.id)), in: test.project, audit: test.audit)
        #expect(ofOutcome?.outcomeID == outcome.id && ofOutcome?.traceID == outcome.traceID && ofOutcome?.spanID == outcome.spanID)
        #expect(try await scores.create(score("x", .outcome(.make())), in: test.project, audit: test.audit) == nil)
        let other = try await test.test.metastore.projects.create(name: "Other", in: test.test.organization.id).id
        #expect(try await scores.create(score("x", .outcome(outcome.id)), in: other, audit: test.audit) == nil)
        #expect(await failure { try await scores.create(score("", .trace(Self.trace, nil)), in: test.project, audit: test.audit) }?.code == .invalid)
        #expect(
            await failure {
                try await scores.create(score("n", .trace(Self.trace, nil), value: nil), in: test.project, audit: test.audit)
            }?.code == .invalid)
        #expect(try await test.number("SELECT count(*) AS n FROM audit_entries WHERE resource_kind = 'score'") == 3)

        func names(_ filter: ScoreFilter, in project: ProjectID? = nil) async throws -> [String] {
            try await scores.list(in: project ?? test.project, filter: filter, page: try PageRequest()).items.map(\.name)
        }
        #expect(try await names(ScoreFilter()) == ["o", "s", "t"])
        #expect(try await names(ScoreFilter(), in: other).isEmpty)
        #expect(try await names(ScoreFilter(traceID: Self.trace)) == ["s", "t"])
        #expect(try await names(ScoreFilter(traceID: Self.trace, spanID: Self.span)) == ["s"])
        #expect(try await names(ScoreFilter(outcomeID: outcome.id, name: "o", source: .person)) == ["o"])
        #expect(try await names(ScoreFilter(source: .scorer)).isEmpty)
        let first = try await scores.list(in: test.project, page: try PageRequest(limit: 2))
        let second = try await scores.list(in: test.project, page: try PageRequest(limit: 2, cursor: first.nextCursor))
        #expect((first.items + second.items).map(\.name) == ["o", "s", "t"] && second.nextCursor == nil)
    }
}
