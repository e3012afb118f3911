import PostgresTesting
import TraceModel

@testable import HTTPAPI
@testable import Metastore

/// A task in memory in place of PostgreSQL, that counts how often it is read and fails when told to.
final class FakeTaskEvents: TaskEventSource {
    struct State {
        var events: [TaskEvent] = []
        var lastSequence: Int64 = 0
        var state = TaskRecord.State.running
        var isDown = false
        var snapshotCount = 0
        var pageCount = 0
        var announcers: [Int: AsyncStream<TaskAnnouncement>.Continuation] = [:]
    }

    let task = TaskID.make()
    let project = ProjectID.make()
    let state = Shared(State())

    var announcerCount: Int { state.value.announcers.count }

    func snapshot(of task: TaskID) async throws(MetastoreError) -> TaskSnapshot? {
        state.change { $0.snapshotCount += 1 }
        let now = state.value
        guard !now.isDown else { throw MetastoreError(.unavailable, "down") }
        guard task == self.task else { return nil }
        return TaskSnapshot(
            task: TaskRecord(
                id: task, projectID: project, kind: "test", state: now.state, progressDone: now.lastSequence, progressTotal: 1_000_000,
                result: nil, error: nil, createdTimeUnixNano: 0, startTimeUnixNano: nil, updateTimeUnixNano: 0, finishTimeUnixNano: nil),
            lastEventSequence: now.lastSequence)
    }

    func events(of task: TaskID, after sequence: Int64, limit: Int) async throws(MetastoreError) -> [TaskEvent] {
        state.change { $0.pageCount += 1 }
        let now = state.value
        guard !now.isDown else { throw MetastoreError(.unavailable, "down") }
        return Array(now.events.drop { $0.sequence <= sequence }.prefix(limit))
    }

    func announcements(_ body: @Sendable (TaskAnnouncement) -> Void) async {
        let (stream, continuation) = AsyncStream.makeStream(of: TaskAnnouncement.self)
        state.change { $0.announcers[$0.announcers.count] = continuation }
        for await announcement in stream { body(announcement) }
    }

    func knowledgeAnnouncements(_ body: @Sendable (KnowledgeAnnouncement) -> Void) async {}

    /// Adds events and announces the last one.
    func append(_ count: Int, type: String = "case.finished", silently: Bool = false) {
        state.change { state in
            for _ in 0..<count {
                state.lastSequence += 1
                state.events.append(TaskEvent(sequence: state.lastSequence, type: type, data: Array("{}".utf8), timeUnixNano: 0))
            }
        }
        if !silently { announce() }
    }

    func finish() {
        append(1, type: "task.succeeded", silently: true)
        state.change { $0.state = .succeeded }
        announce()
    }

    func announce(_ announcement: TaskAnnouncement? = nil) {
        let now = state.value
        for announcer in now.announcers.values { announcer.yield(announcement ?? .appended(task, sequence: now.lastSequence)) }
    }
}
