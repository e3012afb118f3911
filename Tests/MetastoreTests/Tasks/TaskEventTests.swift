import Metastore
import PostgresTesting
import Testing

@Suite struct TaskEventTests {
    @Test("every step of a task is an event, numbered from 1; progress is none, but all is announced, in order, when it is committed")
    func steps() async throws {
        let test = try await TestMetastore.open()
        let tasks = test.metastore.tasks
        let task = try await tasks.create(kind: "seal", project: test.project.id).id
        let heard = Shared<[TaskAnnouncement]>([])
        let listening = Task {
            for await announcement in test.metastore.taskAnnouncements(logger: TestServer.logger) {
                heard.change { $0.append(announcement) }
            }
        }
        try await eventually("it listens") { heard.value == [.resumed] }
        try await tasks.start(task)
        try await tasks.reportProgress(task, done: 1, total: 2)
        try await tasks.succeed(task, result: Array(#"{"segments": 2}"#.utf8))
        let expected: [TaskAnnouncement] = [
            .resumed, .appended(task, sequence: 1), .appended(task, sequence: 1), .appended(task, sequence: 2),
        ]
        try await eventually("all is heard") { heard.value.count >= expected.count }
        #expect(heard.value == expected)
        listening.cancel()

        let events = try await tasks.events(of: task, after: 0, limit: 10)
        #expect(events.map(\.type) == ["task.running", "task.succeeded"] && events.map(\.sequence) == [1, 2])
        #expect(String(decoding: events[1].data, as: UTF8.self).filter { $0 != " " } == #"{"state":"succeeded","result":{"segments":2}}"#)
        #expect(try await tasks.events(of: task, after: 1, limit: 10).map(\.sequence) == [2])

        let failed = try await tasks.create(kind: "seal", project: nil).id
        try await tasks.fail(failed, error: Array(#"{"message": "no"}"#.utf8))
        #expect(try await tasks.events(of: failed, after: 0, limit: 1).map(\.type) == ["task.failed"])
    }

    @Test("a snapshot has the task, its last event and nothing of a run where there is none")
    func snapshot() async throws {
        let test = try await TestMetastore.open()
        let tasks = test.metastore.tasks
        let task = try await tasks.create(kind: "seal", project: test.project.id).id
        let queued = try #require(try await tasks.snapshot(of: task))
        #expect(queued.lastEventSequence == 0 && queued.run == nil && queued.task.state == .queued)
        try await tasks.start(task)
        try await tasks.reportProgress(task, done: 3, total: 9)
        let running = try #require(try await tasks.snapshot(of: task))
        let found = try await tasks.find(task, in: test.project.id)
        #expect(running.lastEventSequence == 1 && running.task == found)
        #expect(try await tasks.snapshot(of: .make()) == nil)
    }
}
