import FileSystem

/// What the store answers when it cannot do what was asked: what happened, what to do, and what caused it.
package struct StoreError: Error, Sendable, CustomStringConvertible {
    package let code: Code
    /// What happened and what to do about it, for a person.
    package let message: String
    package let cause: (any Error)?

    package enum Code: String, Sendable, CaseIterable {
        /// Too much is waiting already. The same request may succeed in a moment.
        case busy
        /// The disk, or the space set aside for the log, is used up. Succeeds again once space is freed.
        case full
        /// The disk failed while this was written: it is not stored, and the file is given up. A new file is tried next.
        case poisoned
        /// The store is closing or closed.
        case closed
        /// Bytes on disk are not what was written there.
        case corrupt
        /// The disk refused or failed.
        case io
        /// Written by a newer version of this program.
        case newerFormat = "newer_format"
        /// Another process has the data directory.
        case locked
        /// Larger than the store takes, now or ever.
        case limit
        /// Asked for something that does not fit the store's state: a mistake of the caller.
        case invalid
    }

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// An error of the file system, told as the store's: a full disk is `.full`, a held lock `.locked`, the rest `.io`.
    package init(_ error: FileSystemError, while activity: String) {
        let code: Code =
            switch error.code {
            case .noSpace: .full
            case .locked: .locked
            default: .io
            }
        self.init(code, "\(activity) failed: \(error)", cause: error)
    }

    package var description: String { "\(code.rawValue): \(message)" }
}
