/// A message of gRPC as the body of an HTTP/2 request or answer carries it ("gRPC over HTTP2", Length-Prefixed-Message):
///
///     offset  bytes   field
///     0       1       compressed: 0, or 1 for the encoding that the header `grpc-encoding` names
///     1       4       length of what follows, big-endian
///     5       length  the message

import HTTPTypes
import Ingest
import OTLP

enum GRPCMessage {
    static let prefixByteCount = 5
    /// What this server reads, for `grpc-accept-encoding`.
    static let acceptedEncodings = "identity,gzip,deflate,zstd"

    /// The one message of a unary call, still compressed, and how it is.
    ///
    /// - Parameter encoding: of `grpc-encoding`.
    static func unwrap(
        _ body: consuming [UInt8], encoding: ContentEncoding
    ) throws(ExportRefusal) -> (message: [UInt8], encoding: ContentEncoding) {
        guard body.count >= prefixByteCount else { throw malformed("the call has no message") }
        let length = body[1..<prefixByteCount].reduce(0) { $0 << 8 | Int($1) }
        guard body.count == prefixByteCount + length else {
            throw malformed("the call has \(body.count - prefixByteCount) bytes for a message of \(length): it takes exactly one")
        }
        guard body[0] <= 1 else { throw malformed("the message's flag is neither 0 nor 1") }
        guard body[0] == 0 || encoding != .identity else {
            // The code the specification of compression asks for.
            throw ExportRefusal(
                status: .badRequest, code: .internal, reason: malformedReason,
                message: "the message is said to be compressed, but grpc-encoding names no encoding")
        }
        let isCompressed = body[0] == 1
        body.removeFirst(prefixByteCount)
        return (body, isCompressed ? encoding : .identity)
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
