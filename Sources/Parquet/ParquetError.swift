/// The one error of this room: what happened, and what kind of answer it calls for.
///
/// `code` tells callers what to do: a corrupt file is set aside, an unsupported one needs another reader, an invalid input is a
/// mistake of the caller, a failed source may be tried again.
package struct ParquetError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The bytes are not valid Parquet, or a checksum does not match.
        case corrupt
        /// Valid Parquet of a kind this room does not read.
        case unsupported
        /// The file asks for more memory or depth than `ParquetLimits` allows.
        case limitExceeded
        /// The caller handed over values, levels or positions that do not fit the schema or the file.
        case invalidInput
        /// The source of the bytes failed; `cause` says why.
        case source
    }

    package let code: Code
    package let message: String
    package let cause: (any Error)?

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    package var description: String {
        guard let cause else { return "parquet (\(code.rawValue)): \(message)" }
        return "parquet (\(code.rawValue)): \(message): \(cause)"
    }

    static func corrupt(_ message: String) -> Self { Self(.corrupt, message) }
    static func unsupported(_ message: String) -> Self { Self(.unsupported, message) }
    static func limit(_ message: String) -> Self { Self(.limitExceeded, message) }
    static func invalid(_ message: String) -> Self { Self(.invalidInput, message) }
}
