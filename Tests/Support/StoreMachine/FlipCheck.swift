import FileSystem
import SpanStore
import TraceModel

/// Flips one bit of a store at rest and looks whether it is noticed, on a copy of its files.
///
/// An inspection must notice it wherever something is written that anybody reads. A store that is opened all the same must never show a
/// row that was not sent, and where it shows fewer, something must have been said: by the opening, by recovery, by the read.
struct FlipCheck {
    let disk: any MachineDisk
    let model: StoreModel
    let clock: MachineClock

    /// One key of receipts is as good as another, the lock is the system's, the marker of a replay is empty between two starts, and the
    /// ballast is there to be removed.
    private static let meaningless: Set<String> = ["LOCK", "wal/replaying", "receipts/KEY", "ballast"]

    /// What an inspection says.
    private struct Report: Equatable {
        var findings: InspectionFindings
        var nodeID: UInt64?
        var endedCleanly: Bool
        var receiptCount: Int
    }

    /// Returns what was flipped. `numbers` choose it.
    func run(_ numbers: (UInt64, UInt64, UInt64)) async throws -> String {
        let copy = try disk.copy()
        defer { copy.discard() }
        let (sound, log) = try inspect(copy)
        guard log.unproven.count <= 1 else {
            throw Violation("of more than the last group nobody says that it is durable: \(log.unproven)")
        }
        guard sound.findings.isSound else { throw Violation("an inspection finds damage where none is: \(sound.findings.list)") }
        let files = try copy.files().filter { !Self.meaningless.contains($0) }
        // Folders are as likely as each other: of log files there are many bytes, of manifests few.
        let tops = Set(files.map { String($0.split(separator: "/")[0]) }).sorted()
        let top = tops[Int(numbers.0 % UInt64(tops.count))]
        let candidates = files.filter { $0 == top || $0.hasPrefix(top + "/") }
        let path = candidates[Int(numbers.0 >> 32) % candidates.count]
        let size = try copy.fileSystem.size(of: copy.root + "/" + path)
        guard size > 0 else { return "\(path) is empty" }
        let offset = Int(numbers.1 >> 1) % size, mask = UInt8(1) << UInt8(numbers.2 % 8)
        try copy.flip(path, at: offset, mask: mask)
        let what = "bit \(mask) of byte \(offset) of \(size) of \(path)"
        let isNoticed = (try? inspect(copy)).map { $0.report != sound } ?? true
        let isRead =
            path.hasPrefix("wal/")
            // Files that are used again hold what nobody reads, and so does the room behind the last group.
            ? log.files.contains { "wal/" + $0.name == path && $0.use == .inUse && offset < $0.usedByteCount }
            // Nothing is read of what a crash cut off.
            : !sound.findings.list.contains { $0.file == path }
        if !isNoticed, isRead { throw Violation("an inspection does not notice \(what)") }
        // The last group of a log without its closing marker cannot be told from one that a crash cut off: the one blind spot.
        let lost = log.unproven.first { "wal/" + $0.name == path && $0.bytes.contains(offset) }?.lsns
        do {
            try await readDamaged(copy, isNoticed: isNoticed, lost: lost)
        } catch let violation as Violation {
            throw Violation("\(violation), after a flip of \(what)")
        }
        return what + (isNoticed ? "" : ", which nobody reads") + (lost.map { ", in the last group, \($0)" } ?? "")
    }

    private func inspect(_ disk: any MachineDisk) throws -> (report: Report, log: WALInspection.Report) {
        let report = try StoreInspection(fileSystem: disk.fileSystem, root: disk.root).run()
        return (
            Report(
                findings: report.findings, nodeID: report.nodeID, endedCleanly: report.log.endedCleanly, receiptCount: report.receiptCount),
            report.log
        )
    }

    /// `lost`: entries whose rows may be missing without a word.
    private func readDamaged(_ copy: any MachineDisk, isNoticed: Bool, lost: ClosedRange<UInt64>?) async throws {
        let store: SpanStore
        do throws(StoreError) {
            store = try SpanStore.open(
                StoreLife.configuration(root: copy.root, fileSystem: copy.fileSystem, clock: clock, workload: model.workload))
        } catch {
            return
        }
        store.pauseCompaction(true)
        var isReported =
            !store.recovery.damages.isEmpty || !store.recovery.poisonousLSNs.isEmpty || store.statistics.damagedSegmentCount > 0
        do {
            for project in Workload.projects {
                var found: [FoundRow] = []
                for unit in store.snapshot(of: project).units {
                    do { found += try StoreCheck.rows(of: unit) } catch { isReported = true }
                }
                try model.check(found, of: project, isDamaged: isReported, lost: lost)
            }
        } catch {
            await store.close()
            throw error
        }
        await store.close()
        if isReported, !isNoticed { throw Violation("an inspection does not notice what the store does") }
    }
}
