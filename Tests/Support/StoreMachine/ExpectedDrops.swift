import FileSystem
import SpanStore
import Synchronization
import TraceModel

/// Which segments have to go, said once more: by retention, and for a disk that fills up. Knows what the store was told since it was
/// opened.
final class ExpectedDrops: Sendable {
    private struct Memory {
        var rules: [ProjectID: RetentionRule] = [:]
        var lastDropUnixNano: UInt64?
    }

    private let memory = Mutex(Memory())

    func remember(_ rules: [ProjectID: RetentionRule]) { memory.withLock { $0.rules = rules } }

    /// By days first; what is left of a project by bytes, the oldest first, until the rest fits.
    static func due(_ segments: [SegmentDescriptor], _ rules: [ProjectID: RetentionRule], now: UInt64) -> [SegmentDescriptor] {
        let today = CalendarDay.daysSince1970(unixNano: now)
        var due: [SegmentDescriptor] = []
        for (project, rule) in rules {
            var kept = oldestFirst(segments.filter { $0.project == project })[...]
            let firstDay = rule.days.flatMap { $0 > 0 ? today - Int32($0) : nil } ?? .min
            while let first = kept.first, first.receiveDay < firstDay {
                due.append(first)
                kept.removeFirst()
            }
            guard let bound = rule.byteCount, bound > 0 else { continue }
            while kept.reduce(0, { $0 + $1.byteCount }) > bound { due.append(kept.removeFirst()) }
        }
        return due
    }

    private static func oldestFirst(_ segments: [SegmentDescriptor]) -> [SegmentDescriptor] {
        segments.sorted { $0.receiveDay != $1.receiveDay ? $0.receiveDay < $1.receiveDay : $0.sequence < $1.sequence }
    }

    /// The level that a look finds, by docs/operations.md: 85, 92 and 95 percent, each left two percent lower.
    static func level(_ space: DiskSpace, before: DiskWatermarks.Level) -> DiskWatermarks.Level {
        let used = Double(space.capacityByteCount - space.freeByteCount) / Double(space.capacityByteCount)
        var level = DiskWatermarks.Level.normal
        for (next, mark) in [(DiskWatermarks.Level.reclaiming, 0.85), (.saving, 0.92), (.refusing, 0.95)] {
            if used >= (next <= before ? mark - 0.02 : mark) { level = next }
        }
        return level
    }

    /// What a look drops: what is due by the rules of the last sweep, and then, where that is allowed, the oldest of all until 83 percent
    /// are in use. Files of the log that nothing is in any more go before.
    func look(
        _ segments: [SegmentDescriptor], _ space: DiskSpace, spareByteCount: Int, level: DiskWatermarks.Level, dropsOldest: Bool,
        isSound: Bool, now: UInt64
    ) -> [SegmentDescriptor] {
        guard level >= .reclaiming else { return [] }
        let due = Self.due(segments, memory.withLock { $0.rules }, now: now), dueSequences = Set(due.map(\.sequence))
        let used = space.capacityByteCount - space.freeByteCount
        var missing = used - Int(Double(space.capacityByteCount) * (0.85 - 0.02))
        let mayDrop = memory.withLock { memory in
            // On a disk that fails nobody knows whether the last look came so far.
            let waits = isSound && (memory.lastDropUnixNano.map { now < $0 + 30_000_000_000 } ?? false)
            guard dropsOldest, missing > 0, !waits else { return false }
            memory.lastDropUnixNano = now
            return true
        }
        guard mayDrop else { return due }
        missing -= isSound ? spareByteCount : 0
        missing -= due.reduce(0) { $0 + $1.byteCount }
        var chosen = due
        for segment in Self.oldestFirst(segments.filter { !dueSequences.contains($0.sequence) }) where missing > 0 {
            guard segment.maximumReceivedUnixNano + Self.minimumAgeNanoseconds <= now else { continue }
            chosen.append(segment)
            missing -= segment.byteCount
        }
        return chosen
    }

    static let minimumAgeSeconds = 60
    private static let minimumAgeNanoseconds = UInt64(minimumAgeSeconds) * 1_000_000_000

    /// The ballast after a look: a step nearer to a 64th of the disk, given up where that is less than there is.
    static func ballast(_ byteCount: Int, _ space: DiskSpace, level: DiskWatermarks.Level) -> Int {
        let wanted = min(ballastByteCount, space.capacityByteCount / 64)
        guard wanted >= minimumBallastByteCount else { return 0 }
        if byteCount > wanted { return 0 }
        let used = space.capacityByteCount - space.freeByteCount
        guard byteCount < wanted, level == .normal, Double(used + wanted - byteCount) < Double(space.capacityByteCount) * 0.85 else {
            return byteCount
        }
        return min(wanted, byteCount + ballastStepByteCount)
    }

    static let ballastByteCount = 1 << 20
    static let ballastStepByteCount = 512 << 10
    static let minimumBallastByteCount = 16 << 10
}
