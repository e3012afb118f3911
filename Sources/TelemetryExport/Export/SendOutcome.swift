/// What became of one export request, and what OTLP says follows from it.

import CurlClient
import OTLP

enum SendOutcome: Equatable {
    /// Taken; some of it may have been rejected for good.
    case taken(rejectedCount: Int)
    /// May be sent again, not before the time the collector asks for.
    case later(Duration?, reason: String)
    /// Will never be taken.
    case refused(reason: String)

    /// 429, 502, 503 and 504 may be tried again; every other answer but a 2xx is final.
    ///
    /// - Parameter origin: who answered, for the reason.
    init(status: Int, retryAfter: String?, body: [UInt8], from origin: String) {
        switch status {
        case 200..<300:
            self = .taken(rejectedCount: (try? ExportResponseDecoder.rejectedCount(body)) ?? 0)
        case 429, 502, 503, 504:
            let seconds = retryAfter.flatMap { Int($0) }
            self = .later(
                seconds.map { min(.seconds(max(0, $0)), TelemetryLimits.longestRetryAfter) },
                reason: "\(origin) answered \(status)")
        default: self = .refused(reason: "\(origin) answered \(status)")
        }
    }

    /// Without a connection, or with one that broke, the request may be tried again; so may one that the shutdown cut short, if there were
    /// time.
    init(_ error: CurlError) {
        self = error.isTransient || error.code == .cancelled ? .later(nil, reason: error.message) : .refused(reason: error.message)
    }
}
