import FileSystem
import GenAIConventions
import Glibc
import OTLP
import SpanStore
import Synchronization
import TraceModel

/// Projects that each send a few spans a day.
struct IdleLoad: Sendable {
    let projectCount: Int
    let dayCount: Int
    /// A project's spans of one day.
    let spanCount: Int

    private static let requestsPerDay = 5
    /// Exports under way at a time.
    private static let laneCount = 32
    private static let day: UInt64 = 86_400_000_000_000
    private static let tick: UInt64 = 600_000_000_000
    private static let startUnixNano: UInt64 = 1_798_761_600_000_000_000

    func fill(_ root: String) async throws -> String {
        let clock = SimulatedClock(Self.startUnixNano)
        let store = try SpanStore.open(Self.configuration(root, clock))
        // No project's time is bounded: known from the start, else no days would be merged.
        _ = try await store.sweepRetention([:])
        var random = SystemRandomNumberGenerator()
        let begun = ContinuousClock.now
        var largestPSS = 0, largestSegmentCount = 0
        for day in 0..<dayCount {
            for tick in 0..<Int(Self.day / Self.tick) {
                clock.set(Self.startUnixNano + UInt64(day) * Self.day + UInt64(tick) * Self.tick)
                // As many as on average, so that every project has its requests within the day.
                let count = (projectCount * Self.requestsPerDay * (tick + 1)) / 144 - (projectCount * Self.requestsPerDay * tick) / 144
                let projects = (0..<count).map { _ in Int.random(in: 0..<projectCount, using: &random) }
                try await send(projects, to: store, clock)
                await store.maintain()
                if tick % 6 == 5 { _ = try await store.compact() }
            }
            largestPSS = max(largestPSS, ProcessFigures.pssKilobytes)
            largestSegmentCount = max(largestSegmentCount, store.statistics.segmentCount)
            report(day: day, store, since: begun)
        }
        let figures = Self.figures(store, root)
        await store.close()
        return """
            {"projects": \(projectCount), "days": \(dayCount), "spans_per_day": \(spanCount), \
            "seconds": \((ContinuousClock.now - begun).seconds), "largest_pss_kib": \(largestPSS), \
            "largest_segment_count": \(largestSegmentCount), \(figures)}
            """
    }

    /// A line a day, so that a run that is cut short says how far it came.
    private func report(day: Int, _ store: SpanStore, since begun: ContinuousClock.Instant) {
        let statistics = store.statistics
        let line = """
            {"day": \(day + 1), "seconds": \((ContinuousClock.now - begun).seconds), "cpu_seconds": \(ProcessFigures.cpuSeconds), \
            "pss_kib": \(ProcessFigures.pssKilobytes), "segments": \(statistics.segmentCount), "seals": \(statistics.sealedSegmentCount), \
            "memtables": \(statistics.memtableCount), "memtable_bytes": \(statistics.memtableByteCount), \
            "rewritten_bytes": \(statistics.compaction.bytesWritten), "sealed_bytes": \(statistics.sealedByteCount)}

            """
        var text = line
        text.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// Opens a store that was filled: the time of a start, and what an idle process holds.
    static func start(_ root: String) async throws -> String {
        let before = ProcessFigures.pssKilobytes, begun = ContinuousClock.now
        // The time at which the filled store was left does not matter: nothing is due while nobody maintains it.
        let store = try SpanStore.open(configuration(root, SimulatedClock(startUnixNano)))
        let seconds = (ContinuousClock.now - begun).seconds, cpuSeconds = ProcessFigures.cpuSeconds
        ProcessFigures.giveMemoryBack()
        let text = """
            {"start_seconds": \(seconds), "cpu_seconds": \(cpuSeconds), "pss_kib_before": \(before), "pss_kib_per_thousand_segments": \
            \(1_000 * (ProcessFigures.pssKilobytes - before) / max(1, store.statistics.segmentCount)), \(figures(store, root))}
            """
        await store.close()
        return text
    }

    /// Seals what a filled store has in memory, so that its next start has segments and nothing else.
    static func seal(_ root: String) async throws -> String {
        let store = try SpanStore.open(configuration(root, SimulatedClock(startUnixNano)))
        let report = try await store.seal()
        await store.close()
        return "{\"sealed_segments\": \(report.segmentCount)}"
    }

    /// A span for each project, none sealed.
    func memtables(_ root: String) async throws -> String {
        let clock = SimulatedClock(Self.startUnixNano)
        let store = try SpanStore.open(Self.configuration(root, clock))
        try await send([0], to: store, clock)
        let before = ProcessFigures.pssKilobytes
        try await send(Array(1..<projectCount), to: store, clock)
        let after = ProcessFigures.pssKilobytes, statistics = store.statistics
        await store.close()
        return """
            {"memtables": \(statistics.memtableCount), "pss_kib": \(after), "pss_bytes_per_memtable": \
            \((after - before) * 1024 / max(1, projectCount - 1)), "counted_bytes_per_memtable": \
            \(statistics.memtableByteCount / max(1, statistics.memtableCount))}
            """
    }

    private func send(_ projects: [Int], to store: SpanStore, _ clock: SimulatedClock) async throws {
        let spanCount = max(1, spanCount / Self.requestsPerDay)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<Self.laneCount {
                group.addTask {
                    for index in stride(from: lane, to: projects.count, by: Self.laneCount) {
                        let body = IdleBodies.body(spanCount: spanCount, startUnixNano: clock.now)
                        var batch = try ExportTraceRequestDecoder.decodeJSON(body, limits: OTLPLimits())
                        let fields = AttributeMapping.current.apply(to: &batch)
                        try await Self.append(
                            AppendRequest(
                                project: ProjectID(high: 0x0190_0000_0000_7000, low: UInt64(projects[index])), batch: batch, fields: fields,
                                codec: .otlpJSON, reply: StoredReply()), to: store)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// A store that is busy is asked again, as an exporter would.
    private static func append(_ request: AppendRequest, to store: SpanStore) async throws {
        while true {
            do throws(StoreError) {
                _ = try await store.append(request)
                return
            } catch {
                guard error.code == .busy || error.code == .full else { throw error }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    private static func configuration(_ root: String, _ clock: SimulatedClock) -> StoreConfiguration {
        var configuration = StoreConfiguration(root: root, fileSystem: UnsynchronizedFileSystem())
        configuration.now = { clock.now }
        configuration.sealed = { ProcessFigures.giveMemoryBack() }
        configuration.log = { level, message in if level == .error { print(message) } }
        return configuration
    }

    private static func figures(_ store: SpanStore, _ root: String) -> String {
        let statistics = store.statistics, files = ProcessFigures.files(below: root)
        return """
            "pss_kib": \(ProcessFigures.pssKilobytes), "descriptors": \(ProcessFigures.descriptorCount), \
            "threads": \(ProcessFigures.threadCount), "segments": \(statistics.segmentCount), "memtables": \(statistics.memtableCount), \
            "memtable_bytes": \(statistics.memtableByteCount), "files": \(files.count), \
            "segment_files": \(["/spans", "/payloads"].reduce(0) { $0 + ProcessFigures.files(below: root + $1).count }), \
            "receipt_files": \(ProcessFigures.files(below: root + "/receipts").count), "bytes_on_disk": \(files.byteCount), \
            "wal_bytes": \(statistics.wal.totalByteCount), "segment_bytes": \(statistics.segmentByteCount), \
            "stored_spans": \(statistics.segmentRowCount + statistics.memtableRowCount), \
            "sealed_bytes": \(statistics.sealedByteCount), "seals": \(statistics.sealedSegmentCount), \
            "rewrites": \(statistics.compaction.rewriteCount), "rewritten_bytes": \(statistics.compaction.bytesWritten)
            """
    }
}

/// A clock that the load sets. Any thread reads it.
final class SimulatedClock: Sendable {
    private let nano: Atomic<UInt64>

    init(_ now: UInt64) { nano = Atomic(now) }
    var now: UInt64 { nano.load(ordering: .relaxed) }
    func set(_ now: UInt64) { nano.store(now, ordering: .relaxed) }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
