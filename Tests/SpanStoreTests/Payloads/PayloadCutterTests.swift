import SeededRandom
import Testing

@testable import SpanStore

@Suite("Payload cutter")
struct PayloadCutterTests {
    @Test("the parts of any text, one behind the other, are the text, and none is empty")
    func concatenation() {
        var texts = TextsToCut()
        for _ in 0..<150 {
            let text = texts.next()
            let parts = Self.parts(text)
            #expect(Array(parts.joined()) == text)
            #expect(parts.allSatisfy { !$0.isEmpty })
        }
    }

    @Test("the cut of a prefix is a prefix of the cut")
    func prefixes() {
        var texts = TextsToCut()
        for _ in 0..<60 {
            let text = texts.next()
            let whole = Self.parts(text)
            for _ in 0..<8 where !text.isEmpty {
                let length = Int.random(in: 1...text.count, using: &texts.random)
                // A prefix that begins like JSON does is cut like it, so the form of the whole is that of the prefix.
                let parts = Self.parts(Array(text[..<length]))
                #expect(parts.dropLast().elementsEqual(whole.prefix(parts.count - 1)))
            }
        }
    }

    @Test("parts begin and end where the rules, followed byte by byte, say so")
    func rules() {
        var texts = TextsToCut()
        for _ in 0..<150 {
            let text = texts.next()
            #expect(Self.parts(text).map(\.count) == SlowCutter(text).partByteCounts)
        }
    }

    @Test("parts of UTF-8 text are UTF-8")
    func validity() {
        var texts = TextsToCut()
        for _ in 0..<200 {
            for part in Self.parts(Array(texts.text().utf8)) { #expect(String(validating: part, as: UTF8.self) != nil) }
        }
    }

    @Test("a conversation that grew has the parts of the shorter one up to its closing bracket")
    func growth() {
        let messages = (0..<6).map { #"{"role": "user", "content": "\#(String(repeating: "word \($0), ", count: 100))"}"# }
        let shorter = Self.parts(Array("[\(messages[..<5].joined(separator: ", "))]".utf8))
        let longer = Self.parts(Array("[\(messages.joined(separator: ", "))]".utf8))
        #expect(shorter.count == 6 && longer.count == 7)
        #expect(shorter.dropLast().elementsEqual(longer.prefix(5)))
        #expect(shorter.last == longer.last && longer.last == Array("]".utf8))
    }

    @Test("cutting goes on from the state behind any part as if it had cut all before")
    func resumption() {
        var texts = TextsToCut()
        for _ in 0..<100 {
            let text = texts.next()
            text.withUnsafeBytes { bytes in
                var cutter = PayloadCutter(bytes)
                var ends: [(Int, PayloadCutter.State)] = []
                while cutter.next() != nil { ends.append((cutter.position, cutter.state)) }
                for (index, (end, state)) in ends.enumerated() {
                    var resumed = PayloadCutter(bytes, from: end, state: state)
                    var rest: [Int] = []
                    while resumed.next() != nil { rest.append(resumed.position) }
                    #expect(rest == ends[(index + 1)...].map(\.0))
                }
            }
        }
    }

    @Test("a log in JSON lines is cut at line ends, not at every bracket")
    func jsonLines() {
        let lines = (0..<200).map { #"{"level":"info","number":\#($0),"text":"something happened"}"# }.joined(separator: "\n")
        let parts = Self.parts(Array(lines.utf8))
        #expect(parts.dropFirst(2).allSatisfy { $0.first == 0x0a } && parts.dropFirst(2).dropLast().allSatisfy { $0.count >= 1024 })
    }

    private static func parts(_ text: [UInt8]) -> [[UInt8]] {
        text.withUnsafeBytes { bytes in
            var cutter = PayloadCutter(bytes)
            var parts: [[UInt8]] = []
            while let range = cutter.next() { parts.append(Array(bytes[range])) }
            return parts
        }
    }
}

/// The rules once more, slowly.
private struct SlowCutter {
    var partByteCounts: [Int] = []

    init(_ text: [UInt8]) {
        var start = 0, depth = 0, isInString = false, isEscaped = false
        var isPlain = text.first != UInt8(ascii: "[") && text.first != UInt8(ascii: "{")
        func cut(_ index: Int, _ counts: inout [Int]) {
            counts.append(index - start)
            start = index
        }
        for (index, byte) in text.enumerated() {
            if isPlain {
                if byte == 0x0a, index - start >= 1024 { cut(index, &partByteCounts) }
                continue
            }
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: ","): if depth <= 2, index - start >= 512 { cut(index, &partByteCounts) }
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                if depth > 1 {
                    depth -= 1
                } else {
                    if index - start >= 16 { cut(index, &partByteCounts) }
                    isPlain = true
                }
            default: break
            }
        }
        if start < text.count { partByteCounts.append(text.count - start) }
    }
}

/// Texts of every kind that attributes have: JSON, broken, cut short, plain, and bytes without sense.
struct TextsToCut {
    var random = SeededGenerator(seed: TestSeed.value)

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    mutating func next() -> [UInt8] {
        switch number(0...9) {
        case 0: return []
        case 1: return Array(text().utf8)
        case 2: return random.bytes(number(0...4000))
        case 3:
            // Nothing but what means something.
            let alphabet = Array("[]{}\",\\\n: ax".utf8)
            return (0..<number(1...5000)).map { _ in random.pick(alphabet) }
        case 4:
            let json = Array(self.json(depth: 0).utf8)
            return Array(json[..<number(0...json.count)])
        case 5:
            var json = Array(self.json(depth: 0).utf8)
            for _ in 0..<5 { json[number(0...json.count - 1)] = UInt8(number(0x20...0x7e)) }
            return json
        default: return Array(json(depth: 0).utf8)
        }
    }

    mutating func text() -> String {
        let words = ["word", "größer", "日本語", "😀", "line\nline", "a,b", "\"said\"", "{}", "[1]", "back\\slash", " "]
        return (0..<number(1...900)).map { _ in random.pick(words) }.joined(separator: random.chance(50) ? " " : "\n")
    }

    mutating func json(depth: Int) -> String {
        let kind = depth == 0 ? number(4...5) : number(0...(depth < 5 ? 5 : 3))
        switch kind {
        case 0: return "\(number(-1000...1000))"
        case 1: return "null"
        case 2, 3:
            let text = String(self.text().prefix(number(0...(random.oneIn(4) ? 3000 : 60))))
            return "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n") + "\""
        case 4: return "[" + (0..<number(0...8)).map { _ in json(depth: depth + 1) }.joined(separator: random.chance(50) ? ", " : ",") + "]"
        default: return "{" + (0..<number(0...8)).map { "\"key\($0)\": " + json(depth: depth + 1) }.joined(separator: ", ") + "}"
        }
    }
}
