import Testing
import TraceModel

@testable import GenAIConventions

@Suite("A level says that a span failed")
struct ErrorLevelsTests {
    private static let error: Int32 = 2

    private func settled(
        _ attributes: [(String, AttributeValue)], status: Int32 = 0, events: [(name: String, attributes: [(String, AttributeValue)])] = [],
        record: RecordKind = .span
    ) -> (status: Int32, message: String, fields: [String: String]) {
        var batch = BatchBuilder.span(attributes, status: status, events: events)
        batch.record = record
        let found = AttributeMapping.current.apply(to: &batch)
        #expect(batch.hasStatus[0] == (batch.statusCodes[0] != 0))
        return (batch.statusCodes[0], batch.text(batch.statusMessages[0]), fields(found, batch))
    }

    @Test("Logfire's numbers from 17 and Langfuse's ERROR, quoted or not, make a span without a status one that failed; lower ones do not")
    func levels() {
        for value: AttributeValue in [.int(17), .int(21), "17", .double(20)] {
            #expect(settled([("logfire.level_num", value)]).status == Self.error, "\(value)")
        }
        for value: AttributeValue in [.int(16), .int(0), .int(-17), "", "many", .bool(true)] {
            #expect(settled([("logfire.level_num", value)]).status == 0, "\(value)")
        }
        for value: AttributeValue in ["ERROR", #""ERROR""#] {
            #expect(settled([("langfuse.observation.level", value)]).status == Self.error, "\(value)")
        }
        for value: AttributeValue in ["WARNING", "DEFAULT", #""WARNING""#] {
            #expect(settled([("langfuse.observation.level", value)]).status == 0, "\(value)")
        }
        // Of a key that was sent twice the first counts.
        #expect(settled([("logfire.level_num", .int(9)), ("logfire.level_num", .int(17))]).status == 0)
    }

    @Test("a status that was sent stays, and so does its message; Langfuse's message stands where there was none")
    func statuses() {
        let level: (String, AttributeValue) = ("langfuse.observation.level", "ERROR")
        let message: (String, AttributeValue) = ("langfuse.observation.status_message", #""the tool is gone""#)
        #expect(settled([level, message], status: 1).status == 1 && settled([level, message], status: 1).message.isEmpty)
        #expect(settled([level, message], status: 2).message.isEmpty)
        #expect(settled([level, message]).message == "the tool is gone")
        #expect(settled([message]).status == 0 && settled([message]).message.isEmpty)
    }

    @Test("the error of such a span is its exception's, as of one that was sent as failed, and mapping it again changes nothing")
    func types() {
        let level: (String, AttributeValue) = ("logfire.level_num", .int(17))
        let exception = (name: "exception", attributes: [("exception.type", AttributeValue.string("TimeoutError"))])
        for status: Int32 in [0, 2] {
            #expect(settled([level], status: status, events: [exception]).fields["error_type"] == "TimeoutError")
            #expect(settled([level], status: status).fields["error_type"] == "_OTHER")
        }
    }

    @Test("event records have no status of their own")
    func eventRecords() { #expect(settled([("logfire.level_num", .int(17))], record: .event).status == 0) }
}
