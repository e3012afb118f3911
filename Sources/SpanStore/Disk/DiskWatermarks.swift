import FileSystem

/// What gives way when the disk fills up, in which order. Pure: readings in, decisions out; the store carries them out.
///
/// | level | from | what gives way |
/// |---|---|---|
/// | normal | | nothing |
/// | reclaiming | 85 % | files of the log; what has outlived its retention goes at once; where it is allowed, the oldest data |
/// | saving | 92 % | segments are not merged; rewrites that clean up after deletions go on |
/// | refusing | 95 % | exports are refused; reads and deletions go on |
///
/// A level is reached at its mark and left two percent of the disk below it. The ballast is made while the disk stays below the first mark
/// with it, and is never made to be given up again at once.
package struct DiskWatermarks: Sendable {
    package enum Level: Int, Comparable, CaseIterable, Sendable {
        case normal, reclaiming, saving, refusing

        package static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }

        package var name: String {
            switch self {
            case .normal: "normal"
            case .reclaiming: "reclaiming"
            case .saving: "saving"
            case .refusing: "refusing"
            }
        }
    }

    package struct Decision: Equatable, Sendable {
        package var level: Level
        /// The level before, where it was another.
        package var previous: Level?
        /// Bytes of the oldest data to drop once what is due has gone; 0 where none may go.
        package var droppedByteCount: Int
        /// Bytes that the ballast is to have: more than it has, to be written, or 0, to be removed. Nil: it stays as it is.
        package var ballastByteCount: Int?

        /// What has outlived its retention goes now.
        package var expires: Bool { level >= .reclaiming }
        package var mergesSegments: Bool { level < .saving }
        package var takesSpans: Bool { level < .refusing }
    }

    package let limits: DiskLimits
    package private(set) var level = Level.normal
    private var lastDropUnixNano: UInt64?

    package init(limits: DiskLimits) { self.limits = limits }

    package mutating func observe(_ reading: DiskReading, nowUnixNano now: UInt64) -> Decision {
        let before = level
        level = level(at: reading.usedPart)
        return Decision(
            level: level, previous: level == before ? nil : before, droppedByteCount: droppedByteCount(reading, now),
            ballastByteCount: ballastByteCount(reading))
    }

    private func mark(_ level: Level) -> Double {
        switch level {
        case .normal: 0
        case .reclaiming: limits.reclaimingPart
        case .saving: limits.savingPart
        case .refusing: limits.refusingPart
        }
    }

    private func level(at part: Double) -> Level {
        Level.allCases.last { candidate in
            part >= mark(candidate) - (candidate <= level && candidate != .normal ? limits.hysteresisPart : 0)
        } ?? .normal
    }

    private mutating func droppedByteCount(_ reading: DiskReading, _ now: UInt64) -> Int {
        guard limits.dropsOldest, level >= .reclaiming else { return 0 }
        if let last = lastDropUnixNano, now < last &+ UInt64(limits.dropIntervalSeconds) * 1_000_000_000 { return 0 }
        // Down to where the level is left, so that the next spans do not bring it back at once.
        let kept = Int(Double(reading.capacityByteCount) * (limits.reclaimingPart - limits.hysteresisPart))
        guard reading.usedByteCount > kept else { return 0 }
        lastDropUnixNano = now
        return reading.usedByteCount - kept
    }

    private func ballastByteCount(_ reading: DiskReading) -> Int? {
        let wanted = min(limits.ballastByteCount, reading.smallestCapacityByteCount / limits.ballastDivisor)
        guard wanted >= limits.minimumBallastByteCount else { return reading.ballastByteCount > 0 ? 0 : nil }
        // A disk that was made smaller wants less; what it has is given up and made anew.
        if reading.ballastByteCount > wanted { return 0 }
        guard reading.ballastByteCount < wanted, level == .normal else { return nil }
        let used = reading.usedByteCount + wanted - reading.ballastByteCount
        return Double(used) < Double(reading.capacityByteCount) * limits.reclaimingPart ? wanted : nil
    }
}

/// How full the disk is.
package struct DiskReading: Equatable, Sendable {
    package var capacityByteCount: Int
    package var freeByteCount: Int
    /// As far as the ballast is written; it counts as used.
    package var ballastByteCount: Int
    /// What the ballast may be a part of: the smaller of the disk and of what the store may take of it, whichever is fuller.
    package var smallestCapacityByteCount: Int

    package init(capacityByteCount: Int, freeByteCount: Int, ballastByteCount: Int) {
        self.capacityByteCount = capacityByteCount
        self.freeByteCount = freeByteCount
        self.ballastByteCount = ballastByteCount
        smallestCapacityByteCount = capacityByteCount
    }

    /// Of the disk and of what the store may take of it, the one that is fuller.
    package init(_ disk: DiskSpace, allowedByteCount: Int?, storeByteCount: Int, ballastByteCount: Int) {
        self.init(
            capacityByteCount: disk.capacityByteCount, freeByteCount: disk.freeByteCount, ballastByteCount: ballastByteCount)
        guard let allowedByteCount else { return }
        let allowance = DiskReading(
            capacityByteCount: allowedByteCount, freeByteCount: max(0, allowedByteCount - storeByteCount),
            ballastByteCount: ballastByteCount)
        if allowance.usedPart >= usedPart { self = allowance }
        smallestCapacityByteCount = min(disk.capacityByteCount, allowedByteCount)
    }

    package var usedByteCount: Int { max(0, capacityByteCount - freeByteCount) }
    /// Of a disk without a size nothing is in use: some network file systems say so.
    package var usedPart: Double { capacityByteCount > 0 ? Double(usedByteCount) / Double(capacityByteCount) : 0 }
}
