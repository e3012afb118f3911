import ByteCoding
import NIOCore
import Testing

@testable import HTTPAPI
@testable import Metastore

@Suite("Messages to followers") struct EventMessageTests {
    private let encoder = EventEncoder(task: TaskID(high: 0x0123_4567_89ab_7def, low: 0x8123_4567_89ab_cdef))

    @Test("an event is one line of JSON in a frame and in a server-sent event, whatever line breaks its data has")
    func event() throws {
        let message = encoder.event(
            TaskEvent(
                sequence: 7, type: "case.finished", data: Array("{\n \"key\":\r\n\"a\\nb\"}".utf8), timeUnixNano: 1_790_000_000_000_000_000)
        )
        #expect(message.kind == .detail && message.sequence == 7)
        let text = String(decoding: message.serverSentEvent.readableBytesView, as: UTF8.self)
        #expect(text.hasPrefix("id: 7\nevent: case.finished\ndata: {") && text.hasSuffix("}\n\n"))
        #expect(text.split(separator: "\n").count == 3)
        let json = try JSONValue.parse(Array(message.webSocket.readableBytesView.drop { $0 != UInt8(ascii: "{") }))
        #expect(json["v"]?.integerValue == 1 && json["sequence"]?.integerValue == 7)
        #expect(json["type"]?.stringValue == "case.finished")
        #expect(json["task_id"]?.stringValue == encoder.task.uuid)
        #expect(json["time"]?.stringValue == "2026-09-21T14:13:20.000000000Z")
        #expect(json["data"]?["key"]?.stringValue == "a\nb")
    }

    @Test("changes of state are told from other events by their names")
    func kinds() {
        for (type, kind) in [
            ("run.finished", EventMessage.Kind.state), ("task.failed", .state), ("case.started", .detail), ("score.added", .detail),
        ] {
            #expect(encoder.event(TaskEvent(sequence: 1, type: type, data: Array("{}".utf8), timeUnixNano: 0)).kind == kind)
        }
    }
}
