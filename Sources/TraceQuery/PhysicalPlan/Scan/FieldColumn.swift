import SpanStore
import TraceModel

/// A field of the selected rows: a vector, and for each selected row its place in it. A column that was read whole has
/// the row numbers themselves as places; one that was gathered counts from 0.
struct FieldColumn {
    var vector: ColumnVector
    var positions: [Int32]

    /// The value of the `index`th selected row, for rows that reach an answer. Loops over many rows switch on the vector.
    func value(at index: Int, type: FieldType) -> QueryValue {
        let position = Int(positions[index])
        switch vector {
        case .int64(let values, let validity):
            guard validity.isValid(position) else { return .null }
            switch type {
            case .time: return .time(values[position])
            case .spanKind: return .string(EnumerationNames.name(values[position], of: EnumerationNames.spanKinds))
            case .status: return .string(EnumerationNames.name(values[position], of: EnumerationNames.statuses))
            default: return .int(values[position])
            }
        case .double(let values, let validity): return validity.isValid(position) ? .double(values[position]) : .null
        case .boolean(let values, let validity): return validity.isValid(position) ? .bool(values[position]) : .null
        case .dictionary(let codes, let dictionary):
            return codes[position] == TextDictionary.null ? .null : .string(dictionary[codes[position]])
        case .traceIDs(let ids): return .string(ids[position].hex)
        case .spanIDs(let ids): return ids[position].isZero ? .null : .string(ids[position].hex)
        case .attributes(let values): return values[position].map(QueryValue.init) ?? .null
        }
    }
}
