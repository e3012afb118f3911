/// Where values stand in JSON text: one pass over the text for any number of pointers.

import ByteCoding
import YAML

enum JSONPlaces {
    /// The pointers as a tree: what is asked for below each value.
    private final class Branch {
        var children: [String: Branch] = [:]
        /// Which pointers end here.
        var numbers: [Int] = []
    }

    /// Text that is JSON. A value that is not there stands where its nearest container does.
    static func positions(of pointers: [[String]], in text: ArraySlice<UInt8>) -> [YAMLPosition] {
        guard !pointers.isEmpty else { return [] }
        let top = Branch()
        for (number, tokens) in pointers.enumerated() {
            var branch = top
            for token in tokens {
                let next = branch.children[token] ?? Branch()
                branch.children[token] = next
                branch = next
            }
            branch.numbers.append(number)
        }
        var offsets = [Int](repeating: 0, count: pointers.count)
        text.withUnsafeBufferPointer { buffer in
            var scanner = JSONScanner(UnsafeRawBufferPointer(buffer), maximumDepth: KnowledgeImportLimits.maximumJSONDepth)
            // The text was read before: it is JSON.
            try? walk(&scanner, top, &offsets)
        }
        return positions(ofBytes: offsets, in: text)
    }

    static func position(ofByte offset: Int, in text: ArraySlice<UInt8>) -> YAMLPosition { positions(ofBytes: [offset], in: text)[0] }

    private static func walk(_ scanner: inout JSONScanner, _ branch: Branch, _ offsets: inout [Int]) throws(JSONError) {
        scanner.skipWhitespace()
        mark(branch, scanner.offset, &offsets)
        guard !branch.children.isEmpty else { return try scanner.skipValue() }
        switch try scanner.peek() {
        case .object:
            try scanner.beginObject()
            while let key = try scanner.nextKey() {
                // The last of equal keys is the one remembered: the first is not what a problem is about.
                if let child = branch.children[scanner.text(of: key)] {
                    try walk(&scanner, child, &offsets)
                } else {
                    try scanner.skipValue()
                }
            }
        case .array:
            var index = 0
            try scanner.beginArray()
            while try scanner.nextElement() {
                if let child = branch.children[String(index)] { try walk(&scanner, child, &offsets) } else { try scanner.skipValue() }
                index += 1
            }
        default: try scanner.skipValue()
        }
    }

    /// Everything below a value stands, until it is found, where the value does.
    private static func mark(_ branch: Branch, _ offset: Int, _ offsets: inout [Int]) {
        for number in branch.numbers { offsets[number] = offset }
        for child in branch.children.values { mark(child, offset, &offsets) }
    }

    static func positions(ofBytes offsets: [Int], in text: ArraySlice<UInt8>) -> [YAMLPosition] {
        var positions = [YAMLPosition](repeating: YAMLPosition(line: 1, column: 1), count: offsets.count)
        var line = 1, column = 1, read = text.startIndex
        for number in offsets.indices.sorted(by: { offsets[$0] < offsets[$1] }) {
            let end = min(text.startIndex + offsets[number], text.endIndex)
            while read < end {
                let byte = text[read]
                read += 1
                if byte == UInt8(ascii: "\n") {
                    (line, column) = (line + 1, 1)
                } else if byte & 0xc0 != 0x80 {
                    // Characters begin with every byte that does not continue one.
                    column += 1
                }
            }
            positions[number] = YAMLPosition(line: line, column: column)
        }
        return positions
    }
}
