/// Flags of `spandrel serve` that say what of the disk it may take, and what gives way when that is nearly used up.

import ArgumentParser
import ProcessSetup
import SpanStore

struct DiskOptions: ParsableArguments {
    @Option(
        name: .customLong("disk-capacity-mb"),
        help: "What the store may take of its disk, MiB; else all of it. [SPANDREL_DISK_CAPACITY_MB] (default: the disk)")
    var capacityMegabytes: Int?

    @Option(
        name: .customLong("disk-watermarks"),
        help: """
            Percentages of the disk in use from which on what is due for deletion goes at once, segments are not merged, exports are \
            refused. [SPANDREL_DISK_WATERMARKS]
            """)
    var watermarks = EnvironmentDefault.text("SPANDREL_DISK_WATERMARKS", "85,92,95")

    @Option(
        name: .customLong("disk-ballast-mb"),
        help: """
            A file to be given up so that a full disk can still delete, MiB, at most a 64th of the disk; 0: none. \
            [SPANDREL_DISK_BALLAST_MB]
            """)
    var ballastMegabytes = EnvironmentDefault.integer("SPANDREL_DISK_BALLAST_MB", DiskLimits.defaultBallastByteCount >> 20)

    @Flag(
        name: .customLong("disk-drop-oldest"),
        help: "Above the first watermark the oldest spans of all projects go, within their retention, too. [SPANDREL_DISK_DROP_OLDEST=1]")
    var dropsOldest = false

    /// Errors: `ValidationError`.
    func limits() throws -> DiskLimits {
        var limits = DiskLimits()
        if let capacity = try capacity() {
            guard (16...1 << 40).contains(capacity) else { throw ValidationError("--disk-capacity-mb must be 16 or more") }
            limits.capacityByteCount = capacity << 20
        }
        guard (0...1 << 20).contains(ballastMegabytes) else { throw ValidationError("--disk-ballast-mb must be from 0 to 1048576") }
        limits.ballastByteCount = ballastMegabytes << 20
        let percentages = watermarks.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        guard percentages.count == 3, case let marks = percentages.compactMap({ $0 }), marks.count == 3, marks == marks.sorted(),
            marks.allSatisfy({ (10...100).contains($0) })
        else { throw ValidationError("--disk-watermarks must be three ascending percentages from 10 to 100, like 85,92,95") }
        limits.reclaimingPart = Double(marks[0]) / 100
        limits.savingPart = Double(marks[1]) / 100
        limits.refusingPart = Double(marks[2]) / 100
        limits.dropsOldest = dropsOldest || EnvironmentDefault.text("SPANDREL_DISK_DROP_OLDEST") == "1"
        return limits
    }

    private func capacity() throws -> Int? {
        if let capacityMegabytes { return capacityMegabytes }
        guard let text = EnvironmentDefault.text("SPANDREL_DISK_CAPACITY_MB") else { return nil }
        guard let megabytes = Int(text) else { throw ValidationError("SPANDREL_DISK_CAPACITY_MB must be a number of MiB") }
        return megabytes
    }
}
