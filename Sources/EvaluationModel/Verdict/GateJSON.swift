import ByteCoding

/// A gate in JSON, as `POST /api/v1/runs` and `--gate` take it. Every wrong field is named, not only the first.
package enum GateReading: Equatable, Sendable {
    case valid(Gate)
    /// At least one.
    case invalid([FieldProblem])
}

/// What is wrong with a field of a document, for its author.
package struct FieldProblem: Equatable, Sendable {
    /// The path of the field: `minimum_means.helpfulness.lowest`. Empty for the document itself.
    package var field: String
    package var message: String

    package init(field: String, message: String) {
        self.field = field
        self.message = message
    }
}

extension Gate {
    /// - Parameters:
    ///   - json: an object; fields that are null count as not given.
    ///   - repetitions: those of the run, when known: `case_passes` may not ask for more.
    package static func read(_ json: JSONValue, repetitions: Int? = nil) -> GateReading {
        var reader = GateReader()
        let gate = reader.gate(json, repetitions: repetitions)
        return reader.problems.isEmpty ? .valid(gate) : .invalid(reader.problems)
    }

    package var json: JSONValue {
        var members: [JSONMember] = []
        func add(_ key: String, _ value: JSONValue?) {
            if let value { members.append(JSONMember(key: key, value: value)) }
        }
        add("case_passes", casePasses?.json)
        add("minimum_pass_rate", minimumPassRate.map(JSONValue.double))
        add("maximum_regression", maximumRegression.map(JSONValue.double))
        if !minimumMeans.isEmpty {
            add("minimum_means", .object(minimumMeans.map { JSONMember(key: $0.score, value: $0.json) }))
        }
        add("maximum_error_rate", .double(maximumErrorRate))
        add("maximum_cost_usd", maximumCostUSD.map(JSONValue.double))
        add("maximum_mean_latency_ms", maximumMeanLatencyMilliseconds.map(JSONValue.double))
        add("confidence", .double(confidence))
        add("strict", .bool(strict))
        add("stop_early", .bool(stopEarly))
        return .object(members)
    }
}

extension CaseRequirement {
    package var json: JSONValue {
        switch self {
        case .all: .string("all")
        case .any: .string("any")
        case .majority: .string("majority")
        case .atLeast(let count): .integer(Int64(count))
        }
    }
}

extension MeanRule {
    var json: JSONValue {
        .object([
            JSONMember(key: "minimum", value: .double(minimum)), JSONMember(key: "lowest", value: .double(lowest)),
            JSONMember(key: "highest", value: .double(highest)),
        ])
    }
}

/// Collects the problems of one document while it is read.
private struct GateReader {
    var problems: [FieldProblem] = []

    static let fields: Set<String> = [
        "case_passes", "minimum_pass_rate", "maximum_regression", "minimum_means", "maximum_error_rate", "maximum_cost_usd",
        "maximum_mean_latency_ms", "confidence", "strict", "stop_early",
    ]

    mutating func gate(_ json: JSONValue, repetitions: Int?) -> Gate {
        var gate = Gate()
        guard let members = json.objectValue else {
            add("", "must be an object")
            return gate
        }
        for member in members where !Self.fields.contains(member.key) {
            add(member.key, "is not a field of a gate; these are: \(Self.fields.sorted().joined(separator: ", "))")
        }
        gate.casePasses = requirement(given(json, "case_passes"), repetitions: repetitions)
        gate.minimumPassRate = number(json, "minimum_pass_rate", "above 0 and at most 1") { $0 > 0 && $0 <= 1 }
        gate.maximumRegression = number(json, "maximum_regression", "from 0 and below 1") { $0 >= 0 && $0 < 1 }
        gate.minimumMeans = means(given(json, "minimum_means"))
        if let rate = number(json, "maximum_error_rate", "from 0 to 1", where: { $0 >= 0 && $0 <= 1 }) { gate.maximumErrorRate = rate }
        gate.maximumCostUSD = number(json, "maximum_cost_usd", "above 0") { $0 > 0 }
        gate.maximumMeanLatencyMilliseconds = number(json, "maximum_mean_latency_ms", "above 0") { $0 > 0 }
        if let confidence = number(json, "confidence", "from 0.5 to 0.9999", where: { $0 >= 0.5 && $0 <= 0.9999 }) {
            gate.confidence = confidence
        }
        gate.strict = flag(json, "strict") ?? false
        gate.stopEarly = flag(json, "stop_early") ?? false
        if problems.isEmpty && !gate.hasRule {
            add("", "has no rule: give minimum_pass_rate, maximum_regression, minimum_means, maximum_cost_usd or maximum_mean_latency_ms")
        }
        return gate
    }

    private mutating func requirement(_ value: JSONValue?, repetitions: Int?) -> CaseRequirement? {
        switch value {
        case nil: return nil
        case .string("all"): return .all
        case .string("any"): return .any
        case .string("majority"): return .majority
        case .integer(let count) where count >= 1:
            if let repetitions, count > Int64(repetitions) {
                add("case_passes", "asks for \(count) of \(repetitions) repetitions")
            }
            return .atLeast(Int(clamping: count))
        default:
            add("case_passes", "must be all, any, majority or a number of repetitions from 1")
            return nil
        }
    }

    private mutating func means(_ value: JSONValue?) -> [MeanRule] {
        guard let value else { return [] }
        guard let members = value.objectValue else {
            add("minimum_means", "must be an object from the name of a score to its least mean")
            return []
        }
        if members.count > VerdictLimits.maximumMeanRules {
            add("minimum_means", "has more than \(VerdictLimits.maximumMeanRules) scores")
        }
        var rules: [MeanRule] = []
        for member in members {
            let path = "minimum_means.\(member.key)"
            if rules.contains(where: { $0.score == member.key }) { add(path, "is given twice") }
            rules.append(rule(score: member.key, member.value, path: path))
        }
        return rules
    }

    private mutating func rule(score: String, _ value: JSONValue, path: String) -> MeanRule {
        var rule = MeanRule(score: score, minimum: 0)
        if let minimum = value.doubleValue {
            rule.minimum = minimum
        } else if let members = value.objectValue {
            for member in members {
                switch (member.key, member.value.doubleValue) {
                case ("minimum", let number?): rule.minimum = number
                case ("lowest", let number?): rule.lowest = number
                case ("highest", let number?): rule.highest = number
                case ("minimum", nil), ("lowest", nil), ("highest", nil): add("\(path).\(member.key)", "must be a number")
                default: add("\(path).\(member.key)", "is not a field; these are: minimum, lowest, highest")
                }
            }
            if value["minimum"] == nil { add("\(path).minimum", "is missing") }
        } else {
            add(path, "must be a number, or an object with minimum, lowest and highest")
        }
        if rule.lowest >= rule.highest {
            add("\(path).highest", "must be above lowest")
        } else if rule.minimum <= rule.lowest || rule.minimum >= rule.highest {
            add("\(path).minimum", "must lie between lowest (\(rule.lowest)) and highest (\(rule.highest))")
        }
        return rule
    }

    private mutating func number(_ json: JSONValue, _ field: String, _ range: String, where fits: (Double) -> Bool) -> Double? {
        guard let value = given(json, field) else { return nil }
        guard let number = value.doubleValue, fits(number) else {
            add(field, "must be a number \(range)")
            return nil
        }
        return number
    }

    private mutating func flag(_ json: JSONValue, _ field: String) -> Bool? {
        guard let value = given(json, field) else { return nil }
        if value.boolValue == nil { add(field, "must be true or false") }
        return value.boolValue
    }

    private func given(_ json: JSONValue, _ field: String) -> JSONValue? {
        guard let value = json[field], !value.isNull else { return nil }
        return value
    }

    private mutating func add(_ field: String, _ message: String) {
        problems.append(FieldProblem(field: field, message: message))
    }
}
