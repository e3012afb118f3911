import EvaluationModel
import PostgresClient
import PostgresTesting
import Testing
import TraceModel

@testable import Metastore

@Suite("Suites")
struct SuiteRepositoryTests {
    @Test("a suite is made, found by id and name, renamed, listed newest first and archived, each audited")
    func life() async throws {
        let test = try await TestMetastore.open(), suites = test.metastore.suites
        let first = try await suites.create(name: "A", description: "first", in: test.project.id, audit: test.audit)
        let second = try await suites.create(name: "B", description: "", in: test.project.id, audit: test.audit)
        #expect(first.currentVersion == 0 && first.caseCount == 0 && first.archivedTimeUnixNano == nil)
        #expect(try await suites.find(first.id, in: test.project.id) == first)
        #expect(try await suites.find(name: "B", in: test.project.id) == second)
        let renamed = try await suites.update(first.id, in: test.project.id, name: "C", description: nil, audit: test.audit)
        #expect(renamed?.name == "C" && renamed?.description == "first")
        #expect(
            await failure { try await suites.update(first.id, in: test.project.id, name: "B", description: nil, audit: test.audit) }?.field
                == "name")
        let page = try await suites.list(in: test.project.id, page: try PageRequest(limit: 1))
        #expect(page.items == [second])
        let next = try await suites.list(in: test.project.id, page: try PageRequest(limit: 1, cursor: page.nextCursor))
        #expect(next.items.map(\.id) == [first.id] && next.nextCursor == nil)
        #expect(try await suites.archive(second.id, in: test.project.id, audit: test.audit)?.archivedTimeUnixNano != nil)
        #expect(try await suites.list(in: test.project.id, page: try PageRequest()).items.map(\.id) == [first.id])
        #expect(try await suites.list(in: test.project.id, includingArchived: true, page: try PageRequest()).items.count == 2)
        let entries = try await test.connection.query("SELECT 1 FROM audit_entries WHERE resource_kind = 'suite'")
        #expect(entries.count == 4)
    }

    @Test("wrong names and descriptions are refused with the field at fault, a second suite of a name is a conflict")
    func refusals() async throws {
        let test = try await TestMetastore.open(), suites = test.metastore.suites
        func refusal(_ name: String, _ description: String = "", in project: ProjectID? = nil) async -> MetastoreError? {
            await failure {
                try await suites.create(name: name, description: description, in: project ?? test.project.id, audit: test.audit)
            }
        }
        #expect(await refusal("")?.field == "name")
        #expect(await refusal("A", String(repeating: "x", count: 10_001))?.field == "description")
        #expect(await refusal("A", in: .make())?.code == .notFound)
        #expect(await refusal("A") == nil)
        #expect(await refusal("A")?.code == .conflict)
    }

    @Test("a suite of one project is none to another")
    func isolation() async throws {
        let test = try await TestMetastore.open(), suites = test.metastore.suites
        let other = try await test.metastore.projects.create(name: "Other", in: test.organization.id).id
        let suite = try await suites.create(name: "A", description: "", in: test.project.id, audit: test.audit).id
        #expect(try await suites.find(suite, in: other) == nil)
        #expect(try await suites.find(name: "A", in: other) == nil)
        #expect(try await suites.list(in: other, page: try PageRequest()).items.isEmpty)
        #expect(try await suites.update(suite, in: other, name: "B", description: nil, audit: test.audit) == nil)
        #expect(try await suites.archive(suite, in: other, audit: test.audit) == nil)
        let edit = SuiteEdit(puts: [TestRuns.testCase(1)], source: .api)
        #expect(try await suites.edit(suite, in: other, edit, audit: test.audit) == nil)
        #expect(try await suites.find(suite, in: test.project.id)?.currentVersion == 0)
    }
}
