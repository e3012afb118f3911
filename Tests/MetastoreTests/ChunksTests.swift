import Testing

@testable import Metastore

@Suite("Chunks")
struct ChunksTests {
    private func chunks(_ sizes: [Int], count: Int, bytes: Int) -> [[Int]] {
        sizes.chunks(maximumCount: count, maximumByteCount: bytes) { $0 }.map(Array.init)
    }

    @Test("each has at most so many elements and bytes; one element that is larger stands alone")
    func limits() {
        #expect(chunks([], count: 2, bytes: 10).isEmpty)
        #expect(chunks([1, 1, 1, 1, 1], count: 2, bytes: 10) == [[1, 1], [1, 1], [1]])
        #expect(chunks([4, 4, 4], count: 9, bytes: 8) == [[4, 4], [4]])
        #expect(chunks([99, 1, 99, 1], count: 9, bytes: 8) == [[99], [1], [99], [1]])
        #expect(chunks([5, 5], count: 9, bytes: 10) == [[5, 5]])
    }
}
