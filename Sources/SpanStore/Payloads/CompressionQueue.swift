import Parquet

/// Compresses payload pages on a thread of its own, one compressor reused, so that neither an event loop nor the
/// append path ever pays for it.
final class CompressionQueue: Sendable {
    private let queue = BackgroundThread()
    /// Used on `queue` only, one job at a time; that is the proof.
    private nonisolated(unsafe) let compressor: ZstdCompressor
    let cpu: BackgroundCPU

    /// What all writers of payloads share besides: memory for pages, and what new texts are compared with.
    let pool = PayloadPagePool()
    let recentPages: RecentPayloadPages

    /// - Parameter recentByteCount: raw bytes of filled pages to keep.
    init(recentByteCount: Int, cpu: BackgroundCPU = BackgroundCPU()) throws {
        self.cpu = cpu
        compressor = try ZstdCompressor()
        recentPages = RecentPayloadPages(budgetByteCount: recentByteCount)
    }

    func run(_ job: @escaping @Sendable (ZstdCompressor) -> Void) {
        queue.async { self.cpu.measure(.compression) { job(self.compressor) } }
    }

    /// Returns when every job given so far is done.
    func drain() { queue.drain() }
}
