import Synchronization

/// Values that one writer appends while readers look at what was published: the storage below every memtable column.
///
/// Memory comes in blocks that are never moved: block 0 holds 16 values, block k holds 16 << (k - 1), so that the memtable of a project
/// that sends three spans a day is small. A growing array would copy itself under a reader's feet; here an append touches only memory that
/// no reader looks at yet. A buffer that nothing is appended to has no blocks and no table of them.
///
/// Contract, which is what makes `@unchecked Sendable` true:
/// - one thread at a time appends and calls `publish()` (the store's apply queue);
/// - a reader first loads `publishedCount` (acquire), then reads indexes below it. `publish()` stores with release, so
///   the values and the block addresses below that count are visible to whoever saw it;
/// - the table of blocks is made once, before the first value is published, and never moves;
/// - blocks are freed in `deinit` only, when neither side holds the buffer.
package final class AppendOnlyBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
    private static var firstBlockShift: Int { 4 }
    private static var firstBlockCapacity: Int { 1 << firstBlockShift }
    private static var maximumBlockCount: Int { 30 }

    private let published = Atomic<Int>(0)
    /// The writer's place, behind a pointer: an append is the hottest step of the store, and a class property would cost an
    /// exclusivity check each time.
    private let writer: UnsafeMutablePointer<Writer>

    private struct Writer {
        /// Nil before the first value.
        var blocks: UnsafeMutablePointer<UnsafeMutablePointer<Element>?>?
        var count = 0
        var block: UnsafeMutablePointer<Element>?
        var index = 0
        var capacity = 0
        var blockCount = 0
    }

    package init() {
        writer = .allocate(capacity: 1)
        writer.initialize(to: Writer())
    }

    deinit {
        if let blocks = writer.pointee.blocks {
            for block in 0..<writer.pointee.blockCount { blocks[block]?.deallocate() }
            blocks.deallocate()
        }
        writer.deallocate()
    }

    /// Values appended so far. Writer only.
    @inline(__always)
    package var count: Int { writer.pointee.count }

    /// Bytes of memory held. Writer only.
    package var byteCount: Int {
        let blockCount = writer.pointee.blockCount
        return blockCount == 0 ? 0 : (Self.firstBlockCapacity << (blockCount - 1)) * MemoryLayout<Element>.stride
    }

    @inline(__always)
    package func append(_ value: Element) {
        if writer.pointee.index == writer.pointee.capacity { addBlock() }
        // `addBlock` has just made room, or there was some.
        writer.pointee.block.unsafelyUnwrapped[writer.pointee.index] = value
        writer.pointee.index &+= 1
        writer.pointee.count &+= 1
    }

    @inline(never)
    private func addBlock() {
        let blockCount = writer.pointee.blockCount
        precondition(blockCount < Self.maximumBlockCount, "an append-only buffer holds at most 2^33 values")
        let capacity = blockCount == 0 ? Self.firstBlockCapacity : Self.firstBlockCapacity << (blockCount - 1)
        let block = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
        if writer.pointee.blocks == nil {
            let blocks = UnsafeMutablePointer<UnsafeMutablePointer<Element>?>.allocate(capacity: Self.maximumBlockCount)
            blocks.initialize(repeating: nil, count: Self.maximumBlockCount)
            writer.pointee.blocks = blocks
        }
        writer.pointee.blocks.unsafelyUnwrapped[blockCount] = block
        writer.pointee.blockCount += 1
        writer.pointee.block = block
        writer.pointee.index = 0
        writer.pointee.capacity = capacity
    }

    package func publish() { published.store(writer.pointee.count, ordering: .releasing) }
    package var publishedCount: Int { published.load(ordering: .acquiring) }

    @inline(__always)
    private static func place(of index: Int) -> (block: Int, offset: Int) {
        if index < firstBlockCapacity { return (0, index) }
        let block = Int.bitWidth - (index >> firstBlockShift).leadingZeroBitCount
        return (block, index - firstBlockCapacity << (block - 1))
    }

    /// Where a block begins; the caller knows that something is published in it, so the table is there.
    @inline(__always)
    private func block(_ index: Int) -> UnsafeMutablePointer<Element> {
        writer.pointee.blocks.unsafelyUnwrapped[index].unsafelyUnwrapped
    }

    /// The value at `index`, which the caller knows to be published (or is the writer itself).
    @inline(__always)
    package subscript(index: Int) -> Element {
        let (block, offset) = Self.place(of: index)
        return self.block(block)[offset]
    }

    /// Calls `body` with each contiguous stretch of `range` in order; `range` ends at or below what is published.
    package func forEachStretch(_ range: Range<Int>, _ body: (UnsafeBufferPointer<Element>) -> Void) {
        var index = range.lowerBound
        while index < range.upperBound {
            let (block, offset) = Self.place(of: index)
            let capacity = block == 0 ? Self.firstBlockCapacity : Self.firstBlockCapacity << (block - 1)
            let length = min(capacity - offset, range.upperBound - index)
            body(UnsafeBufferPointer(start: self.block(block) + offset, count: length))
            index += length
        }
    }

    /// Calls `body` with matching stretches of this buffer and of another one of equal length: blocks have the same sizes.
    package func forEachStretch<Other>(
        with other: AppendOnlyBuffer<Other>, _ range: Range<Int>, _ body: (UnsafeBufferPointer<Element>, UnsafeBufferPointer<Other>) -> Void
    ) {
        var index = range.lowerBound
        while index < range.upperBound {
            let (block, offset) = Self.place(of: index)
            let capacity = block == 0 ? Self.firstBlockCapacity : Self.firstBlockCapacity << (block - 1)
            let length = min(capacity - offset, range.upperBound - index)
            body(
                UnsafeBufferPointer(start: self.block(block) + offset, count: length),
                UnsafeBufferPointer(start: other.block(block) + offset, count: length))
            index += length
        }
    }

    /// A copy of a published range.
    package func array(_ range: Range<Int>) -> [Element] {
        [Element](unsafeUninitializedCapacity: range.count) { target, initialized in
            var filled = 0
            forEachStretch(range) { stretch in
                if let base = stretch.baseAddress {
                    target.baseAddress.unsafelyUnwrapped.advanced(by: filled).update(from: base, count: stretch.count)
                }
                filled += stretch.count
            }
            initialized = filled
        }
    }
}

extension AppendOnlyBuffer where Element: Comparable {
    /// The first index in `0..<end` whose value is not below `value`, for buffers that only grow in value.
    package func lowerBound(_ value: Element, end: Int) -> Int {
        var low = 0, high = end
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
