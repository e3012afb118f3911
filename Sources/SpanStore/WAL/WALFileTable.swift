import Synchronization

/// Which log files hold what, and which may be used again. A pure value: told of events, asked for the next step.
///
/// A file is held until every partition with entries in it is sealed past them. Files are let go oldest first, so that
/// the files of the log always form one chain; a file let go becomes a spare and is renamed to the next number when the
/// current one is full.
struct WALFileTable: Sendable {
    struct Held: Sendable, Equatable {
        var number: UInt64
        /// Bytes the file takes on disk.
        var byteCount: Int
        /// The last entry of each partition.
        var lastLSN: [PartitionID: UInt64] = [:]
        /// The LSN from which its entries start: orders files and tells how far the log reaches back.
        var firstLSN: UInt64
    }

    struct Spare: Sendable, Equatable {
        var number: UInt64
        var byteCount: Int
    }

    /// Oldest first; the last one is the current file while `isCurrentOpen`.
    private(set) var held: [Held] = []
    private(set) var spares: [Spare] = []
    private(set) var isCurrentOpen = false
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
    var totalByteCount: Int { spares.reduce(heldByteCount) { $0 + $1.byteCount } }

    /// Bytes of the current file where all its entries are sealed and no older file is held: it could end here. 0 else.
    var sealedCurrentByteCount: Int {
        guard isCurrentOpen, held.count == 1, held[0].lastLSN.allSatisfy({ isSealed($0.key, $0.value) }) else { return 0 }
        return held[0].byteCount
    }

    /// The LSN from which the log still holds entries; nil when it holds none.
    var firstHeldLSN: UInt64? { held.first?.firstLSN }

    /// Partitions that keep the oldest file from being let go, the one with the oldest entries first.
    var oldestUnsealedPartitions: [PartitionID] {
        for file in held {
            let unsealed = file.lastLSN.filter { !isSealed($0.key, $0.value) }
            if !unsealed.isEmpty { return unsealed.sorted { $0.value < $1.value }.map(\.key) }
        }
        return []
    }

    mutating func began(number: UInt64, byteCount: Int, firstLSN: UInt64) {
        held.append(Held(number: number, byteCount: byteCount, firstLSN: firstLSN))
        isCurrentOpen = true
        releaseOldest()
    }

    mutating func grew(to byteCount: Int) {
        guard isCurrentOpen else { return }
        held[held.count - 1].byteCount = max(held[held.count - 1].byteCount, byteCount)
    }

    mutating func recorded(_ partition: PartitionID, lsn: UInt64) {
        guard isCurrentOpen else { return }
        held[held.count - 1].lastLSN[partition] = lsn
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
        guard held.count < heldCount || sealedLSN.count > 2 * (held.map(\.lastLSN.count).max() ?? 0) + 64 else { return }
        sealedLSN = sealedLSN.filter { sealed in held.contains { $0.lastLSN[sealed.key] != nil } }
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
        while let oldest = held.first, held.count > 1 || !isCurrentOpen, oldest.lastLSN.allSatisfy({ isSealed($0.key, $0.value) }) {
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
