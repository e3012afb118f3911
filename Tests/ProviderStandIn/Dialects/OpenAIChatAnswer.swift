/// A chat completion, whole or in chunks.

import ByteCoding

struct OpenAIChatAnswer {
    let answer: Answer
    let request: ChatRequest
    let dialect: Dialect

    var whole: JSONValue {
        let message: JSONValue = JSONValue.object([]).with(
            [("role", "assistant"), ("content", content), ("refusal", .text(answer.refusal))] + reasoningMember
                + (answer.toolCalls.isEmpty ? [] : [("tool_calls", .array(answer.toolCalls.map(Self.call)))]))
        let choices = (0..<request.choiceCount).map { index -> JSONValue in
            ["index": .count(index), "message": message, "logprobs": nil, "finish_reason": .string(finish)]
        }
        return head("chat.completion").with([("choices", .array(choices)), ("usage", usage)] + tail)
    }

    func events(pieceCount: Int?) -> [StreamEvent] {
        var events: [StreamEvent] = []
        for index in 0..<request.choiceCount {
            func add(_ delta: JSONValue, finish: String? = nil) {
                let choice: JSONValue = ["index": .count(index), "delta": delta, "logprobs": nil, "finish_reason": .text(finish)]
                let isLast = finish != nil && index == request.choiceCount - 1
                // An imitation has no chunk of its own for usage: it comes with the last one.
                let usage: [(String, JSONValue)] =
                    !request.includesUsage ? [] : dialect == .compatible ? (isLast ? [("usage", self.usage)] : []) : [("usage", .null)]
                let chunk = head("chat.completion.chunk").with([("choices", [choice])] + tail + usage)
                events.append(.sent(chunk, isClosing: finish != nil))
            }
            add(["role": "assistant", "content": answer.toolCalls.isEmpty ? "" : nil, "refusal": nil])
            if !reasoningMember.isEmpty {
                for piece in StreamEvent.pieces(of: answer.reasoning ?? "", count: pieceCount) {
                    add(["reasoning_content": .string(piece)])
                }
            }
            for piece in StreamEvent.pieces(of: answer.text, count: pieceCount) { add(["content": .string(piece)]) }
            for piece in StreamEvent.pieces(of: answer.refusal ?? "", count: pieceCount) { add(["refusal": .string(piece)]) }
            for (place, call) in answer.toolCalls.enumerated() {
                let place = JSONValue.count(place)
                add(["tool_calls": [Self.call(call, arguments: "").with([("index", place)])]])
                for piece in StreamEvent.pieces(of: call.arguments, count: pieceCount) {
                    add(["tool_calls": [["index": place, "function": ["arguments": .string(piece)]]]])
                }
            }
            add([:], finish: finish)
        }
        if request.includesUsage, dialect != .compatible {
            events.append(.sent(head("chat.completion.chunk").with([("choices", []), ("usage", usage)] + tail), isClosing: true))
        }
        events.append(StreamEvent(bytes: Array("data: [DONE]\n\n".utf8), isClosing: true))
        return events
    }

    private var content: JSONValue {
        answer.text.isEmpty && (!answer.toolCalls.isEmpty || answer.refusal != nil) ? .null : .string(answer.text)
    }

    private func head(_ object: String) -> JSONValue {
        [
            "id": .string("chatcmpl-" + answer.identifier), "object": .string(object), "created": .count(answer.time),
            "model": .string(request.modelName),
        ]
    }

    private var tail: [(String, JSONValue)] {
        dialect == .compatible ? [] : [("service_tier", "default"), ("system_fingerprint", "fp_standin00")]
    }

    /// OpenAI keeps reasoning to itself; others show it.
    private var reasoningMember: [(String, JSONValue)] {
        guard let reasoning = answer.reasoning, dialect != .openAI else { return [] }
        return [("reasoning_content", .string(reasoning))]
    }

    private static func call(_ call: Answer.ToolCall) -> JSONValue { Self.call(call, arguments: call.arguments) }

    private static func call(_ call: Answer.ToolCall, arguments: String) -> JSONValue {
        ["id": .string("call_" + call.id), "type": "function", "function": ["name": .string(call.name), "arguments": .string(arguments)]]
    }

    private var finish: String {
        if let native = answer.nativeFinish { return native }
        switch answer.finish {
        case .stop, .stopSequence, .refusal: return "stop"
        case .length: return "length"
        case .toolCalls: return "tool_calls"
        case .contentFilter: return "content_filter"
        }
    }

    private var usage: JSONValue {
        let usage = answer.usage
        if dialect == .compatible {
            return [
                "prompt_tokens": .count(usage.input), "completion_tokens": .count(usage.output),
                "total_tokens": .count(usage.input + usage.output),
            ]
        }
        // xAI's completion tokens are without the reasoning.
        let completion = dialect == .xAI ? usage.output - usage.reasoning : usage.output
        let whole: JSONValue = [
            "prompt_tokens": .count(usage.input), "completion_tokens": .count(completion),
            "total_tokens": .count(usage.input + usage.output),
            "prompt_tokens_details": [
                "cached_tokens": .count(usage.cached), "cache_write_tokens": .count(usage.cacheWrite), "audio_tokens": 0,
                "text_tokens": .count(usage.input), "image_tokens": 0,
            ],
            "completion_tokens_details": [
                "reasoning_tokens": .count(usage.reasoning), "audio_tokens": 0, "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            ],
        ]
        return dialect == .xAI ? whole.with([("num_sources_used", 0), ("cost_in_usd_ticks", .count(XAIPrice.ticks(usage)))]) : whole
    }
}

/// What xAI bills for a call, in the ten-billionths of a dollar it counts in.
enum XAIPrice {
    /// 3 and 15 dollars for a million tokens; a quarter of the former for cached ones.
    static func ticks(_ usage: Usage) -> Int { (usage.input - usage.cached) * 30_000 + usage.cached * 7_500 + usage.output * 150_000 }
}
