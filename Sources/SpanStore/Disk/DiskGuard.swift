import Dispatch
import FileSystem
import Synchronization

/// What the store knows of its disk, for health, metrics and tests.
package struct DiskStatistics: Equatable, Sendable {
    package var level = DiskWatermarks.Level.normal
    /// As of the last look; nil before the first and where the disk cannot be read.
    package var capacityByteCount: Int?
    package var freeByteCount: Int?
    package var ballastByteCount = 0
    package var ballastGivenUpCount = 0
    /// Segments dropped within their retention because the disk was full.
    package var droppedSegmentCount = 0
    package var refusedAppendCount = 0
}

/// The disk as the store last saw it: holds the watermarks' state and the ballast; what follows from a decision `SpanStore+Disk` does.
final class DiskGuard: Sendable {
    let ballast: Ballast
    let limits: DiskLimits
    /// Where looks are taken and the ballast is written: a disk that hangs must not hold up seals.
    let queue = DispatchQueue(label: "spandrel.disk", qos: .utility)
    private let state: Mutex<State>
    /// Asked by every append.
    private let refuses = Atomic<Bool>(false)

    private struct State {
        var watermarks: DiskWatermarks
        var reading: DiskReading?
        var droppedSegmentCount = 0
        var refusedAppendCount = 0
    }

    init(_ limits: DiskLimits, fileSystem: any FileSystem, root: String) {
        self.limits = limits
        ballast = Ballast(fileSystem: fileSystem, root: root)
        state = Mutex(State(watermarks: DiskWatermarks(limits: limits)))
    }

    var level: DiskWatermarks.Level { state.withLock { $0.watermarks.level } }

    func observe(_ reading: DiskReading, nowUnixNano now: UInt64) -> DiskWatermarks.Decision {
        let decision = state.withLock { state in
            state.reading = reading
            return state.watermarks.observe(reading, nowUnixNano: now)
        }
        refuses.store(!decision.takesSpans, ordering: .relaxed)
        return decision
    }

    /// The disk cannot be looked at: what was decided last holds.
    func lostSight() { state.withLock { $0.reading = nil } }

    func dropped(_ segmentCount: Int) { state.withLock { $0.droppedSegmentCount += segmentCount } }

    /// Throws while the disk is too full for new spans.
    func requireRoom() throws(StoreError) {
        guard refuses.load(ordering: .relaxed) else { return }
        let reading = state.withLock { state -> DiskReading? in
            state.refusedAppendCount += 1
            return state.reading
        }
        let percent = Int((reading?.usedPart ?? limits.refusingPart) * 100)
        throw StoreError(
            .full,
            "the disk is \(percent) % full, and spans are refused from \(Int(limits.refusingPart * 100)) % on; shorten retention, "
                + "delete or give it more room")
    }

    var statistics: DiskStatistics {
        var statistics = state.withLock { state in
            DiskStatistics(
                level: state.watermarks.level, capacityByteCount: state.reading?.capacityByteCount,
                freeByteCount: state.reading?.freeByteCount, droppedSegmentCount: state.droppedSegmentCount,
                refusedAppendCount: state.refusedAppendCount)
        }
        statistics.ballastByteCount = ballast.byteCount
        statistics.ballastGivenUpCount = ballast.givenUpCount
        return statistics
    }
}
