/// What the log has done since it was opened, for the metrics.
package struct WALStatistics: Sendable, Equatable {
    package var groupCount = 0
    package var entryCount = 0
    /// Headers and padding included.
    package var writtenByteCount = 0
    package var failedGroupCount = 0
    /// Files given up after a failed write or fdatasync.
    package var abandonedFileCount = 0
    package var createdFileCount = 0
    package var recycledFileCount = 0
    /// Entries that stand in a newer file, too, so that an old one could be let go.
    package var copiedEntryCount = 0
    package var copiedByteCount = 0
    /// Overwritten with zeros after a deletion.
    package var scrubbedFileCount = 0
    /// The number of the first file that is still to be overwritten after a deletion; nil where none is.
    package var firstUnscrubbedFile: UInt64?
    /// Submissions refused because too much was waiting.
    package var busyCount = 0
    package var synchronizeDurations = DurationHistogram()
    package var queuedByteCount = 0
    /// Bytes in files that hold entries not sealed yet, the current file included.
    package var bytesInUse = 0
    /// Of these, those of the current file where it is the only one and all it holds is sealed.
    package var sealedCurrentByteCount = 0
    /// Bytes of all files, those waiting to be recycled included.
    package var totalByteCount = 0
    package var heldFileCount = 0
    package var spareFileCount = 0

    package init() {}
}
