/// The ways an output is judged.
package enum ScorerKind: String, CaseIterable, Sendable {
    case exact, contains, regex
    case jsonEqual = "json_equal"
    case jsonSubset = "json_subset"
    case jsonSchema = "json_schema"
    case numeric
    case editDistance = "edit_distance"
    case embeddingSimilarity = "embedding_similarity"
    case toolCalls = "tool_calls"
    case latency, tokens, cost
    case judge
    case pairwiseJudge = "pairwise_judge"

    /// Whether it calls a model: it takes time, costs money and may fail for reasons that are not the output's.
    package var callsOut: Bool {
        switch self {
        case .embeddingSimilarity, .judge, .pairwiseJudge: true
        default: false
        }
    }

    /// Whether its value is a degree, which only a threshold turns into passed or failed.
    package var needsThreshold: Bool {
        switch self {
        case .editDistance, .embeddingSimilarity, .judge: true
        default: false
        }
    }
}

/// Who gave a score: a scorer of one kind, a person in the dashboard, or an application through the API.
package enum ScoreOrigin: Equatable, Hashable, Sendable {
    case scorer(ScorerKind)
    case person
    case application

    package var name: String {
        switch self {
        case .scorer(let kind): kind.rawValue
        case .person: "person"
        case .application: "application"
        }
    }

    package init?(name: String) {
        switch name {
        case "person": self = .person
        case "application": self = .application
        default:
            guard let kind = ScorerKind(rawValue: name) else { return nil }
            self = .scorer(kind)
        }
    }
}
