/// Whether the store has time for work that nobody waits for: little has come in lately. A pure value.
struct IdleMeter {
    private var mark: (unixNano: UInt64, byteCount: Int)?
    private var isIdle = false

    /// - Parameter byteCount: written to the log since the store was opened. It is compared with what it was at least
    ///   `idleSpanSeconds` ago; so the first look never finds the store idle.
    mutating func isIdle(byteCount: Int, nowUnixNano now: UInt64, limits: StoreLimits) -> Bool {
        let span = UInt64(max(1, limits.idleSpanSeconds)) * 1_000_000_000
        guard let mark, now >= mark.unixNano, byteCount >= mark.byteCount else {
            self.mark = (now, byteCount)
            isIdle = false
            return false
        }
        // A burst counts at once, quiet only when it has lasted.
        if byteCount - mark.byteCount > limits.maximumIdleByteRate * max(1, limits.idleSpanSeconds) { isIdle = false }
        guard now - mark.unixNano >= span else { return isIdle }
        let seconds = Double(now - mark.unixNano) / 1e9
        isIdle = Double(byteCount - mark.byteCount) <= seconds * Double(limits.maximumIdleByteRate)
        self.mark = (now, byteCount)
        return isIdle
    }
}
