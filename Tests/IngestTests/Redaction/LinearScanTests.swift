import Testing

@testable import Ingest

/// Whoever may send a span may send any text: none may cost more than a constant for each byte. Counted in bytes looked at, not in
/// seconds.
@Suite("Built-in patterns cost linear work")
struct LinearScanTests {
    /// An e-mail address is looked for 320 bytes back, from each of its signs.
    private static let maximumReadsPerByte = 500

    /// Beginnings, middles and ends of what the patterns look for.
    private static let pieces = [
        "eyJ_", "eyJ.", "eyJ", "-eyJ", "Bearer+", "bearer%20", "Bearer ", "BEARER\\t", "Bearer\\u0020", "Bearer\\", "\\", "sk-", "@", "a@",
        "a@a.", "%40", "\\u0040", "%", "+1", "+", "\\u002B", "(1", "(12)", "00", "00 ", "01 ", "1-", "::", "a:", "a::", "1:", "ffff:",
        "-----BEGIN ", "-----BEGIN PRIVATE KEY", "-----END ", "-----", "0 0", "1.1.", "1.", "SG._", "ya29._", "\\u0041", "\\u00fc", "\\/",
        "'@", "4 ", "41", "4-", "0123456789", ".", "a@b.", "a@1.", "1@", "é@", "sk_live_", "AKIA", "AIza_", "ghp_", "2 212-", "hf_a", "_",
        "-", " ", "a", "1", "/", "\"",
    ]

    private static func readCount(_ bytes: [UInt8], _ scanner: PatternScanner) -> Int {
        var matches: [SensitiveMatch] = []
        var count = 0
        bytes.withUnsafeBytes { scanner.find($0, into: &matches, countingIn: &count) }
        return count
    }

    private static func repeated(_ unit: String, _ byteCount: Int) -> [UInt8] {
        Array(String(repeating: unit, count: byteCount / unit.utf8.count + 1).utf8.prefix(byteCount))
    }

    /// What is wrong with the work on texts of this unit; nil when it is linear.
    private static func fault(_ unit: String, _ scanner: PatternScanner, byteCount: Int) -> String? {
        let once = readCount(repeated(unit, byteCount), scanner)
        let twice = readCount(repeated(unit, 2 * byteCount), scanner)
        guard twice > 2 * once + once / 8 + 4096 || once > maximumReadsPerByte * byteCount else { return nil }
        return "\(unit.debugDescription): \(once) bytes looked at in a text of \(byteCount), \(twice) in one of twice the length"
    }

    @Test("of each piece of a pattern, repeated", arguments: SensitivePattern.allCases)
    func pieces(_ pattern: SensitivePattern) {
        // All of them together once.
        let all = pattern == SensitivePattern.allCases.first ? [Set(SensitivePattern.allCases)] : []
        for piece in Self.pieces {
            for patterns in [[pattern]] + all {
                if let fault = Self.fault(piece, PatternScanner(patterns), byteCount: 16 << 10) { Issue.record("\(fault)") }
            }
        }
    }

    @Test("of random pieces together, repeated")
    func mixtures() {
        var random = PlantedValues()
        let scanner = PatternScanner(Set(SensitivePattern.allCases))
        for _ in 0..<250 {
            let unit = (0..<Int.random(in: 2...6, using: &random)).map { _ in random.pick(Self.pieces) }.joined()
            if let fault = Self.fault(unit, scanner, byteCount: 8 << 10) { Issue.record("SPANDREL_TEST_SEED=\(random.seed): \(fault)") }
        }
    }

    @Test("of random bytes, repeated")
    func randomUnits() {
        var random = PlantedValues()
        let scanner = PatternScanner(Set(SensitivePattern.allCases))
        for _ in 0..<300 {
            let unit = random.text(of: "eyJ_.-@%40\\u002Bearr +:1f(sk'/é", 1...12)
            if let fault = Self.fault(unit, scanner, byteCount: 8 << 10) { Issue.record("SPANDREL_TEST_SEED=\(random.seed): \(fault)") }
        }
    }

    @Test("a key behind a long run that is none is found all the same")
    func foundBehindFailedRuns() {
        let token = "eyJhbGciOiJIUzI1NiJ9abc.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
        let run = String(repeating: "eyJ_", count: 50)
        #expect(PatternTests.masked("\(run) \(token)") == "\(run) [api_key]")
        #expect(PatternTests.masked("x\(run).\(token)") == "x\(run.prefix(4))[api_key]")
        let names = String(repeating: "Bearer+", count: 9)
        #expect(PatternTests.masked("\(names)x Bearer abcdef0123456789") == "\(names)x Bearer [api_key]")
        #expect(PatternTests.masked("\(names)Bearer abcdef0123456789") == "\(names)Bearer [api_key]")
    }
}
