import HTTPServer
import HTTPTypes
import Metastore
import NIOCore
import NIOPosix
import PostgresTesting
import Testing
import TraceModel

@testable import HTTPAPI

@Suite("Waiting for another active revision")
struct KnowledgeWatchTests {
    private static let minute: Int64 = 60_000_000_000

    /// A connection that lives until the test closes it.
    private func channel() async throws -> any Channel {
        try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(host: "127.0.0.1", port: 0).get()
    }

    @Test("who waits is told when it is announced, and not of another project's")
    func announced() async throws {
        let watch = KnowledgeWatch(), project = ProjectID.make(), active = Shared(1), looks = Shared(0), channel = try await channel()
        async let found = watch.wait(for: project, after: 1, nanoseconds: Self.minute, channel: channel) {
            looks.change { $0 += 1 }
            return active.value
        }
        try await eventually("it waits") { watch.waiterCount == 1 && looks.value == 1 }
        watch.announced(.activated(.make(), revision: 9))
        active.change { $0 = 2 }
        watch.announced(.activated(project, revision: 2))
        #expect(try await found == 2 && looks.value == 2 && watch.waiterCount == 0)
        try await channel.close()
    }

    @Test("after a connection was lost, everybody looks again, and waits on when there is nothing new")
    func resumed() async throws {
        let watch = KnowledgeWatch(), active = Shared(1), looks = Shared(0), channel = try await channel()
        async let found = watch.wait(for: .make(), after: 1, nanoseconds: Self.minute, channel: channel) {
            looks.change { $0 += 1 }
            return active.value
        }
        try await eventually("it waits") { looks.value == 1 }
        watch.announced(.resumed)
        try await eventually("it looks again") { looks.value == 2 }
        active.change { $0 = 2 }
        watch.announced(.resumed)
        #expect(try await found == 2)
        try await channel.close()
    }

    @Test("it ends with its time, with the client, and with its task")
    func endings() async throws {
        let watch = KnowledgeWatch(), channel = try await channel()
        #expect(try await watch.wait(for: .make(), after: 3, nanoseconds: 1_000_000, channel: channel) { 3 } == 3)
        async let gone = watch.wait(for: .make(), after: 3, nanoseconds: Self.minute, channel: channel) { 3 }
        try await eventually("it waits") { watch.waiterCount == 1 }
        try await channel.close()
        #expect(try await gone == 3)
        let other = try await self.channel()
        let task = Task { try await watch.wait(for: .make(), after: 3, nanoseconds: Self.minute, channel: other) { 3 } }
        try await eventually("it waits") { watch.waiterCount == 1 }
        task.cancel()
        #expect(try await task.value == 3 && watch.waiterCount == 0)
        try await other.close()
    }

    @Test("no more wait than may")
    func bounded() async throws {
        let watch = KnowledgeWatch(maximumWaiterCount: 1), channel = try await channel()
        async let first = watch.wait(for: .make(), after: 0, nanoseconds: Self.minute, channel: channel) { 0 }
        try await eventually("it waits") { watch.waiterCount == 1 }
        await #expect(throws: Problem.self) { try await watch.wait(for: .make(), after: 0, nanoseconds: 1, channel: channel) { 0 } }
        try await channel.close()
        _ = try await first
    }

    @Test("one project's waiters leave room for another's")
    func boundedByProject() async throws {
        let watch = KnowledgeWatch(maximumProjectWaiterCount: 1), project = ProjectID.make(), channel = try await channel()
        async let first = watch.wait(for: project, after: 0, nanoseconds: Self.minute, channel: channel) { 0 }
        try await eventually("it waits") { watch.waiterCount == 1 }
        let error = await #expect(throws: Problem.self) {
            try await watch.wait(for: project, after: 0, nanoseconds: 1, channel: channel) { 0 }
        }
        #expect(error?.status == .tooManyRequests)
        #expect(try await watch.wait(for: .make(), after: 0, nanoseconds: 1, channel: channel) { 0 } == 0)
        try await channel.close()
        _ = try await first
        let other = try await self.channel()
        #expect(try await watch.wait(for: project, after: 0, nanoseconds: 1, channel: other) { 0 } == 0, "there is room again")
        try await other.close()
    }
}
