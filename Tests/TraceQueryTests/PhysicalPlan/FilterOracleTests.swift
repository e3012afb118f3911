import SeededRandom
import SpanStore
import Testing
import TraceModel

@testable import TraceQuery

@Suite("Filters over units")
struct FilterOracleTests {
    @Test("random filters select what the plain evaluation selects, whatever the units look like")
    func randomFilters() throws {
        let seed = TestSeed.next()
        var g = SeededGenerator(seed: seed)
        let budget = QueryBudget(QueryLimits(timeMilliseconds: 60_000))
        for round in 0..<800 {
            let snapshot = RandomSpans.snapshot(&g, spanCount: 60)
            let filter = RandomSpans.filter(&g)
            var operation = FilterOperator(Predicate(filter), budget)
            for case let unit as MemoryUnit in snapshot.units {
                let expected = unit.spans.indices.map(Int32.init).filter {
                    !unit.maskedRows.contains($0) && Oracle.matches(filter, unit.spans[Int($0)])
                }
                let scan = UnitScan(unit, budget: budget)
                let outcome = try operation.select(scan)
                try #require(outcome.rows == expected, "seed \(seed), round \(round), \(outcome.skipped as Any): \(filter)")
                try scan.finish()
            }
        }
    }

    @Test("null matches neither _eq nor _neq, nor their negation; only _is_null sees it")
    func nulls() throws {
        var withUser = TestSpan(trace: 1, span: 1)
        withUser.record.llm.userID = "ada"
        let unit = MemoryUnit([withUser, TestSpan(trace: 1, span: 2)])
        func rows(_ json: String) throws -> [Int32] {
            var operation = FilterOperator(Predicate(try FilterParser.parse(text: json)), QueryBudget(QueryLimits()))
            return try operation.select(UnitScan(unit, budget: QueryBudget(QueryLimits()))).rows
        }
        #expect(try rows(#"{"user_id": "ada"}"#) == [0])
        #expect(try rows(#"{"user_id": {"_neq": "ada"}}"#) == [])
        #expect(try rows(#"{"user_id": {"_neq": "bob"}}"#) == [0])
        #expect(try rows(#"{"_not": {"user_id": "bob"}}"#) == [0])
        #expect(try rows(#"{"_not": {"user_id": "ada"}}"#) == [])
        #expect(try rows(#"{"user_id": {"_is_null": true}}"#) == [1])
        #expect(try rows(#"{"_not": {"user_id": {"_is_null": true}}}"#) == [0])
        #expect(try rows(#"{"user_id": {"_in": []}}"#) == [])
        #expect(try rows(#"{"user_id": {"_not_in": []}}"#) == [0, 1])
    }

    @Test("a text search reads the long column only for rows that cheaper conditions leave")
    func cheapFirst() throws {
        let spans = (0..<100).map { index -> TestSpan in
            var span = TestSpan(trace: 1, span: UInt64(index + 1), name: index == 42 ? "chat" : "other")
            span.record.attributes = [KeyValue("p", .string("the quick brown fox"))]
            span.record.llm.inputKey = "p"
            return span
        }
        let unit = MemoryUnit(spans)
        var operation = FilterOperator(
            Predicate(try FilterParser.parse(text: #"{"input": {"_contains": "quick brown"}, "name": "chat"}"#)), QueryBudget(QueryLimits())
        )
        #expect(try operation.select(UnitScan(unit, budget: QueryBudget(QueryLimits()))).rows == [42])
        #expect(unit.reads.count(.input) == 1)
    }
}
