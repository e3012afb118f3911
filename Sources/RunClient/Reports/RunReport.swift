/// A run as its reports need it, read from what `GET /api/v1/runs/{id}` answers.

import ByteCoding
import EvaluationModel

package struct RunReport: Sendable {
    package let id: String
    package let name: String
    /// The suite's name as the user gave it.
    package let suite: String
    /// Where the server is: traces are linked there. Without a slash at its end.
    package let serverURL: String
    package let ending: RunEnding
    package let stateReason: String
    package let targets: [String]
    package let repetitions: Int
    package let caseRequirement: CaseRequirement
    /// In the order of the targets, as far as the run came to verdicts.
    package let verdicts: [(target: String, verdict: Verdict)]
    package let cellCount: Int
    package let doneCount: Int
    package let costUSD: Double
    package let inputTokens: Int64
    package let outputTokens: Int64
    package let baseline: String?
    /// RFC 3339.
    package let startTime: String?
    package let finishTime: String?

    /// Nil for what is no run.
    package init?(run: JSONValue, suite: String, serverURL: String) {
        guard let id = run["id"]?.stringValue, let specification = run["specification"] else { return nil }
        self.id = id
        name = run["name"]?.stringValue ?? ""
        self.suite = suite
        self.serverURL = serverURL
        ending = RunEnding(run: run)
        stateReason = run["state_reason"]?.stringValue ?? ""
        targets = (specification["targets"]?.arrayValue ?? []).map { $0["name"]?.stringValue ?? "" }
        repetitions = specification["repetitions"]?.integerValue.map { Int(min(max(1, $0), Int64(RunLimits.maximumRepetitionCount))) } ?? 1
        var requirement = CaseRequirement.all
        if let gate = specification["gate"], case .valid(let read) = Gate.read(gate, repetitions: repetitions) {
            requirement = read.caseRequirement
        }
        caseRequirement = requirement
        verdicts = (run["verdict"]?["targets"]?.arrayValue ?? []).compactMap { json in
            Verdict(json: json).map { (json["target"]?.stringValue ?? "", $0) }
        }
        cellCount = run["counts"]?["cells"]?.integerValue.map(Int.init) ?? 0
        doneCount = run["counts"]?["done"]?.integerValue.map(Int.init) ?? 0
        costUSD = run["cost_usd"]?.doubleValue ?? 0
        inputTokens = run["input_tokens"]?.integerValue ?? 0
        outputTokens = run["output_tokens"]?.integerValue ?? 0
        baseline = run["baseline_run_id"]?.stringValue
        startTime = run["started_at"]?.stringValue
        finishTime = run["finished_at"]?.stringValue
    }

    /// The address of a trace; nil for what is no trace id.
    package func traceURL(_ id: String?) -> String? {
        guard let id, id.utf8.count == 32, id.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else {
            return nil
        }
        return "\(serverURL)/api/v1/traces/\(id)"
    }
}
