import ByteCoding
import EvaluationModel
import PostgresClient
import PostgresTesting
import SeededRandom
import Testing
import TraceModel

@testable import Metastore

/// A suite and what tests read of it.
struct TestSuite {
    let test: TestMetastore
    let id: SuiteID
    var suites: SuiteRepository { test.metastore.suites }

    static func open(connections: Int = 2) async throws -> TestSuite {
        let test = try await TestMetastore.open(connections: connections)
        let id = try await test.metastore.suites.create(name: "S", description: "", in: test.project.id, audit: test.audit).id
        return TestSuite(test: test, id: id)
    }

    func edit(
        put: [TestCaseContent] = [], remove: [String] = [], all: Bool = false, source: SuiteVersion.Source = .api, expected: Int? = nil
    ) async throws -> SuiteEditResult? {
        try await suites.edit(
            id, in: test.project.id,
            SuiteEdit(puts: put, removals: remove, replacesAll: all, source: source, message: "why", expectedVersion: expected),
            audit: test.audit)
    }

    /// Everything a version says, by key.
    func contents(_ version: Int) async throws -> [String: String] {
        let cases = try await suites.cases(of: id, version: version, after: nil, limit: 1_000_000)
        return Dictionary(uniqueKeysWithValues: cases.map { ($0.key, String(decoding: $0.content, as: UTF8.self)) })
    }
}

private func contents(_ cases: [TestCaseContent]) -> [String: String] {
    Dictionary(uniqueKeysWithValues: cases.map { ($0.key, String(decoding: $0.json.bytes, as: UTF8.self)) })
}

@Suite("Edits of suites")
struct SuiteEditTests {
    @Test("an edit adds, changes and removes cases in one version; every version stays as it was")
    func versions() async throws {
        let suite = try await TestSuite.open()
        let one = [TestRuns.testCase(1), TestRuns.testCase(2), TestRuns.testCase(3)]
        let first = try await suite.edit(put: one)
        #expect(first?.addedCount == 3 && first?.changedCount == 0 && first?.removedCount == 0)
        #expect(first?.version?.number == 1 && first?.version?.caseCount == 3 && first?.version?.message == "why")
        let second = try await suite.edit(put: [TestRuns.testCase(2, "other"), TestRuns.testCase(4)], remove: ["case-3", "nobody"])
        #expect(second?.addedCount == 1 && second?.changedCount == 1 && second?.removedCount == 1 && second?.version?.caseCount == 3)
        // What was removed comes back as it was.
        let third = try await suite.edit(put: [TestRuns.testCase(3)], source: .file)
        #expect(third?.addedCount == 1 && third?.version?.number == 3 && third?.version?.source == .file)
        let two = [TestRuns.testCase(1), TestRuns.testCase(2, "other"), TestRuns.testCase(4)]
        #expect(try await suite.contents(1) == contents(one))
        #expect(try await suite.contents(2) == contents(two))
        #expect(try await suite.contents(3) == contents(two + [TestRuns.testCase(3)]))
        #expect(try await suite.contents(0).isEmpty)
        #expect(try await suite.suites.versions(of: suite.id, before: nil, limit: 2).map(\.number) == [3, 2])
        #expect(try await suite.suites.versions(of: suite.id, before: 2, limit: 2).map(\.number) == [1])
        #expect(try await suite.suites.find(suite.id, in: suite.test.project.id)?.caseCount == 4)
        let history = try await suite.suites.history(of: "case-3", in: suite.id)
        #expect(history.map(\.introducedIn) == [3, 1] && history.map(\.removedIn) == [nil, 2])
        #expect(try await suite.suites.history(of: "nobody", in: suite.id).isEmpty)
    }

    @Test("the same again makes no version, however it is written; a member's order alone is no change")
    func sameAgain() async throws {
        let suite = try await TestSuite.open()
        func content(_ metadata: String) throws -> TestCaseContent {
            try TestCaseContent(json: try JSONValue.parse(#"{"key": "a", "input": "x", "metadata": \#(metadata)}"#))
        }
        _ = try await suite.edit(put: [try content(#"{"b": 1, "a": 2}"#)])
        for same in [#"{"b": 1, "a": 2}"#, #"{"a": 2, "b": 1}"#, #"{"a": 2.0, "b": 1}"#] {
            #expect(try await suite.edit(put: [try content(same)]) == SuiteEditResult(newestVersion: 1))
        }
        #expect(try await suite.edit(remove: ["nobody"]) == SuiteEditResult(newestVersion: 1))
        #expect(try await suite.edit(put: [try content(#"{"a": 2, "b": 1}"#)], all: true) == SuiteEditResult(newestVersion: 1))
        #expect(try await suite.edit(put: [try content(#"{"a": 3, "b": 1}"#)])?.changedCount == 1)
        #expect(try await suite.test.connection.query("SELECT 1 FROM audit_entries WHERE action = 'testAction'").count == 3)
    }

    @Test("a file is the whole suite: what it does not have is removed")
    func replaceAll() async throws {
        let suite = try await TestSuite.open()
        _ = try await suite.edit(put: (0..<5).map { TestRuns.testCase($0) })
        let file = [TestRuns.testCase(1), TestRuns.testCase(2, "other"), TestRuns.testCase(7)]
        let result = try await suite.edit(put: file, all: true, source: .file)
        #expect(result?.addedCount == 1 && result?.changedCount == 1 && result?.removedCount == 3)
        #expect(try await suite.contents(2) == contents(file))
        let emptied = try await suite.edit(all: true)
        #expect(emptied?.removedCount == 3 && emptied?.version?.caseCount == 0)
        #expect(try await suite.contents(3).isEmpty)
    }

    @Test("tags, split and source are columns, too; a text with U+0000 inside is kept, as a tag or key it is refused")
    func columns() async throws {
        let suite = try await TestSuite.open()
        let source = TestCaseSource(traceID: TraceID(high: 0xab, low: 1), spanID: SpanID(rawValue: 0xcd))
        let content = TestCaseContent(key: "a", input: .text("nul \0 here"), tags: ["x y", "ü\""], split: "dev", source: source)
        _ = try await suite.edit(put: [content, TestCaseContent(key: "b", input: .text(""))])
        #expect(try await suite.contents(1)["a"] == String(decoding: content.json.bytes, as: UTF8.self))
        let row = try await suite.test.connection.query(
            """
            SELECT tags, split, encode(source_trace_id, 'hex') AS trace, encode(source_span_id, 'hex') AS span FROM test_case_versions v
            JOIN test_cases c ON c.id = v.test_case_id WHERE key = 'a'
            """
        )[0]
        #expect(try row.texts("tags") == ["x y", "ü\""] && row.decode("split") == "dev")
        #expect(try row.decode("trace") == source.traceID?.hex && row.decode("span") == source.spanID?.hex)
        #expect(await failure { try await suite.edit(put: [TestCaseContent(key: "c", input: .text(""), tags: ["\0"])]) }?.code == .invalid)
        #expect(await failure { try await suite.edit(put: [TestCaseContent(key: "c\0", input: .text(""))]) }?.code == .invalid)
        #expect(await failure { try await suite.edit(put: [TestCaseContent(key: "", input: .text(""))]) }?.field == "key")
        #expect(await failure { try await suite.edit(put: [TestRuns.testCase(8), TestRuns.testCase(8, "other")]) }?.field == "key")
        #expect(try await suite.suites.find(suite.id, in: suite.test.project.id)?.currentVersion == 1)
    }

    @Test("an edit made against another version is a conflict and changes nothing")
    func expectedVersion() async throws {
        let suite = try await TestSuite.open()
        _ = try await suite.edit(put: [TestRuns.testCase(1)], expected: 0)
        let error = await failure { try await suite.edit(put: [TestRuns.testCase(2)], expected: 0) }
        #expect(error?.code == .conflict && error?.field == "version")
        #expect(try await suite.contents(1).count == 1)
        #expect(try await suite.edit(put: [TestRuns.testCase(2)], expected: 1)?.version?.number == 2)
    }

    @Test("of editors at once each gets a version of its own, and with one expected version only one of them")
    func editorsAtOnce() async throws {
        let suite = try await TestSuite.open(connections: 8)
        let numbers = try await withThrowingTaskGroup(of: Int?.self) { group in
            for number in 0..<8 {
                group.addTask {
                    try await suite.edit(put: [TestRuns.testCase(number), TestRuns.testCase(100, "of \(number)")])?.version?.number
                }
            }
            return try await group.reduce(into: [Int?]()) { $0.append($1) }.compactMap { $0 }
        }
        #expect(Set(numbers) == Set(1...8))
        #expect(try await suite.contents(8).count == 9)
        let winners = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<8 {
                group.addTask {
                    await failure { try await suite.edit(put: [TestRuns.testCase(200 + number)], expected: 8) } == nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(winners == 1)
        #expect(try await suite.contents(9).count == 10)
    }

    @Test("3,000 cases, and cases of megabytes, go in over several statements as one version")
    func manyCases() async throws {
        let suite = try await TestSuite.open()
        let cases = (0..<3_000).map { TestRuns.testCase($0) }
        #expect(try await suite.edit(put: cases)?.version?.caseCount == 3_000)
        #expect(try await suite.contents(1) == contents(cases))
        // In pages, in the order of the keys' bytes.
        var keys: [String] = []
        while true {
            let page = try await suite.suites.cases(of: suite.id, version: 1, after: keys.last, limit: 700)
            keys += page.map(\.key)
            if page.count < 700 { break }
        }
        #expect(keys == cases.map(\.key).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        let half = cases.enumerated().map { $0 % 2 == 0 ? $1 : TestRuns.testCase($0, "other") }
        let result = try await suite.edit(put: half, all: true)
        #expect(result?.changedCount == 1_500 && result?.addedCount == 0 && result?.removedCount == 0)
        #expect(try await suite.contents(1) == contents(cases))
        #expect(try await suite.contents(2) == contents(half))
        let large = (0..<20).map { TestRuns.testCase($0, String(repeating: "x", count: 1_000_000)) }
        #expect(try await suite.edit(put: large, all: true)?.version?.caseCount == 20)
        #expect(try await suite.contents(3) == contents(large))
    }

    @Test("random edits: every version reads as it was when it was made")
    func randomEdits() async throws {
        var random = SeededGenerator(seed: TestSeed.value)
        let suite = try await TestSuite.open()
        var current: [String: TestCaseContent] = [:], versions: [[String: String]] = [[:]]
        for _ in 0..<40 {
            var puts: [String: TestCaseContent] = [:]
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                let content = TestRuns.testCase(Int.random(in: 0..<12, using: &random), Bool.random(using: &random) ? "a" : "b")
                puts[content.key] = content
            }
            let replaces = Int.random(in: 0..<8, using: &random) == 0
            let removals = (0..<Int.random(in: 0...2, using: &random)).map { _ in "case-\(Int.random(in: 0..<12, using: &random))" }
                .filter { puts[$0] == nil }
            let before = current
            if replaces { current = current.filter { puts[$0.key] != nil } } else { for key in removals { current[key] = nil } }
            for (key, content) in puts { current[key] = content }
            let result = try await suite.edit(put: puts.values.sorted { $0.key < $1.key }, remove: replaces ? [] : removals, all: replaces)
            #expect((result?.version == nil) == (before == current), "seed \(TestSeed.value)")
            if result?.version != nil { versions.append(contents(Array(current.values))) }
        }
        for (number, expected) in versions.enumerated() {
            #expect(try await suite.contents(number) == expected, "version \(number), seed \(TestSeed.value)")
        }
    }
}
