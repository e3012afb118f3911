/// The rules of one project, compiled: built when they change, then read by every request of the project.

import Crypto
import Synchronization

package final class RedactionProgram: Sendable {
    package let rules: RedactionRules
    let scanner: PatternScanner?
    /// By built-in pattern.
    let masks: [SensitivePattern: [UInt8]]
    let customs: [Custom]
    private let key: SymmetricKey
    private let counts = Mutex([String: Int]())

    struct Custom: Sendable {
        let name: String
        let pattern: CustomPattern
        let mask: [UInt8]
    }

    /// - Parameter salt: the project's own secret, the same for as long as digests are to be joined. At least 16 bytes.
    package init(_ rules: RedactionRules, salt: [UInt8]) {
        self.rules = rules
        var masks: [SensitivePattern: [UInt8]] = [:]
        var customs: [Custom] = []
        for rule in rules.patterns {
            switch rule.form {
            case .builtIn(let pattern): masks[pattern] = Array(rule.mask.utf8)
            case .custom(let name, let pattern): customs.append(Custom(name: name, pattern: pattern, mask: Array(rule.mask.utf8)))
            }
        }
        self.masks = masks
        self.customs = customs
        scanner = masks.isEmpty ? nil : PatternScanner(Set(masks.keys))
        key = SymmetricKey(data: salt)
    }

    /// For trying rules: the digests are those of no project, and of no other call. With a project's own salt whoever may try rules
    /// could hash guesses and compare them with what is stored.
    package convenience init(trying rules: RedactionRules) {
        var random = SystemRandomNumberGenerator()
        self.init(rules, salt: (0..<32).map { _ in .random(in: 0 ... .max, using: &random) })
    }

    /// Whether a body of this size is redacted on threads of its own.
    func isLong(_ byteCount: Int) -> Bool { byteCount > RedactionLimits.maximumByteCountInPlace || !customs.isEmpty }

    func hasSalt(_ salt: [UInt8]) -> Bool { key == SymmetricKey(data: salt) }

    /// How often each rule has applied since it was compiled, by the rule's name; keys' rules by `glob action`.
    package var countsByRule: [String: Int] { counts.withLock { $0 } }

    func add(_ counts: RedactionCounts) {
        guard !counts.isEmpty else { return }
        self.counts.withLock { $0.merge(counts.byRule, uniquingKeysWith: +) }
    }

    static let digestMark = "hash:"

    /// `hash:` and the beginning of the HMAC-SHA-256 of a value under the project's salt. What is such a digest already stays one:
    /// spans that come out of the quarantine again keep theirs.
    func digest(_ value: UnsafeRawBufferPointer) -> [UInt8] {
        if Self.isDigest(value) { return Array(value) }
        return Array(Self.digestMark.utf8) + Self.hex(HMAC<SHA256>.authenticationCode(for: value, using: key))
    }

    /// Tells bodies apart without telling what is in them: 16 bytes of a keyed hash.
    func identity(of body: UnsafeRawBufferPointer) -> [UInt8] {
        var code = HMAC<SHA256>(key: key)
        code.update(data: Array("spandrel request".utf8))
        code.update(data: body)
        return Array(code.finalize().prefix(16))
    }

    private static func isDigest(_ value: UnsafeRawBufferPointer) -> Bool {
        let mark = Array(digestMark.utf8)
        guard value.count == mark.count + RedactionLimits.digestDigitCount, value.starts(with: mark) else { return false }
        return value.dropFirst(mark.count).allSatisfy { TextBytes.isDigit($0) || ($0 >= 97 && $0 <= 102) }
    }

    private static func hex(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return Array(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }.prefix(RedactionLimits.digestDigitCount))
    }
}

/// How often rules applied.
package struct RedactionCounts: Equatable, Sendable {
    package private(set) var byKind: [RedactionKind: Int] = [:]
    package private(set) var byRule: [String: Int] = [:]

    package init() {}

    package var isEmpty: Bool { byKind.isEmpty }

    mutating func add(_ kind: RedactionKind, rule: String) {
        byKind[kind, default: 0] += 1
        byRule[rule, default: 0] += 1
    }

    mutating func add(_ kind: RedactionKind) { add(kind, rule: kind.rawValue) }
}
