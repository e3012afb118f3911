/// How a gRPC call ended, as the trailers of its answer say it.
///
/// A delay stands there twice, since clients look at one of two places: within the `google.rpc.Status` of `grpc-status-details-bin`, as the
/// specification of OTLP has it, and as a trailer of its own, `google.rpc.retryinfo-bin`, the only one Python's exporter reads.

import ByteCoding
import HTTPTypes
import OTLP

struct GRPCStatus {
    let code: ExportTraceResponseEncoder.StatusCode
    let message: String
    var retryAfterSeconds: Int?
    let detail: ExportTraceResponseEncoder.StatusDetail?

    /// Clients refuse trailers of more than 8 KiB in all; the message is in there up to three times, once with up to three bytes for each of
    /// its own.
    static let maximumMessageByteCount = 1024

    init(_ refusal: ExportRefusal) {
        code = refusal.code
        message = Self.shortened(refusal.message)
        retryAfterSeconds = refusal.retryAfterSeconds
        detail = refusal.shortened(to: message).detail
    }

    static let success: HTTPFields = [.grpcStatus: "0"]

    var trailers: HTTPFields {
        let encoder = ExportTraceResponseEncoder(format: .protobuf), delay = retryAfterSeconds.map { $0 * 1000 }
        var fields: HTTPFields = [.grpcStatus: String(code.rawValue), .grpcMessage: Self.percentEncoded(message)]
        fields[.grpcStatusDetails] = Base64.unpaddedText(
            encoder.status(code, message: message, detail: detail))
        if let delay { fields[.retryInfo] = Base64.unpaddedText(encoder.retryInfo(delayMilliseconds: delay)) }
        return fields
    }

    /// Printable ASCII but the percent sign stays as it is.
    static func percentEncoded(_ message: String) -> String {
        var text: [UInt8] = []
        for byte in message.utf8 {
            if (0x20...0x7e).contains(byte), byte != UInt8(ascii: "%") {
                text.append(byte)
            } else {
                text += [UInt8(ascii: "%"), hexadecimalDigits[Int(byte >> 4)], hexadecimalDigits[Int(byte & 0x0f)]]
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static let hexadecimalDigits = Array("0123456789ABCDEF".utf8)

    private static func shortened(_ message: String) -> String {
        var text = message
        while text.utf8.count > maximumMessageByteCount { text.unicodeScalars.removeLast() }
        return text
    }
}

extension HTTPField.Name {
    // Valid tokens, so not nil.
    static let grpcStatus = HTTPField.Name("grpc-status")!
    static let grpcMessage = HTTPField.Name("grpc-message")!
    static let grpcStatusDetails = HTTPField.Name("grpc-status-details-bin")!
    static let retryInfo = HTTPField.Name("google.rpc.retryinfo-bin")!
    static let grpcEncoding = HTTPField.Name("grpc-encoding")!
    static let grpcAcceptEncoding = HTTPField.Name("grpc-accept-encoding")!
    static let grpcTimeout = HTTPField.Name("grpc-timeout")!
}
