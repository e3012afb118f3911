/// How long a gRPC client still waits, by the header `grpc-timeout`: up to eight digits and a unit. What nobody waits for any more is not
/// begun; what has been begun is finished, since a span that is on disk is on disk.

import HTTPTypes
import OTLP

struct GRPCDeadline: Sendable {
    /// Nil: the client waits for ever.
    private let end: ContinuousClock.Instant?

    /// - Parameter header: the value of `grpc-timeout`.
    init(header: String?, now: ContinuousClock.Instant) throws(ExportRefusal) {
        guard let header else {
            end = nil
            return
        }
        let digits = header.utf8.dropLast()
        guard (1...8).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let unit = header.utf8.last.flatMap(Self.duration), let count = Int(header.dropLast())
        else {
            throw ExportRefusal(
                status: .badRequest, code: .invalidArgument, reason: "malformed_grpc",
                message: "grpc-timeout is no time: \(header.prefix(32))")
        }
        end = now + unit * count
    }

    func check(now: ContinuousClock.Instant) throws(ExportRefusal) {
        guard let end, now >= end else { return }
        throw ExportRefusal(
            status: .requestTimeout, code: .deadlineExceeded, reason: "deadline",
            message: "the call's deadline had passed when its message was there; nothing of it is stored")
    }

    private static func duration(ofUnit unit: UInt8) -> Duration? {
        switch unit {
        case UInt8(ascii: "H"): .seconds(3600)
        case UInt8(ascii: "M"): .seconds(60)
        case UInt8(ascii: "S"): .seconds(1)
        case UInt8(ascii: "m"): .milliseconds(1)
        case UInt8(ascii: "u"): .microseconds(1)
        case UInt8(ascii: "n"): .nanoseconds(1)
        default: nil
        }
    }
}
