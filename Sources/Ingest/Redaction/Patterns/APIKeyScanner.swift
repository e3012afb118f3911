/// Credentials by their shape: the prefixes that providers give their keys, JSON web tokens, `Bearer` and a token, private keys in PEM.
///
/// Found where a word begins. Not found: keys without a shape of their own (passwords, plain hex), `Basic` credentials. Taken for
/// keys: identifiers that begin like one and go on long enough.

struct APIKeyScanner: Sendable {
    private struct Shape: Sendable {
        let prefix: [UInt8]
        /// Bytes that must follow the prefix.
        let minimumTailByteCount: Int
        /// Whether dots join parts of it.
        var hasDots = false

        init(_ prefix: String, _ minimumTailByteCount: Int, hasDots: Bool = false) {
            self.prefix = Array(prefix.utf8)
            self.minimumTailByteCount = minimumTailByteCount
            self.hasDots = hasDots
        }
    }

    private static let shapes: [Shape] = [
        // Model providers: OpenAI, Anthropic, OpenRouter, DeepSeek and all who took over their form; Langfuse; Groq, xAI, Perplexity,
        // Hugging Face, Replicate, Google, Fireworks, NVIDIA.
        Shape("sk-", 16), Shape("pk-lf-", 16), Shape("gsk_", 20), Shape("xai-", 20), Shape("pplx-", 20), Shape("hf_", 20), Shape("r8_", 20),
        Shape("AIza", 30), Shape("ya29.", 20, hasDots: true), Shape("fw_", 20), Shape("nvapi-", 20), Shape("lsv2_", 20),
        // Spandrel's own.
        Shape("spdrl_", 20),
        // Code and packages.
        Shape("ghp_", 20), Shape("gho_", 20), Shape("ghu_", 20), Shape("ghs_", 20), Shape("ghr_", 20), Shape("github_pat_", 20),
        Shape("glpat-", 16), Shape("npm_", 20), Shape("pypi-", 20), Shape("dckr_pat_", 16),
        // Clouds, payment, messages.
        Shape("AKIA", 16), Shape("ASIA", 16), Shape("dop_v1_", 20), Shape("shpat_", 20), Shape("sk_live_", 16), Shape("sk_test_", 16),
        Shape("rk_live_", 16), Shape("rk_test_", 16), Shape("pk_live_", 16), Shape("pk_test_", 16), Shape("whsec_", 16),
        Shape("xoxb-", 10), Shape("xoxp-", 10), Shape("xoxa-", 10), Shape("xoxr-", 10), Shape("xoxs-", 10), Shape("xapp-", 10),
        Shape("SG.", 20, hasDots: true), Shape("eyJ", 20, hasDots: true),
    ]

    /// Shapes by their first byte.
    private let shapesByFirstByte: [[Shape]]

    init() {
        var table = [[Shape]](repeating: [], count: 256)
        for shape in Self.shapes { table[Int(shape.prefix[0])].append(shape) }
        shapesByFirstByte = table
    }

    /// The two bytes with which a match may begin: most words are told apart by them.
    static var beginnings: [(UInt8, UInt8)] { (shapes.map(\.prefix) + ["--", "Be", "be"].map { Array($0.utf8) }).map { ($0[0], $0[1]) } }

    /// A match that begins at `start`, or for `Bearer` at the token behind it.
    func match(_ text: TextBytes, at start: Int) -> Range<Int>? {
        let first = text[start]
        if first == UInt8(ascii: "-") { return Self.privateKey(text, at: start) }
        guard text.beginsWord(start) else { return nil }
        if first | 0x20 == UInt8(ascii: "b") { return Self.bearer(text, at: start) }
        for shape in shapesByFirstByte[Int(first)] {
            if let end = Self.end(of: shape, text, at: start) { return start..<end }
        }
        return nil
    }

    private static func end(of shape: Shape, _ text: TextBytes, at start: Int) -> Int? {
        guard start + shape.prefix.count + shape.minimumTailByteCount <= text.count else { return nil }
        for index in shape.prefix.indices where text[start + index] != shape.prefix[index] { return nil }
        let tail = start + shape.prefix.count
        var end = tail
        var dotCount = 0
        while end < text.count {
            if shape.hasDots, text[end] == UInt8(ascii: "."), TextBytes.isKeyByte(text.at(end + 1)) {
                dotCount += 1
            } else if !TextBytes.isKeyByte(text[end]) {
                break
            }
            end += 1
        }
        guard end - tail >= shape.minimumTailByteCount else { return nil }
        // `eyJ` begins any encoded JSON; a token has parts.
        return shape.prefix == Array("eyJ".utf8) && dotCount == 0 ? nil : end
    }

    /// `Bearer` or `bearer`, spaces (or `%20`, `+`), and a token of at least 16 bytes with a digit.
    private static func bearer(_ text: TextBytes, at start: Int) -> Range<Int>? {
        guard text.has("earer", at: start + 1) else { return nil }
        var token = start + 6
        while text.at(token) == UInt8(ascii: " ") || text.at(token) == UInt8(ascii: "+") || text.has("%20", at: token) {
            token += text[token] == UInt8(ascii: "%") ? 3 : 1
        }
        guard token > start + 6 else { return nil }
        var end = token
        var hasDigit = false
        while TextBytes.isKeyByte(text.at(end)) || isTokenMark(text.at(end)) {
            if text.isDigit(end) { hasDigit = true }
            end += 1
        }
        return end - token >= 16 && hasDigit ? token..<end : nil
    }

    private static func isTokenMark(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "~"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): true
        default: false
        }
    }

    /// The whole block; to the end of the text where its last line is missing.
    private static func privateKey(_ text: TextBytes, at start: Int) -> Range<Int>? {
        guard text.has("-----BEGIN ", at: start),
            let name = text.find("PRIVATE KEY", from: start, before: min(text.count, start + 48))
        else { return nil }
        guard let last = text.find("-----END ", from: name, before: text.count),
            let end = text.find("-----", from: last + 9, before: min(text.count, last + 64))
        else { return start..<text.count }
        return start..<end + 5
    }
}
