/// What the quarantine of refused spans keeps, and why no more.
package struct QuarantineLimits: Sendable {
    /// Bytes per project. One noisy sender must not fill the disk.
    package var maximumByteCount = 16 << 20

    /// Spans per project. More than anyone reads, and the most that one replay has to try.
    package var maximumSpanCount = 10_000

    /// How old a kept span gets. Whoever mends an exporter does so within weeks; data that nobody asked to keep must not stay for ever.
    package var maximumAgeDays = 30

    /// How often age is looked at: a file may have to be written anew, so spans of an hour go together.
    package var expiryIntervalSeconds = 3_600

    /// Bytes waiting to be written, all projects together.
    package var maximumQueuedByteCount = 32 << 20

    /// Bytes of a span: enough to see what is wrong with it; a sender whose spans are larger would crowd out all others. What is longer is
    /// cut, and a cut span cannot be replayed.
    package static let maximumSourceByteCount = 1 << 20

    /// Bytes of what stands above a span (resource, scope, schema URLs): SDKs write one or two KiB. Of a longer one nothing is kept, and
    /// its spans cannot be replayed.
    package static let maximumOwnerByteCount = 64 << 10

    /// Bytes of what an exporter calls itself. SDKs stay below 80.
    package static let maximumExporterByteCount = 200

    /// Exporters that are counted apart in one file, by reason; what further ones sent is counted under no name.
    package static let maximumCountedExporterCount = 32

    package init() {}
}
