import Access
import ByteCoding
import HTTPTesting
import Testing
import TraceQuery

@testable import HTTPAPI

@Suite("Exports of lists of traces")
struct TraceExportTests {
    private static let contract: Contract? = (try? OpenAPIFolder.assemble()).map { Contract($0) }

    @Test("a cell that a spreadsheet would run gets an apostrophe; numbers do not; quotes, commas and line breaks are quoted")
    func cells() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "\tx", "\rx", "\n=1", "＝1", " ＠x"] {
            #expect(CSVLine.cell(.string(text)).drop { $0 == "\"" }.hasPrefix("'"), "\(text)")
        }
        #expect(CSVLine.cell(.string("=HYPERLINK(\"http://x\",\"y\")")) == "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"")
        #expect(CSVLine.cell(.string("a \"b\", c")) == "\"a \"\"b\"\", c\"")
        #expect(CSVLine.cell(.string("plain = text")) == "plain = text")
        #expect(CSVLine.cell(.int(-5)) == "-5" && CSVLine.cell(.double(-0.5)) == "-0.5" && CSVLine.cell(.double(.nan)).isEmpty)
        #expect(CSVLine.cell(.list([.string("=a"), .string("b")])) == "'=a; b")
        #expect(String(decoding: CSVLine.bytes([.null, .string("a\nb"), .bool(true)]), as: UTF8.self) == ",\"a\nb\",true\r\n")
    }

    @Test("all that match in any format, page after page, with the columns asked for, up to the limit; not another project's")
    func routes() async throws {
        let contract = try #require(Self.contract)
        try await TestInstallation.run { installation, server in
            let client = RecordingClient(server, contract, key: try await installation.key([.read]))
            let ingest = try await installation.key([.ingest])
            // More than a page.
            let spans = (1...1_203).map { number in
                let trace = String(repeating: "0", count: 32 - String(number, radix: 16).count) + String(number, radix: 16)
                return #"{"traceId":"\#(trace)","spanId":"0000000000000001","name":"=cmd|' /C calc'!A\#(number)","#
                    + #""startTimeUnixNano":"\#(1_790_000_000_000_000_000 + number)","endTimeUnixNano":"1790000000500000000"}"#
            }
            let answer = try await server.send(
                "POST", "/v1/traces", headers: [("authorization", "Bearer \(ingest)"), ("content-type", "application/json")],
                body: Array(#"{"resourceSpans":[{"scopeSpans":[{"spans":[\#(spans.joined(separator: ","))]}]}]}"#.utf8))
            #expect(answer.text == "{}")
            let path = "/api/v1/traces/export"
            let json = try await client.send("exportTraceList", path, expect: 200)
            #expect(Set((json.arrayValue ?? []).compactMap { $0["trace_id"]?.stringValue }).count == 1_203)
            let csv = try await client.send("exportTraceList", path + "?format=csv&fields=name,trace_id&sort=start_time", expect: 200)
            let lines = (csv.stringValue ?? "").split(separator: "\r\n")
            #expect(lines.count == 1_204 && lines[0] == "name,trace_id")
            #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("'=cmd") })
            let some = try await client.send("exportTraceList", path + "?format=jsonl&limit=1001&filter[name][_contains]=cmd", expect: 200)
            #expect((some.stringValue ?? "").split(separator: "\n").count == 1_001)
            #expect(try await client.send("exportTraceList", path + "?filter[name]=none", expect: 200).arrayValue?.isEmpty == true)
            for query in ["?format=xml", "?limit=0", "?limit=100001", "?fields=nonsense", "?sort=name", "?cursor=x", "?filter[x]=1"] {
                try await client.send("exportTraceList", path + query, expect: 400)
            }
            let other = try await installation.makeProject("Other")
            let stranger = RecordingClient(server, contract, key: try await installation.key([.read], of: other))
            #expect(try await stranger.send("exportTraceList", path, expect: 200).arrayValue?.isEmpty == true)
        }
    }

    @Test("end users are listed with their figures and fetched with their traces; another project's are unknown")
    func endUsers() async throws {
        let contract = try #require(Self.contract)
        try await TestInstallation.run { installation, server in
            let client = RecordingClient(server, contract, key: try await installation.key([.read]))
            let attributes = #"[{"key":"user.id","value":{"stringValue":"ada/1"}},{"key":"session.id","value":{"stringValue":"s"}}]"#
            let answer = try await server.send(
                "POST", "/v1/traces",
                headers: [("authorization", "Bearer \(try await installation.key([.ingest]))"), ("content-type", "application/json")],
                body: Array(OTLPBodies.json([1, 2], attributes: attributes).utf8))
            #expect(answer.text == "{}")
            let list = try await client.send("listEndUsers", "/api/v1/end-users?explain=true&sort=-cost", expect: 200)
            #expect(list["data"]?.arrayValue?.first?["user_id"]?.stringValue == "ada/1")
            let user = try await client.send("getEndUser", "/api/v1/end-users/ada%2F1?limit=1", expect: 200)
            #expect(user["sessions"] == .array([.string("s")]) && user["traces"]?.arrayValue?.count == 1)
            try await client.send("getEndUser", "/api/v1/end-users/nobody", expect: 404)
            try await client.send("listEndUsers", "/api/v1/end-users?sort=name", expect: 400)
            let other = try await installation.makeProject("Other")
            try await RecordingClient(server, contract, key: try await installation.key([.read], of: other)).send(
                "getEndUser", "/api/v1/end-users/ada%2F1", expect: 404)
        }
    }
}
