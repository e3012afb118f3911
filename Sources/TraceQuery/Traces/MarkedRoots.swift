/// Which rows of a unit are marked as the root of their trace (`AppRoots`). Asked of spans whose parent is missing, which are few.

import GenAIConventions
import SpanStore
import TraceModel

enum MarkedRoots {
    static func flags(_ scan: UnitScan, _ rows: [Int32]) throws -> [Bool] {
        var flags = [Bool](repeating: false, count: rows.count)
        guard !rows.isEmpty else { return flags }
        for key in AppRoots.keys {
            let column = try scan.column(.attribute(key), rows: rows)
            for (index, position) in column.positions.enumerated() where !flags[index] {
                flags[index] = isMark(column.vector, Int(position))
            }
        }
        return flags
    }

    private static func isMark(_ vector: ColumnVector, _ position: Int) -> Bool {
        switch vector {
        case .boolean(let values, let validity): validity.isValid(position) && values[position]
        case .dictionary(let codes, let dictionary):
            codes[position] != TextDictionary.null && AppRoots.isMark(.string(dictionary[codes[position]]))
        case .attributes(let values): AppRoots.isMark(values[position])
        case .int64, .double, .traceIDs, .spanIDs: false
        }
    }
}
