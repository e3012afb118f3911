/// A path from the top of a document to a value in it (RFC 6901).

import ByteCoding
import YAML

struct JSONPointer: Hashable, Sendable, CustomStringConvertible {
    /// Keys, and indexes as digits, unescaped.
    var tokens: [String]

    init(_ tokens: [String]) { self.tokens = tokens }

    /// As it stands in a reference behind `#`: percent-encoded, escaped. Nil if it is none.
    init?(fragment: Substring) {
        guard let decoded = Self.percentDecoded(fragment) else { return nil }
        if decoded.isEmpty {
            tokens = []
            return
        }
        guard decoded.utf8.first == UInt8(ascii: "/") else { return nil }
        tokens = decoded.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { token in
            token.contains("~") ? String(token.replacing("~1", with: "/").replacing("~0", with: "~")) : String(token)
        }
    }

    static func escaped(_ token: String) -> String {
        token.utf8.contains { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }
            ? String(token.replacing("~", with: "~0").replacing("/", with: "~1")) : token
    }

    var description: String { tokens.map { "/" + Self.escaped($0) }.joined() }

    func steps(in root: JSONValue) -> [YAMLDocument.Step] {
        var steps: [YAMLDocument.Step] = []
        var value: JSONValue? = root
        for token in tokens {
            if case .array(let elements)? = value, let index = Int(token) {
                steps.append(.index(index))
                value = elements.indices.contains(index) ? elements[index] : nil
            } else {
                steps.append(.key(token))
                value = value?.objectValue?.first { $0.key == token }?.value
            }
        }
        return steps
    }

    private static func percentDecoded(_ text: Substring) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let code = UInt8(String(Substring(rest.prefix(2))), radix: 16) else { return nil }
            bytes.append(code)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
