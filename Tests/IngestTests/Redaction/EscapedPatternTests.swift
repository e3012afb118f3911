import Testing

@testable import Ingest

/// Values inside JSON that stands in a text: encoders hide characters behind escapes, each its own ones.
@Suite("Built-in patterns in escaped JSON")
struct EscapedPatternTests {
    private static let key = "sk-proj-abcdefghij0123456789abcdef"

    @Test(
        "escapes are stepped over",
        arguments: [
            (#"{\u0022api_key\u0022:\u0022\#(key)\u0022}"#, #"{\u0022api_key\u0022:\u0022[api_key]\u0022}"#),
            (#"\u003c\#(key)\u003e"#, #"\u003c[api_key]\u003e"#), (#"api_key\u003d\#(key)"#, #"api_key\u003d[api_key]"#),
            (#"\u0027\#(key)\u0027"#, #"\u0027[api_key]\u0027"#), (#"\\u0022\#(key)\\u0022"#, #"\\u0022[api_key]\\u0022"#),
            (#"\u00224111111111111111\u0022"#, #"\u0022[card]\u0022"#), (#"\\u00224111111111111111"#, #"\\u0022[card]"#),
            (#"\u0022fe80::1:2\u0022"#, #"\u0022[ip]\u0022"#), (#"\u00222001:db8:0:0:0:0:2:1\u0022"#, #"\u0022[ip]\u0022"#),
            (#"\u0022::1\u0022"#, #"\u0022[ip]\u0022"#), (#"\u0022192.168.17.10\u0022"#, #"\u0022[ip]\u0022"#),
            (#"\u0022\u002B491711234567\u0022"#, #"\u0022[phone]\u0022"#), (#"\u002b49 171 1234567"#, "[phone]"),
            (#"\u0022(212) 555-0187\u0022"#, #"\u0022[phone]\u0022"#), (#"\u0022212-555-0187\u0022"#, #"\u0022[phone]\u0022"#),
            (#"\u002200491711234567"#, #"\u0022[phone]"#), (#"030\/12345678"#, "[phone]"), (#"+49\/171 1234567"#, "[phone]"),
            (#"alice\u0040example.com"#, "[email]"), (#"alice@m\u00fcller.de"#, "[email]"), (#"alice@\u4f8b\u3048.jp"#, "[email]"),
            (#"\u0022alice@example.com\u0022"#, #"\u0022[email]\u0022"#),
            (#"\u003Calice\u002Bx@example.com\u003E"#, #"\u003C[email]\u003E"#),
            (#"o\u0027brien@example.com"#, "[email]"), (#"\\u0022alice@m\\u00fcller.de\\u0022"#, #"\\u0022[email]\\u0022"#),
            (#"Bearer\u0020abcdef0123456789abcdef"#, #"Bearer\u0020[api_key]"#),
            (#"Bearer\tabcdef0123456789abcdef"#, #"Bearer\t[api_key]"#), (#"BEARER abcdef0123456789abcdef"#, "BEARER [api_key]"),
            (#"Bearer\\tabcdef0123456789abcdef"#, #"Bearer\\t[api_key]"#),
            (#"bEaReR \u0020abcdef0123456789abcdef"#, #"bEaReR \u0020[api_key]"#),
            (#"Bearer abcdef01\u002Bcde\/fgh\u003D\u003D x"#, "Bearer [api_key] x"),
        ])
    func steppedOver(_ text: String, _ expected: String) { #expect(PatternTests.masked(text) == expected) }

    @Test(
        "an escape alone makes nothing a match",
        arguments: [
            #"\u0022:\u0022"#, #"\u12341234567890"#, #"\u002B"#, #"\u0040example.com"#, #"a\u0040"#, #"Bearer\\\\\\\\\\\\\\\\\\\\\\x"#,
            #"\u"#,
        ])
    func nothing(_ text: String) { #expect(PatternTests.masked(text) == text) }

    @Test("a planted value is masked in the JSON of any encoder", arguments: SensitivePattern.allCases)
    func planted(_ pattern: SensitivePattern) {
        var random = PlantedValues()
        for round in 0..<3000 {
            let value = random.value(of: pattern)
            let encoder = random.pick(JSONTextEncoder.allCases)
            var encoded = value
            var text = "\"to\":\"<\(value)>\" & 'ü' = \"\(value)\"\n"
            // The slashes of PHP's encoder grow three backslashes when it is applied twice: not found then.
            for _ in 0..<(encoder == .php ? 1 : Int.random(in: 1...2, using: &random)) {
                text = encoder.encode(text)
                encoded = String(encoder.encode(encoded).dropFirst().dropLast())
            }
            let result = PatternTests.masked(text, random.chance(2) ? [pattern] : Set(SensitivePattern.allCases))
            if result.contains(encoded) || result.contains(value) {
                Issue.record("SPANDREL_TEST_SEED=\(random.seed), round \(round): \(value) by \(encoder) in \(text) became \(result)")
                return
            }
        }
    }
}

/// How well-known encoders write a text.
private enum JSONTextEncoder: CaseIterable {
    /// What JSON demands; Jackson, JSON.stringify.
    case plain
    /// Python's: all that is not ASCII.
    case ascii
    /// Go's: what HTML could misread.
    case go
    /// Gson's: what HTML could misread, `=` and `'` too.
    case gson
    /// .NET's: in capital digits, `+` and the backtick too, and all that is not ASCII.
    case dotNet
    /// PHP's with JSON_HEX_*: quotes as escapes, slashes behind a backslash, and all that is not ASCII.
    case php

    func encode(_ text: String) -> String {
        var result = "\""
        for unit in text.utf16 {
            let scalar = Unicode.Scalar(unit)
            switch scalar {
            case "\"" where self != .dotNet && self != .php: result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "/" where self == .php: result += "\\/"
            case let scalar? where scalar.isASCII && !escaped.contains(Character(scalar)): result.unicodeScalars.append(scalar)
            case nil, _?:
                if unit >= 0x80, !escapesBeyondASCII {
                    result += String(decoding: [unit], as: UTF16.self)
                } else {
                    let digits = String(unit, radix: 16, uppercase: self == .dotNet)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            }
        }
        return result + "\""
    }

    private var escapesBeyondASCII: Bool { self == .ascii || self == .dotNet || self == .php }

    private var escaped: String {
        switch self {
        case .plain, .ascii: ""
        case .go: "<>&"
        case .gson: "<>&='"
        case .dotNet: "\"<>&'+`"
        case .php: "\"<>&'"
        }
    }
}
