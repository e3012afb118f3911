import Access
import ByteCoding
import HTTPTesting
import Testing

@Suite("One span")
struct SpanRouteTests {
    private static let contract: Contract? = (try? OpenAPIFolder.assemble()).map { Contract($0) }
    private static let path = "/api/v1/traces/0102030405060708090a0b0c0d0e0f10/spans/0000000000000001"

    private static let long = String(repeating: "0123456789abcdeé", count: 5_000)

    private static var body: String {
        let messages = #"[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"\#(long)\"}]}]"#
        return #"""
            {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"scope":{"name":"lib"},
            "spans":[{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0000000000000001","name":"chat","startTimeUnixNano":"1790000000000000000",
            "endTimeUnixNano":"1790000000500000000","attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},
            {"key":"gen_ai.provider.name","value":{"stringValue":"openai"}},{"key":"gen_ai.request.model","value":{"stringValue":"gpt-4.1"}},
            {"key":"gen_ai.usage.input_tokens","value":{"intValue":"10"}},{"key":"gen_ai.usage.cache_read.input_tokens","value":{"intValue":"1000"}},
            {"key":"gen_ai.input.messages","value":{"stringValue":"\#(messages)"}},{"key":"a/b c","value":{"stringValue":"short"}},
            {"key":"bytes","value":{"bytesValue":"AAEC"}}],
            "events":[{"name":"e","timeUnixNano":"1790000000000000001","attributes":[{"key":"big","value":{"stringValue":"\#(long)"}}]}],
            "links":[{"traceId":"0102030405060708090a0b0c0d0e0f11","spanId":"0000000000000002"}]},
            \#(call("0000000000000003", "instrumentation", below: "", end: 500)),\#(call("0000000000000004", "sdk", below: "0000000000000003", end: 400))
            ]}]}]}
            """#
    }

    /// One call of a model: that of an instrumentation, and of the SDK that traces itself below it.
    private static func call(_ id: String, _ name: String, below parent: String, end: Int) -> String {
        #"""
        {"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"\#(id)","parentSpanId":"\#(parent)","name":"\#(name)",
        "startTimeUnixNano":"1790000000000000000","endTimeUnixNano":"1790000000\#(end)000000",
        "attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},
        {"key":"gen_ai.request.model","value":{"stringValue":"gpt-4.1"}},{"key":"gen_ai.response.id","value":{"stringValue":"r1"}},
        {"key":"gen_ai.usage.input_tokens","value":{"intValue":"10"}},{"key":"gen_ai.usage.output_tokens","value":{"intValue":"5"}},
        {"key":"gen_ai.usage.reasoning.output_tokens","value":{"intValue":"2"}},{"key":"gen_ai.request.temperature","value":{"doubleValue":0.5}},
        {"key":"llm.prompt_template.template","value":{"stringValue":"Say {x}"}},{"key":"logfire.level_num","value":{"intValue":"17"}}]}
        """#
    }

    private func install(_ test: @Sendable (RecordingClient, RecordingClient, LiveServer, String) async throws -> Void) async throws {
        let contract = try #require(Self.contract)
        try await TestInstallation.run { installation, server in
            let key = try await installation.key([.read, .admin])
            let stranger = try await installation.key([.read], of: try await installation.makeProject("Other"))
            let answer = try await server.send(
                "POST", "/v1/traces",
                headers: [("authorization", "Bearer \(try await installation.key([.ingest]))"), ("content-type", "application/json")],
                body: Array(Self.body.utf8))
            #expect(answer.text == "{}")
            try await test(RecordingClient(server, contract, key: key), RecordingClient(server, contract, key: stranger), server, key)
        }
    }

    @Test("everything of a span, with its messages; long values are named and fetched apart, in memory and sealed alike")
    func span() async throws {
        try await install { client, _, server, key in
            for isSealed in [false, true] {
                if isSealed { try await client.send("sealStore", "/api/v1/store/seal", expect: 200) }
                let span = try await client.send("getSpan", Self.path, expect: 200)
                #expect(span["service"]?.stringValue == "shop" && span["scope"]?["name"]?.stringValue == "lib")
                #expect(span["attributes"]?["a/b c"]?.stringValue == "short")
                #expect(span["attributes"]?["gen_ai.input.messages"] == nil)
                #expect(span["links"]?.arrayValue?.first?["span_id"]?.stringValue == "0000000000000002")
                let part = span["input_messages"]?.arrayValue?.first?["parts"]?.arrayValue?.first
                #expect(part?["text"] == .null && part?["payload"]?.stringValue == "messages.input.0.0")
                let payloads = span["payloads"]?.arrayValue ?? []
                #expect(
                    payloads.compactMap { $0["name"]?.stringValue }.sorted()
                        == ["attributes.gen_ai.input.messages", "events.0.big", "messages.input.0.0"])
                #expect(payloads.allSatisfy { ($0["preview"]?.stringValue ?? "").utf8.count > 500 })
                for name in ["events.0.big", "messages.input.0.0"] {
                    let payload = try await client.send("getSpanPayload", Self.path + "/payloads/\(name)", expect: 200)
                    #expect(payload.stringValue == Self.long)
                }
                let short = try await client.send("getSpanPayload", Self.path + "/payloads/attributes.a%2Fb%20c", expect: 200)
                #expect(short.stringValue == "short")
                let bytes = try await server.send(
                    "GET", Self.path + "/payloads/attributes.bytes", headers: [("authorization", "Bearer \(key)"), ("range", "bytes=1-")])
                #expect(bytes.status == 206 && bytes.body == [1, 2] && bytes.headers["content-range"] == "bytes 1-2/3")
            }
            let range = try await client.send(
                "getSpanPayload", Self.path + "/payloads/events.0.big", headers: [("range", "bytes=0-9")], expect: 206)
            #expect(range.stringValue == "0123456789")
        }
    }

    @Test("a span explains its fields and its cost, in memory and sealed alike; what is not there is a 404")
    func explanation() async throws {
        try await install { client, stranger, server, _ in
            try await stranger.send("explainSpan", Self.path + "/explain", expect: 404)
            for isSealed in [false, true] {
                if isSealed { try await client.send("sealStore", "/api/v1/store/seal", expect: 200) }
                let found = try await client.send("explainSpan", Self.path + "/explain", expect: 200)
                #expect(found["mapping_version"]?.integerValue == 4 && found["is_running"]?.boolValue == false)
                let fields = found["fields"]?.arrayValue ?? []
                func field(_ name: String) -> JSONValue? { fields.first { $0["field"]?.stringValue == name } }
                #expect(field("kind")?["value"]?.stringValue == "llm" && field("kind")?["current_value"]?.stringValue == "llm")
                #expect(field("kind")?["sources"]?.arrayValue?.first?["attribute"]?.stringValue == "gen_ai.operation.name")
                #expect(field("input")?["value"]?.stringValue == "gen_ai.input.messages")
                #expect(field("input_tokens")?["value"] == .integer(1010) && field("input_tokens")?["sent"] == .integer(10))
                #expect(field("input_tokens")?["added"] == .integer(1000))
                #expect(field("user_id")?["value"] == .null && field("user_id")?["sources"]?.arrayValue == [])
                // gpt-4.1: 10 tokens at 2 dollars a million, 1,000 cached ones at half a dollar.
                let cost = found["cost"]
                #expect(cost?["items"]?.arrayValue?.compactMap { $0["kind"]?.stringValue } == ["input", "cache_read"])
                let value = try #require(cost?["value"]?.doubleValue)
                #expect(abs(value - 0.00052) < 1e-12 && cost?["current_value"]?.doubleValue == value)
                #expect(cost?["price"]?["model_pattern"]?.stringValue == "gpt-4.1" && cost?["reason"] == .null)
                #expect(cost?["service_tier"]?.stringValue == "standard" && cost?["tiers"]?.arrayValue == [])
            }
        }
    }

    @Test("what is worked out when a span is read says what it is made of, and of two spans that report one call each names the other")
    func workedOut() async throws {
        try await install { client, _, _, _ in
            for isSealed in [false, true] {
                if isSealed { try await client.send("sealStore", "/api/v1/store/seal", expect: 200) }
                func path(_ id: String) -> String { Self.path.replacing("spans/0000000000000001", with: "spans/" + id) }
                let outer = try await client.send("explainSpan", path("0000000000000003") + "/explain", expect: 200)
                #expect(outer["repeats"]?["span_id"]?.stringValue == "0000000000000004" && outer["repeats"]?["name"]?.stringValue == "sdk")
                #expect(outer["cost"]?["reason"]?.stringValue == "the span repeats the call of another span, which counts")
                #expect(outer["cost"]?["value"] == .null && outer["repeated_by"]?.arrayValue == [])
                let inner = try await client.send("explainSpan", path("0000000000000004") + "/explain", expect: 200)
                #expect(inner["repeats"] == .null && inner["cost"]?["reason"] == .null)
                #expect(inner["repeated_by"]?.arrayValue?.map { $0["span_id"]?.stringValue } == ["0000000000000003"])
                let found = inner["worked_out"]?.arrayValue ?? []
                func member(_ name: String) -> JSONValue? { found.first { $0["field"]?.stringValue == name } }
                func sources(_ name: String) -> [String] { (member(name)?["sources"]?.arrayValue ?? []).compactMap(\.stringValue) }
                #expect(member("status")?["value"] == .string("error") && sources("status") == ["logfire.level_num"])
                #expect(member("model")?["value"] == .string("gpt-4.1") && sources("model") == ["request_model"])
                #expect(member("output_visible_tokens")?["value"] == .integer(3))
                #expect(sources("output_visible_tokens") == ["output_tokens", "reasoning_tokens"])
                #expect(member("prompt_template")?["value"] == .string("Say {x}"))
                #expect(member("parameters")?["value"]?["temperature"] == .double(0.5))
                #expect(sources("parameters") == ["gen_ai.request.temperature"] && member("parameters")?["rule"] == .null)
                #expect(member("environment")?["value"] == .null && sources("environment").isEmpty)
                let span = try await client.send("getSpan", path("0000000000000004"), expect: 200)
                for field in found where !(field["value"]?.isNull ?? true) {
                    let name = field["field"]?.stringValue ?? ""
                    #expect(span[name] == field["value"] || name == "total_tokens", "\(name)")
                }
                #expect(span["output_visible_tokens"] == .integer(3) && span["input_uncached_tokens"] == .integer(10))
            }
        }
    }

    @Test("what is not there is a 404, also another project's; a range behind the end is a 416")
    func refusals() async throws {
        try await install { client, stranger, server, key in
            try await stranger.send("getSpan", Self.path, expect: 404)
            try await stranger.send("getSpanPayload", Self.path + "/payloads/events.0.big", expect: 404)
            try await client.send("getSpan", Self.path.replacing("spans/0000000000000001", with: "spans/0000000000000009"), expect: 404)
            try await client.send("getSpan", Self.path.replacing("spans/0000000000000001", with: "spans/xyz"), expect: 400)
            for name in [
                "nonsense", "attributes", "attributes.none", "events.9.big", "events.-1.big", "events.99999999999999999999.big",
                "links.0.x",
                "messages.input.0.9", "messages.output.0.0", "messages.input.0", "resource.none", "scope.none", "..", "%00",
            ] {
                try await client.send("getSpanPayload", Self.path + "/payloads/\(name)", expect: 404)
            }
            try await client.send(
                "getSpanPayload", Self.path + "/payloads/events.0.big", headers: [("range", "bytes=1000000-")], expect: 416)
            let answer = try await server.send(
                "GET", Self.path + "/payloads/events.0.big", headers: [("authorization", "Bearer \(key)"), ("range", "bytes=1000000-")])
            #expect(answer.headers["content-range"] == "bytes */\(Self.long.utf8.count)")
        }
    }
}
