/// How long an append waits when sealing falls behind: a sender that is slowed down loses nothing, one that is refused has to come back.
///
/// Without it, ingest takes the processors from sealing until the log or the memory for memtables is full, and then refuses whole seconds
/// of requests whose bodies were read and decoded for nothing. Pure.
enum AppendPacing {
    /// Up to this part of the room nobody waits: a memtable being sealed while the next one fills is the normal state.
    static let freePart = 0.55
    /// From here to full, waits grow as the square of what is left: they settle where senders are as fast as sealing.
    static let maximumDelayMilliseconds = 80.0

    /// - Parameters:
    ///   - logPart: of the log's capacity, what replay would read.
    ///   - memoryPart: of the memory for memtables, what is held.
    static func delayMilliseconds(logPart: Double, memoryPart: Double) -> Double {
        let load = min(1, max(logPart, memoryPart))
        guard load > freePart else { return 0 }
        let excess = (load - freePart) / (1 - freePart)
        return maximumDelayMilliseconds * excess * excess
    }
}
