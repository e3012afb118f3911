import FileSystem
import Synchronization
import TraceModel

/// Taking memtables out of use, so that they are sealed: because they are full, or for room in the log.
extension SpanStore {
    /// Takes memtables out of use and has them sealed. Apply queue only: every LSN they will ever hold is in them.
    func freeze(_ partitions: [PartitionID]) {
        let (before, frozenCount) = state.withLock { ($0.frozenCount, $0.freeze(partitions)) }
        if frozenCount > before { sealQueue.async { [self] in sealFrozen(through: frozenCount) } }
    }

    /// Apply queue only. A partition that is being sealed already is left alone: its new rows do not pin the oldest file.
    func freezeWhatPinsTheLog() {
        let pinning = wal.oldestUnsealedPartitions
        let sealing = state.withLock { state in Set(state.frozen.map(\.partition)) }
        freeze(pinning.filter { !sealing.contains($0) })
    }

    /// Once half of the log is in use, what its oldest file holds is sealed, or copied into the current one. Apply queue only.
    func makeRoomInTheLog() {
        let usedPart = Double(wal.filledByteCount) / Double(walCapacityByteCount)
        guard usedPart > LogRoom.busyPart, logRoom.withLock({ $0.isAsked(wal.oldestClosedFileNumber, usedPart: usedPart) }) else { return }
        let oldest = wal.oldestClosedFile, mayCopy = !isScrubPending
        switch logRoom.withLock({ $0.decide(oldest, usedPart: usedPart, mayCopy: mayCopy) }) {
        case .nothing: return
        case .sealAll: freezeWhatPinsTheLog()
        case .make(let sealed, let copied):
            let sealing = state.withLock { state in Set(state.frozen.map(\.partition)) }
            freeze(sealed.filter { !sealing.contains($0) })
            guard let number = oldest?.number, !copied.isEmpty else { return }
            // Behind the seals: of what they seal nothing need be copied.
            sealQueue.async { [self] in copy(copied, fromFile: number) }
        }
    }

    /// Seal queue only. Where it cannot be done the entries stay where they are, and are sealed when the log is nearly full.
    private func copy(_ shares: [PartitionID: WALFileTable.Share], fromFile number: UInt64) {
        let copies: WALCopies?
        do throws(FileSystemError) {
            copies = try WALCopies.read(shares, from: number, configuration.fileSystem, directory: StoreFileNames.wal(configuration.root))
        } catch {
            copies = nil
            if error.code != .notFound { configuration.log(.warning, "log file \(number) could not be read to be let go: \(error)") }
        }
        guard let copies else { return logRoom.withLock { $0.copied() } }
        wal.copy(copies) { [self] _ in logRoom.withLock { $0.copied() } }
    }
}
