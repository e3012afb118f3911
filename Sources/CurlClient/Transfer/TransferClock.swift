/// Which of a transfer's time limits is running and when it runs out: a pure value that is told what happened and when.
///
///     connecting -> waiting for the first byte -> receiving <-> paused (the reader is slow: no clock but the total one)

struct TransferClock {
    private enum Phase { case connecting, waiting, receiving, paused }

    private let timeouts: CurlTimeouts
    private let totalDeadline: ContinuousClock.Instant?
    private var phase = Phase.connecting
    private var phaseStart: ContinuousClock.Instant

    /// - Parameter totalDeadline: given by the first request of a chain of redirects.
    init(_ timeouts: CurlTimeouts, totalDeadline: ContinuousClock.Instant?, now: ContinuousClock.Instant) {
        self.timeouts = timeouts
        self.totalDeadline = totalDeadline
        phaseStart = now
    }

    var isConnecting: Bool { phase == .connecting }

    mutating func connected(at now: ContinuousClock.Instant) {
        guard phase == .connecting else { return }
        enter(.waiting, now)
    }

    /// A header line or a piece of the body came in.
    mutating func received(at now: ContinuousClock.Instant) { enter(.receiving, now) }

    mutating func paused(at now: ContinuousClock.Instant) { enter(.paused, now) }

    mutating func resumed(at now: ContinuousClock.Instant) {
        if phase == .paused { enter(.receiving, now) }
    }

    /// The earliest limit that is running.
    var deadline: (instant: ContinuousClock.Instant, clock: CurlError.Clock)? {
        let own: (Duration?, CurlError.Clock)? =
            switch phase {
            case .connecting: (timeouts.connect, .connect)
            case .waiting: (timeouts.firstByte, .firstByte)
            case .receiving: (timeouts.idle, .idle)
            case .paused: nil
            }
        let phaseDeadline = own.flatMap { limit, clock in limit.map { (instant: phaseStart + $0, clock: clock) } }
        guard let totalDeadline else { return phaseDeadline }
        guard let phaseDeadline, phaseDeadline.instant < totalDeadline else { return (totalDeadline, .total) }
        return phaseDeadline
    }

    private mutating func enter(_ next: Phase, _ now: ContinuousClock.Instant) {
        phase = next
        phaseStart = now
    }
}
