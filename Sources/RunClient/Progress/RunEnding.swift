/// How a run ended, for whoever waited for it: the exit status of `spandrel run --wait`.

import ByteCoding
import EvaluationModel

package enum RunEnding: Equatable, Sendable {
    case verdict(VerdictResult)
    /// The run did not come to a verdict: it failed, was cancelled, or has not ended.
    case noVerdict(state: String, reason: String)

    /// Of a run as the API shows it.
    package init(run: JSONValue) {
        let state = run["state"]?.stringValue ?? "unknown"
        let result = run["verdict"]?["result"]?.stringValue.flatMap(VerdictResult.init(rawValue:))
        if state == "finished", let result {
            self = .verdict(result)
        } else {
            self = .noVerdict(state: state, reason: run["state_reason"]?.stringValue ?? "")
        }
    }

    /// 0 pass, 100 gate failed, 101 not enough evidence, 1 could not run. 2 is wrong usage.
    package var exitStatus: Int32 {
        switch self {
        case .verdict(.pass): 0
        case .verdict(.fail): 100
        case .verdict(.notEnoughEvidence): 101
        case .noVerdict: 1
        }
    }

    /// In words: `pass`, `fail`, `not enough evidence`, `cancelled`.
    package var word: String {
        switch self {
        case .verdict(.pass): "pass"
        case .verdict(.fail): "fail"
        case .verdict(.notEnoughEvidence): "not enough evidence"
        case .noVerdict(let state, _): state
        }
    }
}
