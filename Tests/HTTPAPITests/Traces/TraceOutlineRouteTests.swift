import Access
import ByteCoding
import HTTPTesting
import Testing
import TraceModel

@Suite("Windows into a trace")
struct TraceOutlineRouteTests {
    private static let contract: Contract? = (try? OpenAPIFolder.assemble()).map { Contract($0) }
    private static let path = "/api/v1/traces/0102030405060708090a0b0c0d0e0f10"

    private func id(_ number: Int) -> String {
        String(repeating: "0", count: 16 - String(number, radix: 16).count) + String(number, radix: 16)
    }

    /// A root with children 2, 3, ... below it, and one whose parent nobody sent.
    private func body(childCount: Int) -> String {
        let spans = (1...childCount + 2).map { number in
            let parent = number == 1 ? "" : number == childCount + 2 ? "00000000000000ff" : id(1)
            return
                #"{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"\#(id(number))","parentSpanId":"\#(parent)","name":"step \#(number)","#
                + #""startTimeUnixNano":"\#(1_790_000_000_000_000_000 + number)","endTimeUnixNano":"1790000000500000000","#
                + #""status":{"code":\#(number == 3 ? 2 : 0)},"attributes":[{"key":"note","value":{"stringValue":"value <\#(number)>"}}]}"#
        }
        return #"{"resourceSpans":[{"scopeSpans":[{"spans":[\#(spans.joined(separator: ","))]}]}]}"#
    }

    private func export(_ server: LiveServer, _ key: String, _ body: String) async throws {
        let answer = try await server.send(
            "POST", "/v1/traces", headers: [("authorization", "Bearer \(key)"), ("content-type", "application/json")],
            body: Array(body.utf8))
        #expect(answer.status == 200)
    }

    @Test("windows follow one another, show what is around a span, and leave out what is collapsed; sealing changes nothing")
    func windows() async throws {
        let contract = try #require(Self.contract)
        try await TestInstallation.run { installation, server in
            let client = RecordingClient(server, contract, key: try await installation.key([.read, .admin]))
            try await export(server, try await installation.key([.ingest]), body(childCount: 10))
            var versions = Set<String>()
            for isSealed in [false, true] {
                if isSealed { try await client.send("sealStore", "/api/v1/store/seal", expect: 200) }
                let whole = try await client.send("listTraceSpans", Self.path + "/spans", expect: 200)
                versions.insert(whole["version"]?.stringValue ?? "")
                let rows = whole["data"]?.arrayValue ?? []
                #expect(rows.count == 12 && whole["row_count"]?.integerValue == 12)
                #expect(rows.first?["child_count"]?.integerValue == 10 && rows.last?["attachment"]?.stringValue == "orphan")
                #expect(rows[2]["start_offset_ns"]?.integerValue == 2 && rows[2]["status"]?.stringValue == "error")
                let error = whole["first_errors"]?.arrayValue?.first
                #expect(error?["span_id"]?.stringValue == id(3) && error?["position"]?.integerValue == 2)
                let window = try await client.send("listTraceSpans", Self.path + "/spans?offset=4&limit=3", expect: 200)
                #expect(window["data"]?.arrayValue == Array(rows[4..<7]))
                let around = try await client.send("listTraceSpans", Self.path + "/spans?around=\(id(7))&limit=5", expect: 200)
                #expect(around["data"]?.arrayValue == Array(rows[4..<9]) && around["around_position"]?.integerValue == 6)
                let collapsed = try await client.send("listTraceSpans", Self.path + "/spans?collapsed=\(id(1)),\(id(9))", expect: 200)
                #expect(collapsed["row_count"]?.integerValue == 2)
                #expect(collapsed["data"]?.arrayValue?.first?["is_collapsed"]?.boolValue == true)
                #expect(collapsed["first_errors"]?.arrayValue?.first?["is_hidden"]?.boolValue == true)
                let found = try await client.send("searchTrace", Self.path + "/search?q=VALUE+%3C1&limit=2", expect: 200)
                #expect(found["match_count"]?.integerValue == 4 && found["data"]?.arrayValue?.count == 2)
                #expect(found["data"]?.arrayValue?.last?["field"]?.stringValue == "attributes.note")
                let behind = try await client.send("listTraceSpans", Self.path + "/spans?offset=2147483647", expect: 200)
                #expect(behind["data"]?.arrayValue?.isEmpty == true)
            }
            #expect(versions.count == 1)
        }
    }

    @Test("what cannot be read is a 400 with its parameter, what is not there or another project's a 404")
    func refusals() async throws {
        let contract = try #require(Self.contract)
        try await TestInstallation.run { installation, server in
            let client = RecordingClient(server, contract, key: try await installation.key([.read]))
            let stranger = RecordingClient(
                server, contract, key: try await installation.key([.read], of: try await installation.makeProject("Other")))
            try await export(server, try await installation.key([.ingest]), body(childCount: 1))
            for (query, field) in [
                ("offset=-1", "offset"), ("offset=2147483648", "offset"), ("limit=0", "limit"), ("limit=1001", "limit"),
                ("around=xyz", "around"), ("around=\(id(1))&offset=0", "around"), ("collapsed=1,2", "collapsed"),
                ("collapsed=" + Array(repeating: id(1), count: 1001).joined(separator: ","), "collapsed"), ("colour=red", "colour"),
            ] {
                let problem = try await client.send("listTraceSpans", Self.path + "/spans?" + query, expect: 400)
                #expect(problem["errors"]?.arrayValue?.first?["field"]?.stringValue == field, "\(query)")
            }
            for query in ["", "?q=", "?q=" + String(repeating: "a", count: 1025), "?q=a&limit=10001"] {
                try await client.send("searchTrace", Self.path + "/search" + query, expect: 400)
            }
            try await client.send("listTraceSpans", Self.path + "/spans?around=00000000000000ee", expect: 404)
            try await client.send("listTraceSpans", "/api/v1/traces/0102/spans", expect: 400)
            try await stranger.send("listTraceSpans", Self.path + "/spans", expect: 404)
            try await stranger.send("searchTrace", Self.path + "/search?q=step", expect: 404)
        }
    }
}
