import ByteCoding
import Testing

@testable import TraceQuery

@Suite("Parsing queries")
struct QueryRequestParserTests {
    private func parse(_ text: String) throws -> QueryRequest { try QueryRequest.parse(try JSONValue.parse(text)) }

    @Test("a grouped query reads whole")
    func grouped() throws {
        let request = try parse(
            #"{"from":"2026-01-01","to":"2026-02-01","filter":{"model":{"_is_null":false}},"group_by":["model","attributes.tier"],"bucket":"1h","aggregates":["count","p95(duration_ms)",{"function":"sum","field":"cost","as":"spent"},"rate"],"order_by":["-spent","bucket"],"limit":50,"explain":true,"timeout_ms":500}"#
        )
        #expect(
            request
                == QueryRequest(
                    .groups(
                        [.model, .attribute("tier")],
                        [
                            Aggregate(.count), Aggregate(.p95, .durationMilliseconds), Aggregate(.sum, .cost, name: "spent"),
                            Aggregate(.rate),
                        ],
                        bucket: TimeBucket(nanoseconds: 3_600_000_000_000)),
                    filter: .condition(.model, .isNull(false)), from: 1_767_225_600_000_000_000, to: 1_769_904_000_000_000_000,
                    order: [OrderTerm(.column(5), isDescending: true), OrderTerm(.column(0), isDescending: false)], limit: 50,
                    explain: true,
                    timeMilliseconds: 500))
        #expect(request.columns.map(\.name) == ["bucket", "model", "attributes.tier", "count", "p95_duration_ms", "spent", "rate"])
        #expect(request.columns.map(\.type) == ["time", "string", "any", "integer", "number", "number", "number"])
    }

    @Test("a select has defaults")
    func select() throws {
        #expect(try parse("{}") == QueryRequest(.spans(QueryRequest.defaultSelection)))
        #expect(try parse(#"{"select":["name"],"order_by":"-duration_ms,name"}"#).order.count == 2)
    }

    @Test(
        "what is wrong is named by its place",
        arguments: [
            ("[]", ""), (#"{"selekt":[]}"#, "selekt"), (#"{"select":[]}"#, "select"), (#"{"select":["name","nope"]}"#, "select[1]"),
            (#"{"select":["name","name"]}"#, "select[1]"), (#"{"select":["name"],"group_by":["name"]}"#, "select"),
            (#"{"group_by":["input"]}"#, "group_by[0]"),
            (#"{"aggregates":["median(cost)"]}"#, "aggregates[0]"), (#"{"aggregates":["sum"]}"#, "aggregates[0]"),
            (#"{"aggregates":["sum(name)"]}"#, "aggregates[0]"),
            (#"{"aggregates":["error_rate(status)"]}"#, "aggregates[0]"), (#"{"aggregates":["count","count"]}"#, "aggregates"),
            (#"{"aggregates":[{"function":"count","over":"x"}]}"#, "aggregates[0].over"),
            (#"{"aggregates":[{"function":"sum","field":"cost","exact":true}]}"#, "aggregates[0].exact"),
            (#"{"aggregates":[{"function":"count_distinct","field":"cost","exact":1}]}"#, "aggregates[0].exact"),
            (#"{"aggregates":["rate"],"from":"2026-01-01"}"#, "aggregates[0]"),
            (#"{"bucket":"1 fortnight"}"#, "bucket"), (#"{"bucket":"0h"}"#, "bucket"), (#"{"limit":0}"#, "limit"),
            (#"{"limit":10001}"#, "limit"),
            (#"{"timeout_ms":60001}"#, "timeout_ms"), (#"{"from":"later"}"#, "from"), (#"{"from":2,"to":1}"#, "to"),
            (#"{"order_by":["-nope"]}"#, "order_by[0]"),
            (#"{"order_by":["input"]}"#, "order_by[0]"), (#"{"group_by":["name"],"order_by":["cost"]}"#, "order_by[0]"),
            (#"{"group_by":["name"],"cursor":"x"}"#, "cursor"), (#"{"filter":{"name":{"_like":"x"}}}"#, "filter.name._like"),
            (#"{"explain":1}"#, "explain"),
        ])
    func errors(_ text: String, _ path: String) {
        let error = #expect(throws: QueryError.self) { try parse(text) }
        #expect(error?.code == .malformed)
        #expect(error?.path == path)
    }

    @Test("an answer is JSON in the documented form")
    func encoding() {
        var result = QueryResult(
            columns: [.init(name: "start_time", type: "time"), .init(name: "attributes.x", type: "any")],
            rows: [[.time(0), .list([.int(1), .null])], [.time(1), .object([.init("k", .double(0.5))])]], nextCursor: "abc",
            isTruncated: true)
        #expect(
            String(decoding: QueryResultEncoder.encode(result), as: UTF8.self)
                == #"{"columns":[{"name":"start_time","type":"time"},{"name":"attributes.x","type":"any"}],"data":[{"start_time":"1970-01-01T00:00:00.000000000Z","attributes.x":[1,null]},{"start_time":"1970-01-01T00:00:00.000000001Z","attributes.x":{"k":0.5}}],"row_count":2,"next_cursor":"abc","truncated":true}"#
        )
        result.explanation = Explanation()
        let json = try? JSONValue.parse(QueryResultEncoder.encode(result))
        #expect(json?["explain"]?["skipped"]?["bloom"]?.integerValue == 0)
    }
}
