import Metastore
import PostgresTesting
import Testing

@Suite struct TaskRepositoryTests {
    @Test("a task goes from queued over running with progress to its result")
    func success() async throws {
        let test = try await TestMetastore.open()
        let tasks = test.metastore.tasks
        let queued = try await tasks.create(kind: "seal", project: test.project.id)
        #expect(queued.state == .queued && queued.startTimeUnixNano == nil && queued.progressTotal == nil && !queued.state.isFinal)
        #expect(try await tasks.start(queued.id).state == .running)
        #expect(try await tasks.reportProgress(queued.id, done: 3, total: 10).progressTotal == 10)
        let progress = try await tasks.reportProgress(queued.id, done: 4)
        #expect(progress.progressDone == 4 && progress.progressTotal == 10)
        let done = try await tasks.succeed(queued.id, result: Array(#"{"segments": 2}"#.utf8))
        #expect(done.state == .succeeded && done.finishTimeUnixNano != nil && done.state.isFinal)
        #expect(try await tasks.find(queued.id, in: test.project.id) == done)
        #expect(done.result == Array(#"{"segments": 2}"#.utf8) && done.error == nil)
        #expect(done.updateTimeUnixNano >= done.createdTimeUnixNano)
    }

    @Test("a failed task keeps its error, a cancelled one may never have run")
    func ends() async throws {
        let test = try await TestMetastore.open()
        let tasks = test.metastore.tasks
        let failed = try await tasks.create(kind: "seal", project: nil)
        #expect(try await tasks.fail(failed.id, error: Array(#"{"message": "disk full"}"#.utf8)).state == .failed)
        let cancelled = try await tasks.create(kind: "seal", project: test.project.id)
        #expect(try await tasks.cancel(cancelled.id).startTimeUnixNano == nil)
        #expect(try await tasks.list(in: test.project.id, page: PageRequest()).items.map(\.id) == [cancelled.id])
    }

    @Test("a step a task cannot take is a conflict, one of no task is not found")
    func wrongSteps() async throws {
        let test = try await TestMetastore.open()
        let tasks = test.metastore.tasks
        let task = try await tasks.create(kind: "seal", project: nil)
        #expect(await failure { try await tasks.succeed(task.id, result: nil) }?.code == .conflict)
        #expect(await failure { try await tasks.reportProgress(task.id, done: 1) }?.code == .conflict)
        try await tasks.start(task.id)
        #expect(await failure { try await tasks.start(task.id) }?.code == .conflict)
        #expect(await failure { try await tasks.reportProgress(task.id, done: -1) }?.code == .invalid)
        #expect(await failure { try await tasks.reportProgress(task.id, done: 2, total: 1) }?.field == "progress")
        #expect(await failure { try await tasks.fail(task.id, error: Array("1".utf8)) }?.field == "error")
        try await tasks.cancel(task.id)
        #expect(await failure { try await tasks.fail(task.id, error: Array("{}".utf8)) }?.code == .conflict)
        #expect(await failure { try await tasks.start(.make()) }?.code == .notFound)
        #expect(await failure { try await tasks.create(kind: "Not a kind", project: nil) }?.field == "kind")
        #expect(await failure { try await tasks.create(kind: "seal", project: .make()) }?.code == .notFound)
    }

    @Test("a task is seen from its own project only")
    func isolation() async throws {
        let test = try await TestMetastore.open()
        let other = try await test.metastore.projects.create(name: "Other", in: test.organization.id).id
        let task = try await test.metastore.tasks.create(kind: "seal", project: test.project.id)
        let node = try await test.metastore.tasks.create(kind: "seal", project: nil)
        #expect(try await test.metastore.tasks.find(task.id, in: other) == nil)
        #expect(try await test.metastore.tasks.find(task.id, in: nil) == nil)
        #expect(try await test.metastore.tasks.find(node.id, in: test.project.id) == nil)
        #expect(try await test.metastore.tasks.find(node.id, in: nil) == node)
    }
}
