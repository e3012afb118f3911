import FileSystem
import Foundation
import Parquet
import SeededRandom
import Synchronization
import Testing
import TraceModel

@testable import SpanStore

@Suite("Rewriting segments")
struct SegmentRewriterTests {
    private static func hint(_ seed: UInt64) -> Comment { Comment(rawValue: TestSeed.hint(seed)) }

    @Test("merged segments have the same spans and event records, under every way to read them", arguments: TestSeed.several(1))
    func equalRows(seed: UInt64) async throws {
        let fixture = try StoreFixture()
        var random = RandomSpans(SeededGenerator(seed: seed))
        var store = try fixture.openForCompaction()
        let records = try await random.segments(7, rowCount: 1...180, in: store, of: fixture.project)
        let before = try fixture.everything(store)
        let handles = store.handles(of: fixture.project)
        let reports = try await store.compact(isUrgent: true)
        #expect(reports.count == 1 && reports[0].segmentCount == 7, Self.hint(seed))
        #expect(try fixture.everything(store) == before, Self.hint(seed))

        let merged = try #require(store.handles(of: fixture.project).first)
        #expect(store.handles(of: fixture.project).count == 1)
        let descriptors = handles.map(\.descriptor)
        #expect(merged.descriptor.minimumLSN == descriptors.map(\.minimumLSN).min())
        #expect(merged.descriptor.maximumLSN == descriptors.map(\.maximumLSN).max())
        #expect(merged.descriptor.minimumStartTimeUnixNano == descriptors.map(\.minimumStartTimeUnixNano).min())
        #expect(merged.descriptor.maximumStartTimeUnixNano == descriptors.map(\.maximumStartTimeUnixNano).max())
        #expect(merged.descriptor.minimumReceivedUnixNano == descriptors.map(\.minimumReceivedUnixNano).min())
        #expect(merged.descriptor.spanRowCount == descriptors.reduce(0) { $0 + $1.spanRowCount })
        for unit in merged.units {
            try ColumnCheck(unit: unit).run()
            try Self.checkOrder(unit)
        }
        for trace in Set(records.map(\.traceID)) {
            let found = try store.snapshot(of: fixture.project).units.flatMap { unit -> [SpanRecord] in
                let masked = Set(try unit.maskedRows)
                return try unit.records(at: unit.rows(ofTrace: trace).filter { !masked.contains($0) })
            }
            #expect(Set(found.map(\.spanID)) == Set(records.filter { $0.traceID == trace }.map(\.spanID)), Self.hint(seed))
        }
        await store.close()
        store = try fixture.openForCompaction()
        #expect(try fixture.everything(store) == before, Self.hint(seed))
        // A segment that was merged can be merged again: its payloads are those of several sequences.
        _ = try await random.segments(3, rowCount: 1...60, in: store, of: fixture.project)
        let more = try fixture.everything(store)
        _ = try await store.compact(isUrgent: true)
        #expect(store.handles(of: fixture.project).count < 4)
        #expect(try fixture.everything(store) == more, Self.hint(seed))
        await store.close()
    }

    /// Rows ascend by trace and start, and a row's parent is where the file says.
    private static func checkOrder(_ unit: SegmentUnit) throws {
        let rows = (0..<Int32(unit.rowCount)).map { $0 }
        let records = try unit.records(at: rows), events = Set(try unit.eventRows)
        for (record, next) in zip(records, records.dropFirst()) {
            let key = (record.traceID.bytes, record.startTimeUnixNano), other = (next.traceID.bytes, next.startTimeUnixNano)
            #expect(key.0.lexicographicallyPrecedes(other.0) || key.0 == other.0 && key.1 <= other.1)
        }
        let files = try unit.handle.files()
        let leaf = try unit.leaf(#require(files.leaf("parent_row")), .range(0..<rows.count), files)
        guard case .int32(let distances) = leaf.values else { return #expect(Bool(false), "parent_row has another type") }
        let present = leaf.presence ?? Array(repeating: true, count: rows.count)
        var next = 0
        for (row, record) in records.enumerated() {
            let parent = records.indices.filter {
                records[$0].traceID == record.traceID && records[$0].spanID == record.parentSpanID && !events.contains(Int32($0))
            }
            #expect(present[row] == !(record.parentSpanID == .none || parent.isEmpty))
            if present[row] {
                #expect(parent.contains(row - Int(distances[next])))
                next += 1
            }
        }
    }

    @Test("masked rows and the payloads only they had are gone; every other row is where the mapping says", arguments: TestSeed.several(1))
    func masks(seed: UInt64) async throws {
        let fixture = try StoreFixture()
        var random = RandomSpans(SeededGenerator(seed: seed))
        let store = try fixture.openForCompaction()
        _ = try await random.segments(4, rowCount: 20...180, in: store, of: fixture.project)
        let handles = store.handles(of: fixture.project).enumerated().map { index, handle in
            // One segment is whole, one loses all, of the others some go.
            let rows = (0..<Int32(handle.descriptor.spanRowCount)).filter { _ in index == 0 ? false : index == 1 ? true : random.chance(30)
            }
            return handle.masking(rows)
        }
        let expected = try StoreFixture.everything(handles.flatMap(\.units))
        let result = try store.rewriter.rewrite(handles, registry: PromotionRegistry(), sequence: 900)
        let descriptor = try #require(result.descriptor)
        let merged = SegmentHandle(descriptor, fileSystem: fixture.configuration.fileSystem, root: fixture.configuration.root, mask: [])
        #expect(try StoreFixture.everything(merged.units) == expected, Self.hint(seed))
        #expect(result.report.rowsWritten == handles.reduce(0) { $0 + $1.descriptor.spanRowCount - $1.mask.count })

        let files = try merged.files()
        var targets = Set<Int32>()
        for handle in handles {
            let masked = Set(handle.mask), source = try handle.files()
            for unit in handle.units {
                let records = try unit.records(at: (0..<Int32(unit.rowCount)).map { $0 })
                for (place, record) in records.enumerated() {
                    let row = Int32(source.firstRow(ofRowGroup: unit.rowGroup) + place)
                    let target = result.mapping.row(row, ofSegment: handle.descriptor.sequence)
                    #expect((target == nil) == masked.contains(row), Self.hint(seed))
                    guard let target else { continue }
                    #expect(targets.insert(target).inserted)
                    let group = (0..<descriptor.rowGroupCount).last { files.firstRow(ofRowGroup: $0) <= Int(target) } ?? 0
                    let found = try merged.units[group].records(at: [target - Int32(files.firstRow(ofRowGroup: group))])
                    #expect("\(found[0].canonical)" == "\(record.canonical)", Self.hint(seed))
                }
            }
        }
        #expect(result.mapping.row(0, ofSegment: 12_345) == nil)

        // The payload file holds what rows refer to, and of the segment without a mask all it had.
        var referred: [Range<Int64>] = []
        for unit in merged.units {
            referred += try PayloadIDs.referred(
                from: (0..<Int32(unit.rowCount)).map { $0 }, ofRowGroup: unit.rowGroup, files, ScanCostCounter())
        }
        let wanted = Set(PayloadIDs(referred).runs.joined())
        let held = try Self.ids(try #require(files.payloads))
        #expect(held.isSuperset(of: wanted))
        #expect(
            held.filter { $0 >> 32 != Int64(handles[0].descriptor.sequence) }
                == wanted.filter { $0 >> 32 != Int64(handles[0].descriptor.sequence) })
        await store.close()
    }

    private static func ids(_ file: PayloadFile) throws -> Set<Int64> {
        var ids = Set<Int64>()
        for (number, group) in file.rowGroups.enumerated() {
            let runs = try file.runs(ofRowGroup: number, costs: ScanCostCounter())
            for (index, run) in runs.enumerated() {
                let end = index + 1 < runs.count ? runs[index + 1].row : group.rowCount
                ids.formUnion((0..<Int64(end - run.row)).map { run.first + $0 })
            }
        }
        return ids
    }

    @Test("a segment all of whose rows are masked leaves nothing")
    func nothingLeft() async throws {
        let fixture = try StoreFixture()
        var random = RandomSpans()
        let store = try fixture.openForCompaction()
        _ = try await random.segments(1, rowCount: 20...30, in: store, of: fixture.project)
        let handle = try #require(store.handles(of: fixture.project).first)
        let result = try store.rewriter.rewrite(
            [handle.masking((0..<Int32(handle.descriptor.spanRowCount)).map { $0 })], registry: PromotionRegistry(), sequence: 77)
        #expect(result.descriptor == nil && result.report.rowsWritten == 0)
        #expect(
            !FileManager.default.fileExists(
                atPath: fixture.configuration.root + "/" + StoreFileNames.spans(handle.descriptor.partition, 77)))
        await store.close()
    }

    @Test("large row groups are copied byte for byte, also where columns of other segments join them")
    func copies() async throws {
        let fixture = try StoreFixture()
        var random = RandomSpans()
        let store = try fixture.openForCompaction()
        // No HTTP route here, and no promoted number.
        var plain = random.records(90)
        for index in plain.indices { plain[index].attributes = [KeyValue("custom.key", .string("v\(index)"))] }
        var others = random.records(80, startingAt: 500)
        for index in others.indices {
            others[index].attributes += [KeyValue("http.route", .string("/\(index % 3)")), KeyValue("server.port", .int(80))]
        }
        var few = random.records(9, startingAt: 900)
        for index in few.indices { few[index].attributes = [KeyValue("gen_ai.request.temperature", .double(0.5))] }
        for records in [plain, others, few] {
            _ = try await store.append(fixture.request(records))
            _ = try await store.seal()
        }
        let before = try fixture.everything(store), handles = store.handles(of: fixture.project)
        let result = try store.rewriter.rewrite(handles, registry: PromotionRegistry(), sequence: 500)
        // The row group of nine has nothing to be merged with: it is copied as well.
        #expect(result.report.copiedRowGroupCount == 3 && result.report.mergedRowGroupCount == 0)
        let merged = SegmentHandle(
            try #require(result.descriptor), fileSystem: fixture.configuration.fileSystem, root: fixture.configuration.root, mask: [])
        #expect(try StoreFixture.everything(merged.units) == before)
        for unit in merged.units { try ColumnCheck(unit: unit).run() }

        let target = try merged.files().spans.file, bytes = try content(merged, fixture)
        for handle in handles {
            let source = try handle.files().spans.file, sourceBytes = try content(handle, fixture)
            let rowCount = source.metadata.rowGroups[0].rowCount
            let group = try #require(target.metadata.rowGroups.first { $0.rowCount == rowCount })
            for leaf in target.schema.leaves {
                let copied = group.columns[leaf.index]
                guard let known = source.schema.leaf(at: leaf.path) else {
                    #expect(copied.statistics?.nullCount == Int64(rowCount), "\(leaf.path) has no value")
                    continue
                }
                let original = source.metadata.rowGroups[0].columns[known.index]
                #expect(slice(bytes, copied) == slice(sourceBytes, original), "\(leaf.path)")
                #expect(copied.statistics == original.statistics && copied.encodings == original.encodings)
            }
            let filter = try target.bloomFilter(rowGroup: target.metadata.rowGroups.firstIndex { $0.rowCount == rowCount } ?? 0, leaf: 0)
            #expect(try filter == source.bloomFilter(rowGroup: 0, leaf: 0) && filter != nil)
        }
        await store.close()
    }

    private func content(_ handle: SegmentHandle, _ fixture: StoreFixture) throws -> [UInt8] {
        let path = fixture.configuration.root + "/" + StoreFileNames.spans(handle.descriptor.partition, handle.descriptor.sequence)
        return try fixture.configuration.fileSystem.readWhole(path, maximumByteCount: 64 << 20)
    }

    private func slice(_ bytes: [UInt8], _ chunk: ColumnChunkMetadata) -> ArraySlice<UInt8> {
        bytes[Int(chunk.startOffset)..<Int(chunk.startOffset) + Int(chunk.compressedByteCount)]
    }

    @Test("a merged row group is laid out as a sealed one of the same rows")
    func layout() async throws {
        let fixture = try StoreFixture()
        var random = RandomSpans()
        let records = random.records(50), masked = SpanID(rawValue: 999_999)
        // One row is masked, so the others are written anew.
        let plain = SpanRecord(
            traceID: records[0].traceID, spanID: masked, name: records[0].name, startTimeUnixNano: records[0].startTimeUnixNano,
            endTimeUnixNano: records[0].endTimeUnixNano)
        let store = try fixture.openForCompaction()
        fixture.configuration.limits.maximumRowGroupRowCount = 131_072
        let sealed = try await seal(records + [plain], in: store, of: fixture)
        let rows = try #require(store.snapshot(of: fixture.project).units.first)
            .records(at: Array(0..<Int32(sealed.descriptor.spanRowCount)))
        let row = try #require(rows.firstIndex { $0.spanID == masked })
        let result = try store.rewriter.rewrite([sealed.masking([Int32(row)])], registry: PromotionRegistry(), sequence: 40)
        let merged = SegmentHandle(
            try #require(result.descriptor), fileSystem: fixture.configuration.fileSystem, root: fixture.configuration.root, mask: [])
        let new = try merged.files().spans.file

        let otherFixture = try StoreFixture()
        let otherStore = try otherFixture.openForCompaction()
        let same = try await seal(records, in: otherStore, of: otherFixture)
        let old = try same.files().spans.file
        #expect(old.schema == new.schema)
        for leaf in old.schema.leaves {
            let a = old.metadata.rowGroups[0].columns[leaf.index], b = new.metadata.rowGroups[0].columns[leaf.index]
            #expect(a.encodings == b.encodings && a.codec == b.codec, "\(leaf.path)")
            #expect((a.statistics == nil) == (b.statistics == nil) && (a.columnIndex == nil) == (b.columnIndex == nil), "\(leaf.path)")
            #expect((a.bloomFilter == nil) == (b.bloomFilter == nil), "\(leaf.path)")
        }
        #expect(new.metadata.value(forKey: SegmentKey.sequence) == "40")
        let source = try sealed.files().spans.file
        for key in [
            SegmentKey.formatVersion, SegmentKey.mappingVersion, SegmentKey.nodeID, SegmentKey.schemaFingerprint, SegmentKey.minimumLSN,
        ] {
            #expect(new.metadata.value(forKey: key) == source.metadata.value(forKey: key), "\(key)")
        }
        await store.close()
        await otherStore.close()
    }

    private func seal(_ records: [SpanRecord], in store: SpanStore, of fixture: StoreFixture) async throws -> SegmentHandle {
        _ = try await store.append(fixture.request(records))
        _ = try await store.seal()
        return try #require(store.handles(of: fixture.project).first)
    }

    @Test("a reader that began before a merge reads the old files to the end, and then they go")
    func pinnedReaders() async throws {
        let fixture = try StoreFixture()
        var random = RandomSpans()
        let store = try fixture.openForCompaction()
        _ = try await random.segments(4, rowCount: 10...30, in: store, of: fixture.project)
        let paths = store.files(of: fixture.project).flatMap { [$0.spans] + ($0.payloads.map { [$0] } ?? []) }
        func existing() -> Int { paths.count { FileManager.default.fileExists(atPath: fixture.configuration.root + "/" + $0) } }
        let before = try fixture.everything(store)
        do {
            let held = store.snapshot(of: fixture.project)
            _ = try await store.compact(isUrgent: true)
            #expect(existing() == paths.count)
            #expect(try StoreFixture.everything(held.units) == before)
            withExtendedLifetime(held) {}
        }
        #expect(existing() == 0)
        #expect(try fixture.everything(store) == before)
        await store.close()
    }

    @Test("segments of two days, or of two projects, are never written together")
    func otherPartition() async throws {
        let fixture = try StoreFixture()
        var random = RandomSpans()
        let store = try fixture.openForCompaction()
        _ = try await random.segments(1, rowCount: 5...5, in: store, of: fixture.project)
        let other = ProjectID(high: 5, low: 5)
        _ = try await random.segments(1, rowCount: 5...5, in: store, of: other)
        let handles = store.handles(of: fixture.project) + store.handles(of: other)
        #expect(throws: StoreError.self) { try store.rewriter.rewrite(handles, registry: PromotionRegistry(), sequence: 50) }
        #expect(try await store.compact(isUrgent: true).isEmpty)
        await store.close()
    }
}
