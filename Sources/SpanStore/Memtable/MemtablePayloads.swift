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
            case raw([UInt8], offsets: [UInt32])
            case compressed(EncodedPage)
        }

        init(firstOrdinal: Int, raw: [UInt8], offsets: [UInt32]) {
            self.firstOrdinal = firstOrdinal
            state = Mutex(.raw(raw, offsets: offsets))
        }
    }

    private struct Pages {
        var full: [Page] = []
        var openFirstOrdinal = 0
        var open: [UInt8] = []
        /// Where each payload of the open page starts (at its length).
        var openOffsets: [UInt32] = []
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
            if pages.open.capacity < StoreLimits.payloadPageByteCount, pages.openFirstOrdinal > 0 {
                pages.open.reserveCapacity(StoreLimits.payloadPageByteCount)
            }
            let ordinal = pages.openFirstOrdinal + pages.openOffsets.count
            pages.openOffsets.append(UInt32(pages.open.count))
            withUnsafeBytes(of: UInt32(text.count).littleEndian) { pages.open.append(contentsOf: $0) }
            pages.open.append(contentsOf: text)
            return UInt32(ordinal)
        }
        if let filled { compress(filled) }
        return ordinal
    }

    private static func close(_ pages: inout Pages) -> Page {
        let page = Page(firstOrdinal: pages.openFirstOrdinal, raw: pages.open, offsets: pages.openOffsets)
        pages.full.append(page)
        pages.openFirstOrdinal += pages.openOffsets.count
        pages.byteCount += pages.open.count
        pages.open = []
        pages.openOffsets = []
        return page
    }

    private func compress(_ page: Page) {
        compression.run { [self] compressor in
            guard case .raw(let raw, let offsets) = page.state.withLock({ $0 }) else { return }
            let encoded = Result {
                try raw.withUnsafeBytes {
                    try EncodedPage.plainByteArray(
                        uncompressed: $0, valueCount: offsets.count, compressor: compressor, level: StoreLimits.payloadCompressionLevel)
                }
            }
            switch encoded {
            case .success(let encoded):
                page.state.withLock { $0 = .compressed(encoded) }
                pages.withLock { $0.byteCount += encoded.compressed.count - raw.count }
            case .failure(let error):
                // Out of memory for a context: the page stays readable, `finish` reports it and the seal is tried again.
                pages.withLock { $0.failure = error }
            }
        }
    }

    /// Memory held.
    var byteCount: Int { pages.withLock { $0.byteCount + $0.open.count } }
    var count: Int { pages.withLock { $0.openFirstOrdinal + $0.openOffsets.count } }

    /// Closes the open page and waits until every page is compressed: the whole payload column, ready to write. Called once
    /// by the seal, when nobody appends any more; reads go on.
    func finish() throws -> [EncodedPage] {
        let (last, failed) = pages.withLock { pages -> (Page?, [Page]) in
            let failed = pages.failure == nil ? [] : pages.full
            pages.failure = nil
            return (pages.openOffsets.isEmpty ? nil : Self.close(&pages), failed)
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
            let view = try raw(containing: Int(ordinals[index]))
            try view.bytes.withUnsafeBytes { bytes in
                while index < ordinals.count, Int(ordinals[index]) < view.firstOrdinal + view.offsets.count {
                    let start = Int(view.offsets[Int(ordinals[index]) - view.firstOrdinal])
                    let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self)))
                    try body(index, UnsafeRawBufferPointer(rebasing: bytes[start + 4..<start + 4 + length]))
                    index += 1
                }
            }
        }
    }

    private func raw(containing ordinal: Int) throws -> (firstOrdinal: Int, bytes: [UInt8], offsets: [UInt32]) {
        enum Found { case open(Int, [UInt8], [UInt32]), page(Page) }
        let found: Found = pages.withLock { pages in
            if ordinal >= pages.openFirstOrdinal { return .open(pages.openFirstOrdinal, pages.open, pages.openOffsets) }
            var low = 0, high = pages.full.count - 1
            while low < high {
                let middle = (low + high + 1) / 2
                if pages.full[middle].firstOrdinal <= ordinal { low = middle } else { high = middle - 1 }
            }
            return .page(pages.full[low])
        }
        switch found {
        case .open(let first, let bytes, let offsets): return (first, bytes, offsets)
        case .page(let page):
            switch page.state.withLock({ $0 }) {
            case .raw(let bytes, let offsets): return (page.firstOrdinal, bytes, offsets)
            case .compressed(let encoded):
                let bytes = try PayloadPage.decompress(encoded)
                return (page.firstOrdinal, bytes, PayloadPage.offsets(in: bytes, count: encoded.valueCount))
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

    /// Where each of `count` texts starts (at its length). Stops early if the page ends early.
    static func offsets(in bytes: [UInt8], count: Int) -> [UInt32] {
        var offsets: [UInt32] = []
        offsets.reserveCapacity(count)
        var offset = 0
        bytes.withUnsafeBytes { raw in
            while offsets.count < count, raw.count - offset >= 4 {
                let length = Int(UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
                guard length <= raw.count - offset - 4 else { break }
                offsets.append(UInt32(offset))
                offset += 4 + length
            }
        }
        return offsets
    }
}

/// Compresses payload pages on a thread of its own, one compressor reused, so that neither an event loop nor the
/// append path ever pays for it.
final class CompressionQueue: Sendable {
    private let queue = DispatchQueue(label: "spandrel.payload-compression")
    /// Used on `queue` only, one job at a time; that is the proof.
    private nonisolated(unsafe) let compressor: ZstdCompressor

    init() throws { compressor = try ZstdCompressor() }

    func run(_ job: @escaping @Sendable (ZstdCompressor) -> Void) { queue.async { job(self.compressor) } }

    /// Returns when every job given so far is done.
    func drain() { queue.sync {} }
}
