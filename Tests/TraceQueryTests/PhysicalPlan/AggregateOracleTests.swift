import GenAIConventions
import Glibc
import SeededRandom
import SpanStore
import Testing
import TraceModel

@testable import TraceQuery

@Suite("Grouped queries")
struct AggregateOracleTests {
    private let executor = QueryExecutor(threads: ScanThreads())

    @Test("random groupings answer what the plain evaluation answers")
    func randomGroupings() async throws {
        let seed = TestSeed.next()
        var g = SeededGenerator(seed: seed)
        let groupable =
            SpanField.fixedNames.map(\.field).filter { $0.type != .payload && $0.type != .texts } + [
                .attribute("mixed"), .attribute("http.route"), .attribute("retries"), .attribute("score"), .attribute("cached"),
            ]
        let numeric = groupable.filter { $0.type.isNumeric }
        for round in 0..<150 {
            let snapshot = RandomSpans.snapshot(&g, spanCount: 120)
            let filter = g.chance(50) ? .everything : RandomSpans.filter(&g)
            let fields = Array(groupable.shuffled(using: &g).prefix(Int.random(in: 0...3, using: &g)))
            let bucket = g.chance(40) ? g.pick([TimeBucket("1h"), TimeBucket("5m"), TimeBucket("1d")]) : nil
            var aggregates: [Aggregate] = [Aggregate(.count, nil, name: "rows")]
            for (index, function) in AggregateFunction.allCases.enumerated() where function != .rate || bucket != nil {
                let field: SpanField? =
                    switch function.argument {
                    case .none: nil
                    case .optional: g.chance(50) ? g.pick(groupable) : nil
                    case .number: g.pick(numeric)
                    case .numberOrTime: g.pick(numeric + [.startTime, .endTime])
                    case .anything: g.pick(groupable)
                    }
                aggregates.append(Aggregate(function, field, name: "a\(index)"))
            }
            let request = QueryRequest(.groups(fields, aggregates, bucket: bucket), filter: filter, limit: QueryLimits.maximumRowCount)
            let result = try await executor.execute(request, in: snapshot, limits: .patient)
            let selected = snapshot.visible.filter { Oracle.matches(filter, $0) }
            let expected = Self.expected(fields, aggregates, bucket, selected, Self.repeats(in: snapshot))
            let keyCount = fields.count + (bucket == nil ? 0 : 1)
            try #require(result.rows.count == expected.count, "seed \(seed), round \(round): \(fields)")
            for row in result.rows {
                let values = try #require(expected[Array(row.prefix(keyCount))], "seed \(seed), round \(round): \(row)")
                for (index, pair) in zip(row.dropFirst(keyCount), values).enumerated() {
                    try #require(
                        Self.isClose(pair.0, pair.1),
                        "seed \(seed), round \(round): \(aggregates[index]): \(pair.0) instead of \(pair.1)")
                }
            }
        }
    }

    private static func isClose(_ a: QueryValue, _ b: QueryValue) -> Bool {
        if a == b { return true }
        // Of a whole number and an equal other one either may be the least.
        guard let x = a.numericValue, let y = b.numericValue else { return false }
        return abs(x - y) <= 1e-9 * max(1, abs(x), abs(y))
    }

    private static func expected(
        _ fields: [SpanField], _ aggregates: [Aggregate], _ bucket: TimeBucket?, _ spans: [TestSpan], _ repeats: Repeats
    ) -> [[QueryValue]: [QueryValue]] {
        let selected = Set(spans.map(\.record.spanID))
        var groups: [[QueryValue]: [TestSpan]] = [:]
        for span in spans {
            var key: [QueryValue] = []
            if let bucket {
                let start = Int64(span.record.startTimeUnixNano)
                key.append(.time(start - start % bucket.nanoseconds))
            }
            key += fields.map { Oracle.value(of: $0, span) }
            groups[key, default: []].append(span)
        }
        if fields.isEmpty, bucket == nil, groups.isEmpty { groups[[]] = [] }
        return groups.mapValues { spans in
            aggregates.map { aggregate in
                guard aggregate.function == .sum, let figure = aggregate.field.flatMap({ RepeatedRows.Figure($0) }) else {
                    return value(aggregate, spans, bucket)
                }
                let counted = spans.filter { span in repeats[figure]?[span.record.spanID].map { !selected.contains($0) } ?? true }
                return value(aggregate, counted, bucket)
            }
        }
    }

    /// Of each unit the spans that repeat another one's call, with the one that counts.
    private typealias Repeats = [RepeatedRows.Figure: [SpanID: SpanID]]

    private static func repeats(in snapshot: MemorySnapshot) -> Repeats {
        var repeats: Repeats = [:]
        for case let unit as MemoryUnit in snapshot.units {
            let visible = unit.spans.indices.filter { !unit.maskedRows.contains(Int32($0)) }.map { unit.spans[$0].record }
            for figure in RepeatedRows.Figure.allCases {
                func reports(_ span: SpanRecord) -> Bool {
                    switch figure {
                    case .tokens: span.llm.inputTokens != nil || span.llm.outputTokens != nil || span.llm.cost != nil
                    case .cost: span.llm.cost != nil
                    case .reportedCost: span.llm.reportedCost != nil
                    }
                }
                let all = visible.filter { RepeatedCalls.isCall($0.llm.kind) }, calls = all.filter(reports)
                let counting = RepeatedCalls.counting(
                    calls.map { call($0, isBilled: figure == .cost && $0.llm.reportedCost != nil) },
                    silent: all.filter { !reports($0) }.map { call($0, isBilled: false) })
                for (call, index) in zip(calls, counting) {
                    if let index { repeats[figure, default: [:]][call.spanID] = calls[index].spanID }
                }
            }
        }
        return repeats
    }

    private static func call(_ span: SpanRecord, isBilled: Bool) -> ModelCall {
        var hash: UInt64 = 0
        if case .string(let text)? = span.attributes.first(where: { $0.key == "gen_ai.response.id" })?.value {
            hash = ModelCall.hash(Array(text.utf8).span)
        }
        return ModelCall(
            group: span.traceID.low, kind: span.llm.kind, spanID: span.spanID, parentSpanID: span.parentSpanID, responseHash: hash,
            startTimeUnixNano: span.startTimeUnixNano, endTimeUnixNano: span.endTimeUnixNano, isBilled: isBilled)
    }

    @Test("sums add up a call that two spans report once, where the query has both; what is of each span counts all")
    func repeatedCalls() async throws {
        func call(_ id: UInt64, below parent: UInt64, _ scope: String, tokens: Int64?, cost: Double?, response: String? = "r") -> TestSpan {
            var span = TestSpan(trace: 1, span: id, parent: parent, start: Int64(id), duration: 100 - 2 * Int64(id))
            span.record.llm.kind = .llm
            span.record.llm.inputTokens = tokens
            span.record.llm.cost = cost
            span.record.llm.requestModel = "m"
            span.scopeName = scope
            if let response { span.record.attributes = [KeyValue("gen_ai.response.id", .string(response))] }
            return span
        }
        // The instrumentation's span, the SDK's below it without a price, and a call of its own.
        let spans = [
            call(1, below: 9, "outer", tokens: 10, cost: 1), call(2, below: 1, "inner", tokens: 12, cost: nil),
            call(3, below: 9, "outer", tokens: 5, cost: 0.5, response: "s"),
        ]
        func sums(
            _ spans: [[TestSpan]], by fields: [SpanField] = [], scope: String? = nil, number: UInt64 = 1
        ) async throws -> [[QueryValue]] {
            let filter: Filter = scope.map { .condition(.scopeName, .equal(.text($0))) } ?? .everything
            let aggregates = [
                Aggregate(.sum, .inputTokens), Aggregate(.sum, .totalTokens), Aggregate(.sum, .cost), Aggregate(.count, nil),
                Aggregate(.maximum, .inputTokens),
            ]
            var units: [MemoryUnit] = []
            for spans in spans {
                var unit = MemoryUnit(spans)
                unit.number = 100 * number + UInt64(units.count)
                units.append(unit)
            }
            let request = QueryRequest(
                .groups(fields, aggregates, bucket: nil), filter: filter,
                order: fields.isEmpty ? [] : [OrderTerm(.column(0), isDescending: false)],
                limit: 10)
            return try await executor.execute(request, in: MemorySnapshot(units), limits: .patient).rows
        }
        for _ in 0..<2 {
            #expect(try await sums([spans]) == [[.int(17), .int(17), .double(1.5), .int(3), .int(12)]])
        }
        #expect(
            try await sums([spans], by: [.scopeName]) == [
                [.string("inner"), .int(12), .int(12), .null, .int(1), .int(12)],
                [.string("outer"), .int(5), .int(5), .double(1.5), .int(2), .int(10)],
            ])
        // Who names the outer spans gets what they say.
        #expect(try await sums([spans], scope: "outer") == [[.int(15), .int(15), .double(1.5), .int(2), .int(10)]])
        // Spans of one call that lie apart are both added.
        #expect(try await sums([[spans[0], spans[2]], [spans[1]]], number: 3) == [[.int(27), .int(27), .double(1.5), .int(3), .int(12)]])
        // A unit that grew is looked at anew.
        #expect(try await sums([[spans[0]]], number: 2) == [[.int(10), .int(10), .double(1), .int(1), .int(10)]])
        #expect(try await sums([Array(spans.prefix(2))], number: 2) == [[.int(12), .int(12), .double(1), .int(2), .int(12)]])
    }

    private static func value(_ aggregate: Aggregate, _ spans: [TestSpan], _ bucket: TimeBucket?) -> QueryValue {
        let values = spans.map { span in aggregate.field.map { Oracle.value(of: $0, span) } ?? .bool(true) }.filter { !$0.isNull }
        let numbers = values.compactMap(\.numericValue).sorted()
        let errorCount = spans.count { $0.record.status?.code == 2 }
        switch aggregate.function {
        case .count: return .int(Int64(values.count))
        case .countDistinct: return .int(Int64(Set(values).count))
        case .errorCount: return .int(Int64(errorCount))
        case .errorRate: return spans.isEmpty ? .null : .double(Double(errorCount) / Double(spans.count))
        case .rate: return bucket.map { .double(Double(spans.count) / $0.seconds) } ?? .null
        case .average: return numbers.isEmpty ? .null : .double(numbers.reduce(0, +) / Double(numbers.count))
        case .sum:
            if numbers.isEmpty { return .null }
            let integers = values.compactMap { value -> Int64? in if case .int(let number) = value { number } else { nil } }
            return integers.count == numbers.count ? .int(integers.reduce(0, +)) : .double(numbers.reduce(0, +))
        case .minimum: return values.filter { $0.numericValue != nil }.min { $0.compare($1) < 0 } ?? .null
        case .maximum: return values.filter { $0.numericValue != nil }.max { $0.compare($1) < 0 } ?? .null
        case .p50, .p90, .p95, .p99:
            guard !numbers.isEmpty, let quantile = aggregate.function.quantile else { return .null }
            let place = quantile * Double(numbers.count - 1)
            let below = Int(place)
            let above = min(below + 1, numbers.count - 1)
            return .double(numbers[below] + (numbers[above] - numbers[below]) * (place - Double(below)))
        }
    }

    @Test("groups are ordered as asked, ties by their keys, and a limit says that there are more")
    func order() async throws {
        let spans = ["b", "a", "c", "b", "c", "d"].enumerated().map { TestSpan(trace: 1, span: UInt64($0.offset + 1), name: $0.element) }
        let snapshot = MemorySnapshot([MemoryUnit(Array(spans[..<3])), MemoryUnit(Array(spans[3...]))])
        let request = QueryRequest(.groups([.name], [Aggregate(.count)], bucket: nil), limit: 3)
        let result = try await executor.execute(request, in: snapshot, limits: .patient)
        #expect(result.rows == [[.string("b"), .int(2)], [.string("c"), .int(2)], [.string("a"), .int(1)]])
        #expect(result.isTruncated)
        #expect(result.nextCursor == nil)
    }

    @Test("a query over its memory says so instead of answering")
    func memoryLimit() async throws {
        let spans = (1...5000).map { TestSpan(trace: UInt64($0), span: 1) }
        let request = QueryRequest(.groups([.traceID], [Aggregate(.p50, .duration)], bucket: nil))
        let error = await #expect(throws: QueryError.self) {
            try await executor.execute(
                request, in: MemorySnapshot([MemoryUnit(spans)]), limits: QueryLimits(maximumMemoryByteCount: 100_000))
        }
        #expect(error?.code == .memoryLimit)
    }
}

@Suite("Sketches")
struct SketchTests {
    @Test("a quantile of a sketch is within 0.4 % of the exact one, and two sketches add up to the sketch of both")
    func quantileSketch() {
        let seed = TestSeed.next()
        var g = SeededGenerator(seed: seed)
        var first = QuantileSketch(), second = QuantileSketch(), both = QuantileSketch()
        var values: [Double] = []
        for index in 0..<200_000 {
            let magnitude = Double.random(in: 1e-3...1e3, using: &g) * Double(Int.random(in: 1...1_000_000, using: &g))
            let value = index % 10 == 0 ? -magnitude : index % 17 == 0 ? 0 : magnitude
            values.append(value)
        }
        values[..<90_000].withContiguousStorageIfAvailable { first.add($0) }
        values[90_000...].withContiguousStorageIfAvailable { second.add($0) }
        values.withUnsafeBufferPointer { both.add($0) }
        first.merge(second)
        values.sort()
        for quantile in [0, 0.01, 0.05, 0.3, 0.5, 0.9, 0.95, 0.99, 1] {
            let exact = values[Int((quantile * Double(values.count - 1)).rounded())]
            #expect(abs(both.quantile(quantile) - exact) <= abs(exact) * 0.004, "seed \(seed), quantile \(quantile)")
            #expect(first.quantile(quantile) == both.quantile(quantile), "seed \(seed), quantile \(quantile)")
        }
    }

    @Test("selection finds what sorting finds, however the values are spread")
    func exactQuantiles() {
        let seed = TestSeed.next()
        var g = SeededGenerator(seed: seed)
        let quantiles = [0, 0.5, 0.9, 0.95, 0.99, 1]
        for round in 0..<200 {
            let values = (0..<Int.random(in: 1...2_000, using: &g)).map { index -> Double in
                switch round % 5 {
                case 0: Double(Int.random(in: -20...20, using: &g))
                case 1: exp(Double.random(in: -40...40, using: &g))
                // All but a few within so little of each other that one round does not part them.
                case 2: index % 50 == 0 ? -1e300 : 1 + Double(Int.random(in: 0...1_000, using: &g)) * 1e-15
                case 3: index % 7 == 0 ? -0.0 : index % 11 == 0 ? .infinity : Double.random(in: -1...1, using: &g)
                default: 7
                }
            }
            let sorted = values.sorted(), found = ExactQuantiles.values(quantiles, of: values)
            for (quantile, found) in zip(quantiles, found) {
                let place = quantile * Double(sorted.count - 1), fraction = place - place.rounded(.down)
                let low = sorted[Int(place)], high = sorted[min(Int(place) + 1, sorted.count - 1)]
                let expected = low == high || fraction == 0 ? low : low + (high - low) * fraction
                #expect(found == expected, "seed \(seed), round \(round), quantile \(quantile)")
            }
        }
    }

    @Test("a bucket is the time by its width, rounded down, however far the times lie apart")
    func bucketNumbers() {
        let seed = TestSeed.next()
        var g = SeededGenerator(seed: seed)
        let widths: [Int64] = [1, 2, 3, 1_000_000_000, 3_600_000_000_000, 86_400_000_000_000, .max]
        for round in 0..<200 {
            let width = round % 2 == 0 ? widths[round / 2 % widths.count] : Int64.random(in: 1...(.max), using: &g)
            let middle = round % 3 == 0 ? Int64.min / 2 : Int64.random(in: (.min / 2)...(.max / 2), using: &g)
            let reach = round % 5 == 0 ? Int64.max / 2 : Int64.random(in: 0...(width / 4), using: &g)
            var times = (0..<50).map { _ in Int64.random(in: (middle - reach)...(middle + reach), using: &g) }
            if round % 7 == 0 { times += [.min, .max] }
            let multiple = TimeText.floorDivide(middle, width).multipliedReportingOverflow(by: width)
            if !multiple.overflow, multiple.partialValue > .min { times += [multiple.partialValue - 1, multiple.partialValue] }
            let positions = times.indices.map { Int32($0) }.shuffled(using: &g)
            let numbers = times.withUnsafeBufferPointer { times in
                positions.withUnsafeBufferPointer { BucketNumbers.numbers(of: times, at: $0, TimeBucket(nanoseconds: width)) }
            }
            #expect(numbers == positions.map { TimeText.floorDivide(times[Int($0)], width) }, "seed \(seed), width \(width)")
        }
    }

    @Test("sums beyond 64 bits are right where they come back, and a number where they do not, whichever lanes they were added in")
    func wideSums() {
        let first = SumAccumulator(), second = SumAccumulator(), total = SumAccumulator()
        for sum in [first, second, total] { sum.grow(to: 3) }
        func column(_ values: [Int64]) -> FieldColumn {
            FieldColumn(vector: .int64(values, .all), positions: values.indices.map { Int32($0) })
        }
        first.add(column([.max, .max, .max, 5]), groups: [0, 0, 1, 2])
        second.add(column([.min, .min, .max, 7]), groups: [0, 0, 1, 2])
        second.add(FieldColumn(vector: .double([0.5], .all), positions: [0]), groups: [2])
        total.merge(first, mapping: [0, 1, 2])
        total.merge(second, mapping: [0, 1, 2])
        #expect(total.value(.sum, group: 0, type: .integer) == .int(-2))
        #expect(total.value(.average, group: 0, type: .integer) == .double(-0.5))
        #expect(total.value(.sum, group: 1, type: .integer) == .double(Double(Int64.max) * 2))
        #expect(total.value(.sum, group: 2, type: .decimal) == .double(12.5))
    }

    @Test("distinct values are counted exactly while few and within 3 % when many, merged or not")
    func distinctCounter() {
        var a = DistinctCounter(), b = DistinctCounter()
        for value in 0..<50_000 { _ = a.insert(DenseTable.mix(UInt64(value))) }
        #expect(a.count == 50_000)
        for value in 25_000..<300_000 { _ = b.insert(DenseTable.mix(UInt64(value))) }
        #expect(abs(Double(b.count) - 275_000) < 275_000 * 0.03)
        _ = a.merge(b)
        #expect(abs(Double(a.count) - 300_000) < 300_000 * 0.03)
    }

    @Test("what is to be exact stays so however many there are, and ends at the query's memory")
    func exactDistinct() async throws {
        var exact = DistinctCounter(maximumExactCount: .max), other = DistinctCounter(maximumExactCount: .max)
        for value in 0..<200_000 { _ = exact.insert(DenseTable.mix(UInt64(value))) }
        for value in 150_000..<300_000 { _ = other.insert(DenseTable.mix(UInt64(value))) }
        _ = exact.merge(other)
        #expect(exact.count == 300_000)
        let spans = (1...70_000).map { TestSpan(trace: UInt64($0), span: 1, start: 1) }
        let request = QueryRequest(
            .groups(
                [], [Aggregate(.countDistinct, .traceID, name: "traces", isExact: true), Aggregate(.countDistinct, .traceID)], bucket: nil))
        let executor = QueryExecutor(threads: ScanThreads()), snapshot = MemorySnapshot([MemoryUnit(spans)])
        #expect(try await executor.execute(request, in: snapshot, limits: .patient).rows.first?.first == .int(70_000))
        let error = await #expect(throws: QueryError.self) {
            try await executor.execute(
                request, in: snapshot, limits: QueryLimits(timeMilliseconds: 60_000, maximumMemoryByteCount: 1 << 20))
        }
        #expect(error?.code == .memoryLimit)
    }
}
