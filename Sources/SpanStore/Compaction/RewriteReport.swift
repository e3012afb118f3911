/// What a rewrite did.
package struct RewriteReport: Equatable, Sendable {
    package var segmentCount = 0
    /// Of the new segment; nil where no row was left.
    package var sequence: UInt64?
    /// Masked ones included.
    package var rowsRead = 0
    package var rowsWritten = 0
    /// Of the old pairs and of the new one.
    package var bytesRead = 0
    package var bytesWritten = 0
    package var copiedRowGroupCount = 0
    package var mergedRowGroupCount = 0
    /// Pages of payloads that were copied as they were compressed, and those that were compressed again without what went.
    package var copiedPayloadPageCount = 0
    package var filteredPayloadPageCount = 0
    /// Pages of the new file that were compressed for long keeping.
    package var coldPayloadPageCount = 0
}
