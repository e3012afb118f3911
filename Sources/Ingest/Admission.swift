/// Admission by bytes in flight: a request takes its share before its body is held and gives it back when it is answered.

import Synchronization

package final class AdmissionControl: Sendable {
    private let limits: IngestLimits
    private let byteCountInFlight = Atomic<Int>(0)

    package init(limits: IngestLimits) { self.limits = limits }

    /// Bytes counted against the budget now.
    package var currentByteCount: Int { byteCountInFlight.load(ordering: .relaxed) }

    /// A request without a share yet.
    package func begin() -> Admission { Admission(control: self) }

    fileprivate func take(_ byteCount: Int) throws(IngestError) {
        let (_, after) = byteCountInFlight.add(byteCount, ordering: .relaxed)
        guard after > limits.maximumByteCountInFlight else { return }
        // One request alone may always pass, or a budget below three times the largest body would refuse that body for ever.
        guard after > byteCount else { return }
        byteCountInFlight.subtract(byteCount, ordering: .relaxed)
        throw IngestError(
            .overloaded, "the server holds as many requests as it has memory for; try again", retryAfterSeconds: limits.retryAfterSeconds)
    }

    fileprivate func giveBack(_ byteCount: Int) { byteCountInFlight.subtract(byteCount, ordering: .relaxed) }
}

/// The share of one request; given back when the last reference goes.
package final class Admission: Sendable {
    private let control: AdmissionControl
    private let taken = Mutex(0)

    fileprivate init(control: AdmissionControl) { self.control = control }

    deinit { control.giveBack(taken.withLock { $0 }) }

    /// Makes the share large enough for an export of this size.
    package func reserve(bodyByteCount: Int) throws(IngestError) {
        try reserve(byteCount: bodyByteCount * IngestLimits.bytesInFlightPerBodyByte)
    }

    /// Makes the share at least this large.
    package func reserve(byteCount wanted: Int) throws(IngestError) {
        try taken.withLock { (taken) throws(IngestError) in
            guard wanted > taken else { return }
            try control.take(wanted - taken)
            taken = wanted
        }
    }
}
