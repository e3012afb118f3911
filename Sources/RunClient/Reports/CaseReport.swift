/// One case at one target with all its repetitions, out of the outcomes of `GET /api/v1/runs/{id}/outcomes?order=key`.

import ByteCoding
import EvaluationModel

package struct ReportedOutcome: Equatable, Sendable {
    package let id: String
    package let key: String
    package let repetition: Int
    /// `passed`, `failed`, `errored`.
    package let result: String
    /// Why it did not pass, in words; empty for one that did.
    package let reason: String
    package let traceID: String?
    package let seconds: Double
    package let costUSD: Double
    package let scores: [(name: String, value: Double)]

    /// Nil for what is no outcome.
    package init?(_ json: JSONValue) {
        guard let id = json["id"]?.stringValue, let key = json["key"]?.stringValue, let result = json["result"]?.stringValue else {
            return nil
        }
        self.id = id
        self.key = key
        self.result = result
        repetition = json["repetition"]?.integerValue.map(Int.init) ?? 1
        traceID = json["trace_id"]?.stringValue
        seconds = max(0, json["duration_ms"]?.doubleValue ?? 0) / 1000
        costUSD = json["cost_usd"]?.doubleValue ?? 0
        let scores = json["scores"]?.arrayValue ?? []
        self.scores = scores.compactMap { score in
            guard let name = score["name"]?.stringValue, let value = score["value"]?.doubleValue else { return nil }
            return (name, value)
        }
        reason = Self.reason(result, json, scores)
    }

    /// What the scorers that did not let it pass say; of an errored one the error first.
    private static func reason(_ result: String, _ json: JSONValue, _ scores: [JSONValue]) -> String {
        guard result != "passed" else { return "" }
        var parts: [String] = []
        if let error = json["error"], let message = error["message"]?.stringValue ?? error.stringValue { parts.append(message) }
        for score in scores {
            let hasError = score["error"].map { !$0.isNull } ?? false
            guard hasError || score["passed"]?.boolValue == false else { continue }
            let part = "\(score["name"]?.stringValue ?? "score"): \(score["reason"]?.stringValue ?? "")"
            if !parts.contains(part) { parts.append(part) }
        }
        return parts.isEmpty ? result : parts.joined(separator: "; ")
    }

    package static func == (a: ReportedOutcome, b: ReportedOutcome) -> Bool {
        a.id == b.id && a.key == b.key && a.repetition == b.repetition && a.result == b.result && a.reason == b.reason
    }
}

package struct CaseReport: Equatable, Sendable {
    package let key: String
    /// Index into the run's targets.
    package let target: Int
    /// At least one, in the order of their repetitions.
    package fileprivate(set) var outcomes: [ReportedOutcome]

    package func count(_ result: String) -> Int { outcomes.count { $0.result == result } }

    package var isFlaky: Bool { count("passed") > 0 && count("failed") > 0 }
    package var seconds: Double { outcomes.reduce(0) { $0 + $1.seconds } }
    package var costUSD: Double { outcomes.reduce(0) { $0 + $1.costUSD } }
    /// The first one that did not pass.
    package var firstBad: ReportedOutcome? { outcomes.first { $0.result != "passed" } }
    /// Share of its repetitions that passed.
    package var passedShare: Double { Double(count("passed")) / Double(max(1, outcomes.count)) }

    /// As the verdict counts cases.
    package func status(in report: RunReport) -> CaseStatus {
        report.caseRequirement.status(passed: count("passed"), failed: count("failed"), repetitions: report.repetitions)
    }

    /// Means of the scores, in the order of their first occurrence.
    package var scoreMeans: [(name: String, mean: Double)] {
        var sums: [(name: String, sums: ValueSums)] = []
        for score in outcomes.flatMap(\.scores) {
            if let index = sums.firstIndex(where: { $0.name == score.name }) {
                sums[index].sums.add(score.value)
            } else {
                sums.append((score.name, ValueSums([score.value])))
            }
        }
        return sums.compactMap { entry in entry.sums.mean.map { (entry.name, $0) } }
    }
}

/// Puts outcomes that come one after the other, by key, together to cases: a run of any size is read with the memory of one case.
package struct CaseGrouping: Sendable {
    private let target: Int
    private var current: CaseReport?

    package init(target: Int) { self.target = target }

    /// The case that is complete now that another one begins.
    package mutating func add(_ outcome: ReportedOutcome) -> CaseReport? {
        guard var open = current, open.key == outcome.key else {
            defer { current = CaseReport(key: outcome.key, target: target, outcomes: [outcome]) }
            return current
        }
        open.outcomes.append(outcome)
        current = open
        return nil
    }

    /// The last case.
    package mutating func finish() -> CaseReport? {
        defer { current = nil }
        return current
    }
}
