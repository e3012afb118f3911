import ByteCoding

/// Writes a JSON value as YAML that people like to read: block style, plain texts where no reader could take them for anything else,
/// literal blocks for texts of several lines, else double quotes. `YAMLDocument` reads the same value back.
package enum YAMLText {
    package static func write(_ value: JSONValue) -> String {
        var text = ""
        switch value {
        case .object(let members) where !members.isEmpty: write(members, 0, &text)
        case .array(let elements) where !elements.isEmpty: write(elements, 0, &text)
        default:
            writeInline(value, 0, &text)
            text += "\n"
        }
        return text
    }

    private static func indentation(_ level: Int) -> String { String(repeating: "  ", count: level) }

    private static func write(_ members: [JSONMember], _ level: Int, _ text: inout String, isInList: Bool = false) {
        for (index, member) in members.enumerated() {
            if !isInList || index > 0 { text += indentation(level) }
            let key = scalar(member.key)
            // A key before a colon has at most 1,024 characters (YAML 1.2, 7.4.2); a longer one stands behind a question mark.
            text += key.utf8.count < 1000 ? key + ":" : "? \(key)\n\(indentation(level)):"
            writeValue(member.value, level, &text)
        }
    }

    private static func write(_ elements: [JSONValue], _ level: Int, _ text: inout String) {
        for element in elements {
            text += indentation(level) + "-"
            if case .object(let members) = element, !members.isEmpty {
                text += " "
                write(members, level + 1, &text, isInList: true)
            } else {
                writeValue(element, level, &text)
            }
        }
    }

    /// What stands behind a colon or a dash, up to its line end.
    private static func writeValue(_ value: JSONValue, _ level: Int, _ text: inout String) {
        switch value {
        case .object(let members) where !members.isEmpty:
            text += "\n"
            write(members, level + 1, &text)
        case .array(let elements) where !elements.isEmpty:
            text += "\n"
            write(elements, level + 1, &text)
        default:
            text += " "
            writeInline(value, level, &text)
            text += "\n"
        }
    }

    private static func writeInline(_ value: JSONValue, _ level: Int, _ text: inout String) {
        switch value {
        case .string(let content):
            if let block = block(content, level + 1) { text += block } else { text += scalar(content) }
        case .array: text += "[]"
        case .object: text += "{}"
        default: text += String(decoding: value.bytes, as: UTF8.self)
        }
    }

    /// A literal block, for texts of several lines that it can hold.
    private static func block(_ content: String, _ level: Int) -> String? {
        guard content.utf8.contains(UInt8(ascii: "\n")), content.utf8.count < 1 << 20,
            content.unicodeScalars.allSatisfy({ $0 == "\n" || isPrintable($0) })
        else { return nil }
        let body = content.hasSuffix("\n") ? String(content.unicodeScalars.dropLast()) : content
        let lines = body.split(separator: "\n", omittingEmptySubsequences: false)
        // Leading white space and empty lines at the ends have rules of their own: quotes are simpler.
        guard let first = lines.first, let last = lines.last, !first.isEmpty, !last.isEmpty,
            lines.allSatisfy({ $0.utf8.first != UInt8(ascii: " ") && $0.utf8.first != UInt8(ascii: "\t") || $0 != first }),
            lines.allSatisfy({ $0.isEmpty || $0.contains { $0 != " " } })
        else { return nil }
        let header = content.hasSuffix("\n") ? "|" : "|-"
        return header + lines.map { $0.isEmpty ? "\n" : "\n" + indentation(level) + $0 }.joined()
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7e, 0xa0...0x2027, 0x202a...0xd7ff, 0xe000...0xfefe, 0xff00...0xfffd, 0x10000...0x10ffff: true
        default: false
        }
    }

    /// A text in one line: plain where it is harmless, else in double quotes.
    static func scalar(_ text: String) -> String {
        let isHarmless =
            text.utf8.count <= 100
            && text.utf8.first.map { ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z") } == true
            && text.utf8.last != UInt8(ascii: " ")
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: " "), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"):
                    true
                default: false
                }
            } && YAMLScalar.value(ofPlain: text) == .string(text)
            // What YAML 1.1 takes for booleans, for readers of that age.
            && !["y", "n", "yes", "no", "on", "off"].contains(text.lowercased())
        if isHarmless { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            default:
                if isPrintable(scalar) {
                    quoted.unicodeScalars.append(scalar)
                } else {
                    let digits = String(scalar.value, radix: 16)
                    quoted += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
                }
            }
        }
        return quoted + "\""
    }
}
