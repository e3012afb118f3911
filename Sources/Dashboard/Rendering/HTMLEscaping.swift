/// Text on its way into a page. Scalars are escaped, not characters: a quote that carries a combining mark is one character to Swift, other
/// than a quote, and still ends an attribute for a browser.

import Mustache

enum HTMLEscaping {
    static func escape(_ text: String) -> String {
        // Most texts have nothing to escape.
        guard text.utf8.contains(where: { replacement(of: $0) != nil }) else { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 32)
        for byte in text.utf8 {
            if let replacement = replacement(of: byte) { bytes += replacement.utf8 } else { bytes.append(byte) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// All of these are ASCII: in UTF-8 no other character has their bytes.
    private static func replacement(of byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "\""): "&quot;"
        case UInt8(ascii: "'"): "&#39;"
        // Some browsers' ancestors took it for a quote.
        case UInt8(ascii: "`"): "&#96;"
        // NUL is an error in HTML that browsers drop or replace as they like.
        case 0: "\u{fffd}"
        default: nil
        }
    }
}

/// What `{{x}}` becomes, in place of the template engine's own escaping, which goes by characters.
struct EscapedHTML: MustacheContentType {
    static let name = "ESCAPED"

    func escapeText(_ text: String) -> String { HTMLEscaping.escape(text) }
}
