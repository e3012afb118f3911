import SeededRandom
import Testing

@testable import TraceQuery

@Suite("Searching bytes in bytes")
struct ByteSearchTests {
    private static func naive(_ text: [UInt8], _ needle: [UInt8], ignoringCase: Bool) -> Bool {
        guard text.count >= needle.count else { return false }
        return (0...(text.count - needle.count)).contains { position in
            needle.indices.allSatisfy {
                (ignoringCase ? ByteSearch.lower(text[position + $0]) : text[position + $0]) == needle[$0]
            }
        }
    }

    private static func found(_ text: [UInt8], _ needle: [UInt8], ignoringCase: Bool) -> Bool {
        text.withUnsafeBytes { text in
            needle.withUnsafeBytes { ignoringCase ? ByteSearch.containsIgnoringCase(text, $0) : ByteSearch.contains(text, $0) }
        }
    }

    @Test("random texts have what a plain search finds in them, in either case or in the one written")
    func random() {
        let seed = TestSeed.next()
        var g = SeededGenerator(seed: seed)
        // Letters of both cases, and bytes that differ from a letter in its case bit or the highest one alone.
        let alphabet = Array("aAbB@`[{zZ1Q".utf8) + [0, 0x11, 0xC1, 0xE1, 0xFF]
        for round in 0..<20_000 {
            let text = (0..<Int.random(in: 0...40, using: &g)).map { _ in alphabet.randomElement(using: &g) ?? 0 }
            for ignoringCase in [false, true] {
                var needle = (0..<Int.random(in: 0...4, using: &g)).map { _ in alphabet.randomElement(using: &g) ?? 0 }
                if text.count > 9, Bool.random(using: &g) {
                    let start = Int.random(in: 0...(text.count - 9), using: &g)
                    needle = Array(text[start..<start + 9])
                }
                if ignoringCase { needle = needle.map { ByteSearch.lower($0) } }
                #expect(
                    Self.found(text, needle, ignoringCase: ignoringCase) == Self.naive(text, needle, ignoringCase: ignoringCase),
                    "seed \(seed), round \(round): \(needle) in \(text)")
            }
        }
    }
}
