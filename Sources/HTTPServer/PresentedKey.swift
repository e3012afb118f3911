/// The API key a request presents, wherever exporters and SDKs of different makers put theirs.
///
///     Authorization: Bearer KEY      OpenTelemetry's usual header
///     Authorization: KEY             exporters that can only set a value
///     Authorization: Basic base64(NAME:KEY)   Langfuse's SDKs (public key, secret key); curl -u NAME:KEY or -u KEY:
///     x-api-key: KEY, api-key: KEY   Arize, Traceloop, New Relic style

import HTTPTypes

package enum PresentedKey {
    /// Longer than any key; also bounds what is hashed for a stranger.
    package static let maximumByteCount = 512

    /// Nil when there is none, or none that could be a key.
    package static func find(in headers: HTTPFields) -> String? {
        let candidate = headers[.authorization].flatMap(key(authorization:)) ?? headers[.xAPIKey] ?? headers[.apiKey]
        guard let key = candidate.map(trimmed), !key.isEmpty, key.utf8.count <= maximumByteCount else { return nil }
        return key
    }

    private static func key(authorization value: String) -> String? {
        let words = value.split(separator: " ", omittingEmptySubsequences: true)
        guard let first = words.first else { return nil }
        guard words.count == 2 else { return words.count == 1 ? String(first) : nil }
        switch first.lowercased() {
        case "bearer": return String(words[1])
        case "basic":
            guard let decoded = Base64.decode(words[1].utf8), let text = String(validating: decoded, as: UTF8.self) else { return nil }
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { return text }
            return String(parts[1].isEmpty ? parts[0] : parts[1])
        default: return nil
        }
    }

    private static func trimmed(_ text: String) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}

/// Base64 (RFC 4648, standard alphabet, padding optional), for credentials of a few bytes.
enum Base64 {
    static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var bitCount = 0
        var isPadded = false
        for character in text {
            let value: UInt8
            switch character {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = character - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = character - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = character - UInt8(ascii: "0") + 52
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            case UInt8(ascii: "="):
                isPadded = true
                continue
            default: return nil
            }
            guard !isPadded else { return nil }
            bits = bits << 6 | UInt32(value)
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
            }
        }
        return bytes
    }
}

extension HTTPField.Name {
    // Both names are valid tokens, so neither is nil.
    static let xAPIKey = HTTPField.Name("x-api-key")!
    static let apiKey = HTTPField.Name("api-key")!
}
