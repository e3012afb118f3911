import Parquet
import Synchronization

/// The payloads of a memtable: parts of long texts, gathered into pages of about 2 MiB which are compressed as they fill, so that sealing
/// only has to write them. A part is known by its ordinal; the pages are the payload file's data pages.
///
/// `PayloadWriter` fills the open page and says how far readers may look; a full page is handed over here, waits raw for the compression
/// queue and is compressed. The state is behind one lock that is held for a few words, never to copy or compress.
final class MemtablePayloads: Sendable {
    /// PLAIN byte arrays, as Parquet wants them: length (4 bytes, little-endian), text; again.
    private final class Page: Sendable {
        let firstOrdinal: Int
        let state: Mutex<State>

        enum State: Sendable {
            case raw(RawBytes)
            case compressed(EncodedPage)
        }

        init(firstOrdinal: Int, raw: RawBytes) {
            self.firstOrdinal = firstOrdinal
            state = Mutex(.raw(raw))
        }
    }

    /// The first bytes of a page that hold `count` parts.
    struct RawBytes: Sendable {
        var memory: PayloadPageMemory
        var byteCount: Int
        var count: Int
    }

    private struct Pages {
        var full: [Page] = []
        var openFirstOrdinal = 0
        var open: RawBytes?
        /// Of full pages: raw, or as compressed.
        var byteCount = 0
        var failure: (any Error)?
    }

    private let pages = Mutex(Pages())
    let compression: CompressionQueue

    init(compression: CompressionQueue) { self.compression = compression }

    // MARK: Writing

    /// Lets readers see the open page as far as it is filled. Writer only.
    func publish(open: RawBytes) { pages.withLock { $0.open = open } }

    /// Takes over the open page, which is full. Writer only.
    func close(_ open: RawBytes) {
        let filled = pages.withLock { pages in
            pages.open = open
            return Self.close(&pages)
        }
        if let filled { compress(filled) }
    }

    private static func close(_ pages: inout Pages) -> Page? {
        guard let open = pages.open, open.count > 0 else { return nil }
        let page = Page(firstOrdinal: pages.openFirstOrdinal, raw: open)
        pages.full.append(page)
        pages.openFirstOrdinal += open.count
        pages.byteCount += open.byteCount
        pages.open = nil
        return page
    }

    private func compress(_ page: Page) {
        compression.run { [self] compressor in
            guard case .raw(let raw) = page.state.withLock({ $0 }) else { return }
            let encoded = Result {
                try EncodedPage.plainByteArray(
                    uncompressed: raw.memory.bytes(raw.byteCount), valueCount: raw.count, compressor: compressor,
                    parameters: StoreLimits.payloadCompression)
            }
            switch encoded {
            case .success(let encoded):
                page.state.withLock { $0 = .compressed(encoded) }
                let saved = raw.byteCount - encoded.compressed.count
                pages.withLock { $0.byteCount -= saved }
            case .failure(let error):
                // Out of memory for a context: the page stays readable, `finish` reports it and the seal is tried again.
                pages.withLock { $0.failure = error }
            }
        }
    }

    /// Memory held.
    var byteCount: Int { pages.withLock { $0.byteCount + ($0.open?.byteCount ?? 0) } }

    /// Closes the open page and waits until every page is compressed: the whole payload column, ready to write. Called once
    /// by the seal, when nobody appends any more; reads go on.
    func finish() throws -> [EncodedPage] {
        let (last, failed) = pages.withLock { pages -> (Page?, [Page]) in
            let failed = pages.failure == nil ? [] : pages.full
            pages.failure = nil
            return (Self.close(&pages), failed)
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

    // MARK: Reading

    /// Calls `body` with the parts of `ordinals` (ascending), decompressing each page once.
    func forEach(_ ordinals: [Int64], _ body: (Int, UnsafeRawBufferPointer) throws -> Void) throws {
        var index = 0
        while index < ordinals.count {
            try withPage(containing: Int(ordinals[index])) { firstOrdinal, parts in
                while index < ordinals.count, Int(ordinals[index]) < firstOrdinal + parts.count {
                    try body(index, parts[Int(ordinals[index]) - firstOrdinal])
                    index += 1
                }
            }
        }
    }

    private func withPage(containing ordinal: Int, _ body: (_ firstOrdinal: Int, PlainByteArrays) throws -> Void) throws {
        let (firstOrdinal, content) = pages.withLock { pages -> (Int, Page.State) in
            if let open = pages.open, ordinal >= pages.openFirstOrdinal { return (pages.openFirstOrdinal, .raw(open)) }
            var low = 0, high = pages.full.count - 1
            while low < high {
                let middle = (low + high + 1) / 2
                if pages.full[middle].firstOrdinal <= ordinal { low = middle } else { high = middle - 1 }
            }
            return (pages.full[low].firstOrdinal, pages.full[low].state.withLock { $0 })
        }
        switch content {
        case .raw(let raw):
            try withExtendedLifetime(raw.memory) {
                try body(firstOrdinal, PlainByteArrays(raw.memory.bytes(raw.byteCount), count: raw.count))
            }
        case .compressed(let encoded):
            try PayloadPage.decompress(encoded).withUnsafeBytes { try body(firstOrdinal, PlainByteArrays($0, count: encoded.valueCount)) }
        }
    }
}
