/// How often browsers of one network may come back from the provider: each time is work, here and there, that nobody has to be anybody
/// for. A pure value, its clock is handed in.

struct CallbackLimit: Sendable {
    private struct Window: Sendable {
        var startNano: Int64
        var count: Int
    }

    private var windows = TwoGenerations<String, Window>(maximumCount: AccessLimits.maximumCallbackNetworkCount)

    /// Counts one. Seconds to wait when it is one too many, which is not counted; nil when it may go on.
    mutating func take(_ network: String, now: Int64) -> Int? {
        var window = windows[network] ?? Window(startNano: now, count: 0)
        let length = AccessLimits.callbackWindowNanoseconds
        if now - window.startNano >= length { window = Window(startNano: now, count: 0) }
        guard window.count < AccessLimits.maximumCallbackCount else {
            return max(1, Int((window.startNano + length - now + 999_999_999) / 1_000_000_000))
        }
        window.count += 1
        windows[network] = window
        return nil
    }
}
