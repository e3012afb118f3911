/// A response of OpenAI's responses API, whole or as its sequence of events.

import ByteCoding

struct OpenAIResponsesAnswer {
    let answer: Answer
    let request: ChatRequest
    let dialect: Dialect

    var whole: JSONValue { response(status, output: items.map(\.finished)) }

    func events(pieceCount: Int?) -> [StreamEvent] {
        var events: [StreamEvent] = []
        func add(_ type: String, _ members: JSONValue, isClosing: Bool = false) {
            let event = (["type": .string(type), "sequence_number": .count(events.count)] as JSONValue)
            events.append(.sent(event.with((members.objectValue ?? []).map { ($0.key, $0.value) }), name: type, isClosing: isClosing))
        }
        add("response.created", ["response": response("in_progress", output: [])])
        add("response.in_progress", ["response": response("in_progress", output: [])])
        for (index, item) in items.enumerated() {
            let place: [(String, JSONValue)] = [("item_id", .string(item.id)), ("output_index", .count(index))]
            add("response.output_item.added", ["output_index": .count(index), "item": item.begun])
            switch item.kind {
            case .reasoning(let text):
                let at = JSONValue.object([]).with(place + [("summary_index", 0)])
                add("response.reasoning_summary_part.added", at.with([("part", ["type": "summary_text", "text": ""])]))
                for piece in StreamEvent.pieces(of: text, count: pieceCount) {
                    add("response.reasoning_summary_text.delta", at.with([("delta", .string(piece))]))
                }
                add("response.reasoning_summary_text.done", at.with([("text", .string(text))]))
                add("response.reasoning_summary_part.done", at.with([("part", ["type": "summary_text", "text": .string(text)])]))
            case .message(let text, let isRefusal):
                let at = JSONValue.object([]).with(place + [("content_index", 0)])
                let kind = isRefusal ? "refusal" : "output_text", name = isRefusal ? "refusal" : "text"
                let logprobs: [(String, JSONValue)] = isRefusal ? [] : [("logprobs", [])]
                add("response.content_part.added", at.with([("part", Item.part("", isRefusal: isRefusal))]))
                for piece in StreamEvent.pieces(of: text, count: pieceCount) {
                    add("response.\(kind).delta", at.with([("delta", .string(piece))] + logprobs))
                }
                add("response.\(kind).done", at.with([(name, .string(text))] + logprobs), isClosing: true)
                add("response.content_part.done", at.with([("part", Item.part(text, isRefusal: isRefusal))]), isClosing: true)
            case .call(let call):
                let at = JSONValue.object([]).with(place)
                for piece in StreamEvent.pieces(of: call.arguments, count: pieceCount) {
                    add("response.function_call_arguments.delta", at.with([("delta", .string(piece))]))
                }
                add(
                    "response.function_call_arguments.done",
                    at.with([("name", .string(call.name)), ("arguments", .string(call.arguments))]), isClosing: true)
            }
            add("response.output_item.done", ["output_index": .count(index), "item": item.finished], isClosing: index == items.count - 1)
        }
        add("response.\(status)", ["response": whole], isClosing: true)
        return events
    }

    /// One member of `output`.
    private struct Item {
        enum Kind {
            case reasoning(String)
            case message(String, isRefusal: Bool)
            case call(Answer.ToolCall)
        }

        let kind: Kind
        let id: String
        let status: String

        static func part(_ text: String, isRefusal: Bool) -> JSONValue {
            isRefusal
                ? ["type": "refusal", "refusal": .string(text)]
                : ["type": "output_text", "text": .string(text), "annotations": [], "logprobs": []]
        }

        var begun: JSONValue { value(isFinished: false) }
        var finished: JSONValue { value(isFinished: true) }

        private func value(isFinished: Bool) -> JSONValue {
            let status = JSONValue.string(isFinished ? status : "in_progress")
            switch kind {
            case .reasoning(let text):
                return [
                    "id": .string(id), "type": "reasoning",
                    "summary": isFinished ? [["type": "summary_text", "text": .string(text)]] : [],
                ]
            case .message(let text, let isRefusal):
                return [
                    "id": .string(id), "type": "message", "status": status, "role": "assistant",
                    "content": isFinished ? [Self.part(text, isRefusal: isRefusal)] : [],
                ]
            case .call(let call):
                return [
                    "id": .string(id), "type": "function_call", "status": status, "call_id": .string("call_" + call.id),
                    "name": .string(call.name), "arguments": .string(isFinished ? call.arguments : ""),
                ]
            }
        }
    }

    private var items: [Item] {
        var items: [Item] = []
        if let reasoning = answer.reasoning {
            items.append(Item(kind: .reasoning(reasoning), id: "rs_" + answer.identifier, status: status))
        }
        if let refusal = answer.refusal {
            items.append(Item(kind: .message(refusal, isRefusal: true), id: "msg_" + answer.identifier, status: status))
        } else if !answer.text.isEmpty || answer.toolCalls.isEmpty {
            items.append(Item(kind: .message(answer.text, isRefusal: false), id: "msg_" + answer.identifier, status: status))
        }
        return items + answer.toolCalls.map { Item(kind: .call($0), id: "fc_" + $0.id, status: "completed") }
    }

    private var incompleteReason: String? {
        switch answer.finish {
        case .length: "max_output_tokens"
        case .contentFilter: "content_filter"
        default: answer.nativeFinish
        }
    }

    private var status: String { incompleteReason == nil ? "completed" : "incomplete" }

    /// The response object in one of its states; usage comes with the last.
    func response(_ status: String, output: [JSONValue], error: JSONValue? = nil) -> JSONValue {
        let isOver = status != "in_progress"
        let reason = isOver && status == "incomplete" ? incompleteReason : nil
        return [
            "id": .string("resp_" + answer.identifier), "object": "response", "created_at": .count(answer.time), "status": .string(status),
            "background": false, "error": error ?? .null, "incomplete_details": reason.map { ["reason": .string($0)] } ?? .null,
            "instructions": nil, "max_output_tokens": request.maximumTokenCount.map(JSONValue.count) ?? .null,
            "model": .string(request.modelName), "output": .array(output), "parallel_tool_calls": true, "previous_response_id": nil,
            "reasoning": ["effort": nil, "summary": nil], "service_tier": "default", "store": false, "temperature": 1,
            "text": ["format": ["type": "text"]], "tool_choice": "auto", "tools": [], "top_p": 1, "truncation": "disabled",
            "usage": isOver && error == nil ? usage : .null, "user": nil, "metadata": [:],
        ]
    }

    private var usage: JSONValue {
        let usage = answer.usage
        let whole: JSONValue = [
            "input_tokens": .count(usage.input),
            "input_tokens_details": ["cached_tokens": .count(usage.cached), "cache_write_tokens": .count(usage.cacheWrite)],
            "output_tokens": .count(usage.output), "output_tokens_details": ["reasoning_tokens": .count(usage.reasoning)],
            "total_tokens": .count(usage.input + usage.output),
        ]
        return dialect == .xAI
            ? whole.with([("num_sources_used", 0), ("num_server_side_tools_used", 0), ("cost_in_usd_ticks", .count(XAIPrice.ticks(usage)))])
            : whole
    }
}
