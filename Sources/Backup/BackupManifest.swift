/// `backup.json`: what a backup consists of. Written last, and durably: a folder without it is no backup.
///
/// One JSON object on one line. Its last member, `sha256`, is the checksum of everything before the comma in front of it, so that a flipped
/// bit in the list itself is noticed as well.

package struct BackupManifest: Sendable, Equatable {
    package static let fileName = "backup.json"
    /// Of the newest form that this program writes and reads.
    package static let formatVersion = 1

    package struct File: Sendable, Equatable {
        /// Relative to the backup's folder.
        package var path: String
        package var byteCount: Int
        /// Hexadecimal.
        package var sha256: String
    }

    /// A step of the schema, as the database has it.
    package struct Migration: Sendable, Equatable {
        package var number: Int
        package var name: String
        package var checksum: String
    }

    package struct Table: Sendable, Equatable {
        package var name: String
        package var columns: [String]
        package var rowCount: Int
        package var path: String
    }

    package struct Sequence: Sendable, Equatable {
        package var name: String
        package var lastValue: Int64
        package var isCalled: Bool
    }

    package struct Database: Sendable, Equatable {
        package var serverVersion: String
        /// When its snapshot was taken: before the store's.
        package var takenAt: String
        package var migrations: [Migration]
        package var tables: [Table]
        package var sequences: [Sequence]
    }

    package struct Store: Sendable, Equatable {
        /// Tells one data directory's segments from another's; hexadecimal.
        package var nodeID: String
        package var takenAt: String
        /// Entries of the log up to this one are in the segments.
        package var highestLSN: UInt64
        package var segmentCount: Int
        package var rowCount: Int
    }

    package var programVersion: String
    package var startedAt: String
    package var finishedAt: String
    package var store: Store
    package var database: Database
    /// Whether `master.key` and `credentials.json` are among the files.
    package var hasSecrets: Bool
    package var files: [File]

    package var byteCount: Int { files.reduce(0) { $0 + $1.byteCount } }

    package func file(_ path: String) -> File? { files.first { $0.path == path } }
}
