import ByteCoding

/// A verdict as the API shows it and as PostgreSQL keeps it: the same document, written and read here.
extension Verdict {
    package var json: JSONValue {
        .object([
            JSONMember(key: "result", value: .string(result.rawValue)),
            JSONMember(key: "reasons", value: .array(reasons.map(JSONValue.string))),
            JSONMember(key: "stopped_early", value: .bool(stoppedEarly)),
            JSONMember(key: "counts", value: counts.json),
            JSONMember(key: "rules", value: .array(rules.map(\.json))),
            JSONMember(key: "flaky_cases", value: .array(flakyCases.map(\.json))),
            JSONMember(key: "pairing", value: pairing?.json ?? .null),
        ])
    }

    /// Nil for a document that is no verdict.
    package init?(json: JSONValue) {
        guard let result = json["result"]?.stringValue.flatMap(VerdictResult.init(rawValue:)), let reasons = json["reasons"]?.arrayValue,
            let stoppedEarly = json["stopped_early"]?.boolValue, let counts = json["counts"].flatMap(VerdictCounts.init(json:)),
            let rules = json["rules"]?.arrayValue, let flakyCases = json["flaky_cases"]?.arrayValue
        else { return nil }
        self.init(
            result: result, reasons: reasons.compactMap(\.stringValue), rules: rules.compactMap(RuleResult.init(json:)), counts: counts,
            stoppedEarly: stoppedEarly, flakyCases: flakyCases.compactMap(FlakyCase.init(json:)),
            pairing: json["pairing"].flatMap(Pairing.init(json:)))
        guard self.reasons.count == reasons.count, self.rules.count == rules.count, self.flakyCases.count == flakyCases.count else {
            return nil
        }
    }
}

extension VerdictCounts {
    private static var fields: [(String, WritableKeyPath<VerdictCounts, Int>)] {
        [
            ("cases", \.cases), ("cases_passed", \.casesPassed), ("cases_failed", \.casesFailed), ("cases_undecided", \.casesUndecided),
            ("passed", \.passed), ("failed", \.failed), ("errored", \.errored), ("pending", \.pending), ("flaky_cases", \.flakyCases),
        ]
    }

    var json: JSONValue {
        .object(Self.fields.map { JSONMember(key: $0.0, value: .integer(Int64(self[keyPath: $0.1]))) })
    }

    init?(json: JSONValue) {
        self.init()
        for (name, path) in Self.fields {
            guard let value = json[name]?.integerValue, VerdictLimits.counts.contains(value) else { return nil }
            self[keyPath: path] = Int(value)
        }
    }
}

extension RuleResult {
    var json: JSONValue {
        .object([
            JSONMember(key: "rule", value: .string(rule.name)),
            JSONMember(key: "score", value: rule.score.map(JSONValue.string) ?? .null),
            JSONMember(key: "result", value: .string(result.rawValue)),
            JSONMember(key: "estimate", value: estimate.map(JSONValue.double) ?? .null),
            JSONMember(key: "threshold", value: .double(threshold)),
            JSONMember(key: "interval", value: interval?.json ?? .null),
            JSONMember(key: "failure_interval", value: failureInterval?.json ?? .null),
            JSONMember(key: "p_value", value: pValue.map(JSONValue.double) ?? .null),
            JSONMember(key: "more_repetitions", value: (more?.repetitionsPerCase).map { .integer(Int64($0)) } ?? .null),
            JSONMember(key: "more_cases", value: (more?.cases).map { .integer(Int64($0)) } ?? .null),
            JSONMember(key: "reason", value: .string(reason)),
        ])
    }

    init?(json: JSONValue) {
        guard let rule = Rule(name: json["rule"]?.stringValue, score: json["score"]?.stringValue),
            let result = json["result"]?.stringValue.flatMap(VerdictResult.init(rawValue:)),
            let threshold = json["threshold"]?.doubleValue, let reason = json["reason"]?.stringValue
        else { return nil }
        let repetitions = json["more_repetitions"]?.integerValue.map(Int.init)
        let cases = json["more_cases"]?.integerValue.map(Int.init)
        self.init(
            rule: rule, result: result, estimate: json["estimate"]?.doubleValue, threshold: threshold,
            interval: json["interval"].flatMap(Interval.init(json:)),
            failureInterval: json["failure_interval"].flatMap(Interval.init(json:)), pValue: json["p_value"]?.doubleValue,
            more: repetitions == nil && cases == nil ? nil : MoreData(repetitionsPerCase: repetitions, cases: cases), reason: reason)
    }
}

extension RuleResult.Rule {
    /// As in the gate.
    package var name: String {
        switch self {
        case .minimumPassRate: "minimum_pass_rate"
        case .maximumRegression: "maximum_regression"
        case .maximumErrorRate: "maximum_error_rate"
        case .maximumCost: "maximum_cost_usd"
        case .maximumMeanLatency: "maximum_mean_latency_ms"
        case .minimumMean: "minimum_means"
        }
    }

    package var score: String? { if case .minimumMean(let score) = self { score } else { nil } }

    init?(name: String?, score: String?) {
        switch (name, score) {
        case ("minimum_pass_rate", _): self = .minimumPassRate
        case ("maximum_regression", _): self = .maximumRegression
        case ("maximum_error_rate", _): self = .maximumErrorRate
        case ("maximum_cost_usd", _): self = .maximumCost
        case ("maximum_mean_latency_ms", _): self = .maximumMeanLatency
        case ("minimum_means", let score?): self = .minimumMean(score: score)
        default: return nil
        }
    }
}

extension Interval {
    package var json: JSONValue {
        .object([
            JSONMember(key: "lower", value: .double(lower)), JSONMember(key: "upper", value: .double(upper)),
            JSONMember(key: "confidence", value: .double(confidence)), JSONMember(key: "method", value: .string(method.rawValue)),
        ])
    }

    package init?(json: JSONValue) {
        guard let lower = json["lower"]?.doubleValue, let upper = json["upper"]?.doubleValue,
            let confidence = json["confidence"]?.doubleValue, let method = json["method"]?.stringValue.flatMap(Method.init(rawValue:))
        else { return nil }
        self.init(lower: lower, upper: upper, confidence: confidence, method: method)
    }
}

extension FlakyCase {
    var json: JSONValue {
        .object([
            JSONMember(key: "key", value: .string(key)), JSONMember(key: "passed", value: .integer(Int64(passed))),
            JSONMember(key: "failed", value: .integer(Int64(failed))),
            JSONMember(key: "was_stable", value: wasStable.map(JSONValue.bool) ?? .null),
        ])
    }

    init?(json: JSONValue) {
        guard let key = json["key"]?.stringValue, let passed = json["passed"]?.integerValue, let failed = json["failed"]?.integerValue,
            VerdictLimits.counts.contains(passed), VerdictLimits.counts.contains(failed)
        else { return nil }
        self.init(key: key, passed: Int(passed), failed: Int(failed), wasStable: json["was_stable"]?.boolValue)
    }
}

extension Pairing {
    var json: JSONValue {
        .object([
            JSONMember(key: "paired", value: .integer(Int64(paired))),
            JSONMember(key: "only_in_run", value: .integer(Int64(onlyInRun))),
            JSONMember(key: "only_in_baseline", value: .integer(Int64(onlyInBaseline))),
            JSONMember(key: "keys_only_in_run", value: .array(keysOnlyInRun.map(JSONValue.string))),
            JSONMember(key: "keys_only_in_baseline", value: .array(keysOnlyInBaseline.map(JSONValue.string))),
        ])
    }

    init?(json: JSONValue) {
        guard let paired = json["paired"]?.integerValue, let onlyInRun = json["only_in_run"]?.integerValue,
            let onlyInBaseline = json["only_in_baseline"]?.integerValue, let run = json["keys_only_in_run"]?.arrayValue,
            let baseline = json["keys_only_in_baseline"]?.arrayValue
        else { return nil }
        self.init(
            paired: Int(paired), onlyInRun: Int(onlyInRun), onlyInBaseline: Int(onlyInBaseline),
            keysOnlyInRun: run.compactMap(\.stringValue), keysOnlyInBaseline: baseline.compactMap(\.stringValue))
    }
}
