import CZstd
import Dispatch
import Parquet
import Synchronization

/// The payloads of a memtable: long texts gathered into pages of about 1 MiB which are compressed as they fill, so that
/// sealing only has to write them. A payload is known by its ordinal; the pages are the payload file's data pages.
///
/// A page goes from open (the writer appends) to full (raw, waiting for the compression queue) to compressed. The state is
/// behind one lock that is held to copy a text in or out, never to compress.
final class MemtablePayloads: Sendable {
    /// PLAIN byte arrays, as Parquet wants them: length (4 bytes, little-endian), text; again.
    private final class Page: Sendable {
        let firstOrdinal: Int
        let state: Mutex<State>

        enum State: Sendable {
            case raw([UInt8], count: Int)
            case compressed(EncodedPage)
        }

        init(firstOrdinal: Int, raw: [UInt8], count: Int) {
            self.firstOrdinal = firstOrdinal
            state = Mutex(.raw(raw, count: count))
        }
    }

    private struct Pages {
        var full: [Page] = []
        var openFirstOrdinal = 0
        var open: [UInt8] = []
        /// Payloads of the open page.
        var openCount = 0
        var byteCount = 0
        var failure: (any Error)?
    }

    private let pages = Mutex(Pages())
    private let compression: CompressionQueue

    init(compression: CompressionQueue) { self.compression = compression }

    /// Copies a text in; answers its ordinal. Writer only.
    func append(_ text: UnsafeRawBufferPointer) -> UInt32 {
        var filled: Page?
        let ordinal = pages.withLock { pages in
            if !pages.open.isEmpty, pages.open.count + text.count + 4 > StoreLimits.payloadPageByteCount { filled = Self.close(&pages) }
            // A memtable's first page grows: many hold a few payloads only.
            if pages.open.isEmpty, pages.openFirstOrdinal > 0 { pages.open = compression.sparePage() }
            let ordinal = pages.openFirstOrdinal + pages.openCount
            pages.openCount += 1
            withUnsafeBytes(of: UInt32(text.count).littleEndian) { pages.open.append(contentsOf: $0) }
            pages.open.append(contentsOf: text)
            return UInt32(ordinal)
        }
        if let filled { compress(filled) }
        return ordinal
    }

    private static func close(_ pages: inout Pages) -> Page {
        let page = Page(firstOrdinal: pages.openFirstOrdinal, raw: pages.open, count: pages.openCount)
        pages.full.append(page)
        pages.openFirstOrdinal += pages.openCount
        pages.byteCount += pages.open.count
        pages.open = []
        pages.openCount = 0
        return page
    }

    private func compress(_ page: Page) {
        compression.run { [self] compressor in
            guard case .raw(let raw, let count) = page.state.withLock({ $0 }) else { return }
            let encoded = Result {
                try raw.withUnsafeBytes {
                    try EncodedPage.plainByteArray(
                        uncompressed: $0, valueCount: count, compressor: compressor, parameters: StoreLimits.payloadCompression)
                }
            }
            switch encoded {
            case .success(let encoded):
                page.state.withLock { $0 = .compressed(encoded) }
                let saved = raw.count - encoded.compressed.count
                pages.withLock { $0.byteCount -= saved }
                compression.recycle(consume raw)
            case .failure(let error):
                // Out of memory for a context: the page stays readable, `finish` reports it and the seal is tried again.
                pages.withLock { $0.failure = error }
            }
        }
    }

    /// Memory held.
    var byteCount: Int { pages.withLock { $0.byteCount + $0.open.count } }
    var count: Int { pages.withLock { $0.openFirstOrdinal + $0.openCount } }

    /// Closes the open page and waits until every page is compressed: the whole payload column, ready to write. Called once
    /// by the seal, when nobody appends any more; reads go on.
    func finish() throws -> [EncodedPage] {
        let (last, failed) = pages.withLock { pages -> (Page?, [Page]) in
            let failed = pages.failure == nil ? [] : pages.full
            pages.failure = nil
            return (pages.openCount == 0 ? nil : Self.close(&pages), failed)
        }
        for page in failed { compress(page) }
        if let last { compress(last) }
        compression.drain()
        if let failure = pages.withLock({ $0.failure }) { throw failure }
        return pages.withLock { $0.full }.compactMap { page in
            guard case .compressed(let encoded) = page.state.withLock({ $0 }) else { return nil }
            return encoded
        }
    }

    /// Calls `body` with the texts of `ordinals` (ascending), decompressing each page once.
    func forEach(_ ordinals: [UInt32], _ body: (Int, UnsafeRawBufferPointer) throws -> Void) throws {
        var index = 0
        while index < ordinals.count {
            let page = try raw(containing: Int(ordinals[index]))
            try page.bytes.withUnsafeBytes { bytes in
                let payloads = PlainByteArrays(bytes, count: page.count)
                while index < ordinals.count, Int(ordinals[index]) < page.firstOrdinal + payloads.count {
                    try body(index, payloads[Int(ordinals[index]) - page.firstOrdinal])
                    index += 1
                }
            }
        }
    }

    private func raw(containing ordinal: Int) throws -> (firstOrdinal: Int, bytes: [UInt8], count: Int) {
        enum Found { case open(Int, [UInt8], Int), page(Page) }
        let found: Found = pages.withLock { pages in
            if ordinal >= pages.openFirstOrdinal { return .open(pages.openFirstOrdinal, pages.open, pages.openCount) }
            var low = 0, high = pages.full.count - 1
            while low < high {
                let middle = (low + high + 1) / 2
                if pages.full[middle].firstOrdinal <= ordinal { low = middle } else { high = middle - 1 }
            }
            return .page(pages.full[low])
        }
        switch found {
        case .open(let first, let bytes, let count): return (first, bytes, count)
        case .page(let page):
            switch page.state.withLock({ $0 }) {
            case .raw(let bytes, let count): return (page.firstOrdinal, bytes, count)
            case .compressed(let encoded): return (page.firstOrdinal, try PayloadPage.decompress(encoded), encoded.valueCount)
            }
        }
    }
}

/// A decompressed payload page.
enum PayloadPage {
    /// The texts of a page that this process compressed itself.
    static func decompress(_ page: EncodedPage) throws(StoreError) -> [UInt8] {
        var written = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: page.uncompressedByteCount) { buffer, initialized in
            written = page.compressed.withUnsafeBytes { ZSTD_decompress(buffer.baseAddress, buffer.count, $0.baseAddress, $0.count) }
            initialized = ZSTD_isError(written) == 0 ? written : 0
        }
        guard bytes.count == page.uncompressedByteCount else {
            throw StoreError(.corrupt, "a payload page in memory does not decompress to its \(page.uncompressedByteCount) bytes")
        }
        return bytes
    }
}

/// Compresses payload pages on a thread of its own, one compressor reused, so that neither an event loop nor the
/// append path ever pays for it.
final class CompressionQueue: Sendable {
    private let queue = DispatchQueue(label: "spandrel.payload-compression")
    /// Used on `queue` only, one job at a time; that is the proof.
    private nonisolated(unsafe) let compressor: ZstdCompressor

    /// Memory of pages that are compressed, for pages to come: fresh memory costs a page fault every 4 KiB.
    private let spare = Mutex<[[UInt8]]>([])
    private static let maximumSparePageCount = 3

    init() throws { compressor = try ZstdCompressor() }

    /// Empty, with room for a page.
    func sparePage() -> [UInt8] {
        if let page = spare.withLock({ $0.popLast() }) { return page }
        var page: [UInt8] = []
        page.reserveCapacity(StoreLimits.payloadPageByteCount)
        return page
    }

    /// Takes the memory of a page that nobody refers to any more; of one that a reader still holds, it makes a copy's worth of new memory.
    func recycle(_ page: consuming [UInt8]) {
        guard page.capacity >= StoreLimits.payloadPageByteCount, page.capacity < 2 * StoreLimits.payloadPageByteCount else { return }
        page.removeAll(keepingCapacity: true)
        let kept = page
        spare.withLock { if $0.count < Self.maximumSparePageCount { $0.append(kept) } }
    }

    func run(_ job: @escaping @Sendable (ZstdCompressor) -> Void) { queue.async { job(self.compressor) } }

    /// Returns when every job given so far is done.
    func drain() { queue.sync {} }
}
