import FileSystem
import SeededRandom
import Synchronization
import Testing
import TraceModel

@testable import SpanStore

extension StoreFixture {
    /// Small row groups, some of which are large enough to be copied, and nothing that happens by itself.
    func openForCompaction() throws -> SpanStore {
        configuration.limits.maximumRowGroupRowCount = 100
        configuration.limits.minimumCopiedRowGroupRowCount = 60
        configuration.limits.compactionGrowthFactor = 1
        let store = try open()
        store.pauseCompaction(true)
        return store
    }

    /// Every visible span and every event record, with what the mapping made of them, in an order of their own.
    func everything(_ store: SpanStore) throws -> [String] { try Self.everything(store.snapshot(of: project).units) }

    static func everything(_ units: [any ScanUnit]) throws -> [String] {
        try units.flatMap { unit -> [String] in
            let masked = Set(try unit.maskedRows), events = try unit.eventRows
            let spans = try unit.records(at: (0..<Int32(unit.rowCount)).filter { !masked.contains($0) })
            return spans.map { "span \($0.canonical) \($0.llm)" } + (try unit.records(at: events)).map { "event \($0.canonical) \($0.llm)" }
        }.sorted()
    }
}

extension RandomSpans {
    /// Batches, each sealed into a segment of its own; every third one of event records of spans of the batch before.
    mutating func segments(_ count: Int, rowCount: ClosedRange<Int>, in store: SpanStore, of project: ProjectID) async throws
        -> [SpanRecord]
    {
        var all: [SpanRecord] = []
        for index in 0..<count {
            let records = records(
                number(rowCount), startingAt: all.count + index * 1_000, start: 1_700_000_000_000_000_000 &+ UInt64(index) * 500_000_000)
            _ = try await store.append(StoreFixture.request(records, project: project))
            if index % 3 == 1 {
                var events = Array(records.prefix(7))
                for place in events.indices { events[place].name = "event.\(index).\(place)" }
                var request = try StoreFixture.request(events, project: project)
                request.batch.record = .event
                _ = try await store.append(request)
            }
            _ = try await store.seal()
            all += records
        }
        return all
    }
}

extension SpanStore {
    /// The published segments of a project, by sequence.
    func handles(of project: ProjectID) -> [SegmentHandle] {
        state.withLock { $0.handles(of: project) }.sorted { $0.descriptor.sequence < $1.descriptor.sequence }
    }

    /// The writer of this store's files, for tests that rewrite by hand.
    var rewriter: SegmentRewriter { SegmentRewriter(writer: sealer.withLock { $0.writer }) }
}

extension SegmentHandle {
    var units: [SegmentUnit] {
        (0..<descriptor.rowGroupCount).map { SegmentUnit(handle: self, rowGroup: $0, costs: ScanCostCounter()) }
    }
}
