import TraceModel

/// The mapping of attributes to LLM fields: rules as data with a version, and what makes applying them cheap.
///
/// A new version applies to new spans. Raw attributes are never touched, so an older span can be mapped again.
package struct AttributeMapping: Sendable {
    /// Stored with every sealed segment; grows with every change of the rules.
    package let version: UInt16
    package let rules: [MappingRule]
    package let usageRules: [Dialect: UsageRule]

    let compiledRules: [CompiledRule]
    /// What the pass asks of a rule before it reads a value; the same indexes.
    let places: [RulePlace]
    /// Paths to members, by `CompiledRule.path`; the first is none.
    let paths: [[[UInt8]]]
    let errorEventRules: [ErrorEventRule]
    /// The rank of the rule that names tools by their spans.
    let spanNameRank: UInt8?
    /// The shipped rules by `field` and rank, for explaining.
    let rulesByField: [LLMField: [MappingRule]]
    /// The attributes that name a provider's answer, best first.
    package let responseIDKeys: [String]
    private let exactKeys: NameTable
    private let indexedKeys: [IndexedKey]

    package static let current = AttributeMapping(
        version: MappingRules.version, rules: MappingRules.all, usageRules: MappingRules.usageRules)

    /// Rules of one field stand in the order of their precedence; a dialect without usage rule includes everything.
    package init(version: UInt16, rules: [MappingRule], usageRules: [Dialect: UsageRule]) {
        self.version = version
        self.rules = rules
        self.usageRules = usageRules

        var compiled = [CompiledRule.none]
        var rankOfField: [LLMField: UInt8] = [:]
        var partsOfField: [LLMField: UInt16] = [:]
        var errorEvents: [ErrorEventRule] = []
        var chains: [(key: MappingRule.KeyPattern, head: UInt16)] = []
        var placeOfKey: [MappingRule.KeyPattern: Int] = [:]
        var paths: [[[UInt8]]] = [[]]
        var spanNameRank: UInt8?
        for rule in rules {
            let rank = rankOfField[rule.field, default: 0]
            rankOfField[rule.field] = rank + 1
            if case .errorEvent(let name, let key) = rule.key {
                errorEvents.append(ErrorEventRule(name: Array(name.utf8), key: Array(key.utf8), field: rule.field, rank: rank))
                continue
            }
            if case .spanName = rule.key {
                spanNameRank = rank
                continue
            }
            var part: UInt16 = 0
            if rule.reading.isPart {
                part = 1 << (partsOfField[rule.field, default: 0] & 15)
                partsOfField[rule.field, default: 0] += 1
            }
            var entry = CompiledRule(field: rule.field, rank: rank, reading: rule.reading, part: part, next: 0)
            entry.dialect = rule.dialect
            entry.unquotes = rule.dialect.quotesTexts && rule.reading != .reference
            let total = rule.usage ?? usageRules[rule.dialect] ?? .inclusive
            switch rule.field {
            case .inputTokens: entry.inclusion = total.inputIncludesCache
            case .outputTokens: entry.inclusion = total.outputIncludesReasoning
            case .cacheReadTokens, .cacheWriteTokens: entry.inclusion = rule.usage?.inputIncludesCache ?? .asProvider
            case .reasoningTokens: entry.inclusion = rule.usage?.outputIncludesReasoning ?? .asProvider
            default: break
            }
            var key = rule.key
            if case .member(let name, let path) = rule.key {
                key = .exact(name)
                entry.path = UInt16(paths.count)
                paths.append(path.map { Array($0.utf8) })
            }
            if let place = placeOfKey[key] {
                entry.next = chains[place].head
                chains[place].head = UInt16(compiled.count)
            } else {
                placeOfKey[key] = chains.count
                chains.append((key, UInt16(compiled.count)))
            }
            compiled.append(entry)
        }
        compiledRules = compiled
        places = compiled.map { RulePlace(next: $0.next, field: $0.field.rawValue, rank: $0.rank) }
        errorEventRules = errorEvents
        self.paths = paths
        self.spanNameRank = spanNameRank
        rulesByField = Dictionary(grouping: rules, by: \.field)
        responseIDKeys = (rulesByField[.responseID] ?? []).compactMap(\.key.attributeKey)
        exactKeys = NameTable(
            chains.compactMap { chain in if case .exact(let key) = chain.key { (key, chain.head) } else { nil } }, ignoringCase: false)
        indexedKeys = chains.compactMap { chain in
            guard case .indexed(let prefix, let suffix) = chain.key else { return nil }
            return IndexedKey(
                prefix: Array((prefix + ".").utf8), suffix: suffix.isEmpty ? [] : Array(("." + suffix).utf8), head: chain.head)
        }
    }

    /// The first rule for a key, 0 when there is none; the others follow by `CompiledRule.next`.
    func firstRule(forKey key: borrowing Span<UInt8>) -> UInt16 {
        if let head = exactKeys.value(of: key) { return head }
        for indexed in indexedKeys where indexed.matches(key) { return indexed.head }
        return 0
    }

    /// Fills the LLM fields of every span of a batch (costs excepted: see `PriceBook`). The attributes stay as they are;
    /// text that a field needs in another form is appended to the batch's bytes. Spans that stand for running ones get these's ids
    /// (`PendingSpans`), and spans that failed by their level the status of an error (`ErrorLevels`).
    package func apply(to batch: inout SpanBatch) -> LLMFields {
        PendingSpans.stepIn(&batch)
        ErrorLevels.settle(&batch)
        var pass = MappingPass(mapping: self, batch: batch)
        pass.run(over: &batch)
        if batch.record == .event { EventRecordFields.settle(&pass.fields, batch) }
        return pass.fields
    }
}

/// A rule as the pass wants it.
struct CompiledRule: Sendable {
    var field: LLMField
    /// Place among the rules of the field.
    var rank: UInt8
    var reading: MappingRule.Reading
    /// The bit of a part among the parts of its field.
    var part: UInt16
    /// The next rule for the same key, 0 at the end.
    var next: UInt16
    var dialect = Dialect.openTelemetry
    /// In `AttributeMapping.paths`; 0 for the attribute's own value.
    var path: UInt16 = 0
    /// Whether a text may stand in JSON's quotes.
    var unquotes = false
    /// Of a total, whether it holds its details; of a detail, whether its total holds it, where that is known.
    var inclusion = Inclusion.yes

    /// Rule 0, which stands for "no rule".
    static let none = CompiledRule(field: .kind, rank: .max, reading: .text, part: 0, next: 0)
}

/// Where a rule stands: small, so that the many that lose cost one load.
struct RulePlace: Sendable {
    var next: UInt16
    var field: UInt8
    var rank: UInt8
}

struct ErrorEventRule: Sendable {
    var name: [UInt8]
    var key: [UInt8]
    var field: LLMField
    var rank: UInt8
}

/// `prefix.N` with a suffix, or with anything behind it.
private struct IndexedKey: Sendable {
    /// With its dot.
    var prefix: [UInt8]
    /// With its dot; empty for anything.
    var suffix: [UInt8]
    var head: UInt16

    func matches(_ key: borrowing Span<UInt8>) -> Bool {
        guard key.count > prefix.count + suffix.count else { return false }
        for place in 0..<prefix.count where key[place] != prefix[place] { return false }
        var place = prefix.count
        while place < key.count, key[place] &- UInt8(ascii: "0") < 10 { place += 1 }
        guard place > prefix.count else { return false }
        if suffix.isEmpty { return place == key.count || key[place] == UInt8(ascii: ".") }
        guard key.count - place == suffix.count else { return false }
        for offset in 0..<suffix.count where key[place + offset] != suffix[offset] { return false }
        return true
    }
}
