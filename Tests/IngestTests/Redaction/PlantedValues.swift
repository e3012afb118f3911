import SeededRandom

@testable import Ingest

/// Values of each built-in pattern, and texts to hide them in.
struct PlantedValues: RandomNumberGenerator {
    let seed: UInt64
    private var generator: SeededGenerator

    init(seed: UInt64 = TestSeed.next()) {
        self.seed = seed
        generator = SeededGenerator(seed: seed)
    }

    mutating func next() -> UInt64 { generator.next() }

    mutating func pick<T>(_ values: [T]) -> T { values[Int.random(in: values.indices, using: &self)] }
    mutating func chance(_ oneIn: Int) -> Bool { Int.random(in: 0..<oneIn, using: &self) == 0 }

    mutating func text(of alphabet: String, _ count: ClosedRange<Int>) -> String {
        let letters = Array(alphabet)
        return String((0..<Int.random(in: count, using: &self)).map { _ in letters[Int.random(in: letters.indices, using: &self)] })
    }

    mutating func digits(_ count: Int) -> String { text(of: "0123456789", count...count) }

    static let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    static let alphanumerics = letters + "0123456789"

    mutating func value(of pattern: SensitivePattern) -> String {
        switch pattern {
        case .email: email()
        case .card: card()
        case .phone: phone()
        case .ip: chance(2) ? version4() : version6()
        case .apiKey: apiKey()
        }
    }

    private mutating func email() -> String {
        let first = text(of: Self.alphanumerics + "éß漢", 1...1)
        let rest = text(of: Self.alphanumerics + "._%+-éß漢", 0...30)
        let last = text(of: Self.alphanumerics, 1...1)
        let labels = (0..<Int.random(in: 1...3, using: &self)).map { _ in
            text(of: Self.alphanumerics, 1...1) + text(of: Self.alphanumerics + "-ü", 0...10) + text(of: Self.alphanumerics, 1...1)
        }
        return "\(first)\(rest)\(last)@\(labels.joined(separator: ".")).\(text(of: Self.letters, 2...10))"
    }

    private mutating func card() -> String {
        var digits = [Int.random(in: 2...6, using: &self)]
        let count = pick([13, 14, 15, 16, 16, 16, 17, 18, 19])
        while digits.count < count - 1 { digits.append(Int.random(in: 0...9, using: &self)) }
        let sum = digits.reversed().enumerated().reduce(0) { sum, digit in
            let value = digit.offset.isMultiple(of: 2) ? digit.element * 2 : digit.element
            return sum + (value > 9 ? value - 9 : value)
        }
        digits.append((10 - sum % 10) % 10)
        let separator = pick(["", " ", "-"])
        let groups = stride(from: 0, to: count, by: 4).map { digits[$0..<min($0 + 4, count)].map(String.init).joined() }
        return groups.joined(separator: separator)
    }

    private mutating func phone() -> String {
        switch Int.random(in: 0...5, using: &self) {
        case 0: return "+\(Int.random(in: 1...9, using: &self))\(digits(Int.random(in: 6...14, using: &self)))"
        case 1: return "+49 (0) 171 \(digits(3))-\(digits(4))"
        case 2: return "(\(Int.random(in: 200...999, using: &self))) \(digits(3))-\(digits(4))"
        case 3:
            let separator = pick(["-", ".", " "])
            return [String(Int.random(in: 200...999, using: &self)), digits(3), digits(4)].joined(separator: separator)
        case 4: return "01 " + (0..<4).map { _ in digits(2) }.joined(separator: " ")
        default: return "0\(Int.random(in: 100...999, using: &self))\(pick(["/", " ", "-"]))\(digits(7))"
        }
    }

    private mutating func version4() -> String { (0..<4).map { _ in String(Int.random(in: 0...255, using: &self)) }.joined(separator: ".") }

    private mutating func version6() -> String {
        let groups = (0..<8).map { _ in text(of: "0123456789abcdefABCDEF", 1...4) }
        switch Int.random(in: 0...3, using: &self) {
        case 0: return groups.joined(separator: ":")
        case 1:
            let left = Int.random(in: 1...3, using: &self), right = Int.random(in: 1...3, using: &self)
            return groups[..<left].joined(separator: ":") + "::" + groups[..<right].joined(separator: ":")
        case 2: return "::" + groups[..<Int.random(in: 1...7, using: &self)].joined(separator: ":")
        default: return "::ffff:" + version4()
        }
    }

    private mutating func apiKey() -> String {
        let tail = text(of: Self.alphanumerics, 40...60)
        switch Int.random(in: 0...3, using: &self) {
        case 0:
            return "eyJ\(text(of: Self.alphanumerics + "-_", 20...30)).eyJ\(tail).\(text(of: Self.alphanumerics + "-_", 20...43))"
        case 1: return "AKIA" + text(of: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16...16)
        default:
            let prefixes = [
                "sk-", "sk-proj-", "sk-ant-api03-", "pk-lf-", "gsk_", "hf_", "AIza", "ghp_", "github_pat_", "glpat-", "xoxb-", "npm_",
                "spdrl_", "sk_live_", "SG.", "xai-", "r8_", "whsec_",
            ]
            return pick(prefixes) + tail
        }
    }

    /// What stands around a value: words, quotes, JSON in a string, a URL, nothing.
    mutating func surroundings() -> (before: String, after: String) {
        pick([
            ("", ""), ("contact: ", " please"), ("\"", "\""), ("{\\\"to\\\":\\\"", "\\\"}"), ("line one\\n", "\\nline three"), ("<", ">"),
            ("https://example/?q=", "&lang=en"), ("(", ")"), ("Größe: ", ", weiter"), ("'", "'"), ("a\tb ", "\n"), ("[", "]"), ("x=", ";"),
            ("%20", "%20"), ("- ", "!"),
        ])
    }
}
