import FileSystem
import SpanStore
import Testing
import TraceModel

@Suite("The store's order of arrival")
struct StoreChangesTests {
    private static func rows(_ unit: StoreChanges.Unit) throws -> [SpanID] {
        let masked = Set(try unit.rows.maskedRows)
        return try unit.rows.records(at: (0..<Int32(unit.rows.rowCount)).filter { !masked.contains($0) }).map(\.spanID)
    }

    /// What a look finds, and where the next one begins.
    private static func look(_ store: SpanStore, _ project: ProjectID, _ cursor: inout ChangeCursor) async throws -> Set<SpanID> {
        let changes = await store.changes(of: project, after: cursor)
        let found = try changes.units.flatMap { try rows($0) }
        #expect(Set(found).count == found.count, "a span is found twice")
        #expect(changes.units.last.map { $0.seenThroughLSN == changes.next.lsn } ?? true)
        cursor = changes.next
        return Set(found)
    }

    @Test("each look finds what came since the one before, once, whatever was sealed meanwhile")
    func looks() async throws {
        let fixture = try StoreFixture()
        var random = RandomSpans()
        let store = try fixture.open()
        let batches = (0..<6).map { random.records(20, startingAt: $0 * 20) }
        func ids(_ numbers: ClosedRange<Int>) -> Set<SpanID> { Set(batches[numbers].joined().map(\.spanID)) }
        func append(_ number: Int) async throws { _ = try await store.append(fixture.request(batches[number])) }

        try await append(0)
        var cursor = await store.newestCursor(of: fixture.project)
        #expect(try await Self.look(store, fixture.project, &cursor).isEmpty)
        try await append(1)
        #expect(try await Self.look(store, fixture.project, &cursor) == ids(1...1))
        // Sealed between two looks: the old rows of the memtable are not found again.
        try await append(2)
        _ = try await store.seal()
        try await append(3)
        #expect(try await Self.look(store, fixture.project, &cursor) == ids(2...3))
        // Made and sealed between two looks.
        _ = try await store.seal()
        try await append(4)
        _ = try await store.seal()
        try await append(5)
        #expect(try await Self.look(store, fixture.project, &cursor) == ids(4...5))
        #expect(try await Self.look(store, fixture.project, &cursor).isEmpty)
        await store.close()
    }

    @Test("segments that were merged between two looks are not found again, and one with rows not seen says that others were")
    func merged() async throws {
        let fixture = try StoreFixture()
        fixture.configuration.limits.compactionGrowthFactor = 1
        var random = RandomSpans()
        let store = try fixture.open()
        store.pauseCompaction(true)
        let batches = (0..<5).map { random.records(20, startingAt: $0 * 20) }
        func ids(_ numbers: ClosedRange<Int>) -> Set<SpanID> { Set(batches[numbers].joined().map(\.spanID)) }
        func append(_ number: Int) async throws { _ = try await store.append(fixture.request(batches[number])) }

        try await append(0)
        _ = try await store.seal()
        try await append(1)
        var cursor = await store.newestCursor(of: fixture.project)
        // The memtable that was seen in part is sealed and merged with what was seen whole: the rest of it comes from memory.
        try await append(2)
        _ = try await store.seal()
        #expect(try await store.compact(isUrgent: true).count == 1)
        #expect(try await Self.look(store, fixture.project, &cursor) == ids(2...2))
        #expect(try await Self.look(store, fixture.project, &cursor).isEmpty)
        // Rows that were never seen in memory lie in one segment with some that were.
        try await append(3)
        _ = try await store.seal()
        try await append(4)
        _ = try await store.seal()
        #expect(try await store.compact(isUrgent: true).count == 1)
        let changes = await store.changes(of: fixture.project, after: cursor)
        #expect(changes.units.contains { $0.mayHaveSeenRows })
        #expect(try Set(changes.units.flatMap { try Self.rows($0) }).isSuperset(of: ids(3...4)))
        #expect(try changes.units.filter { !$0.mayHaveSeenRows }.allSatisfy { try ids(3...4).isSuperset(of: Self.rows($0)) })
        await store.close()
    }

    @Test("the position of a project is that of its newest batch, in memory, sealed and after a restart, and a snapshot has all up to it")
    func position() async throws {
        let fixture = try StoreFixture()
        var random = RandomSpans()
        var store = try fixture.open()
        #expect(store.arrivalPosition(of: fixture.project) == 0)
        var positions: [UInt64] = []
        for number in 0..<4 {
            let outcome = try await store.append(fixture.request(random.records(20, startingAt: number * 20)))
            positions.append(store.arrivalPosition(of: fixture.project))
            #expect(positions.last == outcome.lsn)
            #expect(store.snapshot(of: fixture.project).units.reduce(0) { $0 + $1.rowCount } == (number + 1) * 20)
            if number == 1 { _ = try await store.seal() }
            #expect(await store.newestCursor(of: fixture.project).lsn == positions.last)
        }
        #expect(positions == Array(Set(positions)).sorted())
        await store.close()
        store = try fixture.open()
        #expect(store.arrivalPosition(of: fixture.project) == positions.last)
        await store.close()
    }

    @Test("after a restart the log's rows are told apart by their LSNs; a segment with both sides is found whole and says so")
    func restart() async throws {
        let fixture = try StoreFixture()
        var random = RandomSpans()
        var store = try fixture.open()
        let batches = (0..<3).map { random.records(20, startingAt: $0 * 20) }
        _ = try await store.append(fixture.request(batches[0]))
        let cursor = ChangeCursor(lsn: await store.newestCursor(of: fixture.project).lsn)
        _ = try await store.append(fixture.request(batches[1]))
        await store.close()

        store = try fixture.open()
        var again = cursor
        #expect(try await Self.look(store, fixture.project, &again) == Set(batches[1].map(\.spanID)))
        _ = try await store.append(fixture.request(batches[2]))
        _ = try await store.seal()
        await store.close()

        store = try fixture.open()
        let changes = await store.changes(of: fixture.project, after: cursor)
        #expect(changes.units.count == 1 && changes.units[0].mayHaveSeenRows)
        #expect(try Set(Self.rows(changes.units[0])) == Set(batches.joined().map(\.spanID)))
        #expect(changes.next.lsn > again.lsn)
        var rest = again
        #expect(try await Self.look(store, fixture.project, &rest).isSuperset(of: batches[2].map(\.spanID)))
        await store.close()
    }

    @Test("a place between units is passed only when all before it is seen")
    func places() async throws {
        let fixture = try StoreFixture()
        var random = RandomSpans()
        let store = try fixture.open()
        for number in 0..<4 {
            _ = try await store.append(fixture.request(random.records(5, startingAt: number * 5)))
            _ = try await store.seal()
        }
        let all = await store.changes(of: fixture.project, after: ChangeCursor(lsn: 0))
        #expect(all.units.count == 4)
        for (index, unit) in all.units.enumerated() {
            let rest = await store.changes(of: fixture.project, after: ChangeCursor(lsn: unit.seenThroughLSN))
            #expect(rest.units.count == all.units.count - index - 1)
            #expect(rest.units.filter(\.mayHaveSeenRows).isEmpty)
        }
        await store.close()
    }
}
