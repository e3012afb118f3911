import SeededRandom
import SpanStore
import Testing
import TraceModel

@testable import TraceQuery

@Suite("Selecting spans")
struct SelectTests {
    private let executor = QueryExecutor(threads: ScanThreads())

    @Test("random orders answer the first rows of the plain sort, page after page, without gap or repeat")
    func randomOrders() async throws {
        let seed = TestSeed.next()
        var g = SeededGenerator(seed: seed)
        let sortable =
            SpanField.fixedNames.map(\.field).filter { $0.type != .payload && $0.type != .texts } + [
                .attribute("mixed"), .attribute("http.route"), .attribute("retries"), .attribute("score"),
            ]
        for round in 0..<100 {
            let snapshot = RandomSpans.snapshot(&g, spanCount: 100)
            let filter = g.chance(50) ? .everything : RandomSpans.filter(&g)
            let terms = (0..<Int.random(in: 0...2, using: &g)).map { _ in OrderTerm(.field(g.pick(sortable)), isDescending: g.chance(50)) }
            let expected = Self.sorted(snapshot.visible.filter { Oracle.matches(filter, $0) }, terms)
            var request = QueryRequest(.spans([.traceID, .spanID, .model, .attribute("mixed")]), filter: filter, order: terms, limit: 7)
            var rows: [[QueryValue]] = []
            for _ in 0..<40 {
                let result = try await executor.execute(request, in: snapshot, limits: .patient)
                rows += result.rows
                request.cursor = result.nextCursor
                #expect(result.isTruncated == (result.nextCursor != nil))
                if result.nextCursor == nil { break }
            }
            let expectedRows = expected.map { span in
                [SpanField.traceID, .spanID, .model, .attribute("mixed")].map { Oracle.value(of: $0, span) }
            }
            try #require(rows == expectedRows, "seed \(seed), round \(round): \(terms) \(filter)")
        }
    }

    private static func sorted(_ spans: [TestSpan], _ terms: [OrderTerm]) -> [TestSpan] {
        let terms = terms.isEmpty ? [OrderTerm(.field(.startTime), isDescending: true)] : terms
        return spans.sorted { a, b in
            for term in terms {
                guard case .field(let field) = term.target else { continue }
                let first = Oracle.value(of: field, a), second = Oracle.value(of: field, b)
                if first.isNull != second.isNull { return second.isNull }
                let result = first.compare(second)
                if result != 0 { return term.isDescending ? result > 0 : result < 0 }
            }
            return (a.record.traceID, a.record.spanID) < (b.record.traceID, b.record.spanID)
        }
    }

    @Test("newest rows first leaves out units that are older than what was found")
    func earlyStop() async throws {
        let units = (0..<10).map { unit in
            var memory = MemoryUnit((0..<50).map { TestSpan(trace: 1, span: UInt64(unit * 100 + $0 + 1), start: Int64(unit * 1000 + $0)) })
            memory.segmentSequence = UInt64(unit)
            return memory
        }
        let request = QueryRequest(.spans([.startTime]), limit: 5, explain: true)
        let result = try await executor.execute(request, in: MemorySnapshot(units), limits: .patient)
        #expect(result.rows == (0..<5).map { [.time(Int64(9049 - $0))] })
        let explanation = try #require(result.explanation)
        #expect(explanation.segments == 10)
        // The second lane may have begun a unit before the first had found enough.
        #expect(explanation.rowGroupsRead <= 2)
        #expect(explanation.skipped[PruningReason.order.rawValue] >= 8)
    }

    @Test("selected columns are read only for the rows of the answer")
    func lateMaterialisation() async throws {
        let spans = (0..<1000).map { index -> TestSpan in
            var span = TestSpan(trace: 1, span: UInt64(index + 1), start: Int64(index))
            span.record.attributes = [KeyValue("p", .string("text \(index)"))]
            span.record.llm.inputKey = "p"
            return span
        }
        let unit = MemoryUnit(spans)
        let result = try await executor.execute(QueryRequest(.spans([.input]), limit: 3), in: MemorySnapshot([unit]), limits: .patient)
        #expect(result.rows == [[.string("text 999")], [.string("text 998")], [.string("text 997")]])
        #expect(unit.reads.count(.input) == 3)
    }

    @Test("thousands of rows that are equal in the order's first field come in the order of the others", arguments: [false, true])
    func ties(knowsColumns: Bool) async throws {
        var g = SeededGenerator(seed: TestSeed.next())
        let units = (0..<6).map { unit in
            var memory = MemoryUnit(
                (0..<2_500).map { index in
                    var span = TestSpan(trace: g.next() % 1000, span: UInt64(unit * 10_000 + index + 1), start: Int64(index))
                    // Few values, and one unit with larger ones in between.
                    span.record.endTimeUnixNano = span.record.startTimeUnixNano + (unit == 3 && index % 500 == 0 ? 7 : UInt64(index % 2))
                    return span
                })
            memory.segmentSequence = UInt64(unit)
            memory.knowsColumns = knowsColumns
            return memory
        }
        let terms = [OrderTerm(.field(.duration), isDescending: true)]
        let expected = Self.sorted(units.flatMap(\.spans), terms).prefix(90)
        var request = QueryRequest(.spans([.duration, .traceID, .spanID]), order: terms, limit: 30)
        var rows: [[QueryValue]] = []
        for _ in 0..<3 {
            let result = try await executor.execute(request, in: MemorySnapshot(units), limits: .patient)
            rows += result.rows
            request.cursor = result.nextCursor
        }
        #expect(rows == expected.map { span in [SpanField.duration, .traceID, .spanID].map { Oracle.value(of: $0, span) } })
    }

    @Test("ids are read for the rows of the answer, not for those that others pushed out")
    func lateIDs() async throws {
        let units = (0..<8).map { unit in
            var memory = MemoryUnit(
                (0..<1_000).map { TestSpan(trace: 1, span: UInt64(unit * 1000 + $0 + 1), start: Int64(($0 * 8 + unit) % 4001)) })
            memory.segmentSequence = UInt64(unit)
            memory.hasZones = false
            return memory
        }
        let result = try await executor.execute(
            QueryRequest(.spans([.startTime, .spanID]), limit: 9), in: MemorySnapshot(units), limits: .patient)
        #expect(result.rows.count == 9)
        // One more than asked for, and those that are equal to it.
        #expect(units.reduce(0) { $0 + $1.reads.count(.spanID) } <= 12)
    }

    @Test("values of eight bytes are found by their bounds, whatever lies behind the last eight")
    func boundedRows() {
        var g = SeededGenerator(seed: TestSeed.next())
        for count in 0..<40 {
            let values = (0..<count).map { _ in g.chance(10) ? Int64.max : g.chance(10) ? .min : Int64.random(in: -5...5, using: &g) }
            for bound in [Int64.min, -5, 0, 3, .max] {
                #expect(SortedRows.rows(of: values, atLeast: bound) == values.indices.filter { values[$0] >= bound }.map { Int32($0) })
                #expect(SortedRows.rows(of: values, atMost: bound) == values.indices.filter { values[$0] <= bound }.map { Int32($0) })
            }
        }
    }

    @Test("a trace id is looked up, not scanned for")
    func traceLookup() async throws {
        let unit = MemoryUnit((1...500).map { TestSpan(trace: UInt64($0), span: 1) })
        let request = QueryRequest(
            .spans([.name]), filter: .condition(.traceID, .equal(.traceID(TraceID(high: 7, low: 42)))), explain: true)
        let result = try await executor.execute(
            request, in: MemorySnapshot([unit, MemoryUnit([TestSpan(trace: 999, span: 1)])]), limits: .patient)
        #expect(result.rows.count == 1)
        #expect(unit.reads.count(.traceID) == 2)
        #expect(result.explanation?.skipped[PruningReason.bloom.rawValue] == 1)
    }

    @Test("a cursor of another order and a damaged one are refused", arguments: ["bm9wZQ", "", "%%%", "WyIiLCIwIl0"])
    func badCursor(_ cursor: String) async throws {
        let request = QueryRequest(.spans([.name]), cursor: cursor)
        let error = await #expect(throws: QueryError.self) { try await executor.execute(request, in: MemorySnapshot([])) }
        #expect(error?.code == .cursor)
    }

    @Test("a query that runs out of time says so")
    func timeLimit() async throws {
        struct SlowUnit: ScanUnit {
            let base: MemoryUnit
            var project: ProjectID { base.project }
            var rowCount: Int { base.rowCount }
            var isSealed: Bool { true }
            var segmentSequence: UInt64? { 1 }
            var identity: ScanUnitIdentity { base.identity }
            var maskedRows: [Int32] { [] }
            var attributeKeys: [String] { [] }
            func zone(of column: ScanColumn) -> ColumnZone? { nil }
            func mayContain(_ text: String, in column: ScanColumn) throws -> Bool { true }
            func mayContain(trace: TraceID) throws -> Bool { true }
            func rows(ofTrace trace: TraceID) throws -> [Int32] { try base.rows(ofTrace: trace) }
            func read(_ column: ScanColumn, rows: Range<Int>) throws -> ColumnVector {
                let start = ContinuousClock.now
                while ContinuousClock.now - start < .milliseconds(3) {}
                return try base.read(column, rows: rows)
            }
            func gather(_ column: ScanColumn, rows: [Int32]) throws -> ColumnVector { try base.gather(column, rows: rows) }
            func forEachText(in column: ScanColumn, rows: [Int32], _ body: (Int32, UnsafeRawBufferPointer) throws -> Void) throws {}
            func records(at rows: [Int32]) throws -> [SpanRecord] { [] }
        }
        var snapshot = MemorySnapshot([])
        snapshot.units = (0..<50).map { _ in SlowUnit(base: MemoryUnit([TestSpan(trace: 1, span: 1)])) }
        let request = QueryRequest(.groups([.name], [Aggregate(.count)], bucket: nil), timeMilliseconds: 5)
        let slow = snapshot
        let error = await #expect(throws: QueryError.self) { try await executor.execute(request, in: slow) }
        #expect(error?.code == .timeLimit)
        #expect(error?.message.contains("timeout_ms") == true)
    }

    @Test("a cancelled task ends its query")
    func cancellation() async throws {
        let executor = executor
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await executor.execute(
                QueryRequest(.spans([.name])), in: MemorySnapshot([MemoryUnit([TestSpan(trace: 1, span: 1)])]))
        }
        let error = await #expect(throws: QueryError.self) { try await task.value }
        #expect(error?.code == .cancelled)
    }
}
