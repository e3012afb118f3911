/// The lines of texts as numbers: equal exactly for lines of the same bytes, within one `TextLines`.

struct TextLines {
    private var numbers: [Line: Int32] = [:]

    /// Strings that look the same may have different bytes; lines are compared by these.
    private struct Line: Hashable {
        let text: Substring

        static func == (left: Line, right: Line) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

        func hash(into hasher: inout Hasher) {
            var text = text
            text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        }
    }

    /// Each with its line feed, if it has one; together the text.
    static func lines(of text: String) -> [Substring] {
        var lines: [Substring] = []
        var rest = text[...]
        while !rest.isEmpty {
            let end = rest.utf8.firstIndex(of: UInt8(ascii: "\n")).map(rest.utf8.index(after:)) ?? rest.endIndex
            lines.append(rest[..<end])
            rest = rest[end...]
        }
        return lines
    }

    mutating func numbers(of lines: [Substring]) -> [Int32] {
        lines.map { line in
            let next = Int32(numbers.count)
            let number = numbers[Line(text: line)] ?? next
            if number == next { numbers[Line(text: line)] = next }
            return number
        }
    }
}
