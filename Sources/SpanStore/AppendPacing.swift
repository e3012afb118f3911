/// How long an append waits when sealing falls behind: a sender that is slowed down loses nothing, one that is refused has to come back.
///
/// Without it, ingest takes the processors from sealing until the log or the memory for memtables is full, and then refuses whole seconds
/// of requests whose bodies were read and decoded for nothing. Pure.
enum AppendPacing {
    /// Up to this part of the log nobody waits: what half of it holds is sealed (`LogRoom`) while another fifth fills, the normal state at
    /// half of the load that a machine can take.
    static let freeLogPart = 0.7
    /// The same of the memory for memtables: one is sealed while the next one fills.
    static let freeMemoryPart = 0.55
    /// From here to full, waits grow as the square of what is left: they settle where senders are as fast as sealing.
    static let maximumDelayMilliseconds = 80.0

    /// - Parameters:
    ///   - logPart: of the log's capacity, what holds entries.
    ///   - memoryPart: of the memory for memtables, what is held.
    static func delayMilliseconds(logPart: Double, memoryPart: Double) -> Double {
        let excess = max((logPart - freeLogPart) / (1 - freeLogPart), (memoryPart - freeMemoryPart) / (1 - freeMemoryPart))
        guard excess > 0 else { return 0 }
        return maximumDelayMilliseconds * min(1, excess * excess)
    }
}
