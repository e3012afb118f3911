import ByteCoding
import ContentReading

/// Reading scorers: one object each, the parameters of the kind beside `kind`, `name`, `threshold`, `weight`, `required`, `negated`.
extension ScorerSpecification {
    /// Reads a list of scorers, and gives names to those that have none.
    ///
    /// Throws `InvalidContent` with every problem found, with paths such as `[1].pattern`.
    package static func list(json value: JSONValue) throws(InvalidContent) -> [ScorerSpecification] {
        let problems = ProblemList()
        guard var reader = ObjectReader(.object([JSONMember(key: "scorers", value: value)]), path: "", problems: problems) else {
            throw InvalidContent("the scorers cannot be read")
        }
        let scorers = reader.scorers("scorers")
        try problems.throwIfAny()
        return scorers
    }

    fileprivate init?(_ value: JSONValue, path: String, problems: ProblemList) {
        guard var reader = ObjectReader(value, path: path, problems: problems) else { return nil }
        let kind = reader.name("kind", of: ScorerKind.self)
        if kind == nil {
            if reader.value("kind") == nil { reader.report("kind", "a kind of scorer is due here") }
            return nil
        }
        let name = reader.text("name", maximumByteCount: TestCaseLimits.maximumNameByteCount)
        if name?.isEmpty == true { reader.report("name", "the name is empty") }
        let threshold = reader.number("threshold", in: -1e12...1e12)
        let weight = reader.number("weight", in: 0...1e6)
        let required = reader.bool("required")
        let negated = reader.bool("negated")
        let parameters = kind.flatMap { ScorerParameters(kind: $0, &reader) }
        reader.finish()
        guard let parameters else { return nil }
        self.init(
            name: name ?? "", parameters: parameters, threshold: threshold, weight: weight ?? 1, required: required ?? true,
            negated: negated ?? false)
        checkThreshold(&reader)
    }

    /// A degree that is to decide over a case needs to say from where on it is good; what has only a verdict has no threshold.
    private func checkThreshold(_ reader: inout ObjectReader) {
        switch parameters {
        case .judge(let judge):
            if case .scale(let minimum, let maximum) = judge.answer, let threshold, !(minimum...maximum).contains(threshold) {
                reader.report("threshold", "the threshold lies outside the judge's scale")
            }
        case .editDistance(let edit) where edit.maximumDistance != nil:
            if threshold != nil { reader.report("threshold", "either threshold or maximum_distance says what passes") }
            return
        case .editDistance, .embeddingSimilarity, .pairwiseJudge:
            if let threshold, !(-1...1).contains(threshold) { reader.report("threshold", "the values of this scorer are at most 1") }
        default:
            if threshold != nil { reader.report("threshold", "this kind of scorer says yes or no by itself and has no threshold") }
        }
        if kind.needsThreshold, threshold == nil, required {
            reader.report("threshold", "from which value on does it pass? (Or say `required: false`: then it only measures.)")
        }
    }
}

extension ObjectReader {
    mutating func scorers(_ key: String) -> [ScorerSpecification] {
        guard let elements = array(key, maximumCount: TestCaseLimits.maximumScorerCount) else { return [] }
        let problemCount = problems.problems.count
        var scorers = elements.enumerated().compactMap {
            ScorerSpecification($1, path: "\(path(of: key))[\($0)]", problems: problems)
        }
        guard problems.problems.count == problemCount else { return scorers }
        scorers.nameTheNameless()
        var names: Set<String> = []
        for (index, scorer) in scorers.enumerated() where !names.insert(scorer.name).inserted {
            problems.add("\(path(of: key))[\(index)].name", "another scorer of this case has this name, too")
        }
        return scorers
    }
}

extension [ScorerSpecification] {
    /// Scorers with an empty name are called after their kind; the second of a kind `contains_2` and so on.
    package mutating func nameTheNameless() {
        var taken = Set(map(\.name))
        for index in indices where self[index].name.isEmpty {
            let kind = self[index].kind.rawValue
            var name = kind
            var number = 2
            while taken.contains(name) {
                name = "\(kind)_\(number)"
                number += 1
            }
            taken.insert(name)
            self[index].name = name
        }
    }
}
