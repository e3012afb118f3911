import Testing

import ByteCoding

@Suite("Memory of byte arrays that is used again")
struct ByteArrayPoolTests {
    private static let size = ByteArrayPool.minimumArrayByteCount

    private static func address(_ array: [UInt8]) -> UInt { array.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) } }

    /// A full array of the pool's memory, and where it lies.
    private static func full(_ pool: ByteArrayPool, _ byteCount: Int, of byte: UInt8 = 1) -> (array: [UInt8], address: UInt) {
        var array = pool.take(capacity: byteCount)
        array.append(contentsOf: repeatElement(byte, count: byteCount))
        return (array, address(array))
    }

    @Test("What was given is taken again, empty")
    func reuse() {
        let pool = ByteArrayPool(maximumByteCount: 8 * Self.size)
        var (array, address) = Self.full(pool, 2 * Self.size)
        pool.give(array)
        array = []
        #expect(pool.byteCount >= 2 * Self.size)
        array = pool.take(capacity: Self.size)
        #expect(array.isEmpty && array.capacity >= 2 * Self.size && pool.byteCount == 0)
        array.append(2)
        #expect(Self.address(array) == address)
    }

    @Test("An array that somebody still reads stays as it is, and the taker gets other memory")
    func shared() {
        let pool = ByteArrayPool(maximumByteCount: 8 * Self.size)
        let (read, address) = Self.full(pool, Self.size)
        pool.give(read)
        let taken = Self.full(pool, Self.size, of: 2)
        #expect(taken.address != address && taken.array.allSatisfy { $0 == 2 })
        #expect(Self.address(read) == address && read.count == Self.size && read.allSatisfy { $0 == 1 })
    }

    @Test("The smallest array with room is taken, and none that is much too large")
    func fit() {
        let pool = ByteArrayPool(maximumByteCount: 64 * Self.size)
        let addresses = [16, 3, 2].map { factor in
            let (array, address) = Self.full(pool, factor * Self.size)
            pool.give(array)
            return address
        }
        #expect(Self.full(pool, 2 * Self.size).address == addresses[2])
        #expect(Self.full(pool, 2 * Self.size).address == addresses[1])
        #expect(Self.full(pool, 2 * Self.size).address != addresses[0])
        #expect(Self.full(pool, 5 * Self.size).address == addresses[0])
    }

    @Test("Small arrays and more than the bound are not kept; what was given longest ago goes first")
    func bound() {
        let pool = ByteArrayPool(maximumByteCount: 5 * Self.size)
        pool.give(Self.full(pool, Self.size / 2).array)
        pool.give([UInt8](repeating: 0, count: 6 * Self.size))
        #expect(pool.byteCount == 0)
        pool.give([UInt8](repeating: 0, count: 2 * Self.size))
        pool.give([UInt8](repeating: 0, count: 4 * Self.size))
        #expect((4 * Self.size...5 * Self.size).contains(pool.byteCount))
        #expect(pool.take(capacity: 2 * Self.size).capacity >= 4 * Self.size)
    }

    @Test("What was not used between two looks is freed")
    func unused() {
        let pool = ByteArrayPool(maximumByteCount: 8 * Self.size)
        pool.give([UInt8](repeating: 0, count: Self.size))
        pool.give([UInt8](repeating: 0, count: 2 * Self.size))
        #expect(!pool.removeUnused())
        pool.give(pool.take(capacity: Self.size))
        #expect(pool.removeUnused() && pool.byteCount < 2 * Self.size)
        #expect(pool.removeUnused() && pool.byteCount == 0)
        #expect(!pool.removeUnused())
    }

    @Test("One that keeps nothing gives new arrays with room")
    func none() {
        ByteArrayPool.none.give([UInt8](repeating: 0, count: Self.size))
        #expect(ByteArrayPool.none.byteCount == 0)
        #expect(ByteArrayPool.none.take(capacity: Self.size).capacity >= Self.size)
    }
}
