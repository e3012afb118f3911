/// Only UTF-8 is read: other encodings are told apart by their first bytes, broken UTF-8 by its place.
enum YAMLEncoding {
    /// The text without its byte-order mark.
    static func checked(_ bytes: [UInt8]) throws(YAMLError) -> ArraySlice<UInt8> {
        let start = YAMLPosition(line: 1, column: 1)
        let wide: [([UInt8], String)] = [
            ([0xff, 0xfe, 0, 0], "UTF-32"), ([0, 0, 0xfe, 0xff], "UTF-32"), ([0xff, 0xfe], "UTF-16"), ([0xfe, 0xff], "UTF-16"),
        ]
        for (mark, name) in wide where bytes.starts(with: mark) {
            throw YAMLError("the text is in \(name); YAML is read in UTF-8 only", at: start)
        }
        if bytes.count >= 2, bytes[0] == 0 || bytes[1] == 0 {
            throw YAMLError("the text begins with zero bytes, as UTF-16 does; YAML is read in UTF-8 only", at: start)
        }
        let text = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes[3...] : bytes[...]
        if String(validating: text, as: UTF8.self) == nil {
            throw YAMLError("the text is not UTF-8 here", at: firstInvalid(text))
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
}
