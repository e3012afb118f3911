/// The one error of this room: what happened, and what to do about it.

package struct BackupError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: Equatable, Sendable {
        /// A file of the backup is not what was written there.
        case damaged
        /// Written by a newer program.
        case newer
        /// There is no backup, or no server's data directory, where one was named.
        case notFound
        /// The place to restore to holds something already.
        case occupied
        /// Another backup or restore is under way.
        case busy
        /// Server, data directory and database do not belong together.
        case mismatch
    }

    package var code: Code
    package var description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
