import SeededRandom
import Testing

@testable import SpanStore

@Suite("Buffers of a memtable")
struct AppendOnlyBufferTests {
    @Test("values come back wherever they lie, alone, in stretches and as an array", arguments: [0, 1, 15, 16, 17, 31, 32, 33, 5_000])
    func places(count: Int) {
        let buffer = AppendOnlyBuffer<UInt32>(), twin = AppendOnlyBuffer<UInt64>()
        #expect(buffer.byteCount == 0 && buffer.publishedCount == 0 && buffer.array(0..<0).isEmpty)
        for value in 0..<count {
            buffer.append(UInt32(value) &* 7)
            twin.append(UInt64(value))
        }
        buffer.publish()
        #expect(buffer.publishedCount == count && (0..<count).allSatisfy { buffer[$0] == UInt32($0) &* 7 })
        #expect(buffer.array(0..<count) == (0..<count).map { UInt32($0) &* 7 })
        var seen: [UInt64] = []
        buffer.forEachStretch(with: twin, count / 3..<count) { values, others in
            for (value, other) in zip(values, others) { #expect(value == UInt32(other) &* 7) }
            seen += others
        }
        #expect(seen == (count / 3..<count).map { UInt64($0) })
        #expect(buffer.byteCount >= count * 4 && buffer.byteCount <= max(64, 2 * count * 4))
    }

    @Test("texts of every length come back from an arena, however many blocks they take")
    func arena() {
        let seed = TestSeed.next(), arena = TextArena()
        var random = SeededGenerator(seed: seed), texts: [([UInt8], ArenaText)] = []
        for index in 0..<400 {
            let length = index % 40 == 0 ? 1_500_000 : Int.random(in: 0...6_000, using: &random)
            let bytes = [UInt8](repeating: UInt8(index & 0xff), count: length)
            texts.append((bytes, bytes.withUnsafeBytes { arena.append($0.baseAddress ?? UnsafeRawPointer(bitPattern: 1)!, count: length) }))
        }
        #expect(texts.allSatisfy { $0.0.elementsEqual(arena.bytes($0.1)) }, "\(TestSeed.hint(seed))")
        #expect(arena.freeBlockCount < TextArena.maximumBlockCount && arena.byteCount > 15_000_000)
    }

    @Test("a column is made once, by whoever asks first")
    func lazyColumns() {
        let columns = LazyColumns<SparseColumn>(count: 3)
        #expect(columns[1] == nil && columns.count == 3)
        let made = columns.make(1) { SparseColumn() }
        #expect(columns.make(1) { SparseColumn() } === made && columns[1] === made && columns[0] == nil)
        var seen = 0
        columns.forEach { _ in seen += 1 }
        #expect(seen == 1)
    }
}
