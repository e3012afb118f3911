import Synchronization

/// Which log files hold what, and which may be used again. A pure value: told of events, asked for the next step.
///
/// A file is held until every partition with entries in it is sealed past them, or they stand in a newer file as well. Files
/// are let go oldest first, so that the files of the log always form one chain; a file let go becomes a spare and is renamed
/// to the next number when the current one is full.
struct WALFileTable: Sendable {
    struct Held: Sendable, Equatable {
        var number: UInt64
        /// Bytes the file takes on disk.
        var byteCount: Int
        var shares: [PartitionID: Share] = [:]
        /// The LSN from which its entries start, copies among them: tells how far the log reaches back.
        var firstLSN: UInt64

        mutating func record(_ entry: WALEntry) {
            shares[entry.partition, default: Share()].record(entry)
            firstLSN = min(firstLSN, entry.lsn)
        }
    }

    /// What one partition has in a file.
    struct Share: Sendable, Equatable {
        var lastLSN: UInt64 = 0
        var entryCount = 0
        /// Wrapping. Together with the count it tells whether entries read from the file are these.
        var lsnSum: UInt64 = 0
        /// Of entries, heads among them.
        var byteCount = 0

        mutating func record(_ entry: WALEntry) {
            lastLSN = max(lastLSN, entry.lsn)
            entryCount += 1
            lsnSum &+= entry.lsn
            byteCount += WALEntryCoding.maximumByteCount(of: entry)
        }
    }

    struct Spare: Sendable, Equatable {
        var number: UInt64
        var byteCount: Int
    }

    /// Oldest first; the last one is the current file while `isCurrentOpen`.
    private(set) var held: [Held] = []
    private(set) var spares: [Spare] = []
    private(set) var isCurrentOpen = false
    /// Where the current file's groups end.
    private var currentPosition = 0
    /// How far each partition is sealed; forgotten once no file holds entries of it.
    private var sealedLSN: [PartitionID: UInt64]
    /// Below it everything is sealed (`ManifestRecord.logStart`).
    private let logStartLSN: UInt64

    init(held: [Held] = [], spares: [Spare] = [], sealedLSN: [PartitionID: UInt64] = [:], logStartLSN: UInt64 = 0) {
        self.logStartLSN = logStartLSN
        self.held = held
        self.spares = spares
        self.sealedLSN = sealedLSN
        releaseOldest()
    }

    var heldByteCount: Int { held.reduce(0) { $0 + $1.byteCount } }
    /// Of these, without what the current file has left: one that is used again has its whole size from the start.
    var filledByteCount: Int { heldByteCount - (isCurrentOpen ? max(0, (held.last?.byteCount ?? 0) - currentPosition) : 0) }
    var totalByteCount: Int { spares.reduce(heldByteCount) { $0 + $1.byteCount } }

    /// Bytes of the current file where all its entries are sealed and no older file is held: it could end here. 0 else.
    var sealedCurrentByteCount: Int {
        guard isCurrentOpen, held.count == 1, held[0].shares.allSatisfy({ isSealed($0.key, $0.value.lastLSN) }) else { return 0 }
        return held[0].byteCount
    }

    /// The LSN from which the log still holds entries; nil when it holds none.
    var firstHeldLSN: UInt64? { held.lazy.map(\.firstLSN).min() }

    /// Partitions that keep the oldest file from being let go, the one with the oldest entries first.
    var oldestUnsealedPartitions: [PartitionID] {
        for file in held {
            let unsealed = unsealedShares(of: file)
            if !unsealed.isEmpty { return unsealed.sorted { $0.value.lastLSN < $1.value.lastLSN }.map(\.key) }
        }
        return []
    }

    /// The oldest file where it takes no more entries, and what keeps it from being let go.
    var oldestClosedFile: (number: UInt64, unsealed: [PartitionID: Share])? {
        guard let oldest = held.first, oldestClosedFileNumber != nil else { return nil }
        return (oldest.number, unsealedShares(of: oldest))
    }

    var oldestClosedFileNumber: UInt64? { held.count > 1 || !isCurrentOpen ? held.first?.number : nil }

    private func unsealedShares(of file: Held) -> [PartitionID: Share] { file.shares.filter { !isSealed($0.key, $0.value.lastLSN) } }

    mutating func began(number: UInt64, byteCount: Int, firstLSN: UInt64) {
        held.append(Held(number: number, byteCount: byteCount, firstLSN: firstLSN))
        isCurrentOpen = true
        currentPosition = 0
        releaseOldest()
    }

    /// The current file's groups end here now.
    mutating func filled(to position: Int) { currentPosition = position }

    mutating func grew(to byteCount: Int) {
        guard isCurrentOpen else { return }
        held[held.count - 1].byteCount = max(held[held.count - 1].byteCount, byteCount)
    }

    mutating func recorded(_ entry: WALEntry) {
        guard isCurrentOpen else { return }
        held[held.count - 1].record(entry)
    }

    /// Entries of a file stand in the current one now, all that these partitions had in it: it holds nothing of theirs any more.
    mutating func moved(_ entries: [WALEntry], of partitions: Set<PartitionID>, from number: UInt64) {
        guard isCurrentOpen, let source = held.firstIndex(where: { $0.number == number }), source < held.count - 1 else { return }
        for entry in entries { held[held.count - 1].record(entry) }
        for partition in partitions { held[source].shares[partition] = nil }
        releaseOldest()
    }

    /// The current file is full, failed or closed: it takes no more entries.
    mutating func ended() {
        isCurrentOpen = false
        releaseOldest()
    }

    mutating func sealed(_ partition: PartitionID, through lsn: UInt64) {
        sealedLSN[partition] = max(sealedLSN[partition] ?? 0, lsn)
        let heldCount = held.count
        releaseOldest()
        // Looking through all of them after every seal would cost more than the seal where there are thousands.
        guard held.count < heldCount || sealedLSN.count > 2 * (held.map(\.shares.count).max() ?? 0) + 64 else { return }
        sealedLSN = sealedLSN.filter { sealed in held.contains { $0.shares[sealed.key] != nil } }
    }

    /// The oldest spare. Oldest first, so that a missing number below an existing one always means a lost file.
    mutating func takeSpare() -> Spare? {
        guard let index = spares.indices.min(by: { spares[$0].number < spares[$1].number }) else { return nil }
        return spares.remove(at: index)
    }

    /// The numbers of all files, those of spares included.
    var numbers: [UInt64] { held.map(\.number) + spares.map(\.number) }

    /// The spare could not be used after all and is still there.
    mutating func putBack(_ spare: Spare) { spares.append(spare) }

    private func isSealed(_ partition: PartitionID, _ lsn: UInt64) -> Bool {
        lsn < logStartLSN || sealedLSN[partition].map { $0 >= lsn } ?? false
    }

    private mutating func releaseOldest() {
        while let oldest = held.first, held.count > 1 || !isCurrentOpen, oldest.shares.allSatisfy({ isSealed($0.key, $0.value.lastLSN) }) {
            held.removeFirst()
            spares.append(Spare(number: oldest.number, byteCount: oldest.byteCount))
        }
    }
}

/// The table behind a lock: the log's thread records, any thread releases and asks.
final class SharedWALFileTable: Sendable {
    private let table: Mutex<WALFileTable>

    init(_ table: WALFileTable) { self.table = Mutex(table) }

    func withLock<R: Sendable>(_ body: (inout WALFileTable) -> R) -> R { table.withLock { body(&$0) } }
}
