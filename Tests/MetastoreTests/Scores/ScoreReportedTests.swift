import PostgresClient
import Testing
import TraceModel

@testable import Metastore

@Suite("Scores that events report")
struct ScoreReportedTests {
    private static func score(
        _ name: String = "helpful", value: Double? = 0.5, label: String? = nil, reason: String = "", error: String? = nil,
        time: UInt64 = 1_790_000_000_000_000_000
    ) -> ReportedScore {
        ReportedScore(
            name: name, value: value, label: label, reason: reason, error: error, traceID: TraceID(high: 5, low: 6),
            spanID: SpanID(rawValue: 7), timeUnixNano: time, author: "spdrl_app")
    }

    @Test("each is kept once, as an application's, in the order of the events' times")
    func once() async throws {
        let test = try await TestRuns.open(caseCount: 1), scores = test.test.metastore.scores
        let reported = [
            Self.score(), Self.score(label: "pass", reason: "why", time: 1_790_000_001_000_000_000),
            Self.score(value: nil, error: "timeout", time: 1_790_000_002_000_000_000),
        ]
        for _ in 0..<2 { try await scores.keep(reported, in: test.project) }
        try await scores.keep([reported[1], reported[1]], in: test.project)
        try await scores.keep([], in: test.project)
        let kept = try await scores.list(in: test.project, page: try PageRequest()).items
        #expect(
            kept.map(\.value) == [nil, 0.5, 0.5] && kept.map(\.error) == ["timeout", nil, nil] && kept.map(\.label) == [nil, "pass", nil])
        #expect(kept.allSatisfy { $0.source == .application && $0.author == "spdrl_app" && $0.traceID == TraceID(high: 5, low: 6) })
        #expect(kept.allSatisfy { $0.spanID == SpanID(rawValue: 7) && $0.outcomeID == nil && $0.passed == nil })
        // The same of another project is another score.
        let other = try await test.test.metastore.projects.create(name: "Other", in: test.test.organization.id).id
        try await scores.keep(reported, in: other)
        #expect(try await scores.list(in: other, page: try PageRequest()).items.count == 3)
    }

    @Test("what PostgreSQL could not hold is made to fit: an event cannot be sent back")
    func madeToFit() async throws {
        let test = try await TestRuns.open(caseCount: 1), scores = test.test.metastore.scores
        try await scores.keep(
            [
                Self.score(
                    "a\nb\0" + String(repeating: "n", count: 200), value: .greatestFiniteMagnitude,
                    reason: "x\0" + String(repeating: "y", count: 30_000)),
                Self.score(value: nil, label: String(repeating: "é", count: 300), time: 0),
            ], in: test.project)
        let kept = try await scores.list(in: test.project, page: try PageRequest()).items
        #expect(kept.count == 2 && kept[0].name == "a b " + String(repeating: "n", count: 96))
        #expect(kept[0].value == 1e150 && kept[0].reason.hasPrefix("x\u{fffd}y") && kept[0].reason.count == 20_000)
        #expect(kept[1].label?.count == 200)
    }

    @Test("an id is told by all that is reported")
    func ids() {
        let project = ProjectID(high: 1, low: 1)
        let all = [
            Self.score(), Self.score("other"), Self.score(value: nil), Self.score(label: ""), Self.score(reason: "r"),
            Self.score(error: "r"),
            Self.score(time: 1), Self.score(label: "r"),
        ]
        #expect(Set(all.map { $0.id(in: project) }).count == all.count)
        #expect(Self.score().id(in: project) == Self.score().id(in: project))
        #expect(Self.score().id(in: project) != Self.score().id(in: ProjectID(high: 1, low: 2)))
    }
}
