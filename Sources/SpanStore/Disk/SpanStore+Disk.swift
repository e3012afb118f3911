import Dispatch
import FileSystem
import Synchronization
import TraceModel

/// What the store does as its disk fills up: carries out what the watermarks decide, and lets go of the ballast for deletions.
extension SpanStore {
    /// How full the disk is and what gives way for it.
    package var diskStatistics: DiskStatistics { disk.statistics }

    /// Looks at the disk and does what follows. Called every second; returns when it is done.
    package func lookAtDisk() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            disk.queue.async { [self] in
                look()
                continuation.resume()
            }
        }
    }

    /// Disk queue only.
    private func look() {
        guard !isClosed.load(ordering: .acquiring) else { return }
        guard let reading = reading() else { return disk.lostSight() }
        let decision = disk.observe(reading, nowUnixNano: configuration.now())
        if let previous = decision.previous { tell(decision, previous, reading) }
        if decision.expires { reclaim(decision, removeLogFiles(reading)) }
        if let byteCount = decision.ballastByteCount {
            do throws(FileSystemError) {
                try disk.ballast.approach(byteCount, stepByteCount: configuration.disk.ballastStepByteCount)
            } catch {
                configuration.log(.warning, "the ballast file cannot be made and will be tried again: \(error)")
            }
        }
        if decision.expires { sealLongLog(reading) }
    }

    private func reading() -> DiskReading? {
        guard let space = try? configuration.fileSystem.space(at: configuration.root) else { return nil }
        let ballast = disk.ballast.byteCount, allowed = configuration.disk.capacityByteCount
        let stored = allowed == nil ? 0 : fileByteCount + wal.statistics.totalByteCount + ballast
        return DiskReading(space, allowedByteCount: allowed, storeByteCount: stored, ballastByteCount: ballast)
    }

    private func tell(_ decision: DiskWatermarks.Decision, _ previous: DiskWatermarks.Level, _ reading: DiskReading) {
        let percent = Int(reading.usedPart * 100), free = reading.freeByteCount >> 20
        let consequence =
            switch decision.level {
            case .normal: "all is as usual again"
            case .reclaiming:
                "what has outlived its retention is dropped at once" + (disk.limits.dropsOldest ? ", and then the oldest" : "")
            case .saving: "segments are not merged"
            case .refusing: "exports are refused; reads and deletions go on"
            }
        configuration.log(
            decision.level > previous ? (decision.level == .refusing ? .error : .warning) : .info,
            "the disk is \(percent) % full (\(free) MiB free), level \(decision.level.name) after \(previous.name): \(consequence)")
    }

    /// The log's files go before anything that somebody stored, and new ones are made when they are needed: those that wait to be used
    /// again, and the current one where it takes much of a small disk and all it holds is sealed. Answers the bytes that are free now.
    private func removeLogFiles(_ reading: DiskReading) -> Int {
        let statistics = wal.statistics, allowed = allowedLogByteCount(reading)
        guard statistics.spareFileCount > 0 || statistics.sealedCurrentByteCount > allowed else { return 0 }
        let isDone = DispatchSemaphore(value: 0), freed = Atomic<Int>(0)
        wal.removeSpares(withCurrentOver: allowed) { byteCount in
            freed.store(byteCount, ordering: .releasing)
            isDone.signal()
        }
        isDone.wait()
        let byteCount = freed.load(ordering: .acquiring)
        if byteCount > 0 {
            configuration.log(
                .info, "the disk is \(Int(reading.usedPart * 100)) % full: \(byteCount) bytes of log files were given back")
        }
        return byteCount
    }

    /// Where the log takes much of a small disk, what it holds is sealed, so that the next look can do without its files.
    private func sealLongLog(_ reading: DiskReading) {
        guard wal.bytesInUse > allowedLogByteCount(reading) else { return }
        let isDone = DispatchSemaphore(value: 0)
        applyQueue.async { [self] in
            freezeWhatPinsTheLog()
            // Behind the seals.
            sealQueue.async { isDone.signal() }
        }
        isDone.wait()
    }

    private func allowedLogByteCount(_ reading: DiskReading) -> Int { reading.capacityByteCount / disk.limits.logDivisor }

    /// Drops what is due by the rules of the last sweep, then the oldest where that is allowed.
    private func reclaim(_ decision: DiskWatermarks.Decision, _ freedByteCount: Int) {
        do throws(StoreError) {
            let due = try retention.withLock { $0 }.map { (rules) throws(StoreError) in try sweep(rules) } ?? RetentionReport()
            let missing = decision.droppedByteCount - due.freedByteCount - freedByteCount
            guard missing > 0 else { return }
            let dropped = try dropOldest(byteCount: missing)
            guard dropped.droppedSegmentCount > 0 else { return }
            disk.dropped(dropped.droppedSegmentCount)
            configuration.log(
                .warning,
                "the disk is full: the oldest \(dropped.droppedSegmentCount) segments with \(dropped.droppedSpanCount) spans and "
                    + "\(dropped.freedByteCount) bytes were dropped within their retention, as the settings allow")
        } catch {
            configuration.log(.error, "nothing could be dropped from a disk that is full: \(error)")
        }
    }

    private func dropOldest(byteCount: Int) throws(StoreError) -> RetentionReport {
        let now = configuration.now(), age = UInt64(disk.limits.minimumDroppedAgeSeconds) * 1_000_000_000
        return try dropChosen { RetentionPolicy.oldest($0, byteCount: byteCount, notReceivedAfter: now - min(now, age)) }
    }

    /// Does it, and once more without the ballast where the disk was full.
    func givingUpBallast<Value>(
        for what: String, _ body: () async throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        do throws(StoreError) {
            return try await body()
        } catch {
            guard error.code == .full, giveUpBallast(for: what) else { throw error }
            return try await body()
        }
    }

    /// False where there is none.
    func giveUpBallast(for what: String) -> Bool { Self.giveUp(disk.ballast, for: what, configuration) }

    static func giveUp(_ ballast: Ballast, for what: String, _ configuration: StoreConfiguration) -> Bool {
        guard ballast.giveUp() else { return false }
        configuration.log(.warning, "the disk is full: the ballast file was given up for \(what); it is made again when there is room")
        return true
    }
}
