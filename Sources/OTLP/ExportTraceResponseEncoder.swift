import ByteCoding

/// The bodies of OTLP/HTTP answers, in the encoding of the request: export responses and, for every 4xx and 5xx,
/// `google.rpc.Status`.
///
///     ExportTraceServiceResponse   1 partial_success { 1 rejected_spans  2 error_message }
///     Status                       1 code  2 message  3* details (Any { 1 type_url  2 value })
///     BadRequest                   1* field_violations { 1 field  2 description }
///     RetryInfo                    1 retry_delay { 1 seconds  2 nanos }
///
/// No body exceeds 4 MiB, the cap OTLP sets: messages are shortened to fit.
package struct ExportTraceResponseEncoder: Sendable {
    package enum Format: Sendable { case protobuf, json }

    /// The same messages answer other signals; only JSON's name for the count differs.
    package enum Signal: Sendable { case traces, logs, metrics }

    /// Codes of `google.rpc.Code`.
    package enum StatusCode: Int32, Sendable {
        case invalidArgument = 3
        case deadlineExceeded = 4
        case notFound = 5
        case permissionDenied = 7
        case resourceExhausted = 8
        case unimplemented = 12
        case `internal` = 13
        case unavailable = 14
        case unauthenticated = 16
    }

    /// What a status says beyond its message. JSON has no form for it in OTLP, so only protobuf carries it.
    package enum StatusDetail: Sendable {
        case badRequest(field: String, description: String)
        case retryInfo(delayMilliseconds: Int)
    }

    package let format: Format
    package let signal: Signal

    package init(format: Format, signal: Signal = .traces) {
        self.format = format
        self.signal = signal
    }

    /// Shared with requests' `error_message`: well below 4 MiB even when JSON writes each byte as `\u00xx`.
    static let maximumMessageByteCount = 512 << 10

    /// Everything was stored: `partial_success` stays unset.
    package func success() -> [UInt8] { format == .json ? Array("{}".utf8) : [] }

    /// Some spans were not stored; or, with a count of zero, all were and `message` is a warning.
    package func partialSuccess(rejected: Int, message: String) -> [UInt8] {
        let message = Self.shortened(message)
        switch format {
        case .protobuf:
            var writer = ProtobufWriter()
            writer.message(1) { writer in
                writer.varint(1, UInt64(max(0, rejected)))
                writer.string(2, message)
            }
            return writer.bytes
        case .json:
            var writer = JSONWriter()
            writer.beginObject()
            writer.key("partialSuccess")
            writer.beginObject()
            if rejected > 0 {
                writer.key(rejectedCountName)
                writer.quotedInteger(Int64(rejected))
            }
            if !message.isEmpty { writer.member("errorMessage", message) }
            writer.endObject()
            writer.endObject()
            return writer.bytes
        }
    }

    /// A `google.rpc.Status`.
    package func status(_ code: StatusCode, message: String, detail: StatusDetail? = nil) -> [UInt8] {
        let message = Self.shortened(message)
        switch format {
        case .protobuf:
            var writer = ProtobufWriter()
            writer.varint(1, UInt64(code.rawValue))
            writer.string(2, message)
            if let detail { writer.message(3) { Self.any(detail, to: &$0) } }
            return writer.bytes
        case .json:
            var writer = JSONWriter()
            writer.beginObject()
            writer.member("code", Int(code.rawValue))
            writer.member("message", message)
            writer.endObject()
            return writer.bytes
        }
    }

    /// A `google.rpc.RetryInfo` by itself, in protobuf.
    package func retryInfo(delayMilliseconds: Int) -> [UInt8] {
        var writer = ProtobufWriter()
        Self.retryInfo(delayMilliseconds, to: &writer)
        return writer.bytes
    }

    private var rejectedCountName: String {
        switch signal {
        case .traces: "rejectedSpans"
        case .logs: "rejectedLogRecords"
        case .metrics: "rejectedDataPoints"
        }
    }

    private static func any(_ detail: StatusDetail, to writer: inout ProtobufWriter) {
        switch detail {
        case .badRequest(let field, let description):
            writer.string(1, "type.googleapis.com/google.rpc.BadRequest")
            writer.message(2) { writer in
                writer.message(1) { writer in
                    writer.string(1, shortened(field))
                    writer.string(2, shortened(description))
                }
            }
        case .retryInfo(let delayMilliseconds):
            writer.string(1, "type.googleapis.com/google.rpc.RetryInfo")
            writer.message(2) { retryInfo(delayMilliseconds, to: &$0) }
        }
    }

    private static func retryInfo(_ delayMilliseconds: Int, to writer: inout ProtobufWriter) {
        let delay = UInt64(max(0, delayMilliseconds))
        writer.message(1) { writer in
            writer.varint(1, delay / 1000)
            writer.varint(2, delay % 1000 * 1_000_000)
        }
    }

    /// The longest prefix of whole characters within the limit.
    private static func shortened(_ message: String) -> String {
        guard message.utf8.count > maximumMessageByteCount else { return message }
        var end = message.utf8.index(message.startIndex, offsetBy: maximumMessageByteCount)
        while end.samePosition(in: message.unicodeScalars) == nil { end = message.utf8.index(before: end) }
        return String(message[..<end])
    }
}
