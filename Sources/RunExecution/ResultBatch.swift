/// What came of cells of one run since it was last written, cut into what one transaction takes. A pure value.

import EvaluationModel
import Metastore

struct ResultBatch: Sendable {
    /// With their keys, for the events that tell of them.
    private(set) var started: [LeasedCell: String] = [:]
    private(set) var ended: [EndedCell] = []

    mutating func start(_ cell: LeasedCell, key: String) { started[cell] = key }

    mutating func end(_ cell: EndedCell) { ended.append(cell) }

    /// In their order; what was started goes with the first. One cell is never too much.
    func parts(
        maximumCount: Int = RunExecutionLimits.resultBatchCount, maximumByteCount: Int = RunExecutionLimits.resultBatchByteCount
    ) -> [ResultBatch] {
        var parts: [ResultBatch] = [], part = ResultBatch(), byteCount = 0
        part.started = started
        for cell in ended {
            if !part.ended.isEmpty, part.ended.count >= maximumCount || byteCount + cell.byteCount > maximumByteCount {
                parts.append(part)
                (part, byteCount) = (ResultBatch(), 0)
            }
            part.end(cell)
            byteCount += cell.byteCount
        }
        return parts + [part]
    }

    /// For finding what cannot be stored: first without the events of starts, then by halves; empty for a single cell.
    var halves: [ResultBatch] {
        var first = ResultBatch(), second = ResultBatch()
        if !started.isEmpty {
            first.ended = ended
            return ended.isEmpty ? [] : [first]
        }
        guard ended.count > 1 else { return [] }
        first.ended = Array(ended[..<(ended.count / 2)])
        second.ended = Array(ended[(ended.count / 2)...])
        return [first, second]
    }
}

extension EndedCell {
    /// About what its row and its spans take.
    var byteCount: Int {
        guard case .outcome(let outcome) = ending else { return spans.count }
        return spans.count + (outcome.output?.count ?? 0) + outcome.scores.reduce(0) { $0 + $1.reason.utf8.count }
    }

    /// In the place of a result that PostgreSQL does not take: that this is so, and what it cost. nil if this says so already.
    func unstorable(_ reason: String) -> EndedCell? {
        guard case .outcome(let outcome) = ending, outcome.output != nil || !outcome.scores.isEmpty else { return nil }
        let error = CellFault("unstorable", "the result cannot be stored: \(reason)").json
        return EndedCell(
            cell, key: key,
            .outcome(
                NewOutcome(
                    result: .errored, error: error, traceID: outcome.traceID, spanID: outcome.spanID, durationNano: outcome.durationNano,
                    firstTokenNano: outcome.firstTokenNano, inputTokens: outcome.inputTokens, outputTokens: outcome.outputTokens,
                    costNanoUSD: outcome.costNanoUSD)),
            spans: spans)
    }
}
