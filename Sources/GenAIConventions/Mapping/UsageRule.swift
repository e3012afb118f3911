/// What totals of tokens hold, by convention and by provider. The columns' totals always hold both; see `UsageNormalization`.

/// Whether a total holds a detail.
package enum Inclusion: Hashable, Sendable, ExpressibleByBooleanLiteral {
    case yes, no
    /// The numbers are the provider's own.
    case asProvider

    package init(booleanLiteral value: Bool) { self = value ? .yes : .no }

    package var description: String {
        switch self {
        case .yes: "yes"
        case .no: "no"
        case .asProvider: "as the provider"
        }
    }
}

/// What a convention's totals hold.
package struct UsageRule: Hashable, Sendable {
    package var inputIncludesCache: Inclusion
    package var outputIncludesReasoning: Inclusion

    package init(inputIncludesCache: Inclusion, outputIncludesReasoning: Inclusion) {
        self.inputIncludesCache = inputIncludesCache
        self.outputIncludesReasoning = outputIncludesReasoning
    }
}

extension UsageRule {
    static let inclusive = UsageRule(inputIncludesCache: true, outputIncludesReasoning: true)
    static let providersOwn = UsageRule(inputIncludesCache: .asProvider, outputIncludesReasoning: .asProvider)
}

/// What the totals of a provider's API hold, for conventions that pass them on as they are.
package enum ProviderUsage {
    /// Canonical names; every other provider counts as OpenAI does, whose totals hold both.
    package static let exceptions: [(provider: String, rule: UsageRule)] = [
        ("anthropic", UsageRule(inputIncludesCache: false, outputIncludesReasoning: true)),
        ("aws.bedrock", UsageRule(inputIncludesCache: false, outputIncludesReasoning: true)),
        ("gcp.gemini", UsageRule(inputIncludesCache: true, outputIncludesReasoning: false)),
        ("gcp.vertex_ai", UsageRule(inputIncludesCache: true, outputIncludesReasoning: false)),
        ("gcp.gen_ai", UsageRule(inputIncludesCache: true, outputIncludesReasoning: false)),
        ("x_ai", UsageRule(inputIncludesCache: true, outputIncludesReasoning: false)),
    ]

    /// A model of Anthropic counts as Anthropic does, whoever sells it.
    package static let anthropicModel = "claude"

    /// - Parameters:
    ///   - provider: a canonical name.
    ///   - model: in lower case, as models are named.
    static func rule(provider: borrowing Span<UInt8>, model: borrowing Span<UInt8>) -> UsageRule {
        if contains(model, Array(anthropicModel.utf8)) { return exceptions[0].rule }
        guard let place = table.value(of: provider) else { return .inclusive }
        return exceptions[Int(place)].rule
    }

    private static let table = NameTable(exceptions.enumerated().map { ($1.provider, UInt16($0)) }, ignoringCase: true)

    private static func contains(_ text: borrowing Span<UInt8>, _ word: [UInt8]) -> Bool {
        guard text.count >= word.count else { return false }
        for start in 0...text.count - word.count {
            var length = 0
            while length < word.count, text[start + length] | 0x20 == word[length] { length += 1 }
            if length == word.count { return true }
        }
        return false
    }
}
