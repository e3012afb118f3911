/// Costs of segments from before what was billed counted: their `cost` is the computed one, and what counts is decided when it is read.

import GenAIConventions
import TraceModel

extension SegmentUnit {
    /// Whether the file has spans that were billed and another `cost`.
    var decidesCosts: Bool {
        guard handle.descriptor.mappingVersion < AttributeMapping.firstVersionOfBilledCosts, let files = try? handle.files(),
            let leaf = files.leaf(LLMNumberField.reportedCost.rawValue)
        else { return false }
        return !files.spans.isAllNull(rowGroup: rowGroup, leaf: leaf)
    }

    /// What was billed, else what was computed, as spans that come in now have it in one column.
    func decidedCosts(_ rows: RowSelection, _ files: SegmentFiles) throws -> ColumnVector {
        func flat(_ column: String) throws -> ColumnVector {
            guard let index = files.leaf(column) else { throw StoreError(.corrupt, "a segment has no column \(column)") }
            return try leaf(index, rows, files).vector(rowCount: rows.count)
        }
        let stored = try flat(LLMNumberField.cost.rawValue)
        guard case .double(let billed, let isBilled) = try flat(LLMNumberField.reportedCost.rawValue),
            case .dictionary(let codes, let dictionary) = try flat("kind")
        else { return stored }
        let isContainer = (0..<dictionary.count).map { LLMKind(name: dictionary[UInt32($0)])?.isContainer ?? false }
        var costs = [Double](repeating: 0, count: rows.count), isKnown = [Bool](repeating: false, count: rows.count)
        if case .double(let computed, let isComputed) = stored {
            costs = computed
            for row in isKnown.indices { isKnown[row] = isComputed.isValid(row) }
        }
        for row in costs.indices where isBilled.isValid(row) {
            if codes[row] != TextDictionary.null, isContainer[Int(codes[row])] { continue }
            costs[row] = billed[row]
            isKnown[row] = true
        }
        return .double(costs, .some(isKnown))
    }
}
