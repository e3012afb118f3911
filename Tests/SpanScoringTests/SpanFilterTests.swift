import ByteCoding
import Testing
import TraceQuery

@testable import SpanScoring

@Suite("Filters of rules and backfills") struct SpanFilterTests {
    private func filter(_ text: String, _ purpose: SpanFilter.Purpose = .rule) throws -> [String] {
        try SpanFilter(json: try JSONValue.parse(text), for: purpose).parts.map(\.reason)
    }

    private static let own = "it is a span of Spandrel's own calls"

    @Test("every part that must hold has its words")
    func parts() throws {
        #expect(
            try filter(#"{"kind": {"_eq": "llm"}, "_and": [{"name": {"_eq": "a"}}, {"_or": [{"name": "b"}, {"name": "c"}]}]}"#) == [
                Self.own, #"{"kind":{"_eq":"llm"}} does not hold"#, #"{"name":{"_eq":"a"}} does not hold"#,
                #"{"_or":[{"name":"b"},{"name":"c"}]} does not hold"#,
            ])
        #expect(try filter("{}") == [Self.own])
        let long = try filter(#"{"name": {"_eq": "\#(String(repeating: "x", count: 2000))"}}"#)[1]
        #expect(long.utf8.count < 400 && long.hasSuffix("... does not hold"))
    }

    @Test("a filter that asks for Spandrel's own spans gets them, but a rule never those of scorers")
    func own() throws {
        let asking = #"{"_or": [{"attributes.spandrel.run.id": {"_eq": "r"}}]}"#
        #expect(try filter(asking).first == Self.own)
        #expect(try filter(asking, .backfill).first != Self.own)
        #expect(try filter(#"{"scope.name": {"_eq": "spandrel.scorers"}}"#, .backfill).count == 1)
        #expect(try filter(#"{"name": "a"}"#, .backfill).first == Self.own)
    }

    @Test("what is no filter is refused with its place")
    func wrong() throws {
        #expect(throws: QueryError.self) { try filter(#"{"nothing": 1}"#) }
        #expect(throws: QueryError.self) { try filter("[]") }
    }
}
