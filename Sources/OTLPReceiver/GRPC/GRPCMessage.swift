/// A message of gRPC as the body of an HTTP/2 request or answer carries it ("gRPC over HTTP2", Length-Prefixed-Message):
///
///     offset  bytes   field
///     0       1       compressed: 0, or 1 for the encoding that the header `grpc-encoding` names
///     1       4       length of what follows, big-endian
///     5       length  the message

import HTTPServer
import HTTPTypes
import Ingest
import OTLP

enum GRPCMessage {
    static let prefixByteCount = 5
    /// What this server reads, for `grpc-accept-encoding`.
    static let acceptedEncodings = "identity,gzip,deflate,zstd"

    static let prefix = RequestBodyPrefix(byteCount: prefixByteCount, contentByteCount: messageByteCount)

    /// How the one message of a unary call is compressed.
    ///
    /// - Parameters:
    ///   - messageByteCount: of all that came behind the prefix.
    ///   - encoding: of `grpc-encoding`.
    static func check(
        _ prefix: [UInt8], messageByteCount byteCount: Int, encoding: ContentEncoding
    ) throws(ExportRefusal) -> ContentEncoding {
        guard let length = messageByteCount(prefix) else { throw malformed("the call has no message") }
        guard byteCount == length else {
            throw malformed("the call has \(byteCount) bytes for a message of \(length): it takes exactly one")
        }
        guard prefix[0] <= 1 else { throw malformed("the message's flag is neither 0 nor 1") }
        guard prefix[0] == 0 || encoding != .identity else {
            // The code the specification of compression asks for.
            throw ExportRefusal(
                status: .badRequest, code: .internal, reason: malformedReason,
                message: "the message is said to be compressed, but grpc-encoding names no encoding")
        }
        return prefix[0] == 1 ? encoding : .identity
    }

    /// Nil for a body that ended within its prefix.
    @Sendable private static func messageByteCount(_ prefix: [UInt8]) -> Int? {
        guard prefix.count == prefixByteCount else { return nil }
        return prefix[1...].reduce(0) { $0 << 8 | Int($1) }
    }

    static func wrap(_ message: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = [0]
        bytes.reserveCapacity(prefixByteCount + message.count)
        withUnsafeBytes(of: UInt32(message.count).bigEndian) { bytes.append(contentsOf: $0) }
        return bytes + message
    }

    private static let malformedReason = "malformed_grpc"

    private static func malformed(_ message: String) -> ExportRefusal {
        ExportRefusal(status: .badRequest, code: .invalidArgument, reason: malformedReason, message: message)
    }
}

extension ContentEncoding {
    /// - Parameter encoding: the value of `grpc-encoding`.
    init(grpcEncoding encoding: String?) throws(ExportRefusal) {
        do {
            self = try ContentEncoding(header: encoding)
        } catch {
            throw ExportRefusal(
                status: .unsupportedMediaType, code: .unimplemented, reason: error.code.rawValue,
                message: "this server reads grpc-encoding \(GRPCMessage.acceptedEncodings)")
        }
    }
}
