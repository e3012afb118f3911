import ByteCoding
import FileSystem

/// Reads the log after a start, oldest entry first, and hands the store what no segment holds yet.
///
/// Memory is bounded by one group and the copies that are not sealed. The rule for bytes that are no group:
/// - at or below what is known to have been durable (a later group says so in its header, or the next file's header):
///   corruption. The range is copied to the quarantine and reported; reading goes on at the next whole group.
/// - above: the tail of a crash, never acknowledged. The log ends there.
/// The last group of a log that was not closed is the one blind spot: damage to it cannot be told from a torn write.
///
/// Copies of entries (`WALCopies`) are read first, those of all files; they come among the others as their LSNs say. What is copied in a later
/// file pins no earlier one: else all files of a log that had turned over would be held after a start, without one to begin.
///
/// A last group that is whole but not known to be durable, copies among them, may so far live in the system's cache alone, like the file's
/// name and header. It is about to be shown to readers, so all three are made durable before the recovery ends.
package struct WALRecovery {
    let fileSystem: any FileSystem
    let configuration: WALConfiguration
    private let manifest: ManifestState
    let quarantine: Quarantine
    var report = WALRecoveryReport()
    /// Not handed over yet, the next one last.
    private var copies: [WALEntry] = []
    /// Handed over from a copy: the entry itself may be there, too.
    private var copiedLSNs: Set<UInt64> = []
    /// By the LSN of an entry: the place in the chain of the last file where a copy of it stands.
    private var copyPlaces: [UInt64: Int] = [:]

    package init(fileSystem: any FileSystem, configuration: WALConfiguration, manifest: ManifestState) {
        self.fileSystem = fileSystem
        self.configuration = configuration
        self.manifest = manifest
        quarantine = Quarantine(fileSystem: fileSystem, directory: configuration.quarantineDirectory)
    }

    /// Calls `apply` for every entry that is not sealed, in LSN order, on this thread. An error of `apply` ends the recovery.
    package consuming func run(_ apply: (WALEntry) throws(StoreError) -> Void) throws(StoreError) -> WALRecoveryReport {
        let guardrail = try onDisk("preparing the log's recovery") { () throws(FileSystemError) in
            try fileSystem.createDirectory(configuration.directory)
            try fileSystem.createDirectory(configuration.quarantineDirectory)
            return Guardrail(
                marker: try marker(), poisonousLSNs: try quarantine.poisonousLSNs())
        }
        let result = Result { () throws(StoreError) in try read(guardrail, apply) }
        try onDisk("ending the log's recovery") { () throws(FileSystemError) in try guardrail.marker?.clear() }
        try result.get()
        return report
    }

    private mutating func read(_ guardrail: Guardrail, _ apply: (WALEntry) throws(StoreError) -> Void) throws(StoreError) {
        var (chain, spares) = try survey()
        var held: [WALFileTable.Held] = []
        var ends: [Int] = []
        var copiesOfFiles: [[WALEntry]] = []
        for (place, link) in chain.links.enumerated() {
            let found = try readCopies(link)
            for copy in found.entries { copyPlaces[copy.lsn] = place }
            copiesOfFiles.append(found.entries)
            ends.append(found.end)
        }
        copies = copiesOfFiles.joined().sorted { $0.lsn > $1.lsn }
        for (place, link) in chain.links.enumerated() {
            let isLast = place == chain.links.count - 1
            held.append(try replay(link, at: place, through: isLast ? ends[place] : .max, isLast: isLast, guardrail, apply))
        }
        try handOverCopies(below: .max, guardrail, apply)
        for (place, copies) in copiesOfFiles.enumerated() {
            var lsns: Set<UInt64> = []
            for copy in copies where needs(copy.lsn, in: place) && lsns.insert(copy.lsn).inserted { held[place].record(copy) }
        }
        report.fileCount = chain.links.count
        report.position.previousFileNumber = chain.links.last?.header.fileNumber ?? 0
        report.position.nextLSN = lastKnownLSN(chain) + 1
        spares.sort { $0.number < $1.number }
        report.fileTable = WALFileTable(held: held, spares: spares, sealedLSN: manifest.sealedLSN, logStartLSN: manifest.logStartLSN)
    }

    /// What keeps one entry from ending every start.
    private struct Guardrail {
        /// Nil on a full disk: a start without this guard beats no start.
        let marker: ReplayMarker?
        let poisonousLSNs: Set<UInt64>
    }

    private func marker() throws(FileSystemError) -> ReplayMarker? {
        do throws(FileSystemError) {
            return try ReplayMarker(fileSystem: fileSystem, directory: configuration.directory)
        } catch {
            if error.code == .noSpace { return nil }
            throw error
        }
    }

    /// No LSN up to this one is given out again, whether its entry is here, sealed, lost or was never acknowledged.
    private func lastKnownLSN(_ chain: WALChain) -> UInt64 {
        // What lies below the log's start counts as sealed: none of it may be an entry to come, also where no file is left to say so.
        var last = max(report.position.durableLSN, manifest.highestSealedLSN, manifest.logStartLSN == 0 ? 0 : manifest.logStartLSN - 1)
        for link in chain.links {
            last = max(last, link.header.firstLSN == 0 ? 0 : link.header.firstLSN - 1, link.validThroughLSN ?? 0)
        }
        for damage in report.damages { last = max(last, damage.lastLSN ?? 0) }
        return last
    }

    func onDisk<R>(_ activity: String, _ body: () throws(FileSystemError) -> R) throws(StoreError) -> R {
        do throws(FileSystemError) { return try body() } catch { throw StoreError(error, while: activity) }
    }
}

/// The groups.
extension WALRecovery {
    private mutating func replay(
        _ link: WALChain.Link, at place: Int, through end: Int, isLast: Bool, _ guardrail: Guardrail,
        _ apply: (WALEntry) throws(StoreError) -> Void
    ) throws(StoreError) -> WALFileTable.Held {
        let number = link.header.fileNumber
        let path = FilePath.join(configuration.directory, WALFileName.name(of: number))
        let file = try onDisk("opening a log file") { () throws(FileSystemError) in try fileSystem.open(path, .readWrite) }
        defer { file.close() }
        var (reader, byteCount) = try onDisk("opening a log file") { () throws(FileSystemError) in
            (try WALFileReader(file: file, header: link.header, end: end), try file.size())
        }
        var held = WALFileTable.Held(number: number, byteCount: byteCount, firstLSN: link.header.firstLSN)
        // Whole groups of the last file that nothing behind them proves durable.
        var unproven: [WALGroupHeader] = []
        var unprovenCopies: WALGroupHeader?
        report.endedCleanly = false
        report.hasTornTail = false
        reading: while true {
            let before = reader.lastLSN
            switch try onDisk("reading the log", { () throws(FileSystemError) in try reader.next() }) {
            case .group(let group, let payload):
                // Copies are of what was acknowledged, whatever became of their file.
                if let limit = link.validThroughLSN, group.firstLSN > limit, group.kind != .copies {
                    report.abandonedEntryCount += group.entryCount
                    continue
                }
                unproven.removeAll { $0.lastLSN <= group.durableLSN }
                // A group is begun when the one before it is durable.
                unprovenCopies = group.kind == .copies ? group : nil
                report.groupCount += 1
                report.endedCleanly = group.isFinalMarker
                if group.isFinalMarker { continue }
                if group.kind == .copies {
                    if let damage = try Self.damage(in: group, payload) {
                        try keep(
                            file, link, damage, byteOffset: group.byteOffset, byteCount: group.paddedByteCount, from: nil, to: nil)
                    }
                    continue
                }
                unproven.append(group)
                report.position.durableLSN = max(report.position.durableLSN, group.lastLSN)
                if let damage = try replay(group, payload, at: place, into: &held, guardrail, apply) {
                    try keep(
                        file, link, damage, byteOffset: group.byteOffset, byteCount: group.paddedByteCount, from: group.firstLSN,
                        to: group.lastLSN)
                }
            case .gap(let gap):
                // Behind a group that failed nothing in this file counts.
                let next = gap.next.flatMap { next in link.validThroughLSN.map { next.firstLSN > $0 } ?? false ? nil : next }
                let promised = max(next?.durableLSN ?? 0, link.validThroughLSN ?? 0)
                // Copies have no LSNs that could be missing: what stands behind them says that they were durable, or the file after this one.
                guard promised > before || next != nil || gap.byteOffset < link.endByteOffset ?? 0 else {
                    if isLast { report.position.previousEndByteOffset = gap.byteOffset }
                    report.hasTornTail = isLast && gap.broken != nil
                    break reading
                }
                let last = next.map { $0.firstLSN - 1 } ?? promised
                try keep(
                    file, link, "acknowledged entries are damaged", byteOffset: gap.byteOffset, byteCount: gap.byteCount,
                    from: last > before ? before + 1 : nil, to: last > before ? last : nil)
                report.endedCleanly = false
                if next == nil { break reading }
            }
        }
        if isLast { try settle(unproven + (unprovenCopies.map { [$0] } ?? []), in: file) }
        return held
    }

    /// Hands over the entries of a group. Returns what is wrong with it, if its bytes are whole and make no sense.
    private mutating func replay(
        _ group: WALGroupHeader, _ payload: [UInt8], at place: Int, into held: inout WALFileTable.Held, _ guardrail: Guardrail,
        _ apply: (WALEntry) throws(StoreError) -> Void
    ) throws(StoreError) -> String? {
        var offset = 0
        for index in 0..<group.entryCount {
            let entry: WALEntry
            do throws(WALDecodingError) {
                entry = try payload.withUnsafeBufferPointer { (bytes) throws(WALDecodingError) in
                    var reader = ByteReader(UnsafeRawBufferPointer(bytes), offset: offset)
                    defer { offset = reader.offset }
                    return try WALEntryCoding.decode(&reader)
                }
            } catch {
                return try Self.reason(error)
            }
            guard entry.lsn == group.firstLSN + UInt64(index) else { return "entry \(entry.lsn) stands out of order" }
            report.position.lastReceivedUnixNano = max(report.position.lastReceivedUnixNano, entry.receivedUnixNano)
            try handOverCopies(below: entry.lsn, guardrail, apply)
            if !copiedLSNs.contains(entry.lsn) { try handOver(entry, guardrail, apply) }
            if needs(entry.lsn, in: place) { held.record(entry) }
        }
        return offset == payload.count ? nil : "the group has \(payload.count - offset) bytes behind its last entry"
    }

    /// Whether what was handed over needs the file at this place: it was not put aside, and no later file has it.
    private func needs(_ lsn: UInt64, in place: Int) -> Bool {
        copyPlaces[lsn] ?? place <= place && !report.poisonousLSNs.contains(lsn)
    }

    private static func reason(_ error: WALDecodingError) throws(StoreError) -> String {
        switch error {
        case .malformed(let reason): return reason
        case .unknown(let what):
            throw StoreError(.newerFormat, "the log holds \(what), which this program does not know; use the newer program")
        }
    }

    private mutating func handOver(
        _ entry: WALEntry, _ guardrail: Guardrail, _ apply: (WALEntry) throws(StoreError) -> Void
    ) throws(StoreError) {
        if guardrail.poisonousLSNs.contains(entry.lsn) {
            report.poisonousLSNs.append(entry.lsn)
            return
        }
        if isSealed(entry) {
            report.sealedEntryCount += 1
            return
        }
        if try onDisk("marking the replay's progress", { () throws(FileSystemError) in try guardrail.marker?.enter(entry.lsn) ?? false }) {
            try onDisk("putting a poisonous entry aside") { () throws(FileSystemError) in try quarantine.keep(entry) }
            report.poisonousLSNs.append(entry.lsn)
            return
        }
        try apply(entry)
        report.replayedEntryCount += 1
        report.replayedByteCount += entry.bodyLength
    }

    private mutating func keep(
        _ file: any File, _ link: WALChain.Link, _ reason: String, byteOffset: Int, byteCount: Int, from firstLSN: UInt64?,
        to lastLSN: UInt64?
    ) throws(StoreError) {
        let number = link.header.fileNumber
        let path = try onDisk("copying a damaged range of the log") { () throws(FileSystemError) -> String? in
            do throws(FileSystemError) {
                return try quarantine.keep(file, fileNumber: number, byteOffset: byteOffset, byteCount: byteCount)
            } catch {
                // On a full disk the report has to do; the range stays where it is until the file is recycled.
                if error.code == .noSpace { return nil }
                throw error
            }
        }
        report.damages.append(
            WALDamage(
                fileName: WALFileName.name(of: number), byteOffset: byteOffset, byteCount: byteCount, firstLSN: firstLSN, lastLSN: lastLSN,
                reason: reason, quarantinePath: path))
    }

    // MARK: Copies

    /// The copies in a file that are not sealed, of damaged ones nothing, which is found out and told when their turn comes; and where the last of
    /// its groups ends: behind it nobody need look for more.
    private func readCopies(_ link: WALChain.Link) throws(StoreError) -> WALCopies.Found {
        var found = try onDisk("reading the log") { () throws(FileSystemError) in
            let path = FilePath.join(configuration.directory, WALFileName.name(of: link.header.fileNumber))
            let file = try fileSystem.open(path, .read)
            defer { file.close() }
            return try WALCopies.entries(in: file, link)
        }
        // Before anything is changed.
        if let unknown = found.unknown { _ = try Self.reason(.unknown(unknown)) }
        found.entries.removeAll { isSealed($0) }
        return found
    }

    private func isSealed(_ entry: WALEntry) -> Bool {
        entry.lsn < manifest.logStartLSN || entry.lsn <= manifest.sealedLSN[entry.partition] ?? 0
    }

    /// Copies of entries that come before `lsn`, each once.
    private mutating func handOverCopies(
        below lsn: UInt64, _ guardrail: Guardrail, _ apply: (WALEntry) throws(StoreError) -> Void
    ) throws(StoreError) {
        while let copy = copies.last, copy.lsn <= lsn {
            copies.removeLast()
            if copiedLSNs.insert(copy.lsn).inserted { try handOver(copy, guardrail, apply) }
        }
    }

    /// What is wrong with a group of copies, if its bytes are whole and make no sense.
    private static func damage(in group: WALGroupHeader, _ payload: [UInt8]) throws(StoreError) -> String? {
        do throws(WALDecodingError) {
            _ = try WALEntryCoding.decode(payload, count: group.entryCount)
            return nil
        } catch {
            return try reason(error)
        }
    }

    /// Makes durable what decides how the log is read and may so far be in the system's cache only: the last file's header
    /// and the groups behind which nothing stands. Written anew in place, because after a failed fdatasync a page counts
    /// as clean without being on disk, so synchronizing alone would not do.
    private func settle(_ groups: [WALGroupHeader], in file: any File) throws(StoreError) {
        try onDisk("making the end of the log durable") { () throws(FileSystemError) in
            try file.write(try file.read(count: WALFileHeader.pageByteCount, at: 0), at: 0)
            for group in groups {
                let bytes = try file.read(count: group.paddedByteCount, at: group.byteOffset)
                try file.write(bytes, at: group.byteOffset)
            }
            try file.synchronizeData()
        }
    }
}
