import ByteCoding
import PostgresClient
import Testing
import TraceModel

@testable import Metastore

@Suite struct ReapplicationRepositoryTests {
    private static func order(
        _ subject: Reapplication.Subject = .prices, isDryRun: Bool = false, days: (Int32?, Int32?) = (nil, nil), node: UInt64 = 7
    ) -> NewReapplication {
        NewReapplication(subject, isDryRun: isDryRun, firstDay: days.0, lastDay: days.1, node: node)
    }

    private static let report = Array(#"{"spans":3}"#.utf8)

    @Test("a reapplication is taken up, told, taken up again and ended; its task goes along")
    func life() async throws {
        let test = try await TestMetastore.open()
        let store = test.metastore.reapplications, project = test.project.id
        let id = try await store.create(
            Self.order(.mapping, isDryRun: true, days: (20_000, nil), node: .max), in: project, audit: test.audit)
        #expect(try await store.open(node: 7) == [])
        let open = try #require(try await store.open(node: .max).first)
        #expect(open.id == id && open.subject == .mapping && open.isDryRun && open.firstDay == 20_000 && open.lastDay == nil)
        #expect(open.horizonLSN == nil && open.report == Array("{}".utf8) && open.progressDone == 0)
        func task() async throws -> TaskRecord { try #require(try await test.metastore.tasks.find(id, in: project)) }
        #expect(try await task().state == .queued)
        #expect(try await store.begin(id, horizonLSN: 900))
        #expect(try await store.reportProgress(id, done: 5, total: 20, report: Self.report))
        // More rows than were foreseen: segments were merged meanwhile.
        #expect(try await store.reportProgress(id, done: 30, total: 20, report: nil))
        #expect(try await store.begin(id, horizonLSN: 900), "taken up again after a restart")
        let again = try #require(try await store.open(node: .max).first)
        #expect(again.horizonLSN == 900 && again.report == Self.report && again.progressDone == 30)
        let running = try await task()
        #expect(running.state == .running && running.progressDone == 30 && running.progressTotal == 30)
        try await store.succeed(id, result: Self.report)
        #expect(try await task().state == .succeeded)
        #expect(try await JSONValue.parse(try #require(try await task().result))["spans"]?.integerValue == 3)
        #expect(try await store.open(node: .max) == [])
        #expect(try await !store.begin(id, horizonLSN: 1))
        #expect(try await !store.reportProgress(id, done: 1, total: 1, report: nil))
    }

    @Test("one at a time for a project; the next may begin when it has ended")
    func one() async throws {
        let test = try await TestMetastore.open()
        let store = test.metastore.reapplications, project = test.project.id
        let other = try await test.metastore.projects.create(name: "Other", retentionDays: nil, in: test.organization.id).id
        let id = try await store.create(Self.order(), in: project, audit: test.audit)
        let error = await failure { try await store.create(Self.order(.mapping), in: project, audit: test.audit) }
        #expect(error?.code == .conflict && error?.field == "project_id")
        _ = try await store.create(Self.order(), in: other, audit: test.audit)
        #expect(try await store.cancel(id, in: other, audit: test.audit) == nil)
        #expect(try await store.cancel(id, in: project, audit: test.audit) == true)
        #expect(try await store.cancel(id, in: project, audit: test.audit) == false)
        #expect(try await test.metastore.tasks.find(id, in: project)?.state == .cancelled)
        try await store.succeed(id, result: Self.report)
        #expect(try await test.metastore.tasks.find(id, in: project)?.state == .cancelled)
        let next = try await store.create(Self.order(), in: project, audit: test.audit)
        try await store.fail(next, reason: "it cannot be done")
        #expect(try await test.metastore.tasks.find(next, in: project)?.state == .failed)
        let missing = await failure { try await store.create(Self.order(), in: ProjectID(high: 1, low: 1), audit: test.audit) }
        #expect(missing?.code == .notFound)
        let backwards = await failure { try await store.create(Self.order(days: (9, 8)), in: project, audit: test.audit) }
        #expect(backwards?.code == .invalid && backwards?.field == "received_to")
    }
}
