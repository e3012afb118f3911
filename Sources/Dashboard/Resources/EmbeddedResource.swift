/// A file of `Templates` or `Assets` as it lies in the binary. The two lists, `templates` and `assets`, are made at build time
/// (Plugins/EmbedResources).

import ByteCoding

struct EmbeddedResource: Sendable {
    /// From its folder: `pages/traces.mustache`, `css/tokens.css`.
    let path: String
    private let content: StaticString
    private let isBase64: Bool

    init(_ path: String, text: StaticString) {
        self.path = path
        content = text
        isBase64 = false
    }

    init(_ path: String, base64: StaticString) {
        self.path = path
        content = base64
        isBase64 = true
    }

    var text: String { content.description }

    var bytes: [UInt8] {
        let bytes = content.withUTF8Buffer { Array($0) }
        return isBase64 ? Base64.decode(String(decoding: bytes, as: UTF8.self)) ?? [] : bytes
    }
}
