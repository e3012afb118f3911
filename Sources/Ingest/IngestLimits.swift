/// What ingest takes on, and why.
package struct IngestLimits: Sendable {
    /// OTLP's recommended limit of a request, which holds for the body as sent and again for what it decompresses to.
    package var maximumBodyByteCount = 64 << 20

    /// Memory that requests in flight may hold together, counted as `bytesInFlightPerBodyByte` times their bodies. Over it new
    /// ones are told to come back: exporters keep what they were refused for a moment, a killed process keeps nothing.
    package var maximumByteCountInFlight: Int

    /// A body, what it decompresses to and its columns are alive at the same time.
    package static let bytesInFlightPerBodyByte = 3

    /// Memory of bodies that are done with, kept for the next ones: those of four senders with 16 MiB each. Given back where ten
    /// seconds pass without use for it.
    package static let maximumKeptBodyByteCount = 64 << 20

    /// Scopes of one request above refused spans whose resources and names are kept with them, to be replayed with: a request has a few,
    /// and one of a megabyte can have a hundred thousand. Spans of further ones are kept without.
    package static let maximumRefusedScopeCount = 1_024

    /// Receipts that one answer's header names, of requests whose resources go to more projects: 32 have 2,110 bytes. A proxy takes 4 or 8 KiB
    /// of headers, and answers 502 to more, which an exporter would repeat for ever.
    package static let maximumReceiptCount = 32

    /// What is stored of the spans that one batch of Langfuse's events changes: it is read whole and written anew, in one entry of the log.
    package static let maximumChangedByteCount = 32 << 20

    /// Deflate reaches 1,032 and real telemetry 20 to 50; past this, beyond the first megabytes, a body is a bomb.
    package var maximumCompressionRatio = 1000
    package var uncheckedDecompressedByteCount = 4 << 20

    /// A zstd frame may ask for a window of this many bytes (a power of two): no more than a whole body.
    package static let maximumZstdWindowLog: Int32 = 26

    /// Seconds a refused sender is told to wait: sealing and fsync catch up within one.
    package var retryAfterSeconds = 1

    package init(maximumByteCountInFlight: Int = 512 << 20) { self.maximumByteCountInFlight = maximumByteCountInFlight }
}
