/// Credentials by their shape: the prefixes that providers give their keys, JSON web tokens, `Bearer` and a token, private keys in PEM.
///
/// A shape that may fail only at the end of a long run of bytes (`eyJ_eyJ_...`) remembers where that run ends (`FailedRuns`): each run
/// is read once, not once for each word in it.
///
/// Found where a word begins. Not found: keys without a shape of their own (passwords, plain hex), `Basic` credentials. Taken for
/// keys: identifiers that begin like one and go on long enough.

struct APIKeyScanner: Sendable {
    /// What was found out about one text: up to where nothing that begins before can be a token.
    struct FailedRuns {
        /// Within it no dot joins two parts.
        fileprivate var webTokenEnd = 0
        /// Within it no token behind `Bearer` has a digit.
        fileprivate var bearerEnd = 0
    }

    private struct Shape: Sendable {
        let prefix: [UInt8]
        /// Bytes that must follow the prefix.
        let minimumTailByteCount: Int
        /// Whether dots join parts of it.
        let hasDots: Bool
        /// Whether it is none without: `eyJ` begins any encoded JSON, a token has parts.
        let needsDot: Bool

        init(_ prefix: String, _ minimumTailByteCount: Int, hasDots: Bool = false, needsDot: Bool = false) {
            self.prefix = Array(prefix.utf8)
            self.minimumTailByteCount = minimumTailByteCount
            self.hasDots = hasDots || needsDot
            self.needsDot = needsDot
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
        Shape("SG.", 20, hasDots: true), Shape("eyJ", 20, needsDot: true),
    ]

    /// Shapes by their first byte.
    private let shapesByFirstByte: [[Shape]]

    init() {
        var table = [[Shape]](repeating: [], count: 256)
        for shape in Self.shapes { table[Int(shape.prefix[0])].append(shape) }
        shapesByFirstByte = table
    }

    /// The two bytes with which a match may begin: most words are told apart by them.
    static var beginnings: [(UInt8, UInt8)] {
        (shapes.map(\.prefix) + ["--", "Be", "be", "BE", "bE"].map { Array($0.utf8) }).map { ($0[0], $0[1]) }
    }

    /// A match that begins at `start`, or for `Bearer` at the token behind it.
    func match(_ text: TextBytes, at start: Int, _ failed: inout FailedRuns) -> Range<Int>? {
        let first = text[start]
        if first == UInt8(ascii: "-") { return Self.privateKey(text, at: start) }
        guard text.beginsWord(start) else { return nil }
        if first | 0x20 == UInt8(ascii: "b") { return Self.bearer(text, at: start, &failed) }
        for shape in shapesByFirstByte[Int(first)] {
            if let end = Self.end(of: shape, text, at: start, &failed) { return start..<end }
        }
        return nil
    }

    private static func end(of shape: Shape, _ text: TextBytes, at start: Int, _ failed: inout FailedRuns) -> Int? {
        guard start + shape.prefix.count + shape.minimumTailByteCount <= text.count else { return nil }
        for index in shape.prefix.indices where text[start + index] != shape.prefix[index] { return nil }
        let tail = start + shape.prefix.count
        if shape.needsDot, tail <= failed.webTokenEnd { return nil }
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
        guard shape.needsDot, dotCount == 0 else { return end }
        failed.webTokenEnd = end
        return nil
    }

    /// `Bearer` in either case, white space, and a token of at least 16 bytes with a digit.
    private static func bearer(_ text: TextBytes, at start: Int, _ failed: inout FailedRuns) -> Range<Int>? {
        for (index, letter) in "earer".utf8.enumerated() where text.at(start + 1 + index) | 0x20 != letter { return nil }
        var token = start + 6
        while let length = spaceByteCount(text, at: token) { token += length }
        guard token > start + 6, token >= failed.bearerEnd else { return nil }
        var end = token
        var hasDigit = false
        while let length = tokenByteCount(text, at: end) {
            if text.isDigit(end) { hasDigit = true }
            end += length
        }
        if end - token >= 16, hasDigit { return token..<end }
        failed.bearerEnd = end
        return nil
    }

    /// White space as it is, in a URL, or as an escape of JSON, itself in JSON or not.
    private static func spaceByteCount(_ text: TextBytes, at position: Int) -> Int? {
        switch text.at(position) {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "+"): 1
        case UInt8(ascii: "%"): text.has("%20", at: position) || text.has("%09", at: position) ? 3 : nil
        case UInt8(ascii: "\\"):
            escapedSpaceByteCount(text, at: position) ?? escapedSpaceByteCount(text, at: position + 1).map { $0 + 1 }
        default: nil
        }
    }

    private static func escapedSpaceByteCount(_ text: TextBytes, at position: Int) -> Int? {
        if text.has("\\t", at: position) || text.has("\\n", at: position) || text.has("\\r", at: position) { return 2 }
        guard let unit = text.escapedUnit(at: position), [0x09, 0x0a, 0x0d, 0x20, 0x2b].contains(unit) else { return nil }
        return TextBytes.unicodeEscapeByteCount
    }

    /// A byte of a token, or one that is escaped: `\/`, `\u002B`.
    private static func tokenByteCount(_ text: TextBytes, at position: Int) -> Int? {
        let byte = text.at(position)
        if TextBytes.isKeyByte(byte) || isTokenMark(byte) { return 1 }
        if text.has("\\/", at: position) { return 2 }
        guard let unit = text.escapedUnit(at: position), let escaped = UInt8(exactly: unit), isTokenMark(escaped) else { return nil }
        return TextBytes.unicodeEscapeByteCount
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
