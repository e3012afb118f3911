/// Bytes that somebody sends as text: UTF-8, with or without a byte-order mark. Other encodings are told apart and refused with the place:
/// guessing one would put wrong letters in front of agents.

import YAML

enum ImportedText {
    /// The bytes without their mark.
    static func checked(_ bytes: [UInt8], maximumByteCount: Int) throws(KnowledgeImportError) -> ArraySlice<UInt8> {
        guard bytes.count <= maximumByteCount else {
            throw KnowledgeImportError("it has \(bytes.count) bytes; at most \(maximumByteCount) are read")
        }
        let start = ImportPlace(line: 1, column: 1)
        for (mark, name) in [
            ([0xff, 0xfe, 0, 0], "UTF-32"), ([0, 0, 0xfe, 0xff], "UTF-32"), ([0xff, 0xfe], "UTF-16"), ([0xfe, 0xff], "UTF-16"),
        ]
            as [([UInt8], String)] where bytes.starts(with: mark)
        {
            throw KnowledgeImportError(at: start, "the text is in \(name); UTF-8 is read")
        }
        if bytes.count >= 2, bytes[0] == 0 || bytes[1] == 0 {
            throw KnowledgeImportError(at: start, "the text begins with zero bytes, as UTF-16 does; UTF-8 is read")
        }
        let text = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes[3...] : bytes[...]
        if String(validating: text, as: UTF8.self) == nil {
            throw KnowledgeImportError(at: ImportPlace(firstInvalid(text)), "the text is not UTF-8 here; if it is in Latin-1, convert it")
        }
        return text
    }

    private static func firstInvalid(_ text: ArraySlice<UInt8>) -> YAMLPosition {
        var line = 1, column = 1
        var decoder = UTF8()
        var iterator = text.makeIterator()
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue("\n"): (line, column) = (line + 1, 1)
            case .scalarValue: column += 1
            case .emptyInput, .error: return YAMLPosition(line: line, column: column)
            }
        }
    }

    /// A text that stands in a heading: no control characters, no white space around it, no more bytes than a name may have.
    static func heading(_ text: String, maximumByteCount: Int) -> String {
        var scalars = String.UnicodeScalarView()
        var byteCount = 0
        for scalar in text.unicodeScalars {
            let kept: Unicode.Scalar = isControl(scalar) ? " " : scalar
            if kept == " ", scalars.last == " " || scalars.isEmpty { continue }
            byteCount += UTF8.width(kept)
            if byteCount > maximumByteCount { break }
            scalars.append(kept)
        }
        while scalars.last == " " { scalars.removeLast() }
        return String(scalars)
    }

    static func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) }
}
