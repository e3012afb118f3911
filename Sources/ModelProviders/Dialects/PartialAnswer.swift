/// An answer while it is read: what all dialects gather, from one body or from many events.

import ByteCoding
import GenAIConventions

struct PartialAnswer: Sendable {
    var id: String?
    var model: String?
    private(set) var text = ""
    private(set) var reasoning = ""
    var refusal: String?
    private(set) var toolCalls: [ToolCall] = []
    /// The number by which the dialect's events refer to each of `toolCalls`.
    private var toolCallNumbers: [Int] = []
    var finishReason: FinishReason?
    var providerFinishReason: String?
    var usage: TokenUsage?
    var reportedCost: Double?
    /// The stream has said that nothing follows.
    var isTerminated = false
    /// The provider broke off with an error.
    var failure: ProviderErrorBody?
    /// What has come since the last look.
    private var deltas: [ChatDelta] = []

    /// Whether nothing of the answer's content has been read.
    var isEmpty: Bool { text.isEmpty && reasoning.isEmpty && toolCalls.isEmpty && refusal == nil }

    mutating func append(text more: String) {
        guard !more.isEmpty else { return }
        text += more
        deltas.append(.text(more))
    }

    mutating func append(reasoning more: String) {
        guard !more.isEmpty else { return }
        reasoning += more
        deltas.append(.reasoning(more))
    }

    mutating func append(refusal more: String) {
        guard !more.isEmpty else { return }
        refusal = (refusal ?? "") + more
    }

    /// Begins the tool call with this number, or completes what is known of it.
    mutating func beginToolCall(number: Int, id: String?, name: String?, signature: String? = nil) {
        if let place = place(of: number) {
            if let id { toolCalls[place].id = id }
            if let name { toolCalls[place].name = name }
        } else if toolCalls.count < ModelProvidersLimits.toolCallCount {
            let place = toolCalls.count
            let call = ToolCall(id: id ?? "call_\(place)", name: name ?? "", arguments: "", signature: signature)
            toolCalls.append(call)
            toolCallNumbers.append(number)
            deltas.append(.toolCall(index: place, id: call.id, name: call.name))
        }
    }

    mutating func append(arguments more: String, toToolCall number: Int) {
        guard !more.isEmpty, let place = place(of: number) else { return }
        toolCalls[place].arguments += more
        deltas.append(.toolArguments(index: place, more))
    }

    /// The whole arguments, known at the call's end: deltas may have been left out, never contradicted.
    mutating func complete(arguments whole: String, ofToolCall number: Int) {
        guard let place = place(of: number) else { return }
        if toolCalls[place].arguments.isEmpty { return append(arguments: whole, toToolCall: number) }
        toolCalls[place].arguments = whole
    }

    mutating func takeDeltas() -> [ChatDelta] {
        if deltas.isEmpty { return [] }
        defer { deltas.removeAll() }
        return deltas
    }

    /// Events refer to the newest call nearly always.
    private func place(of number: Int) -> Int? { toolCallNumbers.lastIndex(of: number) }

    /// Nil as long as neither a reason nor an end was seen: then the answer is not whole.
    var response: ChatResponse? {
        guard finishReason != nil || isTerminated else { return nil }
        var response = ChatResponse()
        response.text = text
        response.reasoning = reasoning
        response.refusal = refusal
        response.toolCalls = toolCalls
        for place in toolCalls.indices where toolCalls[place].arguments.isEmpty { response.toolCalls[place].arguments = "{}" }
        response.finishReason = finishReason ?? .other
        response.providerFinishReason = providerFinishReason.map { String($0.prefix(ModelProvidersLimits.providerWordCharacterCount)) }
        response.model = model
        response.id = id
        response.usage = usage
        response.reportedCost = reportedCost
        return response
    }
}

/// Reads what one dialect answers with.
protocol AnswerReader: Sendable {
    var answer: PartialAnswer { get set }

    /// A whole body.
    mutating func readBody(_ scanner: inout JSONScanner) throws(JSONError)
    /// The data of one event of a stream. Events and members that are not known pass by.
    mutating func readEvent(_ scanner: inout JSONScanner) throws(JSONError)
}
