import JobQueue
import Metastore
import PostgresTesting
import Testing
import TraceModel

@testable import RunExecution

@Suite("Working on requests for drafts") struct DraftWriterTests {
    /// A writer that works in a task of its own.
    private struct Working {
        let writer: DraftWriter
        let task: Task<Void, Never>
        /// One for each attempt that ended.
        let ended: AsyncStream<Void>

        init(_ test: TestDrafts, _ model: @escaping @Sendable (ProjectID) async throws -> any DraftModel) {
            let (ended, continuation) = AsyncStream.makeStream(of: Void.self)
            let writer = DraftWriter(name: "w", repository: test.repository, logger: TestServer.logger, model: model) {
                continuation.yield()
            }
            (self.writer, self.ended, task) = (writer, ended, Task { await writer.run() })
        }

        func attempts(_ count: Int) async {
            for await _ in ended.prefix(count) {}
        }

        func stop() async {
            writer.stop()
            await task.value
        }
    }

    /// A model whose calls say that they have begun and are answered never, but end when they are cancelled.
    private static func silentModel(_ calls: Int = .max) -> (model: ScriptedDraftModel, begun: AsyncStream<Void>) {
        let (begun, continuation) = AsyncStream.makeStream(of: Void.self)
        let model = ScriptedDraftModel { call in
            continuation.yield()
            if call < calls { try await Task.sleep(for: .seconds(3_600)) }
            return ScriptedDraftModel.peru
        }
        return (model, begun)
    }

    @Test("requests are worked on one after the other, in the order they came")
    func inOrder() async throws {
        let test = try await TestDrafts.make(), model = ScriptedDraftModel()
        let ids = [try await test.request(2), try await test.request(1)]
        let working = Working(test) { _ in model }
        await working.attempts(2)
        await working.stop()
        for id in ids { #expect(try await test.task(id).state == .succeeded) }
        #expect(model.askedTraces == [0, 1, 0])
    }

    @Test("a writer that stops gives back what is under way, uncounted; another one goes on at the same trace")
    func stop() async throws {
        let test = try await TestDrafts.make(), id = try await test.request(2)
        let (silent, begun) = Self.silentModel()
        let working = Working(test) { _ in silent }
        for await _ in begun.prefix(1) {}
        #expect(try await test.job(id) == "leased 1")
        await working.stop()
        #expect(try await test.job(id) == "queued 0")
        #expect(try await test.task(id).state == .running)
        let model = ScriptedDraftModel(), next = Working(test) { _ in model }
        await next.attempts(1)
        await next.stop()
        #expect(model.askedTraces == [0, 1])
        #expect(try await test.task(id).state == .succeeded)
    }

    @Test("a call whose request is cancelled is given up by the next heartbeat, and the next request is taken")
    func cancelled() async throws {
        let test = try await TestDrafts.make(), first = try await test.request(1), second = try await test.request(1)
        let (model, begun) = Self.silentModel(1)
        let working = Working(test) { _ in model }
        for await _ in begun.prefix(1) {}
        #expect(try await test.repository.cancel(first, in: test.project, audit: .system("test")) == true)
        await working.attempts(2)
        await working.stop()
        #expect(try await test.task(first).state == .cancelled)
        #expect(try await test.task(second).state == .succeeded)
        #expect(try await test.drafts().map(\.requestID) == [second])
    }

    @Test("a request that cannot be worked on for now is given back, to be tried again")
    func givenBack() async throws {
        let test = try await TestDrafts.make(), id = try await test.request(1)
        let working = Working(test) { _ in throw MetastoreError(.unavailable, "PostgreSQL is away") }
        await working.attempts(1)
        await working.stop()
        #expect(try await test.job(id) == "queued 1")
        #expect(try await test.task(id).state == .running)
    }
}
