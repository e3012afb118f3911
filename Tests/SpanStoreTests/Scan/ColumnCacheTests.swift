import Synchronization
import Testing

@testable import SpanStore

@Suite("Decoded columns kept from query to query")
struct ColumnCacheTests {
    /// A clock that stands still until it is told to go.
    private final class Clock: Sendable {
        private let time = Mutex<UInt64>(1_000_000_000)
        var now: UInt64 { time.withLock { $0 } }
        func advance(seconds: UInt64) { time.withLock { $0 += seconds * 1_000_000_000 } }
    }

    private func key(_ rowGroup: Int, _ column: ScanColumn = .duration) -> ColumnCache.Key {
        ColumnCache.Key(segmentSequence: 7, rowGroup: rowGroup, column: column)
    }

    /// 9,000 bytes.
    private func vector(_ value: Int64) -> ColumnVector { .int64(Array(repeating: value, count: 1000), .all) }

    private func first(_ vector: ColumnVector?) -> Int64? {
        guard case .int64(let values, _)? = vector else { return nil }
        return values.first
    }

    private func keep(_ rowGroup: Int, _ cache: ColumnCache) {
        for _ in 0..<2 { cache.offer(vector(Int64(rowGroup)), for: key(rowGroup)) }
    }

    @Test("a column is kept when it is asked for a second time, and not before")
    func secondTime() {
        let cache = ColumnCache(maximumByteCount: 1 << 20, now: { 1 })
        cache.offer(vector(1), for: key(0))
        #expect(cache.vector(key(0)) == nil)
        cache.offer(vector(1), for: key(0))
        #expect(first(cache.vector(key(0))) == 1)
        #expect(cache.vector(key(0, .startTime)) == nil)
        #expect(cache.statistics == ColumnCacheStatistics(byteCount: 9000, columnCount: 1, hitCount: 1, missCount: 2))
    }

    @Test("a column that was asked for in part before is worth keeping whole")
    func askedForInPart() {
        let cache = ColumnCache(maximumByteCount: 1 << 20, now: { 1 })
        #expect(!cache.isAskedForAgain(key(0)))
        #expect(cache.isAskedForAgain(key(0)))
        #expect(!cache.isAskedForAgain(key(1)))
        cache.offer(vector(1), for: key(0))
        #expect(first(cache.vector(key(0))) == 1)
    }

    @Test("its bytes stay within the limit, and what is used stays while what is not goes")
    func eviction() {
        let cache = ColumnCache(maximumByteCount: 90_000, now: { 1 })
        keep(0, cache)
        for rowGroup in 1..<200 {
            keep(rowGroup, cache)
            #expect(first(cache.vector(key(0))) == 0, "after \(rowGroup)")
            #expect(cache.statistics.byteCount <= 90_000)
        }
        #expect(first(cache.vector(key(199))) == 199)
        #expect(cache.vector(key(100)) == nil)
        #expect(cache.statistics.columnCount == 10)
    }

    @Test("a column that would fill most of it, and values of any type, are not kept")
    func unfit() {
        let cache = ColumnCache(maximumByteCount: 50_000, now: { 1 })
        keep(0, cache)
        #expect(cache.vector(key(0)) == nil)
        for _ in 0..<2 { cache.offer(.attributes([nil, nil]), for: key(1)) }
        #expect(cache.vector(key(1)) == nil)
    }

    @Test("columns of segments that are gone go with them")
    func dropped() {
        let cache = ColumnCache(maximumByteCount: 1 << 20, now: { 1 })
        let other = ColumnCache.Key(segmentSequence: 8, rowGroup: 0, column: .duration)
        keep(0, cache)
        for _ in 0..<2 { cache.offer(vector(5), for: other) }
        cache.remove(ofSegments: [7, 9])
        #expect(cache.vector(key(0)) == nil)
        #expect(first(cache.vector(other)) == 5)
        #expect(cache.statistics.byteCount == 9000)
    }

    @Test("a filter of a column's texts lies beside the column, is bounded with it, and goes with its segment")
    func filters() {
        let cache = ColumnCache(maximumByteCount: 1 << 20, now: { 1 })
        let filter = TextFilter(Set((0..<2_000).map { "session \($0)" }))
        cache.keep(filter, for: key(0, .name))
        #expect(cache.filter(key(0, .name))?.mayContain("session 1999") == true)
        #expect(cache.vector(key(0, .name)) == nil && cache.filter(key(1, .name)) == nil)
        #expect(cache.statistics.byteCount == filter.byteCount && cache.statistics.columnCount == 0)
        keep(1, cache)
        cache.remove(ofSegments: [7])
        #expect(cache.filter(key(0, .name)) == nil)
        #expect(cache.statistics.byteCount == 0)
        for rowGroup in 0..<1_000 { cache.keep(filter, for: key(rowGroup, .name)) }
        #expect(cache.statistics.byteCount <= 1 << 20)
        #expect(cache.filter(key(999, .name)) != nil)
    }

    @Test("a filter lets every text through that is there, and few others")
    func falsePositives() {
        var texts = TextDictionary()
        for number in 0..<20_000 { _ = Array("session \(number)".utf8).withUnsafeBytes { texts.append($0) } }
        let filter = TextFilter(texts)
        #expect((0..<20_000).allSatisfy { filter.mayContain("session \($0)") })
        #expect((0..<20_000).count { filter.mayContain("another \($0)") } < 100)
    }

    @Test("what nobody asks for during five minutes goes")
    func idle() {
        let clock = Clock()
        let cache = ColumnCache(maximumByteCount: 1 << 20, now: { clock.now })
        keep(0, cache)
        keep(1, cache)
        clock.advance(seconds: 200)
        #expect(cache.vector(key(1)) != nil)
        clock.advance(seconds: 101)
        cache.removeUnused(nowUnixNano: clock.now)
        #expect(cache.vector(key(0)) == nil)
        #expect(cache.vector(key(1)) != nil)
        clock.advance(seconds: 301)
        cache.removeUnused(nowUnixNano: clock.now)
        #expect(cache.statistics.byteCount == 0)
        #expect(cache.statistics.columnCount == 0)
    }

    @Test("what was asked for once is forgotten after thousands of others")
    func forgetting() {
        let cache = ColumnCache(maximumByteCount: 1 << 20, now: { 1 })
        cache.offer(vector(0), for: key(0))
        for rowGroup in 1...StoreLimits.maximumSeenColumnCount { cache.offer(vector(1), for: key(rowGroup)) }
        cache.offer(vector(0), for: key(0))
        #expect(cache.vector(key(0)) == nil)
    }
}
