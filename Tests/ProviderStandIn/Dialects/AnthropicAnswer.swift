/// An Anthropic message, whole or as its named events.

import ByteCoding

struct AnthropicAnswer {
    let answer: Answer
    let request: ChatRequest

    var whole: JSONValue { message(content: blocks.map(\.whole), isOver: true) }

    func events(pieceCount: Int?) -> [StreamEvent] {
        var events = [sent("message_start", ["message": message(content: [], isOver: false)])]
        for (index, block) in blocks.enumerated() {
            let place = JSONValue.count(index)
            events.append(sent("content_block_start", ["index": place, "content_block": block.begun]))
            if index == 0 { events.append(sent("ping", [:])) }
            for delta in block.deltas(pieceCount: pieceCount) {
                events.append(sent("content_block_delta", ["index": place, "delta": delta]))
            }
            events.append(sent("content_block_stop", ["index": place], isClosing: index == blocks.count - 1))
        }
        events.append(
            sent(
                "message_delta",
                ["delta": ["stop_reason": .string(stopReason), "stop_sequence": .text(stopSequence)], "usage": usage(isOver: true)],
                isClosing: true))
        events.append(sent("message_stop", [:], isClosing: true))
        return events
    }

    private func sent(_ type: String, _ members: JSONValue, isClosing: Bool = false) -> StreamEvent {
        let event = (["type": .string(type)] as JSONValue).with((members.objectValue ?? []).map { ($0.key, $0.value) })
        return .sent(event, name: type, isClosing: isClosing)
    }

    /// One block of the content.
    private enum Block {
        case thinking(String)
        case text(String)
        case toolUse(Answer.ToolCall)

        private static let signature = "c3RhbmQtaW4="

        var whole: JSONValue {
            switch self {
            case .thinking(let text): ["type": "thinking", "thinking": .string(text), "signature": .string(Self.signature)]
            case .text(let text): ["type": "text", "text": .string(text)]
            case .toolUse(let call): toolUse(call, input: (try? JSONValue.parse(call.arguments)) ?? [:])
            }
        }

        var begun: JSONValue {
            switch self {
            case .thinking: ["type": "thinking", "thinking": "", "signature": ""]
            case .text: ["type": "text", "text": ""]
            case .toolUse(let call): toolUse(call, input: [:])
            }
        }

        func deltas(pieceCount: Int?) -> [JSONValue] {
            switch self {
            case .thinking(let text):
                StreamEvent.pieces(of: text, count: pieceCount).map { ["type": "thinking_delta", "thinking": .string($0)] }
                    + [["type": "signature_delta", "signature": .string(Self.signature)]]
            case .text(let text): StreamEvent.pieces(of: text, count: pieceCount).map { ["type": "text_delta", "text": .string($0)] }
            case .toolUse(let call):
                ([""] + StreamEvent.pieces(of: call.arguments, count: pieceCount)).map {
                    ["type": "input_json_delta", "partial_json": .string($0)]
                }
            }
        }

        private func toolUse(_ call: Answer.ToolCall, input: JSONValue) -> JSONValue {
            ["type": "tool_use", "id": .string("toolu_" + call.id), "name": .string(call.name), "input": input]
        }
    }

    private var blocks: [Block] {
        var blocks: [Block] = []
        if let reasoning = answer.reasoning { blocks.append(.thinking(reasoning)) }
        let text = answer.refusal ?? answer.text
        if !text.isEmpty || answer.toolCalls.isEmpty { blocks.append(.text(text)) }
        return blocks + answer.toolCalls.map { .toolUse($0) }
    }

    private func message(content: [JSONValue], isOver: Bool) -> JSONValue {
        [
            "id": .string("msg_" + answer.identifier), "type": "message", "role": "assistant", "model": .string(request.modelName),
            "content": .array(content), "stop_reason": isOver ? .string(stopReason) : nil,
            "stop_sequence": isOver ? .text(stopSequence) : nil,
            "usage": usage(isOver: isOver),
        ]
    }

    private var stopReason: String {
        if let native = answer.nativeFinish { return native }
        switch answer.finish {
        case .stop: return "end_turn"
        case .stopSequence: return "stop_sequence"
        case .length: return "max_tokens"
        case .toolCalls: return "tool_use"
        case .refusal, .contentFilter: return "refusal"
        }
    }

    private var stopSequence: String? { answer.finish == .stopSequence ? answer.matchedStop : nil }

    private func usage(isOver: Bool) -> JSONValue {
        let usage = answer.usage
        return [
            // Without what came from the cache or went there.
            "input_tokens": .count(max(0, usage.input - usage.cached - usage.cacheWrite)),
            "cache_creation_input_tokens": .count(usage.cacheWrite), "cache_read_input_tokens": .count(usage.cached),
            "cache_creation": ["ephemeral_5m_input_tokens": .count(usage.cacheWrite), "ephemeral_1h_input_tokens": 0],
            "output_tokens": .count(isOver ? usage.output : 1),
            "output_tokens_details": ["thinking_tokens": .count(isOver ? usage.reasoning : 0)], "service_tier": "standard",
        ]
    }
}
