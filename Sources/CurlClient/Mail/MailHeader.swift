/// Texts in header fields: as they are while they are plain ASCII, as RFC 2047's encoded words otherwise. Nothing leaves here
/// that could end a line, so no text can add a header field of its own.

enum MailHeader {
    /// For a field without structure, such as the subject.
    static func text(_ text: String) -> String {
        // "=?" at a word's beginning would be taken for an encoded word.
        let isPlain = text.utf8.allSatisfy { (0x20...0x7e).contains($0) } && !text.contains("=?") && text.utf8.count <= 60
        return isPlain ? text : encodedWords(text)
    }

    /// For a display name: atoms, a quoted string, or encoded words.
    static func phrase(_ text: String) -> String {
        let isQuotable = text.utf8.allSatisfy { (0x20...0x7e).contains($0) && $0 != 0x22 && $0 != 0x5c } && !text.contains("=?")
        return isQuotable && text.utf8.count <= 60 ? "\"\(text)\"" : encodedWords(text)
    }

    /// Each word is whole by itself: at most 75 characters, and no character cut in two. Further words stand on lines of their own.
    private static func encodedWords(_ text: String) -> String {
        var words: [String] = []
        var bytes: [UInt8] = []
        func end() {
            if !bytes.isEmpty { words.append("=?utf-8?B?\(Base64.encode(bytes))?=") }
            bytes = []
        }
        for scalar in text.unicodeScalars {
            let next = Array(String(scalar).utf8)
            // 45 bytes are 60 characters of base64, and the frame takes 12.
            if bytes.count + next.count > 45 { end() }
            bytes += next
        }
        end()
        return words.joined(separator: "\r\n ")
    }
}

/// RFC 4648, section 4.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let number = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for index in 0..<4 {
                text.append(index <= group.count ? alphabet[number >> (18 - 6 * index) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
