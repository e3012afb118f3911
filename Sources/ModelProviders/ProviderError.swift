/// The one error of this target: what became of a call in the end, and of each of its tries.

import GenAIConventions

package struct ProviderError: Error, Sendable, Equatable, CustomStringConvertible {
    package var fault: ProviderFault
    /// Every try in order; empty when none was made: the request could not be said in the dialect, the budget or the circuit
    /// let nothing through.
    package var attempts: [ProviderAttempt]

    package init(_ fault: ProviderFault, attempts: [ProviderAttempt] = []) {
        self.fault = fault
        self.attempts = attempts
    }

    package init(_ kind: ProviderFault.Kind, _ message: String) { self.init(ProviderFault(kind, message)) }

    package var kind: ProviderFault.Kind { fault.kind }
    package var message: String { fault.message }

    package var description: String { "\(kind.rawValue): \(message)" }
}

/// One try of a call.
package struct ProviderAttempt: Sendable, Hashable {
    /// When the request went out, after the waits for the budget and the back-off.
    package var startUnixNano: UInt64
    package var duration: Duration
    /// How long it waited beforehand, for its turn and after a failed try.
    package var waited: Duration
    /// Nil for the try that brought the answer.
    package var fault: ProviderFault?
    /// What the provider had counted before the try failed: it is paid for. Nil where it said nothing, and for the try that brought the
    /// answer, which has its own.
    package var lostUsage: TokenUsage?

    package init(startUnixNano: UInt64, duration: Duration, waited: Duration = .zero, fault: ProviderFault? = nil) {
        self.startUnixNano = startUnixNano
        self.duration = duration
        self.waited = waited
        self.fault = fault
    }
}
