import Metastore
import PostgresTesting
import Testing
import TraceModel

@Suite("Scores sent under an id")
struct ScoreSentTests {
    private static let trace = TraceID(high: 5, low: 6)

    private func score(_ value: Double, span: SpanID? = nil) -> NewScore {
        NewScore(name: "n", source: .application, value: value, subject: .trace(Self.trace, span), author: "spdrl_abc")
    }

    @Test("one id is one score of a project: the same again is a repeat, another one a conflict, also at the same time")
    func once() async throws {
        let test = try await TestMetastore.open(), scores = test.metastore.scores
        func send(_ new: NewScore, _ id: String = "a", in project: ProjectID? = nil) async throws -> SentScore {
            try await scores.send(new, externalID: id, in: project ?? test.project.id, audit: test.audit)
        }
        guard case .created(let first) = try await send(score(1)) else { throw CancellationError() }
        #expect(try await send(score(1)) == .repeated(first))
        for other in [score(2), score(1, span: SpanID(rawValue: 7))] { #expect(try await send(other) == .conflict(first)) }
        guard case .created = try await send(score(1), "b") else { throw CancellationError() }
        let other = try await test.metastore.projects.create(name: "Other", in: test.organization.id).id
        guard case .created = try await send(score(1), in: other) else { throw CancellationError() }
        let many = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    guard case .created = try await send(score(3), "c") else { return false }
                    return true
                }
            }
            return try await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        #expect(many.filter { $0 }.count == 1)
        #expect(try await scores.list(in: test.project.id, page: try PageRequest()).items.count == 3)
        for wrong in ["", String(repeating: "x", count: 201), "a\tb"] {
            #expect(await failure { try await send(score(1), wrong) }?.code == .invalid, "\(wrong.prefix(10))")
        }
    }
}
