/// Rows as a table for a terminal: columns as wide as their widest cell, numbers to the right.

import ByteCoding

struct TextTable {
    let columns: [String]
    let rows: [[JSONValue]]
    /// Longer cells are cut: a prompt in a column would push everything else off the screen.
    static let maximumCellCharacterCount = 60

    var text: String {
        let cells = rows.map { $0.map(Self.cell) }
        var widths = columns.map(\.count)
        for row in cells {
            for (column, cell) in row.enumerated() where column < widths.count { widths[column] = max(widths[column], cell.count) }
        }
        let isNumeric = columns.indices.map { column in
            rows.contains { column < $0.count && $0[column].doubleValue != nil }
        }
        func line(_ row: [String]) -> String {
            let padded = row.enumerated().map { column, cell in
                let space = String(repeating: " ", count: max(0, widths[column] - cell.count))
                return isNumeric[column] ? space + cell : cell + space
            }
            var text = padded.joined(separator: "  ")
            while text.hasSuffix(" ") { text.removeLast() }
            return text
        }
        let rule = widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")
        return ([line(columns), rule] + cells.map(line)).joined(separator: "\n")
    }

    private static func cell(_ value: JSONValue) -> String {
        let text =
            switch value {
            case .null: ""
            case .string(let text): text
            case .double(let number): short(number)
            case .array(let values) where values.allSatisfy({ $0.stringValue != nil }):
                values.compactMap(\.stringValue).joined(separator: ", ")
            default: String(decoding: value.bytes, as: UTF8.self)
            }
        // Control characters could move the cursor or more.
        let plain = String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? " " : $0 }))
        return plain.count > maximumCellCharacterCount ? plain.prefix(maximumCellCharacterCount - 1) + "…" : plain
    }

    /// Six significant digits at most.
    private static func short(_ number: Double) -> String {
        guard number.isFinite, number != 0, abs(number) >= 1e-9, abs(number) < 1e15 else { return "\(number)" }
        var digits = 6
        var magnitude = abs(number)
        while magnitude >= 10, digits > 1 {
            magnitude /= 10
            digits -= 1
        }
        while magnitude < 1, digits < 15 {
            magnitude *= 10
            digits += 1
        }
        var scale = 1.0
        for _ in 1..<max(digits, 2) { scale *= 10 }
        let rounded = (number * scale).rounded() / scale
        return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int64(rounded))" : "\(rounded)"
    }
}
