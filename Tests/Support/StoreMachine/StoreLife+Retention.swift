import FileSystem
import SpanStore
import TraceModel

/// Retention by bytes and looks at the disk: what goes is said before it goes, and must be just that.
extension StoreLife {
    func sweep(_ kept: [Kept], isSound: Bool) async throws -> Outcome {
        let rules = Dictionary(uniqueKeysWithValues: kept.map { ($0.project, $0.rule) })
        // Days alone are as well with rewrites beside them.
        guard kept.contains(where: { $0.byteCount != nil }) else {
            drops.remember(rules)
            return await outcome { () throws(StoreError) in _ = try await store.sweepRetention(rules) }
        }
        return try await undisturbed {
            let before = segments
            return try await dropping(ExpectedDrops.due(before, rules, now: clock.nowUnixNano), of: before, isSound: isSound) {
                () throws(StoreError) -> Void in
                drops.remember(rules)
                let report = try await store.sweepRetention(rules)
                for (project, rule) in rules {
                    guard let bound = rule.byteCount, store.fileByteCount(of: project) > bound else { continue }
                    throw StoreError(.invalid, "\(store.fileByteCount(of: project)) bytes are kept where \(bound) are allowed: \(report)")
                }
            }
        }
    }

    func look(usedPercent: Int?, isSound: Bool) async throws -> Outcome {
        try await undisturbed {
            let before = segments, space: DiskSpace, ballast: Int
            do throws(FileSystemError) {
                try disk.setUsedPercent(usedPercent)
                space = try disk.space(at: disk.root)
                ballast = try ballastByteCount()
            } catch {
                return .failed("\(error.code)")
            }
            let now = clock.nowUnixNano
            let level = ExpectedDrops.level(space, before: store.diskStatistics.level)
            let log = store.statistics.wal
            var spareByteCount = log.totalByteCount - log.bytesInUse
            if log.sealedCurrentByteCount > space.capacityByteCount / 8 { spareByteCount += log.sealedCurrentByteCount }
            let expected = drops.look(
                before, space, spareByteCount: spareByteCount, level: level, dropsOldest: workload.dropsOldest, isSound: isSound, now: now)
            let outcome = try await dropping(expected, of: before, isExact: isSound, isSound: isSound) { await store.lookAtDisk() }
            guard isSound else { return outcome }
            let statistics = store.diskStatistics
            guard statistics.level == level else {
                throw Violation("of \(space) the disk's level is \(statistics.level), where \(level) is expected")
            }
            let expectedBallast = ExpectedDrops.ballast(ballast, space, level: level)
            guard try ballastByteCount() == expectedBallast, statistics.ballastByteCount == expectedBallast else {
                throw Violation(
                    "the ballast has \(try ballastByteCount()) bytes, the store says \(statistics.ballastByteCount), and of \(ballast) on "
                        + "\(space) at \(level) \(expectedBallast) are expected")
            }
            return outcome
        }
    }

    private func ballastByteCount() throws(FileSystemError) -> Int {
        let path = disk.root + "/ballast"
        return try disk.exists(path) ? disk.size(of: path) : 0
    }

    private var segments: [SegmentDescriptor] { Workload.projects.flatMap { store.files(of: $0).map(\.descriptor) } }

    /// Nothing happens beside it.
    private func undisturbed(_ body: () async throws -> Outcome) async throws -> Outcome {
        store.pauseCompaction(true)
        await store.settle()
        defer { store.pauseCompaction(isSerial) }
        return try await body()
    }

    /// Does something that drops segments: just the expected ones, with all their rows and no others.
    ///
    /// - Parameters:
    ///   - isExact: else the disk fails, and some of them may stay.
    ///   - isSound: else reading what is left may fail; what went is known all the same.
    private func dropping(
        _ expected: [SegmentDescriptor], of before: [SegmentDescriptor], isExact: Bool = true, isSound: Bool,
        _ body: () async throws(StoreError) -> Void
    ) async throws -> Outcome {
        let wanted = Set(expected.map(\.sequence))
        var rows: [UInt64: [RowCount]] = [:], kept: [[RowCount]] = []
        do {
            if !wanted.isEmpty { (rows, kept) = try rowsBySegment(wanted) }
        } catch let violation as Violation {
            throw violation
        } catch {
            return .failed("io")
        }
        func list(_ sequences: some Sequence<UInt64>) -> [RowCount] { sequences.sorted().flatMap { rows[$0] ?? [] } }
        intends(.dropped(gone: [], perhaps: list(wanted)))
        do throws(StoreError) { try await body() } catch {
            guard error.code == .invalid else { return .failed(error.code.rawValue) }
            throw Violation(error.message)
        }
        let gone = Set(before.map(\.sequence)).subtracting(segments.map(\.sequence))
        guard isExact ? gone == wanted : gone.isSubset(of: wanted) else {
            throw Violation("of the segments \(before.map(\.sequence)) \(gone.sorted()) were dropped, where \(wanted.sorted()) are to go")
        }
        if isExact, !wanted.isEmpty {
            do {
                guard try rowsBySegment([]).kept == kept else {
                    throw Violation("rows outside of the segments that went are not what they were")
                }
            } catch {
                if isSound || error is Violation { throw error }
            }
        }
        return .dropped(gone: list(gone), perhaps: list(wanted.subtracting(gone)))
    }

    /// The rows of some segments by segment, and those of all others by project.
    private func rowsBySegment(_ sequences: Set<UInt64>) throws -> (chosen: [UInt64: [RowCount]], kept: [[RowCount]]) {
        var chosen: [UInt64: [FoundRow]] = [:], kept: [[RowCount]] = []
        for project in Workload.projects {
            var others: [FoundRow] = []
            for unit in store.snapshot(of: project).units {
                let rows = try StoreCheck.rows(of: unit)
                if let sequence = unit.segmentSequence, sequences.contains(sequence) {
                    chosen[sequence, default: []] += rows
                } else {
                    others += rows
                }
            }
            kept.append(Self.counts(others))
        }
        return (chosen.mapValues(Self.counts), kept)
    }

    private static func counts(_ rows: [FoundRow]) -> [RowCount] {
        var counts: [StoreModel.RowKey: Int] = [:]
        for row in rows {
            if let key = row.key { counts[key, default: 0] += 1 }
        }
        return counts.map { RowCount(request: $0.key.request, ordinal: $0.key.ordinal, count: $0.value) }
            .sorted { ($0.request, $0.ordinal) < ($1.request, $1.ordinal) }
    }
}
