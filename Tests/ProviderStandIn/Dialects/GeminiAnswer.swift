/// A Gemini answer, whole or as a stream of whole answers.

import ByteCoding

struct GeminiAnswer {
    let answer: Answer
    let request: ChatRequest

    var whole: JSONValue {
        if answer.refusal != nil { return blocked }
        return response(parts: parts, finish: finish, hasUsage: true)
    }

    /// - Parameter isEvents: `alt=sse`; else the elements of one JSON array, with its brackets.
    func events(pieceCount: Int?, isEvents: Bool) -> [StreamEvent] {
        var chunks: [(value: JSONValue, isClosing: Bool)] = []
        if answer.refusal != nil {
            chunks.append((blocked, true))
        } else {
            var pieces = StreamEvent.pieces(of: answer.reasoning ?? "", count: pieceCount).map { Self.thought($0) }
            pieces += StreamEvent.pieces(of: answer.text, count: pieceCount).map { ["text": .string($0)] }
            pieces += answer.toolCalls.map(Self.call)
            if pieces.isEmpty { pieces = [["text": ""]] }
            chunks = pieces.dropLast().map { (response(parts: [$0], finish: nil, hasUsage: true), false) }
            chunks.append((response(parts: pieces.suffix(1), finish: finish, hasUsage: true), true))
        }
        if isEvents { return chunks.map { .sent($0.value, isClosing: $0.isClosing) } }
        var events = chunks.enumerated().map { index, chunk in
            StreamEvent(bytes: Array((index == 0 ? "[" : ",\r\n").utf8) + chunk.value.bytes, isClosing: chunk.isClosing)
        }
        events.append(StreamEvent(bytes: Array("]".utf8), isClosing: true))
        return events
    }

    private static func thought(_ text: String) -> JSONValue { ["text": .string(text), "thought": true] }

    private static func call(_ call: Answer.ToolCall) -> JSONValue {
        ["functionCall": ["id": .string(call.id), "name": .string(call.name), "args": (try? JSONValue.parse(call.arguments)) ?? [:]]]
    }

    private var parts: [JSONValue] {
        var parts = answer.reasoning.map { [Self.thought($0)] } ?? []
        if !answer.text.isEmpty || answer.toolCalls.isEmpty { parts.append(["text": .string(answer.text)]) }
        return parts + answer.toolCalls.map(Self.call)
    }

    private func response(parts: [JSONValue], finish: String?, hasUsage: Bool) -> JSONValue {
        let candidates = (0..<request.choiceCount).map { index -> JSONValue in
            let candidate: JSONValue = ["content": ["parts": .array(parts), "role": "model"]]
            return candidate.with((finish.map { [("finishReason", .string($0))] } ?? []) + [("index", .count(index))])
        }
        return (["candidates": .array(candidates)] as JSONValue).with(tail(isOver: finish != nil))
    }

    /// A prompt that was refused has no candidates.
    private var blocked: JSONValue {
        (["promptFeedback": ["blockReason": "PROHIBITED_CONTENT", "blockReasonMessage": .text(answer.refusal)]] as JSONValue).with(
            tail(isOver: true))
    }

    private func tail(isOver: Bool) -> [(String, JSONValue)] {
        let usage = answer.usage
        var metadata: [(String, JSONValue)] = [("promptTokenCount", .count(usage.input))]
        if usage.cached > 0 { metadata.append(("cachedContentTokenCount", .count(usage.cached))) }
        // What is thought is not counted among the candidates' tokens.
        if isOver, answer.refusal == nil { metadata.append(("candidatesTokenCount", .count(usage.output - usage.reasoning))) }
        if isOver, usage.reasoning > 0 { metadata.append(("thoughtsTokenCount", .count(usage.reasoning))) }
        metadata.append(("totalTokenCount", .count(usage.input + (isOver && answer.refusal == nil ? usage.output : 0))))
        return [
            ("usageMetadata", JSONValue.object([]).with(metadata)), ("modelVersion", .string(request.modelName)),
            ("responseId", .string(answer.identifier)),
        ]
    }

    private var finish: String {
        if let native = answer.nativeFinish { return native }
        switch answer.finish {
        case .stop, .stopSequence, .toolCalls: return "STOP"
        case .length: return "MAX_TOKENS"
        case .refusal, .contentFilter: return "SAFETY"
        }
    }
}
