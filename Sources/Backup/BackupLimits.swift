/// Every limit of this room, with its reason.

enum BackupLimits {
    /// Bytes of a backup's list of files: some 250 a file, so a store of a million segments.
    static let maximumManifestByteCount = 512 << 20
    /// Bytes at the end of a segment's file that are held against those of an earlier backup's before that one's file takes its place: the
    /// footer is there, with the bounds of every column, the offsets of every page and the numbers of the entries.
    static let comparedByteCount = 64 << 10
    /// Bytes of a table that are written at a time.
    static let copyPieceByteCount = 1 << 20
    /// Bytes of `credentials.json` and `master.key`.
    static let maximumSecretByteCount = 1 << 20
}
