import Synchronization

/// The memory of one payload page while its bytes are raw: written from the front by one writer, read below what the writer made known.
///
/// It never moves and never shrinks, so a reader that holds it costs the writer nothing. What makes `@unchecked Sendable` true: a byte is
/// written once, by the one writer of its memtable; readers learn of a count of bytes under a lock that the writer took after writing
/// them, and look at no byte behind it; the memory goes back when nobody holds the object.
final class PayloadPageMemory: @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    let capacity: Int
    private let pool: PayloadPagePool

    init(capacity: Int, pool: PayloadPagePool) {
        base = pool.take(capacity)
        self.capacity = capacity
        self.pool = pool
    }

    deinit { pool.giveBack(base, capacity) }

    func bytes(_ count: Int) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }
}

/// Memory of pages that are done with, for pages to come: fresh memory costs a page fault every 4 KiB.
final class PayloadPagePool: Sendable {
    /// Addresses: nobody else has them.
    private let spare = Mutex<[UInt]>([])
    private static let maximumSpareCount = 3

    deinit { spare.withLock { for address in $0 { UnsafeMutableRawPointer(bitPattern: address)?.deallocate() } } }

    fileprivate func take(_ capacity: Int) -> UnsafeMutableRawPointer {
        if capacity == StoreLimits.payloadPageByteCount, let address = spare.withLock({ $0.popLast() }),
            let memory = UnsafeMutableRawPointer(bitPattern: address)
        {
            return memory
        }
        return .allocate(byteCount: capacity, alignment: 16)
    }

    fileprivate func giveBack(_ memory: UnsafeMutableRawPointer, _ capacity: Int) {
        let isKept = spare.withLock { spare in
            guard capacity == StoreLimits.payloadPageByteCount, spare.count < Self.maximumSpareCount else { return false }
            spare.append(UInt(bitPattern: memory))
            return true
        }
        if !isKept { memory.deallocate() }
    }
}
