import ByteCoding
import Testing
import TraceModel

@testable import TraceQuery

@Suite("Parsing filters")
struct FilterParserTests {
    @Test("every operator and alias reads as what it means")
    func operators() throws {
        let cases: [(String, Filter)] = [
            (#"{}"#, .everything),
            (#"{"name":"x"}"#, .condition(.name, .equal(.text("x")))),
            (
                #"{"duration_ms":{"_gt":1,"_lte":2.5}}"#,
                .and([
                    .condition(.durationMilliseconds, .greater(.double(1))), .condition(.durationMilliseconds, .lessOrEqual(.double(2.5))),
                ])
            ),
            (#"{"input_tokens":{"_between":[1,2]}}"#, .condition(.inputTokens, .between(.integer(1), .integer(2)))),
            (
                #"{"status":"error","span_kind":{"_in":["server","client"]}}"#,
                .and([.condition(.status, .equal(.integer(2))), .condition(.spanKind, .among([.integer(2), .integer(3)]))])
            ),
            (#"{"user_id":{"_nin":["a"]}}"#, .condition(.userID, .notAmong([.text("a")]))),
            (#"{"user_id":{"_null":true}}"#, .condition(.userID, .isNull(true))),
            (#"{"user_id":{"_nnull":true}}"#, .condition(.userID, .isNull(false))),
            (#"{"input":{"_icontains":"X"}}"#, .condition(.input, .contains("X", ignoringCase: true))),
            (#"{"attributes.http.status_code":{"_gte":500}}"#, .condition(.attribute("http.status_code"), .greaterOrEqual(.integer(500)))),
            (#"{"resource.k8s.pod":{"_starts_with":"web-"}}"#, .condition(.resource("k8s.pod"), .startsWith("web-", ignoringCase: false))),
            (
                #"{"start_time":{"_gte":"2026-03-01T00:00:00.000000001Z"}}"#,
                .condition(.startTime, .greaterOrEqual(.integer(1_772_323_200_000_000_001)))
            ),
            (#"{"start_time":{"_lt":"1772323200000000000"}}"#, .condition(.startTime, .less(.integer(1_772_323_200_000_000_000)))),
            (#"{"trace_id":"00000000000000070000000000000001"}"#, .condition(.traceID, .equal(.traceID(TraceID(high: 7, low: 1))))),
            (
                #"{"_or":[{"name":"a"},{"_not":{"name":"b"}}]}"#,
                .or([.condition(.name, .equal(.text("a"))), .not(.condition(.name, .equal(.text("b"))))])
            ),
            (#"{"name":{"_not":{"_contains":"b"}}}"#, .not(.condition(.name, .contains("b", ignoringCase: false)))),
        ]
        for (text, filter) in cases { #expect(try FilterParser.parse(text: text) == filter, "\(text)") }
    }

    @Test(
        "what is wrong is named by its place",
        arguments: [
            (#"[]"#, "filter", "object"),
            (#"{"nope":1}"#, "filter.nope", "unknown field"),
            (#"{"name":{"_like":"x"}}"#, "filter.name._like", "unknown operator"),
            (#"{"_xor":[]}"#, "filter._xor", "unknown operator"),
            (#"{"_or":[{"name":"a"},{"duration_ms":{"_gt":"fast"}}]}"#, "filter._or[1].duration_ms._gt", "number"),
            (#"{"input_tokens":{"_in":[1,2.5]}}"#, "filter.input_tokens._in[1]", "whole number"),
            (#"{"duration_ms":{"_contains":"1"}}"#, "filter.duration_ms._contains", "does not apply"),
            (#"{"trace_id":{"_gt":"00000000000000070000000000000001"}}"#, "filter.trace_id._gt", "does not apply"),
            (#"{"trace_id":"abc"}"#, "filter.trace_id", "32 hexadecimal digits"),
            (#"{"status":"broken"}"#, "filter.status", "unset ok error"),
            (#"{"kind":"robot"}"#, "filter.kind", "unknown kind"),
            (#"{"start_time":{"_gt":"2026-02-30"}}"#, "filter.start_time._gt", "no time"),
            (#"{"name":null}"#, "filter.name", "_is_null"),
            (#"{"name":{"_is_null":"yes"}}"#, "filter.name._is_null", "true or false"),
            (#"{"name":{"_between":["a"]}}"#, "filter.name._between", "two values"),
            (#"{"name":{"_matches":"(a"}}"#, "filter.name._matches", "not closed"),
            (#"{"name":{}}"#, "filter.name", "names no operator"),
            (#"{"name":["a"]}"#, "filter.name", "operator"),
            (#"{"attributes.x":{"_gt":true}}"#, "filter.attributes.x._gt", "no order"),
            (#"{"attributes.":1}"#, "filter.attributes.", "unknown field"),
            (#"{"name":"#, "filter", "not JSON"),
        ])
    func errors(_ text: String, _ path: String, _ message: String) {
        let error = #expect(throws: QueryError.self) { try FilterParser.parse(text: text) }
        #expect(error?.code == .malformed)
        #expect(error?.path == path)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test("depth, conditions, bytes and members are limited")
    func limits() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: #"{"_not":"#, count: depth - 1) + #"{"name":"a"}"# + String(repeating: "}", count: depth - 1)
        }
        #expect(throws: Never.self) { try FilterParser.parse(text: nested(8)) }
        #expect(throws: QueryError.self) { try FilterParser.parse(text: nested(9)) }
        func wide(_ count: Int) -> String { #"{"_or":["# + Array(repeating: #"{"name":"a"}"#, count: count).joined(separator: ",") + "]}" }
        #expect(throws: Never.self) { try FilterParser.parse(text: wide(199)) }
        #expect(throws: QueryError.self) { try FilterParser.parse(text: wide(200)) }
        func members(_ count: Int) -> String { #"{"flags":{"_in":["# + Array(repeating: "1", count: count).joined(separator: ",") + "]}}" }
        #expect(throws: Never.self) { try FilterParser.parse(text: members(1000)) }
        #expect(throws: QueryError.self) { try FilterParser.parse(text: members(1001)) }
        let long = #"{"name":""# + String(repeating: "x", count: 16 << 10) + #""}"#
        #expect(throws: QueryError.self) { try FilterParser.parse(text: long) }
        #expect(throws: QueryError.self) { try FilterParser.parse(JSONValue.parse(long)) }
        #expect(throws: QueryError.self) { try FilterParser.parse(text: String(repeating: "[", count: 5000)) }
    }

    @Test(
        "the bracket form is the same filter",
        arguments: [
            ([("filter[duration_ms][_gt]", "100")], #"{"duration_ms":{"_gt":100}}"#),
            ([("filter[status]", "error")], #"{"status":"error"}"#),
            ([("filter[status][_in]", "ok,error"), ("limit", "5")], #"{"status":{"_in":["ok","error"]}}"#),
            ([("filter[name][_in][]", "a,b"), ("filter[name][_in][]", "c")], #"{"name":{"_in":["a,b","c"]}}"#),
            ([("filter[_or][0][name]", "a"), ("filter[_or][1][name]", "b")], #"{"_or":[{"name":"a"},{"name":"b"}]}"#),
            ([("filter[user_id][_is_null]", "true")], #"{"user_id":{"_is_null":true}}"#),
            ([("filter[attributes.http.route][_eq]", "/x")], #"{"attributes.http.route":{"_eq":"/x"}}"#),
            ([("filter[attributes.code][_eq]", "200")], #"{"attributes.code":{"_in":["200",200]}}"#),
            ([("filter[attributes.code][_neq]", "200")], #"{"attributes.code":{"_not_in":["200",200]}}"#),
            ([("filter[attributes.code][_gt]", "200")], #"{"attributes.code":{"_gt":200}}"#),
            ([("filter", #"{"name":"a"}"#)], #"{"name":"a"}"#),
            ([], "{}"),
        ] as [([(String, String)], String)])
    func brackets(_ parameters: [(String, String)], _ json: String) throws {
        #expect(try FilterParameters.parse(parameters.map { (name: $0.0, value: $0.1) }) == FilterParser.parse(text: json))
    }

    @Test(
        "a broken bracket form is refused",
        arguments: [
            ("filter[name", "a"), ("filter[name]x", "a"), ("filter[nope][_eq]", "1"), ("filter[duration_ms][_gt]", "fast"), ("filter", "{"),
            ("filter[_or]", "1"), ("filter[]", "1"),
        ])
    func brokenBrackets(_ name: String, _ value: String) {
        #expect(throws: QueryError.self) { try FilterParameters.parse([(name, value)]) }
    }
}

@Suite("Times as text")
struct TimeTextTests {
    @Test(
        "RFC 3339 reads and writes to the nanosecond",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:00.5Z", 500_000_000),
            ("2026-11-20T23:35:27.123456789Z", 1_795_217_727_123_456_789),
            ("1969-12-31T23:59:59.999999999Z", -1), ("2000-02-29t12:00:00+01:00", 951_822_000_000_000_000),
            ("2200-01-01", 7_258_118_400_000_000_000),
            ("2262-04-11T23:47:16.854775807Z", Int64.max),
        ] as [(String, Int64)])
    func reads(_ text: String, _ nanoseconds: Int64) {
        #expect(TimeText.unixNano(text) == nanoseconds)
        #expect(TimeText.unixNano(TimeText.rfc3339(nanoseconds)) == nanoseconds)
    }

    @Test(
        "what is no time is nil",
        arguments: [
            "", "2026", "2026-13-01", "2025-02-29", "2026-01-01T24:00:00Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00.1234567891Z",
            "2026-01-01T00:00:00.Z", "9999-01-01", "2026-01-01T00:00:00+0100",
        ])
    func refuses(_ text: String) { #expect(TimeText.unixNano(text) == nil) }
}
