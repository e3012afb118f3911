/// Spans whose usage is to be added up: what each of them counts, so that a span that is stored twice counts once, and so does a call
/// which two spans report (`RepeatedCalls`).

import GenAIConventions
import SpanStore
import TraceModel

struct CallLedger: Sendable {
    private(set) var calls: [ModelCall] = []
    private(set) var usages: [SpanUsage] = []
    /// Scans that added something. One scan has each span once.
    private var unitCount = 0

    static let byteCountPerCall = MemoryLayout<ModelCall>.stride + MemoryLayout<SpanUsage>.stride

    /// Behind it come the spans of another unit.
    mutating func beginUnit() { unitCount += 1 }

    mutating func add(_ call: ModelCall, _ usage: SpanUsage) {
        calls.append(call)
        usages.append(usage)
    }

    /// What each span counts, in the order they were added: everything, or nothing of what another one tells. Where the span that
    /// counts has tokens but no cost, the cost of the one around it stays; and where only that one was billed, its cost counts instead.
    func counted() -> [SpanUsage] {
        let usages = eachOnce()
        let reporting = usages.indices.filter { RepeatedCalls.isCall(calls[$0].kind) && !usages[$0].isEmpty }
        let isRepeat = repeats(reporting) {
            !usages[$0].isEmpty
        } call: {
            var call = calls[$0]
            call.isBilled = false
            return call
        }
        guard isRepeat.contains(true) else { return usages }
        let priced = reporting.filter { usages[$0].cost != nil }
        var counted = usages
        for (index, isRepeat) in zip(reporting, isRepeat) {
            counted[index] =
                isRepeat ? SpanUsage() : SpanUsage(inputTokens: usages[index].inputTokens, outputTokens: usages[index].outputTokens)
        }
        for (index, isRepeat) in zip(priced, repeats(priced, reports: { usages[$0].cost != nil }, call: { calls[$0] })) where !isRepeat {
            counted[index].add(SpanUsage(cost: usages[index].cost))
        }
        return counted
    }

    /// Whether each of some calls is a repeat, the calls that do not report the figure beside them.
    private func repeats(_ reporting: [Int], reports: (Int) -> Bool, call: (Int) -> ModelCall) -> [Bool] {
        let silent = calls.indices.filter { RepeatedCalls.isCall(calls[$0].kind) && !reports($0) }.map { calls[$0] }
        return RepeatedCalls.find(reporting.map(call), silent: silent)
    }

    private struct Key: Hashable {
        var group: UInt64
        var spanID: SpanID
    }

    /// Of a span stored in several units the version that ends last counts, as where its trace is read; of equal ones the first.
    private func eachOnce() -> [SpanUsage] {
        guard unitCount > 1 else { return usages }
        var kept: [Key: Int] = [:]
        kept.reserveCapacity(calls.count)
        var counted = usages
        for (index, call) in calls.enumerated() {
            let key = Key(group: call.group, spanID: call.spanID)
            guard let other = kept[key] else {
                kept[key] = index
                continue
            }
            let isLater = call.endTimeUnixNano > calls[other].endTimeUnixNano
            counted[isLater ? other : index] = SpanUsage()
            if isLater { kept[key] = index }
        }
        return counted
    }

    /// Hashes of the response ids of some rows, by the best of the attributes that name one; 0 where there is none.
    static func responseHashes(_ scan: UnitScan, _ rows: [Int32]) throws -> [UInt64] {
        var hashes = [UInt64](repeating: 0, count: rows.count)
        guard !rows.isEmpty else { return hashes }
        for key in AttributeMapping.current.responseIDKeys {
            for (index, hash) in try Self.hashes(of: key, scan, rows).enumerated() where hashes[index] == 0 { hashes[index] = hash }
            if !hashes.contains(0) { break }
        }
        return hashes
    }

    private static func hashes(of key: String, _ scan: UnitScan, _ rows: [Int32]) throws -> [UInt64] {
        let column = try scan.column(.attribute(key), rows: rows)
        switch column.vector {
        case .dictionary(let codes, let dictionary):
            var hashes: [UInt64] = []
            hashes.reserveCapacity(dictionary.count)
            let bytes = dictionary.bytes.span
            for code in 0..<dictionary.count {
                let text = Int(dictionary.offsets[code])..<Int(dictionary.offsets[code + 1])
                hashes.append(text.isEmpty ? 0 : ModelCall.hash(bytes.extracting(text)))
            }
            return column.positions.map { codes[Int($0)] == TextDictionary.null ? 0 : hashes[Int(codes[Int($0)])] }
        case .attributes(let values):
            return column.positions.map { position in
                switch values[Int(position)] {
                case .string(let text)? where !text.isEmpty: ModelCall.hash(Array(text.utf8).span)
                // The mapping reads a number as its text.
                case .int(let number)?: ModelCall.hash(Array(String(number).utf8).span)
                default: 0
                }
            }
        default: return [UInt64](repeating: 0, count: rows.count)
        }
    }
}
