import ByteCoding
import FileSystem
import GenAIConventions
import OTLP
import Parquet
import SeededRandom
import Testing
import TraceModel

@testable import SpanStore

@Suite("Applying a newer mapping and newer prices to what is stored")
struct ReapplicationTests {
    private static func hint(_ seed: UInt64) -> Comment { Comment(rawValue: TestSeed.hint(seed)) }

    private static let newMapping = FieldRevision(.mapping, prices: TestPrices.book(version: 5, perMillion: 2))

    /// A store that was filled with one mapping and prices.
    private static func filled(
        _ fixture: StoreFixture, seed: UInt64, _ mapping: AttributeMapping, _ prices: PriceBook
    ) async throws -> SpanStore {
        let store = try fixture.openOld()
        var calls = RandomCalls(seed: seed)
        try await calls.segments(3, rowCount: 20...50, in: store, of: fixture.project, mapping: mapping, prices: prices)
        return store
    }

    @Test(
        "spans of an older mapping get the fields they would have if they came in now; nothing else of them changes",
        arguments: TestSeed.several(2))
    func mapping(seed: UInt64) async throws {
        let old = try StoreFixture(), new = try StoreFixture()
        var store = try await Self.filled(old, seed: seed, OldMapping.mapping, TestPrices.none)
        let fresh = try await Self.filled(new, seed: seed, .current, Self.newMapping.prices)
        let expected = try new.everything(fresh), before = try old.everything(store)
        #expect(before != expected, Self.hint(seed))
        let sealed = store.handles(of: old.project).map(\.descriptor)

        let foreseen = try await store.reviewAll(Self.newMapping, of: old.project)
        #expect(try old.everything(store) == before, "a dry run writes nothing")
        #expect(store.handles(of: old.project).map(\.descriptor) == sealed)
        var report = try await store.reapplyAll(Self.newMapping, to: old.project)
        #expect(report.rewrittenSegmentCount == 3 && report.skipped.isEmpty, Self.hint(seed))
        report.rewrittenSegmentCount = 0
        #expect(report == foreseen, "a dry run foresees what changes: \(TestSeed.hint(seed))")
        #expect(report.changedSpanCount > 10 && report.sample.count == StoreLimits.revisedSampleCount)

        for _ in 0..<2 {
            let difference = try StoreFixture.difference(old.everything(store), expected)
            #expect(difference == nil, "\(difference ?? "") \(TestSeed.hint(seed))")
            for (was, now) in zip(sealed, store.handles(of: old.project).map(\.descriptor)) {
                #expect(now.mappingVersion == AttributeMapping.current.version && now.priceVersion == 5)
                #expect(now.minimumLSN == was.minimumLSN && now.maximumLSN == was.maximumLSN && now.spanRowCount == was.spanRowCount)
                #expect(now.minimumStartTimeUnixNano == was.minimumStartTimeUnixNano && now.schemaFingerprint == was.schemaFingerprint)
            }
            for unit in store.handles(of: old.project).flatMap(\.units) { try ColumnCheck(unit: unit).run() }
            let again = try await store.reapplyAll(Self.newMapping, to: old.project)
            #expect(again.segmentCount == 0, "it is done once")
            await store.close()
            store = try old.openOld()
        }
        let found = try StoreInspection(fileSystem: LocalFileSystem(), root: old.configuration.root).run().findings.list
        #expect(found.filter { $0.severity != .note } == [], Self.hint(seed))
        await store.close()
        await fresh.close()
    }

    @Test(
        "newer prices change costs that were computed, each as an explanation computes it, and no other field",
        arguments: TestSeed.several(2))
    func prices(seed: UInt64) async throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        store.pauseCompaction(true)
        var calls = RandomCalls(seed: seed)
        calls.mayRepeat = false
        let before = TestPrices.book(version: 3, perMillion: 1), after = TestPrices.book(version: 4, perMillion: 3)
        try await calls.segments(2, rowCount: 50...70, in: store, of: fixture.project, mapping: .current, prices: before)
        let stored = try fixture.all(store)
        let report = try await store.reapplyAll(FieldRevision(.prices, prices: after), to: fixture.project)
        let priced = try fixture.all(store)
        #expect(priced.count == stored.count)
        var changedCount = 0, sums = (0.0, 0.0)
        for (was, now) in zip(stored, priced) {
            var same = now
            same.llm.cost = was.llm.cost
            #expect(same == was, Self.hint(seed))
            var batch = try ExportTraceRequestDecoder.decodeProtobuf(ExportTraceRequestEncoder.encode([now]), limits: .unlimited)
            let details = AttributeMapping.current.apply(to: &batch).usageDetails.first
            let explained = after.explain(now.llm, details: details, at: now.startTimeUnixNano)
            // An explanation of a container that was billed names the bill, which counts nowhere.
            #expect(now.llm.cost == explained.cost, Self.hint(seed))
            changedCount += was.llm.cost == now.llm.cost ? 0 : 1
            sums = (sums.0 + (was.llm.cost ?? 0), sums.1 + (now.llm.cost ?? 0))
            if let billed = now.llm.billedCost { #expect(now.llm.cost == billed && was.llm.cost == billed, "what was billed stays") }
        }
        #expect(changedCount > 10 && report.changedSpanCount == changedCount && report.fieldCounts == ["cost": changedCount])
        #expect(abs(report.before.cost - sums.0) < 1e-9 && abs(report.after.cost - sums.1) < 1e-9)
        #expect(report.before.tokens == report.after.tokens && report.before.tokens.input > 0)
        #expect(report.spanCount == stored.count)
        #expect(abs(report.models.values.reduce(0) { $0 + $1.costAfter } - sums.1) < 1e-9)
        #expect(report.models.values.reduce(0) { $0 + $1.changedSpanCount } == changedCount)
        await store.close()
    }

    @Test("of a rewritten row group every column that does not change is the same bytes")
    func copiedColumns() async throws {
        let fixture = try StoreFixture()
        let store = try await Self.filled(fixture, seed: TestSeed.value, .current, TestPrices.none)
        let source = try #require(store.handles(of: fixture.project).first)
        let sourceFile = try source.files().spans.file, sourceBytes = try content(source, fixture)
        _ = try await store.reapplyAll(
            FieldRevision(.prices, prices: TestPrices.book(version: 2, perMillion: 1)), to: fixture.project)
        let handle = try #require(store.handles(of: fixture.project).first)
        let file = try handle.files().spans.file, bytes = try content(handle, fixture)
        #expect(file.schema == sourceFile.schema)
        var differing: [String] = []
        for group in file.metadata.rowGroups.indices {
            for leaf in file.schema.leaves {
                let old = sourceFile.metadata.rowGroups[group].columns[leaf.index], new = file.metadata.rowGroups[group].columns[leaf.index]
                if slice(sourceBytes, old) != slice(bytes, new) { differing.append(leaf.path.joined(separator: ".")) }
                #expect((old.columnIndex == nil) == (new.columnIndex == nil) && (old.bloomFilter == nil) == (new.bloomFilter == nil))
            }
        }
        #expect(differing == ["cost"])
        await store.close()
    }

    private func content(_ handle: SegmentHandle, _ fixture: StoreFixture) throws -> [UInt8] {
        let path = fixture.configuration.root + "/" + StoreFileNames.spans(handle.descriptor.partition, handle.descriptor.sequence)
        return try fixture.configuration.fileSystem.readWhole(path, maximumByteCount: 64 << 20)
    }

    private func slice(_ bytes: [UInt8], _ chunk: ColumnChunkMetadata) -> ArraySlice<UInt8> {
        bytes[Int(chunk.startOffset)..<Int(chunk.startOffset) + Int(chunk.compressedByteCount)]
    }

    @Test("prices that change nothing are noted and no file is written", arguments: [false, true])
    func nothingToChange(isMasked: Bool) async throws {
        let fixture = try StoreFixture()
        let prices = TestPrices.book(version: 9, perMillion: 1)
        var store = try await Self.filled(fixture, seed: TestSeed.value, .current, prices)
        if isMasked {
            _ = try await store.delete(.trace(try #require(try fixture.all(store).first).traceID), of: fixture.project)
        }
        let before = try fixture.everything(store), files = store.files(of: fixture.project).map(\.spans)
        for _ in 0..<2 {
            let report = try await store.reapplyAll(FieldRevision(.prices, prices: prices), to: fixture.project)
            #expect(report.rewrittenSegmentCount == 0 && report.changedSpanCount == 0)
            #expect(store.files(of: fixture.project).map(\.spans) == files)
            #expect(store.files(of: fixture.project).allSatisfy { $0.descriptor.priceVersion == 9 })
            #expect(try fixture.everything(store) == before)
            await store.close()
            store = try fixture.openOld()
        }
        let rowCount = store.handles(of: fixture.project).reduce(0) { $0 + $1.descriptor.spanRowCount }
        let scope = ReapplicationScope(project: fixture.project, receiveDays: nil, horizonLSN: .max)
        #expect(store.rowsLeft(FieldRevision(.prices, prices: prices), in: scope) == 0)
        let newer = FieldRevision(.prices, prices: TestPrices.book(version: 10, perMillion: 1))
        #expect(store.rowsLeft(newer, in: scope) == rowCount)
        await store.close()
    }

    @Test("masked rows are left out of what is written, and rows masked meanwhile are masked in it", arguments: TestSeed.several(2))
    func masks(seed: UInt64) async throws {
        let fixture = try StoreFixture()
        var store = try fixture.openOld(rowGroupRowCount: 40)
        var calls = RandomCalls(seed: seed)
        try await calls.segments(
            1, rowCount: 130...160, in: store, of: fixture.project, mapping: OldMapping.mapping, prices: TestPrices.none)
        let traces = Array(Set(try fixture.all(store).map(\.traceID))).sorted { $0.low < $1.low || $0.high < $1.high }
        _ = try await store.delete(.trace(traces[0]), of: fixture.project)
        let source = try #require(store.handles(of: fixture.project).first)
        #expect(!source.mask.isEmpty && source.descriptor.rowGroupCount > 2)
        let made = try store.rewriter.revise(
            source, by: Self.newMapping, registry: PromotionRegistry(), sequence: { 700 }, progress: { _ in })
        _ = try await store.delete(.trace(traces[1]), of: fixture.project)
        let kept = try fixture.all(store)
        #expect(try store.publish(try #require(made.result), replacing: [source]))
        let target = try #require(store.handles(of: fixture.project).first)
        #expect(target.descriptor.sequence == 700 && target.descriptor.spanRowCount == source.descriptor.spanRowCount - source.mask.count)
        for _ in 0..<2 {
            let now = try fixture.all(store)
            #expect(now.map { "\($0.canonical)" } == kept.map { "\($0.canonical)" }, Self.hint(seed))
            #expect(now.map(\.llm) != kept.map(\.llm))
            for unit in store.handles(of: fixture.project).flatMap(\.units) { try ColumnCheck(unit: unit).run() }
            await store.close()
            store = try fixture.openOld(rowGroupRowCount: 40)
        }
        _ = try await store.compact(isUrgent: true)
        let descriptor = try #require(store.handles(of: fixture.project).first?.descriptor)
        #expect(descriptor.mappingVersion == AttributeMapping.current.version && descriptor.priceVersion == 5)
        #expect(try fixture.all(store).map { "\($0.canonical)" } == kept.map { "\($0.canonical)" }, Self.hint(seed))
        await store.close()
    }

    @Test("a merge of segments of several price versions has the lowest, and what comes in later is not looked at")
    func versions() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.openForCompaction()
        var calls = RandomCalls(seed: TestSeed.value)
        let prices = TestPrices.book(version: 6, perMillion: 1)
        try await calls.segments(1, rowCount: 9...9, in: store, of: fixture.project, mapping: .current, prices: prices)
        let revision = FieldRevision(.prices, prices: prices)
        let scope = ReapplicationScope(
            project: fixture.project, receiveDays: nil, horizonLSN: try await store.beginReapplication(of: fixture.project))
        _ = try await store.reapplyAll(revision, to: fixture.project)
        #expect(store.handles(of: fixture.project).map(\.descriptor.priceVersion) == [6])
        try await calls.segments(1, rowCount: 9...9, in: store, of: fixture.project, mapping: .current, prices: prices)
        #expect(store.handles(of: fixture.project).map(\.descriptor.priceVersion) == [6, 0])
        #expect(store.rowsLeft(revision, in: scope) == 0)
        _ = try await store.compact(isUrgent: true)
        #expect(store.handles(of: fixture.project).map(\.descriptor.priceVersion) == [0])
        await store.close()
    }

    @Test("only the receive days that are asked for are written, and a project's own")
    func days() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.openOld()
        var calls = RandomCalls(seed: TestSeed.value)
        let other = ProjectID(high: 5, low: 5)
        for project in [fixture.project, other] {
            try await calls.segments(1, rowCount: 9...9, in: store, of: project, mapping: OldMapping.mapping, prices: TestPrices.none)
        }
        let day = try #require(store.handles(of: fixture.project).first).descriptor.receiveDay
        let elsewhere = try await store.reapplyAll(Self.newMapping, to: fixture.project, receiveDays: (day + 1)...(day + 9))
        #expect(elsewhere.segmentCount == 0)
        let there = try await store.reapplyAll(Self.newMapping, to: fixture.project, receiveDays: (day - 1)...day)
        #expect(there.segmentCount == 1)
        #expect(store.handles(of: other).map(\.descriptor.mappingVersion) == [OldMapping.mapping.version])
        await store.close()
    }

    @Test("a segment that cannot be read is told and left as it is; the others are done")
    func damaged() async throws {
        let fixture = try StoreFixture()
        let store = try await Self.filled(fixture, seed: TestSeed.value, OldMapping.mapping, TestPrices.none)
        let path = fixture.configuration.root + "/" + store.files(of: fixture.project)[0].spans
        let file = try LocalFileSystem().open(path, .readWrite)
        try [UInt8](repeating: 0xA5, count: 3_000).withUnsafeBytes { try file.write([$0], at: 40) }
        file.close()
        let report = try await store.reapplyAll(Self.newMapping, to: fixture.project)
        let sequence = store.files(of: fixture.project)[0].descriptor.sequence
        #expect(report.skipped.map(\.sequence) == [sequence] && report.rewrittenSegmentCount == 2)
        #expect(store.handles(of: fixture.project).count { $0.descriptor.mappingVersion == AttributeMapping.current.version } == 2)
        await store.close()
    }

    @Test("a reapplication that is cancelled leaves the segment at hand as it was, and can be taken up again")
    func cancelled() async throws {
        let fixture = try StoreFixture()
        let store = try await Self.filled(fixture, seed: TestSeed.value, OldMapping.mapping, TestPrices.none)
        let before = try fixture.everything(store), progress = ReapplicationProgress()
        progress.cancel()
        let scope = ReapplicationScope(project: fixture.project, receiveDays: nil, horizonLSN: .max)
        await #expect(throws: CancellationError.self) {
            _ = try await store.reapplyNext(Self.newMapping, in: scope, skipping: [], progress: progress)
        }
        await #expect(throws: CancellationError.self) {
            _ = try await store.reviewReapplication(Self.newMapping, in: scope, progress: progress)
        }
        #expect(try fixture.everything(store) == before)
        #expect(try await store.reapplyAll(Self.newMapping, to: fixture.project).rewrittenSegmentCount == 3)
        await store.close()
    }

    @Test("a span that failed by its level, stored before levels counted, gets its status; one that was set stays")
    func levels() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.openOld()
        var random = RandomSpans(SeededGenerator(seed: TestSeed.value))
        var spans = random.records(4)
        for index in spans.indices {
            spans[index].status = index < 2 ? nil : .init(code: index == 2 ? 1 : 0, message: "said")
            spans[index].events = []
            spans[index].attributes = [
                KeyValue("langfuse.observation.level", .string(index == 1 ? "DEFAULT" : "ERROR")),
                KeyValue("langfuse.observation.status_message", .string("it failed")),
            ]
        }
        var request = try RandomCalls.request(spans, of: fixture.project, OldMapping.mapping, TestPrices.none)
        for index in spans.indices {
            request.batch.statusCodes[index] = spans[index].status?.code ?? 0
            request.batch.hasStatus[index] = spans[index].status != nil
            request.batch.statusMessages[index] = index < 2 ? .none : request.batch.append("said".utf8)
        }
        _ = try await store.append(request)
        let report = try await store.reapplyAll(Self.newMapping, to: fixture.project)
        let after = try fixture.all(store)
        #expect(
            after.map(\.status) == [
                .init(code: 2, message: "it failed"), nil, .init(code: 1, message: "said"), .init(code: 2, message: "said"),
            ])
        #expect(report.fieldCounts["status_code"] == 2 && report.fieldCounts["status_message"] == 1)
        #expect(after.map { $0.llm.errorType } == ["_OTHER", nil, "_OTHER", "_OTHER"])
        await store.close()
    }

    @Test("a report that is kept and read back goes on as it was; an answer has the models that matter")
    func json() async throws {
        let fixture = try StoreFixture()
        let store = try await Self.filled(fixture, seed: TestSeed.value, OldMapping.mapping, TestPrices.none)
        var report = try await store.reviewAll(Self.newMapping, of: fixture.project)
        report.skipped = [.init(sequence: 9, reason: "broken")]
        for index in 0..<30 { report.models["model \(index)"] = .init(changedSpanCount: index, costBefore: 1, costAfter: Double(index)) }
        let kept = try JSONValue.parse(report.json(isShown: false).bytes)
        #expect(ReapplicationReport(json: kept) == report)
        let shown = report.json(isShown: true)
        #expect(shown["models"]?.arrayValue?.count == ReapplicationReport.shownModelCount)
        #expect(shown["models"]?.arrayValue?.first?["model"]?.stringValue == "model 29")
        #expect(ReapplicationReport(json: .object([])) == ReapplicationReport())
        await store.close()
    }

    @Test("values that are too long to be read together are read apart, to the same end")
    func longValues() async throws {
        let one = try StoreFixture(), other = try StoreFixture()
        other.configuration.limits.revisedByteCount = 2_000
        var found: [[String]] = []
        for fixture in [one, other] {
            let store = try fixture.openOld()
            var calls = RandomCalls(seed: 77)
            calls.mayRepeat = false
            try await calls.segments(
                2, rowCount: 40...40, in: store, of: fixture.project, mapping: OldMapping.mapping, prices: TestPrices.none)
            _ = try await store.reapplyAll(Self.newMapping, to: fixture.project)
            found.append(try fixture.everything(store))
            await store.close()
        }
        #expect(found[0] == found[1])
    }

    @Test("attributes of a flattened list come in the order of their numbers")
    func listOrder() {
        let keys = ["a.0.x", "a.2", "a.2.b", "a.10.b", "a.010.c", "b", "b.1"].map { Array($0.utf8) }
        for (place, key) in keys.enumerated() {
            for (other, second) in keys.enumerated() { #expect(RevisionBatch.precedes(key, second) == (place < other)) }
        }
    }
}
