import Testing
import TraceModel

@testable import GenAIConventions

/// Recorded with logfire 5.2.0, anthropic 2.11.0 and openai 3.52.0 against a stand-in of the providers; what plays no part in tokens and
/// costs is left out.
@Suite("A streamed call that Logfire reports when the stream has ended, and the SDK itself as well")
struct LogfireStreamTests {
    private struct Recorded {
        var id: UInt64
        var parent: UInt64
        var name: String
        /// Behind 1795334270 seconds (Anthropic's) or 1795334269 (OpenAI's).
        var times: ClosedRange<UInt64>
        var attributes: [(String, AttributeValue)]
    }

    private static func logfire(_ provider: String, _ model: String, _ type: String) -> [(String, AttributeValue)] {
        [
            ("session.id", "session-1"), ("user.id", "user-1"), ("gen_ai.operation.name", "chat"),
            ("gen_ai.provider.name", .string(provider)), ("gen_ai.system", .string(provider)), ("gen_ai.request.model", .string(model)),
            ("gen_ai.response.model", .string(model)), ("gen_ai.request.max_tokens", .int(1000)),
            ("request_data", .string(#"{"model":"\#(model)"}"#)), ("async", .bool(false)), ("logfire.span_type", .string(type)),
            ("logfire.tags", .array([.string("LLM")])),
        ]
    }

    private static func usage(_ input: Int64, _ output: Int64) -> [(String, AttributeValue)] {
        [("gen_ai.usage.input_tokens", .int(input)), ("gen_ai.usage.output_tokens", .int(output))]
    }

    private static func sdk(_ answer: String, _ usage: [(String, AttributeValue)]) -> [(String, AttributeValue)] {
        [
            ("http.request.method", "POST"), ("http.route", "/v1/messages"), ("gen_ai.operation.name", "chat"),
            ("gen_ai.provider.name", "anthropic"), ("gen_ai.request.model", "claude-sonnet-4-5"),
            ("gen_ai.response.model", "claude-sonnet-4-5-20250929"), ("gen_ai.response.id", .string(answer)),
            ("gen_ai.request.max_tokens", .int(1000)), ("gen_ai.usage.reasoning.output_tokens", .int(0)),
            ("gen_ai.request.stream", .bool(true)), ("logfire.span_type", "span"), ("logfire.msg", "anthropic.messages.create"),
            ("anthropic.response.service_tier", "standard"), ("anthropic.message.stop_reason", "end_turn"),
        ] + usage
    }

    private static let record = "streaming response from {request_data[model]!r} took {duration:.2f}s"
    private static let claude = "claude-sonnet-4-5"

    private static let plain = [
        Recorded(
            id: 0x2e9a_122a_6528_bb2c, parent: 0x2ae3_c6d6_394c_6321, name: "Message with {request_data[model]!r}",
            times: 185_231_063...190_313_883, attributes: logfire("anthropic", claude, "span")),
        Recorded(
            id: 0x062a_b208_7c1d_c8df, parent: 0x2e9a_122a_6528_bb2c, name: "anthropic.messages.create",
            times: 185_381_817...220_057_177,
            attributes: sdk(
                "msg_5c3ba7694fb5c71a6993033b760f40e8",
                usage(1200, 300) + [
                    ("gen_ai.usage.cache_read.input_tokens", .int(0)), ("gen_ai.usage.cache_write.input_tokens", .int(0)),
                    ("anthropic.usage.cache_creation.ephemeral_5m_input_tokens", .int(0)),
                    ("anthropic.usage.cache_creation.ephemeral_1h_input_tokens", .int(0)),
                ])),
        Recorded(
            id: 0xe5ab_c3ef_e4c2_c075, parent: 0x2ae3_c6d6_394c_6321, name: record, times: 220_795_685...220_795_685,
            attributes: logfire("anthropic", claude, "log") + usage(1200, 300) + [
                ("duration", .double(0.0298344)),
                (
                    "gen_ai.usage.raw",
                    .string(
                        #"{"cache_creation":{"ephemeral_1h_input_tokens":0,"ephemeral_5m_input_tokens":0},"cache_creation_input_tokens":0,"#
                            + #""cache_read_input_tokens":0,"input_tokens":1200,"output_tokens":300,"#
                            + #""output_tokens_details":{"thinking_tokens":0}}"#
                    )
                ),
            ]),
    ]

    private static let cached = [
        Recorded(
            id: 0x26a5_f7c8_9de1_b0f6, parent: 0x8243_1dfe_6b63_8c54, name: "Message with {request_data[model]!r}",
            times: 228_337_942...232_414_984, attributes: logfire("anthropic", claude, "span")),
        Recorded(
            id: 0x02d3_4638_28bf_9b5f, parent: 0x26a5_f7c8_9de1_b0f6, name: "anthropic.messages.create",
            times: 228_481_716...233_579_433,
            attributes: sdk(
                "msg_5c3ba7694fb5c71ae05b3fc595b47803",
                usage(5000, 600) + [
                    ("gen_ai.usage.cache_read.input_tokens", .int(3000)), ("gen_ai.usage.cache_write.input_tokens", .int(1500)),
                    ("anthropic.usage.cache_creation.ephemeral_5m_input_tokens", .int(1500)),
                    ("anthropic.usage.cache_creation.ephemeral_1h_input_tokens", .int(0)),
                ])),
        Recorded(
            id: 0xbb53_62c6_6032_bfb8, parent: 0x8243_1dfe_6b63_8c54, name: record, times: 234_005_865...234_005_865,
            attributes: logfire("anthropic", claude, "log") + usage(5000, 600) + [
                ("duration", .double(0.001165046)),
                (
                    "gen_ai.usage.raw",
                    .string(
                        #"{"cache_creation":{"ephemeral_1h_input_tokens":0,"ephemeral_5m_input_tokens":1500},"#
                            + #""cache_creation_input_tokens":1500,"#
                            + #""cache_read_input_tokens":3000,"input_tokens":500,"output_tokens":600,"#
                            + #""output_tokens_details":{"thinking_tokens":0}}"#
                    )
                ),
            ]),
    ]

    /// OpenAI's SDK does not trace itself.
    private static let openAI = [
        Recorded(
            id: 0x35d2_8aaa_8714_f09b, parent: 0x228a_61d8_bf07_06e3, name: "Chat Completion with {request_data[model]!r}",
            times: 519_258_030...525_185_651, attributes: logfire("openai", "gpt-4.1-mini", "span")),
        Recorded(
            id: 0x4bd2_eec3_a4b8_2a26, parent: 0x228a_61d8_bf07_06e3, name: record, times: 537_264_388...537_264_388,
            attributes: logfire("openai", "gpt-4.1-mini", "log") + usage(1200, 300) + [("duration", .double(0.011364584))]),
    ]

    private func priced(_ spans: [Recorded]) -> LLMFields {
        var builder = BatchBuilder()
        for (index, span) in spans.enumerated() {
            builder.add(span.attributes, startTimeUnixNano: 1_795_334_270_000_000_000 + span.times.lowerBound)
            builder.nameLast(span.name)
            builder.batch.endTimesUnixNano[index] = 1_795_334_270_000_000_000 + span.times.upperBound
            builder.batch.spanIDs[index] = SpanID(rawValue: span.id)
            builder.batch.parentSpanIDs[index] = SpanID(rawValue: span.parent)
        }
        var batch = builder.batch
        batch.traceIDs = batch.traceIDs.map { _ in TraceID(high: 1, low: 1) }
        var fields = AttributeMapping.current.apply(to: &batch)
        ShippedPrices.book.price(&fields, batch: batch)
        return fields
    }

    private func microDollars(_ fields: LLMFields) -> [Double?] { fields.costs.map { $0.isNaN ? nil : ($0 * 1e9).rounded() / 1e3 } }

    @Test("of Anthropic's stream the SDK's span counts, and the record keeps its tokens")
    func anthropic() {
        let plain = priced(Self.plain)
        #expect(plain.kinds == [.llm, .llm, .llm])
        #expect(plain.inputTokens == [-1, 1200, 1200] && plain.outputTokens == [-1, 300, 300])
        // 1,200 x 3 + 300 x 15
        #expect(microDollars(plain) == [nil, 8_100, nil])
        let cached = priced(Self.cached)
        #expect(cached.inputTokens == [-1, 5000, 5000])
        // 500 x 3 + 3,000 x 0.3 + 1,500 x 3.75 + 600 x 15
        #expect(microDollars(cached) == [nil, 17_025, nil])
        // Both calls in one application, and in one request.
        let both =
            Self.plain
            + Self.cached.map { span in
                var span = span
                if span.parent == 0x8243_1dfe_6b63_8c54 { span.parent = 0x2ae3_c6d6_394c_6321 }
                return span
            }
        #expect(microDollars(priced(both)) == [nil, 8_100, nil, nil, 17_025, nil])
    }

    @Test("of OpenAI's stream the record is all there is, and counts")
    func openAI() {
        // 1,200 x 0.4 + 300 x 1.6
        #expect(microDollars(priced(Self.openAI)) == [nil, 960])
    }
}
