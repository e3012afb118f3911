import Dispatch
import FileSystem
import SpanStore
import TraceModel

/// A backup as the server's command takes it: seal, then a second name for every file, while requests come in and segments are merged.
extension StoreLife {
    func backUp(beside numbers: [Int]) async throws -> Outcome {
        let folder = BackupFolder.of(disk.root)
        let failure: String?
        let answers: [AppendAnswer]
        do {
            try disk.removeTree(folder)
            try await store.seal()
        } catch {
            let code = (error as? StoreError)?.code.rawValue ?? "\((error as? FileSystemError)?.code ?? .other)"
            return .backedUp(try await append(numbers, atOnce: !isSerial), failure: code)
        }
        if isSerial {
            failure = await capture()
            answers = try await append(numbers, atOnce: false)
        } else {
            async let taken = capture()
            async let merged = try? store.compact(isUrgent: true)
            answers = try await append(numbers, atOnce: true)
            failure = await taken
            _ = await merged
        }
        return .backedUp(answers, failure: failure)
    }

    /// The code of the error, if it fails.
    private func capture() async -> String? {
        await withCheckedContinuation { (continuation: CheckedContinuation<String?, Never>) in
            DispatchQueue.global().async { [disk] in
                do throws(StoreError) {
                    _ = try StoreCapture(fileSystem: disk, root: disk.root, target: BackupFolder.store(of: disk.root)).run()
                    continuation.resume(returning: nil)
                } catch {
                    continuation.resume(returning: error.code.rawValue)
                }
            }
        }
    }
}

/// A backup opened elsewhere: what was known when it was taken is there, and it goes on as a store.
package struct BackupCheck {
    /// Of the backup's store, to be used up.
    let disk: (fileSystem: any FileSystem, root: String)
    let model: StoreModel
    let clock: MachineClock

    package init(_ fileSystem: any FileSystem, root: String, model: StoreModel, clock: MachineClock) {
        disk = (fileSystem, root)
        self.model = model
        self.clock = clock
    }

    /// Requests with such numbers are sent to restored stores alone.
    private static let firstNumber = 10_000

    package func run() async throws {
        let report = try StoreInspection(fileSystem: disk.fileSystem, root: disk.root).run()
        guard report.findings.isSound, report.log.files.isEmpty else { throw Violation("a backup is not sound: \(report.findings.list)") }
        var model = model
        let number = Self.firstNumber + Int(model.latestClock % 1_000)
        try await opened { store in
            let check = StoreCheck(store: store, model: model)
            try check.checkAfterOpening(
                disk.fileSystem, root: disk.root, files: StoreCheck.files(disk.fileSystem, disk.root, ""))
            try await check.run()
            for project in Workload.projects { try model.checkWhole(StoreCheck.rows(of: store.snapshot(of: project)), of: project) }
            if let repeated = model.repeatedRequest(nowUnixNano: clock.nowUnixNano) {
                let outcome = try await store.append(model.workload.appendRequest(repeated))
                guard outcome.isDuplicate else { throw Violation("a restored store stores request \(repeated) again") }
            }
            let outcome = try await store.append(model.workload.appendRequest(number))
            let answer = AppendAnswer(
                request: number,
                stored: .init(isDuplicate: outcome.isDuplicate, lsn: outcome.lsn, receivedUnixNano: outcome.receivedUnixNano))
            try model.note(Step(number: -1, action: .append([number], atOnce: false), nowUnixNano: clock.nowUnixNano), .appended([answer]))
            try await StoreCheck(store: store, model: model).run()
        }
        try model.note(Step(number: -1, action: .reopen, nowUnixNano: clock.nowUnixNano), .done)
        try await opened { store in try await StoreCheck(store: store, model: model).run() }
    }

    private func opened(_ body: (SpanStore) async throws -> Void) async throws {
        let store = try SpanStore.open(
            StoreLife.configuration(root: disk.root, fileSystem: disk.fileSystem, clock: clock, workload: model.workload))
        store.pauseCompaction(true)
        do {
            try await body(store)
        } catch {
            await store.close()
            throw (error as? Violation).map { Violation("of a backup: \($0)") } ?? error
        }
        await store.close()
    }
}
