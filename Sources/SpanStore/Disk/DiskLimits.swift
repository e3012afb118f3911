/// When a disk counts as full, what is set aside on it, and what may go.
package struct DiskLimits: Equatable, Sendable {
    /// Part of the disk in use from which on what has outlived its retention is dropped at once, not at the next round, and the oldest data
    /// where the operator allows it.
    package var reclaimingPart = 0.85

    /// Part in use from which on segments are merged no more: a rewrite needs as much space again. What was deleted is still cleaned up.
    package var savingPart = 0.92

    /// Part in use from which on exports are refused with 503: what is left is for seals, deletions and PostgreSQL.
    package var refusingPart = 0.95

    /// A level that was reached is left only so far below where it began: a disk at the mark must not refuse every other request.
    package var hysteresisPart = 0.02

    /// From the first mark on the log may take the capacity divided by this: what is stored in segments takes half of it or less.
    package var logDivisor = 8

    /// Drops the oldest data of all projects, within their retention, too, rather than refuse new spans.
    package var dropsOldest = false

    /// What arrived within this time stays when the oldest goes: whoever sent it may still be reading it.
    package var minimumDroppedAgeSeconds = 3_600

    /// Between two rounds of dropping the oldest: readers may hold files for a while, and what they hold must not make more go.
    package var dropIntervalSeconds = 30

    /// What the store may take of the disk; nil: all of it. For containers whose volume is shared, and for tests.
    package var capacityByteCount: Int?

    /// The file that is given up where there is no room for a deletion: a memtable's segment and the edits that follow fit into it.
    package static let defaultBallastByteCount = 256 << 20

    /// Bytes of that file; 0: there is none.
    package var ballastByteCount = 0

    /// The ballast takes at most the capacity divided by this: a small disk has other uses for its bytes.
    package var ballastDivisor = 64

    /// Less is not worth a file.
    package var minimumBallastByteCount = 64 << 10

    /// Written of the ballast at a time, every second: spans that come in meanwhile share the disk.
    package var ballastStepByteCount = 32 << 20

    package init() {}
}
