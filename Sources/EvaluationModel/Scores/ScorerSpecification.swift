import ByteCoding

/// A scorer of a case, as people write it: what is looked for, and what becomes of the answer.
///
///     {"kind": "contains", "any": ["Paris", "paris"]}
///     {"kind": "judge", "name": "polite", "model": "openai/gpt-4.1", "rubric": "...", "scale": {"minimum": 1, "maximum": 5}, "threshold": 4}
package struct ScorerSpecification: Equatable, Sendable {
    /// Unique in its case: the kind, and a number where a kind stands there more than once, unless a name was given.
    package var name: String
    package var parameters: ScorerParameters
    /// The value from which on it is passed, for scorers whose value is a degree.
    package var threshold: Double?
    /// What its value counts in the case's mean value.
    package var weight: Double
    /// Whether the case passes only when this scorer does. One that is not required only measures.
    package var required: Bool
    /// Passes when it otherwise would not, and the other way round.
    package var negated: Bool

    package init(
        name: String, parameters: ScorerParameters, threshold: Double? = nil, weight: Double = 1, required: Bool = true,
        negated: Bool = false
    ) {
        self.name = name
        self.parameters = parameters
        self.threshold = threshold
        self.weight = weight
        self.required = required
        self.negated = negated
    }

    package var kind: ScorerKind { parameters.kind }
}

/// What each kind of scorer looks for. Where a value is nil, the case's `expected` is meant.
package enum ScorerParameters: Equatable, Sendable {
    case exact(ExactParameters)
    case contains(ContainsParameters)
    case regex(RegexParameters)
    case jsonEqual(JSONMatchParameters)
    case jsonSubset(JSONMatchParameters)
    case jsonSchema(JSONSchemaParameters)
    case numeric(NumericParameters)
    case editDistance(EditDistanceParameters)
    case embeddingSimilarity(EmbeddingSimilarityParameters)
    case toolCalls(ToolCallsParameters)
    /// Milliseconds from the request to the end of the answer.
    case latency(maximumMilliseconds: Double)
    case tokens(TokenParameters)
    /// US dollars of the answer.
    case cost(maximum: Double)
    case judge(JudgeParameters)
    case pairwiseJudge(PairwiseJudgeParameters)

    package var kind: ScorerKind {
        switch self {
        case .exact: .exact
        case .contains: .contains
        case .regex: .regex
        case .jsonEqual: .jsonEqual
        case .jsonSubset: .jsonSubset
        case .jsonSchema: .jsonSchema
        case .numeric: .numeric
        case .editDistance: .editDistance
        case .embeddingSimilarity: .embeddingSimilarity
        case .toolCalls: .toolCalls
        case .latency: .latency
        case .tokens: .tokens
        case .cost: .cost
        case .judge: .judge
        case .pairwiseJudge: .pairwiseJudge
        }
    }
}
