/// One request under the rules of its project: answers the questions of the walk over the request (`TelemetryFilter`) and counts.

import GenAIConventions
import OTLP
import RegularExpressions

struct RedactionPass: TelemetryFilter {
    private let program: RedactionProgram
    private(set) var counts = RedactionCounts()
    private var finders: [RegularExpressionFinder]
    private var matches: [SensitiveMatch] = []
    private var keys = RememberedKeys()
    let maximumValueByteCount: Int
    private let hasKeyRules: Bool
    private let hasPatterns: Bool
    private let masksCards: Bool
    private let stop: RedactionStop?
    /// Steps that regular expressions may still take in this request beyond those that each text has.
    private var spareStepCount = RedactionLimits.requestStepCount

    /// In place of a text on which a regular expression needed too many steps.
    static let exhaustedMask = Array("[redacted]".utf8)

    /// - Parameter stop: once set, texts are no longer looked at, and what comes out is of no use.
    init(_ program: RedactionProgram, stop: RedactionStop? = nil) {
        self.stop = stop
        self.program = program
        finders = program.customs.map { RegularExpressionFinder($0.pattern.expression) }
        let isMetadataOnly = program.rules.mode == .metadataOnly
        maximumValueByteCount = isMetadataOnly ? RedactionLimits.maximumMetadataValueByteCount : .max
        hasKeyRules = isMetadataOnly || !program.rules.keys.isEmpty
        hasPatterns = !program.rules.patterns.isEmpty
        masksCards = program.masks[.card] != nil
    }

    // MARK: Keys

    mutating func action(onPath path: UnsafeRawBufferPointer) -> AttributeAction {
        guard hasKeyRules else { return .keep }
        switch rule(of: path) {
        case .none: return .keep
        case .payload:
            counts.add(.payload)
            return .drop
        case .key(let index):
            let rule = program.rules.keys[index]
            let isDrop = rule.action == .drop
            counts.add(isDrop ? .droppedKey : .hashedKey, rule: "\(rule.action.rawValue) \(rule.glob.text)")
            return isDrop ? .drop : .digest
        }
    }

    private mutating func rule(of path: UnsafeRawBufferPointer) -> RememberedKeys.Rule {
        if let known = keys.rule(of: path) { return known }
        let rule = decide(path)
        keys.remember(rule, of: path)
        return rule
    }

    /// The project's own rules come first: what it wants hashed is hashed, payload or not.
    private func decide(_ path: UnsafeRawBufferPointer) -> RememberedKeys.Rule {
        if let index = program.rules.keys.firstIndex(where: { $0.glob.matches(path) }) { return .key(index) }
        return program.rules.mode == .metadataOnly && PayloadKeys.contains(path) ? .payload : .none
    }

    mutating func replacement(ofKey key: UnsafeRawBufferPointer) -> [UInt8]? {
        guard hasPatterns else { return nil }
        if keys.isKnownClean(key) { return nil }
        if let replacement = replacement(of: key) { return replacement }
        keys.rememberClean(key)
        return nil
    }

    // MARK: Texts

    mutating func replacement(of text: UnsafeRawBufferPointer) -> [UInt8]? {
        guard hasPatterns, !text.isEmpty else { return nil }
        if let stop, stop.isSet { return Self.exhaustedMask }
        var result: [UInt8]?
        for index in finders.indices {
            guard let found = find(index, in: result, or: text) else {
                counts.add(.stepLimit)
                return Self.exhaustedMask
            }
            guard !found.isEmpty else { continue }
            let custom = program.customs[index]
            for _ in found { counts.add(.custom, rule: custom.name) }
            result = Self.replacing(found.lazy.map { ($0, custom.mask) }, in: result, or: text)
        }
        guard let scanner = program.scanner else { return result }
        matches.removeAll(keepingCapacity: true)
        if let result { result.withUnsafeBytes { scanner.find($0, into: &matches) } } else { scanner.find(text, into: &matches) }
        guard !matches.isEmpty else { return result }
        for match in matches { counts.add(match.pattern.kind, rule: match.pattern.rawValue) }
        return Self.replacing(matches.lazy.map { [masks = program.masks] in ($0.range, masks[$0.pattern] ?? []) }, in: result, or: text)
    }

    mutating func replacement(of integer: Int64) -> [UInt8]? {
        guard masksCards, CardScanner.isCard(integer) else { return nil }
        counts.add(.card, rule: SensitivePattern.card.rawValue)
        return program.masks[.card]
    }

    mutating func digest(_ value: UnsafeRawBufferPointer) -> [UInt8] { program.digest(value) }

    mutating func foundLongValue() { counts.add(.longValue) }

    /// A refused span whose bytes could not be read.
    mutating func foundUnreadable() { counts.add(.unreadable) }

    private mutating func find(_ index: Int, in result: [UInt8]?, or text: UnsafeRawBufferPointer) -> [Range<Int>]? {
        let regularStepCount = RedactionLimits.stepCountPerByte * (result?.count ?? text.count)
        let limit = regularStepCount + min(RedactionLimits.baseStepCount, spareStepCount)
        let found: [Range<Int>]?
        if let result {
            found = result.withUnsafeBytes { finders[index].find($0, maximumStepCount: limit) }
        } else {
            found = finders[index].find(text, maximumStepCount: limit)
        }
        spareStepCount -= max(0, finders[index].stepCount - regularStepCount)
        return found
    }

    private static func replacing(
        _ places: some Sequence<(Range<Int>, [UInt8])>, in result: [UInt8]?, or text: UnsafeRawBufferPointer
    ) -> [UInt8] {
        func replacing(_ text: UnsafeRawBufferPointer) -> [UInt8] {
            var output: [UInt8] = []
            output.reserveCapacity(text.count)
            var end = 0
            for (range, mask) in places {
                output.append(contentsOf: text[end..<range.lowerBound])
                output.append(contentsOf: mask)
                end = range.upperBound
            }
            output.append(contentsOf: text[end...])
            return output
        }
        return result?.withUnsafeBytes { replacing($0) } ?? replacing(text)
    }
}
