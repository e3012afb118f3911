import FileSystem
import SpanStore
import TraceModel
import TraceQuery

/// Compares a store with the model, and its folder with what it says of it.
package struct StoreCheck {
    package let store: SpanStore
    package let model: StoreModel

    package init(store: SpanStore, model: StoreModel) {
        self.store = store
        self.model = model
    }

    /// Everything that is there, and every receipt.
    package func run() async throws {
        for project in Workload.projects {
            try model.check(try Self.rows(of: store.snapshot(of: project)), of: project, isDamaged: false)
            for (request, lsn, rowCount) in model.receipts(of: project) {
                guard let receipt = try await store.receipt(lsn, of: project) else {
                    throw Violation("the receipt of request \(request), LSN \(lsn), is gone")
                }
                guard receipt.storedSpanCount == rowCount else {
                    throw Violation("the receipt of request \(request) says \(receipt.storedSpanCount) spans of \(rowCount)")
                }
            }
        }
    }

    /// What answers may show of a project: spans, and event records.
    static func rows(of snapshot: any StoreSnapshot) throws -> [FoundRow] {
        try snapshot.units.flatMap { try rows(of: $0) }
    }

    static func rows(of unit: any ScanUnit) throws -> [FoundRow] {
        let masked = Set(try unit.maskedRows)
        let spans = try unit.records(at: (0..<Int32(unit.rowCount)).filter { !masked.contains($0) })
        return spans.map { FoundRow(record: $0, isEvent: false) }
            + (try unit.records(at: unit.eventRows)).map { FoundRow(record: $0, isEvent: true) }
    }

    /// Right after the store was opened: nothing half-written, nothing that no segment has, nothing that recovery had to put aside.
    package func checkAfterOpening(_ fileSystem: any FileSystem, root: String, files: [String]) throws {
        guard store.recovery.damages.isEmpty else { throw Violation("recovery found damage: \(store.recovery.damages)") }
        guard store.recovery.poisonousLSNs.isEmpty else { throw Violation("recovery put entries aside: \(store.recovery.poisonousLSNs)") }
        guard store.statistics.damagedSegmentCount == 0 else { throw Violation("a published segment is missing or not whole") }
        try checkFiles(files)
    }

    /// `files`: of the folder, relative. Only where nothing failed since the store was opened, or right behind that.
    package func checkFiles(_ files: [String]) throws {
        var published = Set<String>()
        for project in Workload.projects {
            for file in store.files(of: project) {
                published.insert(file.spans)
                if let payloads = file.payloads { published.insert(payloads) }
            }
        }
        let found = Set(files.filter { $0.hasPrefix("spans/") || $0.hasPrefix("payloads/") })
        guard found == published else {
            throw Violation(
                "files that no segment has: \(found.subtracting(published).sorted()); missing: \(published.subtracting(found).sorted())")
        }
        let temporary = files.filter { $0.hasPrefix("temporary/") || $0.hasSuffix(".tmp") }
        guard temporary.isEmpty else { throw Violation("temporaries were left behind: \(temporary)") }
        let manifests = files.filter { $0.hasPrefix("manifest/") && !$0.hasSuffix("CURRENT") }
        guard manifests.count == 1 else { throw Violation("there is more than one manifest: \(manifests)") }
        let kept = files.filter { $0.hasPrefix("quarantine/") }
        guard kept.isEmpty else { throw Violation("something was put aside: \(kept)") }
    }
}

extension StoreCheck {
    /// Relative paths of all files of a folder of this machine, sorted.
    package static func files(below root: String) throws -> [String] { try files(LocalFileSystem(), root, "") }

    static func files(_ fileSystem: any FileSystem, _ root: String, _ folder: String) throws -> [String] {
        var found: [String] = []
        for name in try fileSystem.list(folder.isEmpty ? root : root + "/" + folder) {
            let path = folder.isEmpty ? name : folder + "/" + name
            if (try? fileSystem.list(root + "/" + path)) != nil {
                found += try files(fileSystem, root, path)
            } else {
                found.append(path)
            }
        }
        return found.sorted()
    }
}

/// Asks the store questions and answers them again, as plainly as can be, over all rows that it holds.
struct QuestionCheck {
    let executor: QueryExecutor
    let reader: TraceReader
    let workload: Workload

    init(workload: Workload) {
        let threads = ScanThreads(count: 1)
        executor = QueryExecutor(threads: threads)
        reader = TraceReader(threads: threads)
        self.workload = workload
    }

    /// Throws what the store throws, or a `Violation`.
    func ask(_ question: Question, _ snapshot: any StoreSnapshot) async throws {
        let records = try StoreCheck.rows(of: snapshot).filter { !$0.isEvent }.map(\.record)
        switch question {
        case .trace(let number):
            guard let trace = workload.request(number).records.first?.traceID else { return }
            try await checkTrace(trace, records, snapshot)
        case .name(let name):
            try await count(.condition(.name, .equal(.text(name))), records, snapshot) { !name.isEmpty && $0.name == name }
        case .session(let session):
            try await count(.condition(.sessionID, .equal(.text(session))), records, snapshot) { $0.text("session.id") == session }
        case .route(let route):
            try await count(.condition(.attribute("http.route"), .equal(.text(route))), records, snapshot) {
                $0.text("http.route") == route
            }
        case .longerThan(let milliseconds):
            let nanoseconds = Int64(milliseconds) * 1_000_000
            try await count(.condition(.duration, .greater(.integer(nanoseconds))), records, snapshot) { $0.durationNano > nanoseconds }
        case .text(let text):
            try await count(.condition(.input, .contains(text, ignoringCase: false)), records, snapshot) {
                $0.text("gen_ai.input.messages")?.contains(text) ?? false
            }
        case .groups: try await checkGroups(records, snapshot)
        }
    }

    private func checkTrace(_ trace: TraceID, _ records: [SpanRecord], _ snapshot: any StoreSnapshot) async throws {
        let answered = try await reader.trace(trace, in: snapshot)?.spans ?? []
        var expected: [SpanID: SpanRecord] = [:]
        for record in records where record.traceID == trace {
            if expected[record.spanID].map({ $0.endTimeUnixNano < record.endTimeUnixNano }) ?? true { expected[record.spanID] = record }
        }
        guard Set(answered.map(\.spanID)) == Set(expected.keys), answered.count == expected.count else {
            throw Violation("trace \(trace.hex) has \(answered.count) spans in the answer and \(expected.count) in the store")
        }
        for record in answered where record.number(Workload.requestKey) != expected[record.spanID]?.number(Workload.requestKey) {
            throw Violation("of span \(record.spanID.hex) another version is shown than the last")
        }
    }

    private func count(
        _ filter: Filter, _ records: [SpanRecord], _ snapshot: any StoreSnapshot, _ matches: (SpanRecord) -> Bool
    ) async throws {
        let request = QueryRequest(.groups([], [Aggregate(.count)], bucket: nil), filter: filter)
        let result = try await executor.execute(request, in: snapshot)
        let answered = result.rows.first?.first?.numericValue ?? 0, expected = records.count(where: matches)
        guard answered == Double(expected) else { throw Violation("\(filter) counts \(answered) spans, the store holds \(expected)") }
    }

    private func checkGroups(_ records: [SpanRecord], _ snapshot: any StoreSnapshot) async throws {
        let aggregates = [
            Aggregate(.count), Aggregate(.sum, .duration),
        ]
        let request = QueryRequest(.groups([.attribute("http.route")], aggregates, bucket: nil), limit: 1_000)
        let result = try await executor.execute(request, in: snapshot)
        var expected: [QueryValue: (count: Int, sum: Int64)] = [:]
        for record in records {
            let key = record.text("http.route").map(QueryValue.string) ?? .null
            expected[key, default: (0, 0)].count += 1
            expected[key, default: (0, 0)].sum += record.durationNano
        }
        guard result.rows.count == expected.count else {
            throw Violation("there are \(result.rows.count) groups in the answer and \(expected.count) in the store")
        }
        for row in result.rows {
            guard let group = expected[row[0]], row[1].numericValue == Double(group.count), row[2].numericValue == Double(group.sum) else {
                throw Violation("a group is \(row), the store holds \(expected[row[0]] as Any)")
            }
        }
    }
}
