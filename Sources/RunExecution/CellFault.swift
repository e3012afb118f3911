/// Why a target gave no answer, and whether it is worth another try; and why none of a run's cells can have one.

import ByteCoding
import Metastore

/// A run cannot go on as it was made: it fails at once, as every further cell would.
package struct RunFault: Error, Sendable, Equatable {
    /// For people: lower case, without a trailing period.
    package let reason: String

    package init(_ reason: String) { self.reason = reason }
}

package struct CellFault: Error, Sendable, Equatable {
    /// `rate_limited`, `invalid`, ...: for people and filters.
    package var kind: String
    /// Lower case, without a trailing period; never with a key.
    package var message: String
    package var isTransient: Bool
    /// What the other side asked for.
    package var retryAfterSeconds: Double?
    /// On calls that were made before it came to this.
    package var spent = CellSpending()

    package init(_ kind: String, _ message: String, isTransient: Bool = false, retryAfterSeconds: Double? = nil) {
        self.kind = kind
        self.message = message
        self.isTransient = isTransient
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// Of a command line whose command failed; nil for what says nothing of the kind. Its words are the command's.
    init?(checkpoint: [UInt8]) {
        guard let error = (try? JSONValue.parse(checkpoint))?["error"], let message = error["message"]?.stringValue else { return nil }
        let status = error["exit_status"]?.integerValue.map { " (exit status \($0))" } ?? ""
        self.init("command", message + status)
    }

    var json: [UInt8] {
        JSONValue.object([JSONMember(key: "kind", value: .string(kind)), JSONMember(key: "message", value: .string(message))]).bytes
    }

    /// Seconds until the attempt after the given one (from 1); nil when there is none. What the other side asked for is obeyed, and is an
    /// end of it when it is more than anybody waits for; else exponential with full jitter. `random`: from 0 to 1.
    func retryDelay(afterAttempt attempt: Int, maximumAttemptCount: Int, random: Double) -> Double? {
        guard isTransient, attempt < maximumAttemptCount else { return nil }
        // A header may spell any number, or none.
        let asked = retryAfterSeconds.flatMap { $0.isNaN ? nil : $0 } ?? 0
        guard asked <= RunExecutionLimits.maximumObeyedDelaySeconds else { return nil }
        let ceiling = min(
            RunExecutionLimits.maximumRetryDelaySeconds,
            RunExecutionLimits.firstRetryDelaySeconds * Double(1 << min(attempt - 1, 16)))
        return max(asked, ceiling * random)
    }
}
