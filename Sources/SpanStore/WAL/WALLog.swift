import FileSystem

/// The log's files as one thread writes them: begins and recycles files, writes groups, makes them durable.
///
/// Confined to the log's thread (in tests: to the test). Only `table` is shared.
///
/// A failed write or fdatasync gives the file up: what it holds beyond the last durable LSN was never acknowledged, and
/// the next file's header says so. LSNs of a failed group are not used again. A full disk is different: nothing was
/// promised, the space behind the last group is simply free, and the next group is written over it.
final class WALLog {
    private let fileSystem: any FileSystem
    private let configuration: WALConfiguration
    private let makeSalt: () -> UInt64
    private let table: SharedWALFileTable

    private var current: CurrentFile?
    private var nextLSN: UInt64
    private(set) var durableLSN: UInt64
    private var nextFileNumber: UInt64
    private var previousFileNumber: UInt64
    /// Where its last group ends.
    private var previousEndByteOffset: Int
    private var lastReceivedUnixNano: UInt64
    private(set) var counters = Counters()
    private var scrubber: WALScrubber
    private let writer: DirectWriter
    /// A group that failed may stand whole behind the last durable one: a start would take it for the end of the log.
    private var mayHoldFailedGroup = false
    private var isGrowingAhead = false
    /// One write: a millisecond or two, which an entry that comes meanwhile has to wait.
    private static let growAheadByteCount = 1 << 20

    struct Counters: Sendable, Equatable {
        var groupCount = 0
        var entryCount = 0
        /// Headers and padding included.
        var writtenByteCount = 0
        var failedGroupCount = 0
        var abandonedFileCount = 0
        var createdFileCount = 0
        var recycledFileCount = 0
        /// Entries of older files that stand in a newer one, too.
        var copiedEntryCount = 0
        var copiedByteCount = 0
        var scrubbedFileCount = 0
        /// The first file that is still to be overwritten after a deletion.
        var firstUnscrubbedFile: UInt64?
        var synchronizeDurations = DurationHistogram()
    }

    private struct CurrentFile {
        let number: UInt64
        let file: any File
        let salt: UInt64
        /// Where the next group goes.
        var position: Int
        /// Bytes that exist on disk: overwriting them needs no metadata.
        var allocatedByteCount: Int
    }

    init(
        fileSystem: any FileSystem, configuration: WALConfiguration, position: WALPosition, table: SharedWALFileTable,
        makeSalt: @escaping () -> UInt64 = { UInt64.random(in: 1...UInt64.max) }
    ) {
        self.fileSystem = fileSystem
        self.configuration = configuration
        self.makeSalt = makeSalt
        self.table = table
        nextLSN = position.nextLSN
        durableLSN = position.durableLSN
        nextFileNumber = position.nextFileNumber
        previousFileNumber = position.previousFileNumber
        previousEndByteOffset = position.previousEndByteOffset
        lastReceivedUnixNano = position.lastReceivedUnixNano
        writer = DirectWriter(byteCount: configuration.writeByteCount)
        scrubber = WALScrubber(fileSystem: fileSystem, directory: configuration.directory)
        counters.firstUnscrubbedFile = scrubber.firstDue(table)
    }

    /// Writes the entries as one group and makes them durable. All or none.
    func append(_ submitted: [WALEntry]) throws(StoreError) -> [WALReceipt] {
        var entries = submitted
        var received = lastReceivedUnixNano
        for index in entries.indices {
            received = max(received, entries[index].receivedUnixNano)
            entries[index].receivedUnixNano = received
            entries[index].lsn = nextLSN + UInt64(index)
        }
        do throws(StoreError) {
            try write(.entries, entries)
        } catch {
            counters.failedGroupCount += 1
            throw error
        }
        nextLSN += UInt64(entries.count)
        durableLSN = nextLSN - 1
        lastReceivedUnixNano = received
        counters.entryCount += entries.count
        let receipts = entries.map { WALReceipt(lsn: $0.lsn, receivedUnixNano: $0.receivedUnixNano, partition: $0.partition) }
        table.withLock { table in for entry in entries { table.recorded(entry) } }
        return receipts
    }

    /// Writes the marker that tells an orderly end from a torn one, if anything was written since the start.
    func finish() throws(StoreError) {
        guard current != nil else { return }
        defer { endCurrent() }
        try write(.finalMarker, [])
    }

    /// Writes entries of the oldest file anew, durably, so that it can be let go. False where nothing came of it: the file is not the oldest
    /// any more, what it holds is to be overwritten, or there is no room.
    func append(_ copies: WALCopies) throws(StoreError) -> Bool {
        let oldest = table.withLock { $0.oldestClosedFile }
        guard let oldest, oldest.number == copies.fileNumber, !scrubber.isDue(copies.fileNumber) else { return false }
        let partitions = copies.partitions.intersection(oldest.unsealed.keys)
        let entries = copies.entries.filter { partitions.contains($0.partition) }
        guard !entries.isEmpty else { return false }
        do throws(StoreError) {
            try write(.copies, entries)
        } catch {
            if error.code == .full { return false }
            throw error
        }
        table.withLock { $0.moved(entries, of: partitions, from: copies.fileNumber) }
        counters.copiedEntryCount += entries.count
        counters.copiedByteCount += entries.reduce(0) { $0 + $1.bodyLength }
        return true
    }

    /// From here on no file holds both entries of before and entries to come, and those of before are overwritten with zeros once all they
    /// hold is sealed. Remembered across restarts when this returns. Answers the last file that is meant.
    func beginScrub() throws(StoreError) -> UInt64 {
        let last = nextFileNumber - 1
        do throws(FileSystemError) { try scrubber.begin(throughFile: last) } catch {
            throw StoreError(error, while: "noting that the log is to be scrubbed")
        }
        endCurrent()
        // What nobody heard was stored is to be gone as well: the next file's header says where this one ends.
        if mayHoldFailedGroup { try beginFile(roomFor: 0) }
        counters.firstUnscrubbedFile = scrubber.firstDue(table)
        return last
    }

    /// Overwrites a few megabytes of what is to be scrubbed. False where there is nothing to do now.
    func scrubStep() -> Bool {
        do throws(FileSystemError) {
            let isMore = try scrubber.step(table)
            counters.scrubbedFileCount = scrubber.scrubbedFileCount
            counters.firstUnscrubbedFile = scrubber.firstDue(table)
            return isMore
        } catch {
            // The file stays as it is and is tried again when the next one is let go.
            return false
        }
    }

    /// Removes the files that wait to be used again, the oldest first: a log without them looks as if they had been used. Answers the bytes
    /// that are free now. One that cannot be removed stays, and so do those behind it.
    ///
    /// - Parameter currentByteCount: the current file goes, too, where it takes more than this and all it holds is sealed; nil: it stays.
    func removeSpares(withCurrentOver currentByteCount: Int? = nil) -> Int {
        // A group that failed would count, were the file found without one behind it: it ends with the next file's header.
        if let currentByteCount, !mayHoldFailedGroup, current != nil {
            if table.withLock({ $0.sealedCurrentByteCount }) > currentByteCount { endCurrent() }
        }
        var removedByteCount = 0
        while let spare = table.withLock({ $0.takeSpare() }) {
            do throws(FileSystemError) {
                // What was deleted is overwritten before its blocks are given to others.
                if scrubber.isDue(spare.number) { while try !scrubber.step(on: spare) {} }
                try fileSystem.remove(FilePath.join(configuration.directory, WALFileName.name(of: spare.number)))
                // One by one: after a loss of power a younger one must not be gone while an older one is there.
                try fileSystem.synchronizeDirectory(configuration.directory)
                removedByteCount += spare.byteCount
            } catch {
                if error.code == .notFound { continue }
                table.withLock { $0.putBack(spare) }
                break
            }
        }
        counters.scrubbedFileCount = scrubber.scrubbedFileCount
        counters.firstUnscrubbedFile = scrubber.firstDue(table)
        return removedByteCount
    }

    private func write(_ kind: WALGroupHeader.Kind, _ entries: [WALEntry]) throws(StoreError) {
        let upperBound = WALGroupHeader.paddedByteCount(
            payloadByteCount: entries.reduce(0) { $0 + WALEntryCoding.maximumByteCount(of: $1) })
        let target = try fileWithRoom(for: upperBound)
        let group = WALGroupEncoder(
            kind, entries: entries, firstLSN: nextLSN, durableLSN: durableLSN, byteOffset: target.position, salt: target.salt)
        mayHoldFailedGroup = true
        do throws(FileSystemError) {
            try group.write(to: target.file, through: writer)
        } catch {
            if error.code == .noSpace { throw StoreError(error, while: "writing the log") }
            throw abandonCurrent(entryCount: kind == .entries ? entries.count : 0, because: error)
        }
        do throws(FileSystemError) {
            let start = ContinuousClock.now
            try target.file.synchronizeData()
            counters.synchronizeDurations.record(ContinuousClock.now - start)
        } catch {
            // Whatever the number says: nobody knows what of the group is on disk.
            throw abandonCurrent(entryCount: kind == .entries ? entries.count : 0, because: error)
        }
        mayHoldFailedGroup = false
        let position = target.position + group.byteCount
        current?.position = position
        table.withLock { $0.filled(to: position) }
        counters.groupCount += 1
        counters.writtenByteCount += group.byteCount
    }

    private func abandonCurrent(entryCount: Int, because error: FileSystemError) -> StoreError {
        endCurrent()
        nextLSN += UInt64(entryCount)
        counters.abandonedFileCount += 1
        return StoreError(
            .poisoned, "the log file failed and is given up; this request is not stored, send it again: \(error)", cause: error)
    }

    // MARK: - Files

    /// The current file takes no more entries.
    private func endCurrent() {
        if let current { previousEndByteOffset = current.position }
        current?.file.close()
        current = nil
        isGrowingAhead = false
        table.withLock { $0.ended() }
    }

    /// The current file if it has room for a group of this size, else the next one.
    private func fileWithRoom(for byteCount: Int) throws(StoreError) -> CurrentFile {
        if let file = current, file.position + byteCount <= configuration.fileByteCount, try grow(for: byteCount) || !hasSpare {
            guard let grown = current, grown.position + byteCount <= grown.allocatedByteCount else { throw full() }
            return grown
        }
        try beginFile(roomFor: byteCount)
        guard let begun = current, try grow(for: byteCount) else { throw full() }
        return current ?? begun
    }

    private var hasSpare: Bool { table.withLock { !$0.spares.isEmpty } }

    private func full() -> StoreError {
        let (byteCount, pins) = table.withLock { ($0.totalByteCount, $0.oldestUnsealedPartitions) }
        return StoreError(
            .full,
            "the log holds \(byteCount) bytes of at most \(configuration.maximumTotalByteCount) and its oldest file is pinned by "
                + "\(pins.count) unsealed partitions; it empties when they are sealed")
    }

    /// Writes zeros so that a group of `byteCount` fits in what exists on disk. False if the cap forbids it.
    private func grow(for byteCount: Int) throws(StoreError) -> Bool {
        guard let file = current else { return false }
        let needed = file.position + byteCount
        if needed <= file.allocatedByteCount { return true }
        let step = configuration.zeroStepByteCount
        let target = min((needed + step - 1) / step * step, maximumByteCount(of: file))
        guard target >= needed else { return false }
        try extend(file, to: target)
        return true
    }

    /// Writes some of the zeros that the next groups will need. To be called while nothing waits: true while there are more to write.
    func growAhead() -> Bool {
        guard let file = current else { return false }
        let wanted = min(file.position + configuration.zeroAheadByteCount, maximumByteCount(of: file))
        let isShort = file.allocatedByteCount < wanted
        // Not a little after every group: what makes the new length durable costs more than the zeros.
        let isDue = isShort && file.allocatedByteCount - file.position < configuration.zeroAheadByteCount / 2
        guard isGrowingAhead || isDue else { return false }
        isGrowingAhead = isShort
        do throws(StoreError) {
            if isGrowingAhead {
                try extend(file, to: min(wanted, file.allocatedByteCount + Self.growAheadByteCount))
            } else {
                do throws(FileSystemError) { try file.file.synchronizeData() } catch { throw abandonCurrent(entryCount: 0, because: error) }
            }
        } catch {
            // A full disk is told to the group that has no room.
            isGrowingAhead = false
        }
        return isGrowingAhead
    }

    /// Its length as far as the file's own limit and the log's cap let it grow.
    private func maximumByteCount(of file: CurrentFile) -> Int {
        let free = configuration.maximumTotalByteCount - table.withLock { $0.totalByteCount }
        return min(configuration.fileByteCount, file.allocatedByteCount + free)
    }

    private func extend(_ file: CurrentFile, to byteCount: Int) throws(StoreError) {
        do throws(FileSystemError) {
            try file.file.writeZeros(at: file.allocatedByteCount, count: byteCount - file.allocatedByteCount)
        } catch {
            if error.code == .noSpace { throw StoreError(error, while: "making room in the log") }
            throw abandonCurrent(entryCount: 0, because: error)
        }
        current?.allocatedByteCount = byteCount
        table.withLock { $0.grew(to: byteCount) }
    }

    private func beginFile(roomFor byteCount: Int) throws(StoreError) {
        let spare = table.withLock { $0.takeSpare() }
        let total = table.withLock { $0.totalByteCount }
        guard spare != nil || total + WALFileHeader.pageByteCount + byteCount <= configuration.maximumTotalByteCount else { throw full() }
        let number = nextFileNumber
        nextFileNumber += 1
        let header = WALFileHeader(
            salt: makeSalt(), fileNumber: number, firstLSN: nextLSN, previousFileNumber: previousFileNumber,
            previousValidThroughLSN: durableLSN, nodeID: configuration.nodeID, fileByteCount: UInt64(configuration.fileByteCount),
            previousEndByteOffset: UInt64(current?.position ?? previousEndByteOffset))
        // From here on a crash may find the new header, which ends the file before it, whether or not this succeeds.
        endCurrent()
        let begun: CurrentFile
        do throws(FileSystemError) {
            begun = try createFile(header, recycling: spare)
        } catch {
            throw StoreError(error, while: "beginning log file \(number)")
        }
        current = begun
        mayHoldFailedGroup = false
        previousFileNumber = number
        if spare == nil { counters.createdFileCount += 1 } else { counters.recycledFileCount += 1 }
        table.withLock { $0.began(number: number, byteCount: begun.allocatedByteCount, firstLSN: header.firstLSN) }
    }

    /// A file with this header, durable under its name. On an error nothing of it stays, as far as the disk allows.
    private func createFile(_ header: WALFileHeader, recycling spare: WALFileTable.Spare?) throws(FileSystemError) -> CurrentFile {
        let path = FilePath.join(configuration.directory, WALFileName.name(of: header.fileNumber))
        if let spare {
            // Else what was deleted would lie behind the new entries.
            if scrubber.isDue(spare.number) {
                do throws(FileSystemError) { while try !scrubber.step(on: spare) {} } catch {
                    table.withLock { $0.putBack(spare) }
                    throw error
                }
            }
            do throws(FileSystemError) {
                try fileSystem.rename(FilePath.join(configuration.directory, WALFileName.name(of: spare.number)), to: path)
            } catch {
                if error.code != .notFound { table.withLock { $0.putBack(spare) } }
                throw error
            }
        }
        do throws(FileSystemError) {
            let file = try fileSystem.open(path, spare == nil ? .create : .readWrite)
            try file.write(header.encoded(), at: 0)
            try file.synchronizeData()
            try fileSystem.synchronizeDirectory(configuration.directory)
            return CurrentFile(
                number: header.fileNumber, file: file, salt: header.salt, position: WALFileHeader.pageByteCount,
                allocatedByteCount: max(spare?.byteCount ?? 0, WALFileHeader.pageByteCount))
        } catch {
            discard(path, header.fileNumber)
            throw error
        }
    }

    /// A file that was begun in vain goes, or is kept in mind if it cannot go: left alone below younger files that are
    /// recycled in time, it would make them look lost.
    private func discard(_ path: String, _ number: UInt64) {
        do throws(FileSystemError) {
            try fileSystem.remove(path)
        } catch {
            if error.code != .notFound { table.withLock { $0.putBack(WALFileTable.Spare(number: number, byteCount: 0)) } }
        }
    }
}
