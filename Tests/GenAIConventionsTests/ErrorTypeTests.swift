import Testing
import TraceModel

@testable import GenAIConventions

@Suite("The error type comes from the span, else from its last exception event")
struct ErrorTypeTests {
    private let first = (name: "exception", attributes: [("exception.type", AttributeValue.string("First"))])
    private let last = (
        name: "exception", attributes: [("exception.message", AttributeValue.string("m")), ("exception.type", .string("Last"))]
    )

    @Test("the last exception event that names a type counts when the status is an error")
    func events() {
        let other = (name: "exception", attributes: [("exception.message", AttributeValue.string("no type"))])
        let elsewhere = (name: "log", attributes: [("exception.type", AttributeValue.string("Log"))])
        #expect(mapped([], status: 2, events: [first, last]) == ["kind": "span", "error_type": "Last"])
        #expect(mapped([], status: 2, events: [first, last, other, elsewhere])["error_type"] == "Last")
        #expect(mapped([], status: 2, events: [elsewhere])["error_type"] == nil)
        #expect(mapped([], status: 2)["error_type"] == nil)
    }

    @Test("a handled exception is no error of its span")
    func handled() {
        #expect(mapped([], status: 0, events: [first])["error_type"] == nil)
        #expect(mapped([], status: 1, events: [first])["error_type"] == nil)
    }

    @Test("error.type comes first, whatever the status")
    func attribute() {
        #expect(mapped([("error.type", "500")], status: 2, events: [last])["error_type"] == "500")
        #expect(mapped([("error.type", "500")])["error_type"] == "500")
        #expect(mapped([("error.type", "")], status: 2, events: [last])["error_type"] == "Last")
    }
}
