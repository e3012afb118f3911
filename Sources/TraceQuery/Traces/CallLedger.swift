/// Calls of models whose usage is to be added up: what each of them counts, so that a call which two spans report counts once
/// (`RepeatedCalls`).

import GenAIConventions
import SpanStore
import TraceModel

struct CallLedger: Sendable {
    private(set) var calls: [ModelCall] = []
    private(set) var usages: [SpanUsage] = []

    static let byteCountPerCall = MemoryLayout<ModelCall>.stride + MemoryLayout<SpanUsage>.stride

    mutating func add(_ call: ModelCall, _ usage: SpanUsage) {
        calls.append(call)
        usages.append(usage)
    }

    /// What each call counts, in the order they were added: everything, or nothing of what another span tells. Where the span that
    /// counts has tokens but no cost, the cost of the one around it stays.
    func counted() -> [SpanUsage] {
        let isRepeat = RepeatedCalls.find(calls)
        guard isRepeat.contains(true) else { return usages }
        let priced = usages.indices.filter { usages[$0].cost != nil }
        var costCounts = [Bool](repeating: false, count: usages.count)
        for (index, isRepeat) in zip(priced, RepeatedCalls.find(priced.map { calls[$0] })) { costCounts[index] = !isRepeat }
        return usages.indices.map { index in
            let usage = usages[index]
            return SpanUsage(
                inputTokens: isRepeat[index] ? nil : usage.inputTokens, outputTokens: isRepeat[index] ? nil : usage.outputTokens,
                cost: costCounts[index] ? usage.cost : nil)
        }
    }

    /// Hashes of the response ids of some rows; 0 where there is none.
    static func responseHashes(_ scan: UnitScan, _ rows: [Int32]) throws -> [UInt64] {
        let none = [UInt64](repeating: 0, count: rows.count)
        guard !rows.isEmpty else { return none }
        let column = try scan.column(.attribute(Self.responseKey), rows: rows)
        switch column.vector {
        case .dictionary(let codes, let dictionary):
            var hashes: [UInt64] = []
            hashes.reserveCapacity(dictionary.count)
            let bytes = dictionary.bytes.span
            for code in 0..<dictionary.count {
                hashes.append(ModelCall.hash(bytes.extracting(Int(dictionary.offsets[code])..<Int(dictionary.offsets[code + 1]))))
            }
            return column.positions.map { codes[Int($0)] == TextDictionary.null ? 0 : hashes[Int(codes[Int($0)])] }
        case .attributes(let values):
            return column.positions.map { position in
                guard case .string(let text)? = values[Int(position)], !text.isEmpty else { return 0 }
                return ModelCall.hash(Array(text.utf8).span)
            }
        default: return none
        }
    }

    private static let responseKey = "gen_ai.response.id"
}
