import FileSystem
import GenAIConventions
import SpanStore
import Synchronization
import TraceModel

/// One opened store and what a step does with it: no model, so that a process of its own can do the same.
package struct StoreLife {
    package let store: SpanStore
    package let workload: Workload
    let disk: GaugedFileSystem
    let clock: MachineClock
    /// Nothing happens beside a step, so that the same steps make the same calls.
    let isSerial: Bool
    let drops = ExpectedDrops()
    /// Told what a step may take away, before it does.
    let intends: @Sendable (Outcome) -> Void

    /// Opens it.
    package init(
        _ disk: GaugedFileSystem, workload: Workload, clock: MachineClock, isSerial: Bool,
        log: @escaping @Sendable (String) -> Void = { _ in }, intends: @escaping @Sendable (Outcome) -> Void = { _ in }
    ) throws(StoreError) {
        store = try SpanStore.open(
            Self.configuration(root: disk.root, fileSystem: disk, clock: clock, workload: workload, isSerial: isSerial, log: log))
        store.pauseCompaction(isSerial)
        self.workload = workload
        self.disk = disk
        self.clock = clock
        self.isSerial = isSerial
        self.intends = intends
    }

    /// Small everything: files of the log, memtables and row groups fill up within a few steps.
    package static func configuration(
        root: String, fileSystem: any FileSystem, clock: MachineClock, workload: Workload, isSerial: Bool = false,
        log: @escaping @Sendable (String) -> Void = { _ in }
    ) -> StoreConfiguration {
        var configuration = StoreConfiguration(root: root, fileSystem: fileSystem)
        configuration.configureWAL = {
            $0.fileByteCount = 256 << 10
            $0.maximumTotalByteCount = 768 << 10
            $0.maximumGroupByteCount = 128 << 10
            $0.zeroStepByteCount = 32 << 10
            $0.writeByteCount = 48 << 10
            $0.maximumCopiedShareByteCount = 32 << 10
            $0.maximumCopiedByteCount = 96 << 10
            $0.scrubsByItself = !isSerial
            $0.zeroAheadByteCount = isSerial ? 0 : 64 << 10
        }
        configuration.limits.maximumMemtableRowCount = 96
        configuration.limits.maximumRowGroupRowCount = 32
        configuration.limits.minimumCopiedRowGroupRowCount = 20
        configuration.limits.compactionGrowthFactor = 3
        configuration.receiptLimits.maximumPendingCount = isSerial ? 10_000 : 9
        configuration.receiptLimits.maximumBlockCount = 4
        configuration.disk.ballastByteCount = ExpectedDrops.ballastByteCount
        configuration.disk.ballastStepByteCount = ExpectedDrops.ballastStepByteCount
        configuration.disk.minimumBallastByteCount = ExpectedDrops.minimumBallastByteCount
        configuration.disk.minimumDroppedAgeSeconds = ExpectedDrops.minimumAgeSeconds
        configuration.disk.dropsOldest = workload.dropsOldest
        configuration.mappingVersion = FieldOracle.mapping(workload.sent.mapping).version
        configuration.now = { clock.nowUnixNano }
        configuration.log = { level, text in if level != .info { log("\(level): \(text)") } }
        return configuration
    }

    /// What the caller hears. Steps that are no call of the store come to nothing here.
    ///
    /// - Parameter isSound: the disk does what it should.
    package func perform(_ action: Action, isSound: Bool = true) async throws -> Outcome {
        switch action {
        case .append(let numbers, let atOnce): return .appended(try await append(numbers, atOnce: atOnce))
        case .seal(let project): return await outcome { () throws(StoreError) in _ = try await store.seal(project) }
        case .compact(let isUrgent): return try await compact(isUrgent: isUrgent)
        case .maintain:
            await store.maintain()
            return .done
        case .sweep(let kept): return try await sweep(kept, isSound: isSound)
        case .look(let usedPercent): return try await look(usedPercent: usedPercent, isSound: isSound)
        case .reapply(let subject, let project, let prices): return await reapply(subject, to: project, prices: prices)
        case .backUp(let numbers): return try await backUp(beside: numbers)
        case .delete(let selection, let project):
            do throws(StoreError) {
                let deleted = try await store.delete(selection, of: project)
                return .deleted(spans: deleted.spanCount, events: deleted.eventCount)
            } catch {
                return .failed(error.code.rawValue)
            }
        case .query, .check, .reopen, .end, .flip, .rates, .room, .restore: return .done
        }
    }

    func outcome(_ body: () async throws(StoreError) -> Void) async -> Outcome {
        do throws(StoreError) {
            try await body()
            return .done
        } catch {
            return .failed(error.code.rawValue)
        }
    }

    func append(_ numbers: [Int], atOnce: Bool) async throws -> [AppendAnswer] {
        let requests = try numbers.map { ($0, try workload.appendRequest($0)) }.filter { $0.1.batch.spanCount > 0 }
        let isRefusing = store.diskStatistics.level == .refusing
        var answers: [AppendAnswer] = []
        if atOnce {
            answers = await withTaskGroup(of: AppendAnswer.self) { group in
                for (number, request) in requests { group.addTask { [store] in await Self.append(number, request, to: store) } }
                return await group.reduce(into: []) { $0.append($1) }
            }
        } else {
            for (number, request) in requests { answers.append(await Self.append(number, request, to: store)) }
        }
        if isRefusing, let answer = answers.first(where: { $0.reason != "full" }) {
            throw Violation("request \(answer.request) is not refused for the full disk: \(answer)")
        }
        return answers.sorted { $0.request < $1.request }
    }

    /// Segments are not merged while there is no disk to spare; what was deleted is taken out all the same.
    private func compact(isUrgent: Bool) async throws -> Outcome {
        let isSaving = store.diskStatistics.level >= .saving
        do throws(StoreError) {
            let reports = try await store.compact(isUrgent: isUrgent)
            guard isSaving, let merge = reports.first(where: { $0.segmentCount > 1 }) else { return .done }
            throw StoreError(.invalid, "on a disk that is nearly full segments were merged: \(merge)")
        } catch {
            if error.code == .invalid { throw Violation(error.message) }
            return .failed(error.code.rawValue)
        }
    }

    private func reapply(_ subject: FieldRevision.Subject, to project: ProjectID, prices: Int) async -> Outcome {
        let revision = FieldRevision(subject, prices: FieldOracle.prices(prices))
        do {
            let scope = ReapplicationScope(
                project: project, receiveDays: nil, horizonLSN: try await store.beginReapplication(of: project))
            var report = ReapplicationReport()
            while let step = try await store.reapplyNext(
                revision, in: scope, skipping: Set(report.skipped.map(\.sequence)), progress: ReapplicationProgress())
            { report.add(step) }
            return report.skipped.isEmpty ? .done : .failed("skipped")
        } catch {
            return .failed((error as? StoreError)?.code.rawValue ?? "unknown")
        }
    }

    private static func append(_ number: Int, _ request: AppendRequest, to store: SpanStore) async -> AppendAnswer {
        do throws(StoreError) {
            let outcome = try await store.append(request)
            return AppendAnswer(
                request: number,
                stored: .init(isDuplicate: outcome.isDuplicate, lsn: outcome.lsn, receivedUnixNano: outcome.receivedUnixNano))
        } catch {
            return AppendAnswer(request: number, stored: nil, reason: error.code.rawValue)
        }
    }
}

/// The time of a history, as its store asks for it.
package final class MachineClock: Sendable {
    private let time: Mutex<UInt64>
    package init(_ nowUnixNano: UInt64 = 0) { time = Mutex(nowUnixNano) }
    package var nowUnixNano: UInt64 { time.withLock { $0 } }
    package func set(_ nowUnixNano: UInt64) { time.withLock { $0 = nowUnixNano } }
}
