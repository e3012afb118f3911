import CurlClient
import ModelProviders
import SeededRandom
import Testing

@Suite("An answer that is damaged")
struct HostileAnswerTests {
    private static let bodies = [
        #"{"id":"r","model":"m","choices":[{"delta":{"content":"a","tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":9,"total_tokens":4,"completion_tokens_details":{"reasoning_tokens":8}},"error":{"code":1,"details":[{"retryDelay":"1s"}]}}"#,
        #"{"type":"response.completed","output_index":2,"delta":"x","item":{"type":"function_call","call_id":"c","arguments":"{}"},"response":{"id":"r","status":"incomplete","output":[{"type":"message","content":[{"type":"output_text","text":"a"}]}],"incomplete_details":{"reason":"x"},"usage":{"input_tokens":1}}}"#,
        #"{"type":"content_block_delta","index":3,"message":{"id":"r","content":[{"type":"tool_use","input":{"a":[1]}}],"usage":{"input_tokens":1}},"content_block":{"type":"text","text":"a"},"delta":{"text":"b","stop_reason":"end_turn"},"usage":{"output_tokens":9223372036854775807,"cache_read_input_tokens":9223372036854775807}}"#,
        #"{"candidates":[{"content":{"parts":[{"text":"a","thought":true},{"functionCall":{"name":"f","args":{}}}]},"finishReason":"STOP"}],"promptFeedback":{"blockReason":"X"},"usageMetadata":{"promptTokenCount":9223372036854775807,"toolUsePromptTokenCount":9223372036854775807}}"#,
        #"{"data":[{"index":0,"embedding":[1,2]},{"index":1,"embedding":"AACAPw=="}],"embeddings":[{"values":[1]}],"usage":{"prompt_tokens":1}}"#,
    ]

    @Test("is read or refused, never more", arguments: ProviderDialect.allCases)
    func mutations(dialect: ProviderDialect) {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededGenerator(seed: seed)
        var outcomeCount = 0
        for _ in 0..<2000 {
            var body = Array(Self.bodies[Int.random(in: 0..<Self.bodies.count, using: &random)].utf8)
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let place = Int.random(in: 0..<body.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: body[place] = UInt8.random(in: .min ... .max, using: &random)
                case 1: body.removeSubrange(place..<min(body.count, place + Int.random(in: 1...20, using: &random)))
                case 2: body.insert(contentsOf: body[place..<min(body.count, place + 20)], at: place)
                default: body = Array(body[...place])
                }
                if body.isEmpty { body = [0x7b] }
            }
            var accumulator = ChatAccumulator(dialect: dialect)
            let text = String(decoding: body, as: UTF8.self)
            for _ in 0..<2 where (try? accumulator.read(ServerSentEvent(data: text))) != nil { outcomeCount += 1 }
            _ = try? accumulator.finish(isStream: true)
            accumulator = ChatAccumulator(dialect: dialect)
            _ = try? accumulator.read(body: body)
            _ = try? dialect.embeddings(from: body, inputCount: 2)
            let fault = FaultClassification.fault(status: 400, headers: [:], body: body, nowUnixNano: 0)
            #expect((fault.providerMessage ?? "").count <= 500, "seed \(seed)")
        }
        #expect(outcomeCount > 0, "seed \(seed)")
    }
}
