import Metastore
import Testing

@testable import RunExecution

@Suite("Results on their way to PostgreSQL")
struct ResultBatchTests {
    private static func batch(_ sizes: [Int]) -> ResultBatch {
        var batch = ResultBatch()
        for (index, size) in sizes.enumerated() {
            let cell = LeasedCell.made(Int64(index))
            batch.start(cell, key: "k")
            batch.end(TestRun.ended(cell, output: "", spans: [UInt8](repeating: 0, count: size)))
        }
        return batch
    }

    @Test("many results, or large ones, are cut into parts in their order; one that is too large alone is a part of its own")
    func parts() {
        func sizes(_ given: [Int], count: Int = 100, bytes: Int = 100) -> [[Int]] {
            Self.batch(given).parts(maximumCount: count, maximumByteCount: bytes).map { $0.ended.map(\.byteCount) }
        }
        #expect(sizes([40, 40, 40, 40]) == [[40, 40], [40, 40]])
        #expect(sizes([1, 500, 1]) == [[1], [500], [1]])
        #expect(sizes([1, 1, 1, 1, 1], count: 2) == [[1, 1], [1, 1], [1]])
        #expect(sizes([]) == [[]])
        let parts = Self.batch([60, 60]).parts(maximumCount: 100, maximumByteCount: 100)
        #expect(parts.map(\.started.count) == [2, 0], "what was started is told first, once")
    }

    @Test("what is refused is looked for without the starts, then by halves, until one result is left")
    func halves() {
        let batch = Self.batch([1, 1, 1])
        #expect(batch.halves.map { [$0.started.count, $0.ended.count] } == [[0, 3]])
        #expect(batch.halves.first?.halves.map(\.ended.count) == [1, 2])
        #expect(batch.halves.first?.halves.first?.halves.isEmpty == true)
    }
}
