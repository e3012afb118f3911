import Glibc

/// What went wrong with a file: the operation, the path, the system's error number, and what the reader can do about it.
package struct FileSystemError: Error, Equatable, Sendable, CustomStringConvertible {
    package let code: Code
    /// A verb phrase that completes "cannot ...": "open", "write to", "rename".
    package let operation: String
    package let path: String
    /// The system's error number; 0 when the system reported none.
    package let errno: Int32
    /// Said in addition, for errors that the number alone does not explain.
    package let detail: String

    package enum Code: Equatable, Sendable {
        case notFound
        case exists
        /// The disk or the quota is full. Later attempts may succeed.
        case noSpace
        /// The device failed. What was written since the last `synchronizeData` may or may not be there.
        case io
        case permission
        /// Another process holds the lock.
        case locked
        case other
    }

    package init(_ code: Code, operation: String, path: String, errno: Int32, detail: String = "") {
        self.code = code
        self.operation = operation
        self.path = path
        self.errno = errno
        self.detail = detail
    }

    package init(operation: String, path: String, errno: Int32, detail: String = "") {
        self.init(Code(errno: errno), operation: operation, path: path, errno: errno, detail: detail)
    }

    package var description: String {
        var text = "cannot \(operation) \(path)"
        if !detail.isEmpty { text += ": \(detail)" }
        if errno != 0 { text += ": \(String(cString: strerror(errno))) (errno \(errno))" }
        if let advice = code.advice { text += "; \(advice)" }
        return text
    }
}

extension FileSystemError.Code {
    package init(errno number: Int32) {
        switch number {
        case ENOENT, ENOTDIR: self = .notFound
        case EEXIST, ENOTEMPTY: self = .exists
        case ENOSPC, EDQUOT, EFBIG: self = .noSpace
        case EIO, ENXIO, ENODEV: self = .io
        case EACCES, EPERM, EROFS: self = .permission
        case EWOULDBLOCK: self = .locked
        default: self = .other
        }
    }

    var advice: String? {
        switch self {
        case .notFound: "check that the path is right and was not removed while in use"
        case .exists: "choose another path or move away what is there"
        case .noSpace: "free disk space or raise the quota, then try again"
        case .io: "the device reported a failure: check its health and the kernel log"
        case .permission: "check the owner and the mode of the file, and that the file system is not mounted read-only"
        case .locked: "stop the other process or choose another data directory"
        case .other: nil
        }
    }
}
