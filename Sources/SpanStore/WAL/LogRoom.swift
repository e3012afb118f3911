/// Decides what is done for room in the log as it fills: what its oldest file holds is sealed, or copied where it is so little that a segment
/// of it would be a waste. A pure value; `SpanStore` asks it with every append once half of the log is in use, and does what it says.
///
/// What a file holds does not change any more, so there is one decision for each, and a second one, to seal all that is left, if the first
/// did not bring the file's end before the log is nearly full: a copy that came to nothing, seals that failed.
struct LogRoom {
    enum Decision: Equatable {
        case nothing
        /// `copied` once `sealed` is sealed.
        case make(sealed: [PartitionID], copied: [PartitionID: WALFileTable.Share])
        /// Whatever pins the log.
        case sealAll
    }

    /// From here on something is done: the other half is filled meanwhile.
    static let busyPart = 0.5
    /// From here on there is no time for anything but seals.
    static let fullPart = 7.0 / 8
    private var decidedFile: UInt64?
    private var isCopying = false
    private let maximumShareByteCount: Int
    private let maximumByteCount: Int

    init(_ configuration: WALConfiguration) {
        maximumShareByteCount = configuration.maximumCopiedShareByteCount
        maximumByteCount = configuration.maximumCopiedByteCount
    }

    /// Whether `decide` has anything to say. Cheap.
    func isAsked(_ oldestFile: UInt64?, usedPart: Double) -> Bool {
        guard usedPart > Self.busyPart else { return false }
        return oldestFile == nil || oldestFile != decidedFile || usedPart > Self.fullPart && !isCopying
    }

    /// - Parameters:
    ///   - oldest: the oldest file and what pins it, where it takes no more entries.
    ///   - mayCopy: not while something deleted waits to leave the log.
    mutating func decide(
        _ oldest: (number: UInt64, unsealed: [PartitionID: WALFileTable.Share])?, usedPart: Double, mayCopy: Bool
    ) -> Decision {
        guard isAsked(oldest?.number, usedPart: usedPart) else { return .nothing }
        guard let oldest, oldest.number != decidedFile else { return .sealAll }
        decidedFile = oldest.number
        guard mayCopy, usedPart <= Self.fullPart else { return .sealAll }
        var copied: [PartitionID: WALFileTable.Share] = [:], byteCount = 0
        let bySize = oldest.unsealed.sorted { ($0.value.byteCount, $0.key) < ($1.value.byteCount, $1.key) }
        for (partition, share) in bySize {
            byteCount += share.byteCount
            guard share.byteCount <= maximumShareByteCount, byteCount <= maximumByteCount else { break }
            copied[partition] = share
        }
        isCopying = !copied.isEmpty
        return .make(sealed: oldest.unsealed.keys.filter { copied[$0] == nil }.sorted(), copied: copied)
    }

    /// The copies are written, or came to nothing.
    mutating func copied() { isCopying = false }
}
