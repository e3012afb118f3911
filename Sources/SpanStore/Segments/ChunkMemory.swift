import Parquet
import Synchronization

/// What was read before about the column chunks of one file, by their number in it: where their pages lie, and small dictionaries. A trace
/// read needs both of nearly every column. Bounded: a file that is read all over starts again with an empty memory.
final class ChunkMemory: Sendable {
    struct Chunk: Sendable {
        var offsetIndex: OffsetIndex?
        /// Nil where the chunk has none, or a large one.
        var dictionary: ChunkDictionary?
    }

    /// The pages of a chunk that rows are sorted by.
    struct PageBounds: Sendable {
        var columnIndex: ColumnIndex
        var offsetIndex: OffsetIndex
    }

    private struct State {
        var chunks: [Int: Chunk] = [:]
        var pageBounds: [Int: PageBounds] = [:]
        var bloomFilterBlocks: [Int: BloomFilter.Blocks] = [:]
        var byteCount = 0
    }

    private let state = Mutex(State())

    /// Sixteen row groups of a hundred columns of sixteen pages.
    static let maximumByteCount = 2 << 20
    /// A larger dictionary is read for each trace.
    static let maximumDictionaryByteCount = 8 << 10
    /// Of an entry beside its pages.
    private static let entryByteCount = 128

    /// `read` answers nil for a file without an offset index.
    func chunk(_ number: Int, _ read: () throws -> Chunk?) rethrows -> Chunk {
        if let chunk = state.withLock({ $0.chunks[number] }) { return chunk }
        guard let chunk = try read() else { return Chunk() }
        var kept = chunk
        if let dictionary = chunk.dictionary, dictionary.approximateByteCount > Self.maximumDictionaryByteCount { kept.dictionary = nil }
        keep(Self.byteCount(kept.offsetIndex) + (kept.dictionary?.approximateByteCount ?? 0)) { [kept] in $0.chunks[number] = kept }
        return chunk
    }

    func pageBounds(_ number: Int, _ read: () throws -> PageBounds?) rethrows -> PageBounds? {
        if let bounds = state.withLock({ $0.pageBounds[number] }) { return bounds }
        guard let bounds = try read() else { return nil }
        keep(Self.byteCount(bounds.offsetIndex) + 96 * bounds.columnIndex.minimums.count) { $0.pageBounds[number] = bounds }
        return bounds
    }

    func bloomFilterBlocks(_ number: Int, _ read: () throws -> BloomFilter.Blocks?) rethrows -> BloomFilter.Blocks? {
        if let blocks = state.withLock({ $0.bloomFilterBlocks[number] }) { return blocks }
        guard let blocks = try read() else { return nil }
        keep(0) { $0.bloomFilterBlocks[number] = blocks }
        return blocks
    }

    private static func byteCount(_ index: OffsetIndex?) -> Int {
        (index?.pages.count ?? 0) * MemoryLayout<OffsetIndex.PageLocation>.stride
    }

    private func keep(_ byteCount: Int, _ set: (inout State) -> Void) {
        state.withLock { state in
            if state.byteCount + byteCount + Self.entryByteCount > Self.maximumByteCount { state = State() }
            state.byteCount += byteCount + Self.entryByteCount
            set(&state)
        }
    }
}
