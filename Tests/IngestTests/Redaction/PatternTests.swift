import Testing

@testable import Ingest

@Suite("Built-in patterns")
struct PatternTests {
    static func masked(_ text: String, _ patterns: Set<SensitivePattern> = Set(SensitivePattern.allCases)) -> String {
        var matches: [SensitiveMatch] = []
        let bytes = Array(text.utf8)
        bytes.withUnsafeBytes { PatternScanner(patterns).find($0, into: &matches) }
        var result: [UInt8] = []
        var end = 0
        for match in matches {
            result += bytes[end..<match.range.lowerBound] + Array("[\(match.pattern.rawValue)]".utf8)
            end = match.range.upperBound
        }
        return String(decoding: result + bytes[end...], as: UTF8.self)
    }

    @Test(
        "what is found, and how much of the text",
        arguments: [
            ("mail ada@example.com now", "mail [email] now"), ("ada@example.com.", "[email]."), ("<ada@example.com>", "<[email]>"),
            ("'ada@example.com'", "'[email]'"), ("a@b.co", "[email]"), ("mailto:ada%40example.com?x=1", "mailto:[email]?x=1"),
            ("?email=ada@example.com&x", "?email=[email]&x"), ("\\nada@example.com\\n", "\\n[email]\\n"),
            ("J\\u00fcrgen@example.de", "[email]"), ("jürgen@exämple.de", "[email]"), ("a@example.com.1", "[email].1"),
            ("4111 1111 1111 1111 12/27", "[card] 12/27"), ("4111-1111-1111-1111", "[card]"), ("card 4111111111111111.", "card [card]."),
            ("12 4111 1111 1111 1111", "12 [card]"), ("+49 171 1234567", "[phone]"), ("(212) 555-0187", "[phone]"),
            ("212.555.0187", "[phone]"), ("tel: 030 12345678,", "tel: [phone],"), ("%2B491711234567", "[phone]"),
            ("00491711234567", "[phone]"), ("10.0.0.1:80", "[ip]:80"), ("at 192.168.1.10.", "at [ip]."), ("fe80::1%eth0", "[ip]%eth0"),
            ("[2001:db8::1]:443", "[[ip]]:443"), ("::ffff:10.0.0.1", "[ip]"), ("::1", "[ip]"), ("1:2:3:4:5:6:7:8", "[ip]"),
            ("key sk-proj-abcdefghijklmnopqrstuv1234 end", "key [api_key] end"), ("\\nsk-ant-" + "api03-abcdefghijklmnop", "\\n[api_key]"),
            ("Authorization: Bearer abcdef0123456789abcdef", "Authorization: Bearer [api_key]"),
            ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nx", "[api_key]\nx"),
            ("-----BEGIN PRIVATE KEY-----\nMIIE", "[api_key]"),
            ("AUTHORIZATION: BEARER abcdef0123456789abcdef", "AUTHORIZATION: BEARER [api_key]"),
            ("Bearer\tabcdef0123456789abcdef", "Bearer\t[api_key]"),
        ])
    func found(_ text: String, _ expected: String) { #expect(Self.masked(text) == expected) }

    @Test(
        "what is left alone",
        arguments: [
            "root@localhost", "@decorator", "a @ b", "user@1.2", "4111 1111 1111 1112", "1700000000000000000", "0.123456789", "12:34:56",
            "2026-11-21T10:30:00Z", "01.02.2024 10:30", "1.2.3", "1.2.3.4.5", "256.1.1.1", "std::string", "::", "aa:bb:cc:dd:ee:ff",
            "task-abcdefghijklmnopqrstuvwxyz", "sk-short", "eyJhbGciOiJIUzI1NiJ9abcdefgh", "bearer of bad tidings and more", "-----BEGIN",
            "gpt-5.5-2026-01-01", "tokens: 1234567890", "550e8400-e29b-41d4-a716-446655440000",
        ])
    func notFound(_ text: String) { #expect(Self.masked(text) == text) }

    @Test(
        "what is taken for what it is not: known, and masked",
        arguments: [
            ("git@github.com:org/repo", SensitivePattern.email), ("version 1.2.3.4", .ip), ("a+12345678", .phone), ("Cafe::Bad", .ip),
            ("a::", .ip),
            ("0012345678901", .phone),
        ])
    func falsePositives(_ text: String, _ pattern: SensitivePattern) {
        #expect(Self.masked(text, [pattern]).contains("[\(pattern.rawValue)]"))
    }

    @Test("a planted value is never left standing, whatever stands around it", arguments: SensitivePattern.allCases)
    func planted(_ pattern: SensitivePattern) {
        var random = PlantedValues()
        for round in 0..<4000 {
            let value = random.value(of: pattern)
            var text = ""
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let (before, after) = random.surroundings()
                text += "words " + before + value + after + " "
            }
            let patterns: Set = random.chance(2) ? [pattern] : Set(SensitivePattern.allCases)
            let result = Self.masked(text, patterns)
            if result.contains(value) {
                Issue.record("SPANDREL_TEST_SEED=\(random.seed), round \(round): \(value) in \(text) became \(result)")
                return
            }
        }
    }

    @Test("random bytes are no danger, and what is masked stays masked")
    func randomBytes() {
        var random = PlantedValues()
        let alphabet: [UInt8] = Array("@.:+()-%40aZ0129 \\nu/eyJsk_BEGIN\u{e9}".utf8) + [0xff, 0x80, 0]
        let scanner = PatternScanner(Set(SensitivePattern.allCases))
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in alphabet[Int.random(in: alphabet.indices, using: &random)] }
            var matches: [SensitiveMatch] = []
            bytes.withUnsafeBytes { scanner.find($0, into: &matches) }
            var end = 0
            for match in matches {
                #expect(match.range.lowerBound >= end && !match.range.isEmpty && match.range.upperBound <= bytes.count)
                end = match.range.upperBound
            }
        }
    }
}
