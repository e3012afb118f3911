/// Where the log goes on after a recovery.
package struct WALPosition: Sendable, Equatable {
    package var nextLSN: UInt64 = 1
    /// The highest LSN that is on disk and is to be replayed from the last file.
    package var durableLSN: UInt64 = 0
    package var nextFileNumber: UInt64 = 1
    /// The last file that was begun; 0 for none.
    package var previousFileNumber: UInt64 = 0
    /// Where its last group ends; 0 where that is not known.
    package var previousEndByteOffset = 0
    package var lastReceivedUnixNano: UInt64 = 0

    package init() {}
}
