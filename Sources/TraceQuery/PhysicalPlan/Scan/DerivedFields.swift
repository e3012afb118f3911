import SpanStore

/// Fields that are computed from stored columns, as vectors over the selected rows.
enum DerivedFields {
    /// Start plus duration, as wrapped as the duration was.
    static func endTime(start: FieldColumn, duration: FieldColumn) -> FieldColumn {
        guard case .int64(let starts, _) = start.vector, case .int64(let durations, _) = duration.vector else { return absent(start) }
        let values = start.positions.indices.map { starts[Int(start.positions[$0])] &+ durations[Int(duration.positions[$0])] }
        return FieldColumn(vector: .int64(values, .all), positions: SortedRows.identity(values.count))
    }

    static func milliseconds(_ duration: FieldColumn) -> FieldColumn {
        guard case .int64(let durations, _) = duration.vector else { return absent(duration) }
        let values = duration.positions.map { Double(durations[Int($0)]) / 1e6 }
        return FieldColumn(vector: .double(values, .all), positions: SortedRows.identity(values.count))
    }

    /// Null where both are.
    static func sum(_ a: FieldColumn, _ b: FieldColumn) -> FieldColumn {
        guard case .int64(let first, let firstValidity) = a.vector, case .int64(let second, let secondValidity) = b.vector else {
            return absent(a)
        }
        var values = [Int64](repeating: 0, count: a.positions.count)
        var flags = [Bool](repeating: false, count: a.positions.count)
        for index in values.indices {
            let i = Int(a.positions[index]), j = Int(b.positions[index])
            if firstValidity.isValid(i) {
                values[index] = first[i]
                flags[index] = true
            }
            if secondValidity.isValid(j) {
                values[index] &+= second[j]
                flags[index] = true
            }
        }
        return FieldColumn(vector: .int64(values, .some(flags)), positions: SortedRows.identity(values.count))
    }

    /// What is left of a total without its parts, at least 0; null where the total is.
    static func rest(_ total: FieldColumn, without parts: [FieldColumn]) -> FieldColumn {
        guard case .int64(let totals, let validity) = total.vector else { return absent(total) }
        var values = total.positions.map { totals[Int($0)] }
        for part in parts {
            guard case .int64(let counts, let partValidity) = part.vector else { continue }
            for index in values.indices {
                let position = Int(part.positions[index])
                if partValidity.isValid(position) { values[index] = values[index] &- max(0, counts[position]) }
            }
        }
        return FieldColumn(
            vector: .int64(values.map { max(0, $0) }, .some(total.positions.map { validity.isValid(Int($0)) })),
            positions: SortedRows.identity(values.count))
    }

    /// The first text where there is one, else the second. Works on codes: the second dictionary is put behind the first.
    static func firstText(_ a: FieldColumn, _ b: FieldColumn) -> FieldColumn {
        guard case .dictionary(let first, var dictionary) = a.vector, case .dictionary(let second, let other) = b.vector else {
            return absent(a)
        }
        let shift = UInt32(dictionary.count)
        let byteShift = UInt32(dictionary.bytes.count)
        dictionary.bytes.append(contentsOf: other.bytes)
        dictionary.offsets.append(contentsOf: other.offsets.dropFirst().map { $0 + byteShift })
        var codes = [UInt32](repeating: TextDictionary.null, count: a.positions.count)
        for index in codes.indices {
            let code = first[Int(a.positions[index])]
            if code != TextDictionary.null {
                codes[index] = code
            } else {
                let fallback = second[Int(b.positions[index])]
                codes[index] = fallback == TextDictionary.null ? fallback : fallback + shift
            }
        }
        return FieldColumn(vector: .dictionary(codes, dictionary), positions: SortedRows.identity(codes.count))
    }

    /// A column of a type it should not have has no values for a derived field.
    private static func absent(_ column: FieldColumn) -> FieldColumn {
        FieldColumn(vector: .attributes([nil]), positions: Array(repeating: 0, count: column.positions.count))
    }
}
