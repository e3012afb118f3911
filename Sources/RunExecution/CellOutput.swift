/// What a target answered: kept with the outcome, and as a checkpoint between the call and the scoring.

import ByteCoding
import Evaluation
import EvaluationModel
import GenAIConventions
import Metastore

struct CellOutput: Sendable, Equatable {
    var text = ""
    var toolCalls: [EvaluationModel.ToolCall] = []
    var finishReason: String?
    /// The model that answered, as the provider names it.
    var model: String?
    var usage: TokenUsage?
    /// US dollars; nil when neither the provider nor the price list tells.
    var cost: Double?
    /// US dollars, where it was billed.
    var reportedCost: Double?
    var durationNano: Int64 = 0
    var firstTokenNano: Int64?
    /// What the target was sent, in full; for spans and judges.
    var prompt: [PromptMessage] = []
    var startUnixNano: UInt64 = 0
    /// What was looked up for it; nil: nothing.
    var retrieval: CellRetrieval?
    /// On tries before the one that brought the answer.
    var spentInVain = CellSpending()

    /// All that the answer took.
    var spent: CellSpending {
        spentInVain + CellSpending(costNanoUSD: retrieval?.costNanoUSD ?? 0)
            + CellSpending(costNanoUSD: (cost ?? 0).spentNanoUSD, inputTokens: usage?.input ?? 0, outputTokens: usage?.output ?? 0)
    }

    /// As scorers see it.
    var scored: CaseOutput {
        CaseOutput(
            text: text, toolCalls: toolCalls, latencyMilliseconds: Double(durationNano) / 1e6,
            inputTokenCount: usage.map { Int($0.input) }, outputTokenCount: usage.map { Int($0.output) }, cost: cost)
    }

    /// As the outcome shows it.
    var json: JSONValue {
        var members = [JSONMember(key: "text", value: .string(text))]
        if !toolCalls.isEmpty { members.append(JSONMember(key: "tool_calls", value: .array(toolCalls.map(\.json)))) }
        if let finishReason { members.append(JSONMember(key: "finish_reason", value: .string(finishReason))) }
        if let model { members.append(JSONMember(key: "model", value: .string(model))) }
        return .object(members)
    }

    /// Everything, for the next attempt.
    var checkpoint: [UInt8] {
        guard case .object(var members) = json else { return [] }
        func add(_ key: String, _ value: JSONValue?) { if let value { members.append(JSONMember(key: key, value: value)) } }
        if let usage {
            add("usage", .array([usage.input, usage.output, usage.cacheRead, usage.cacheWrite, usage.reasoning].map(JSONValue.integer)))
        }
        add("cost", cost.map(JSONValue.double))
        add("duration_nano", .integer(durationNano))
        add("first_token_nano", firstTokenNano.map(JSONValue.integer))
        add("start_unix_nano", .integer(Int64(clamping: startUnixNano)))
        if let retrieval {
            add("retrieval_start_unix_nano", .integer(Int64(clamping: retrieval.startUnixNano)))
            add("retrieval_spans", .string(Base64.text(retrieval.spans)))
            add("retrieval_cost_nano_usd", .integer(retrieval.costNanoUSD))
        }
        if spentInVain != CellSpending() {
            add(
                "spent_in_vain",
                .array([spentInVain.costNanoUSD, spentInVain.inputTokens, spentInVain.outputTokens].map(JSONValue.integer)))
        }
        return JSONValue.object(members).bytes
    }

    /// nil for what is no checkpoint. A checkpoint that the command line made has a text and nothing else that must be there.
    init?(checkpoint: [UInt8]) {
        guard let value = try? JSONValue.parse(checkpoint), let text = value["text"]?.stringValue else { return nil }
        self.init()
        self.text = text
        toolCalls = (value["tool_calls"]?.arrayValue ?? []).compactMap { call in
            call["name"]?.stringValue.map { EvaluationModel.ToolCall(id: call["id"]?.stringValue, name: $0, arguments: call["arguments"]) }
        }
        finishReason = value["finish_reason"]?.stringValue
        model = value["model"]?.stringValue
        if let counts = value["usage"]?.arrayValue?.compactMap(\.integerValue), counts.count == 5 {
            usage = TokenUsage(input: counts[0], output: counts[1], cacheRead: counts[2], cacheWrite: counts[3], reasoning: counts[4])
        }
        cost = value["cost"]?.doubleValue
        durationNano = value["duration_nano"]?.integerValue ?? 0
        firstTokenNano = value["first_token_nano"]?.integerValue
        startUnixNano = UInt64(clamping: value["start_unix_nano"]?.integerValue ?? 0)
        if let spans = value["retrieval_spans"]?.stringValue.flatMap({ Base64.decode($0) }) {
            retrieval = CellRetrieval(
                startUnixNano: UInt64(clamping: value["retrieval_start_unix_nano"]?.integerValue ?? 0), spans: spans,
                costNanoUSD: value["retrieval_cost_nano_usd"]?.integerValue ?? 0)
        }
        if let spent = value["spent_in_vain"]?.arrayValue?.compactMap(\.integerValue), spent.count == 3 {
            spentInVain = CellSpending(costNanoUSD: spent[0], inputTokens: spent[1], outputTokens: spent[2])
        }
    }

    init() {}
}
