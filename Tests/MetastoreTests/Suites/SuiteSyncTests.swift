import EvaluationModel
import PostgresClient
import Testing
import TraceModel

@testable import Metastore

@Suite("Suites kept in files, and edits looked at beforehand")
struct SuiteSyncTests {
    private func sync(_ suite: TestSuite, _ numbers: [Int], _ text: String = "text", name: String = "File", description: String? = nil)
        async throws -> (suite: Suite, result: SuiteEditResult)
    {
        try await suite.suites.sync(
            name: name, description: description, cases: numbers.map { FrozenTestCase(TestRuns.testCase($0, text)) },
            in: suite.test.project.id, audit: suite.test.audit)
    }

    private func auditCount(_ suite: TestSuite) async throws -> Int {
        try await suite.test.connection.query("SELECT 1 FROM audit_entries WHERE action = 'testAction'").count
    }

    @Test("a file makes its suite, changes it, and changes nothing when it is the same again; each change is one entry of the log")
    func files() async throws {
        let suite = try await TestSuite.open(), before = try await auditCount(suite)
        let first = try await sync(suite, [1, 2, 3], description: "Of a file")
        #expect(first.suite.name == "File" && first.suite.description == "Of a file" && first.suite.caseCount == 3)
        #expect(first.result.addedCount == 3 && first.result.newestVersion == 1 && first.result.version?.source == .file)
        #expect(try await auditCount(suite) == before + 1)
        let same = try await sync(suite, [3, 2, 1])
        #expect(same.result == SuiteEditResult(newestVersion: 1) && same.suite.description == "Of a file")
        #expect(try await auditCount(suite) == before + 1)
        let second = try await sync(suite, [2, 4], description: "Better")
        #expect(second.result.addedCount == 1 && second.result.changedCount == 0 && second.result.removedCount == 2)
        #expect(second.suite.id == first.suite.id && second.suite.currentVersion == 2 && second.suite.description == "Better")
        #expect(try await auditCount(suite) == before + 2)
        _ = try await suite.suites.archive(second.suite.id, in: suite.test.project.id, audit: suite.test.audit)
        #expect(await failure { try await sync(suite, [5]) }?.code == .conflict)
        #expect(await failure { try await sync(suite, [5], name: " x ") }?.field == "name")
    }

    @Test("a look at an edit tells what it would do, and does nothing")
    func previews() async throws {
        let suite = try await TestSuite.open()
        _ = try await suite.edit(put: (0..<5).map { TestRuns.testCase($0) })
        func preview(_ puts: [TestCaseContent], _ removals: [String] = [], all: Bool = false) async throws -> SuiteEditResult? {
            try await suite.suites.preview(
                SuiteEdit(puts: puts, removals: removals, replacesAll: all, source: .import), of: suite.id, in: suite.test.project.id)
        }
        let puts = [TestRuns.testCase(1), TestRuns.testCase(2, "other"), TestRuns.testCase(7)]
        #expect(try await preview(puts) == SuiteEditResult(newestVersion: 1, addedCount: 1, changedCount: 1))
        #expect(try await preview([], ["case-1", "nobody"]) == SuiteEditResult(newestVersion: 1, removedCount: 1))
        #expect(try await preview(puts, all: true) == SuiteEditResult(newestVersion: 1, addedCount: 1, changedCount: 1, removedCount: 3))
        #expect(try await suite.suites.find(suite.id, in: suite.test.project.id)?.currentVersion == 1)
        #expect(try await suite.suites.preview(SuiteEdit(source: .import), of: suite.id, in: .make()) == nil)
    }
}
